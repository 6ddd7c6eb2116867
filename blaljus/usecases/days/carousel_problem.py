"""From stored facts to the planner's question: who goes round where."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import permutations

from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.groups import group_limit
from blaljus.domain.localtime import at_local, local_day
from blaljus.domain.slots import LUNCH, SeasonPlan, Slot, Station
from blaljus.planner.carousel.grouping import Party, groups_of
from blaljus.planner.carousel.problem import RotationGroup, RotationProblem, RotationStation, Span


def carousel_problem(
    slot: Slot, plan: SeasonPlan, stations: Sequence[Station], booked: Sequence[Booking]
) -> RotationProblem:
    """Return the question of a slot's carousel as long as no crew has left."""
    day = local_day(slot.starts_at)
    far = [station.walk_minutes for station in stations]
    problem = RotationProblem(
        groups=_groups(slot, stations, booked),
        stations=(),
        required=plan.required,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        change_minutes=plan.change_minutes,
        pauses=((at_local(day, LUNCH[0]), at_local(day, LUNCH[1])),),
        walks={(a, b): far[a] + far[b] for a, b in permutations(range(len(far)), 2)},
    )
    return with_callouts(problem, stations, ())


def _groups(
    slot: Slot, stations: Sequence[Station], booked: Iterable[Booking]
) -> tuple[RotationGroup, ...]:
    parties = [
        Party(
            booking=booking.id,
            pupils=booking.pupils,
            needs=frozenset(need for need, count in booking.access_needs.items() if count),
            here=(slot.starts_at, slot.ends_at),
        )
        for booking in booked
    ]
    return groups_of(parties, limit=max(1, group_limit(slot, stations)), most=len(stations))


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
