"""The change that is being made: its letters bear its id, its audit rows say what it is."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from blaljus.store import outbox

T = TypeVar("T")

WHOLE = ("run-approved", "import-applied", "venue-renamed", "slot-cancelled")
"""Actions that say what a change is, though it is made of others too."""


@dataclass(slots=True)
class Making:
    """One change while its transaction runs."""

    id: str = field(default_factory=lambda: uuid4().hex)
    actions: list[str] = field(default_factory=list)
    letters: int = 0

    @property
    def action(self) -> str:
        """Return what people call the change: the action that says most of it, else the first."""
        whole = [action for action in WHOLE if action in self.actions]
        return next(iter([*whole, *self.actions]), "")


_NOW: ContextVar[Making | None] = ContextVar("making", default=None)


@contextmanager
def making() -> Iterator[Making]:
    """Let everything that is recorded and owed in the block be of one change."""
    change = Making()
    token = _NOW.set(change)
    try:
        yield change
    finally:
        _NOW.reset(token)


def in_the_making() -> Making | None:
    """Return the change that is being made; None outside of any."""
    return _NOW.get()


async def as_change(change: Callable[[], Awaitable[T]]) -> T:
    """Run a change in the caller's transaction, and say of its letters what it was."""
    with making() as made:
        answer = await change()
    if made.letters:
        await outbox.name_change(made.id, made.action)
    return answer
