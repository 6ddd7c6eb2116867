"""Calendar entries: the serialised event of each revision, and whose feeds it is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from piccolo.custom_types import Combinable

from blaljus.domain.words import FeedKind
from blaljus.store import tables as t

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
    """Store the newest revision of some events, in place of all earlier ones of those UIDs."""
    if not entries:
        return
    e = t.CalendarEntry
    await e.delete().where(e.uid.is_in(sorted({entry.uid for entry in entries})))
    await e.insert(*(_row(entry) for entry in entries))


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


async def list_fragments(kind: FeedKind, subject: int, now: datetime) -> list[str]:
    """Return the events of a feed in fixed order: by start, then UID; old tombstones are gone."""
    e = t.CalendarEntry
    owned: dict[FeedKind, Combinable] = {
        FeedKind.STAFF: e.staff == subject,
        FeedKind.SCHOOL_CLASS: e.school_class == subject,
        FeedKind.SCHOOL: e.school_unit == subject,
        FeedKind.AGENCY: e.agency == subject,
        FeedKind.MUNICIPALITY: (e.municipality == subject) & (e.overview == 1),
    }
    rows = (
        await e.select(e.fragment)
        .where(owned[kind])
        .where(e.cancelled_at.is_null() | (e.cancelled_at > now - TOMBSTONE))
        .order_by(e.starts_at, e.uid, e.id)
    )
    return [row["fragment"] for row in rows]
