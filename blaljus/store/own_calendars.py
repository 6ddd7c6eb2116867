"""People's own calendars, and the busy times that were read of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import json

from blaljus.domain.own_calendars import (
    BusyTime,
    OwnCalendar,
    Reading,
    RosterChange,
    Skipped,
    SourceKind,
)
from blaljus.domain.own_calendars import Trouble as CalendarTrouble
from blaljus.store import tables as t
from blaljus.store.assignments import ACTIVE
from blaljus.store.bulk import add_rows, select_in
from blaljus.store.rows import Changes, Row, value, values

_CLASHING = """
    SELECT a.slot, COUNT(DISTINCT a.id) AS duties
    FROM assignment a
    JOIN slot s ON s.id = a.slot
    JOIN own_calendar o ON o.staff = a.staff
    WHERE s.municipality = {} AND s.plan = {} AND s.starts_at > {} AND a.state IN ({}, {}, {})
        AND s.ends_at > (
            SELECT b.starts_at FROM busy_time b
            WHERE b.staff = a.staff AND b.own_calendar = o.id AND NOT b.soft
                AND b.ends_at > s.starts_at
            ORDER BY b.ends_at LIMIT 1
        )
    GROUP BY a.slot
"""
"""Firm times of one calendar do not overlap: of those that end after a slot begins, the first to
end is the first to begin. If that one is after the slot, so are all.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a calendar is read: the address as it lies sealed, and what its server said of it."""

    sealed: str = field(default="", repr=False)
    host: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An address that is to be read again."""

    calendar: OwnCalendar
    source: Source


async def list_own_calendars(staff: int) -> list[OwnCalendar]:
    """Return the calendars that a person gave, at most one of each kind, in order of kind."""
    o = t.OwnCalendar
    return [_calendar(row) for row in await o.select().where(o.staff == staff).order_by(o.kind)]


async def find_source(staff: int, kind: SourceKind) -> Due | None:
    """Return a person's calendar of a kind with where it is read, or None."""
    o = t.OwnCalendar
    rows = await o.select().where((o.staff == staff) & (o.kind == kind.value))
    return _due(rows[0]) if rows else None


async def save_reading(
    staff: int,
    kind: SourceKind,
    source: Source,
    reading: Reading,
    *,
    now: datetime,
    due_at: datetime | None,
    change: RosterChange | None,
) -> None:
    """Store what was read of a calendar in place of all that was read of it before.

    `change` is what the latest reading that differed changed, this one or one before.
    """
    o = t.OwnCalendar
    await remove_own_calendar(staff, kind)
    row = o(
        staff=staff,
        kind=kind.value,
        sealed=source.sealed,
        host=source.host,
        etag=source.etag,
        last_modified=source.last_modified,
        read_at=now,
        tried_at=now,
        due_at=due_at,
        failures=0,
        trouble=None,
        unknown_zones=reading.skipped.get(Skipped.UNKNOWN_ZONE, 0),
        unreadable=reading.skipped.get(Skipped.UNREADABLE, 0),
        left_out=json.encode(reading.left_out).decode(),
        change=json.encode(change).decode(),
    )
    calendar = (await o.insert(row).returning(o.id))[0]["id"]
    await _add_busy(calendar, staff, reading.busy)


async def _add_busy(calendar: int, staff: int, times: Collection[BusyTime]) -> None:
    await add_rows(
        [
            t.BusyTime(
                own_calendar=calendar,
                staff=staff,
                starts_at=busy.starts_at,
                ends_at=busy.ends_at,
                soft=busy.soft,
            )
            for busy in times
        ]
    )


async def note_unchanged(calendar: int, *, now: datetime, due_at: datetime) -> None:
    """Remember that a server has nothing new: what was read stands."""
    changes: Changes = {"read_at": now, "tried_at": now, "due_at": due_at}
    changes |= {"failures": 0, "trouble": None}
    o = t.OwnCalendar
    await o.update(changes).where(o.id == calendar)


async def note_trouble(
    calendar: OwnCalendar, trouble: CalendarTrouble, *, now: datetime, due_at: datetime
) -> None:
    """Remember why a calendar could not be read again: what was read before stands."""
    changes: Changes = {"tried_at": now, "due_at": due_at, "trouble": trouble.value}
    changes["failures"] = calendar.failures + 1
    o = t.OwnCalendar
    await o.update(changes).where(o.id == calendar.id)


async def remove_own_calendar(staff: int, kind: SourceKind) -> bool:
    """Forget a calendar with all that was read of it; tell whether there was one."""
    o, b = t.OwnCalendar, t.BusyTime
    rows = await o.select(o.id).where((o.staff == staff) & (o.kind == kind.value))
    for row in rows:
        await b.delete().where(b.own_calendar == row["id"])
        await o.delete().where(o.id == row["id"])
    return bool(rows)


async def claim_due(*, now: datetime, until: datetime) -> Due | None:
    """Return an address that is due, of somebody who serves; nobody else gets it before `until`."""
    o = t.OwnCalendar
    rows = (
        await o.select()
        .where(o.due_at <= now)
        .where(o.staff.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
        .order_by(o.due_at, o.id)
        .limit(1)
    )
    if not rows:
        return None
    taken = (
        await o.update({o.due_at: until})
        .where((o.id == rows[0]["id"]) & (o.due_at <= now))
        .returning(o.id)
    )
    return _due(rows[0]) if taken else None


async def list_busy(
    staff: Collection[int], starts_at: datetime, ends_at: datetime
) -> Mapping[int, list[BusyTime]]:
    """Return when people are busy, as far as it overlaps `[starts_at, ends_at)`, by person."""
    b = t.BusyTime
    rows = await select_in(
        lambda: (
            b.select(b.staff, b.starts_at, b.ends_at, b.soft)
            .where((b.ends_at > starts_at) & (b.starts_at < ends_at))
            .order_by(b.starts_at, b.id)
        ),
        b.staff,
        staff,
    )
    found: dict[int, list[BusyTime]] = defaultdict(list)
    for row, busy in zip(rows, values(rows, BusyTime), strict=True):
        found[row["staff"]].append(busy)
    return found


async def count_clashes(plan: int, municipality: int, now: datetime) -> dict[int, int]:
    """Return by slot how many active duties after `now` a firm busy time of their person overlaps.

    Slots without any are left out. Costs one statement.
    """
    rows = await t.BusyTime.raw(_CLASHING, municipality, plan, now, *ACTIVE)
    return {row["slot"]: row["duties"] for row in rows}


async def list_busy_of(calendar: int) -> list[BusyTime]:
    """Return what was read of one calendar, by start."""
    b = t.BusyTime
    rows = await b.select(b.starts_at, b.ends_at, b.soft).where(b.own_calendar == calendar)
    return sorted(values(rows, BusyTime))


async def remove_outdated(*, now: datetime) -> None:
    """Forget busy times that are over, and calendars of people who serve no more."""
    o, b, s = t.OwnCalendar, t.BusyTime, t.StaffMember
    await b.delete().where(b.ends_at < now)
    rows = await s.select(s.id).where(s.active == False)  # noqa: E712 -- as above
    for person in [row["id"] for row in rows]:
        await b.delete().where(b.staff == person)
        await o.delete().where(o.staff == person)


def _due(row: Row) -> Due:
    return Due(calendar=_calendar(row), source=value(row, Source))


def _calendar(row: Row) -> OwnCalendar:
    written = {name: json.decode(row[name]) for name in ("left_out", "change")}
    return value({**row, **written}, OwnCalendar)
