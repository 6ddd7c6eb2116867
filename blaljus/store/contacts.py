"""Whom people ask: addresses that pages and letters may show."""

from blaljus.domain.people import Contact
from blaljus.store import tables as t


async def find_contact(municipality: int) -> Contact | None:
    """Return a municipality's coordinators as a contact, or None where nobody coordinates it."""
    c = t.Coordinator
    rows = (
        await c.select(
            c.municipality.name.as_alias("municipality"), c.account.address.as_alias("address")
        )
        .where(c.municipality == municipality)
        .where(c.account.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
        .order_by(c.account)
    )
    if not rows:
        return None
    addresses = tuple(row["address"] for row in rows)
    return Contact(municipality=rows[0]["municipality"], addresses=addresses)
