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
from blaljus.planner.carousel.grouping import Party, groups_apart, groups_of
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
    parties = _parties(slot, booked)
    return groups_of(parties, limit=_limit(slot, stations), most=len(stations))


def _limit(slot: Slot, stations: Sequence[Station]) -> int:
    return max(1, group_limit(slot, stations))


def _parties(slot: Slot, booked: Iterable[Booking]) -> list[Party]:
    return [
        Party(
            booking=booking.id,
            pupils=booking.pupils,
            needs=frozenset(need for need, count in booking.access_needs.items() if count),
            here=here(slot, booking),
        )
        for booking in booked
    ]


def same_come(
    slot: Slot,
    stations: Sequence[Station],
    booked: Sequence[Booking],
    decided: Sequence[RotationGroup],
) -> bool:
    """Return whether the classes that groups were decided for come, as many, with no other needs.

    Who goes with whom is not asked: times decide that before a day, and in its middle no more.
    """
    apart = groups_apart(_parties(slot, booked), limit=_limit(slot, stations))
    return _parts(apart) == _parts(decided) and _needs(apart) <= _needs(decided)


def _parts(groups: Iterable[RotationGroup]) -> list[tuple[int, int]]:
    return sorted(part for group in groups for part in group.parts)


def _needs(groups: Iterable[RotationGroup]) -> set[tuple[int, str]]:
    """Return what is seen to for the classes of groups, by booking."""
    return {
        (booking, need)
        for group in groups
        for need, met in (("no-steps", group.step_free_only), ("time", group.extra_minutes > 0))
        for booking, _ in group.parts
        if met
    }


def with_times(
    slot: Slot, booked: Iterable[Booking], groups: Iterable[RotationGroup]
) -> tuple[RotationGroup, ...]:
    """Return the same groups, here as long as is said of their classes now."""
    spans = {booking.id: here(slot, booking) for booking in booked}
    return tuple(replace(group, here=_together(group, spans)) for group in groups)


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
