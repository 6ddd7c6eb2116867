"""Processes of our own that may be stopped at any moment, and cannot take the machine with them.

For work that might hang or eat memory: the planner's search, and strangers' calendars.
"""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress


async def start_child(
    program: Sequence[str], *, longest_line: int, more_env: Mapping[str, str] | None = None
) -> Process:
    """Start a program with three pipes, out of reach of Ctrl-C and of our settings (secrets)."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BLALJUS_")}
    return await asyncio.create_subprocess_exec(
        *program,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        limit=longest_line,
        env={**ours, **(more_env or {})},
        start_new_session=True,
    )


async def end_child(process: Process) -> None:
    """End a process and what it began at once (SIGKILL): it has nothing to put in order.

    Somebody must read its pipes meanwhile, or it is not seen to end.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def limit_myself(*, most_bytes: int, nice: int, processor_seconds: int | None = None) -> None:
    """Bound this process: addresses it may use, its politeness, and its processor time.

    The system ends it (SIGXCPU) when the time is used up. Where there are no limits (not Unix)
    the parent's own patience remains.
    """
    os.nice(nice)
    try:
        import resource  # noqa: PLC0415 -- only Unix has it
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    if processor_seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
