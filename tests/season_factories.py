"""A season of two days as a file says it: two classes, one school, one of each service."""

import json


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
