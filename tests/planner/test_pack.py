from dataclasses import replace

from blaljus.domain.words import Service
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.plan import crew_cost
from blaljus.planner.problem import FixedSlot


def packed(problem):
    """Return the plan, sound."""
    plan = pack(problem)
    assert violations(problem, plan) == ()
    return plan


def test_one_class_gets_the_first_half_day_with_everyone(make):
    problem = make.problem(staff=make.crew(free=0b11100))

    assert packed(problem) == make.plan(make.session(half_day=2))


def test_classes_share_a_session(make):
    problem = make.problem(classes=tuple(make.school_class(i) for i in (1, 2, 3)))

    assert packed(problem) == make.plan(make.session(classes=(1, 2, 3)))


def test_more_classes_than_places_get_a_whole_day_with_the_same_crew(make):
    problem = make.problem(classes=tuple(make.school_class(i) for i in range(1, 7)))

    plan = packed(problem)
    assert [session.half_day for session in plan.sessions] == [0, 1]
    assert plan.sessions[0].crew == plan.sessions[1].crew
    assert crew_cost(problem, plan) == 3 * 5


def test_a_whole_day_later_is_better_than_two_mornings_now(make):
    problem = make.problem(
        classes=tuple(make.school_class(i) for i in range(1, 7)),
        venues=(make.venue(open=0b111000101),),
    )

    assert [session.half_day for session in packed(problem).sessions] == [6, 7]


def test_who_can_stay_all_day_is_asked_for_the_whole_day(make):
    morning_only = tuple(replace(p, free=0b01) for p in make.crew())
    all_day = tuple(replace(p, id=p.id + 3, free=0b11) for p in make.crew())
    problem = make.problem(
        classes=tuple(make.school_class(i) for i in range(1, 7)), staff=morning_only + all_day
    )

    plan = packed(problem)
    assert [[m.staff for m in session.crew] for session in plan.sessions] == [[4, 5, 6]] * 2


def test_a_class_is_placed_later_rather_than_not_at_all(make):
    early, late = make.school_class(1, free=0b01), make.school_class(2, free=1 << 19)
    problem = make.problem(classes=(early, late))

    assert [session.half_day for session in packed(problem).sessions] == [0, 19]


def test_without_an_ambulance_nobody_is_placed_and_nobody_is_called(make):
    problem = make.problem(staff=make.crew()[:2])

    assert packed(problem) == make.plan(unplaced=(1,))


def test_an_empty_problem_has_an_empty_plan(make):
    assert packed(make.problem(classes=(), venues=(), staff=())) == make.plan()


def test_a_wide_shortage_places_as_many_as_there_are_crews(make):
    """Three one-place schools, and staff that may come twice: two classes get a slot."""
    venues = tuple(make.venue(i, max_groups=1) for i in (1, 2, 3))
    classes = tuple(make.school_class(i, venues=(i,)) for i in (1, 2, 3))
    problem = make.problem(venues=venues, classes=classes, staff=make.crew(per_season=2))

    assert len(packed(problem).unplaced) == 1


def test_a_class_moves_to_let_another_in(make):
    """Class 1 would take the morning first; class 2 can only come then."""
    first = make.school_class(1, free=0b11)
    second = make.school_class(2, free=0b01)
    problem = make.problem(classes=(first, second), venues=(make.venue(max_groups=1),))

    plan = packed(problem)
    assert [session.classes for session in plan.sessions] == [(2,), (1,)]


def test_a_full_session_moves_when_another_class_can_only_come_then(make):
    """Two classes for one crew look best and are taken first, at the only time class 3 has."""
    classes = (
        make.school_class(1, free=0b101),
        make.school_class(2, free=0b101),
        make.school_class(3, free=0b001, venues=(2,)),
    )
    problem = make.problem(classes=classes, venues=(make.venue(1), make.venue(2)))

    assert packed(problem) == make.plan(
        make.session(0, classes=(3,), venue=2), make.session(2, classes=(1, 2))
    )


def test_the_bus_comes_when_it_can_and_gives_one_more_place(make):
    bus = make.station(Service.PARTNER, required=False)
    venue = make.venue(stations=(*make.three_stations(), bus))
    driver = make.person(4, Service.PARTNER, free=1 << 6)
    classes = tuple(make.school_class(i) for i in (1, 2, 3, 4))
    problem = make.problem(venues=(venue,), classes=classes, staff=(*make.crew(), driver))

    assert packed(problem) == make.plan(
        make.session(half_day=6, classes=(1, 2, 3, 4), staff=(1, 2, 3, 4))
    )


def test_the_bus_is_dropped_when_nobody_can_drive_and_costs_no_crew(make):
    bus = make.station(Service.PARTNER, required=False)
    venue = make.venue(stations=(*make.three_stations(), bus))

    assert packed(make.problem(venues=(venue,))) == make.plan(make.session())
    driven = make.problem(venues=(venue,), staff=(*make.crew(), make.person(4, Service.PARTNER)))
    assert crew_cost(driven, packed(driven)) == 3 * 3


def test_a_required_partner_is_never_dropped(make):
    bus = make.station(Service.PARTNER, required=True)
    venue = make.venue(stations=(*make.three_stations(), bus))

    assert packed(make.problem(venues=(venue,))) == make.plan(unplaced=(1,))


def test_whoever_is_free_comes_before_whoever_is_on_call(make):
    venue = make.venue(stations=make.three_stations(on_call_allowed=True))
    on_call = make.crew(free=0, on_call=make.ALWAYS)
    free = tuple(replace(p, id=p.id + 3, free=make.ALWAYS, on_call=0) for p in on_call)
    problem = make.problem(venues=(venue,), staff=on_call + free)

    assert packed(problem) == make.plan(make.session(staff=(4, 5, 6)))


def test_a_free_person_is_left_for_the_station_where_nobody_on_call_may_stand(make):
    stations = (
        make.station(Service.POLICE, on_call_allowed=True),
        *make.three_stations(),
    )
    staff = (*make.crew(), make.person(4, Service.POLICE, free=0, on_call=make.ALWAYS))
    problem = make.problem(venues=(make.venue(stations=stations),), staff=staff)

    assert packed(problem) == make.plan(make.session(staff=(4, 1, 2, 3)))


def test_the_load_is_spread(make):
    """Three days, three crews that could all do everything: one day each."""
    days = (0b1, 0b100, 0b10000)
    classes = tuple(make.school_class(i, free=mask) for i, mask in enumerate(days))
    crews = tuple(replace(p, id=p.id + 3 * n) for n in range(3) for p in make.crew())
    problem = make.problem(classes=classes, staff=crews)

    staff = [member.staff for s in packed(problem).sessions for member in s.crew]
    assert sorted(staff) == list(range(1, 10))


def test_what_people_do_elsewhere_is_load_too(make):
    tired = make.crew(busy=0b1100000000)
    rested = tuple(replace(p, id=p.id + 3, busy=0) for p in tired)
    problem = make.problem(staff=tired + rested)

    assert packed(problem) == make.plan(make.session(staff=(4, 5, 6)))


def test_free_places_of_published_slots_are_taken_first(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=2, classes=(9,), staff=(1, 2, 3))
    problem = make.problem(fixed=(slot,))

    plan = packed(problem)
    assert plan == make.plan(make.session(half_day=4, staff=(), fixed=7))
    assert crew_cost(problem, plan) == 0


def test_a_published_slot_is_lengthened_rather_than_a_new_day_opened(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, classes=(9,), staff=(1, 2, 3))
    problem = make.problem(fixed=(slot,))

    plan = packed(problem)
    assert plan == make.plan(make.session(half_day=5))
    assert crew_cost(problem, plan) == 3 * 2


def test_nobody_joins_a_published_slot_that_lacks_a_service(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=2, staff=(1, 2))

    assert packed(make.problem(fixed=(slot,))) == make.plan(make.session(half_day=5))


def test_classes_of_published_slots_are_placed_already(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, classes=(1,), staff=(1, 2, 3))

    assert packed(make.problem(fixed=(slot,))) == make.plan()


def test_progress_rises_to_the_number_placed(make):
    seen = []
    classes = (*(make.school_class(i) for i in range(1, 9)), make.school_class(9, free=0))
    problem = make.problem(classes=classes)

    pack(problem, lambda placed, total: seen.append((placed, total)))
    assert seen == [(placed, 9) for placed in range(9)]
