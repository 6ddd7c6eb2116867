"""Choose who comes: the crew of one session from the people who can still be asked."""

from collections.abc import Iterator
from functools import partial

from blaljus.planner.board import Board, Key
from blaljus.planner.site import Crew


def crew_for(board: Board, key: Key, *, also: int | None = None) -> Crew | None:
    """Choose a crew, or `None` when a required station lacks staff; wanted ones may stay empty.

    Who is there already comes first, then who can stay for the half-day `also`, then who is free
    rather than on call, then the least loaded, then the lowest id.
    """
    site = board.sites[key[0]]
    crew: list[tuple[int, int]] = []
    for index in site.order:
        needed = site.stations[index].staff_needed
        found = [
            p for p in _candidates(board, key, index) if p not in (person for _, person in crew)
        ]
        if len(found) < needed and index not in site.wanted:
            return None
        if len(found) >= needed > 0:
            rank = partial(_rank, board, key, also)
            crew += ((index, person) for person in sorted(found, key=rank)[:needed])
    return tuple(crew)


def _candidates(board: Board, key: Key, station: int) -> Iterator[int]:
    site, (venue, half_day) = board.sites[key[0]], key
    asked = site.stations[station]
    for person in board.people.pools.get((site.municipality, asked.service), ()):
        if board.people.can(person, half_day, venue, on_call=asked.on_call_allowed):
            yield person


def _rank(
    board: Board, key: Key, also: int | None, person: int
) -> tuple[bool, bool, bool, int, int]:
    people, half_day = board.people, key[1]
    stays = also is not None and bool(people.double[person] >> min(half_day, also) & 1)
    on_call = not people.staff[person].free >> half_day & 1
    return (
        not people.is_out(person, half_day),
        not stays,
        on_call,
        len(people.duties[person]),
        person,
    )
