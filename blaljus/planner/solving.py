"""Solves a problem in a process of its own, for the terminal and for the web server alike.

Whatever becomes of that process - it may crash, hang, eat memory or tell lies - the best plan that
the referee passed is kept.
"""

import asyncio
import sys
from asyncio import StreamWriter
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from blaljus.children import end_child, start_child
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.listening import Heard, Listener
from blaljus.planner.process.messages import Job

PROGRAM = (sys.executable, "-P", "-m", "blaljus.planner.process.solver")
"""`-P` keeps modules of the current folder out."""

LONGEST_LINE = 16 * 2**20
"""Bytes; a plan of 6,000 classes is one megabyte."""


LEAVING_SECONDS = 2.0
"""How long a process may take to end by itself after its last word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the solving process may use."""

    most_bytes: int = 4 * 2**30
    """Of addresses, where the system can limit them; what it holds at once is far less."""
    grace_seconds: float = 20
    """Time beyond `Job.seconds` to read the problem, build models and write plans."""
    nice: int = 0
    """More is politer to other processes, up to 19."""


class Ended(StrEnum):
    """Why a run ended. Values are stable: runs are stored with them."""

    FINISHED = "finished"
    STOPPED = "stopped"
    HUNG = "hung"
    DIED = "died"
    NO_MEMORY = "no-memory"
    LIED = "lied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended, and the best plan that the referee passed; `None` when there is none."""

    best: Standing | None
    ended: Ended
    peak_bytes: int
    """The most memory that the process told of; 0: it told nothing."""
    trouble: str = ""
    """What went wrong, in English, for a log."""


async def solve(
    job: Job,
    heard: Heard,
    *,
    stop: asyncio.Event | None = None,
    limits: Limits | None = None,
    program: Sequence[str] = PROGRAM,
) -> Outcome:
    """Solve a job until it is proved, its time is up or `stop` is set.

    `heard` gets the best plan each time it or its proof gets better. `job.start` is judged like any
    other plan. The solver's troubles never raise; cancelling the task ends the process.
    """
    limits = limits or Limits()
    listener = Listener(job, heard)
    if not await listener.starts_with(job.start):
        job = replace(job, start=None, areas=())
    try:
        process = await _started(program, limits)
    except OSError as error:
        return Outcome(
            best=listener.best, ended=Ended.DIED, peak_bytes=0, trouble=str(error.strerror)
        )
    try:
        ended = await _follow(process, job, listener, stop, limits)
    finally:
        await end_child(process)
    return Outcome(
        best=listener.best,
        ended=ended,
        peak_bytes=listener.peak_bytes,
        trouble=_trouble(ended, process, listener),
    )


async def _started(program: Sequence[str], limits: Limits) -> Process:
    return await start_child(
        (*program, str(limits.most_bytes), str(limits.nice)),
        longest_line=LONGEST_LINE,
        more_env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )


async def _follow(
    process: Process, job: Job, listener: Listener, stop: asyncio.Event | None, limits: Limits
) -> Ended:
    """Hand over the job and judge what comes, until the process ends or must."""
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    assert stdin and stdout and stderr, "all three are pipes"  # noqa: S101, PT018 -- so it was begun
    helpers = [
        asyncio.create_task(_write(stdin, msgspec.json.encode(job) + b"\n")),
        asyncio.create_task(listener.read(stdout)),
        asyncio.create_task(listener.read_last_words(stderr)),
        asyncio.create_task((stop or asyncio.Event()).wait()),
    ]
    judging = asyncio.create_task(listener.judge())
    try:
        seconds = job.seconds + limits.grace_seconds
        await asyncio.wait(
            {judging, helpers[-1]}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        in_time, stopped = judging.done(), helpers[-1].done()
        if in_time and not listener.lie:
            await _leave(process)
        await end_child(process)
        await judging
    finally:
        for task in (*helpers, judging):
            task.cancel()
        await asyncio.gather(*helpers, judging, return_exceptions=True)
    return _ended(listener, in_time=in_time, stopped=stopped)


async def _write(stdin: StreamWriter, data: bytes) -> None:
    """Write the job; standard input stays open, because the process ends when it closes."""
    with suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(data)
        await stdin.drain()


async def _leave(process: Process) -> None:
    """Wait a little for a process that has nothing more to say: its status may tell why."""
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), LEAVING_SECONDS)


def _ended(listener: Listener, *, in_time: bool, stopped: bool) -> Ended:
    if listener.lie:
        return Ended.LIED
    if listener.done is not None:
        return Ended(listener.done.how)
    if in_time:
        return Ended.DIED
    return Ended.STOPPED if stopped else Ended.HUNG


def _trouble(ended: Ended, process: Process, listener: Listener) -> str:
    if ended is Ended.LIED:
        return f"it told {listener.lie}"
    if ended is Ended.DIED:
        words = listener.last_words.decode(errors="replace").strip().splitlines()
        return " ".join([f"it ended with status {process.returncode}", *words[-1:]])
    return ""
