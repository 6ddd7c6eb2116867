"""What every change of a municipality sent, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from blaljus.domain.errors import NotFoundError
from blaljus.domain.outbox import SentChange
from blaljus.domain.people import Person
from blaljus.store import outbox, sent_changes
from blaljus.store.engine import read_transaction
from blaljus.usecases.letters.outbox import MessageRow, rows_of
from blaljus.usecases.operation.log import page_of_many

PAGE = 50
"""Changes, or letters of one, on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """A page of changes, newest first; pages count from 1, and `total` changes are on all."""

    rows: Sequence[SentChange]
    total: int
    number: int
    count: int


async def get_changes(person: Person, municipality: int, wanted: int) -> ChangesPage:
    """Return a page of what changes sent; a number beyond the ends gives the nearest page.

    Counts alone, nobody's name. Costs the same number of statements for any number of letters.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    async with read_transaction():
        total = await sent_changes.count_changes(municipality)
        number, count = page_of_many(wanted, total, PAGE)
        offset = (number - 1) * PAGE
        rows = await sent_changes.list_changes(municipality, limit=PAGE, offset=offset)
    return ChangesPage(rows=rows, total=total, number=number, count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """What one change sent, and a page of its letters; pages count from 1."""

    change: SentChange
    rows: Sequence[MessageRow]
    number: int
    count: int


async def get_change(person: Person, municipality: int, letter: int, wanted: int) -> ChangePage:
    """Return the letters of the change that one of them is of, or raise `NotFoundError`."""
    if municipality not in person.municipalities:
        raise NotFoundError
    async with read_transaction():
        change = await sent_changes.find_change(municipality, letter)
        if change is None:
            raise NotFoundError
        number, count = page_of_many(wanted, change.letters, PAGE)
        found = await outbox.list_messages(
            (municipality,), limit=PAGE, offset=(number - 1) * PAGE, change=change.id
        )
        rows = await rows_of(municipality, found)
    return ChangePage(change=change, rows=rows, number=number, count=count)
