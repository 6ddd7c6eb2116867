"""What the exact search minimises, as costs of columns and as a number of a plan."""

from collections import Counter, defaultdict
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass, field
from enum import StrEnum

from blaljus.planner.figures import placed, places
from blaljus.planner.model.answer import HALF
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.roster import Roster
from blaljus.planner.plan import Plan, crew_cost


class Stage(StrEnum):
    """What the search is about. Values are stable: pages show them."""

    COVERAGE = "coverage"
    MOVED = "moved"
    CREW = "crew"
    WANTED = "wanted"
    LOAD = "load"
    WISHES = "wishes"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal: less is better."""

    stage: Stage
    cost: dict[int, int]
    """What each column adds."""
    amount: Callable[[Plan], int]
    """What a plan comes to; at most what its columns add up to."""
    least: int | None = None
    """No plan comes to less, if that is known beforehand."""
    tidy: bool = True
    """Making the model smaller first is worth its time: for few moves it takes 20 times as long."""


Fill = Callable[[MutableSequence[float]], None]
"""Sets the columns of a goal from the others."""


@dataclass(slots=True)
class Goals:
    """Makes the goals of one model; `fills` sets the columns that they added."""

    crewing: Crewing
    roster: Roster
    fills: list[Fill] = field(default_factory=list)

    def coverage(self) -> Goal:
        """Place most classes."""
        seats = self.crewing.seating.seats
        return Goal(
            stage=Stage.COVERAGE,
            cost=dict.fromkeys(seats.values(), -1),
            amount=lambda plan: -placed(plan),
            least=-len({school_class for school_class, _, _ in seats}),
        )

    def moved(self, base: Plan) -> Goal:
        """Leave most classes where an earlier plan has them."""
        facts, old = self.crewing.facts, places(base)
        cost = {
            column: -1
            for (c, venue, half_day), column in self.crewing.seating.seats.items()
            if old.get(facts.classes[c].id) == (facts.venues[venue].id, half_day)
        }

        def amount(plan: Plan) -> int:
            return -sum(old.get(who) == at for who, at in places(plan).items())

        return Goal(stage=Stage.MOVED, cost=cost, amount=amount, least=-len(cost), tidy=False)

    def crew(self) -> Goal:
        """Take least crew from operations."""
        problem = self.crewing.facts.problem
        cost = dict(self.roster.cost)
        return Goal(
            stage=Stage.CREW, cost=cost, amount=lambda plan: crew_cost(problem, plan), least=0
        )

    def wanted(self) -> Goal:
        """Man most stations that may stay empty."""
        places, venue_at = self.crewing.spots.places, self.crewing.facts.venue_at
        manned = self.crewing.seating.manned

        def amount(plan: Plan) -> int:
            return -sum(
                len({m.station for m in s.crew} & set(places[venue_at[s.venue]].wanted))
                for s in plan.sessions
            )

        return Goal(
            stage=Stage.WANTED,
            cost=dict.fromkeys(manned.values(), -1),
            amount=amount,
            least=-len(manned),
        )

    def load(self) -> Goal:
        """Spread the sessions: least sum over staff of sessions squared."""
        model, comes = self.crewing.model, defaultdict(list)
        for (person, _, _), column in self.crewing.comes.items():
            comes[person].append(column)
        cost: dict[int, int] = {}
        steps: dict[int, list[int]] = {}
        for person, columns in comes.items():
            most = min(len(columns), self.crewing.facts.left(person))
            steps[person] = [model.column(whole=False) for _ in range(most)]
            cost |= {column: 2 * step + 1 for step, column in enumerate(steps[person])}
            up = [(column, -1.0) for column in steps[person]]
            model.at_most([*((column, 1.0) for column in columns), *up], 0)

        def fill(values: MutableSequence[float]) -> None:
            for person, columns in steps.items():
                times = sum(values[column] > HALF for column in comes[person])
                for step, column in enumerate(columns):
                    values[column] = step < times

        self.fills.append(fill)
        return Goal(stage=Stage.LOAD, cost=cost, amount=_load)

    def wishes(self) -> Goal:
        """Make most wishes come true, then most first ones."""
        facts = self.crewing.facts
        many = len(facts.classes) + 1
        worth: dict[tuple[int, int], int] = {}
        for row in facts.classes:
            for place, half_day in enumerate(row.wishes):
                worth.setdefault((row.id, half_day), many + (place == 0))
        cost = {
            column: -worth[facts.classes[c].id, half_day]
            for (c, _, half_day), column in self.crewing.seating.seats.items()
            if (facts.classes[c].id, half_day) in worth
        }

        def amount(plan: Plan) -> int:
            return -sum(worth.get((who, s.half_day), 0) for s in plan.sessions for who in s.classes)

        return Goal(stage=Stage.WISHES, cost=cost, amount=amount)

    def perhaps_busy(self) -> Goal:
        """Ask fewest people when they are perhaps busy."""
        busy = {row.id: row.perhaps_busy for row in self.crewing.facts.problem.staff}
        staff = self.crewing.facts.staff
        cost = {
            column: 1
            for (person, _, half_day), column in self.crewing.comes.items()
            if staff[person].perhaps_busy >> half_day & 1
        }

        def amount(plan: Plan) -> int:
            return sum(busy[m.staff] >> s.half_day & 1 for s in plan.sessions for m in s.crew)

        return Goal(stage=Stage.WISHES, cost=cost, amount=amount, least=0)

    def travel(self) -> Goal:
        """Travel least: whole minutes from home to the venue, or to the nearest that it may be."""
        facts = self.crewing.facts
        cost = {}
        for (person, municipality, half_day), column in self.crewing.comes.items():
            spots = self.crewing.spots.cells[municipality, half_day].spots
            cost[column] = min(round(facts.home_minutes(person, venue)) for venue, _ in spots)

        def amount(plan: Plan) -> int:
            return sum(
                round(facts.home_minutes(facts.person_at[m.staff], facts.venue_at[s.venue]))
                for s in plan.sessions
                for m in s.crew
            )

        return Goal(stage=Stage.TRAVEL, cost=cost, amount=amount)


def _load(plan: Plan) -> int:
    times = Counter(member.staff for session in plan.sessions for member in session.crew)
    return sum(number * number for number in times.values())
