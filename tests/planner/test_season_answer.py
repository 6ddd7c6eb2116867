import json

import pytest
from season_factories import a_class_row, a_season, as_file, locked

from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession, Proof, Solution
from blaljus.planner.season.answer import read_answer, write_answer
from blaljus.planner.season.reading import SeasonError
from blaljus.planner.season.season import read_season

CREW = tuple(PlannedCrew(station=n, staff=who) for n, who in enumerate((7, 5, 6)))
BOTH = Plan(
    sessions=(PlannedSession(venue=9, half_day=2, classes=(30, 31), crew=CREW),), unplaced=()
)
ANSWER = {
    "placements": [{"class": 30, "venue": 9, "slot": 2}, {"class": 31, "venue": 9, "slot": 2}],
    "crews": [{"venue": 9, "slot": 2, "staff": [5, 6, 7]}],
}


@pytest.mark.parametrize(
    ("bounds", "status"),
    [
        ((2, 9), "optimal"),
        ((3, 9), "feasible"),
        ((2, 8), "feasible"),
        ((2, None), "feasible"),
        ((None, None), "feasible"),
    ],
)
def test_an_answer_is_called_optimal_only_when_it_meets_both_bounds(bounds, status):
    problem = read_season(as_file(a_season()))
    proof = Proof(placed_at_most=bounds[0], crew_cost_at_least=bounds[1])

    written = json.loads(write_answer(problem, Solution(plan=BOTH, proof=proof)))

    said = dict(zip(("placed_upper_bound", "crew_cost_lower_bound"), bounds, strict=True))
    assert written == ANSWER | {"proof": {**said, "status": status}}


def test_an_answer_is_read_back_as_the_plan_it_was():
    problem = read_season(as_file(a_season()))

    base = read_answer(problem, write_answer(problem, Solution(plan=BOTH, proof=Proof())))

    assert (base.plan, base.left_out) == (BOTH, 0)


def test_what_has_left_the_problem_is_left_out_of_an_earlier_answer():
    problem = read_season(as_file(a_season(classes=[a_class_row(31)], staff=[])))

    base = read_answer(problem, as_file(ANSWER))

    session = PlannedSession(venue=9, half_day=2, classes=(31,), crew=())
    assert (base.plan, base.left_out) == (Plan(sessions=(session,), unplaced=()), 4)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({"placements": []}, "crews: is missing"),
        ({"placements": [{"class": 30}], "crews": []}, "placements[0].venue: is missing"),
        (
            {**ANSWER, "placements": locked((1, 9, 0))},
            "placements: not one is of a class and a venue of this problem",
        ),
        (
            {**ANSWER, "placements": locked((30, 9, 0), (30, 9, 1))},
            "placements[1]: class 30 is placed twice",
        ),
    ],
)
def test_a_wrong_earlier_answer_is_refused_with_the_place(answer, line):
    with pytest.raises(SeasonError) as caught:
        read_answer(read_season(as_file(a_season())), as_file(answer))

    assert caught.value.lines == (line,)
