"""Small random seasons, with every kind of station, cap, wish and slot."""

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from hypothesis import strategies as st

from blaljus.domain.words import REQUIRED_SERVICES, Half, Service, VenueKind
from blaljus.planner.pack import pack
from blaljus.planner.problem import (
    Buses,
    FixedSlot,
    HalfDay,
    Lock,
    Pin,
    Problem,
    ProblemClass,
    ProblemMunicipality,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

SEASON = tuple(
    HalfDay(date(2027, 1, 13) + timedelta(days=d), half)
    for d in (0, 1, 2, 5, 6)
    for half in (Half.FM, Half.EM)
)[1:]
"""Five days in two weeks; the first morning is past."""

SLOTS = len(SEASON)

PLACES = tuple(
    ProblemMunicipality(id=id_, area=1, region=1, x_km=x, y_km=0.0)
    for id_, x in ((1, 0.0), (2, 30.0), (3, 60.0))
)
"""The second is near enough to both others over lunch, they are not to each other."""


def mask(rng, share):
    """Return a mask that holds about `share` of the half-days."""
    return sum(1 << i for i in range(SLOTS) if rng.random() < share)


def languages(rng, share):
    return [word for word in ("ar", "so") if rng.random() < share]


def stations(rng):
    """The three promised services, often a bus, sometimes a second police station; seldom a gap."""
    services = [*REQUIRED_SERVICES, *rng.choices([Service.PARTNER, Service.POLICE], k=2)]
    services = services[: rng.choice([3, 4, 5])]
    if rng.random() < 0.05:
        services.remove(Service.RESCUE)
    return tuple(
        ProblemStation(
            service=service,
            staff_needed=rng.choice([1] * 18 + [2, 0]),
            max_pupils=rng.choice([30] * 19 + [20]),
            on_call_allowed=rng.random() < 0.5,
            required=rng.random() < 0.5,
            extra_staff=rng.choice([0, 0, 1]),
            agency=rng.choice([None] * 9 + [1]),
        )
        for service in services
    )


def a_venue(rng, id_):
    return ProblemVenue(
        id=id_,
        kind=VenueKind.SHARED,
        municipality=rng.choice([1, 1, 2, 3]),
        open=mask(rng, 0.8),
        stations=stations(rng),
        max_groups=rng.choice([None, None, 1, 2, 4]),
        groups_per_crew=rng.choice([None, None, 1, 2]),
        group_pupils=rng.choice([None, None, 14, 25]),
    )


def a_class(rng, id_, venues):
    return ProblemClass(
        id=id_,
        label=str(id_),
        school_venue=rng.choice([None, *(v.id for v in venues)]),
        municipality=rng.choice([None, None, 1, 2]),
        venues=tuple(v.id for v in venues if rng.random() < 0.7),
        free=mask(rng, 0.7),
        pupils=rng.choice([0, 5, 12, 20, 25, 30]),
        blocked=(("lov", mask(rng, 0.2)),),
        language=next(iter(languages(rng, 0.1)), None),
        wishes=tuple(rng.sample(range(SLOTS), 2)),
    )


def a_person(rng, id_, service):
    busy = mask(rng, 0.06)
    return ProblemStaff(
        id=id_,
        agency=rng.choice([1, 1, 2]),
        service=service,
        municipalities=frozenset(rng.choice([{1}, {2}, {1, 2}, {1, 2, 3}, {1, 2, 3}, {1, 2, 3}])),
        free=mask(rng, 0.8),
        on_call=mask(rng, 0.3),
        busy=busy,
        busy_in=tuple(
            (t, rng.choice([1, 3])) for t in range(SLOTS) if busy >> t & rng.choice([0, 1])
        ),
        resting=mask(rng, 0.04),
        too_late=rng.choice([0, 0, 0b111]),
        perhaps_busy=0b101_0110_1101 >> id_ % 4,
        home=rng.choice([None, 1, 2]),
        languages=frozenset(languages(rng, 0.4)),
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


def pins(rng, venues, staff):
    """Seldom one; most often of somebody who can come."""
    for venue in venues if staff and rng.random() < 0.2 else ():
        who = rng.choice(staff)
        yield Pin(staff=who.id, venue=venue.id, half_day=rng.choice([None, rng.randrange(SLOTS)]))


def locked(rng, problem):
    """Lock some of what a plan without locks has placed: then the locks can be kept."""
    places = [(c, s) for s in pack(problem).sessions for c in s.classes]
    chosen = rng.sample(places, min(len(places), rng.choice([0, 0, 1, 2, 3])))
    return tuple(
        Lock(school_class=class_id, venue=session.venue, half_day=session.half_day)
        for class_id, session in chosen
    )


def a_problem(seed, classes, venues, teams):
    rng = random.Random(seed)  # noqa: S311 -- repeatable, no secret
    places = tuple(a_venue(rng, 10 + i) for i in range(venues))
    pupils = tuple(a_class(rng, 100 + i, places) for i in range(classes))
    services = [service for service in Service for _ in range(teams)]
    staff = tuple(a_person(rng, 1000 + i, service) for i, service in enumerate(services))
    seats = rng.choice([None, None, None, 20, 40])
    problem = Problem(
        half_days=SEASON,
        classes=pupils,
        venues=places,
        staff=staff,
        municipalities=PLACES[: rng.choice([2, 3])],
        fixed=tuple(published(rng, places, pupils, staff)),
        pins=tuple(pins(rng, places, staff)),
        buses=() if seats is None else (Buses(municipality=1, seats=seats),),
        seed=seed,
    )
    return replace(problem, locked=locked(rng, problem))


problems = partial(
    st.builds,
    a_problem,
    seed=st.integers(0, 2**32),
    classes=st.integers(0, 8),
    venues=st.integers(1, 3),
    teams=st.integers(0, 6),
)
"""Sizes shrink; the rest follows from a seed: evenly mixed masks find more than tidy ones."""
