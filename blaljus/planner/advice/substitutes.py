"""Who can take a person's place in one session, and why the others cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, inf
from typing import NamedTuple

from blaljus.domain.words import Service
from blaljus.planner.packing.board import Board, Key
from blaljus.planner.problem import ProblemStation


class Bar(StrEnum):
    """Why a person cannot take the place. Values are stable: pages and logs use them."""

    ALREADY_THERE = "already-there"
    OTHER_AGENCY = "other-agency"
    """The station belongs to another agency."""
    OUTSIDE_AREA = "outside-area"
    NOT_FREE = "not-free"
    """The person has said neither free nor on call."""
    ON_CALL = "on-call"
    """Only on call, and the station is none for that."""
    RESTING = "resting"
    TOO_LATE = "too-late"
    """The agency can no longer plan that half-day."""
    BUSY = "busy"
    """The person is elsewhere in that half-day."""
    LUNCH_GAP = "lunch-gap"
    """The day's other duty is too far away."""
    DAY_FULL = "day-full"
    WEEK_FULL = "week-full"
    SEASON_FULL = "season-full"
    LANGUAGE_LOST = "language-lost"
    """Nobody would be left who speaks the language of a class."""


class Merit(StrEnum):
    """What speaks for a person. Values are stable."""

    FREE = "free"
    ON_CALL = "on-call"
    """Only on call, where that is enough."""
    OUT_THAT_DAY = "out-that-day"
    LIVES_THERE = "lives-there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One person of the service; with any `bars` the person cannot take the place."""

    staff: int
    bars: tuple[Bar, ...]
    """All reasons against, in the order of `Bar`."""
    merits: tuple[Merit, ...]
    duties: int
    """The half-days the person has this season, those of the plan included."""
    km: float | None
    """From the home municipality to that of the venue as the crow flies; `None`: unknown."""

    @property
    def can(self) -> bool:
        """Tell whether the person can take the place."""
        return not self.bars


class _Seat(NamedTuple):
    """The place that is left empty, and what it asks."""

    key: Key
    municipality: int
    service: Service
    agency: int | None
    on_call: bool
    there: frozenset[int]
    untold: frozenset[str]
    """Languages that nobody else there speaks."""


def substitutes(board: Board, person: int, key: Key) -> tuple[Replacement, ...]:
    """Return everyone of the service of a person in a session: who can come first.

    In order of fairness: fewest duties, out that day anyway, nearest home, lowest id.
    Raises `ValueError` if the person is not there.
    """
    return _fairest(board, _seat(board, person, key), person)


def candidates(board: Board, service: Service, key: Key) -> tuple[Replacement, ...]:
    """Return everyone of a service for one more place in a session, in order of fairness.

    The station is any that the service has at the venue. Raises `ValueError` without a session.
    """
    session, site = board.sessions.get(key), board.sites[key[0]]
    if session is None:
        raise ValueError(f"no session at venue {site.id} in half-day {key[1]}")
    slot = next((s for s in board.problem.fixed if s.id == session.fixed), None)
    there = {p for _, p in session.crew} | {board.staff_at[p] for p in (slot.staff if slot else ())}
    stations = [station for station in site.stations if station.service is service]
    seat = _Seat(
        key=key,
        municipality=site.municipality,
        service=service,
        agency=None,
        on_call=bool(stations) and all(station.on_call_allowed for station in stations),
        there=frozenset(there),
        untold=frozenset(),
    )
    return _fairest(board, seat, None)


def _fairest(board: Board, seat: _Seat, person: int | None) -> tuple[Replacement, ...]:
    staff = board.people.staff
    colleagues = (p for p, who in enumerate(staff) if who.service is seat.service and p != person)
    found = [(_replacement(board, seat, p), p) for p in colleagues]
    return tuple(row for row, _ in sorted(found, key=lambda pair: _fairness(*pair)))


def _fairness(row: Replacement, person: int) -> tuple[int, int, bool, float, int]:
    """Order those who cannot come after the others, those with fewest reasons against first."""
    km = inf if row.km is None else row.km
    return len(row.bars), row.duties, Merit.OUT_THAT_DAY not in row.merits, km, person


def _seat(board: Board, person: int, key: Key) -> _Seat:
    session, site, staff = board.sessions.get(key), board.sites[key[0]], board.people.staff
    if session is None:
        raise ValueError(f"no session at venue {site.id} in half-day {key[1]}")
    asked = [site.stations[i] for i, p in session.crew if p == person]
    there = {p for _, p in session.crew}
    wanted = {board.classes[c].language for c in session.classes}
    slot = next((s for s in board.problem.fixed if s.id == session.fixed), None)
    if slot is not None:
        there = {board.staff_at[who] for who in slot.staff}
        asked = list(_stations_of(board, person, key)) if person in there else []
        wanted |= {c.language for c in board.problem.classes if c.id in slot.classes}
    if not asked and person not in there:
        raise ValueError(f"person {staff[person].id} is not at venue {site.id} then")
    others = frozenset(there - {person})
    return _Seat(
        key=key,
        municipality=site.municipality,
        service=staff[person].service,
        agency=next((s.agency for s in asked if s.agency is not None), None),
        on_call=bool(asked) and all(station.on_call_allowed for station in asked),
        there=others,
        untold=frozenset(word for word in wanted if word and not _speaks(board, others, word)),
    )


def _stations_of(board: Board, person: int, key: Key) -> Iterator[ProblemStation]:
    """Yield where a person of a published slot may stand: the slot does not say where it is."""
    who = board.people.staff[person]
    for station in board.sites[key[0]].stations:
        if station.service is who.service and station.agency in {None, who.agency}:
            yield station


def _speaks(board: Board, people: frozenset[int], language: str) -> bool:
    return any(language in board.people.staff[p].languages for p in people)


def _replacement(board: Board, seat: _Seat, person: int) -> Replacement:
    who = board.people.staff[person]
    return Replacement(
        staff=who.id,
        bars=tuple(_bars(board, seat, person)),
        merits=tuple(_merits(board, seat, person)),
        duties=len(board.people.duties[person]),
        km=_km(board, who.home, seat.municipality),
    )


def _bars(board: Board, seat: _Seat, person: int) -> Iterator[Bar]:
    who = board.people.staff[person]
    there = person in seat.there
    if there:
        yield Bar.ALREADY_THERE
    if seat.agency not in {None, who.agency}:
        yield Bar.OTHER_AGENCY
    outside = seat.municipality not in who.municipalities
    if outside:
        yield Bar.OUTSIDE_AREA
    if not there and (
        outside
        or not board.people.can(person, seat.key[1], seat.municipality, on_call=seat.on_call)
    ):
        yield from _not_available(board, seat, person)
        yield from _not_within_caps(board, seat, person)
    if not seat.untold <= who.languages:
        yield Bar.LANGUAGE_LOST


def _not_available(board: Board, seat: _Seat, person: int) -> Iterator[Bar]:
    who, half_day = board.people.staff[person], seat.key[1]
    free, on_call = who.free >> half_day & 1, who.on_call >> half_day & 1
    if not free and not on_call:
        yield Bar.NOT_FREE
    if on_call and not free and not seat.on_call:
        yield Bar.ON_CALL
    if who.resting >> half_day & 1:
        yield Bar.RESTING
    if who.too_late >> half_day & 1:
        yield Bar.TOO_LATE


def _not_within_caps(board: Board, seat: _Seat, person: int) -> Iterator[Bar]:
    people, half_day = board.people, seat.key[1]
    who, duties = people.staff[person], people.duties[person]
    if half_day in duties:
        yield Bar.BUSY
        return
    taken = sum(1 << other for other in duties)
    if people.far[person].get(seat.municipality, 0) >> half_day & 1:
        yield Bar.LUNCH_GAP
    if (taken & people.day[half_day]).bit_count() >= who.per_day:
        yield Bar.DAY_FULL
    if (taken & people.week[half_day]).bit_count() >= who.per_week:
        yield Bar.WEEK_FULL
    if who.per_season is not None and len(duties) >= who.per_season:
        yield Bar.SEASON_FULL


def _merits(board: Board, seat: _Seat, person: int) -> Iterator[Merit]:
    who, half_day = board.people.staff[person], seat.key[1]
    if who.free >> half_day & 1:
        yield Merit.FREE
    elif who.on_call >> half_day & 1 and seat.on_call:
        yield Merit.ON_CALL
    if board.people.is_out(person, half_day):
        yield Merit.OUT_THAT_DAY
    if who.home == seat.municipality:
        yield Merit.LIVES_THERE


def _km(board: Board, home: int | None, municipality: int) -> float | None:
    if home == municipality:
        return 0.0
    places = {m.id: m for m in board.problem.municipalities if m.id in {home, municipality}}
    if home is None or len(places) < len({home, municipality}):
        return None
    one, other = places[home], places[municipality]
    return hypot(one.x_km - other.x_km, one.y_km - other.y_km)
