"""Believes nothing a solver tells: plans pass the referee, bounds are held against them."""

from dataclasses import dataclass, replace
from math import floor

from blaljus.planner.check import violations
from blaljus.planner.figures import Figures, figures
from blaljus.planner.plan import Plan, Proof
from blaljus.planner.process.messages import AreaProof, Job, Told


class LieError(Exception):
    """The solver told something that cannot be true; says what, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The best plan so far, which the referee passed, and what is proved of it."""

    plan: Plan
    proof: Proof
    figures: Figures
    stage: str
    seconds: float
    """Since the start, when the plan or the proof was told."""
    processor_seconds: float = 0.0
    """The same, without what other programs took of the machine."""
    areas: tuple[AreaProof, ...] = ()
    """The police areas that are finished, when the problem is solved area by area."""

    @property
    def is_proved(self) -> bool:
        """Tell whether the plan meets the bounds of the two goals that come first."""
        found, proof = self.figures, self.proof
        if found.moved is not None:
            return (proof.placed_at_most, proof.moved_at_least) == (found.placed, found.moved)
        return (proof.placed_at_most, proof.crew_cost_at_least) == (found.placed, found.crew_cost)


class Judge:
    """Keeps the best plan of one job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.best: Standing | None = None
        self._cheapest: dict[int, int] = {}
        """The least crew cost that is known of plans that place so many classes."""
        self._is_trusted = True
        settled = {who for slot in job.problem.fixed for who in slot.classes}
        self._all = sum(row.id not in settled for row in job.problem.classes)
        self._most = self._all
        """No plan places more classes: all there are, until less is proved."""
        self._areas: tuple[AreaProof, ...] = job.areas
        self._costs: dict[int, int] = {}
        """The crew cost at least, of plans that place so many classes or more."""
        self._fewest: dict[int, int] = {}
        """The least moves that are known of plans that place so many classes."""
        self._moves: dict[int, int] = {}
        """The moves at least, of plans that place so many classes or more."""

    def hear(self, told: Told) -> bool:
        """Take over what is better, and tell whether anything was; raise `LieError` at a lie."""
        before = self.best
        if told.plan is not None:
            self._weigh(told, told.plan)
        if self._is_trusted:
            self._tighten(told)
        self._refute()
        self._restate(told)
        return self.best is not before

    def distrust(self) -> None:
        """Forget every bound, now and later: who lied once has proved nothing."""
        self._is_trusted = False
        self._most = self._all
        self._costs.clear()
        self._moves.clear()
        self._areas = ()
        if self.best is not None:
            self.best = replace(self.best, proof=Proof(placed_at_most=self._all), areas=())

    def _weigh(self, told: Told, plan: Plan) -> None:
        broken = violations(self.job.problem, plan)
        if broken:
            raise LieError(f"a plan that breaks a rule ({broken[0].rule})")
        found = figures(self.job.problem, plan, self.job.base)
        known = self._cheapest.get(found.placed, found.crew_cost)
        self._cheapest[found.placed] = min(known, found.crew_cost)
        if found.moved is not None:
            self._fewest[found.placed] = min(
                self._fewest.get(found.placed, found.moved), found.moved
            )
        if self.best is None or self._is_better(found, self.best.figures):
            self.best = Standing(
                plan=plan,
                proof=Proof(),
                figures=found,
                stage=told.stage,
                seconds=told.seconds,
                processor_seconds=told.processor_seconds,
            )

    def _is_better(self, new: Figures, old: Figures) -> bool:
        if new.placed != old.placed:
            return new.placed > old.placed
        if new.moved is not None and old.moved is not None and new.moved != old.moved:
            return new.moved < old.moved
        if self.job.wish_tolerance:
            return new.crew_cost <= self._allowed(new.placed)
        return _rank(new) < _rank(old)

    def _allowed(self, placed: int) -> int:
        """Return the most crew that may be spent, wishes included."""
        return floor(self._cheapest[placed] * (1 + self.job.wish_tolerance / 100))

    def _tighten(self, told: Told) -> None:
        if told.placed_at_most is not None:
            self._most = min(self._most, told.placed_at_most)
        for bounds, bound in (
            (self._costs, told.crew_cost_at_least),
            (self._moves, told.moved_at_least),
        ):
            if bound is not None:
                bounds[told.placed] = max(bounds.get(told.placed, bound), bound)

    def _refute(self) -> None:
        for placed, cost in self._cheapest.items():
            if placed > self._most:
                raise LieError(f"at most {self._most} classes, where a plan places {placed}")
            least = _least(self._costs, placed)
            if least is not None and cost < least:
                raise LieError(f"crew cost at least {least}, where a plan costs {cost}")
        for placed, moved in self._fewest.items():
            least = _least(self._moves, placed)
            if least is not None and moved < least:
                raise LieError(f"at least {least} classes moved, where a plan moves {moved}")

    def _restate(self, told: Told) -> None:
        if self.best is None:
            return
        placed = self.best.figures.placed
        proof = Proof(
            placed_at_most=self._most,
            crew_cost_at_least=_least(self._costs, placed),
            moved_at_least=_least(self._moves, placed),
        )
        if len(told.areas) > len(self._areas) and self._is_trusted:
            self._areas = told.areas
        if (proof, self._areas) != (self.best.proof, self.best.areas):
            self.best = replace(
                self.best,
                proof=proof,
                areas=self._areas,
                stage=told.stage,
                seconds=told.seconds,
                processor_seconds=told.processor_seconds,
            )


def _least(bounds: dict[int, int], placed: int) -> int | None:
    """Return what every plan comes to that places so many classes."""
    return max((bound for at, bound in bounds.items() if at <= placed), default=None)


def _rank(found: Figures) -> tuple[int, ...]:
    """Return what is least in the better of two plans that place as many classes."""
    return (
        found.crew_cost,
        found.load_squares,
        -found.wish_met,
        -found.first_wish,
        found.travel_minutes,
    )
