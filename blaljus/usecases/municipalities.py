"""Municipalities: for operators, whom to ask there, and which one a coordinator looks at."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType

from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Contact, Person
from blaljus.domain.schools import Municipality
from blaljus.store import outbox, schools, slots
from blaljus.store.contacts import find_contact
from blaljus.store.rows import Scope


async def find_municipality(code: str) -> Municipality | None:
    """Return a municipality by its four digits, or None."""
    return await schools.find_municipality(code)


async def list_municipalities(*, with_schools: bool = False) -> list[Municipality]:
    """Return municipalities by code; `with_schools` only those that own school units."""
    known = await schools.list_municipalities()
    if not with_schools or not known:
        return known
    owning = {unit.municipality for unit in await schools.list_units(tuple(m.id for m in known))}
    return [m for m in known if m.id in owning]


async def list_contacts(municipalities: Iterable[int]) -> list[Contact]:
    """Return whom people of some municipalities may ask; one without a coordinator has nobody."""
    found = [await find_contact(municipality) for municipality in sorted(municipalities)]
    return [contact for contact in found if contact is not None]


async def _of_class(row: int, scope: Scope) -> int | None:
    return (await schools.get_class(row, scope)).municipality


async def _of_slot(row: int, scope: Scope) -> int | None:
    return (await slots.get_slot(row, scope)).municipality


async def _of_message(row: int, scope: Scope) -> int | None:
    return (await outbox.get_message(row, scope)).municipality


OWNED: Mapping[str, Callable[[int, Scope], Awaitable[int | None]]] = MappingProxyType(
    {"class_id": _of_class, "slot_id": _of_slot, "message_id": _of_message}
)
"""What a coordinator's page may be about, by the name its row's id has in the address."""


async def find_looked_at(
    person: Person, *, code: str | None, rows: Mapping[str, int]
) -> str | None:
    """Return the code of the municipality that a page is about; None where that says nothing.

    It is named by `code`, or owns one of the `rows` (id by a name of `OWNED`). Only for those who
    coordinate several municipalities, and only one of theirs.
    """
    if len(person.municipalities) < 2:  # noqa: PLR2004 -- several
        return None
    codes = {m.id: m.code for m in await schools.list_municipalities_in(person.municipalities)}
    if code is not None:
        return code if code in codes.values() else None
    for name, row in rows.items():
        try:
            return codes.get(await OWNED[name](row, person.municipalities) or 0)
        except NotFoundError:
            return None
    return None
