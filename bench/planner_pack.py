"""How good and how quick the packer is, against first come, first served.

    python bench/planner_pack.py                 # seeded problems of 45 and 700 classes
    python bench/planner_pack.py FILE.json ...   # problems in the format blaljus-season/1

Of a `blaljus-season/1` problem, languages are left out, a person keeps to one venue a day, and a
session has at most as many groups as one crew takes: so the figures are not those of its optimum.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from blaljus.domain.words import REQUIRED_SERVICES, Half, Service, VenueKind
from blaljus.planner.board import Board
from blaljus.planner.check import violations
from blaljus.planner.crew import crew_for
from blaljus.planner.pack import pack, to_plan
from blaljus.planner.people import bits
from blaljus.planner.plan import Plan, crew_cost
from blaljus.planner.problem import (
    HalfDay,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

ROUNDS = 5
"""The median of the CPU times of so many runs is shown."""


def first_come(problem: Problem) -> Plan:
    """Let each class in turn take the earliest half-day that works, as phoning around does."""
    board = Board(problem)
    for school_class in range(len(board.classes)):
        _book_first(board, school_class)
    return to_plan(board)


def _book_first(board: Board, school_class: int) -> None:
    for half_day in bits(board.free[school_class]):
        for venue in board.goes_to[school_class]:
            key = venue, half_day
            if key not in board.sessions and board.sites[venue].open >> half_day & 1:
                crew = crew_for(board, key)
                if crew is not None:
                    board.open(key, crew)
            if key in board.sessions and board.has_room(key):
                board.seat(school_class, key)
                return


def _half_days(days: list[date]) -> tuple[HalfDay, ...]:
    return tuple(HalfDay(day, half) for day in days for half in (Half.FM, Half.EM))


def _station(service: Service, people: int) -> ProblemStation:
    return ProblemStation(
        service=service, staff_needed=people, max_pupils=99, on_call_allowed=False, required=True
    )


def from_season(raw: dict[str, Any]) -> Problem:
    """Read a problem in the format blaljus-season/1."""
    return Problem(
        half_days=_half_days([date.fromisoformat(day) for day in raw["days"]]),
        classes=tuple(
            ProblemClass(
                id=row["id"],
                label=str(row["id"]),
                school_venue=row["school"],
                venues=tuple(row["venues"]),
                free=int(row["free"], 16),
                pupils=row["pupils"],
            )
            for row in raw["classes"]
        ),
        venues=tuple(
            ProblemVenue(
                id=row["id"],
                kind=VenueKind.SCHOOL if row["kind"] == "school" else VenueKind.SHARED,
                municipality=row["municipality"],
                open=int(row["open"], 16),
                stations=tuple(
                    _station(Service(name), people)
                    for name, people in zip(raw["services"], row["needs"], strict=True)
                ),
                max_groups=min(raw["groups_per_crew"], row["groups"]),
            )
            for row in raw["venues"]
        ),
        staff=tuple(
            ProblemStaff(
                id=row["id"],
                agency=0,
                service=Service(row["service"]),
                municipalities=frozenset(row["municipalities"]),
                free=int(row["free"], 16),
                on_call=0,
                per_day=row["per_day"],
                per_week=row["per_week"],
                per_season=row["per_season"],
            )
            for row in raw["staff"]
        ),
    )


def generated(classes: int, share: float) -> Problem:
    """Make a season of so many classes, where staff are free in about `share` of the half-days."""
    rng = random.Random(f"{classes}-{share}")  # noqa: S311 -- repeatable, no secret
    mondays = [date(2026, 9, 7) + timedelta(weeks=n) for n in range(32)]
    half_days = _half_days([monday + timedelta(days=n) for monday in mondays for n in range(5)])
    size, areas = len(half_days), max(1, classes // 15)

    def mask(part: float) -> int:
        return sum(1 << i for i in range(size) if rng.random() < part)

    stations = tuple(_station(service, 1) for service in REQUIRED_SERVICES)
    schools = [(i, rng.randrange(areas)) for i in range(areas, areas + classes // 2)]
    shared = [(i, i) for i in range(areas)]
    venues = tuple(
        ProblemVenue(
            id=i,
            kind=VenueKind.SHARED if i < areas else VenueKind.SCHOOL,
            municipality=area,
            open=mask(0.05 if i < areas else 0.8),
            stations=stations,
            max_groups=3 if i < areas else 2,
        )
        for i, area in [*shared, *schools]
    )
    at = [rng.choice(schools) for _ in range(classes)]
    return Problem(
        half_days=half_days,
        classes=tuple(
            ProblemClass(
                id=i,
                label=str(i),
                school_venue=school,
                venues=(school, area) if i % 2 else (school,),
                free=mask(0.5),
                pupils=rng.randint(14, 30),
            )
            for i, (school, area) in enumerate(at)
        ),
        venues=venues,
        staff=tuple(
            ProblemStaff(
                id=i,
                agency=0,
                service=REQUIRED_SERVICES[i % 3],
                municipalities=frozenset({area, (area + 1) % areas}),
                free=mask(share),
                on_call=0,
                per_season=4,
            )
            for i, area in enumerate(rng.randrange(areas) for _ in range(classes))
        ),
    )


def measure(packer: Callable[[Problem], Plan], problem: Problem) -> tuple[Plan, float]:
    """Return a plan that the referee passed, and the median CPU time in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        plan = packer(problem)
        times.append(1000 * (time.process_time() - started))
    broken = violations(problem, plan)
    if broken:
        raise SystemExit(f"the referee refuses the plan: {broken[:3]}")
    return plan, sorted(times)[ROUNDS // 2]


def problems() -> Iterator[tuple[str, Problem]]:
    """Yield the problems of the command line, or the seeded ones."""
    for name in sys.argv[1:]:
        yield Path(name).stem, from_season(json.loads(Path(name).read_text(encoding="utf-8")))
    if len(sys.argv) == 1:
        for classes in (45, 700):
            for word, share in (("scarce", 0.03), ("normal", 0.06), ("ample", 0.12)):
                yield f"{classes}-{word}", generated(classes, share)


def main() -> None:
    """Print one line for each problem: classes placed, crew cost a class, and CPU time."""
    print(f"{'':16}{'placed':>16}{'':8}{'crew cost / class':>24}{'':8}{'CPU ms':>9}")
    print(f"{'problem':16}{'first':>6}{'pack':>5}{'of':>5}{'ratio':>8}", end="")
    print(f"{'first':>16}{'pack':>8}{'ratio':>8}{'pack':>9}")
    for name, problem in problems():
        naive, _ = measure(first_come, problem)
        plan, milliseconds = measure(pack, problem)
        placed = [len(problem.classes) - len(p.unplaced) for p in (naive, plan)]
        costs = [crew_cost(problem, p) / n for p, n in zip((naive, plan), placed, strict=True)]
        print(f"{name:16}{placed[0]:6}{placed[1]:5}{len(problem.classes):5}", end="")
        print(f"{placed[1] / placed[0]:8.2f}{costs[0]:16.2f}{costs[1]:8.2f}", end="")
        print(f"{costs[1] / costs[0]:8.2f}{milliseconds:9.0f}")


if __name__ == "__main__":
    main()
