"""A plan in the making, with undo. For the packer; the referee has its own arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from blaljus.planner.people import People
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem
from blaljus.planner.site import Crew, Site, fits, free_mask

Key = tuple[int, int]
"""(venue position, half-day): at most one session each."""

Worth = tuple[int, int, int]
"""Placed classes, crew cost negated, meetings with wanted stations: greater is better."""


@dataclass(slots=True)
class Session:
    """One session while it is planned; `classes` are positions, those of this plan only."""

    crew: Crew
    places: int
    wanted: int
    """Manned stations that nobody promised, such as the bus."""
    fixed: int | None = None
    classes: list[int] = field(default_factory=list)


class Board:
    """Sessions, seats and duties so far. Classes and venues go by position (ascending id)."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = People(problem)
        venues = sorted(problem.venues, key=lambda venue: venue.id)
        self.sites = [Site(problem, venue) for venue in venues]
        position = {venue.id: index for index, venue in enumerate(venues)}
        settled = {class_id for slot in problem.fixed for class_id in slot.classes}
        everyone = sorted(problem.classes, key=lambda school_class: school_class.id)
        self.classes = [c for c in everyone if c.id not in settled]
        self.free = [free_mask(problem, c) for c in self.classes]
        self.goes_to = [
            [v for v in sorted({position[id_] for id_ in c.venues}) if fits(c, venues[v])]
            for c in self.classes
        ]
        for index, places in enumerate(self.goes_to):
            for venue in places:
                self.sites[venue].classes.append(index)
        self.home: list[Key | None] = [None] * len(self.classes)
        self.sessions: dict[Key, Session] = {}
        self.held: list[set[int]] = [set() for _ in self.sites]
        self.placed = self.cost = self.meetings = self.version = 0
        self._journal: list[Callable[[], None]] = []
        self._add_published(position)
        self.hopeful = [site.open & self.staffed(v) for v, site in enumerate(self.sites)]
        """Per venue the half-days that find their staff while nothing is planned."""

    def _add_published(self, position: dict[int, int]) -> None:
        staff = {person.id: index for index, person in enumerate(self.people.staff)}
        for slot in self.problem.fixed:
            key = position[slot.venue], slot.half_day
            for person in slot.staff:
                self.people.assign(staff[person], slot.half_day, key[0])
            there = {self.people.staff[staff[person]].service for person in slot.staff}
            complete = there >= set(self.problem.services)
            self.sessions[key] = Session((), slot.free_places if complete else 0, 0, slot.id)
            self.held[key[0]].add(slot.half_day)
            self.sites[key[0]].open &= ~(1 << slot.half_day)

    @property
    def worth(self) -> Worth:
        """Say how good the plan is by now."""
        return self.placed, -self.cost, self.meetings

    @property
    def mark(self) -> int:
        """Return a point to roll back to."""
        return len(self._journal)

    def rollback(self, mark: int) -> None:
        """Undo everything since `mark`."""
        while len(self._journal) > mark:
            self._journal.pop()()

    def waiting(self, venue: int) -> list[int]:
        """Return the classes that may go to the venue and have no slot."""
        return [c for c in self.sites[venue].classes if self.home[c] is None]

    def staffed(self, venue: int, *, double: bool = False, spare: int = 0) -> int:
        """Return the mask of the half-days on which every required station finds its staff."""
        site, mask = self.sites[venue], self.people.season
        for need in site.needs:
            pool = site.municipality, need.service
            everyone = self.people.supply(*pool, on_call=True, double=double)
            strict = self.people.supply(*pool, on_call=False, double=double)
            mask &= everyone[need.people + spare] & strict[need.not_on_call]
        return mask

    def has_room(self, key: Key) -> bool:
        """Tell whether a session has a place left."""
        session = self.sessions[key]
        return len(session.classes) < session.places

    def open(self, key: Key, crew: Crew) -> None:
        """Start a session with a crew that `crew_for` found."""
        site = self.sites[key[0]]
        wanted = site.manned(crew) - site.must
        self._open(key, Session(crew, site.places(crew), wanted))
        self._journal.append(partial(self._close, key))

    def close(self, key: Key) -> list[int]:
        """End a session and return its classes, now without a slot."""
        session = self.sessions[key]
        moved = list(session.classes)
        for school_class in moved:
            self.unseat(school_class)
        self._close(key)
        self._journal.append(partial(self._open, key, session))
        return moved

    def seat(self, school_class: int, key: Key) -> None:
        """Give a class a place in a session."""
        self._seat(school_class, key)
        self._journal.append(partial(self._unseat, school_class, key))

    def unseat(self, school_class: int) -> None:
        """Take a class out of its session."""
        key = self.home[school_class]
        assert key is not None  # noqa: S101 -- only seated classes are unseated
        self._unseat(school_class, key)
        self._journal.append(partial(self._seat, school_class, key))

    def exchange(self, key: Key, person: int, other: int) -> None:
        """Put another person in someone's place, for good: this is not undone by `rollback`."""
        session = self.sessions[key]
        self.people.release(person, key[1])
        self.cost += self.price(other, key[1]) - self.price(person, key[1])
        self.people.assign(other, key[1], key[0])
        session.crew = tuple((i, other if p == person else p) for i, p in session.crew)

    def price(self, person: int, half_day: int) -> int:
        """Return the crew cost of one more duty: 2, and 1 for a new day; partners cost nothing."""
        if self.people.staff[person].service not in self.problem.services:
            return 0
        return 2 if self.people.is_out(person, half_day) else 3

    def _open(self, key: Key, session: Session) -> None:
        for _, person in session.crew:
            self.cost += self.price(person, key[1])
            self.people.assign(person, key[1], key[0])
        self.sessions[key] = session
        self.held[key[0]].add(key[1])
        self.sites[key[0]].open &= ~(1 << key[1])
        self.version += 1

    def _close(self, key: Key) -> None:
        for _, person in self.sessions.pop(key).crew:
            self.people.release(person, key[1])
            self.cost -= self.price(person, key[1])
        self.held[key[0]].remove(key[1])
        self.sites[key[0]].open |= 1 << key[1]
        self.version += 1

    def _seat(self, school_class: int, key: Key) -> None:
        session = self.sessions[key]
        session.classes.append(school_class)
        self.home[school_class] = key
        self.placed += 1
        self.meetings += session.wanted
        self.version += 1

    def _unseat(self, school_class: int, key: Key) -> None:
        session = self.sessions[key]
        session.classes.remove(school_class)
        self.home[school_class] = None
        self.placed -= 1
        self.meetings -= session.wanted
        self.version += 1


def load(problem: Problem, plan: Plan) -> Board:
    """Return the board of a plan that keeps every rule."""
    board = Board(problem)
    venues = {site.id: index for index, site in enumerate(board.sites)}
    classes = {row.id: index for index, row in enumerate(board.classes)}
    staff = {person.id: index for index, person in enumerate(board.people.staff)}
    for session in plan.sessions:
        key = venues[session.venue], session.half_day
        if session.fixed is None:
            board.open(key, tuple((m.station, staff[m.staff]) for m in session.crew))
        for class_id in session.classes:
            board.seat(classes[class_id], key)
    return board
