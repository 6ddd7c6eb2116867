"""A season as JSON, `blaljus-season/1`, as a problem: rows in any order, ids of any kind.

The same rows in another order give the same problem.
"""

from blaljus.domain.words import Half, Service, VenueKind
from blaljus.planner.problem import (
    HalfDay,
    Lock,
    Problem,
    ProblemClass,
    ProblemMunicipality,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)
from blaljus.planner.season.checks import mistakes
from blaljus.planner.season.reading import SeasonError, parse, typed
from blaljus.planner.season.rows import (
    ClassRow,
    FormatOnly,
    MunicipalityRow,
    SeasonFile,
    StaffRow,
    VenueRow,
)


def read_season(data: bytes, *, seed: int = 0) -> Problem:
    """Return the problem of a file, or raise `SeasonError` with its mistakes, `place: reason`."""
    content = parse(data)
    typed(content, FormatOnly)
    season = typed(content, SeasonFile)
    lines = tuple(mistakes(season))
    if lines:
        raise SeasonError(lines)
    return _problem(season, seed)


def _problem(season: SeasonFile, seed: int) -> Problem:
    locked = sorted(season.locked, key=lambda row: row.school_class)
    return Problem(
        half_days=tuple(HalfDay(day, half) for day in season.days for half in Half),
        municipalities=tuple(map(_municipality, sorted(season.municipalities, key=_id))),
        venues=tuple(_venue(season, row) for row in sorted(season.venues, key=_id)),
        classes=tuple(map(_class, sorted(season.classes, key=_id))),
        staff=tuple(_person(season, row) for row in sorted(season.staff, key=_id)),
        locked=tuple(
            Lock(school_class=row.school_class, venue=row.venue, half_day=row.slot)
            for row in locked
        ),
        lunch_gap_minutes=season.lunch_gap_minutes,
        services=tuple(map(Service, season.services)),
        seed=seed,
    )


def _id(row: MunicipalityRow | VenueRow | ClassRow | StaffRow) -> int:
    return row.id


def _mask(text: str) -> int:
    return int(text, 16)


def _municipality(row: MunicipalityRow) -> ProblemMunicipality:
    return ProblemMunicipality(
        id=row.id, area=row.area, region=row.region, x_km=row.x_km, y_km=row.y_km
    )


def _venue(season: SeasonFile, row: VenueRow) -> ProblemVenue:
    largest = max((school_class.pupils for school_class in season.classes), default=0)
    everyone = len(season.staff) + 1
    return ProblemVenue(
        id=row.id,
        kind=VenueKind.SCHOOL if row.kind == "school" else VenueKind.SHARED,
        municipality=row.municipality,
        open=_mask(row.open),
        stations=tuple(
            ProblemStation(
                service=Service(service),
                staff_needed=min(need, everyone),
                extra_staff=min(extra, everyone),
                max_pupils=largest,
                on_call_allowed=False,
                required=True,
            )
            for service, need, extra in zip(
                season.services, row.needs, row.extra_needs, strict=True
            )
        ),
        max_groups=min(row.groups, len(season.classes)),
        groups_per_crew=season.groups_per_crew,
        x_km=row.x_km,
        y_km=row.y_km,
    )


def _class(row: ClassRow) -> ProblemClass:
    return ProblemClass(
        id=row.id,
        label=str(row.id),
        school_venue=row.school,
        venues=tuple(sorted(set(row.venues), key=lambda venue: (venue != row.school, venue))),
        free=_mask(row.free),
        pupils=row.pupils,
        language=row.language,
        wishes=tuple(row.wishes),
    )


def _person(season: SeasonFile, row: StaffRow) -> ProblemStaff:
    ever = 2 * len(season.days)
    return ProblemStaff(
        id=row.id,
        agency=0,
        service=Service(row.service),
        municipalities=frozenset(row.municipalities),
        free=_mask(row.free),
        on_call=0,
        home=row.home,
        languages=frozenset(row.languages),
        per_day=min(row.per_day, ever),
        per_week=min(row.per_week, ever),
        per_season=min(row.per_season, ever),
    )
