"""Named places where a test can make time pass or the process die; inert otherwise."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from blaljus.domain.errors import BusyError

Action = Callable[[], Awaitable[None]]

_actions: dict[str, Action] = {}


async def failpoint(name: str) -> None:
    """Do what a test asked for at this place; nothing at all in production."""
    if _actions and (action := _actions.get(name)) is not None:
        await action()


def enable(name: str, action: Action) -> None:
    """Do `action` each time the place is passed."""
    _actions[name] = action


def disable_all() -> None:
    """Make every place inert again."""
    _actions.clear()


@contextmanager
def enabled(name: str, action: Action) -> Iterator[None]:
    """Do `action` at a place for the length of a block."""
    enable(name, action)
    try:
        yield
    finally:
        _actions.pop(name, None)


def enable_from(text: str) -> None:
    """Switch on what `BLALJUS_FAILPOINTS` says: `name=sleep:0.05,other=crash,third=busy`.

    Raises `ValueError` in words for anything else. Settings refuse it in production.
    """
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, what = part.partition("=")
        enable(name, _action(what, part))


def _action(what: str, part: str) -> Action:
    kind, _, seconds = what.partition(":")
    with suppress(ValueError):
        if kind == "sleep":
            return partial(asyncio.sleep, float(seconds))
    if what in _KINDS:
        return _KINDS[what]
    raise ValueError(f"failpoint {part!r}: say name=sleep:SECONDS, name=crash or name=busy")


async def _crash() -> None:
    """Die as by kill -9: nothing is flushed, closed or rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)


async def _busy() -> None:
    raise BusyError


_KINDS: dict[str, Action] = {"crash": _crash, "busy": _busy}
