"""Mend a plan that is announced: who can replace a person, and where a class can move.

`Desk` loads a plan once and answers many questions quickly; `replacements` and `moves` ask one.
"""

from dataclasses import dataclass

from blaljus.domain.words import Service
from blaljus.planner.advice.substitutes import Replacement, candidates, substitutes
from blaljus.planner.packing.around import crew_alone, hopeful, rooms
from blaljus.planner.packing.board import Key, load
from blaljus.planner.packing.people import bits, tally
from blaljus.planner.packing.site import Crew
from blaljus.planner.plan import Plan, PlannedCrew
from blaljus.planner.problem import Problem

NEW_SESSIONS = 6
"""So many new sessions are offered: a page has room for no more, and each costs a search."""

TRIES = 18
"""Half-days whose crew is looked for, at most: the best come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a class could go instead. With a `crew` the session is new; else it joins one.

    Staff ids, ascending: `asked` must come and had not to, `released` need not come any longer,
    `shifted` come at the new time instead of the old one.
    """

    class_id: int
    venue: int
    half_day: int
    fixed: int | None
    """The published slot that it joins, if it is one."""
    crew: tuple[PlannedCrew, ...]
    asked: tuple[int, ...]
    released: tuple[int, ...]
    shifted: tuple[int, ...]
    told: tuple[int, ...]
    """Who meets the class now or did; their own times may stay."""

    @property
    def disturbed(self) -> int:
        """Count the people whose times change."""
        return len(self.asked) + len(self.released) + len(self.shifted)


class Desk:
    """A plan that keeps every rule, ready for questions. It is not changed by them."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._board = load(problem, plan)
        self._board.keep()
        self._slot = {slot.id: slot for slot in problem.fixed}

    def replacements(self, person: int, venue: int, half_day: int) -> tuple[Replacement, ...]:
        """Return everyone of the person's service, the fairest first; those who cannot last.

        A pin of the person is taken to end: someone who cannot come cannot be pinned. Raises
        `ValueError` if the person is not there.
        """
        board = self._board
        if person not in board.staff_at or venue not in board.venue_at:
            raise ValueError(f"unknown person {person} or venue {venue}")
        return substitutes(board, board.staff_at[person], (board.venue_at[venue], half_day))

    def candidates(self, service: Service, venue: int, half_day: int) -> tuple[Replacement, ...]:
        """Return everyone of a service for one more place in a session, like `replacements`.

        Raises `ValueError` if there is no session.
        """
        if venue not in self._board.venue_at:
            raise ValueError(f"unknown venue {venue}")
        return candidates(self._board, service, (self._board.venue_at[venue], half_day))

    def moves(self, class_id: int) -> tuple[Move, ...]:
        """Return where a class can go while all others stay; fewest people disturbed first.

        All sessions with room, and up to `NEW_SESSIONS` new ones. A class without a slot can be
        asked about too. Locked classes and those of published slots stay: the answer is empty.
        Raises `ValueError` for a class that is not in the problem.
        """
        board = self._board
        who = board.class_at.get(class_id)
        if who is None:
            if all(row.id != class_id for row in board.problem.classes):
                raise ValueError(f"unknown class {class_id}")
            return ()
        if who in board.locked:
            return ()
        left = board.home[who]
        mark = board.mark
        released, stay = self._leave(who, left)
        found = [self._joining(who, key, released, stay) for key in rooms(board, who)]
        found += self._new_sessions(who, left, released, stay)
        board.rollback(mark)
        elsewhere = [move for move in found if self._key(move) != left]
        return tuple(sorted(elsewhere, key=lambda move: self._order(who, left, move)))

    def _leave(self, who: int, left: Key | None) -> tuple[set[int], set[int]]:
        """Take a class out of its session; return whose duty ends, and who is there without it."""
        if left is None:
            return set(), set()
        session = self._board.sessions[left]
        there = self._crew_of(left)
        if session.fixed is None and session.classes == [who]:
            self._board.close(left)
            return there, set()
        self._board.unseat(who)
        return set(), there

    def _crew_of(self, key: Key) -> set[int]:
        session = self._board.sessions[key]
        if session.fixed is None:
            return {person for _, person in session.crew}
        return {self._board.staff_at[person] for person in self._slot[session.fixed].staff}

    def _joining(self, who: int, key: Key, released: set[int], stay: set[int]) -> Move:
        told = released | stay | self._crew_of(key)
        return self._move(who, key, (), released=released, asked=set(), told=told)

    def _new_sessions(
        self, who: int, left: Key | None, released: set[int], stay: set[int]
    ) -> list[Move]:
        found: list[Move] = []
        for key in self._candidates(who, left, released)[:TRIES]:
            crew = crew_alone(self._board, key, who, keep=released)
            if crew is not None:
                asked = {person for _, person in crew}
                told = released | stay | asked
                found.append(self._move(who, key, crew, released=released, asked=asked, told=told))
                if len(found) == NEW_SESSIONS:
                    break
        return found

    def _candidates(self, who: int, left: Key | None, released: set[int]) -> list[Key]:
        """Return where a new session may find its crew: where most of the old one can come first.

        Then the soonest before or after the old time, in each order of venues.
        """
        board, found = self._board, list[tuple[int, int, Key]]()
        now = left[1] if left else 0
        for venue in board.goes_to[who]:
            mask = hopeful(board, who, venue)
            if left and left[0] == venue:
                mask &= ~(1 << left[1])
            at = board.sites[venue].municipality
            able = tally((self._may_go(p, at) for p in released), len(released))
            for level in range(len(released), -1, -1):
                there = mask & able[level]
                mask &= ~there
                found += ((-level, abs(t - now), (venue, t)) for t in bits(there))
        return [key for _, _, key in sorted(found)]

    def _may_go(self, person: int, municipality: int) -> int:
        """Return when a person can come to a municipality; never if it is not theirs."""
        people = self._board.people
        served = municipality in people.staff[person].municipalities
        return people.may_go(person, municipality) if served else 0

    def _move(
        self, who: int, key: Key, crew: Crew, *, released: set[int], asked: set[int], told: set[int]
    ) -> Move:
        board = self._board
        fixed = None if crew else board.sessions[key].fixed
        staff = board.people.staff
        return Move(
            class_id=board.classes[who].id,
            venue=board.sites[key[0]].id,
            half_day=key[1],
            fixed=fixed,
            crew=tuple(PlannedCrew(station=i, staff=staff[p].id) for i, p in sorted(crew)),
            asked=self._ids(asked - released),
            released=self._ids(released - asked),
            shifted=self._ids(released & asked),
            told=self._ids(told),
        )

    def _ids(self, people: set[int]) -> tuple[int, ...]:
        return tuple(sorted(self._board.people.staff[p].id for p in people))

    def _key(self, move: Move) -> Key:
        return self._board.venue_at[move.venue], move.half_day

    def _order(self, who: int, left: Key | None, move: Move) -> tuple[int, ...]:
        """Prefer few disturbed, few at a new time, a wished half-day, few told, near the old."""
        unwished = not self._board.wished[who] >> move.half_day & 1
        far = abs(move.half_day - left[1]) if left else move.half_day
        coming = len(move.asked) + len(move.shifted)
        return move.disturbed, coming, unwished, len(move.told), far, move.venue, move.half_day


def replacements(
    problem: Problem, plan: Plan, person: int, venue: int, half_day: int
) -> tuple[Replacement, ...]:
    """Return who can replace a person in a session and why others cannot; see `Desk`."""
    return Desk(problem, plan).replacements(person, venue, half_day)


def moves(problem: Problem, plan: Plan, class_id: int) -> tuple[Move, ...]:
    """Return where a class can move, fewest people disturbed first; see `Desk`."""
    return Desk(problem, plan).moves(class_id)
