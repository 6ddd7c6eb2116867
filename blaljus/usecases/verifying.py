"""The self-check: the invariants of the domain, looked for in the stored facts."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise

from blaljus.domain.localtime import SchoolYear, half_of, local_day
from blaljus.domain.schools import block_on
from blaljus.domain.staffing import buckets
from blaljus.domain.words import ACTIVE_ASSIGNMENT, AvailabilityState
from blaljus.store import agencies, audit, checks, schools
from blaljus.store.rows import Row
from blaljus.usecases.season import Season, load_season


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that should not be so; `subject` such as `booking:12`."""

    subject: str
    what: str


async def verify_store() -> list[tuple[str, list[Finding]]]:
    """Return each checked invariant, by its number and name, with what breaks it."""
    return [(name, await check()) for name, check in CHECKS]


async def _seasons() -> list[Season]:
    found = await checks.all_plans()
    return [await load_season(row["municipality"], SchoolYear(row["school_year"])) for row in found]


async def _one_booking_per_class() -> list[Finding]:
    findings = []
    for season in await _seasons():
        count = Counter(b.school_class for b in season.bookings if not b.catch_up)
        findings += [
            Finding(subject=f"class:{class_id}", what=f"{number} active bookings")
            for class_id, number in count.items()
            if number > 1
        ]
    return findings


async def _places_hold() -> list[Finding]:
    findings = []
    for season in await _seasons():
        booked = Counter(b.slot for b in season.bookings)
        for slot in season.slots.values():
            if not booked[slot.id] == slot.taken <= slot.places:
                what = f"{booked[slot.id]} bookings, {slot.taken} taken of {slot.places}"
                findings.append(Finding(subject=f"slot:{slot.id}", what=what))
        smallest: dict[int, int] = {}
        for station in season.stations:
            known = smallest.get(station.slot, station.max_pupils)
            smallest[station.slot] = min(known, station.max_pupils)
        findings += [
            Finding(subject=f"booking:{b.id}", what=f"{b.pupils} pupils at a smaller station")
            for b in season.bookings
            if b.pupils > smallest.get(b.slot, b.pupils)
        ]
    return findings


async def _nobody_in_two_places() -> list[Finding]:
    findings = []
    duties = await _active_duties()
    for one, other in pairwise(duties):
        if one["staff"] == other["staff"] and other["starts_at"] < one["ends_at"]:
            what = f"overlaps assignment:{other['id']}"
            findings.append(Finding(subject=f"assignment:{one['id']}", what=what))
    claimed = defaultdict(set)
    for row in await checks.all_claims():
        claimed[row["assignment"]].add(row["bucket"])
    for duty in duties:
        if claimed.pop(duty["id"], set()) != set(buckets(duty["starts_at"], duty["ends_at"])):
            subject = f"assignment:{duty['id']}"
            findings.append(Finding(subject=subject, what="its time is not claimed whole"))
    findings += [Finding(subject=f"assignment:{a}", what="claims of no duty") for a in claimed]
    return findings


async def _active_duties() -> list[Row]:
    return await checks.all_active_duties([state.value for state in ACTIVE_ASSIGNMENT])


async def _within_availability() -> list[Finding]:
    findings = []
    for duty in await _active_duties():
        start = duty["starts_at"]
        said = await agencies.availability_on(duty["staff"], local_day(start), half_of(start))
        on_call = said is AvailabilityState.ON_CALL and not duty["on_call_allowed"]
        outside = said is AvailabilityState.NOT_AVAILABLE or on_call
        if outside and not duty["override_reason"]:
            findings.append(Finding(subject=f"assignment:{duty['id']}", what=f"said {said.value}"))
    return findings


async def _no_slot_on_a_day_off() -> list[Finding]:
    findings = []
    for season in await _seasons():
        blocks = await schools.list_blocks((season.plan.municipality,))
        for booking in season.bookings:
            day = local_day(season.slots[booking.slot].starts_at)
            school = season.classes[booking.school_class].school_unit
            block = block_on(blocks, school, day)
            if block is not None:
                subject = f"booking:{booking.id}"
                findings.append(Finding(subject=subject, what=f"{block.kind.value} {day}"))
    return findings


async def _audit_is_whole() -> list[Finding]:
    findings = []
    owners: list[int | None] = [m.id for m in await schools.list_municipalities()]
    for owner in [*owners, None]:
        previous = audit.GENESIS
        for entry in await audit.list_entries(owner):
            if entry.previous_hash != previous or entry.hash != entry.digest():
                findings.append(Finding(subject=f"audit:{entry.id}", what="the chain is broken"))
            previous = entry.hash
    audited = await checks.audited_versions()
    findings += [
        Finding(subject=subject, what=f"version {version}, audited {audited.get(subject, 0)}")
        for subject, version in await checks.all_versions()
        if audited.get(subject, 0) != version
    ]
    return findings


async def _invitations_are_owed() -> list[Finding]:
    owed = await checks.owed_subjects()
    findings = [
        Finding(subject=f"assignment:{duty['id']}", what="no invitation was ever owed")
        for duty in await _active_duties()
        if duty["uid"].partition("@")[0] not in owed
    ]
    for season in await _seasons():
        findings += [
            Finding(subject=f"booking:{b.id}", what="no invitation was ever owed")
            for b in season.bookings
            if b.school_class in season.teachers and b.uid.partition("@")[0] not in owed
        ]
    return findings


Check = Callable[[], Awaitable[list[Finding]]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("1 a class has one active booking", _one_booking_per_class),
    ("2 bookings fit places and stations", _places_hold),
    ("3 nobody is in two places", _nobody_in_two_places),
    ("4 nobody is assigned outside their availability", _within_availability),
    ("6 no slot lies on a day off", _no_slot_on_a_day_off),
    ("7 every version has its audit row, and the chain holds", _audit_is_whole),
    ("8 every invitation was owed", _invitations_are_owed),
)
"""What can be checked so far, by the numbers of the domain's invariants."""
