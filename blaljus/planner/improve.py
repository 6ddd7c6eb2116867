"""Make a plan better: undo a little of it, fill it again, keep what is worth more."""

import random
from collections.abc import Callable
from functools import partial

from blaljus.planner.board import Board, Key
from blaljus.planner.cover import Cover
from blaljus.planner.crew import crew_for
from blaljus.planner.people import bits
from blaljus.planner.site import Need

AT_ONCE = 4
"""Sessions undone together by `shuffle`; measured: fewer find less, more only cost time."""


class Improver:
    """Tries changes on a board. Each pass makes at most `tries` of them."""

    def __init__(self, board: Board, cover: Cover) -> None:
        self.board = board
        self.cover = cover
        self.tries = 0
        self._random = random.Random(board.problem.seed)  # noqa: S311 -- repeatable, no secret

    def make_room(self, tries: int) -> None:
        """Place waiting classes by moving one class or one session out of their way."""
        self.tries = tries
        waiting = [c for c, home in enumerate(self.board.home) if home is None]
        for school_class in sorted(waiting, key=lambda c: (-self.cover.chances[c], c)):
            if self.board.home[school_class] is None and self.tries > 0:
                self._swap_in(school_class) or self._displace(school_class)

    def drop_sessions(self, tries: int) -> None:
        """Close sessions whose classes find cheaper places."""
        self.tries = tries
        for key in sorted(self.board.sessions):
            if key in self.board.sessions and self._movable(key):
                self._attempt(partial(self._without, [key], [key]))

    def shuffle(self, tries: int) -> None:
        """Rebuild a few sessions of one municipality in another way, chosen by the seed."""
        self.tries = tries
        while self.tries > 0 and self.board.cost:
            keys = sorted(key for key in self.board.sessions if self._movable(key))
            first = self._random.choice(keys)
            area = self.board.sites[first[0]].municipality
            near = [k for k in keys if k != first and self.board.sites[k[0]].municipality == area]
            others = self._random.randint(1, AT_ONCE - 1)
            gone = [first, *self._random.sample(near, min(others, len(near)))]
            barred = [key for key in gone if self._random.random() < 1 / 2]
            self._attempt(partial(self._without, gone, barred))

    def _movable(self, key: Key) -> bool:
        return self.board.sessions[key].fixed is None

    def _attempt(self, change: Callable[[], bool]) -> bool:
        """Make a change and keep it if the plan is worth more."""
        if self.tries <= 0:
            return False
        self.tries -= 1
        before, mark = self.board.worth, self.board.mark
        if change() and self.board.worth > before:
            return True
        self.board.rollback(mark)
        return False

    def _swap_in(self, school_class: int) -> bool:
        """Take the place of a class that can go elsewhere."""
        board = self.board
        for venue in board.goes_to[school_class]:
            for key in [(venue, half_day) for half_day in sorted(board.held[venue])]:
                can = board.free[school_class] >> key[1] & 1
                for other in list(board.sessions[key].classes) if can else ():
                    if self._attempt(partial(self._swap, school_class, other, key)):
                        return True
        return False

    def _displace(self, school_class: int) -> bool:
        """Hold a new session with people of another one, whose classes go elsewhere."""
        board = self.board
        for venue in board.goes_to[school_class]:
            hopeful = board.hopeful[venue] & board.sites[venue].open
            for half_day in bits(board.free[school_class] & hopeful):
                key = venue, half_day
                for blocker in self._blockers(key) if self.tries > 0 else ():
                    if self._attempt(partial(self._replace, school_class, key, blocker)):
                        return True
        return False

    def _blockers(self, key: Key) -> list[Key]:
        """Return the sessions that hold people of every service a session at `key` lacks."""
        needs = [need for need in self.board.sites[key[0]].needs if self._is_short(key, need)]
        found = [self._holding(key, need) for need in needs]
        return sorted(set.intersection(*found)) if found else []

    def _is_short(self, key: Key, need: Need) -> bool:
        people = self.board.people
        pool = people.pools.get((self.board.sites[key[0]].municipality, need.service), ())
        return sum(people.can(p, key[1], key[0], on_call=True) for p in pool) < need.people

    def _holding(self, key: Key, need: Need) -> set[Key]:
        people = self.board.people
        pool = people.pools.get((self.board.sites[key[0]].municipality, need.service), ())
        able = [p for p in pool if (people.staff[p].free | people.staff[p].on_call) >> key[1] & 1]
        duties = {(venue, t) for p in able for t, venue in people.duties[p].items()}
        return {other for other in duties if other in self.board.sessions and self._movable(other)}

    def _refill(self, classes: list[int]) -> bool:
        self.cover.fill(venue for c in classes for venue in self.board.goes_to[c])
        return True

    def _swap(self, school_class: int, other: int, key: Key) -> bool:
        self.board.unseat(other)
        self.board.seat(school_class, key)
        return self._refill([other])

    def _replace(self, school_class: int, key: Key, blocker: Key) -> bool:
        moved = self.board.close(blocker)
        crew = crew_for(self.board, key)
        if crew is None:
            return False
        self.board.open(key, crew)
        self.board.seat(school_class, key)
        self.cover.seat_up_to_full(key)
        return self._refill(moved)

    def _without(self, gone: list[Key], barred: list[Key]) -> bool:
        moved = [school_class for key in gone for school_class in self.board.close(key)]
        for venue, half_day in barred:
            self.board.sites[venue].open &= ~(1 << half_day)
        self._refill(moved)
        for venue, half_day in barred:
            self.board.sites[venue].open |= 1 << half_day
        return True
