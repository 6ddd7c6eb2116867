"""Make a plan better: undo a little of it, fill it again, keep what is worth more."""

import random
from collections.abc import Callable, Iterable
from functools import partial

from blaljus.planner.packing.board import Board, Key
from blaljus.planner.packing.cover import Cover
from blaljus.planner.packing.people import bits
from blaljus.planner.packing.site import Need

AT_ONCE = 5
"""Sessions undone together at most; measured: fewer find less, more only cost time."""


class Improver:
    """Tries changes on a board. Each pass makes at most `tries` of them."""

    def __init__(self, board: Board, cover: Cover, seed: int = 0) -> None:
        self.board = board
        self.cover = cover
        self.tries = 0
        self._random = random.Random(seed)  # noqa: S311 -- repeatable, no secret
        self._near: dict[int, list[int]] = {}
        for venue, site in enumerate(board.sites):
            self._near.setdefault(site.municipality, []).append(venue)

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
                self._attempt(partial(self._without, key))

    def shuffle(self, tries: int) -> None:
        """Rebuild a few sessions in another way, chosen by the seed; end with the best plan.

        A plan worth as much as the one before is gone on with: that leads out of dead ends.
        """
        self.board.keep()
        best = now = self.board.worth
        for _ in range(tries if self.board.classes else 0):
            mark = self.board.mark
            if self._rebuild() and self.board.worth >= now:
                now = self.board.worth
            else:
                self.board.rollback(mark)
            if now > best:
                best = now
                self.board.keep()
        self.board.rollback(0)

    def _rebuild(self) -> bool:
        """Undo some sessions and fill again, days in any order; say no if there is nothing to."""
        waiting = [c for c, home in enumerate(self.board.home) if home is None]
        waiting = [c for c in waiting if self.cover.chances[c]]
        if waiting and self._random.random() < 1 / 2:
            return self._let_in(self._random.choice(waiting))
        home = self.board.home[self._random.randrange(len(self.board.home))]
        if home is None or not self._movable(home):
            return False
        related = self._neighbours(home) if self._random.random() < 1 / 2 else self._shared(home)
        others = min(self._random.randint(1, AT_ONCE - 1), len(related))
        moved = self._close([home, *self._random.sample(related, others)])
        self.cover.fill(self._places(moved), chance=self._random)
        return True

    def _let_in(self, school_class: int) -> bool:
        """Take people from other sessions, for one that a waiting class could come to."""
        board, chance = self.board, self._random
        keys = [
            (venue, half_day)
            for venue in board.goes_to[school_class]
            for half_day in bits(
                board.free[school_class] & self.cover.hopeful[venue] & board.sites[venue].open
            )
        ]
        if not keys:
            return False
        key = chance.choice(keys)
        gone: set[Key] = set()
        for need in board.sites[key[0]].needs:
            taken = self._take(key, need)
            if taken is None:
                return False
            gone |= taken
        moved = self._close(sorted(gone))
        held = self._hold(key, school_class)
        if held:
            self.cover.fill(self._places(moved), chance=chance)
        return held

    def _take(self, key: Key, need: Need) -> set[Key] | None:
        """Choose sessions to close so that a need may find its staff; `None` if none will do."""
        asked = [p for p in self._pool(key, need) if self._could(p, key)]
        people, municipality = self.board.people, self.board.sites[key[0]].municipality
        able = {p for p in asked if people.can(p, key[1], municipality, on_call=True)}
        held = [p for p in asked if p not in able and self._duties(p)]
        lack = need.people - len(able)
        if lack > len(held):
            return None
        gone = set()
        for person in self._random.sample(held, max(0, lack)):
            week = people.week[key[1]]
            duties = self._duties(person)
            gone.add(self._random.choice([k for k in duties if week >> k[1] & 1] or duties))
        return gone

    def _pool(self, key: Key, need: Need) -> list[int]:
        people = self.board.people
        pool = people.pools.get((self.board.sites[key[0]].municipality, need.service), ())
        return [p for p in pool if need.agency in {None, people.staff[p].agency}]

    def _could(self, person: int, key: Key) -> bool:
        return bool(self.board.people.staff[person].available >> key[1] & 1)

    def _duties(self, person: int) -> list[Key]:
        return sorted(key for key in self.board.at[person] if self._movable(key))

    def _neighbours(self, key: Key) -> list[Key]:
        """Return the other sessions of the same municipality."""
        near = self._near[self.board.sites[key[0]].municipality]
        keys = [(venue, half_day) for venue in near for half_day in sorted(self.board.held[venue])]
        return [other for other in keys if other != key and self._movable(other)]

    def _shared(self, key: Key) -> list[Key]:
        """Return the other sessions of the same people."""
        keys = {other for _, p in self.board.sessions[key].crew for other in self._duties(p)}
        return sorted(keys - {key})

    def _movable(self, key: Key) -> bool:
        return not self.board.is_settled(key)

    def _close(self, keys: Iterable[Key]) -> list[int]:
        return [school_class for key in keys for school_class in self.board.close(key)]

    def _places(self, classes: Iterable[int]) -> set[int]:
        return {venue for c in classes for venue in self.board.goes_to[c]}

    def _hold(self, key: Key, school_class: int) -> bool:
        """Hold a new session that a class comes to first."""
        sizes = range(len(self.board.sites[key[0]].formats))
        return any(self.cover.hold(key, size, first=(school_class,)) for size in sizes)

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
                    if other not in board.locked and self._attempt(
                        partial(self._swap, school_class, other, key)
                    ):
                        return True
        return False

    def _displace(self, school_class: int) -> bool:
        """Hold a new session with people of another one, whose classes go elsewhere."""
        board = self.board
        for venue in board.goes_to[school_class]:
            hopeful = self.cover.hopeful[venue] & board.sites[venue].open
            for half_day in bits(board.free[school_class] & hopeful):
                key = venue, half_day
                for blocker in self._blockers(key) if self.tries > 0 else ():
                    if self._attempt(partial(self._replace, school_class, key, blocker)):
                        return True
        return False

    def _blockers(self, key: Key) -> list[Key]:
        """Return the sessions that hold people of every service a session at `key` lacks."""
        people, municipality = self.board.people, self.board.sites[key[0]].municipality
        found = []
        for need in self.board.sites[key[0]].needs:
            asked = [p for p in self._pool(key, need) if self._could(p, key)]
            able = sum(people.can(p, key[1], municipality, on_call=True) for p in asked)
            if able < need.people:
                found.append({other for p in asked for other in self._duties(p)})
        return sorted(set.intersection(*found)) if found else []

    def _swap(self, school_class: int, other: int, key: Key) -> bool:
        self.board.unseat(other)
        if not self.board.may_join(school_class, key):
            return False
        self.board.seat(school_class, key)
        self.cover.fill(self._places([other]))
        return True

    def _replace(self, school_class: int, key: Key, blocker: Key) -> bool:
        moved = self.board.close(blocker)
        held = self._hold(key, school_class)
        if held:
            self.cover.fill(self._places(moved))
        return held

    def _without(self, key: Key) -> bool:
        """Close a session whose classes then go elsewhere."""
        moved = self.board.close(key)
        site, bit = self.board.sites[key[0]], 1 << key[1]
        site.open &= ~bit
        self.cover.fill(self._places(moved))
        site.open |= bit
        return True
