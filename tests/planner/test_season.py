from copy import deepcopy
from datetime import date

from season_factories import a_season, a_staff_row, a_venue_row, as_file

from blaljus.domain.words import Half, Service, VenueKind
from blaljus.planner.problem import (
    HalfDay,
    Lock,
    ProblemClass,
    ProblemMunicipality,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)
from blaljus.planner.season.season import read_season


def test_a_season_is_read_row_by_row_in_the_order_of_ids():
    locked = [{"class": 30, "venue": 9, "slot": 1}]

    problem = read_season(as_file(a_season(locked=locked)), seed=4)

    assert problem.half_days == (
        HalfDay(date(2026, 9, 1), Half.FM),
        HalfDay(date(2026, 9, 1), Half.EM),
        HalfDay(date(2026, 9, 2), Half.FM),
        HalfDay(date(2026, 9, 2), Half.EM),
    )
    assert problem.municipalities == (
        ProblemMunicipality(id=70, area=0, region=0, x_km=0.0, y_km=0.0),
    )
    assert problem.classes[0] == ProblemClass(
        id=30,
        label="30",
        school_venue=9,
        venues=(9,),
        free=0b1110,
        pupils=20,
        wishes=(2, 3),
    )
    assert [row.id for row in problem.classes] == [30, 31]
    assert [row.id for row in problem.staff] == [5, 6, 7]
    assert problem.locked == (Lock(school_class=30, venue=9, half_day=1),)
    assert (problem.seed, problem.lunch_gap_minutes) == (4, 40)


def test_a_venue_asks_for_each_service_in_the_order_of_services():
    venue = a_venue_row(needs=[2, 1, 1], extra_needs=[1, 0, 1], kind="station", groups=6)

    (read,) = read_season(as_file(a_season(venues=[venue]))).venues

    def station(service, needed, extra):
        return ProblemStation(
            service=service,
            staff_needed=needed,
            extra_staff=extra,
            max_pupils=20,
            on_call_allowed=False,
            required=True,
        )

    assert read == ProblemVenue(
        id=9,
        kind=VenueKind.SHARED,
        municipality=70,
        open=0xF,
        stations=(
            station(Service.POLICE, 2, 1),
            station(Service.RESCUE, 1, 0),
            station(Service.AMBULANCE, 1, 1),
        ),
        max_groups=2,
        groups_per_crew=3,
        x_km=1.1,
        y_km=0.0,
    )


def test_a_person_keeps_caps_languages_and_home():
    person = a_staff_row(5, "rescue", languages=["so"], per_season=9999, per_week=0)

    read = read_season(as_file(a_season(staff=[person]))).staff

    assert read == (
        ProblemStaff(
            id=5,
            agency=0,
            service=Service.RESCUE,
            municipalities=frozenset({70}),
            free=0xF,
            on_call=0,
            home=70,
            languages=frozenset({"so"}),
            per_day=2,
            per_week=0,
            per_season=4,
        ),
    )


def test_shuffled_rows_are_the_same_problem():
    season = a_season(venues=[a_venue_row(9), a_venue_row(-4), a_venue_row(2**40)])
    season["classes"][0]["venues"] = [2**40, -4, 9]
    shuffled = deepcopy(season)
    for name in ("venues", "classes", "staff", "municipalities"):
        shuffled[name].reverse()
    shuffled["classes"][1]["venues"].reverse()

    assert read_season(as_file(shuffled)) == read_season(as_file(season))


def test_a_byte_order_mark_and_unknown_fields_do_no_harm():
    plain = read_season(as_file(a_season()))

    assert read_season(b"\xef\xbb\xbf" + as_file(a_season(comment="by hand"))) == plain
