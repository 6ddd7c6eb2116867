"""What is settled before anything is planned: locked classes, and an older plan to keep to."""

from collections import defaultdict
from collections.abc import Collection

from blaljus.planner.board import Board, Key
from blaljus.planner.crew import crew_for
from blaljus.planner.plan import Plan

ORDERS = 40
"""Orders in which locked sessions are tried, should one take the people of another."""


def keep_locks(board: Board) -> None:
    """Seat the locked classes. One that no crew can be found for stays out; the referee says so.

    A session that finds no crew is tried before the others the next time.
    """
    wanted: dict[Key, list[int]] = defaultdict(list)
    for lock in board.problem.locked:
        if lock.school_class in board.class_at:
            key = board.venue_at[lock.venue], lock.half_day
            wanted[key].append(board.class_at[lock.school_class])
    order = sorted(wanted)
    for _ in range(ORDERS):
        failed = [key for key in order if not hold_again(board, key, sorted(wanted[key]))]
        if order[: len(failed)] == failed:
            break
        board.rollback(0)
        order = failed + [key for key in order if key not in failed]
    board.keep()


def keep_base(board: Board, base: Plan) -> None:
    """Hold the sessions of an older plan again, as far as they are still allowed.

    Those whose crew can come as it was are held first, so that nobody is taken from them.
    """
    old = {}
    for session in base.sessions:
        venue = board.venue_at.get(session.venue)
        if venue is not None and 0 <= session.half_day < len(board.problem.half_days):
            key = venue, session.half_day
            classes = [board.class_at[c] for c in session.classes if c in board.class_at]
            crew = [board.staff_at[m.staff] for m in session.crew if m.staff in board.staff_at]
            old[key] = classes, crew
        board.remember(session)
    gone = {key: sum(not _can_come(board, p, key) for p in crew) for key, (_, crew) in old.items()}
    for key in sorted(old, key=lambda key: (gone[key], key)):
        classes, crew = old[key]
        waiting = [c for c in sorted(classes) if board.home[c] is None]
        if waiting:
            hold_again(board, key, waiting, keep=crew)


def hold_again(
    board: Board, key: Key, classes: Collection[int], *, keep: Collection[int] = ()
) -> bool:
    """Seat these classes in one session, new unless it is there; tell whether all found a place.

    If no size of session takes them all, the one that takes most is held.
    """
    if key in board.sessions:
        return _join(board, key, classes) == len(classes)
    if not board.sites[key[0]].open >> key[1] & 1:
        return False
    sizes = range(len(board.sites[key[0]].formats))
    best, best_size = 0, None
    for size in sizes:
        mark = board.mark
        seated = _hold(board, key, size, classes, keep)
        if seated == len(classes):
            return True
        board.rollback(mark)
        if seated > best:
            best, best_size = seated, size
    if best_size is not None:
        _hold(board, key, best_size, classes, keep)
    return False


def _hold(
    board: Board, key: Key, size: int, classes: Collection[int], keep: Collection[int]
) -> int:
    free = [c for c in classes if board.free[c] >> key[1] & 1]
    spoken = [board.classes[c].language for c in free]
    languages = [language for language in spoken if language is not None]
    form = board.sites[key[0]].formats[size]
    crew = crew_for(board, key, form, languages=languages, keep=keep)
    if not free or crew is None:
        return 0
    mark = board.mark
    board.open(key, crew)
    seated = _join(board, key, free)
    if not seated:
        board.rollback(mark)
    return seated


def _join(board: Board, key: Key, classes: Collection[int]) -> int:
    seated = 0
    for school_class in classes:
        allowed = key[0] in board.goes_to[school_class] and board.may_join(school_class, key)
        if allowed and board.home[school_class] is None:
            board.seat(school_class, key)
            seated += 1
    return seated


def _can_come(board: Board, person: int, key: Key) -> bool:
    return board.people.can(person, key[1], board.sites[key[0]].municipality, on_call=True)
