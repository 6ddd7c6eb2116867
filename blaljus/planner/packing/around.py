"""Find a class a time around a plan that stays as it is. For the packer's board."""

from collections.abc import Collection, Iterator

from blaljus.planner.packing.board import Board, Key
from blaljus.planner.packing.crew import crew_for
from blaljus.planner.packing.outlook import reach, staffed
from blaljus.planner.packing.people import bits
from blaljus.planner.packing.site import Crew


def rooms(board: Board, school_class: int) -> Iterator[Key]:
    """Yield the sessions that have a place for a class, by venue and half-day."""
    for venue in board.goes_to[school_class]:
        for half_day in sorted(board.held[venue]):
            if board.may_join(school_class, (venue, half_day)):
                yield venue, half_day


def hopeful(board: Board, school_class: int, venue: int) -> int:
    """Return when a new session with the class might find its crew; `crew_alone` tells for sure."""
    site = board.sites[venue]
    mask = site.open & reach(board, school_class, venue)
    if not mask:
        return 0
    crewed = 0
    for size in site.formats:
        crewed |= staffed(board, venue, size)
    return mask & crewed


def crew_alone(
    board: Board, key: Key, school_class: int, keep: Collection[int] = ()
) -> Crew | None:
    """Return the smallest crew of a new session with this class alone, or `None`.

    Whom to `keep` comes first, as far as they can.
    """
    who, site = board.classes[school_class], board.sites[key[0]]
    languages = () if who.language is None else (who.language,)
    for size in site.formats:
        crew = crew_for(board, key, size, languages=languages, keep=keep)
        if crew is not None and site.places(crew) >= site.groups((who.pupils,)):
            spoken = {word for _, p in crew for word in board.people.staff[p].languages}
            if who.language in {None, *spoken}:
                return crew
    return None


def seat_around(board: Board, school_class: int) -> bool:
    """Seat a class without touching another; in a session that is held, before a new one."""
    for key in rooms(board, school_class):
        if _lock_allows(board, school_class, key):
            board.seat(school_class, key)
            return True
    for venue in board.goes_to[school_class]:
        for half_day in bits(hopeful(board, school_class, venue)):
            if _lock_allows(board, school_class, (venue, half_day)) and _begin(
                board, school_class, (venue, half_day)
            ):
                return True
    return False


def _begin(board: Board, school_class: int, key: Key) -> bool:
    """Hold a new session with the class if a crew can come."""
    crew = crew_alone(board, key, school_class)
    if crew is None:
        return False
    board.open(key, crew)
    board.seat(school_class, key)
    return True


def _lock_allows(board: Board, school_class: int, key: Key) -> bool:
    if school_class not in board.locked:
        return True
    id_ = board.classes[school_class].id
    at = (board.sites[key[0]].id, key[1])
    locks = board.problem.locked
    return all((lock.venue, lock.half_day) == at for lock in locks if lock.school_class == id_)
