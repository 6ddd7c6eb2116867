"""A crew leaves, or comes back: what that does to the rounds that are left, and deciding on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blaljus.domain.attendance import StationReport
from blaljus.domain.callouts import Callout, CalloutRefusedError, callout_problems, may_note
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import MissCause, VisitState
from blaljus.planner.carousel.replan import replan
from blaljus.store import callouts, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.carousel import Carousel, Group, judged, keep, load_carousel
from blaljus.usecases.carousel_problem import with_callouts
from blaljus.usecases.context import Context, record
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
        return _proposed(context, await load_carousel(slot), absence)


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
        made = _proposed(context, await load_carousel(slot), absence)
        await _save(context, person, slot, made)
        return {"slot": slot_id}

    await once(person, key, change, clock=context.clock)


def _proposed(context: Context, carousel: Carousel, absence: Absence) -> CalloutProposal:
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
    noted = _with(carousel, absence)
    problem = with_callouts(carousel.problem, carousel.stations, noted)
    rotation = judged(problem, replan(problem, carousel.rotation, now))
    after = replace(carousel, problem=problem, rotation=rotation, rain=None, callouts=noted)
    return CalloutProposal(
        carousel=carousel,
        station=stations[0],
        absence=absence,
        after=after,
        changed=tuple(g for g in carousel.groups if _way(carousel, g) != _way(after, g)),
    )


def _way(carousel: Carousel, group: Group) -> object:
    return carousel.of_group(carousel.rotation, group)


def _from_when_it_left(carousel: Carousel, absence: Absence) -> Absence:
    """Return the absence; of a crew that is gone already, since when stands."""
    gone = open_callout(carousel.callouts, absence.station)
    return replace(absence, left_at=gone.left_at) if gone else absence


def open_callout(noted: Sequence[Callout], station: int) -> Callout | None:
    """Return the call-out of a station whose crew nobody knows the return of."""
    return next((c for c in noted if c.station == station and c.back_at is None), None)


def _with(carousel: Carousel, absence: Absence) -> tuple[Callout, ...]:
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
        version=gone.version if gone else 0,
    )
    return (*others, new)


async def _save(context: Context, person: Person, slot: Slot, made: CalloutProposal) -> None:
    now, absence, rotation = context.clock(), made.absence, _kept(made)
    gone = open_callout(made.carousel.callouts, absence.station)
    number: int | None
    if gone is not None and absence.back_at is not None:
        number = gone.id
        await callouts.end_callout(gone, back_at=absence.back_at, rotation=rotation, now=now)
    else:
        number = await callouts.add_callout(
            slot,
            station=absence.station,
            left_at=absence.left_at,
            back_at=absence.back_at,
            rotation=rotation,
            account=person.account,
            now=now,
        )
    await callouts.count_change(slot)
    await record(
        context,
        person.actor,
        slot.municipality,
        "callout-ended" if gone else "callout-noted",
        ("slot", slot.id),
        slot.version + 1,
        callout=number,
        station=absence.station,
        left=absence.left_at.isoformat(),
        back=absence.back_at.isoformat() if absence.back_at else None,
        changed=[group.number for group in made.changed],
    )


def _kept(made: CalloutProposal) -> str:
    return keep(made.after.problem, made.after.rotation)


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
