"""Why a class found no time: how its half-days dwindle, step by step.

It says where the half-days went, never that no plan could place the class: only a proof says that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from operator import or_

from blaljus.domain.words import Service
from blaljus.planner.packing.board import Board, load
from blaljus.planner.packing.crew import could_hold
from blaljus.planner.packing.people import bits, tally
from blaljus.planner.packing.site import fits
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem, ProblemClass


class StepCode(StrEnum):
    """What each step asks of the half-days that the steps before left. Values are stable."""

    SEASON = "season"
    SCHOOL_OPEN = "school-open"
    CLASS_FREE = "class-free"
    VENUE_OPEN = "venue-open"
    PUPILS = "pupils"
    """Of the open venues one takes a class of that size."""
    POLICE = "police"
    RESCUE = "rescue"
    AMBULANCE = "ambulance"
    PARTNER = "partner"
    TOGETHER = "together"
    """All required stations find their staff at one and the same venue."""
    CAPACITY = "capacity"
    """The other classes of the plan leave that staff, or a place in a session."""
    TIME_LEFT = "time-left"
    """Only as a reason: every step left something, so the class can be placed after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many half-days are left when this has been asked too."""

    code: StepCode
    half_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The steps for one class; `reason` is the first that left no half-day."""

    class_id: int
    steps: tuple[Step, ...]
    reason: StepCode


def explain(problem: Problem, plan: Plan) -> tuple[WhyNot, ...]:
    """Return one explanation for each unplaced class of the plan, by class id."""
    table = _Table(problem, plan)
    classes = {row.id: row for row in problem.classes}
    return tuple(_why_not(table, classes[class_id]) for class_id in sorted(plan.unplaced))


def _why_not(table: "_Table", school_class: ProblemClass) -> WhyNot:
    steps: list[Step] = []
    left = -1
    for code, mask in table.masks(school_class):
        left &= mask
        steps.append(Step(code=code, half_days=left.bit_count()))
    reason = next((step.code for step in steps if step.half_days == 0), StepCode.TIME_LEFT)
    return WhyNot(class_id=school_class.id, steps=tuple(steps), reason=reason)


class _Table:
    """What each venue offers, before this plan and after it. Venues go by position."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.before = Board(problem)
        self.after = load(problem, plan)
        self.venues = sorted(problem.venues, key=lambda venue: venue.id)
        self.position = {venue.id: index for index, venue in enumerate(self.venues)}
        self.closed = [0] * len(self.venues)
        self.published = [0] * len(self.venues)
        self._read_published()
        self.staffed = cache(self._staffed)

    def masks(self, who: ProblemClass) -> Iterator[tuple[StepCode, int]]:
        """Yield what each step leaves by itself; the caller intersects them."""
        venues = [self.position[venue] for venue in who.venues]
        fitting = [v for v in venues if fits(who, self.venues[v])]
        yield StepCode.SEASON, self.before.people.season
        yield StepCode.SCHOOL_OPEN, ~_union(mask for _, mask in who.blocked)
        yield StepCode.CLASS_FREE, who.free
        yield StepCode.VENUE_OPEN, _union(self._with(v, -1) for v in venues)
        yield StepCode.PUPILS, _union(self._with(v, -1) for v in fitting)
        for service in self.problem.services:
            offers = (self._with(v, self.staffed(self.before, v, service)) for v in fitting)
            yield StepCode(service.value), _union(offers)
        together = (self._with(v, self._crewed(self.before, v)) for v in fitting)
        yield StepCode.TOGETHER, _union(together)
        yield StepCode.CAPACITY, _union(self._left(who, v) for v in fitting)

    def _read_published(self) -> None:
        staff = {person.id: person.service for person in self.problem.staff}
        for slot in self.problem.fixed:
            venue, bit = self.position[slot.venue], 1 << slot.half_day
            self.closed[venue] |= bit
            if {staff[person] for person in slot.staff} >= set(self.problem.services):
                self.published[venue] |= bit

    def _with(self, venue: int, mask: int) -> int:
        """Return a mask within the venue's open half-days, and its published slots."""
        open_now = self.venues[venue].open & ~self.closed[venue]
        return (open_now & mask) | self.published[venue]

    def _crewed(self, board: Board, venue: int) -> int:
        """Return when every required station finds its staff."""
        site, mask = board.sites[venue], -1
        for service in {need.service for need in site.needs} | set(self.problem.services):
            mask &= self.staffed(board, venue, service)
        return mask

    def _left(self, who: ProblemClass, venue: int) -> int:
        """Return when a new session finds its staff, or a planned one has a place left."""
        board = self.after
        school_class = board.class_at.get(who.id)
        if school_class is None:
            return 0
        rooms = [t for t in board.held[venue] if board.may_join(school_class, (venue, t))]
        free = board.free[school_class] & board.sites[venue].open & self._crewed(board, venue)
        new = (t for t in bits(free) if could_hold(board, (venue, t), school_class))
        return sum(1 << t for t in {*rooms, *new})

    def _staffed(self, board: Board, venue: int, service: Service) -> int:
        """Return when the stations of one service find their staff; never if there are none."""
        site, people = board.sites[venue], board.people
        need = next((n for n in site.needs if n.service is service and n.agency is None), None)
        if need is None:
            return 0
        pool = people.pools.get((site.municipality, service), [])
        able = {p: people.may_go(p, site.municipality) for p in pool}
        strict = (mask & people.staff[p].free for p, mask in able.items())
        everyone = tally(able.values(), need.people)[need.people]
        return everyone & tally(strict, need.people)[need.not_on_call]


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)
