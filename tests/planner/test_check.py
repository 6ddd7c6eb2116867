"""Each rule has one plan that breaks it and nothing else, and one next to it that keeps it."""

from dataclasses import replace

import pytest

from blaljus.domain.words import Service
from blaljus.planner.check import Violation, violations
from blaljus.planner.plan import PlannedCrew
from blaljus.planner.problem import FixedSlot
from blaljus.planner.referee.rule import Rule
from blaljus.planner.referee.rules import RULES


def broken(problem, plan):
    return {violation.rule for violation in violations(problem, plan)}


@pytest.fixture
def plan(make):
    return make.plan(make.session())


def test_a_sound_plan_has_no_violations(make, plan):
    assert violations(make.problem(), plan) == ()


def test_a_violation_says_where_and_whom(make, plan):
    problem = make.problem(classes=(make.school_class(free=0b10),))

    assert violations(problem, plan) == (
        Violation(rule=Rule.CLASS_NOT_FREE, venue=1, half_day=0, subject=1),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"venue": 9},
        {"half_day": 20},
        {"half_day": -1},
        {"classes": (9,)},
        {"fixed": 9},
        {"crew": (PlannedCrew(station=0, staff=9),)},
        {"crew": (PlannedCrew(station=3, staff=1),)},
    ],
)
def test_what_is_not_in_the_problem_is_unknown(make, change):
    session = replace(make.session(), **change)

    assert broken(make.problem(), make.plan(session)) == {Rule.UNKNOWN}


def test_an_unknown_class_among_the_unplaced_is_unknown(make, plan):
    assert broken(make.problem(), replace(plan, unplaced=(9,))) == {Rule.UNKNOWN}


def test_a_class_may_not_be_forgotten(make):
    assert broken(make.problem(), make.plan()) == {Rule.CLASS_NOT_COUNTED}


def test_a_class_is_not_both_placed_and_unplaced(make, plan):
    assert broken(make.problem(), replace(plan, unplaced=(1,))) == {Rule.CLASS_NOT_COUNTED}


def test_a_class_comes_once(make):
    plan = make.plan(make.session(half_day=0), make.session(half_day=1))

    assert broken(make.problem(), plan) == {Rule.CLASS_TWICE}


def test_a_class_of_a_published_slot_does_not_come_again(make, plan):
    slot = FixedSlot(id=1, venue=1, half_day=9, free_places=0, classes=(1,))

    assert broken(make.problem(fixed=(slot,)), plan) == {Rule.CLASS_TWICE}


def test_a_closed_school_keeps_its_class_away(make, plan):
    shut = make.school_class(blocked=(("lov", 0b01),))
    open_ = make.school_class(blocked=(("lov", 0b10),))

    assert broken(make.problem(classes=(shut,)), plan) == {Rule.CLASS_NOT_FREE}
    assert broken(make.problem(classes=(open_,)), plan) == set()


def test_a_class_goes_only_where_it_may(make, plan):
    problem = make.problem(classes=(make.school_class(venues=()),))

    assert broken(problem, plan) == {Rule.VENUE_NOT_FOR_CLASS}


def test_a_venue_is_open(make, plan):
    problem = make.problem(venues=(make.venue(open=0b10),))

    assert broken(problem, plan) == {Rule.VENUE_CLOSED}


def test_a_venue_holds_one_session_in_a_half_day(make):
    more = (make.person(i + 3, who.service) for i, who in enumerate(make.crew(), start=1))
    both = (make.school_class(1), make.school_class(2))
    problem = make.problem(classes=both, staff=(*make.crew(), *more))
    plan = make.plan(make.session(), make.session(classes=(2,), staff=(4, 5, 6)))

    assert broken(problem, plan) == {Rule.VENUE_TWICE}


def test_a_new_session_does_not_lie_on_a_published_one(make, plan):
    slot = FixedSlot(id=1, venue=1, half_day=0, free_places=0)

    assert broken(make.problem(fixed=(slot,)), plan) == {Rule.VENUE_TWICE}


def test_a_session_without_classes_is_refused(make):
    plan = make.plan(make.session(classes=()), unplaced=(1,))

    assert broken(make.problem(), plan) == {Rule.EMPTY}


def test_each_class_needs_a_station_of_its_own(make):
    classes = tuple(make.school_class(i) for i in (1, 2, 3, 4))
    three = make.plan(make.session(classes=(1, 2, 3)), unplaced=(4,))
    four = make.plan(make.session(classes=(1, 2, 3, 4)))

    assert broken(make.problem(classes=classes), three) == set()
    assert broken(make.problem(classes=classes), four) == {Rule.TOO_MANY_CLASSES}


def test_a_venue_may_hold_fewer_groups_than_stations(make):
    classes = (make.school_class(1), make.school_class(2))
    problem = make.problem(classes=classes, venues=(make.venue(max_groups=1),))
    plan = make.plan(make.session(classes=(1, 2)))

    assert broken(problem, plan) == {Rule.TOO_MANY_CLASSES}


@pytest.mark.parametrize(("pupils", "expected"), [(30, set()), (31, {Rule.TOO_MANY_PUPILS})])
def test_a_class_fits_every_station(make, plan, pupils, expected):
    problem = make.problem(classes=(make.school_class(pupils=pupils),))

    assert broken(problem, plan) == expected


def test_a_required_station_has_all_its_staff(make, plan):
    stations = (make.station(Service.POLICE, staff_needed=2), *make.three_stations()[1:])
    problem = make.problem(venues=(make.venue(stations=stations),))

    assert broken(problem, plan) == {Rule.STATION_UNDERSTAFFED}


def test_a_station_of_a_promised_service_is_required_whatever_it_says(make):
    problem = make.problem(venues=(make.venue(stations=make.three_stations(required=False)),))
    plan = make.plan(make.session(staff=(1, 2)))

    assert broken(problem, plan) == {Rule.STATION_UNDERSTAFFED, Rule.SERVICE_MISSING}


def test_the_bus_may_stay_away_but_not_come_half_staffed(make, plan):
    bus = make.station(Service.PARTNER, staff_needed=2, required=False)
    venue = make.venue(stations=(*make.three_stations(), bus))
    problem = make.problem(venues=(venue,), staff=(*make.crew(), make.person(4, Service.PARTNER)))

    assert broken(problem, plan) == set()
    assert broken(problem, make.plan(make.session(staff=(1, 2, 3, 4)))) == {
        Rule.STATION_UNDERSTAFFED
    }


def test_every_promised_service_is_there(make):
    problem = make.problem(venues=(make.venue(stations=make.three_stations()[:2]),))
    plan = make.plan(make.session(staff=(1, 2)))

    assert broken(problem, plan) == {Rule.SERVICE_MISSING}


def test_a_station_has_its_own_service(make):
    bus = make.station(Service.PARTNER)
    problem = make.problem(
        venues=(make.venue(stations=(*make.three_stations(), bus)),),
        staff=(*make.crew(), make.person(4, Service.POLICE)),
    )

    assert broken(problem, make.plan(make.session(staff=(1, 2, 3, 4)))) == {Rule.WRONG_SERVICE}


def test_people_work_in_their_own_area(make, plan):
    problem = make.problem(staff=make.crew(municipalities=frozenset({make.HORBY})))

    assert broken(problem, plan) == {Rule.OUTSIDE_AREA}


def test_nobody_comes_who_did_not_say_so(make, plan):
    assert broken(make.problem(staff=make.crew(free=0b10)), plan) == {Rule.STAFF_NOT_FREE}


def test_on_call_staff_stand_where_that_is_allowed(make, plan):
    on_call = make.crew(free=0, on_call=make.ALWAYS)
    near = make.venue(stations=make.three_stations(on_call_allowed=True))

    assert broken(make.problem(staff=on_call), plan) == {Rule.ON_CALL_FORBIDDEN}
    assert broken(make.problem(staff=on_call, venues=(near,)), plan) == set()


def two_venues(make, **other):
    """Return two venues 30 km apart, half an hour and more, in municipalities that all serve."""
    venues = (make.venue(1), make.venue(2, municipality=make.HORBY))
    classes = (make.school_class(1), make.school_class(2, venues=(2,)))
    both = frozenset({make.HOOR, make.HORBY})
    values = {"staff": make.crew(municipalities=both), "municipalities": make.apart(30)}
    return make.problem(**{"venues": venues, "classes": classes, **values, **other})


@pytest.mark.parametrize("half_day", [1, 2])
def test_a_person_may_go_to_the_next_municipality_over_lunch(make, half_day):
    plan = make.plan(make.session(0), make.session(half_day, classes=(2,), venue=2))

    assert broken(two_venues(make), plan) == set()


@pytest.mark.parametrize(
    ("half_day", "expected"),
    [(0, {Rule.STAFF_TWICE, Rule.LUNCH_GAP}), (1, {Rule.LUNCH_GAP}), (2, set())],
)
@pytest.mark.parametrize("far", [{"km": 34}, {"km": 30, "minutes": 35}, {"km": None}])
def test_a_person_is_not_in_municipalities_far_apart_in_a_day(make, half_day, expected, far):
    places = make.apart(far["km"]) if far["km"] else ()
    problem = two_venues(make, municipalities=places, lunch_gap_minutes=far.get("minutes", 40))
    plan = make.plan(make.session(0), make.session(half_day, classes=(2,), venue=2))

    assert broken(problem, plan) == expected


def test_the_lunch_break_may_be_used_to_the_minute(make):
    """22 km as the crow flies are 26 minutes on the road."""
    plan = make.plan(make.session(0), make.session(1, classes=(2,), venue=2))

    for minutes, expected in ((26, set()), (25, {Rule.LUNCH_GAP})):
        problem = two_venues(make, municipalities=make.apart(22), lunch_gap_minutes=minutes)
        assert broken(problem, plan) == expected


def test_two_venues_of_one_municipality_are_never_too_far_apart(make):
    venues = (make.venue(1, x_km=0), make.venue(2, x_km=90))
    plan = make.plan(make.session(0), make.session(1, classes=(2,), venue=2))

    assert broken(two_venues(make, venues=venues, municipalities=()), plan) == set()


@pytest.mark.parametrize(
    ("busy", "expected"),
    [(0b01, {Rule.STAFF_TWICE, Rule.LUNCH_GAP}), (0b10, {Rule.LUNCH_GAP}), (4, set())],
)
def test_duties_nobody_knows_where_are_too_far(make, plan, busy, expected):
    assert broken(make.problem(staff=make.crew(busy=busy)), plan) == expected


@pytest.mark.parametrize(
    ("km", "expected"), [(0, set()), (30, set()), (34, {Rule.LUNCH_GAP}), (None, {Rule.LUNCH_GAP})]
)
def test_duties_elsewhere_are_as_far_as_they_are(make, plan, km, expected):
    there = make.HORBY if km != 0 else make.HOOR
    staff = make.crew(busy=0b10, busy_in=((1, there),))
    problem = make.problem(staff=staff, municipalities=make.apart(km) if km else ())

    assert broken(problem, plan) == expected


def test_a_published_slot_is_as_far_as_its_venue(make):
    slot = FixedSlot(id=1, venue=2, half_day=1, free_places=0, staff=(1, 2, 3), classes=(2,))
    plan = make.plan(make.session(0))

    assert broken(two_venues(make, fixed=(slot,)), plan) == set()
    assert broken(two_venues(make, fixed=(slot,), municipalities=()), plan) == {Rule.LUNCH_GAP}


def test_a_duty_in_a_published_slot_is_counted_once_even_if_busy_has_it_too(make):
    slot = FixedSlot(id=1, venue=1, half_day=0, free_places=0, staff=(1, 2, 3))
    problem = make.problem(fixed=(slot,), staff=make.crew(busy=0b01, per_week=2))

    assert broken(problem, make.plan(make.session(1))) == set()


@pytest.mark.parametrize(
    ("cap", "expected"), [("per_day", Rule.DAY_FULL), ("per_season", Rule.SEASON_FULL)]
)
def test_caps_hold(make, cap, expected):
    classes = (make.school_class(1), make.school_class(2))
    plan = make.plan(make.session(0), make.session(1, classes=(2,)))

    one, two = (make.problem(classes=classes, staff=make.crew(**{cap: n})) for n in (1, 2))
    assert broken(one, plan) == {expected}
    assert broken(two, plan) == set()


@pytest.mark.parametrize(("half_day", "expected"), [(9, {Rule.WEEK_FULL}), (10, set())])
def test_the_week_cap_counts_iso_weeks(make, half_day, expected):
    classes = (make.school_class(1), make.school_class(2))
    problem = make.problem(classes=classes, staff=make.crew(per_week=1))
    plan = make.plan(make.session(0), make.session(half_day, classes=(2,)))

    assert broken(problem, plan) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"half_day": 1}, {Rule.PUBLISHED_CHANGED}),
        ({"classes": (1, 2)}, {Rule.PUBLISHED_CHANGED}),
        ({"crew": (PlannedCrew(station=0, staff=4),)}, {Rule.PUBLISHED_CHANGED}),
    ],
)
def test_a_published_slot_stays_as_it_is(make, change, expected):
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=1, classes=(5,), staff=(1, 2, 3))
    classes = (make.school_class(1), make.school_class(2))
    staff = (*make.crew(), make.person(4, Service.POLICE))
    problem = make.problem(classes=classes, fixed=(slot,), staff=staff)
    session = replace(make.session(staff=(), fixed=7), **change)
    unplaced = tuple({1, 2} - set(session.classes))

    assert broken(problem, make.plan(session, unplaced=unplaced)) == expected


def test_nobody_joins_a_published_slot_without_all_services(make):
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=1, staff=(1, 2))
    plan = make.plan(make.session(staff=(), fixed=7))

    assert broken(make.problem(fixed=(slot,)), plan) == {Rule.SERVICE_MISSING}


def test_every_rule_is_checked():
    assert set(RULES) == set(Rule) - {Rule.UNKNOWN}


@pytest.mark.parametrize(
    "change",
    [
        lambda p: {"half_days": p.half_days[::-1]},
        lambda p: {"half_days": (*p.half_days, p.half_days[-1])},
        lambda p: {"classes": p.classes * 2},
        lambda _: {"venues": ()},
        lambda _: {"fixed": (FixedSlot(id=1, venue=1, half_day=20, free_places=1),)},
        lambda _: {"fixed": (FixedSlot(id=1, venue=1, half_day=0, free_places=1, staff=(9,)),)},
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(make, change):
    problem = make.problem()

    with pytest.raises(ValueError, match=r"half_days|repeats|unknown"):
        replace(problem, **change(problem))
