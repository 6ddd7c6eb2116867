"""Höör's files, and what became of the database."""

from datetime import date
from pathlib import Path

from factories import (
    NOW,
    shared_venue,
    some_details,
    stored_plan,
    stored_slot,
)

import blaljus.demo
from blaljus.domain.words import BookingState
from blaljus.intake.difference_views import file_views
from blaljus.store import bookings, slots
from blaljus.store import tables as t
from blaljus.store.engine import write_transaction

HOOR = Path(blaljus.demo.__path__[0]) / "hoor"


async def dump():
    """Every row of every table, by table."""
    return {
        table.__name__: sorted(await table.select(), key=lambda row: row["id"])
        for table in t.TABLES
    }


def touched(before, after):
    """Return (table, column) of every value that differs, and `+` or `-` for rows."""
    found = set()
    for name, rows in after.items():
        old, new = ({row["id"]: row for row in side} for side in (before[name], rows))
        found |= {(name, "+") for _ in new.keys() - old.keys()}
        found |= {(name, "-") for _ in old.keys() - new.keys()}
        found |= {
            (name, column)
            for key in new.keys() & old.keys()
            for column, value in new[key].items()
            if value != old[key][column]
        }
    return found


def shown(seen):
    """Return the texts of all changes, by file."""
    return {
        view.file: [item for section in view.changes for item in section.items]
        for view in file_views(seen.difference, "sv", seen.schools)
        if view.changes
    }


def edited(files, name, old, new):
    content = files[name].decode()
    assert content.count(old) == 1
    return {name: content.replace(old, new).encode()}


async def booked_class(municipality, label):
    """Give a class of Höör an active booking, and return the slot it is in."""
    plan, venue = await stored_plan(municipality), await shared_venue(municipality)
    slot = await stored_slot(plan, venue, day=date(2027, 3, 1))
    c = t.SchoolClass
    rows = await c.select(c.id).where(c.label == label).where(c.school_unit.code == "90012671")
    async with write_transaction():
        await slots.take_place(slot.id, (municipality.id,))
        await bookings.add_booking(
            municipality.id,
            plan=plan.id,
            slot=slot.id,
            school_class=rows[0]["id"],
            number=123456,
            state=BookingState.CONFIRMED,
            details=some_details(),
            uid="x@blaljus.example",
            now=NOW,
        )
    return slot
