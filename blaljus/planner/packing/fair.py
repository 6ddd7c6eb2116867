"""Spread the duties evenly without changing what is held when, or what it costs."""

from blaljus.planner.packing.board import Board, Key

Shift = tuple[int, tuple[Key, ...]]
"""A person, and all that person's sessions of one day."""


PASSES = 4
"""Each looks at every day of everybody; more find next to nothing."""


def even_load(board: Board) -> None:
    """Hand days over from the most to the least loaded, while that makes the load more even."""
    for _ in range(PASSES):
        if not sum(_hand_over(board, shift) for shift in _shifts(board)):
            break


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
    """Tell whether `other` may take all sessions of the day, and none on call instead of free.

    Nor does anybody who is perhaps busy take the place of somebody who is not.
    """
    person, keys = shift
    people = board.people
    if len(keys) > 1 and not people.double[other] >> keys[0][1] & 1:
        return False
    return all(_can_stand(board, other, key, person) for key in keys)


def _can_stand(board: Board, other: int, key: Key, person: int) -> bool:
    """Tell whether `other` may stand where `person` does: nobody is pinned or missed for words."""
    people, site = board.people, board.sites[key[0]]
    asked = site.stations[next(s for s, p in board.sessions[key].crew if p == person)]
    on_call = asked.on_call_allowed and not people.staff[person].free >> key[1] & 1
    return (
        site.municipality in people.staff[other].municipalities
        and asked.agency in {None, people.staff[other].agency}
        and people.can(other, key[1], site.municipality, on_call=on_call)
        and people.is_perhaps_busy(other, key[1]) <= people.is_perhaps_busy(person, key[1])
        and all(who != person or at not in {None, key[1]} for who, at in site.pins)
        and board.is_understood(key, instead=(person, other))
    )


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
