"""What is planned already, told as an import asks of it."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime

from blaljus.domain.commitments import Duty, PlannedClass, PlannedSlot
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING, BookingState, Service, SlotState
from blaljus.store import tables as t
from blaljus.store.bulk import select_in
from blaljus.store.rows import Row

_COUNTED_ON = [state.value for state in ACTIVE_ASSIGNMENT]


async def load_duties(staff: Collection[int], *, owner: int, now: datetime) -> list[Duty]:
    """Return every duty of some people that stands, past ones too, in any municipality."""
    a = t.Assignment
    rows = await select_in(
        lambda: (
            a.select(
                a.id,
                a.slot,
                a.municipality,
                a.municipality.code.as_alias("municipality_code"),
                a.slot.starts_at.as_alias("starts_at"),
                a.slot.ends_at.as_alias("ends_at"),
                a.slot.venue.name.as_alias("place"),  # type: ignore[union-attr]  # Piccolo joins twice, untyped
                a.staff.reference.as_alias("reference"),
                a.staff.display_name.as_alias("display_name"),
                a.staff.function.as_alias("function"),
                a.staff.protected.as_alias("protected"),
                a.staff.agency.name.as_alias("agency"),  # type: ignore[union-attr]  # Piccolo joins twice, untyped
                a.station.provides.as_alias("provides"),
            )
            .where(a.state.is_in(_COUNTED_ON))
            .where(a.slot.state != SlotState.CANCELLED.value)
            .order_by(a.id)
        ),
        a.staff,
        staff,
    )
    return [_duty(row, owner, now) for row in rows]


def _duty(row: Row, owner: int, now: datetime) -> Duty:
    return Duty(
        id=row["id"],
        slot=row["slot"],
        municipality=row["municipality"],
        municipality_code=row["municipality_code"],
        staff_ref=row["reference"],
        name=row["function"] if row["protected"] else row["display_name"],
        agency=row["agency"],
        station_service=Service(row["provides"]),
        place=row["place"] if row["municipality"] == owner else None,
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        coming=row["starts_at"] > now,
    )


async def load_planned(owner: int, now: datetime) -> list[PlannedSlot]:
    """Return the published slots of a municipality that are still to begin, in order of time."""
    s = t.Slot
    rows = (
        await s.select(
            s.id,
            s.starts_at,
            s.venue.name.as_alias("place"),
            s.venue.school_unit.code.as_alias("venue_school"),  # type: ignore[union-attr]  # Piccolo joins twice, untyped
        )
        .where(s.municipality == owner)
        .where(s.state == SlotState.PUBLISHED.value)
        .where(s.starts_at > now)
        .order_by(s.starts_at, s.id)
    )
    ids = [row["id"] for row in rows]
    classes, crew = await _classes(owner, ids), await _crew(owner, ids)
    return [
        PlannedSlot(
            id=row["id"],
            municipality=owner,
            starts_at=row["starts_at"],
            place=row["place"],
            venue_school=row["venue_school"],
            classes=tuple(classes[row["id"]]),
            crew=crew[row["id"]],
        )
        for row in rows
    ]


async def _classes(owner: int, slots: Collection[int]) -> dict[int, list[PlannedClass]]:
    b = t.Booking
    query = b.select(
        b.slot,
        b.state,
        b.pupils,
        b.school_class.label.as_alias("label"),
        b.school_class.school_unit.code.as_alias("code"),  # type: ignore[union-attr]  # Piccolo joins twice, untyped
    ).where(b.municipality == owner)
    active = [state.value for state in ACTIVE_BOOKING]
    found: dict[int, list[PlannedClass]] = defaultdict(list)
    for row in await select_in(
        lambda: query.where(b.state.is_in(active)).order_by(b.id), b.slot, slots
    ):
        assumed = row["pupils"] if row["state"] == BookingState.TENTATIVE.value else None
        planned = PlannedClass(school_code=row["code"], label=row["label"], assumed=assumed)
        found[row["slot"]].append(planned)
    return found


async def _crew(owner: int, slots: Collection[int]) -> Counter[int]:
    a = t.Assignment
    rows = await select_in(
        lambda: a.select(a.slot).where(a.municipality == owner).where(a.state.is_in(_COUNTED_ON)),
        a.slot,
        slots,
    )
    return Counter(row["slot"] for row in rows)
