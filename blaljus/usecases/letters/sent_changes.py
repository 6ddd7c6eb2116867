"""What every change of a municipality sent, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from blaljus.domain.errors import NotFoundError
from blaljus.domain.outbox import SentChange
from blaljus.domain.people import Person
from blaljus.store import sent_changes
from blaljus.store.engine import read_transaction
from blaljus.usecases.operation.log import page_of_many

PAGE = 50
"""Changes on a page."""


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
