"""A crew leaves, or comes back: what that does to the rounds that are left, and deciding on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blaljus.domain.attendance import StationReport
from blaljus.domain.callouts import (
    Callout,
    CalloutRefusedError,
    callout_problems,
    may_note,
    open_callout,
)
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import MissCause, VisitState
from blaljus.planner.carousel.replan import replan
from blaljus.store import callouts, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.carousel import load_carousel
from blaljus.usecases.days.carousel_problem import with_callouts
from blaljus.usecases.days.decided import judged, keep
from blaljus.usecases.days.rounds import Carousel, Group
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What somebody says of a crew: gone `[left_at, back_at)`, by the id of its station.

    For a crew that is noted as gone, `back_at` is when it came back.
    """

    station: int
    left_at: datetime
    back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutProposal:
    """The carousel as it is, and as it would be. `changed` are the groups with another way."""

    carousel: Carousel
    station: Station
    absence: Absence
    after: Carousel
    changed: tuple[Group, ...]


async def propose_callout(
    context: Context, person: Person, slot_id: int, absence: Absence
) -> CalloutProposal:
    """Return what a crew's absence does to the rounds that are left, and change nothing.

    Raises `NotFoundError`, or `CalloutRefusedError` with a code per field.
    """
    async with read_transaction():
        slot = await slots.get_slot(slot_id, person.municipalities)
        return proposed(context, await load_carousel(slot), absence)


async def note_callout(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    slot_id: int,
    absence: Absence,
    version: int | None = None,
) -> None:
    """Store a crew's absence and the carousel that follows from it.

    Raises as `propose_callout` does, and `StaleError` where the slot is no longer of the
    `version` that the person saw. What follows is reckoned anew: rounds may have begun meanwhile.
    """

    async def change() -> Outcome:
        slot = await slots.lock_slot(slot_id, person.municipalities)
        if version is not None and version != slot.version:
            raise StaleError
        made = proposed(context, await load_carousel(slot), absence)
        await save_callout(context, person, slot, made)
        return {"slot": slot_id}

    await once(person, key, change, clock=context.clock)


def proposed(context: Context, carousel: Carousel, absence: Absence) -> CalloutProposal:
    """Return what an absence does to a carousel, or raise the refusal."""
    now = context.clock()
    stations = [s for s in carousel.stations if s.id == absence.station]
    if not stations:
        raise NotFoundError
    absence = _from_when_it_left(carousel, absence)
    gone = open_callout(carousel.callouts, absence.station)
    problems = callout_problems(carousel.slot, absence.left_at, absence.back_at)
    if gone and absence.back_at is None:
        problems["back"] = "back-missing"
    if not may_note(carousel.slot, now=now):
        problems["left"] = "not-today"
    if problems:
        raise CalloutRefusedError(problems)
    after = replanned(carousel, _with(carousel, absence, now), now)
    return CalloutProposal(
        carousel=carousel,
        station=stations[0],
        absence=absence,
        after=after,
        changed=changed_groups(carousel, after),
    )


def replanned(carousel: Carousel, noted: tuple[Callout, ...], now: datetime) -> Carousel:
    """Return a carousel with the rounds that are left planned anew for these call-outs."""
    problem = with_callouts(carousel.problem, carousel.stations, noted)
    rotation = judged(problem, replan(problem, carousel.rotation, now))
    return replace(carousel, problem=problem, rotation=rotation, rain=None, callouts=noted)


def changed_groups(before: Carousel, after: Carousel) -> tuple[Group, ...]:
    """Return the groups that go another way than before."""
    return tuple(g for g in before.groups if _way(before, g) != _way(after, g))


def _way(carousel: Carousel, group: Group) -> object:
    return carousel.of_group(carousel.rotation, group)


def _from_when_it_left(carousel: Carousel, absence: Absence) -> Absence:
    """Return the absence; of a crew that is gone already, since when stands."""
    gone = open_callout(carousel.callouts, absence.station)
    return replace(absence, left_at=gone.left_at) if gone else absence


def _with(carousel: Carousel, absence: Absence, now: datetime) -> tuple[Callout, ...]:
    """Return the call-outs with this one, or with the end of this one."""
    gone = open_callout(carousel.callouts, absence.station)
    others = tuple(callout for callout in carousel.callouts if callout is not gone)
    new = Callout(
        id=gone.id if gone else 0,
        municipality=carousel.slot.municipality,
        slot=carousel.slot.id,
        station=absence.station,
        left_at=absence.left_at,
        back_at=absence.back_at,
        rotation="",
        noted_at=now,
        version=gone.version if gone else 0,
    )
    return (*others, new)


async def save_callout(context: Context, person: Person, slot: Slot, made: CalloutProposal) -> None:
    """Store what `proposed` made; the slot is locked. Raises `StaleError` for a lost race."""
    gone = open_callout(made.carousel.callouts, made.absence.station)
    await record_callout(
        context,
        person,
        slot,
        "callout-ended" if gone else "callout-noted",
        callout=await _stored(context, person, slot, made, gone),
        absence=made.absence,
        changed=made.changed,
    )


async def _stored(
    context: Context, person: Person, slot: Slot, made: CalloutProposal, gone: Callout | None
) -> int:
    now, absence, rotation = context.clock(), made.absence, keep(made.after)
    if gone is not None and absence.back_at is not None:
        await callouts.end_callout(gone, back_at=absence.back_at, rotation=rotation, now=now)
        return gone.id
    added = await callouts.add_callout(
        slot,
        station=absence.station,
        left_at=absence.left_at,
        back_at=absence.back_at,
        rotation=rotation,
        account=person.account,
        now=now,
    )
    if added is None:  # the crew is noted as gone by somebody else, against the slot's lock
        raise StaleError
    return added


async def record_callout(
    context: Context,
    person: Person,
    slot: Slot,
    action: str,
    *,
    callout: int,
    absence: Absence,
    changed: Sequence[Group],
) -> None:
    """Count the change of a slot's carousel, and write its line of the log."""
    await callouts.count_change(slot)
    await record(
        context,
        person.actor,
        slot.municipality,
        action,
        ("slot", slot.id),
        slot.version + 1,
        callout=callout,
        station=absence.station,
        left=absence.left_at.isoformat(),
        back=absence.back_at.isoformat() if absence.back_at else None,
        changed=[group.number for group in changed],
    )


async def callout_reports(slot: Slot, booking: int) -> dict[int, StationReport]:
    """Return what call-outs did to a booking's meetings, by station: what a report begins with.

    Only stations that the class lost, or had for a shorter time than planned. Of a class in
    several groups, the worst of them counts. Within the caller's transaction.
    """
    if not await callouts.list_callouts(slot.id, (slot.municipality,)):
        return {}
    carousel = await load_carousel(slot)
    found: dict[int, StationReport] = {}
    for index, group in enumerate(carousel.problem.groups):
        if any(part[0] == booking for part in group.parts):
            for station, state in _losses(carousel, index).items():
                if station not in found or state is VisitState.MISSED:
                    found[station] = StationReport(state=state, cause=MissCause.CALLOUT)
    return found


def _losses(carousel: Carousel, group: int) -> dict[int, VisitState]:
    planned, became = (
        {s.station: s.ends_at - s.starts_at for s in rotation.stops if s.group == group}
        for rotation in (carousel.planned, carousel.rotation)
    )
    return {
        carousel.stations[place].id: VisitState.SHORTENED if place in became else VisitState.MISSED
        for place, time in planned.items()
        if became.get(place, timedelta(0)) < time
    }
