"""Calendar entries: the serialised event of each revision, and whose feeds it is in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.domain.words import FeedKind
from blaljus.store import tables as t
from blaljus.store.rows import Row

TOMBSTONE = timedelta(days=30)
"""How long a cancelled event stays in feeds, so that every client has seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOwner:
    """Whose feeds an event is in; exactly the fields that are set."""

    municipality: int
    staff: int | None = None
    school_class: int | None = None
    school_unit: int | None = None
    agency: int | None = None
    overview: bool = False

    def columns(self) -> Row:
        """Return the owner as columns."""
        return {
            "municipality": self.municipality,
            "staff": self.staff,
            "school_class": self.school_class,
            "school_unit": self.school_unit,
            "agency": self.agency,
            "overview": int(self.overview),
        }


async def save_entry(
    owner: EntryOwner,
    *,
    uid: str,
    starts_at: datetime,
    revised_at: datetime,
    cancelled: bool,
    fragment: str,
) -> None:
    """Store the newest revision of an event, in place of the earlier one of that owner."""
    e = t.CalendarEntry
    columns = owner.columns()
    condition = e.uid == uid
    for name, wanted in columns.items():
        column = getattr(e, name)
        condition &= column.is_null() if wanted is None else column == wanted
    await e.delete().where(condition)
    await e.insert(
        e(
            **columns,
            uid=uid,
            starts_at=starts_at,
            revised_at=revised_at,
            cancelled_at=revised_at if cancelled else None,
            fragment=fragment,
        )
    )


async def list_fragments(kind: FeedKind, subject: int, now: datetime) -> list[str]:
    """Return the events of a feed in fixed order: by start, then UID; old tombstones are gone."""
    e = t.CalendarEntry
    owned = {
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
