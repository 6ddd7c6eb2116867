"""How a plan's duties are spread over people and agencies."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyLoad:
    """The half-days of an agency's people; the median may lie between two."""

    agency: int
    people: int
    half_days: int
    least: int
    middle: float
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """(staff id, half-days) of everyone, and the agencies, both by id."""

    people: tuple[tuple[int, int], ...]
    agencies: tuple[AgencyLoad, ...]


def load_of(problem: Problem, plan: Plan) -> Load:
    """Return the half-days of everyone: the plan's, those of published slots, and others known."""
    taken = {person.id: person.busy for person in problem.staff}
    for slot in problem.fixed:
        for who in slot.staff:
            taken[who] |= 1 << slot.half_day
    planned = Counter(member.staff for session in plan.sessions for member in session.crew)
    half_days = {who: mask.bit_count() + planned[who] for who, mask in taken.items()}
    return spread((person.id, person.agency, half_days[person.id]) for person in problem.staff)


def spread(rows: Iterable[tuple[int, int, int]]) -> Load:
    """Return the load of people, each told as (staff id, agency id, half-days)."""
    people = sorted(rows)
    agencies: dict[int, list[int]] = defaultdict(list)
    for _, agency, half_days in people:
        agencies[agency].append(half_days)
    return Load(
        people=tuple((who, half_days) for who, _, half_days in people),
        agencies=tuple(_agency(id_, counts) for id_, counts in sorted(agencies.items())),
    )


def _agency(id_: int, counts: list[int]) -> AgencyLoad:
    return AgencyLoad(
        agency=id_,
        people=len(counts),
        half_days=sum(counts),
        least=min(counts),
        middle=float(median(counts)),
        most=max(counts),
    )
