from dataclasses import replace

import pytest
from season_factories import a_class_row, a_season, a_venue_row, as_file

from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession, Proof
from blaljus.planner.process.judge import Judge, LieError
from blaljus.planner.process.messages import AreaProof, Job, Told
from blaljus.planner.season.season import read_season

CREW = tuple(PlannedCrew(station=n, staff=who) for n, who in enumerate((7, 5, 6)))
PROBLEM = read_season(
    as_file(
        a_season(classes=[a_class_row(30, wishes=[1]), a_class_row(31)], venues=[a_venue_row()])
    )
)


def a_plan(*sessions):
    """Each session is (slot, classes)."""
    placed = {who for _, classes in sessions for who in classes}
    return Plan(
        sessions=tuple(
            PlannedSession(venue=9, half_day=slot, classes=classes, crew=CREW)
            for slot, classes in sessions
        ),
        unplaced=tuple(sorted({30, 31} - placed)),
    )


ONE = a_plan((0, (31,)))
APART = a_plan((0, (30,)), (2, (31,)))
SAME_DAY = a_plan((0, (30,)), (1, (31,)))
TOGETHER = a_plan((0, (30, 31)))
WISHED = a_plan((1, (30, 31)))


def told(plan=None, placed=0, **bounds):
    known = sum(len(session.classes) for session in plan.sessions) if plan else placed
    return Told(stage="crew", seconds=1.0, plan=plan, placed=known, **bounds)


def a_judge(**other):
    return Judge(Job(problem=PROBLEM, seconds=1, **other))


def best_of(judge, *plans):
    for plan in plans:
        judge.hear(told(plan))
    return judge.best.plan


@pytest.mark.parametrize(
    ("worse", "better"), [(ONE, APART), (APART, SAME_DAY), (SAME_DAY, TOGETHER), (TOGETHER, WISHED)]
)
def test_the_better_plan_is_kept_whenever_it_comes(worse, better):
    assert best_of(a_judge(), worse, better) == better
    assert best_of(a_judge(), better, worse) == better


def test_an_equal_plan_changes_nothing():
    judge = a_judge()

    assert judge.hear(told(TOGETHER))
    assert not judge.hear(told(TOGETHER))


def test_crew_may_be_spent_on_wishes_up_to_the_tolerance():
    wished = a_plan((1, (30,)), (0, (31,)))
    assert best_of(a_judge(wish_tolerance=66), TOGETHER, wished) == TOGETHER
    assert best_of(a_judge(wish_tolerance=67), TOGETHER, wished) == wished


def test_fewest_classes_move_before_crew_is_spared():
    assert best_of(a_judge(base=APART), TOGETHER, APART) == APART
    assert best_of(a_judge(base=APART), APART, TOGETHER) == APART


def test_fewest_moves_are_proved_like_any_bound():
    judge = a_judge(base=APART)
    judge.hear(told(TOGETHER, placed_at_most=2))
    judge.hear(told(placed=2, moved_at_least=0))

    assert judge.best.proof == Proof(placed_at_most=2, moved_at_least=0)
    assert not judge.best.is_proved

    judge.hear(told(APART))
    assert judge.best.is_proved

    with pytest.raises(LieError, match="at least 1 classes moved, where a plan moves 0"):
        judge.hear(told(placed=1, moved_at_least=1))


def test_bounds_only_ever_get_tighter():
    judge = a_judge()
    judge.hear(told(APART, placed_at_most=3, crew_cost_at_least=5))

    assert judge.best.proof == Proof(placed_at_most=2, crew_cost_at_least=5)

    judge.hear(told(placed=2, placed_at_most=4, crew_cost_at_least=4))
    assert judge.best.proof == Proof(placed_at_most=2, crew_cost_at_least=5)

    judge.hear(told(placed=2, placed_at_most=2, crew_cost_at_least=9))
    assert judge.best.proof == Proof(placed_at_most=2, crew_cost_at_least=9)
    assert not judge.best.is_proved

    judge.hear(told(TOGETHER))
    assert judge.best.is_proved


def test_a_cost_of_many_classes_proves_nothing_of_fewer():
    judge = a_judge()
    judge.hear(told(ONE, crew_cost_at_least=2))

    judge.hear(told(placed=2, crew_cost_at_least=9))
    assert judge.best.proof == Proof(placed_at_most=2, crew_cost_at_least=2)

    judge.hear(told(TOGETHER))
    assert judge.best.proof == Proof(placed_at_most=2, crew_cost_at_least=9)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (told(TOGETHER, placed_at_most=1), None),
        (told(TOGETHER, crew_cost_at_least=10), None),
        (told(TOGETHER), told(placed=1, crew_cost_at_least=10)),
        (told(ONE, placed_at_most=1), told(TOGETHER)),
        (told(APART, crew_cost_at_least=10), told(TOGETHER)),
        (told(TOGETHER), told(replace(TOGETHER, unplaced=(30,)))),
    ],
)
def test_what_a_plan_disproves_is_a_lie_whichever_came_first(first, second):
    judge = a_judge()

    with pytest.raises(LieError):
        _ = [judge.hear(message) for message in (first, second) if message]


def test_a_known_plan_that_was_not_kept_disproves_a_bound_too():
    judge = a_judge(base=APART)
    best_of(judge, APART, TOGETHER)

    with pytest.raises(LieError, match="crew cost at least 10, where a plan costs 9"):
        judge.hear(told(placed=2, crew_cost_at_least=10))


def test_no_more_classes_are_possible_than_there_are():
    judge = a_judge()
    judge.hear(told(ONE))

    assert judge.best.proof == Proof(placed_at_most=2)


def test_finished_areas_are_kept_and_told_like_a_better_plan():
    area = AreaProof(
        area=1, classes=2, placed=2, placed_at_most=2, crew_cost=9, crew_cost_at_least=9
    )
    judge = a_judge()
    judge.hear(told(TOGETHER))

    assert judge.hear(told(placed=2, areas=(area,)))
    assert not judge.hear(told(placed=2))
    assert judge.best.areas == (area,)


def test_who_lied_is_never_believed_again():
    judge = a_judge()
    judge.hear(told(TOGETHER, placed_at_most=2, crew_cost_at_least=9))

    judge.distrust()
    judge.hear(told(placed=2, placed_at_most=1, crew_cost_at_least=9))

    assert (judge.best.plan, judge.best.proof) == (TOGETHER, Proof(placed_at_most=2))
