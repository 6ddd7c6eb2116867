"""Calendar entries: the serialised event of each revision, and whose feeds it is in."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from piccolo.columns import Column
from piccolo.custom_types import Combinable
from piccolo.query.functions.aggregate import Max, Min

from blaljus.domain.words import FeedKind
from blaljus.store import tables as t
from blaljus.store.rows import Row, moment

_OWNERS = ("staff", "school_class", "school_unit", "agency", "overview")

TOMBSTONE = timedelta(days=30)
"""How long a cancelled event stays in feeds, so that every client has seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event in one feed, or in several: exactly the owners that are set."""

    municipality: int
    uid: str
    starts_at: datetime
    revised_at: datetime
    cancelled: bool
    fragment: str
    staff: int | None = None
    school_class: int | None = None
    school_unit: int | None = None
    agency: int | None = None
    overview: bool = False


async def save_entries(entries: Sequence[Entry]) -> None:
    """Store the newest revision of some events, in place of all earlier ones of those UIDs.

    A calendar that shows one of them no more keeps a mark without text: when that changed. One to
    which a revision says nothing new keeps what it has: it must not seem changed.
    """
    if not entries:
        return
    e = t.CalendarEntry
    newest = {entry.uid: entry for entry in sorted(entries, key=lambda entry: entry.revised_at)}
    gone = await e.delete().where(e.uid.is_in(sorted(newest))).returning(*e.all_columns())
    before = {_place(row): row for row in gone}
    rows = {_place(row.to_dict()): row for row in map(_row, entries)}
    for place in rows.keys() & before.keys():
        if _content(rows[place].fragment) == _content(before[place]["fragment"]):
            rows[place] = t.CalendarEntry(**_as_it_was(before[place]))
    marks = [_mark(row, newest[row["uid"]]) for row in gone if _place(row) not in rows]
    await e.insert(*rows.values(), *marks)


_STAMPS = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED):[^\r\n]*\r\n", re.MULTILINE)


def _content(fragment: str) -> str:
    """Return an event without the moments at which it was written."""
    return _STAMPS.sub("", fragment)


def _as_it_was(row: Row) -> Row:
    cancelled_at = row["cancelled_at"] and moment(row["cancelled_at"])
    times = {name: moment(row[name]) for name in ("starts_at", "revised_at")}
    return {**row, **times, "cancelled_at": cancelled_at}


def _place(row: Row) -> tuple[object, ...]:
    """Return which event in whose calendars a row is."""
    return tuple(row[name] for name in ("uid", *_OWNERS))


def _mark(row: Row, newest: Entry) -> t.CalendarEntry:
    """Return what stays of a row whose owners have lost its event: when they did."""
    left_at = newest.revised_at if row["fragment"] else moment(row["revised_at"])
    return t.CalendarEntry(
        municipality=row["municipality"],
        uid=row["uid"],
        starts_at=newest.starts_at,
        revised_at=left_at,
        cancelled_at=left_at,
        **{name: row[name] for name in _OWNERS},
        fragment="",
    )


def _row(entry: Entry) -> t.CalendarEntry:
    return t.CalendarEntry(
        municipality=entry.municipality,
        uid=entry.uid,
        starts_at=entry.starts_at,
        revised_at=entry.revised_at,
        cancelled_at=entry.revised_at if entry.cancelled else None,
        staff=entry.staff,
        school_class=entry.school_class,
        school_unit=entry.school_unit,
        agency=entry.agency,
        overview=int(entry.overview),
        fragment=entry.fragment,
    )


def _owner(kind: FeedKind) -> Column:
    e = t.CalendarEntry
    columns: dict[FeedKind, Column] = {
        FeedKind.STAFF: e.staff,
        FeedKind.SCHOOL_CLASS: e.school_class,
        FeedKind.SCHOOL: e.school_unit,
        FeedKind.AGENCY: e.agency,
        FeedKind.MUNICIPALITY: e.municipality,
    }
    return columns[kind]


def _owned(kind: FeedKind, subjects: Collection[int], municipality: int | None) -> Combinable:
    e, mine = t.CalendarEntry, _owner(kind).is_in(sorted(subjects))
    if kind is FeedKind.MUNICIPALITY:
        return mine & (e.overview == 1)
    return mine if municipality is None else mine & (e.municipality == municipality)


async def list_fragments(
    kind: FeedKind, subject: int, now: datetime, *, municipality: int | None = None
) -> list[str]:
    """Return the events of a feed in fixed order: by start, then UID; old tombstones are gone.

    With a `municipality` those alone that are its own.
    """
    e = t.CalendarEntry
    rows = (
        await e.select(e.fragment)
        .where(_owned(kind, [subject], municipality) & (e.fragment != ""))
        .where(e.cancelled_at.is_null() | (e.cancelled_at > now - TOMBSTONE))
        .order_by(e.starts_at, e.uid, e.id)
    )
    return [row["fragment"] for row in rows]


async def shown_until(
    kind: FeedKind, subject: int, now: datetime, *, municipality: int | None = None
) -> datetime | None:
    """Return when the next of a feed's tombstones will be gone by itself; None: it has none."""
    e = t.CalendarEntry
    rows = (
        await e.select(Min(e.cancelled_at, alias="first"))
        .where(_owned(kind, [subject], municipality) & (e.fragment != ""))
        .where(e.cancelled_at > now - TOMBSTONE)
    )
    first = rows[0]["first"]
    return moment(first) + TOMBSTONE if first else None


async def newest_revisions(
    kind: FeedKind, subjects: Collection[int], municipality: int | None = None
) -> dict[int, datetime]:
    """Return when each feed's newest event was revised; a feed that never had one is left out."""
    if not subjects:
        return {}
    e, owner = t.CalendarEntry, _owner(kind)
    query = e.select(owner.as_alias("subject"), Max(e.revised_at, alias="newest"))
    rows = await query.where(_owned(kind, subjects, municipality)).group_by(owner)
    return {row["subject"]: moment(row["newest"]) for row in rows}


async def changed_at(
    kind: FeedKind, subject: int, now: datetime, *, municipality: int | None = None
) -> datetime | None:
    """Return when a feed last changed, or None for one that never had an event.

    It did when an event was revised or left, and when a cancelled one was shown long enough.
    """
    e = t.CalendarEntry
    forgotten = (
        await e.select(Max(e.cancelled_at, alias="last"))
        .where(_owned(kind, [subject], municipality) & (e.fragment != ""))
        .where(e.cancelled_at <= now - TOMBSTONE)
    )
    newest = (await newest_revisions(kind, [subject], municipality)).get(subject)
    last = forgotten[0]["last"]
    moments = [newest, moment(last) + TOMBSTONE if last else None]
    return max(filter(None, moments), default=None)
