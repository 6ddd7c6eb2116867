"""The rules of groups, large sessions, languages, pins, locks, buses, rest and notice.

Each has one plan that breaks it and nothing else, and one next to it that keeps it.
"""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.words import Service
from blaljus.planner.check import Violation, violations
from blaljus.planner.plan import PlannedCrew
from blaljus.planner.problem import Buses, FixedSlot, Lock, Pin
from blaljus.planner.referee.rule import Rule


def broken(problem, plan):
    return {violation.rule for violation in violations(problem, plan)}


@pytest.fixture
def plan(make):
    return make.plan(make.session())


def judged(make, pupils, **venue):
    """Return the rules that classes of so many pupils break when they share a session."""
    classes = tuple(make.school_class(i, pupils=n) for i, n in enumerate(pupils))
    session = make.session(classes=tuple(range(len(pupils))))
    problem = make.problem(classes=classes, venues=(make.venue(**venue),))
    return broken(problem, make.plan(session))


@pytest.mark.parametrize(
    ("pupils", "groups"),
    [
        ((20, 20), 2),
        ((10, 10), 1),
        ((10, 11), 2),
        ((21,), 2),
        ((40,), 2),
        ((41,), 3),
        ((21, 10, 10), 3),
        ((1, 19, 10, 10, 10), 3),
        ((10, 9, 11), 2),
        ((5, 5, 5, 5), 2),
    ],
)
def test_classes_are_counted_by_groups(make, pupils, groups):
    venue = {"group_pupils": 20, "stations": make.three_stations()}

    assert judged(make, pupils, **venue, max_groups=groups) == set()
    assert judged(make, pupils, **venue, max_groups=groups - 1) == {Rule.TOO_MANY_CLASSES}


def most_pairs(sizes, limit):
    """Try every pairing."""
    pairs = ((a, b) for a, b in combinations(range(len(sizes)), 2) if sizes[a] + sizes[b] <= limit)
    rest = (
        1 + most_pairs([s for i, s in enumerate(sizes) if i not in pair], limit) for pair in pairs
    )
    return max(rest, default=0)


@given(st.lists(st.integers(1, 45), min_size=1, max_size=6))
def test_no_way_to_share_gives_fewer_groups(make, pupils):
    small = [n for n in pupils if n <= 20]
    groups = sum(-(-n // 20) for n in pupils) - most_pairs(small, 20)

    venue = {"group_pupils": 20, "groups_per_crew": 99}
    assert judged(make, pupils, **venue, max_groups=groups) == set()
    assert judged(make, pupils, **venue, max_groups=groups - 1) == {Rule.TOO_MANY_CLASSES}


def test_the_smallest_station_limits_the_group_even_when_it_stays_empty(make):
    bus = make.station(Service.PARTNER, required=False, max_pupils=12)
    venue = {"group_pupils": 30, "stations": (*make.three_stations(), bus)}

    assert judged(make, (36,), **venue) == set()
    assert judged(make, (37,), **venue) == {Rule.TOO_MANY_CLASSES}


def test_a_class_is_not_split_where_it_is_one_group(make):
    assert judged(make, (31,)) == {Rule.TOO_MANY_PUPILS}


def test_nobody_fits_a_station_for_nobody(make):
    venue = {"group_pupils": 30, "stations": make.three_stations(max_pupils=0)}

    assert judged(make, (31,), **venue) == {Rule.TOO_MANY_PUPILS}


def test_groups_of_a_published_slot_share_its_free_places(make):
    classes = tuple(make.school_class(i, pupils=15) for i in (1, 2))
    plan = make.plan(make.session(classes=(1, 2), staff=(), fixed=7))
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=1, staff=(1, 2, 3))

    for pupils, expected in ((30, set()), (29, {Rule.PUBLISHED_CHANGED})):
        venue = make.venue(group_pupils=pupils)
        problem = make.problem(classes=classes, venues=(venue,), fixed=(slot,))
        assert broken(problem, plan) == expected


def a_large_venue(make, *more, **other):
    stations = (make.station(Service.POLICE, extra_staff=1), *make.three_stations()[1:], *more)
    return make.venue(stations=stations, **{"groups_per_crew": 2, "max_groups": 3, **other})


def large(make, classes, crew, *more, **venue):
    """Return what so many classes break with these people, given as (station, id)."""
    problem = make.problem(
        classes=tuple(make.school_class(i) for i in range(classes)),
        venues=(a_large_venue(make, *more, **venue),),
        staff=(*make.crew(), make.person(4, Service.POLICE), make.person(5, Service.PARTNER)),
    )
    members = tuple(PlannedCrew(station=station, staff=who) for station, who in crew)
    session = replace(make.session(classes=tuple(range(classes))), crew=members)
    return broken(problem, make.plan(session))


PLAIN = ((0, 1), (1, 2), (2, 3))
EXTRA = (*PLAIN, (0, 4))


@pytest.mark.parametrize(
    ("classes", "crew", "expected"),
    [
        (2, PLAIN, set()),
        (3, PLAIN, {Rule.STATION_UNDERSTAFFED}),
        (3, EXTRA, set()),
        (4, EXTRA, {Rule.TOO_MANY_CLASSES}),
    ],
)
def test_a_large_session_has_extra_staff(make, classes, crew, expected):
    assert large(make, classes, crew) == expected


@pytest.mark.parametrize(("bus", "expected"), [((), set()), (((3, 5),), set())])
def test_a_station_that_may_stay_empty_needs_nobody_extra(make, bus, expected):
    station = make.station(Service.PARTNER, required=False, extra_staff=1)

    assert large(make, 3, EXTRA + bus, station) == expected


def test_without_a_limit_of_its_own_a_venue_takes_what_one_crew_takes(make):
    assert large(make, 3, EXTRA, max_groups=None) == {Rule.TOO_MANY_CLASSES}


def test_a_station_of_an_agency_is_manned_by_it(make, plan):
    own = make.venue(stations=make.three_stations(agency=1))
    others = make.venue(stations=make.three_stations(agency=2))

    assert broken(make.problem(venues=(own,)), plan) == set()
    assert broken(make.problem(venues=(others,)), plan) == {Rule.WRONG_AGENCY}


@pytest.mark.parametrize("speaker", [1, 2, 3])
def test_anyone_of_the_crew_may_speak_the_language(make, plan, speaker):
    staff = tuple(
        replace(who, languages=frozenset({"ar", "so"})) if who.id == speaker else who
        for who in make.crew()
    )
    problem = make.problem(classes=(make.school_class(language="ar"),))

    assert broken(problem, plan) == {Rule.LANGUAGE_MISSING}
    assert broken(replace(problem, staff=staff), plan) == set()


def test_the_staff_of_a_published_slot_speak_the_language_of_who_joins(make):
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=1, staff=(1, 2, 3))
    plan = make.plan(make.session(staff=(), fixed=7))

    for languages, expected in (({"ar"}, set()), ({"so"}, {Rule.LANGUAGE_MISSING})):
        staff = make.crew(languages=frozenset(languages))
        classes = (make.school_class(language="ar"),)
        assert broken(make.problem(classes=classes, staff=staff, fixed=(slot,)), plan) == expected


@pytest.mark.parametrize(
    ("pin", "expected"),
    [
        (Pin(staff=1, venue=1), set()),
        (Pin(staff=4, venue=1), {Rule.PIN_BROKEN}),
        (Pin(staff=4, venue=1, half_day=0), {Rule.PIN_BROKEN}),
        (Pin(staff=4, venue=1, half_day=1), set()),
        (Pin(staff=4, venue=2, half_day=0), set()),
    ],
)
def test_who_is_pinned_to_a_session_is_there(make, plan, pin, expected):
    venues = (make.venue(1), make.venue(2))
    staff = (*make.crew(), make.person(4, Service.POLICE))

    assert broken(make.problem(venues=venues, staff=staff, pins=(pin,)), plan) == expected


def test_nobody_is_pinned_to_what_is_published(make):
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=1, staff=(1, 2, 3))
    staff = (*make.crew(), make.person(4, Service.POLICE))
    problem = make.problem(fixed=(slot,), staff=staff, pins=(Pin(staff=4, venue=1),))

    assert broken(problem, make.plan(make.session(staff=(), fixed=7))) == set()


@pytest.mark.parametrize(
    ("lock", "expected"),
    [((1, 0), set()), ((1, 1), {Rule.LOCK_MOVED}), ((2, 0), {Rule.LOCK_MOVED})],
)
def test_a_lock_is_kept(make, plan, lock, expected):
    venues = (make.venue(1), make.venue(2))
    locked = (Lock(school_class=1, venue=lock[0], half_day=lock[1]),)

    assert broken(make.problem(venues=venues, locked=locked), plan) == expected


def test_a_lock_is_not_dropped(make):
    problem = make.problem(locked=(Lock(school_class=1, venue=1, half_day=0),))

    found = violations(problem, make.plan(unplaced=(1,)))
    assert found == (Violation(rule=Rule.LOCK_MOVED, subject=1),)


def test_a_lock_on_what_is_published_is_kept_by_it(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, classes=(1,))
    problem = make.problem(fixed=(slot,), locked=(Lock(school_class=1, venue=1, half_day=4),))

    assert broken(problem, make.plan()) == set()


def travelling(make, seats, buses=1267, **other):
    """Return what two classes of 20 pupils break that come to venue 1, one of them its own."""
    classes = (
        make.school_class(1, school_venue=1),
        make.school_class(2, **{"school_venue": 2, **other}),
        make.school_class(3, **{"school_venue": 2, **other}),
    )
    problem = make.problem(
        classes=classes,
        venues=(make.venue(1), make.venue(2)),
        buses=(Buses(municipality=buses, seats=seats),),
    )
    return broken(problem, make.plan(make.session(classes=(1, 2, 3))))


@pytest.mark.parametrize(("seats", "expected"), [(40, set()), (39, {Rule.BUSES_FULL})])
def test_all_who_travel_have_a_seat_and_no_others_need_one(make, seats, expected):
    assert travelling(make, seats) == expected


def test_each_municipality_has_its_own_buses(make):
    assert travelling(make, 0, buses=make.HORBY) == set()
    assert travelling(make, 39, make.HORBY, municipality=make.HORBY) == {Rule.BUSES_FULL}


def test_who_has_no_school_venue_takes_the_buses_that_the_class_names(make):
    assert travelling(make, 0, school_venue=None) == set()
    assert travelling(make, 39, school_venue=None, municipality=make.HOOR) == {Rule.BUSES_FULL}


def test_who_already_travels_to_a_published_slot_has_a_seat(make):
    slot = FixedSlot(id=7, venue=2, half_day=0, free_places=0, classes=(2, 99))
    home = {"municipality": make.HOOR, "school_venue": None}
    classes = (make.school_class(1, **home), make.school_class(2, **home))
    problem = make.problem(classes=classes, venues=(make.venue(1), make.venue(2)), fixed=(slot,))

    for seats, expected in ((40, set()), (39, {Rule.BUSES_FULL})):
        buses = (Buses(municipality=make.HOOR, seats=seats),)
        assert broken(replace(problem, buses=buses), make.plan(make.session())) == expected


@pytest.mark.parametrize(
    ("mask", "rule"), [("resting", Rule.STAFF_RESTING), ("too_late", Rule.TOO_SHORT_NOTICE)]
)
def test_who_rests_or_learns_too_late_does_not_come(make, plan, mask, rule):
    assert broken(make.problem(staff=make.crew(**{mask: 0b01})), plan) == {rule}
    assert broken(make.problem(staff=make.crew(**{mask: 0b10})), plan) == set()


def test_a_half_day_counts_once_however_many_slots_it_has(make):
    """Somebody published twice at once has used up one half-day of the cap."""
    slots = tuple(
        FixedSlot(id=i, venue=1, half_day=0, free_places=0, staff=(1, 2, 3)) for i in (1, 2)
    )
    problem = make.problem(fixed=slots, staff=make.crew(per_season=2))

    assert broken(problem, make.plan(make.session(1))) == set()
