"""The instant heuristic: a set cover by the cheapest session for each class, then improvement."""

from collections.abc import Callable

from blaljus.planner.packing.board import Board
from blaljus.planner.packing.cover import Cover
from blaljus.planner.packing.fair import even_load
from blaljus.planner.packing.improve import Improver
from blaljus.planner.packing.settle import settle
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.problem import Problem

Progress = Callable[[int, int], None]
"""Gets the number of classes placed so far, which never falls, and the number to place."""

ROOM_TRIES_PER_CLASS = 10
ROOM_TRIES = 1500
DROP_TRIES = 500
SHUFFLES_PER_CLASS = 2
SHUFFLES = 100
"""Bounds of the improvement passes: a tenth of a second for 45 classes, under one for a county."""


def pack(problem: Problem, progress: Progress | None = None, *, base: Plan | None = None) -> Plan:
    """Return a plan that keeps every `Rule`; the same problem gives the same plan, to the byte.

    In this order it seeks most classes, fewest classes of `base` moved, least crew cost, even load,
    early dates. It is quick and proves nothing: a class it leaves out may still have a time in a
    better plan. Only a lock that cannot be kept makes it break a rule.
    """
    board = Board(problem)
    cover = _begin(board, progress, base)
    tries = min(SHUFFLES, SHUFFLES_PER_CLASS * len(board.classes))
    _improve(board, cover, tries, problem.seed, even=base is None)
    return to_plan(board)


def first_plan(
    problem: Problem, progress: Progress | None = None, *, base: Plan | None = None
) -> Plan:
    """Return a usable plan at once, like `pack` without its improvement."""
    board = Board(problem)
    _begin(board, progress, base)
    return to_plan(board)


def improve_plan(
    problem: Problem, plan: Plan, *, tries: int, seed: int = 0, base: Plan | None = None
) -> Plan:
    """Return a plan at least as good as a sound one, after so many tries to rebuild some of it.

    The same plan, tries and seed give the same answer; another seed tries other things.
    """
    board = Board(problem)
    cover = Cover(board)
    for session in base.sessions if base else ():
        board.remember(session)
    board.enter(plan)
    _improve(board, cover, tries, seed, even=base is None)
    return to_plan(board)


def _begin(board: Board, progress: Progress | None, base: Plan | None) -> Cover:
    cover = Cover(board, _Report(board, progress) if progress else None)
    settle(board, base)
    cover.fill(range(len(board.sites)))
    return cover


def _improve(board: Board, cover: Cover, tries: int, seed: int, *, even: bool) -> None:
    board.keep()
    improver = Improver(board, cover, seed)
    improver.make_room(min(ROOM_TRIES, ROOM_TRIES_PER_CLASS * len(board.classes)))
    improver.drop_sessions(DROP_TRIES)
    improver.shuffle(tries)
    if even:
        even_load(board)
    cover.fill(range(len(board.sites)))


class _Report:
    """Tells of each class more than ever before."""

    def __init__(self, board: Board, progress: Progress) -> None:
        self._board = board
        self._progress = progress
        self._most = 0
        progress(0, len(board.classes))

    def __call__(self) -> None:
        if self._board.placed > self._most:
            self._most = self._board.placed
            self._progress(self._most, len(self._board.classes))


def to_plan(board: Board) -> Plan:
    """Return the sessions that hold a class, by half-day and venue."""
    staff = board.people.staff
    sessions = [
        PlannedSession(
            venue=board.sites[venue].id,
            half_day=half_day,
            classes=tuple(sorted(board.classes[c].id for c in session.classes)),
            crew=tuple(PlannedCrew(station=i, staff=staff[p].id) for i, p in sorted(session.crew)),
            fixed=session.fixed,
        )
        for (venue, half_day), session in board.sessions.items()
        if session.classes
    ]
    sessions.sort(key=lambda session: (session.half_day, session.venue))
    waiting = (c.id for c, home in zip(board.classes, board.home, strict=True) if home is None)
    return Plan(sessions=tuple(sessions), unplaced=tuple(waiting))
