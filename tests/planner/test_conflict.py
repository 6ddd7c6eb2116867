"""Why a class found no time: which rules together, and what single change would help."""

from dataclasses import replace

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from planner.seasons import a_problem, problems

from blaljus.domain.words import Service
from blaljus.planner.advice.changes import changes, made
from blaljus.planner.advice.conflict import conflict, finds_time
from blaljus.planner.advice.ideas import Help, Idea
from blaljus.planner.advice.nearby import nearby
from blaljus.planner.advice.relax import Obstacle, without
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.packing.around import seat_around
from blaljus.planner.packing.board import load
from blaljus.planner.packing.people import bits
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Buses, Lock, Pin


def obstacles(problem, plan=None):
    return set(conflict(problem, plan or Plan(sessions=(), unplaced=(1,)), 1))


@given(problem=problems(classes=st.integers(1, 5)))
@settings(max_examples=30, deadline=None)
def test_each_change_places_the_class_and_keeps_all_others(problem):
    plan = pack(problem)

    known = set(violations(problem, plan))
    for class_id in plan.unplaced:
        for change in changes(problem, plan, class_id):
            event(change.idea.kind)
            after = seated(plan, class_id, change.session)
            assert set(violations(made(problem, class_id, change.idea), after)) <= known
            assert duties(plan) <= duties(after)


def seated(plan, class_id, session):
    """Return the plan with only that session changed: it differs by the class alone."""
    others = tuple(
        s for s in plan.sessions if (s.venue, s.half_day) != (session.venue, session.half_day)
    )
    old = [s for s in plan.sessions if s not in others]
    assert session.fixed is not None or [s.crew for s in old] in ([], [session.crew])
    assert {*session.classes} - {c for s in old for c in s.classes} == {class_id}
    unplaced = tuple(other for other in plan.unplaced if other != class_id)
    return Plan(sessions=(*others, session), unplaced=unplaced)


def duties(plan):
    return {(m.staff, s.venue, s.half_day) for s in plan.sessions for m in s.crew}


@given(problem=problems(classes=st.integers(1, 5)))
@settings(max_examples=12, deadline=None)
def test_without_any_one_of_the_rules_in_conflict_the_class_would_find_a_time(problem):
    plan = pack(problem)

    for class_id in plan.unplaced:
        found = conflict(problem, plan, class_id)
        event(f"{len(found)} rules")
        assert found
        rest = [obstacle for obstacle in Obstacle if obstacle not in found]
        assert not finds_time(problem, plan, class_id, rest)
        for obstacle in found:
            assert finds_time(problem, plan, class_id, [*rest, obstacle])


def test_a_closed_school_is_the_one_rule_in_conflict(make):
    blocked = (("lov", make.ALWAYS),)
    assert obstacles(make.problem(classes=(make.school_class(blocked=blocked),))) == {
        Obstacle.SCHOOL_CLOSED
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"free": 0}, Obstacle.CLASS_TIMES),
        ({"venues": ()}, Obstacle.VENUES),
        ({"pupils": 31}, Obstacle.SIZE),
        ({"language": "so"}, Obstacle.LANGUAGE),
    ],
)
def test_the_class_may_be_in_its_own_way(make, values, expected):
    assert obstacles(make.problem(classes=(make.school_class(**values),))) == {expected}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"resting": (1 << 20) - 1}, Obstacle.RESTING),
        ({"too_late": (1 << 20) - 1}, Obstacle.TOO_LATE),
        ({"busy": (1 << 20) - 1}, Obstacle.BUSY),
        ({"per_week": 0}, Obstacle.CAPS),
        ({"municipalities": frozenset({1266})}, Obstacle.AREA),
        ({"free": 0}, Obstacle.STAFF_TIMES),
        ({"free": 0, "on_call": (1 << 20) - 1}, Obstacle.ON_CALL),
    ],
)
def test_a_person_who_cannot_come_stands_in_the_way_with_the_service(make, values, expected):
    police, *others = make.crew()
    staff = (replace(police, **values), *others)

    assert {expected, Obstacle.POLICE} <= obstacles(make.problem(staff=staff))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"pins": (Pin(staff=9, venue=1),)}, Obstacle.PINS),
        ({"buses": (Buses(municipality=1266, seats=5),)}, Obstacle.BUSES),
    ],
)
def test_what_the_coordinator_asked_for_may_stand_in_the_way(make, values, expected):
    staff = (*make.crew(), make.person(9, Service.POLICE, municipalities=frozenset()))
    classes = (make.school_class(municipality=make.HORBY),)

    assert expected in obstacles(make.problem(staff=staff, classes=classes, **values))


def test_a_lock_where_nobody_can_come_stands_in_the_way(make):
    lock = Lock(school_class=1, venue=1, half_day=0)
    staff = make.crew(free=make.ALWAYS - 1)

    assert Obstacle.LOCK in obstacles(make.problem(staff=staff, locked=(lock,)))


def test_the_other_classes_are_named_when_they_have_all_the_crew(make):
    venues = tuple(make.venue(i, max_groups=1) for i in (1, 2))
    classes = tuple(make.school_class(i, venues=(i,)) for i in (1, 2))
    problem = make.problem(venues=venues, classes=classes, staff=make.crew(per_season=1))
    plan = make.plan(make.session(0, (2,), venue=2), unplaced=(1,))

    assert Obstacle.OTHER_CLASSES in obstacles(problem, plan)


def test_nothing_is_in_conflict_when_a_time_is_left(make):
    assert obstacles(make.problem()) == set()


@pytest.mark.parametrize("ask", [conflict, changes])
def test_only_classes_that_are_left_out_are_explained(make, ask):
    with pytest.raises(ValueError, match="not among the unplaced"):
        ask(make.problem(), make.plan(make.session()), 1)


def helps(problem, plan=None):
    return [c.idea for c in changes(problem, plan or Plan(sessions=(), unplaced=(1,)), 1)]


def test_one_more_half_day_of_the_missing_service_would_help(make):
    ideas = helps(make.problem(staff=make.crew()[:2]))

    assert ideas == [
        Idea(kind=Help.STAFF, half_day=half_day, service=Service.AMBULANCE) for half_day in (0, 10)
    ]


def test_one_more_session_of_someone_with_full_weeks_would_help(make):
    police, *others = make.crew()
    staff = (replace(police, per_week=0), *others)

    assert Idea(kind=Help.PERSON, half_day=0, service=Service.POLICE, staff=1) in helps(
        make.problem(staff=staff)
    )


def test_another_venue_would_help(make):
    venues = (make.venue(1, open=0), make.venue(2))

    ideas = helps(make.problem(venues=venues))
    assert Idea(kind=Help.VENUE, venue=2) in ideas
    assert {idea.half_day for idea in ideas if idea.kind is Help.VENUE_OPENS} == {0, 2, 4}


def test_an_open_school_would_help_and_a_session_to_join_comes_first(make):
    blocked = (("lov", make.ALWAYS),)
    classes = (make.school_class(1, free=0, blocked=blocked), make.school_class(2))
    plan = make.plan(make.session(6, (2,)), unplaced=(1,))

    ideas = helps(make.problem(classes=classes), plan)
    assert [(idea.kind, idea.half_day) for idea in ideas] == [
        (Help.SCHOOL_OPENS, half_day) for half_day in (6, 0, 2)
    ]


def test_a_class_that_could_come_another_day_is_told_so(make):
    ideas = helps(make.problem(classes=(make.school_class(free=0),)))

    assert [idea.kind for idea in ideas] == [Help.CLASS_COMES] * 3
    assert list(bits(sum(1 << idea.half_day for idea in ideas))) == [0, 2, 4]


FAR_AWAY = {Obstacle.AREA, Obstacle.VENUES}


@given(
    problem=problems(classes=st.integers(5, 8), venues=st.integers(3, 5), teams=st.integers(1, 2)),
    gone=st.sets(st.sampled_from([o for o in Obstacle if o not in FAR_AWAY]), max_size=3),
    left_out=st.integers(0, 7),
)
@example(problem=a_problem(13291, 7, 3, 2), gone={Obstacle.ROOM}, left_out=0)
@settings(max_examples=300, deadline=None)
def test_what_is_near_a_class_decides_whether_it_finds_a_time(problem, gone, left_out):
    plan = pack(problem)
    waiting = [row for row in problem.classes if row.id in plan.unplaced]
    for who in waiting[left_out % len(waiting) :][:1] if waiting else ():
        smaller, part = nearby(problem, plan, who)
        event(f"{len(problem.venues) - len(smaller.venues)} venues fewer")

        assert finds(smaller, part, who, gone) == finds(problem, plan, who, gone)


def finds(problem, plan, who, gone):
    for obstacle in Obstacle:
        if obstacle in gone:
            problem, plan = without(problem, plan, who, obstacle)
    board = load(problem, plan)
    return seat_around(board, board.class_at[who.id])
