"""What holds for all problems: small random ones, with every kind of station, cap and slot."""

import json
import random
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from blaljus.domain.words import REQUIRED_SERVICES, Half, Service, VenueKind
from blaljus.planner.board import load
from blaljus.planner.check import violations
from blaljus.planner.explain import StepCode, explain
from blaljus.planner.pack import pack
from blaljus.planner.plan import crew_cost
from blaljus.planner.problem import (
    FixedSlot,
    HalfDay,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)
from blaljus.planner.rule import Rule

SEASON = tuple(
    HalfDay(date(2027, 1, 13) + timedelta(days=d), half)
    for d in (0, 1, 2, 5, 6)
    for half in (Half.FM, Half.EM)
)[1:]
"""Five days in two weeks; the first morning is past."""

SLOTS = len(SEASON)


def mask(rng, share):
    """Return a mask that holds about `share` of the half-days."""
    return sum(1 << i for i in range(SLOTS) if rng.random() < share)


def stations(rng):
    """The three promised services, often a bus, sometimes a second police station; seldom a gap."""
    services = [*REQUIRED_SERVICES, *rng.choices([Service.PARTNER, Service.POLICE], k=2)]
    services = services[: rng.choice([3, 4, 5])]
    if rng.random() < 0.05:
        services.remove(Service.RESCUE)
    return tuple(
        ProblemStation(
            service=service,
            staff_needed=rng.choice([1] * 8 + [2, 0]),
            max_pupils=rng.choice([30] * 9 + [20]),
            on_call_allowed=rng.random() < 0.5,
            required=rng.random() < 0.5,
        )
        for service in services
    )


def a_venue(rng, id_):
    return ProblemVenue(
        id=id_,
        kind=VenueKind.SHARED,
        municipality=rng.choice([1, 2]),
        open=mask(rng, 0.8),
        stations=stations(rng),
        max_groups=rng.choice([None, None, 1, 2]),
    )


def a_class(rng, id_, venues):
    return ProblemClass(
        id=id_,
        label=str(id_),
        school_venue=None,
        venues=tuple(v.id for v in venues if rng.random() < 0.7),
        free=mask(rng, 0.7),
        pupils=rng.choice([12, 20, 25, 30]),
        blocked=(("lov", mask(rng, 0.2)),),
    )


def a_person(rng, id_, service):
    return ProblemStaff(
        id=id_,
        agency=1,
        service=service,
        municipalities=frozenset(rng.choice([{1}, {2}, {1, 2}, {1, 2}])),
        free=mask(rng, 0.75),
        on_call=mask(rng, 0.3),
        busy=mask(rng, 0.06),
        per_day=rng.choice([1, 2, 2]),
        per_week=rng.choice([1, 2, 3]),
        per_season=rng.choice([None] * 5 + [1, 3, 0]),
    )


def published(rng, venues, classes, staff):
    """Up to two slots at different times, so that nobody is in two places."""
    for id_, half_day in enumerate(rng.sample(range(SLOTS), rng.choice([0, 0, 1, 2]))):
        yield FixedSlot(
            id=id_,
            venue=rng.choice(venues).id,
            half_day=half_day,
            free_places=rng.choice([0, 1, 2]),
            classes=tuple(c.id for c in classes[id_ : id_ + 1] if rng.random() < 0.3),
            staff=tuple(p.id for p in staff if rng.random() < 0.4),
        )


def a_problem(seed, classes, venues, teams):
    rng = random.Random(seed)  # noqa: S311 -- repeatable, no secret
    places = tuple(a_venue(rng, 10 + i) for i in range(venues))
    pupils = tuple(a_class(rng, 100 + i, places) for i in range(classes))
    services = [service for service in Service for _ in range(teams)]
    staff = tuple(a_person(rng, 1000 + i, service) for i, service in enumerate(services))
    return Problem(
        half_days=SEASON,
        classes=pupils,
        venues=places,
        staff=staff,
        fixed=tuple(published(rng, places, pupils, staff)),
        seed=seed,
    )


problems = partial(
    st.builds,
    a_problem,
    seed=st.integers(0, 2**32),
    classes=st.integers(0, 8),
    venues=st.integers(1, 3),
    teams=st.integers(0, 6),
)
"""Sizes shrink; the rest follows from a seed: evenly mixed masks find more than tidy ones."""


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
            for name in ("classes", "venues", "staff", "fixed")
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
    small = replace(venue, max_groups=len(session.classes) - 1)
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
