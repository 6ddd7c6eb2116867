"""The instant heuristic: a set cover by the cheapest session for each class, then improvement."""

from collections.abc import Callable

from blaljus.planner.board import Board
from blaljus.planner.cover import Cover
from blaljus.planner.fair import even_load
from blaljus.planner.improve import Improver
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.problem import Problem

Progress = Callable[[int, int], None]
"""Gets the number of classes placed so far, which never falls, and the number to place."""

ROOM_TRIES_PER_CLASS = 10
ROOM_TRIES = 1500
DROP_TRIES = 500
SHUFFLES = 25
"""Bounds of the improvement passes: 45 classes stay under 50 ms, a county near a second."""


def pack(problem: Problem, progress: Progress | None = None) -> Plan:
    """Return a plan that keeps every `Rule`; the same problem gives the same plan, to the byte.

    In this order it seeks most classes, least crew cost, even load, early dates. It is quick and
    proves nothing: a class it leaves out may still have a time in a better plan.
    """
    board = Board(problem)
    everywhere = range(len(board.sites))
    cover = Cover(board, _Report(board, progress) if progress else None)
    cover.fill(everywhere)
    improver = Improver(board, cover)
    improver.make_room(min(ROOM_TRIES, ROOM_TRIES_PER_CLASS * len(board.classes)))
    improver.drop_sessions(DROP_TRIES)
    improver.shuffle(SHUFFLES)
    even_load(board)
    cover.fill(everywhere)
    return to_plan(board)


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
