"""Municipalities, for operators."""

from blaljus.domain.schools import Municipality
from blaljus.store import schools


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
