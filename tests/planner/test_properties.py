"""What holds for all problems: small random ones, with every kind of station, cap and slot."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from planner.seasons import a_problem, problems

from blaljus.domain.words import Service
from blaljus.planner.advice.explain import StepCode, explain
from blaljus.planner.check import violations
from blaljus.planner.pack import first_plan, improve_plan, pack
from blaljus.planner.packing.board import load
from blaljus.planner.plan import crew_cost
from blaljus.planner.referee.rule import Rule

ROWS = ("classes", "venues", "staff", "fixed", "municipalities", "locked", "pins", "buses")


def as_bytes(plan):
    return json.dumps(asdict(plan)).encode()


@given(problem=problems())
@settings(max_examples=200, deadline=None)
def test_every_plan_passes_the_referee(problem):
    assert violations(problem, pack(problem)) == ()


@given(problem=problems(), reorder=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_same_problem_in_any_order_gives_the_same_plan_to_the_byte(problem, reorder):
    shuffled = replace(
        problem,
        **{
            name: tuple(reorder.sample(rows, len(rows)))
            for name in ROWS
            if (rows := getattr(problem, name)) is not None
        },
    )

    assert as_bytes(pack(problem)) == as_bytes(pack(problem)) == as_bytes(pack(shuffled))


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_every_class_is_placed_or_explained_and_none_could_simply_be_added(problem):
    plan = pack(problem)

    reasons = {why.class_id: why.reason for why in explain(problem, plan)}
    assert set(reasons) == set(plan.unplaced)
    assert StepCode.TIME_LEFT not in reasons.values()


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_half_days_never_come_back_in_an_explanation(problem):
    nothing = replace(pack(problem), sessions=(), unplaced=tuple(c.id for c in problem.classes))

    for why in explain(problem, nothing):
        counts = [step.half_days for step in why.steps]
        assert counts == sorted(counts, reverse=True)
        assert why.reason is StepCode.TIME_LEFT or min(counts) == 0


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_the_packer_keeps_its_books(problem):
    plan = pack(problem)

    board = load(problem, plan)
    assert board.cost == crew_cost(problem, plan)
    assert board.placed == sum(len(session.classes) for session in plan.sessions)


@given(problem=problems(), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_more_tries_never_make_a_plan_worse(problem, seed):
    first = first_plan(problem)
    better = improve_plan(problem, first, tries=10, seed=seed)

    assert violations(problem, first) == violations(problem, better) == ()
    assert worth(problem, better) >= worth(problem, first)
    assert as_bytes(better) == as_bytes(improve_plan(problem, first, tries=10, seed=seed))


def worth(problem, plan):
    return -len(plan.unplaced), -crew_cost(problem, plan)


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_a_new_plan_moves_nobody_when_nothing_has_changed(problem):
    plan = pack(problem)
    again = pack(problem, base=plan)

    assert violations(problem, again) == ()
    assert len(again.unplaced) <= len(plan.unplaced)
    if len(again.unplaced) == len(plan.unplaced):
        assert placements(again) == placements(plan)


def placements(plan):
    return {(c, s.venue, s.half_day) for s in plan.sessions for c in s.classes}


@example(problem=a_problem(seed=2619, classes=4, venues=3, teams=3), away=0)
@example(problem=a_problem(seed=1_165_296_491, classes=3, venues=3, teams=4), away=0)
@given(problem=problems(teams=st.integers(3, 6)), away=st.integers(0, 2**9 - 1))
@settings(max_examples=100, deadline=None)
def test_nobody_moves_at_once_who_can_stay_and_later_no_more_than_that(problem, away):
    base = pack(problem)
    first = problem.staff[0]
    changed = replace(first, free=first.free & ~away, on_call=first.on_call & ~away)
    problem = replace(problem, staff=swapped(problem.staff, changed), locked=())

    first_answer, plan = first_plan(problem, base=base), pack(problem, base=base)
    assert violations(problem, first_answer) == violations(problem, plan) == ()
    stay = {seat for s in base.sessions if not is_disturbed(s, first.id, away) for seat in seats(s)}
    event(f"{len(stay)} could stay")
    assert stay <= placements(first_answer)
    kept = placements(base) & placements(plan), placements(base) & placements(first_answer)
    assert len(plan.unplaced) < len(first_answer.unplaced) or len(kept[0]) >= len(kept[1])


def is_disturbed(session, person, away):
    there = {member.staff for member in session.crew}
    return person in there and away >> session.half_day & 1


def seats(session):
    return {(c, session.venue, session.half_day) for c in session.classes}


def swapped(rows, new):
    return tuple(new if row.id == new.id else row for row in rows)


def by_id(rows, id_):
    return next(row for row in rows if row.id == id_)


def closed_school(problem, session, plan):
    who = by_id(problem.classes, session.classes[0])
    shut = replace(who, blocked=(("studiedag", 1 << session.half_day),))
    return replace(problem, classes=swapped(problem.classes, shut)), plan


def closed_venue(problem, session, plan):
    venue = by_id(problem.venues, session.venue)
    shut = replace(venue, open=venue.open & ~(1 << session.half_day))
    return replace(problem, venues=swapped(problem.venues, shut)), plan


def person_elsewhere(problem, session, plan):
    who = by_id(problem.staff, session.crew[0].staff)
    busy = replace(who, busy=who.busy | 1 << session.half_day)
    return replace(problem, staff=swapped(problem.staff, busy)), plan


def person_away(problem, session, plan):
    who = by_id(problem.staff, session.crew[0].staff)
    away = replace(who, free=0, on_call=0)
    return replace(problem, staff=swapped(problem.staff, away)), plan


def too_small(problem, session, plan):
    venue = by_id(problem.venues, session.venue)
    small = replace(venue, max_groups=0)
    return replace(problem, venues=swapped(problem.venues, small)), plan


def changed(plan, session, **change):
    new = replace(session, **change)
    return replace(plan, sessions=tuple(new if s == session else s for s in plan.sessions))


def nobody_of_a_service(problem, session, plan):
    gone = {p.id for p in problem.staff if p.service is Service.AMBULANCE}
    crew = tuple(member for member in session.crew if member.staff not in gone)
    return problem, changed(plan, session, crew=crew)


def everyone_twice(problem, session, plan):
    return problem, changed(plan, session, crew=session.crew * 2)


def same_session_twice(problem, session, plan):
    return problem, replace(plan, sessions=(*plan.sessions, session))


def forgotten_class(problem, session, plan):
    return problem, changed(plan, session, classes=session.classes[1:])


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (closed_school, Rule.CLASS_NOT_FREE),
        (closed_venue, Rule.VENUE_CLOSED),
        (person_elsewhere, Rule.STAFF_TWICE),
        (person_away, Rule.STAFF_NOT_FREE),
        (too_small, Rule.TOO_MANY_CLASSES),
        (nobody_of_a_service, Rule.SERVICE_MISSING),
        (everyone_twice, Rule.STAFF_TWICE),
        (same_session_twice, Rule.CLASS_TWICE),
        (forgotten_class, Rule.CLASS_NOT_COUNTED),
    ],
)
@given(problem=problems(classes=st.integers(3, 8), teams=st.integers(3, 6)), pick=st.integers(0, 9))
@settings(deadline=None, max_examples=30)
def test_the_referee_catches_a_spoilt_plan(spoil, expected, problem, pick):
    plan = pack(problem)
    new = [session for session in plan.sessions if session.fixed is None]
    event(f"{len(new)} sessions")
    assume(new)

    worse = spoil(problem, new[pick % len(new)], plan)
    assert expected in {violation.rule for violation in violations(*worse)}
