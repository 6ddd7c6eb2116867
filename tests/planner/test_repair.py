"""Replacements, moves and re-plans: each is made, and the referee judges what comes of it."""

from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from planner.seasons import SLOTS, problems

from blaljus.domain.words import Service
from blaljus.planner.advice.absence import Absence, replan
from blaljus.planner.advice.amend import moved, replaced
from blaljus.planner.advice.repair import Desk, moves, replacements
from blaljus.planner.advice.substitutes import Bar, Merit
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.problem import FixedSlot, Lock, Pin

rich = problems(classes=st.integers(2, 8), teams=st.integers(2, 6))


def without_pins(problem, person):
    return replace(problem, pins=tuple(pin for pin in problem.pins if pin.staff != person))


def posts(plan):
    return [
        (member.staff, session.venue, session.half_day)
        for session in plan.sessions
        for member in session.crew
    ]


@given(problem=rich)
@settings(max_examples=60, deadline=None)
def test_those_who_can_replace_keep_every_rule_and_no_other_could(problem):
    plan = pack(problem)
    desk = Desk(problem, plan)

    for who, venue, half_day in posts(plan):
        rows = desk.replacements(who, venue, half_day)
        assert len(rows) == len(colleagues(problem, who))
        for row in rows:
            after = replaced(plan, who, row.staff, venue=venue, half_day=half_day)
            is_sound = violations(without_pins(problem, who), after) == ()
            event(f"can: {row.can}")
            assert is_sound is row.can


def colleagues(problem, who):
    service = next(p.service for p in problem.staff if p.id == who)
    return [p for p in problem.staff if p.service is service and p.id != who]


@given(problem=rich)
@settings(max_examples=60, deadline=None)
def test_every_move_keeps_every_rule_and_touches_only_that_class(problem):
    plan = pack(problem)
    desk = Desk(problem, plan)

    for class_id in [c.id for c in problem.classes]:
        found = desk.moves(class_id)
        assert [move.disturbed for move in found] == sorted(move.disturbed for move in found)
        for move in found:
            after = moved(plan, move)
            event("new" if move.crew else "joins")
            assert violations(problem, after) == ()
            assert {c for c, *_ in seats(plan) ^ seats(after)} == {class_id}
            assert disturbed(plan, after) == {*move.asked, *move.released, *move.shifted}


def seats(plan):
    return {(c, s.venue, s.half_day) for s in plan.sessions for c in s.classes}


def disturbed(plan, after):
    return {who for who, *_ in set(posts(plan)) ^ set(posts(after))}


@given(
    problem=rich,
    away=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2**SLOTS - 1)), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_a_plan_around_absences_is_sound_and_asks_nobody_who_is_away(problem, away):
    plan = pack(problem)
    absences = tuple(
        Absence(staff=problem.staff[i % len(problem.staff)].id, half_days=mask) for i, mask in away
    )

    answer = replan(problem, plan, absences)
    assert violations(answer.problem, answer.plan) == ()
    for absence in absences:
        for who, _, half_day in posts(answer.plan):
            assert who != absence.staff or not absence.half_days >> half_day & 1
    gone = seats(answer.base) - seats(answer.plan)
    assert answer.moved == tuple(sorted({c for c, *_ in gone}))
    event(f"{len(answer.moved)} moved, {len(answer.unlocked)} unlocked, {len(answer.stuck)} stuck")


def test_all_reasons_against_a_person_come_at_once(make):
    other = make.person(
        4, Service.POLICE, free=0, municipalities=frozenset({make.HORBY}), resting=1, too_late=1
    )
    problem = make.problem(staff=(*make.crew(), other))

    (row,) = replacements(problem, make.plan(make.session()), 1, 1, 0)
    assert row.bars == (Bar.OUTSIDE_AREA, Bar.NOT_FREE, Bar.RESTING, Bar.TOO_LATE)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"busy": 1}, Bar.BUSY),
        ({"free": 0, "on_call": 1}, Bar.ON_CALL),
        ({"busy": 2, "busy_in": ((1, 1267),), "per_day": 1}, Bar.DAY_FULL),
        ({"busy": 4, "per_week": 1}, Bar.WEEK_FULL),
        ({"busy": 1 << 19, "per_season": 1}, Bar.SEASON_FULL),
        ({"busy": 2}, Bar.LUNCH_GAP),
    ],
)
def test_each_reason_against_a_person_has_its_name(make, values, expected):
    problem = make.problem(staff=(*make.crew(), make.person(4, Service.POLICE, **values)))

    (row,) = replacements(problem, make.plan(make.session()), 1, 1, 0)
    assert row.bars == (expected,)


def test_the_fairest_come_first_and_those_who_cannot_last(make):
    staff = (
        *make.crew(),
        make.person(4, Service.POLICE, free=0),
        make.person(5, Service.POLICE, busy=1 << 9, busy_in=((9, make.HOOR),)),
        make.person(6, Service.POLICE, home=make.HORBY),
        make.person(7, Service.POLICE, home=make.HOOR),
    )
    problem = make.problem(staff=staff, municipalities=make.apart(20))

    rows = replacements(problem, make.plan(make.session()), 1, 1, 0)
    assert [(row.staff, row.duties, row.can) for row in rows] == [
        (7, 0, True),
        (6, 0, True),
        (5, 1, True),
        (4, 0, False),
    ]
    assert rows[0].merits == (Merit.FREE, Merit.LIVES_THERE)
    assert rows[1].km == pytest.approx(20)


def test_the_only_speaker_is_replaced_by_a_speaker(make):
    first, *others = make.crew()
    staff = (
        replace(first, languages=frozenset({"ar"})),
        *others,
        make.person(4, Service.POLICE),
        make.person(5, Service.POLICE, languages=frozenset({"ar"})),
    )
    problem = make.problem(staff=staff, classes=(make.school_class(language="ar"),))

    rows = replacements(problem, make.plan(make.session()), 1, 1, 0)
    assert [(row.staff, row.bars) for row in rows] == [(5, ()), (4, (Bar.LANGUAGE_LOST,))]


def test_someone_in_a_published_slot_can_be_replaced_too(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, staff=(1, 2, 3))
    staff = (*make.crew(), make.person(4, Service.POLICE), make.person(5, Service.RESCUE))
    problem = make.problem(fixed=(slot,), staff=staff)

    (row,) = replacements(problem, make.plan(unplaced=(1,)), 1, 1, 4)
    assert (row.staff, row.can) == (4, True)


@pytest.mark.parametrize(("person", "venue", "half_day"), [(1, 1, 2), (9, 1, 0), (1, 8, 0)])
def test_nobody_replaces_someone_who_is_not_there(make, person, venue, half_day):
    with pytest.raises(ValueError, match=r"person|session"):
        replacements(make.problem(), make.plan(make.session()), person, venue, half_day)


def test_joining_others_disturbs_fewer_than_a_session_of_its_own(make):
    classes = (make.school_class(1), make.school_class(2))
    problem = make.problem(classes=classes)
    plan = make.plan(make.session(0, (1,)), make.session(4, (2,)))

    first, *more = moves(problem, plan, 1)
    assert (first.half_day, first.crew, first.released) == (4, (), (1, 2, 3))
    assert more[0].shifted == (1, 2, 3)
    assert not more[0].asked


def test_new_sessions_are_the_nearest_in_time_and_never_the_one_it_leaves(make):
    plan = make.plan(make.session(4))

    found = moves(make.problem(), plan, 1)
    assert [move.half_day for move in found] == [3, 5, 2, 6, 1, 7]
    assert {move.crew != () for move in found} == {True}


def test_a_locked_class_stays(make):
    problem = make.problem(locked=(Lock(school_class=1, venue=1, half_day=0),))

    assert moves(problem, make.plan(make.session()), 1) == ()


def test_a_class_that_is_not_there_cannot_move(make):
    with pytest.raises(ValueError, match="unknown class 9"):
        moves(make.problem(), make.plan(make.session()), 9)


def test_a_colleague_takes_over_and_no_class_moves(make):
    problem = make.problem(staff=(*make.crew(), make.person(4, Service.POLICE)))

    answer = replan(problem, make.plan(make.session()), [Absence(staff=1, half_days=1)])
    assert (answer.moved, answer.told) == ((), (1, 4))


def test_a_published_slot_is_manned_anew_when_its_class_is_known(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, classes=(1,), staff=(1, 2, 3))
    staff = (*make.crew(), make.person(4, Service.POLICE))
    problem = make.problem(fixed=(slot,), staff=staff)

    answer = replan(problem, make.plan(), [Absence(staff=1, half_days=1 << 4)])
    (session,) = answer.plan.sessions
    assert (session.half_day, [m.staff for m in session.crew]) == (4, [4, 2, 3])
    assert (answer.moved, answer.stuck) == ((), ())


def test_a_published_slot_of_unknown_classes_is_named(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, classes=(99,), staff=(1, 2, 3))

    answer = replan(
        make.problem(fixed=(slot,)), make.plan(unplaced=(1,)), [Absence(staff=1, half_days=1 << 4)]
    )
    assert answer.stuck == (7,)


def test_a_lock_that_nobody_can_man_is_given_up_and_named(make):
    locked = (Lock(school_class=1, venue=1, half_day=0),)
    problem = make.problem(locked=locked, pins=(Pin(staff=1, venue=1),))

    answer = replan(problem, make.plan(make.session()), [Absence(staff=1, half_days=1)])
    assert (answer.unlocked, answer.moved) == ((1,), (1,))
    assert answer.plan.unplaced == ()
