"""What changes when somebody is away: slots, people and classes, and how little it can be."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from blaljus.domain.booking import Booking
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.planner.advice.absence import Absence, Replan, replan
from blaljus.planner.advice.repair import Desk
from blaljus.planner.check import violations
from blaljus.planner.plan import PlannedCrew, PlannedSession
from blaljus.planner.problem import FixedSlot, Problem
from blaljus.usecases.repair.desk import nothing_new
from blaljus.usecases.repair.ways import Target
from blaljus.usecases.runs.problem import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A station of a slot that stays: who leaves it, and who comes, by staff id, if anybody."""

    slot: Slot
    station: Station
    leaves: Assignment | None
    comes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A new slot `[starts_at, ends_at)`; `crew` are (position in the venue's list, staff id)."""

    target: Target
    starts_at: datetime
    ends_at: datetime
    place: str
    crew: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClass:
    """A class that gets the time `[starts_at, ends_at)` instead of the one it has."""

    booking: Booking
    before: Slot
    target: Target
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that changes. A swap without `comes` leaves its station short of people."""

    swaps: tuple[Swap, ...] = ()
    opened: tuple[Opened, ...] = ()
    moved: tuple[MovedClass, ...] = ()
    closed: tuple[Slot, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing changes."""
        return not (self.swaps or self.opened or self.moved or self.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The announced season with what is stored of its slots: active bookings, and stations."""

    world: World
    bookings: Mapping[int, Booking]
    """By class."""
    stations: Mapping[int, Sequence[Station]]
    """By slot, in order of position."""


def difference(facts: Facts, staff: int, first_on: date, last_on: date) -> Difference:
    """Return what changes when a person is away on `[first_on, last_on]`, from tomorrow on.

    Few classes move, and only to what is proved sound by the referee. A slot whose classes find
    no other time stays as it is, without the person.
    """
    problem = _placed_alone(facts.world.problem)
    days = enumerate(problem.half_days)
    away = sum(1 << i for i, half_day in days if first_on <= half_day.day <= last_on)
    absence = Absence(staff=staff, half_days=away)
    hit = [s for s in problem.fixed if staff in s.staff and away >> s.half_day & 1]
    if not hit:
        return Difference()
    answer, stuck = _answer(problem, absence, hit)
    return _Reader(facts, answer, [slot for slot in hit if slot.id not in stuck]).read(
        staff, [slot for slot in hit if slot.id in stuck]
    )


def _placed_alone(problem: Problem) -> Problem:
    """Return the problem with the classes of published slots alone: no other gets a time here."""
    placed = {class_id for slot in problem.fixed for class_id in slot.classes}
    return replace(problem, classes=tuple(c for c in problem.classes if c.id in placed))


def _answer(
    problem: Problem, absence: Absence, hit: Sequence[FixedSlot]
) -> tuple[Replan, Collection[int]]:
    """Return a plan that leaves no class out, and the slots that stay for its sake."""
    kept: set[int] = set()
    while True:
        there = {c for slot in hit if slot.id in kept for c in slot.classes}
        asked = replace(problem, classes=tuple(c for c in problem.classes if c.id not in there))
        answer = replan(asked, nothing_new(asked), [absence])
        lost = set(answer.plan.unplaced)
        if violations(answer.problem, answer.plan):
            lost = {c for slot in hit for c in slot.classes}
        if not lost:
            return answer, answer.stuck
        kept |= {slot.id for slot in hit if not lost.isdisjoint(slot.classes)}


class _Reader:
    """Reads a planner's answer as changes of what is stored."""

    def __init__(self, facts: Facts, answer: Replan, lifted: Sequence[FixedSlot]) -> None:
        self._facts, self._world, self._answer = facts, facts.world, answer
        self._lifted = {(slot.venue, slot.half_day): slot for slot in lifted}
        self._sessions = {(s.venue, s.half_day): s for s in answer.plan.sessions}
        self._duties: dict[int, list[Assignment]] = defaultdict(list)
        for duty in self._world.duties:
            self._duties[duty.slot].append(duty)

    def read(self, staff: int, stuck: Sequence[FixedSlot]) -> Difference:
        """Return the difference; in `stuck` slots the person goes and perhaps another comes."""
        slots = self._world.slots
        closed = [slots[s.id] for key, s in self._lifted.items() if key not in self._sessions]
        swaps = [swap for slot in stuck for swap in self._replaced(slot, staff)]
        for key, slot in self._lifted.items():
            if key in self._sessions:
                swaps += self._swaps(slot, self._sessions[key])
        return Difference(
            swaps=tuple(sorted(swaps, key=lambda s: (s.slot.starts_at, s.slot.id, s.station.id))),
            opened=tuple(self._opened()),
            moved=tuple(self._moved()),
            closed=tuple(sorted(closed, key=lambda slot: (slot.starts_at, slot.id))),
        )

    def _replaced(self, slot: FixedSlot, staff: int) -> Iterator[Swap]:
        desk = Desk(self._answer.problem, self._answer.plan)
        able = [r.staff for r in desk.replacements(staff, slot.venue, slot.half_day) if r.can]
        for duty in self._duties[slot.id]:
            if duty.staff == staff:
                yield Swap(
                    slot=self._world.slots[slot.id],
                    station=self._station(duty),
                    leaves=duty,
                    comes=able[0] if able else None,
                )

    def _station(self, duty: Assignment) -> Station:
        return next(s for s in self._facts.stations[duty.slot] if s.id == duty.station)

    def _swaps(self, slot: FixedSlot, session: PlannedSession) -> Iterator[Swap]:
        """Yield who leaves with who comes at their station; then who comes where people lacked."""
        new = {member.staff for member in session.crew}
        coming = [member for member in session.crew if member.staff not in slot.staff]
        for duty in self._duties[slot.id]:
            if duty.staff not in new:
                station = self._station(duty)
                comes = self._first_of(station, coming)
                yield self._swap(slot, station, duty, comes)
        for station in self._facts.stations[slot.id]:
            if not any(duty.station == station.id for duty in self._duties[slot.id]):
                comes = self._first_of(station, coming)
                if comes is not None:
                    yield self._swap(slot, station, None, comes)

    def _swap(
        self, slot: FixedSlot, station: Station, leaves: Assignment | None, comes: int | None
    ) -> Swap:
        there = self._world.slots[slot.id]
        return Swap(slot=there, station=station, leaves=leaves, comes=comes)

    def _first_of(self, station: Station, coming: list[PlannedCrew]) -> int | None:
        """Take the first who comes of a station's service off the list."""
        for member in coming:
            if self._world.staff[member.staff].provides is station.provides:
                coming.remove(member)
                return member.staff
        return None

    def _opened(self) -> Iterator[Opened]:
        for key, session in self._sessions.items():
            if session.fixed is None and key not in self._lifted:
                crew = tuple((member.station, member.staff) for member in session.crew)
                starts_at, ends_at, place, target = self._where(session)
                yield Opened(
                    target=target, starts_at=starts_at, ends_at=ends_at, place=place, crew=crew
                )

    def _moved(self) -> Iterator[MovedClass]:
        old = {c: slot for slot in self._lifted.values() for c in slot.classes}
        for key, session in self._sessions.items():
            for class_id in session.classes:
                before = old[class_id]
                if (before.venue, before.half_day) != key:
                    starts_at, ends_at, place, target = self._where(session)
                    yield MovedClass(
                        booking=self._facts.bookings[class_id],
                        before=self._world.slots[before.id],
                        target=target,
                        starts_at=starts_at,
                        ends_at=ends_at,
                        place=place,
                    )

    def _where(self, session: PlannedSession) -> tuple[datetime, datetime, str, Target]:
        """Return when and where a session is, and how to get there."""
        lifted = self._lifted.get((session.venue, session.half_day))
        there = session.fixed if lifted is None else lifted.id
        if there is not None:
            slot = self._world.slots[there]
            return slot.starts_at, slot.ends_at, slot.venue_name, Target(slot=slot.id)
        half_day = self._answer.problem.half_days[session.half_day]
        stations = len({member.station for member in session.crew})
        start, end = self._world.plan.span(half_day.day, half_day.half, stations)
        target = Target(venue=session.venue, day=half_day.day, half=half_day.half)
        return start, end, self._world.venues[session.venue].name, target
