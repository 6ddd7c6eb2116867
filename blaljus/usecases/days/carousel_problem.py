"""From stored facts to the planner's question: who goes round where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import permutations

from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.groups import group_limit
from blaljus.domain.localtime import at_local, local_day
from blaljus.domain.slots import LUNCH, SeasonPlan, Slot, Station
from blaljus.domain.stays import here
from blaljus.planner.carousel.grouping import Party, groups_of
from blaljus.planner.carousel.problem import RotationGroup, RotationProblem, RotationStation, Span


def carousel_problem(
    slot: Slot, plan: SeasonPlan, stations: Sequence[Station], booked: Sequence[Booking]
) -> RotationProblem:
    """Return the question of a slot's carousel as long as no crew has left.

    Where all classes come later than the slot begins, so do its rounds.
    """
    day = local_day(slot.starts_at)
    far = [station.walk_minutes for station in stations]
    problem = RotationProblem(
        groups=_groups(slot, stations, booked),
        stations=(),
        required=plan.required,
        starts_at=first_arrival(slot, booked),
        ends_at=slot.ends_at,
        change_minutes=plan.change_minutes,
        pauses=((at_local(day, LUNCH[0]), at_local(day, LUNCH[1])),),
        walks={(a, b): far[a] + far[b] for a, b in permutations(range(len(far)), 2)},
    )
    return with_callouts(problem, stations, ())


def first_arrival(slot: Slot, booked: Iterable[Booking]) -> datetime:
    """Return when rounds may begin: with the slot, or where all classes come later, with them."""
    first = min((here(slot, booking)[0] for booking in booked), default=slot.starts_at)
    return max(slot.starts_at, first)


def _groups(
    slot: Slot, stations: Sequence[Station], booked: Iterable[Booking]
) -> tuple[RotationGroup, ...]:
    parties = [
        Party(
            booking=booking.id,
            pupils=booking.pupils,
            needs=frozenset(need for need, count in booking.access_needs.items() if count),
            here=here(slot, booking),
        )
        for booking in booked
    ]
    return groups_of(parties, limit=max(1, group_limit(slot, stations)), most=len(stations))


def groups_as_decided(
    slot: Slot,
    stations: Sequence[Station],
    booked: Sequence[Booking],
    decided: Sequence[RotationGroup],
) -> tuple[RotationGroup, ...] | None:
    """Return groups that were decided on, here as long as is said now; None where others come.

    Times may keep two small classes from going together; in the middle of a day they do so still.
    """
    untimed = [replace(booking, arrives_at=None, leaves_at=None) for booking in booked]
    usual = (_groups(slot, stations, booked), _groups(slot, stations, untimed))
    if _timeless(slot, decided) not in [_timeless(slot, groups) for groups in usual]:
        return None
    spans = {booking.id: here(slot, booking) for booking in booked}
    return tuple(replace(group, here=_together(group, spans)) for group in decided)


def _timeless(slot: Slot, groups: Iterable[RotationGroup]) -> list[RotationGroup]:
    return [replace(group, here=(slot.starts_at, slot.ends_at)) for group in groups]


def _together(group: RotationGroup, spans: Mapping[int, Span]) -> Span:
    """Return when all classes of a group are there."""
    mine = [spans[booking] for booking, _ in group.parts]
    return max(start for start, _ in mine), min(end for _, end in mine)


def with_callouts(
    problem: RotationProblem, stations: Sequence[Station], noted: Iterable[Callout]
) -> RotationProblem:
    """Return the question with its stations as they are while crews are away."""
    away: dict[int, list[Span]] = {station.id: [] for station in stations}
    for callout in noted:
        away[callout.station].append((callout.left_at, callout.back_at or problem.ends_at))
    made = tuple(
        RotationStation(
            service=station.provides,
            minutes=station.minutes,
            max_pupils=station.max_pupils,
            step_free=station.step_free,
            works_in_rain=station.works_in_rain,
            away=tuple(sorted(away[station.id])),
        )
        for station in stations
    )
    return replace(problem, stations=made)
