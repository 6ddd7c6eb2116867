"""What the packer makes of languages, groups, agencies, buses, pins and locks."""

from dataclasses import replace

import pytest

from blaljus.domain.words import Service
from blaljus.planner.check import violations
from blaljus.planner.pack import first_plan, pack
from blaljus.planner.plan import crew_cost
from blaljus.planner.problem import Buses, FixedSlot, Lock, Pin


def packed(problem):
    """Return the plan, sound."""
    plan = pack(problem)
    assert violations(problem, plan) == ()
    return plan


def crews(plan):
    return [[member.staff for member in session.crew] for session in plan.sessions]


def half_days(plan):
    return [session.half_day for session in plan.sessions]


def second_crew(make, **other):
    return tuple(make.person(who.id + 3, who.service, **other) for who in make.crew())


def test_a_class_gets_somebody_who_speaks_its_language(make):
    speaker = make.person(9, Service.AMBULANCE, languages=frozenset({"ar"}))
    problem = make.problem(
        classes=(make.school_class(language="ar"),), staff=(*make.crew(), speaker)
    )

    assert crews(packed(problem)) == [[1, 2, 9]]


def test_others_are_asked_before_whoever_is_perhaps_busy(make):
    perhaps = make.crew(perhaps_busy=make.ALWAYS)
    free = tuple(replace(p, id=p.id + 3, perhaps_busy=0) for p in perhaps)
    alone = make.problem(staff=perhaps)

    assert crews(packed(make.problem(staff=perhaps + free))) == [[4, 5, 6]]
    assert crews(packed(alone)) == [[1, 2, 3]]


def test_nobody_comes_to_a_class_that_would_not_understand(make):
    problem = make.problem(classes=(make.school_class(language="ar"),))

    assert packed(problem) == make.plan(unplaced=(1,))


def test_classes_of_two_languages_meet_where_both_are_spoken(make):
    staff = (
        *make.crew(),
        make.person(4, Service.POLICE, languages=frozenset({"ar"})),
        make.person(5, Service.RESCUE, languages=frozenset({"so"})),
    )
    classes = (make.school_class(1, language="ar"), make.school_class(2, language="so"))

    assert crews(packed(make.problem(classes=classes, staff=staff))) == [[4, 5, 3]]


def test_who_speaks_a_language_is_not_swapped_for_somebody_rested(make):
    first = make.crew(languages=frozenset({"ar"}))
    classes = tuple(make.school_class(i, language="ar", free=1 << 4 * i) for i in (0, 1, 2))
    problem = make.problem(classes=classes, staff=(*first, *second_crew(make)))

    assert crews(packed(problem)) == [[1, 2, 3], [1, 5, 6], [1, 5, 6]] or all(
        {1, 2, 3} & set(crew) for crew in crews(packed(problem))
    )


def test_many_classes_get_one_large_session(make):
    stations = make.three_stations(extra_staff=1)
    venue = make.venue(stations=stations, groups_per_crew=2, max_groups=4, open=0b1)
    classes = tuple(make.school_class(i) for i in range(4))
    problem = make.problem(
        venues=(venue,), classes=classes, staff=(*make.crew(), *second_crew(make))
    )

    (session,) = packed(problem).sessions
    assert (session.classes, len(session.crew)) == ((0, 1, 2, 3), 6)


def test_no_extra_staff_comes_to_few_classes(make):
    stations = make.three_stations(extra_staff=1)
    venue = make.venue(stations=stations, groups_per_crew=2, max_groups=4)
    classes = tuple(make.school_class(i) for i in range(2))
    problem = make.problem(
        venues=(venue,), classes=classes, staff=(*make.crew(), *second_crew(make))
    )

    assert [len(crew) for crew in crews(packed(problem))] == [3]


@pytest.mark.parametrize(
    ("pupils", "sessions"), [((40, 20), 1), ((40, 40), 2), ((10, 10, 10, 10, 20), 1), ((61,), 0)]
)
def test_pupils_make_the_groups(make, pupils, sessions):
    classes = tuple(make.school_class(i, pupils=n) for i, n in enumerate(pupils))
    problem = make.problem(classes=classes, venues=(make.venue(group_pupils=20),))

    plan = packed(problem)
    assert len(plan.sessions) == sessions
    assert len(plan.unplaced) == (0 if sessions else len(pupils))


def test_a_small_class_shares_a_group_of_a_planned_session(make):
    """The first session is full, but for whoever is small enough to share."""
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=1, staff=(1, 2, 3))
    classes = tuple(make.school_class(i, pupils=10, free=0b1) for i in (1, 2))
    problem = make.problem(classes=classes, venues=(make.venue(group_pupils=20),), fixed=(slot,))

    assert packed(problem) == make.plan(make.session(0, classes=(1, 2), staff=(), fixed=7))


def test_whom_only_one_station_can_take_stands_there(make):
    """Station 0 belongs to agency 2 and may take those on call; only 1 may stand at station 3."""
    stations = (
        make.station(Service.POLICE, agency=2, on_call_allowed=True),
        *make.three_stations()[1:],
        make.station(Service.POLICE),
    )
    staff = (
        make.person(1, Service.POLICE, agency=2),
        *make.crew()[1:],
        make.person(4, Service.POLICE, agency=2, free=0, on_call=make.ALWAYS),
    )
    problem = make.problem(venues=(make.venue(stations=stations),), staff=staff)

    assert packed(problem) == make.plan(make.session(staff=(4, 2, 3, 1)))


def test_a_bus_takes_one_class_at_a_time(make):
    classes = tuple(make.school_class(i, school_venue=2, pupils=30) for i in (1, 2))
    venues = (make.venue(1), make.venue(2))
    problem = make.problem(classes=classes, venues=venues)

    assert half_days(packed(problem)) == [0]
    buses = (Buses(municipality=make.HOOR, seats=59),)
    assert half_days(packed(replace(problem, buses=buses))) == [0, 1]


def test_no_bus_is_needed_at_home(make):
    problem = make.problem(
        classes=(make.school_class(school_venue=1),),
        buses=(Buses(municipality=make.HOOR, seats=0),),
    )

    assert packed(problem).unplaced == ()


@pytest.mark.parametrize(("half_day", "crew"), [(None, [4, 2, 3]), (0, [4, 2, 3]), (1, [1, 2, 3])])
def test_who_is_pinned_comes(make, half_day, crew):
    staff = (*make.crew(), make.person(4, Service.POLICE))
    pins = (Pin(staff=4, venue=1, half_day=half_day),)

    assert crews(packed(make.problem(staff=staff, pins=pins))) == [crew]


def test_two_who_are_pinned_to_one_station_both_come(make):
    staff = (*make.crew(), make.person(4, Service.POLICE), make.person(5, Service.POLICE))
    pins = (Pin(staff=4, venue=1), Pin(staff=5, venue=1))

    (crew,) = crews(packed(make.problem(staff=staff, pins=pins)))
    assert sorted(crew) == [2, 3, 4, 5]


def test_a_pinned_driver_brings_the_bus(make):
    bus = make.station(Service.PARTNER, required=False)
    venue = make.venue(stations=(*make.three_stations(), bus))
    staff = (*make.crew(), make.person(4, Service.PARTNER), make.person(5, Service.PARTNER))
    problem = make.problem(venues=(venue,), staff=staff, pins=(Pin(staff=5, venue=1),))

    assert crews(packed(problem)) == [[1, 2, 3, 5]]


def test_a_locked_class_stays_though_it_costs_more(make):
    classes = tuple(make.school_class(i) for i in (1, 2))
    lock = Lock(school_class=1, venue=1, half_day=7)
    other = Lock(school_class=2, venue=1, half_day=12)
    problem = make.problem(classes=classes, locked=(lock, other))

    assert half_days(packed(problem)) == [7, 12]


def test_a_lock_does_not_take_the_people_of_another(make):
    """Only person 1 can come to the second session; person 4 to both, and looks worse."""
    staff = (*make.crew(per_season=1), *second_crew(make, free=0b1))
    classes = tuple(make.school_class(i) for i in (1, 2))
    locked = (
        Lock(school_class=1, venue=1, half_day=0),
        Lock(school_class=2, venue=1, half_day=4),
    )

    plan = packed(make.problem(staff=staff, classes=classes, locked=locked))
    assert crews(plan) == [[4, 5, 6], [1, 2, 3]]


@pytest.mark.parametrize(("km", "day"), [(30, [0, 1]), (60, [0, 2])])
def test_a_crew_goes_on_to_the_next_municipality_if_lunch_is_long_enough(make, km, day):
    venues = (make.venue(1, max_groups=1), make.venue(2, municipality=make.HORBY))
    classes = (make.school_class(1), make.school_class(2, venues=(2,)))
    both = frozenset({make.HOOR, make.HORBY})
    problem = make.problem(
        venues=venues,
        classes=classes,
        staff=make.crew(municipalities=both),
        municipalities=make.apart(km),
    )

    plan = packed(problem)
    assert crew_cost(problem, plan) == (15 if km < 60 else 18)
    assert half_days(plan)[1] // 2 == day[1] // 2 or km == 60


def test_a_wish_comes_true_when_it_costs_nothing(make):
    staff = (*make.crew(), *second_crew(make))
    problem = make.problem(classes=(make.school_class(wishes=(9, 3)),), staff=staff)

    assert half_days(first_plan(problem)) == [3]
