"""What municipalities need at least, against plans that place every class."""

from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from planner.seasons import problems

from blaljus.domain.words import REQUIRED_SERVICES
from blaljus.planner.exact import Highs, solve
from blaljus.planner.model.bounds import Bounds
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.facts import Facts
from blaljus.planner.model.formulate import Seating
from blaljus.planner.model.linear import Linear
from blaljus.planner.model.roster import Roster
from blaljus.planner.model.spots import Spots
from blaljus.planner.model.towns import (
    FewestHalfDays,
    columns_outside,
    half_days_in,
    merged,
    towns_apart,
)
from blaljus.planner.pack import pack
from blaljus.planner.plan import crew_cost
from blaljus.planner.problem import FixedSlot


def spots_of(problem):
    return Spots(Facts(problem))


def least(spots, towns):
    fewest = FewestHalfDays(spots, towns, frozenset(REQUIRED_SERVICES))
    return Highs(1).minimise(fewest.model, fewest.cost, None, 20, lambda _: None).at_least


def at_school(make, classes, **venue):
    """Return a school that takes two classes at once."""
    venues = (make.venue(groups_per_crew=2, max_groups=2, **venue),)
    return make.problem(classes=tuple(make.school_class(i) for i in range(classes)), venues=venues)


@pytest.mark.parametrize(("classes", "half_days"), [(1, 3), (2, 3), (3, 6), (4, 6), (5, 9)])
def test_sessions_are_counted_whole(make, classes, half_days):
    spots = spots_of(at_school(make, classes))

    assert least(spots, frozenset({make.HOOR})) == half_days


def test_classes_that_are_never_free_together_need_a_session_each(make):
    problem = at_school(make, 0)
    rows = tuple(make.school_class(i, free=1 << i) for i in range(3))

    assert least(spots_of(replace(problem, classes=rows)), frozenset({make.HOOR})) == 9


@pytest.mark.parametrize(("police", "half_days"), [(2, 6), (1, 6)])
def test_a_large_session_takes_more_crew_and_all_of_it_must_be_there(make, police, half_days):
    """Two small sessions of three people cost what a large one of six does, if it can be held."""
    stations = make.three_stations(extra_staff=1)
    venue = make.venue(stations=stations, groups_per_crew=1, max_groups=2)
    more = make.crew() if police > 1 else ()
    staff = (*make.crew(), *(replace(person, id=person.id + 10) for person in more))
    problem = make.problem(
        classes=(make.school_class(1), make.school_class(2)), venues=(venue,), staff=staff
    )

    assert least(spots_of(problem), frozenset({make.HOOR})) == half_days


def test_a_large_session_is_no_way_out_where_nobody_can_be_extra(make):
    stations = make.three_stations(extra_staff=1)
    venue = make.venue(stations=stations, groups_per_crew=1, max_groups=9)
    classes = tuple(make.school_class(i) for i in range(3))
    alone = make.problem(classes=classes, venues=(venue,))
    helped = replace(alone, staff=(*make.crew(), *(replace(p, id=p.id + 10) for p in make.crew())))

    assert least(spots_of(alone), frozenset({make.HOOR})) == 9
    assert least(spots_of(helped), frozenset({make.HOOR})) == 6


def test_a_class_that_may_join_what_is_published_needs_nobody_more(make):
    slot = FixedSlot(id=1, venue=1, half_day=0, free_places=1, staff=(1, 2, 3))
    problem = make.problem(fixed=(slot,))

    assert least(spots_of(problem), frozenset({make.HOOR})) == 0


def test_towns_are_apart_unless_a_class_may_go_to_both(make):
    venues = (make.venue(1), make.venue(2, municipality=make.HORBY))
    staff = make.crew(municipalities=frozenset({make.HOOR, make.HORBY}))
    stays = make.problem(
        venues=venues,
        staff=staff,
        classes=(make.school_class(1), make.school_class(2, venues=(2,))),
    )
    goes = replace(stays, classes=(*stays.classes, make.school_class(3, venues=(1, 2))))

    assert towns_apart(spots_of(stays)) == [frozenset({make.HORBY}), frozenset({make.HOOR})]
    assert towns_apart(spots_of(goes)) == [frozenset({make.HOOR, make.HORBY})]


def test_chances_that_offer_no_more_than_another_are_counted_there():
    wide, narrow, other = frozenset({1, 2}), frozenset({1}), frozenset({3})

    found = merged({(narrow, False): 2, (wide, True): 3, (wide, False): 4, (other, True): 1})

    assert found == {(wide, True): 9, (other, True): 1}


@given(problem=problems(teams=st.integers(2, 6)))
@settings(max_examples=60, deadline=None)
def test_no_plan_that_places_every_class_takes_fewer_half_days(problem):
    problem = replace(problem, locked=())
    plan = solve(problem, pack(problem), seconds=20, seed=1, report=lambda _: None).plan
    spots = spots_of(problem)
    placed = {who for session in plan.sessions for who in session.classes}
    ids = [row.id for row in spots.facts.classes]
    assume(placed >= {ids[c] for able in spots.seats.values() for c in able})
    towns_of = {row.id: row.municipality for row in problem.venues}
    promised = {p.id for p in problem.staff if p.service in problem.services}

    apart = towns_apart(spots)
    event(f"{len(apart)} apart")
    for towns in apart:
        taken = sum(
            member.staff in promised
            for session in plan.sessions
            if towns_of[session.venue] in towns
            for member in session.crew
        )
        assert least(spots, towns) <= taken


@given(problem=problems(teams=st.integers(2, 6)))
@settings(max_examples=25, deadline=None)
def test_every_column_of_people_lies_in_one_of_the_towns(problem):
    facts = Facts(problem)
    spots = Spots(facts)
    crewing = Crewing(Seating(facts, spots, Linear()))
    everything = set(columns_outside(crewing, frozenset()))

    inside = [everything - set(columns_outside(crewing, towns)) for towns in towns_apart(spots)]

    assert set().union(*inside) == everything
    assert sum(map(len, inside)) == len(everything)
    assert set(crewing.comes.values()) <= everything
    counted = {column for column, _ in half_days_in(crewing, frozenset(range(10)))}
    assert counted <= set(crewing.comes.values())


def bound(problem):
    """Return what the rows say crew costs at least, before anything is searched."""
    seating = Seating(Facts(problem), Spots(Facts(problem)), Linear())
    crewing = Crewing(seating)
    rows = Bounds(crewing, Roster(crewing), Highs(1)).rows(
        towns_apart(crewing.spots), monotonic() + 20
    )
    return sum(row.price * row.at_least for row in rows)


@pytest.mark.parametrize(("classes", "cost"), [(1, 9), (2, 9), (3, 15), (4, 15), (5, 24)])
def test_staff_days_are_counted_whole_too(make, classes, cost):
    """Two half-days of three people may be one day of theirs; the third begins another."""
    assert bound(at_school(make, classes)) == cost


def test_who_is_out_anyway_costs_no_staff_day(make):
    problem = at_school(make, 1)
    duty = {"busy": 0b1, "busy_in": ((0, make.HOOR),)}
    out = tuple(replace(person, **duty) for person in problem.staff)
    afternoon = tuple(replace(row, free=0b10) for row in problem.classes)

    assert bound(replace(problem, classes=afternoon)) == 9
    assert bound(replace(problem, classes=afternoon, staff=out)) == 6


@given(problem=problems(classes=st.integers(1, 4), teams=st.integers(2, 5)))
@settings(max_examples=60, deadline=None)
def test_no_plan_of_all_classes_costs_less_than_the_rows_say(problem):
    problem = replace(problem, locked=())
    found = solve(problem, pack(problem), seconds=20, seed=1, report=lambda _: None)
    assume(not found.plan.unplaced)

    event("all placed")
    assert bound(problem) <= crew_cost(problem, found.plan)
