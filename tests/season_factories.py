"""A season of two days as a file says it: two classes, one school, one of each service."""

import json
import random
from datetime import date, timedelta


def a_season(**other):
    return {
        "format": "blaljus-season/1",
        "name": "two days",
        "days": ["2026-09-01", "2026-09-02"],
        "services": ["police", "rescue", "ambulance"],
        "groups_per_crew": 3,
        "lunch_gap_minutes": 40,
        "municipalities": [{"id": 70, "area": 0, "region": 0, "x_km": 0.0, "y_km": 0}],
        "venues": [a_venue_row()],
        "classes": [a_class_row(31), a_class_row(30, free="0xe", wishes=[2, 3])],
        "staff": [
            a_staff_row(7, "police"),
            a_staff_row(5, "rescue"),
            a_staff_row(6, "ambulance"),
        ],
        "locked": [],
        **other,
    }


def a_venue_row(id_=9, **other):
    row = {
        "id": id_,
        "municipality": 70,
        "kind": "school",
        "x_km": 1.1,
        "y_km": 0.0,
        "open": "0xf",
        "groups": 2,
        "needs": [1, 1, 1],
        "extra_needs": [0, 0, 0],
    }
    return row | other


def a_class_row(id_, **other):
    row = {
        "id": id_,
        "school": 9,
        "municipality": 70,
        "free": "0xf",
        "venues": [9],
        "language": None,
        "wishes": [],
        "pupils": 20,
    }
    return row | other


def a_staff_row(id_, service, **other):
    row = {
        "id": id_,
        "service": service,
        "home": 70,
        "municipalities": [70],
        "languages": [],
        "free": "0xf",
        "per_day": 2,
        "per_week": 2,
        "per_season": 3,
    }
    return row | other


def as_file(season):
    return json.dumps(season).encode()


def locked(*rows):
    return [dict(zip(("class", "venue", "slot"), row, strict=True)) for row in rows]


def a_random_season(*, seed, classes, days=30, areas=1):
    """A season of two municipalities, of one or two areas, where two classes share a school."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable, no secret
    slots = 2 * days

    def mask(share):
        return hex(sum(1 << slot for slot in range(slots) if rng.random() < share))

    schools = [
        a_venue_row(900 + n, municipality=70 + n % 2, open=mask(0.8)) for n in range(classes // 2)
    ]
    stations = [
        a_venue_row(
            800 + n,
            municipality=70 + n,
            kind="station",
            open=mask(0.1),
            groups=6,
            extra_needs=[1, 1, 1],
        )
        for n in range(2)
    ]
    first = date(2026, 9, 7)
    return a_season(
        days=[str(first + timedelta(days=n % 5, weeks=n // 5)) for n in range(days)],
        municipalities=[
            {"id": 70 + n, "area": n % areas, "region": 0, "x_km": 12.0 * n, "y_km": 0}
            for n in range(2)
        ],
        venues=schools + stations,
        classes=[
            a_class_row(
                n,
                school=900 + n // 2,
                venues=[900 + n // 2, *rng.choice([[], [800 + n // 2 % 2]])],
                free=mask(0.4),
                language=rng.choice([None] * 9 + ["so"]),
                wishes=rng.sample(range(slots), 3),
            )
            for n in range(2 * (classes // 2))
        ],
        staff=[
            a_staff_row(
                n,
                ("police", "rescue", "ambulance")[n % 3],
                home=70 + n % 2,
                municipalities=rng.choice([[70], [71], [70, 71]]),
                free=mask(0.2),
                languages=rng.choice([[], [], ["so"]]),
            )
            for n in range(classes)
        ],
    )
