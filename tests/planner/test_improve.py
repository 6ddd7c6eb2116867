"""The improvement passes, each on a plan that is sound but not good."""

from dataclasses import replace

import pytest

from blaljus.planner.check import violations
from blaljus.planner.pack import to_plan
from blaljus.planner.packing.board import Board, load
from blaljus.planner.packing.cover import Cover
from blaljus.planner.packing.fair import even_load
from blaljus.planner.packing.improve import Improver
from blaljus.planner.problem import FixedSlot


def begun(problem, plan):
    board = Board(problem)
    cover = Cover(board)
    board.enter(plan)
    return board, Improver(board, cover)


@pytest.fixture
def improved(make):
    """Run one pass on a plan; give back the plan it became, still sound."""

    def run(problem, plan, name, tries=50):
        assert violations(problem, plan) == ()
        board, improver = begun(problem, plan)
        getattr(improver, name)(tries)
        better = to_plan(board)
        assert violations(problem, better) == ()
        return better

    return run


def one_place_each(make, **other):
    venues = tuple(make.venue(i, max_groups=1) for i in (1, 2))
    return make.problem(venues=venues, **other)


def test_a_class_that_can_go_elsewhere_gives_up_its_place(make, improved):
    classes = (make.school_class(1), make.school_class(2, free=0b01))
    problem = one_place_each(make, classes=classes)

    better = improved(problem, make.plan(make.session(0), unplaced=(2,)), "make_room")
    assert better == make.plan(make.session(0, classes=(2,)), make.session(1, classes=(1,)))


def test_a_session_that_can_be_held_later_gives_up_its_crew(make, improved):
    classes = (make.school_class(1), make.school_class(2, free=0b01, venues=(2,)))
    problem = one_place_each(make, classes=classes)

    better = improved(problem, make.plan(make.session(0), unplaced=(2,)), "make_room")
    assert better == make.plan(make.session(0, classes=(2,), venue=2), make.session(1))


def test_what_does_not_help_is_undone(make, improved):
    classes = (make.school_class(1, free=0b01), make.school_class(2, free=0b01, venues=(1, 2)))
    plan = make.plan(make.session(0), unplaced=(2,))

    assert improved(one_place_each(make, classes=classes), plan, "make_room") == plan


def test_no_pass_tries_more_than_it_may(make, improved):
    classes = (make.school_class(1), make.school_class(2, free=0b01))
    plan = make.plan(make.session(0), unplaced=(2,))

    assert improved(one_place_each(make, classes=classes), plan, "make_room", tries=0) == plan


def test_two_sessions_become_one(make, improved):
    problem = make.problem(classes=(make.school_class(1), make.school_class(2)))
    plan = make.plan(make.session(0), make.session(4, classes=(2,)))

    better = improved(problem, plan, "drop_sessions")
    assert better == make.plan(make.session(4, classes=(1, 2)))


def test_a_half_day_barred_for_one_try_is_open_afterwards(make):
    problem = make.problem(classes=(make.school_class(1), make.school_class(2)))
    board, improver = begun(problem, make.plan(make.session(0), make.session(4, classes=(2,))))

    improver.drop_sessions(50)
    assert board.sites[0].open == make.ALWAYS & ~(1 << 4)


def test_two_schools_meet_at_the_shared_venue_when_neither_gains_alone(make, improved):
    venues = tuple(make.venue(i) for i in (1, 2, 3))
    classes = tuple(make.school_class(i, venues=(i, 3)) for i in (1, 2))
    problem = make.problem(venues=venues, classes=classes)
    plan = make.plan(make.session(0), make.session(1, classes=(2,), venue=2))

    assert improved(problem, plan, "drop_sessions") == plan
    (session,) = improved(problem, plan, "shuffle").sessions
    assert (session.venue, session.classes) == (3, (1, 2))


def evened(problem, plan):
    assert violations(problem, plan) == ()
    board = load(problem, plan)
    cost = board.cost
    even_load(board)
    assert board.cost <= cost
    return to_plan(board)


def two_crews(make, **second):
    others = (make.person(p.id + 3, p.service, **second) for p in make.crew())
    return (*make.crew(), *others)


def one_session_each(make, staff, *half_days):
    classes = tuple(make.school_class(i) for i in range(len(half_days)))
    sessions = (make.session(t, classes=(i,)) for i, t in enumerate(half_days))
    return make.problem(classes=classes, staff=staff), make.plan(*sessions)


def crews(plan):
    return [tuple(member.staff for member in session.crew) for session in plan.sessions]


def test_one_of_two_days_is_handed_over(make):
    problem, plan = one_session_each(make, two_crews(make), 0, 2)

    assert sorted(crews(evened(problem, plan))) == [(1, 2, 3), (4, 5, 6)]


def test_a_whole_day_is_handed_over_whole(make):
    problem, plan = one_session_each(make, two_crews(make), 0, 1, 10, 11)

    first, second, third, fourth = crews(evened(problem, plan))
    assert (first, third) == (second, fourth)
    assert {first, third} == {(1, 2, 3), (4, 5, 6)}


def test_the_afternoon_of_who_is_there_anyway_is_not_handed_over(make):
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=0, staff=(1, 2, 3))
    problem, plan = one_session_each(make, two_crews(make), 1, 4)
    problem = replace(problem, fixed=(slot,))

    assert crews(evened(problem, plan)) == [(1, 2, 3), (4, 5, 6)]


@pytest.mark.parametrize("second", [{"free": 0}, {"free": 0b01}, {"municipalities": frozenset()}])
def test_nothing_is_handed_to_who_cannot_come_all_day(make, second):
    problem, plan = one_session_each(make, two_crews(make, **second), 0, 1)

    assert evened(problem, plan) == plan


def test_nothing_is_handed_to_who_is_perhaps_busy_but_by_who_is_so_too(make):
    staff = two_crews(make, perhaps_busy=0b001)
    problem, plan = one_session_each(make, staff, 0, 2)
    both = replace(problem, staff=tuple(replace(person, perhaps_busy=0b101) for person in staff))

    assert crews(evened(problem, plan)) == [(1, 2, 3), (4, 5, 6)]
    assert crews(evened(both, plan)) == [(4, 5, 6), (1, 2, 3)]


def test_nothing_is_handed_to_who_is_only_on_call(make):
    staff = two_crews(make, free=0, on_call=make.ALWAYS)
    problem, plan = one_session_each(make, staff, 0, 2)
    near = make.venue(stations=make.three_stations(on_call_allowed=True))
    problem = replace(problem, venues=(near,))

    assert evened(problem, plan) == plan
