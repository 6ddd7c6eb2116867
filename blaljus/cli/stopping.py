"""How a command ends: when what was asked for cannot be done, and when it is told to."""

import asyncio
import signal

import click


class StoppedError(click.ClickException):
    """Ends a command, with status 2, when what was asked for cannot be done as it was said."""

    exit_code = 2


def stopped(*lines: str) -> StoppedError:
    """Return the error that ends a command with some lines on standard error."""
    return StoppedError("\n".join(lines))


def stop_asked() -> asyncio.Event:
    """Return an event of the running loop that Ctrl-C and SIGTERM set, in place of ending us."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
