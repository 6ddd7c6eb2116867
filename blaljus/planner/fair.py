"""Spread the duties evenly without changing what is held when, or what it costs."""

from blaljus.planner.board import Board, Key

Shift = tuple[int, tuple[Key, ...]]
"""A person, and all that person's sessions of one day."""


def even_load(board: Board) -> None:
    """Hand days over from the most to the least loaded, while that makes the load more even."""
    while any(_hand_over(board, shift) for shift in _shifts(board)):
        pass


def _shifts(board: Board) -> list[Shift]:
    """Return the days of all crews, the most loaded people first."""
    days: dict[tuple[int, int], list[Key]] = {}
    for key in sorted(board.sessions):
        for _, person in board.sessions[key].crew:
            days.setdefault((person, board.people.day[key[1]]), []).append(key)
    shifts = [(person, tuple(keys)) for (person, _), keys in days.items()]
    return sorted(shifts, key=lambda shift: (-len(board.people.duties[shift[0]]), shift))


def _hand_over(board: Board, shift: Shift) -> bool:
    person, keys = shift
    people = board.people
    pool = people.pools[board.sites[keys[0][0]].municipality, people.staff[person].service]
    for other in sorted(pool, key=lambda p: (len(people.duties[p]), p)):
        if len(people.duties[other]) + len(keys) >= len(people.duties[person]):
            return False
        if _can_take(board, other, shift) and _exchange(board, other, shift):
            return True
    return False


def _can_take(board: Board, other: int, shift: Shift) -> bool:
    """Tell whether `other` may take all sessions of the day, and none on call instead of free."""
    person, keys = shift
    people = board.people
    if len(keys) > 1 and not people.double[other] >> keys[0][1] & 1:
        return False
    wide = all(
        board.sites[v].stations[_station(board, (v, t), person)].on_call_allowed for v, t in keys
    )
    return all(
        people.can(other, t, v, on_call=wide and not people.staff[person].free >> t & 1)
        for v, t in keys
    )


def _station(board: Board, key: Key, person: int) -> int:
    return next(station for station, p in board.sessions[key].crew if p == person)


def _exchange(board: Board, other: int, shift: Shift) -> bool:
    """Hand the day over, or leave everything as it is when that costs more crew."""
    person, keys = shift
    cost = board.cost
    for key in keys:
        board.exchange(key, person, other)
    if board.cost <= cost:
        return True
    for key in keys:
        board.exchange(key, other, person)
    return False
