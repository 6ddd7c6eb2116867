"""The real case: Höör in spring 2027, read from the demo's files."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from blaljus.domain.words import REQUIRED_SERVICES, Half, Service, VenueKind
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.plan import crew_cost
from blaljus.planner.problem import (
    HalfDay,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

FILES = Path(__file__).parents[2] / "blaljus" / "demo" / "hoor"
HOOR = 1267
FIRE_STATION = 1
SERVICES = {
    "polis": Service.POLICE,
    "raddningstjanst": Service.RESCUE,
    "ambulans": Service.AMBULANCE,
    "partner": Service.PARTNER,
}


def rows(name):
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def days(row):
    first, last = date.fromisoformat(row["fran"]), date.fromisoformat(row["till"])
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


@pytest.fixture(scope="module")
def blocks():
    """Return the days on which each school is closed, `*` for all."""
    found = defaultdict(set)
    for row in rows("lasar"):
        if row["typ"] != "termin":
            found[row["skolenhetskod"]] |= days(row)
    return found


@pytest.fixture(scope="module")
def season(blocks):
    (term,) = (days(row) for row in rows("lasar") if row["typ"] == "termin")
    weekdays = sorted(day for day in term - blocks["*"] if day.weekday() < 5)
    return tuple(HalfDay(day, half) for day in weekdays for half in (Half.FM, Half.EM))


def stations(*services, on_call):
    return tuple(
        ProblemStation(
            service=service,
            staff_needed=1,
            max_pupils=50,
            on_call_allowed=on_call,
            required=service in REQUIRED_SERVICES,
        )
        for service in services
    )


@pytest.fixture(scope="module")
def staff(season):
    index = {(h.day.isoformat(), h.half.value): i for i, h in enumerate(season)}
    masks = defaultdict(int)
    for row in rows("tillganglighet"):
        if (row["datum"], row["halvdag"]) in index:
            masks[row["personalref"], row["lage"]] |= 1 << index[row["datum"], row["halvdag"]]
    agencies = {row["enhet"]: row for row in rows("enheter")}
    return tuple(
        ProblemStaff(
            id=id_,
            agency=list(agencies).index(row["enhet"]),
            service=SERVICES[agencies[row["enhet"]]["verksamhet"]],
            municipalities=frozenset(map(int, agencies[row["enhet"]]["kommunkoder"].split(","))),
            free=masks[row["personalref"], "ledig"],
            on_call=masks[row["personalref"], "beredskap"],
        )
        for id_, row in enumerate(rows("personal"), start=1)
    )


@pytest.fixture(scope="module")
def hoor(season, blocks, staff):
    everything = (1 << len(season)) - 1
    bus_too = stations(*SERVICES.values(), on_call=True)
    shared = ProblemVenue(
        id=FIRE_STATION,
        kind=VenueKind.SHARED,
        municipality=HOOR,
        open=everything,
        stations=bus_too,
    )
    at_school = stations(*REQUIRED_SERVICES, on_call=False)
    schools = sorted({int(row["skolenhetskod"]) for row in rows("klasser")})
    venues = tuple(
        ProblemVenue(
            id=code,
            kind=VenueKind.SCHOOL,
            municipality=HOOR,
            open=everything,
            stations=at_school,
        )
        for code in schools
    )
    classes = tuple(
        ProblemClass(
            id=id_,
            label=row["klass"],
            school_venue=int(row["skolenhetskod"]),
            venues=(int(row["skolenhetskod"]), FIRE_STATION),
            free=everything,
            pupils=int(row["elever_ak4"]) + int(row["ovriga_elever"]),
            blocked=(("skolan", closed(season, blocks[row["skolenhetskod"]])),),
        )
        for id_, row in enumerate(rows("klasser"), start=1)
    )
    return Problem(half_days=season, classes=classes, venues=(shared, *venues), staff=staff)


def closed(season, dates):
    return sum(1 << i for i, half_day in enumerate(season) if half_day.day in dates)


def test_the_files_are_what_the_data_says_they_are(hoor):
    assert (len(hoor.half_days), len(hoor.classes), len(hoor.staff)) == (194, 10, 21)


def test_all_ten_classes_meet_all_three_services(hoor):
    plan = pack(hoor)

    assert violations(hoor, plan) == ()
    assert plan.unplaced == ()
    service = {person.id: person.service for person in hoor.staff}
    for session in plan.sessions:
        assert {service[m.staff] for m in session.crew} >= set(REQUIRED_SERVICES)


def test_they_share_three_sessions_with_the_bus_at_the_fire_station(hoor):
    """Ten classes need three sessions of four; a joint day saves each service a staff-day."""
    plan = pack(hoor)

    assert [len(session.crew) for session in plan.sessions] == [4, 4, 4]
    assert {session.venue for session in plan.sessions} == {FIRE_STATION}
    assert crew_cost(hoor, plan) == 3 * 5 + 3 * 3


def test_without_the_ambulance_nothing_is_planned(hoor):
    others = tuple(p for p in hoor.staff if p.service is not Service.AMBULANCE)
    problem = Problem(
        half_days=hoor.half_days, classes=hoor.classes, venues=hoor.venues, staff=others
    )

    assert pack(problem).sessions == ()
