from dataclasses import replace

import pytest
from season_factories import a_class_row, a_random_season, a_season, as_file, locked

from blaljus.planner.check import violations
from blaljus.planner.figures import placed
from blaljus.planner.pack import first_plan, pack
from blaljus.planner.plan import Plan, Proof, Solution, crew_cost
from blaljus.planner.problem import FixedSlot
from blaljus.planner.process.areas import NOWHERE, Areas
from blaljus.planner.process.by_area import improve_areas
from blaljus.planner.process.messages import AreaProof
from blaljus.planner.season.season import read_season


def a_country(seed, **other):
    return read_season(as_file(a_random_season(seed=seed, classes=24, areas=2) | other))


def published(problem, plan):
    """Two sessions of a plan as published slots, and what is left to plan."""
    kept = plan.sessions[:2]
    slots = tuple(
        FixedSlot(
            id=n,
            venue=s.venue,
            half_day=s.half_day,
            free_places=0,
            classes=s.classes,
            staff=tuple(member.staff for member in s.crew),
        )
        for n, s in enumerate(kept)
    )
    placed_there = {who for s in kept for who in s.classes}
    classes = tuple(row for row in problem.classes if row.id not in placed_there)
    return replace(problem, fixed=slots, classes=classes)


@pytest.mark.parametrize("seed", range(4))
def test_what_a_sound_plan_holds_of_an_area_is_sound_there(seed):
    problem = a_country(seed)
    problem = published(problem, pack(problem))
    plan = pack(problem)
    areas = Areas(problem)

    for area in (0, 1):
        part = areas.part(plan, area)

        assert violations(part.problem, part.plan) == ()
        assert areas.merged(plan, area, part.plan) == plan


@pytest.mark.parametrize("seed", range(4))
def test_another_sound_plan_of_an_area_is_sound_in_the_whole(seed):
    problem = a_country(seed)
    problem = published(problem, pack(problem))
    plan = first_plan(problem)
    areas = Areas(problem)

    for area in (0, 1):
        part = areas.part(plan, area)
        other = pack(part.problem)
        whole = areas.merged(plan, area, other)

        assert violations(problem, whole) == ()
        saved = crew_cost(part.problem, part.plan) - crew_cost(part.problem, other)
        assert crew_cost(problem, plan) - crew_cost(problem, whole) == saved
        gained = placed(other) - placed(part.plan)
        assert placed(whole) - placed(plan) == gained


def test_locks_and_an_earlier_plan_go_with_their_area():
    problem = a_country(1)
    plan = pack(problem)
    session = plan.sessions[0]
    rows = locked((session.classes[0], session.venue, session.half_day))
    problem = a_country(1, locked=rows)
    areas = Areas(problem)
    home = session.venue % 2

    here, there = areas.part(plan, home), areas.part(plan, 1 - home)

    assert (here.problem.locked, there.problem.locked) == (problem.locked, ())
    assert areas.older(plan, here) == here.plan
    assert areas.older(plan, there) == there.plan


def test_classes_are_counted_where_they_go_first():
    season = a_season(municipalities=[], classes=[a_class_row(1), a_class_row(2, venues=[])])
    row = {"id": 70, "area": 5, "region": 0, "x_km": 0, "y_km": 0}
    season["municipalities"] = [row]
    problem = read_season(as_file(season))

    assert Areas(problem).classes() == {5: 1}
    assert Areas(replace(problem, municipalities=())).classes() == {NOWHERE: 1}


def improved(problem, plan, done=()):
    told, finished = [], []

    def improve(part, base, seconds, better):
        found = pack(part.problem)
        better(found)
        return Solution(plan=found, proof=Proof(crew_cost_at_least=0))

    whole = improve_areas(
        problem,
        plan,
        None,
        seconds=60,
        done=done,
        improve=improve,
        better=lambda area, found: told.append((area, found)),
        finished=lambda proof, found: finished.append((proof, found)),
    )
    return whole, told, finished


def test_areas_are_improved_one_after_the_other():
    problem = a_country(2)
    start = Plan(sessions=(), unplaced=tuple(row.id for row in problem.classes))

    whole, told, finished = improved(problem, start)

    assert [area for area, _ in told] == [proof.area for proof, _ in finished] == [0, 1]
    assert [found for _, found in finished] == [found for _, found in told]
    assert whole == finished[-1][1]
    assert violations(problem, whole) == ()
    assert sum(proof.crew_cost for proof, _ in finished) == crew_cost(problem, whole)
    assert finished[1][0] == AreaProof(
        area=1,
        classes=12,
        placed=finished[1][0].placed,
        placed_at_most=None,
        crew_cost=finished[1][0].crew_cost,
        crew_cost_at_least=0,
    )


def test_areas_that_are_done_are_left_alone():
    problem = a_country(2)
    start = first_plan(problem)

    whole, told, finished = improved(problem, start, done={0, 1})

    assert (whole, told, finished) == (start, [], [])
