"""Reads a stranger's calendar in a process of its own, which is ended when it takes too long."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from blaljus.children import end_child, start_child
from blaljus.domain.localtime import LOCAL
from blaljus.domain.own_calendars import CalendarTroubleError, Reading, Trouble
from blaljus.ics.own.child import Answer, Job
from blaljus.ics.own.gate import MOST_BYTES

PROGRAM = (sys.executable, "-P", "-m", "blaljus.ics.own.child")
"""`-P` keeps modules of the current folder out."""

LONGEST_ANSWER = 2**22
"""Bytes: 20,000 busy times take half of it."""

LEAVING_SECONDS = 2.0
"""How long the process may take to end after its answer."""

AT_ONCE = 2
"""Processes that read calendars at once, for each of ours: others wait their turn."""

_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """What the reading process may use."""

    most_bytes: int = 2**29
    """Of addresses; the largest calendar of the gate takes a fifth."""
    processor_seconds: int = 2
    """The largest calendar of the gate takes half a second."""
    patience_seconds: float = 20
    """By the clock, on a machine that has other things to do."""
    nice: int = 5


LIMITS = ReadLimits()


async def read_busy(
    data: bytes,
    window: tuple[date, date],
    *,
    our_domain: str,
    limits: ReadLimits = LIMITS,
    program: Sequence[str] = PROGRAM,
) -> Reading:
    """Return when a calendar's person is busy on the days `[first, last]`.

    Raises `CalendarTroubleError` for whatever is wrong with it, however it was made.
    """
    if len(data) > MOST_BYTES:
        raise CalendarTroubleError(Trouble.TOO_LARGE)
    first, last = window
    job = Job(
        first=datetime.combine(first, time(), LOCAL),
        last=datetime.combine(last + timedelta(days=1), time(), LOCAL),
        our_domain=our_domain,
        most_bytes=limits.most_bytes,
        processor_seconds=limits.processor_seconds,
        nice=limits.nice,
    )
    async with _turn():
        told = await _told(data, job, limits, program)
    return _read(told)


def _turn() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    for ended in [known for known in _turns if known.is_closed()]:
        del _turns[ended]
    return _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE))


async def _told(data: bytes, job: Job, limits: ReadLimits, program: Sequence[str]) -> bytes:
    """Hand a calendar over and return the answer; a process that had to be ended tells nothing."""
    process = await start_child(
        (*program, msgspec.json.encode(job).decode()), longest_line=LONGEST_ANSWER
    )
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    assert stdin and stdout and stderr, "all three are pipes"  # noqa: S101, PT018 -- so it was begun
    taking = asyncio.create_task(_all_of(stdout))
    # Nobody looks at what a parser complains of: it might quote the calendar.
    others = [asyncio.create_task(_all_of(stderr)), asyncio.create_task(_hand_over(stdin, data))]
    try:
        await asyncio.wait({taking}, timeout=limits.patience_seconds)
        in_time = taking.done() and await _left(process)
    finally:
        await end_child(process)
        for task in (taking, *others):
            task.cancel()
        await asyncio.gather(taking, *others, return_exceptions=True)
    return taking.result() if in_time else b""


async def _left(process: Process) -> bool:
    """Return whether a process that has said its last word ended well, by itself and soon."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(process.wait(), LEAVING_SECONDS) == 0
    return False


async def _all_of(stream: asyncio.StreamReader) -> bytes:
    """Return what a stream says to its end; of what is too long, the beginning."""
    told = bytearray()
    while part := await stream.read(2**16):
        told += part[: LONGEST_ANSWER - len(told)]
    return bytes(told)


async def _hand_over(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(data)
        await stdin.drain()
        stdin.close()


def _read(told: bytes) -> Reading:
    try:
        answer = msgspec.json.decode(told, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise CalendarTroubleError(Trouble.TOO_MUCH_WORK) from None
    if answer.trouble is not None:
        raise CalendarTroubleError(answer.trouble)
    return Reading(busy=answer.busy, skipped=answer.skipped, left_out=answer.left_out)
