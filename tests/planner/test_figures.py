from dataclasses import replace

from season_factories import a_class_row, a_season, a_venue_row, as_file

from blaljus.domain.words import Service
from blaljus.planner.figures import Figures, figures
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.season.season import read_season

SEASON = a_season(
    venues=[a_venue_row(9, x_km=3.0, y_km=4.0), a_venue_row(8)],
    classes=[
        a_class_row(1, wishes=[0, 2]),
        a_class_row(2, wishes=[0, 2]),
        a_class_row(3),
        a_class_row(4, wishes=[1]),
    ],
)


def a_session(venue, half_day, classes, staff=(7, 5, 6)):
    crew = tuple(PlannedCrew(station=n, staff=who) for n, who in enumerate(staff))
    return PlannedSession(venue=venue, half_day=half_day, classes=classes, crew=crew)


PLAN = Plan(
    sessions=(a_session(9, 0, (1,)), a_session(8, 1, (3,)), a_session(8, 2, (2,))), unplaced=(4,)
)


def test_the_figures_of_a_plan_are_counted():
    problem = read_season(as_file(SEASON))

    assert figures(problem, PLAN) == Figures(
        classes=4,
        placed=3,
        crew_half_days=9,
        staff_days=6,
        crew_cost=24,
        max_load=3,
        load_squares=27,
        wish_met=2,
        first_wish=1,
        travel_minutes=26,
        moved=None,
    )


def test_moved_counts_those_elsewhere_now_and_those_who_lost_their_time():
    problem = read_season(as_file(SEASON))
    base = Plan(sessions=(a_session(9, 0, (1, 2)), a_session(8, 1, (4,))), unplaced=(3,))

    assert figures(problem, PLAN, base).moved == 2


def test_a_day_that_a_person_is_out_anyway_is_no_new_staff_day():
    problem = read_season(as_file(SEASON))
    police = replace(problem.staff[2], busy=0b1000)
    assert police.service is Service.POLICE

    found = figures(replace(problem, staff=(*problem.staff[:2], police)), PLAN)

    assert (found.crew_half_days, found.staff_days, found.crew_cost) == (9, 5, 23)


def test_nobody_travels_from_an_unknown_home():
    problem = read_season(as_file(SEASON))

    found = figures(replace(problem, municipalities=()), PLAN)

    assert found.travel_minutes == 0


def test_a_plan_without_sessions_costs_nothing():
    problem = read_season(as_file(SEASON))

    found = figures(problem, Plan(sessions=(), unplaced=(1, 2, 3, 4)))

    assert (found.placed, found.crew_cost, found.max_load) == (0, 0, 0)
