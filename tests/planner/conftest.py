from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from blaljus.domain.words import Half, Service, VenueKind
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.problem import (
    HalfDay,
    Problem,
    ProblemClass,
    ProblemMunicipality,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

HOOR, HORBY = 1267, 1266
ALWAYS = (1 << 20) - 1


def two_weeks():
    days = [date(2027, 1, 11) + timedelta(days=d) for d in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    return tuple(HalfDay(day, half) for day in days for half in (Half.FM, Half.EM))


def a_station(service, **other):
    return ProblemStation(
        **{
            "service": service,
            "staff_needed": 1,
            "max_pupils": 30,
            "on_call_allowed": False,
            "required": True,
            **other,
        }
    )


def three_stations(**other):
    services = (Service.POLICE, Service.RESCUE, Service.AMBULANCE)
    return tuple(a_station(service, **other) for service in services)


def a_venue(id_=1, **other):
    values = {
        "kind": VenueKind.SHARED,
        "municipality": HOOR,
        "open": ALWAYS,
        "stations": three_stations(),
    }
    return ProblemVenue(id=id_, **{**values, **other})


def a_class(id_=1, **other):
    values = {"label": f"4-{id_}", "school_venue": None, "free": ALWAYS, "pupils": 20}
    return ProblemClass(id=id_, **{**values, "venues": (1,), **other})


def a_person(id_, service, **other):
    values = {"agency": 1, "municipalities": frozenset({HOOR}), "free": ALWAYS, "on_call": 0}
    return ProblemStaff(id=id_, service=service, **{**values, **other})


def a_crew(**other):
    services = (Service.POLICE, Service.RESCUE, Service.AMBULANCE)
    return tuple(a_person(i, s, **other) for i, s in enumerate(services, start=1))


def apart(km):
    """Return Höör and Hörby so many kilometres from each other."""
    return tuple(
        ProblemMunicipality(id=id_, area=1, region=12, x_km=0.6 * x, y_km=0.8 * x)
        for id_, x in ((HOOR, 0), (HORBY, km))
    )


def a_problem(**other):
    values = {"classes": (a_class(),), "venues": (a_venue(),), "staff": a_crew()}
    return Problem(half_days=two_weeks(), **{**values, **other})


def a_session(half_day=0, classes=(1,), venue=1, staff=(1, 2, 3), fixed=None):
    crew = tuple(PlannedCrew(station=i, staff=who) for i, who in enumerate(staff))
    return PlannedSession(venue=venue, half_day=half_day, classes=classes, crew=crew, fixed=fixed)


def a_plan(*sessions, unplaced=()):
    return Plan(sessions=sessions, unplaced=unplaced)


@pytest.fixture(scope="session")
def make():
    """Builders with dull defaults: one class, one venue, one person of each service."""
    return SimpleNamespace(
        HOOR=HOOR,
        HORBY=HORBY,
        ALWAYS=ALWAYS,
        station=a_station,
        three_stations=three_stations,
        venue=a_venue,
        school_class=a_class,
        person=a_person,
        crew=a_crew,
        apart=apart,
        problem=a_problem,
        session=a_session,
        plan=a_plan,
    )
