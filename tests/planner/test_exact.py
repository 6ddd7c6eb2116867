"""The exact solver against trying everything, and what it must do whatever the problem."""

import json
import random
import threading
from dataclasses import asdict, replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from planner.brute import best
from planner.seasons import problems

from blaljus.domain.words import Service
from blaljus.planner.check import violations
from blaljus.planner.exact import Highs, solve
from blaljus.planner.figures import figures, placed
from blaljus.planner.model import search
from blaljus.planner.model.linear import Linear
from blaljus.planner.model.search import Search
from blaljus.planner.model.solver import Outcome
from blaljus.planner.pack import first_plan, pack
from blaljus.planner.plan import Plan, Proof, Solution, crew_cost
from blaljus.planner.problem import Lock

SHORT = 0b111
"""An afternoon and a whole day: all that trying everything can stand."""


def solved(problem, start=None, **how):
    start = pack(problem) if start is None else start
    how = {"seconds": 20, "seed": 1, "report": lambda _: None, **how}
    return solve(problem, start, **how)


def nothing(problem):
    settled = {who for slot in problem.fixed for who in slot.classes}
    waiting = sorted(row.id for row in problem.classes if row.id not in settled)
    return Plan(sessions=(), unplaced=tuple(waiting))


def as_bytes(solution):
    return json.dumps(asdict(solution)).encode()


def shortened(problem, more):
    """Return a short season with few people, most of whom can come, without locks."""
    rng = random.Random(more)  # noqa: S311 -- repeatable, no secret
    people = sorted(problem.staff, key=lambda person: (rng.random(), person.id))
    first = {person.service: person for person in reversed(people)}
    rest = [person for person in people if person not in first.values()]
    few = [*first.values(), *rest[: rng.choice([0, 1, 2])]]
    ids = {person.id for person in few}
    return replace(
        problem,
        locked=(),
        venues=tuple(replace(row, open=SHORT) for row in problem.venues),
        classes=tuple(replace(row, free=row.free | rng.choice([3, 7])) for row in problem.classes),
        staff=tuple(person if rng.random() < 0.2 else willing(person) for person in few),
        fixed=tuple(
            replace(slot, staff=tuple(who for who in slot.staff if who in ids))
            for slot in problem.fixed
        ),
        pins=tuple(pin for pin in problem.pins if pin.staff in ids),
    )


def willing(person):
    everywhere = frozenset({1, 2, 3})
    return replace(
        person, free=person.free | 5, too_late=0, resting=0, busy=0, municipalities=everywhere
    )


small = problems(classes=st.integers(1, 3), venues=st.integers(1, 2), teams=st.integers(1, 2))


@given(problem=st.builds(shortened, small, st.integers(0, 2**32)))
@settings(max_examples=100, deadline=None)
def test_it_finds_and_proves_what_trying_everything_finds(problem):
    solution = solved(problem)

    most, cost = best(problem)
    event(f"{most} placed")
    assert violations(problem, solution.plan) == ()
    assert (placed(solution.plan), crew_cost(problem, solution.plan)) == (most, cost)
    assert solution.proof == Proof(placed_at_most=most, crew_cost_at_least=cost)


@pytest.mark.parametrize(("km", "most"), [(30, 2), (60, 1)])
def test_a_crew_that_cannot_get_there_over_lunch_is_proved_to_serve_one_place_a_day(make, km, most):
    both = frozenset({make.HOOR, make.HORBY})
    problem = make.problem(
        venues=(make.venue(1), make.venue(2, municipality=make.HORBY)),
        classes=(make.school_class(1, free=0b11), make.school_class(2, venues=(2,), free=0b11)),
        staff=make.crew(municipalities=both),
        municipalities=make.apart(km),
    )

    solution = solved(problem)

    assert (placed(solution.plan), solution.proof.placed_at_most) == (most, most)


@given(problem=problems(teams=st.integers(1, 6)))
@settings(max_examples=25, deadline=None)
def test_every_plan_on_the_way_passes_the_referee_and_none_is_worse_than_the_one_before(problem):
    told = []
    start = pack(problem)
    solution = solved(problem, start, report=told.append)

    plans = [report.plan for report in told if report.plan is not None]
    worth = [(-placed(plan), crew_cost(problem, plan)) for plan in plans]
    assert [violations(problem, plan) for plan in plans] == [()] * len(plans)
    assert worth == sorted(worth, reverse=True)
    assert plans[0] == start
    assert plans[-1] == solution.plan
    assert solution.proof == Proof(placed_at_most=-worth[-1][0], crew_cost_at_least=worth[-1][1])
    assert told[-1].placed_at_most == told[-1].placed


@given(problem=problems(), reorder=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_same_rows_in_any_order_give_the_same_plan_to_the_byte(problem, reorder):
    rows = ("classes", "venues", "staff", "fixed", "municipalities", "locked", "pins", "buses")
    shuffled = replace(
        problem,
        **{
            name: tuple(reorder.sample(given, len(given)))
            for name in rows
            if (given := getattr(problem, name))
        },
    )

    assert as_bytes(solved(problem)) == as_bytes(solved(shuffled))


@given(problem=problems(teams=st.integers(2, 6)))
@settings(max_examples=15, deadline=None)
def test_where_it_begins_makes_no_difference_to_what_is_proved(problem):
    problem = replace(problem, locked=())

    assert solved(problem, nothing(problem)).proof == solved(problem, first_plan(problem)).proof


@given(problem=problems(teams=st.integers(2, 6)))
@settings(max_examples=25, deadline=None)
def test_a_new_plan_moves_nobody_when_nothing_has_changed(problem):
    base = solved(problem).plan
    again = solved(problem, nothing(problem), base=base)

    assert violations(problem, again.plan) == () or problem.locked
    assert figures(problem, again.plan, base).moved == 0 or problem.locked
    assert again.proof.crew_cost_at_least is None
    assert again.proof.moved_at_least in ({0, None} if problem.locked else {0})


@given(problem=problems(teams=st.integers(3, 6)), away=st.integers(0, 2**9 - 1))
@settings(max_examples=25, deadline=None)
def test_fewest_classes_move_when_somebody_is_away(problem, away):
    problem = replace(problem, locked=())
    base = solved(problem).plan
    first = problem.staff[0]
    gone = replace(first, free=first.free & ~away, on_call=first.on_call & ~away)
    problem = replace(problem, staff=(gone, *problem.staff[1:]))

    quick, solution = pack(problem, base=base), solved(problem, base=base)
    least, least_moved = solution.plan, solution.proof.moved_at_least
    fresh = figures(problem, solved(problem).plan, base)
    found = figures(problem, least, base)
    assert violations(problem, least) == ()
    assert found.placed == fresh.placed
    assert found.moved <= fresh.moved
    assert least_moved == found.moved
    if placed(quick) == found.placed:
        assert found.moved <= figures(problem, quick, base).moved


@given(problem=problems(teams=st.integers(2, 6)), tolerance=st.sampled_from([10, 50]))
@settings(max_examples=25, deadline=None)
def test_wishes_may_cost_so_much_more_crew_and_no_more(problem, tolerance):
    problem = replace(problem, locked=())
    strict, kind = solved(problem), solved(problem, wish_tolerance=tolerance)

    before, after = figures(problem, strict.plan), figures(problem, kind.plan)
    assert violations(problem, kind.plan) == ()
    assert kind.proof == strict.proof
    assert after.placed == before.placed
    assert after.crew_cost <= before.crew_cost * (100 + tolerance) // 100
    assert (after.wish_met, after.first_wish) >= (before.wish_met, before.first_wish)


class Liar(Highs):
    """Claims to have proved more than there is."""

    def minimise(self, *what, **how):
        found = super().minimise(*what, **how)
        return replace(found, at_least=(found.at_least or 0) + 1)


@pytest.mark.parametrize("tolerance", [0, 10])
def test_who_is_perhaps_busy_comes_only_where_anything_else_would_cost_more(make, tolerance):
    crew = make.crew(free=0b11, perhaps_busy=0b01)
    problem = make.problem(staff=crew)
    worst = make.plan(make.session(0))
    wished = replace(problem, classes=(make.school_class(wishes=(0,)),))

    def half_day(asked):
        (session,) = solved(asked, worst, wish_tolerance=tolerance).plan.sessions
        return session.half_day

    assert half_day(problem) == 1
    assert half_day(wished) == 0


def searching(problem, solver, start=None):
    return Search(
        problem,
        start or nothing(problem),
        seconds=20,
        base=None,
        wish_tolerance=0,
        solver=solver,
        report=lambda _: None,
    )


def searched(problem, solver, start=None):
    return searching(problem, solver, start).run()


def test_a_bound_that_a_plan_disproves_is_not_stated(make):
    two = make.problem(classes=(make.school_class(1), make.school_class(2, free=0)))

    assert searched(two, Highs(1)).proof == Proof(placed_at_most=1, crew_cost_at_least=9)
    assert searched(two, Liar(1)).proof == Proof()


def two_towns(make):
    """Return a problem of two towns that each could do with one session, and a plan of two each."""
    towns = ((make.HOOR, 1, (1, 2, 3)), (make.HORBY, 2, (4, 5, 6)))
    services = (Service.POLICE, Service.RESCUE, Service.AMBULANCE)
    problem = make.problem(
        venues=tuple(
            make.venue(venue, municipality=town, groups_per_crew=2, max_groups=2)
            for town, venue, _ in towns
        ),
        classes=tuple(
            make.school_class(10 * venue + n, venues=(venue,))
            for _, venue, _ in towns
            for n in (1, 2)
        ),
        staff=tuple(
            make.person(who, service, municipalities=frozenset({town}))
            for town, _, team in towns
            for who, service in zip(team, services, strict=True)
        ),
        municipalities=make.apart(30),
    )
    sessions = [
        make.session(half_day=2 * n, classes=(10 * venue + n,), venue=venue, staff=team)
        for _, venue, team in towns
        for n in (1, 2)
    ]
    return problem, make.plan(*sessions)


class Weary(Highs):
    """Finds nothing where it works alone; towns have to be searched beside."""

    def minimise(self, *what, **how):
        if threading.current_thread() is threading.main_thread():
            return Outcome(values=None, at_least=0)
        return super().minimise(*what, **how)


def test_what_is_found_beside_counts_where_the_whole_is_not_proved(make, monkeypatch):
    monkeypatch.setattr(search, "CORES", 2)
    problem, start = two_towns(make)

    found = searched(problem, Weary(1), start)

    assert violations(problem, found.plan) == ()
    assert crew_cost(problem, found.plan) < crew_cost(problem, start)


def test_with_one_core_nothing_is_searched_beside(make, monkeypatch):
    monkeypatch.setattr(search, "CORES", 1)
    problem, start = two_towns(make)

    assert searched(problem, Weary(1), start).plan == start


class Waiting(Weary):
    """Proves the whole, and beside it waits to be told that this is enough."""

    whole = 10**9
    waited = False

    def minimise(self, model, *what, enough=None, **how):
        if enough is not None:
            self.waited |= enough.wait(60)
        elif len(model.lower) >= self.whole:
            return Highs.minimise(self, model, *what, **how)
        return super().minimise(model, *what, enough=enough, **how)


def test_what_is_searched_beside_ends_once_the_whole_is_proved(make, monkeypatch):
    monkeypatch.setattr(search, "CORES", 2)
    problem, start = two_towns(make)
    solver = Waiting(1)
    looking = searching(problem, solver, start)
    solver.whole = len(looking.model.lower)

    assert looking.run().proof.crew_cost_at_least is not None
    assert solver.waited


class Failing(Waiting):
    """Breaks down over the whole, while towns are searched beside."""

    def minimise(self, model, *what, enough=None, **how):
        if enough is None and len(model.lower) >= self.whole:
            raise ValueError("broken")
        return super().minimise(model, *what, enough=enough, **how)


def test_an_error_over_the_whole_does_not_wait_for_the_towns(make, monkeypatch):
    monkeypatch.setattr(search, "CORES", 2)
    problem, start = two_towns(make)
    solver = Failing(1)
    looking = searching(problem, solver, start)
    solver.whole = len(looking.model.lower)

    with pytest.raises(ValueError, match="broken"):
        looking.run()
    assert solver.waited


def market_split():
    """Return a small problem that takes a solver very long: sums that should be even."""
    rng = random.Random(1)  # noqa: S311 -- repeatable, no secret
    model = Linear()
    columns = [model.column() for _ in range(40)]
    over = [model.column(1000, whole=False) for _ in range(5)]
    for more in over:
        weights = [(column, float(rng.randrange(100))) for column in columns]
        half = sum(weight for _, weight in weights) // 2
        model.at_most([*weights, (more, -1.0)], half)
        model.at_least([*weights, (more, 1.0)], half)
    return model, dict.fromkeys(over, 1)


def test_a_solver_that_is_told_enough_ends(make):
    enough = threading.Event()
    model, cost = market_split()
    ended = threading.Event()

    def work():
        Highs(1).minimise(model, cost, None, 600, lambda _: None, enough=enough)
        ended.set()

    threading.Thread(target=work, daemon=True).start()
    assert not ended.wait(1)
    enough.set()
    assert ended.wait(30)


def test_a_model_that_the_solver_refuses_is_an_error_not_a_plan():
    model = Linear()
    model.column()
    model.columns.append(7)
    model.values.append(1.0)
    model.starts.append(1)
    model.row_lower.append(0.0)
    model.row_upper.append(1.0)

    with pytest.raises(ValueError, match="refuses"):
        Highs(1).minimise(model, {}, [], 1, lambda _: None)


def test_a_lock_that_cannot_be_kept_leaves_everything_as_it_was(make):
    lock = Lock(school_class=1, venue=1, half_day=3)
    problem = make.problem(classes=(make.school_class(free=1),), locked=(lock,))

    assert solved(problem, nothing(problem)) == Solution(plan=nothing(problem), proof=Proof())


def test_no_time_is_no_time(make):
    """A limit below zero would be refused by HiGHS, which then knows no limit at all."""
    model = Linear()
    columns = [model.column() for _ in range(3)]
    model.at_least([(column, 1.0) for column in columns], 1)

    assert Highs(1).reduced_costs(model, {0: 1}, -1.0) is None
