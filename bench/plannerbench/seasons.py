"""Seeded seasons in the form blaljus-season/1, from easy to impossible.

What is free is drawn from patterns that people have: lessons at fixed hours, duty rosters of three
or four days, schools that close for whole days.
"""

import random
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]

SERVICES = ("police", "rescue", "ambulance")
CLASSES = {"S": (1, 12), "M": (3, 15), "L": (30, 24)}
"""Municipalities, and classes in each."""

SUPPLY = {
    "loose": (0.40, (8, 8, 5), 20, 0.9),
    "normal": (0.26, (5, 5, 4), 10, 0.7),
    "tight": (0.17, (4, 4, 3), 6, 0.5),
    "over": (0.11, (3, 3, 2), 4, 0.3),
}
"""Share of half-days that staff offer, sessions a person, open half-days of a station, and the
share of classes that may travel there."""

LANGUAGES = ("ar", "so", "ti")


def season(size: str, supply: str, seed: int) -> Row:
    """Return a problem; the same arguments give the same one."""
    maker = _Maker(random.Random(f"{size} {supply} {seed}"), supply)  # noqa: S311 -- repeatable
    towns, classes = CLASSES[size]
    for _ in range(towns):
        maker.add_town(classes)
    maker.add_staff()
    return maker.file(f"{size}-{supply}-{seed}")


class _Maker:
    def __init__(self, rng: random.Random, supply: str) -> None:
        self._rng = rng
        self._share, self._caps, self._station_slots, self._travel = SUPPLY[supply]
        self._days = _school_days()
        self._slots = 2 * len(self._days)
        self._towns: list[Row] = []
        self._venues: list[Row] = []
        self._classes: list[Row] = []
        self._staff: list[Row] = []

    def file(self, name: str) -> Row:
        return {
            "format": "blaljus-season/1",
            "name": name,
            "days": [day.isoformat() for day in self._days],
            "services": list(SERVICES),
            "groups_per_crew": 3,
            "lunch_gap_minutes": 40,
            "municipalities": self._towns,
            "venues": self._venues,
            "classes": self._classes,
            "staff": self._staff,
            "locked": [],
        }

    def add_town(self, classes: int) -> None:
        """Add a municipality of the police area, one of three towns, with schools and a station."""
        number = len(self._towns)
        area = number // 3
        middle = 25.0 * (area % 6), 25.0 * (area // 6)
        town = {"id": number, "area": area, "region": 0, **self._near(middle, 10)}
        self._towns.append(town)
        at = self._rng.sample(range(self._slots), self._station_slots)
        needs = {"needs": [1, 2, 1], "extra_needs": [1, 1, 1]}
        station = self._venue(town, "station", sum(1 << slot for slot in at), 6, **needs)
        left = classes
        while left > 0:
            here = min(left, self._rng.choice((1, 1, 2, 3)))
            needs = {"needs": [1, 1, 1], "extra_needs": [0, 0, 0]}
            opened = self._open_days()
            school = self._venue(town, "school", opened, 2, **needs)
            for _ in range(here):
                self._class(school, station, opened)
            left -= here

    def add_staff(self) -> None:
        """Add people for the classes of each police area."""
        areas = sorted({town["area"] for town in self._towns})
        for area in areas:
            ids = [town["id"] for town in self._towns if town["area"] == area]
            count = round(0.38 * len(self._classes) / len(areas))
            for index, service in enumerate(SERVICES):
                for n in range(max(4, count)):
                    self._person(service, self._caps[index], ids[n % len(ids)], ids)

    def _near(self, point: tuple[float, float], spread: float) -> Row:
        x, y = (round(self._rng.gauss(value, spread), 2) for value in point)
        return {"x_km": x, "y_km": y}

    def _venue(self, town: Row, kind: str, opened: int, groups: int, **needs: list[int]) -> Row:
        where = self._near((town["x_km"], town["y_km"]), 5)
        row = {
            "id": len(self._venues),
            "municipality": town["id"],
            "kind": kind,
            **where,
            "open": hex(opened),
            "groups": groups,
            **needs,
        }
        self._venues.append(row)
        return row

    def _open_days(self) -> int:
        """Return the half-days of a school that closes for a tenth of all days."""
        opened = (1 << self._slots) - 1
        for day in self._rng.sample(range(len(self._days)), len(self._days) // 10):
            opened &= ~(0b11 << 2 * day)
        return opened

    def _class(self, school: Row, station: Row, opened: int) -> None:
        """Add a class that has no time in some hours of each week."""
        busy = set(self._rng.sample(range(10), self._rng.choice((3, 4, 5))))
        free = opened
        for slot in range(self._slots):
            if 2 * self._days[slot // 2].weekday() + slot % 2 in busy:
                free &= ~(1 << slot)
        may = [slot for slot in range(self._slots) if free >> slot & 1]
        travels = self._rng.random() < self._travel
        self._classes.append(
            {
                "id": len(self._classes),
                "school": school["id"],
                "municipality": school["municipality"],
                "free": hex(free),
                "venues": [school["id"]] + ([station["id"]] if travels else []),
                "language": self._rng.choice(LANGUAGES) if self._rng.random() < 0.05 else None,  # noqa: PLR2004 -- one class in twenty
                "wishes": self._rng.sample(may, min(5, len(may))),
                "pupils": self._rng.randint(14, 30),
            }
        )

    def _person(self, service: str, cap: int, home: int, area: list[int]) -> None:
        """Add a person on a roster: on duty every so many days, and free on some of those."""
        turn = {"police": 1, "rescue": 4, "ambulance": 3}[service]
        phase = self._rng.randrange(turn)
        offered = min(1.0, turn * self._share * self._rng.uniform(0.5, 1.5) / 1.6)
        free = 0
        for index, day in enumerate(self._days):
            if (day.toordinal() + phase) % turn == 0 and self._rng.random() < offered:
                free |= self._rng.choice((1, 2, 3)) << 2 * index
        self._staff.append(
            {
                "id": len(self._staff),
                "service": service,
                "home": home,
                "municipalities": area,
                "languages": [code for code in LANGUAGES if self._rng.random() < 0.08],  # noqa: PLR2004 -- one in twelve
                "free": hex(free),
                "per_day": self._rng.choice((1, 2)),
                "per_week": self._rng.choice((1, 2)),
                "per_season": max(1, cap + self._rng.choice((-1, 0, 0, 1))),
            }
        )


def _school_days() -> list[date]:
    """Return the weekdays from September to May, without two weeks of Christmas."""
    first, days = date(2026, 9, 1), []
    for n in range((date(2027, 5, 31) - first).days + 1):
        day = first + timedelta(days=n)
        if day.weekday() < 5 and not date(2026, 12, 21) <= day <= date(2027, 1, 8):  # noqa: PLR2004 -- Saturday
            days.append(day)
    return days
