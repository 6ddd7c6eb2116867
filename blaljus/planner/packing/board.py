"""A plan in the making, with undo. For the packer; the referee has its own arithmetic."""

from collections.abc import Callable, Iterable
from functools import partial

from blaljus.planner.packing.coaches import Coaches
from blaljus.planner.packing.people import People
from blaljus.planner.packing.site import Crew, Session, Site, fits, free_mask
from blaljus.planner.plan import Plan, PlannedSession
from blaljus.planner.problem import Problem

Key = tuple[int, int]
"""(venue position, half-day): at most one session each."""

Worth = tuple[int, int, int, int]
"""Placed classes, those where they were, crew cost negated, meetings with wanted stations.

Greater is better.
"""


class Board:
    """Sessions, seats and duties so far. Classes and venues go by position (ascending id).

    `anchors` say where classes of an older plan should stay; those in `locked` never move.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = People(problem)
        venues = sorted(problem.venues, key=lambda venue: venue.id)
        self.sites = [Site(problem, venue) for venue in venues]
        self.venue_at = {venue.id: index for index, venue in enumerate(venues)}
        self.staff_at = {person.id: index for index, person in enumerate(self.people.staff)}
        settled = {class_id for slot in problem.fixed for class_id in slot.classes}
        everyone = sorted(problem.classes, key=lambda row: row.id)
        self.classes = [row for row in everyone if row.id not in settled]
        self.class_at = {row.id: index for index, row in enumerate(self.classes)}
        self.free = [free_mask(problem, c) for c in self.classes]
        self.wished = [sum(1 << t for t in set(c.wishes)) for c in self.classes]
        self.goes_to = [
            [v for v in sorted({self.venue_at[id_] for id_ in c.venues}) if fits(c, venues[v])]
            for c in self.classes
        ]
        self._tell_sites()
        self.coaches = Coaches(problem, self.classes, self.sites)
        self.home: list[Key | None] = [None] * len(self.classes)
        self.anchors: list[Key | None] = [None] * len(self.classes)
        locked = {lock.school_class for lock in problem.locked}
        self.locked = {position for id_, position in self.class_at.items() if id_ in locked}
        self.sessions: dict[Key, Session] = {}
        self.held: list[set[int]] = [set() for _ in self.sites]
        self.at: list[set[Key]] = [set() for _ in self.people.staff]
        self.placed = self.kept = self.cost = self.meetings = 0
        self._journal: list[Callable[[], None]] = []
        self._add_published()

    def _tell_sites(self) -> None:
        for index, places in enumerate(self.goes_to):
            for venue in places:
                self.sites[venue].classes.append(index)
        for pin in sorted(self.problem.pins, key=lambda pin: pin.staff):
            site = self.sites[self.venue_at[pin.venue]]
            site.pins.append((self.staff_at[pin.staff], pin.half_day))

    @property
    def worth(self) -> Worth:
        """Say how good the plan is by now."""
        return self.placed, self.kept, -self.cost, self.meetings

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

    def has_room(self, key: Key) -> bool:
        """Tell whether a class might find a place in a session, were it only small enough."""
        shares = self.sites[key[0]].group_limit is not None
        return self._groups(key, ()) < self.sessions[key].places + shares

    def may_join(self, school_class: int, key: Key) -> bool:
        """Tell whether a session has a place for a class, and its bus a seat for each pupil."""
        session, who = self.sessions[key], self.classes[school_class]
        return (
            bool(self.free[school_class] >> key[1] & 1)
            and (who.language is None or who.language in session.languages)
            and self._groups(key, (who.pupils,)) <= session.places
            and self.coaches.has_room(school_class, key)
        )

    def _groups(self, key: Key, more: tuple[int, ...]) -> int:
        site, there = self.sites[key[0]], self.sessions[key].classes
        if site.group_limit is None:
            return len(there) + len(more)
        return site.groups([*(self.classes[c].pupils for c in there), *more])

    def is_understood(self, key: Key, *, instead: tuple[int, int]) -> bool:
        """Tell whether every class finds its language when the second takes the first's place."""
        person, other = instead
        crew = self.sessions[key].crew
        spoken = self._spoken(other if p == person else p for _, p in crew)
        asked = {self.classes[c].language for c in self.sessions[key].classes}
        return asked <= {None, *spoken}

    def is_settled(self, key: Key) -> bool:
        """Tell whether a session is published or holds a locked class."""
        session = self.sessions[key]
        return session.fixed is not None or not self.locked.isdisjoint(session.classes)

    def open(self, key: Key, crew: Crew) -> None:
        """Start a session with a crew that `crew_for` found."""
        site = self.sites[key[0]]
        spoken = self._spoken(person for _, person in crew)
        session = Session(crew, site.places(crew), site.manned_by_choice(crew), spoken)
        self._open(key, session)
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
        self.people.assign(other, key[1], self.sites[key[0]].municipality)
        self.at[person].remove(key)
        self.at[other].add(key)
        session.crew = tuple((i, other if p == person else p) for i, p in session.crew)
        session.languages = self._spoken(p for _, p in session.crew)

    def price(self, person: int, half_day: int) -> int:
        """Return the crew cost of one more duty: 2, and 1 for a new day; partners cost nothing."""
        if self.people.staff[person].service not in self.problem.services:
            return 0
        return 2 if self.people.is_out(person, half_day) else 3

    def enter(self, plan: Plan) -> None:
        """Hold the sessions of a plan that keeps every rule; nothing is planned yet."""
        for session in plan.sessions:
            key = self.venue_at[session.venue], session.half_day
            if session.fixed is None:
                self.open(key, tuple((m.station, self.staff_at[m.staff]) for m in session.crew))
            for class_id in session.classes:
                self.seat(self.class_at[class_id], key)

    def remember(self, session: PlannedSession) -> None:
        """Let the classes of an older session stay there if they can."""
        for class_id in session.classes:
            if class_id in self.class_at:
                venue = self.venue_at.get(session.venue, -1)
                self.anchors[self.class_at[class_id]] = venue, session.half_day

    def keep(self) -> None:
        """Forget how to undo what was done so far."""
        self._journal.clear()

    def _add_published(self) -> None:
        seen: set[tuple[int, int]] = set()
        for slot in self.problem.fixed:
            key = self.venue_at[slot.venue], slot.half_day
            there = [self.staff_at[person] for person in slot.staff]
            for person in there:
                again = (person, slot.half_day) in seen
                place = None if again else self.sites[key[0]].municipality
                self.people.assign(person, slot.half_day, place)
                seen.add((person, slot.half_day))
            services = {self.people.staff[person].service for person in there}
            places = slot.free_places if services >= set(self.problem.services) else 0
            self.sessions[key] = Session((), places, 0, self._spoken(there), slot.id)
            self.held[key[0]].add(slot.half_day)
            self.sites[key[0]].open &= ~(1 << slot.half_day)

    def _spoken(self, people: Iterable[int]) -> frozenset[str]:
        return frozenset[str]().union(*(self.people.staff[p].languages for p in people))

    def _open(self, key: Key, session: Session) -> None:
        municipality = self.sites[key[0]].municipality
        for _, person in session.crew:
            self.cost += self.price(person, key[1])
            self.people.assign(person, key[1], municipality)
            self.at[person].add(key)
        self.sessions[key] = session
        self.held[key[0]].add(key[1])
        self.sites[key[0]].open &= ~(1 << key[1])

    def _close(self, key: Key) -> None:
        for _, person in self.sessions.pop(key).crew:
            self.people.release(person, key[1])
            self.at[person].remove(key)
            self.cost -= self.price(person, key[1])
        self.held[key[0]].remove(key[1])
        self.sites[key[0]].open |= 1 << key[1]

    def _seat(self, school_class: int, key: Key) -> None:
        self._count(school_class, key, 1)
        self.sessions[key].classes.append(school_class)
        self.home[school_class] = key

    def _unseat(self, school_class: int, key: Key) -> None:
        self._count(school_class, key, -1)
        self.sessions[key].classes.remove(school_class)
        self.home[school_class] = None

    def _count(self, school_class: int, key: Key, times: int) -> None:
        self.placed += times
        self.meetings += times * self.sessions[key].wanted
        self.kept += times * (self.anchors[school_class] == key)
        self.coaches.book(school_class, key, times)


def load(problem: Problem, plan: Plan) -> Board:
    """Return the board of a plan that keeps every rule."""
    board = Board(problem)
    board.enter(plan)
    return board
