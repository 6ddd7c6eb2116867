"""What is settled before anything is planned: locked classes, and an older plan to keep to."""

from collections import defaultdict
from collections.abc import Collection
from random import Random
from typing import NamedTuple

from blaljus.planner.packing.board import Board, Key
from blaljus.planner.packing.crew import can_come_again, crew_for
from blaljus.planner.packing.site import Crew
from blaljus.planner.plan import Plan

TRIES = 40
HOLDS = 4000
"""Bounds of the search for crews for all locks, should one take the people of another."""


class Old(NamedTuple):
    """What is left of a session of an older plan."""

    classes: list[int]
    crew: Crew


def settle(board: Board, base: Plan | None = None) -> None:
    """Seat the locked classes, then hold the sessions of an older plan again as far as they may.

    A locked class that no crew can be found for stays out; the referee says so.
    """
    old = _remembered(board, base) if base else {}
    _keep_locks(board, old)
    _keep_old(board, old)
    board.keep()


def _remembered(board: Board, base: Plan) -> dict[Key, Old]:
    old = {}
    for session in base.sessions:
        board.remember(session)
        venue = board.venue_at.get(session.venue)
        if venue is not None and 0 <= session.half_day < len(board.problem.half_days):
            classes = sorted(board.class_at[c] for c in session.classes if c in board.class_at)
            known = [m for m in session.crew if m.staff in board.staff_at]
            crew = tuple((m.station, board.staff_at[m.staff]) for m in known)
            old[venue, session.half_day] = Old(classes, crew)
    return old


def _keep_locks(board: Board, old: dict[Key, Old]) -> None:
    """Hold the sessions of locked classes, in the try that keeps most of them.

    A session that finds no crew is held earlier the next time, and others ask other people.
    """
    locked: dict[Key, list[int]] = defaultdict(list)
    for lock in sorted(board.problem.locked, key=lambda lock: lock.school_class):
        if lock.school_class in board.class_at:
            key = board.venue_at[lock.venue], lock.half_day
            locked[key].append(board.class_at[lock.school_class])
    order = sorted(locked)
    tries: list[tuple[int, int, list[Key]]] = []
    for number in range(max(2, min(TRIES, HOLDS // max(1, len(order))))):
        failed = _hold_locked(board, old, locked, order, number)
        tries.append((len(failed), number, order))
        if not failed:
            return
        board.rollback(0)
        order = failed + [key for key in order if key not in failed]
    _, number, order = min(tries)
    _hold_locked(board, old, locked, order, number)


def _hold_locked(
    board: Board, old: dict[Key, Old], locked: dict[Key, list[int]], order: list[Key], number: int
) -> list[Key]:
    """Hold sessions in this order; return those that a locked class is not in."""
    chance = Random(number)  # noqa: S311 -- repeatable, no secret
    everyone = range(len(board.people.staff))
    for key in order:
        there = old.get(key, Old([], ()))
        classes = locked[key] + [c for c in there.classes if c not in board.locked]
        if number == 0:
            _hold_again(board, key, classes, there.crew)
        else:
            asked = chance.sample(everyone, len(everyone) // 2)
            _seat_most(board, key, classes, _crews(board, key, classes, asked))
    return [key for key in order if any(board.home[c] != key for c in locked[key])]


def _keep_old(board: Board, old: dict[Key, Old]) -> None:
    """Hold old sessions; first those whose crew can come as it was, so that nobody is taken."""
    gone = {key: sum(not _can_come(board, p, key) for _, p in row.crew) for key, row in old.items()}
    for key in sorted(old, key=lambda key: (gone[key], key)):
        waiting = [c for c in old[key].classes if board.home[c] is None and c not in board.locked]
        if waiting:
            _hold_again(board, key, waiting, old[key].crew)


def _hold_again(board: Board, key: Key, classes: list[int], crew: Crew) -> None:
    """Seat these classes with the crew as it was, or with another that seats more of them."""
    people = [person for _, person in crew]
    as_it_was = [crew] if can_come_again(board, key, crew) else []
    _seat_most(board, key, classes, as_it_was + _crews(board, key, classes, people))


def _crews(board: Board, key: Key, classes: list[int], keep: Collection[int]) -> list[Crew]:
    """Return a crew of each size that can be held."""
    spoken = (board.classes[c].language for c in classes if board.free[c] >> key[1] & 1)
    languages = [language for language in spoken if language is not None]
    sizes = board.sites[key[0]].formats
    found = (crew_for(board, key, size, languages=languages, keep=keep) for size in sizes)
    return [crew for crew in found if crew is not None]


def _seat_most(board: Board, key: Key, classes: list[int], crews: list[Crew]) -> None:
    """Seat classes in one session, new unless it is there, with the first crew that takes most."""
    if key in board.sessions:
        _join(board, key, classes)
    elif crews and board.sites[key[0]].open >> key[1] & 1:
        seated = []
        for crew in crews:
            mark = board.mark
            board.open(key, crew)
            seated.append(_join(board, key, classes))
            board.rollback(mark)
        if max(seated):
            board.open(key, crews[seated.index(max(seated))])
            _join(board, key, classes)


def _join(board: Board, key: Key, classes: list[int]) -> int:
    seated = 0
    for school_class in classes:
        allowed = key[0] in board.goes_to[school_class] and board.may_join(school_class, key)
        if allowed and board.home[school_class] is None:
            board.seat(school_class, key)
            seated += 1
    return seated


def _can_come(board: Board, person: int, key: Key) -> bool:
    return board.people.can(person, key[1], board.sites[key[0]].municipality, on_call=True)
