"""Who meets whom in which round: as many of the wished meetings as the rounds allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from blaljus.planner.carousel.meeting_bound import most_meetings
from blaljus.planner.carousel.meeting_search import search

Open = Sequence[frozenset[int]]
"""By group, or by station: the rounds in which it can take part."""

Cells = dict[tuple[int, int], int]
"""(group, round) -> station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A group that is to meet one of some stations, once."""

    group: int
    stations: tuple[int, ...]
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """Where each group is; `proved` when no other order fulfils more of the required wishes."""

    cells: Cells
    required: int
    proved: bool


@dataclass(slots=True)
class Board:
    """Groups (side 0) and stations (side 1), each with a partner in some of its open rounds."""

    open: tuple[Open, Open]
    partners: tuple[list[dict[int, int]], list[dict[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.partners = ([{} for _ in self.open[0]], [{} for _ in self.open[1]])

    def has_met(self, group: int, station: int) -> bool:
        """Return whether a group has the station in some round."""
        return station in self.partners[0][group].values()

    def both_open(self, group: int, station: int) -> list[int]:
        """Return the rounds in which the two could meet, free or not."""
        return sorted(self.open[0][group] & self.open[1][station])

    def put(self, group: int, station: int, turn: int) -> None:
        """Let the two meet in a round; both are free then."""
        self.partners[0][group][turn] = station
        self.partners[1][station][turn] = group

    def take(self, group: int, station: int, turn: int) -> None:
        """Undo `put`."""
        del self.partners[0][group][turn]
        del self.partners[1][station][turn]

    def free(self, side: int, node: int, turn: int) -> bool:
        """Return whether a group or station has nobody in a round."""
        return turn not in self.partners[side][node]


def arrange(
    wishes: Sequence[Wish], groups: Open, stations: Open, before: Mapping[tuple[int, int], int]
) -> Meetings:
    """Return an order that keeps what it can of `before` and fulfils the wishes, required first.

    Required wishes: as many as are found, `proved` where a bound says that no order fulfils more.
    The others: as many as find room beside them.
    """
    board = Board((groups, stations))
    _keep(board, wishes, before)
    required = [wish for wish in wishes if wish.required]
    left = [wish for wish in required if not _fulfil(board, wish)]
    proved = not left
    if left:
        board, proved = _search_on(board, required)
    for wish in wishes:
        if not wish.required:
            _fulfil(board, wish)
    return Meetings(cells=_cells(board), required=_fulfilled(board, required), proved=proved)


def _keep(board: Board, wishes: Sequence[Wish], before: Mapping[tuple[int, int], int]) -> None:
    """Begin with the meetings of an earlier order that are still wished and possible."""
    wished = {(wish.group, station) for wish in wishes for station in wish.stations}
    for (group, turn), station in sorted(before.items()):
        possible = turn in board.open[0][group] and turn in board.open[1][station]
        if possible and (group, station) in wished and board.free(1, station, turn):
            board.put(group, station, turn)


def _search_on(board: Board, required: Sequence[Wish]) -> tuple[Board, bool]:
    """Return a board with the most required wishes that is found, and whether that is proved."""
    pairs = [(wish.group, wish.stations) for wish in required]
    groups, stations = board.open
    bound = most_meetings(pairs, groups, stations)
    reached = _fulfilled(board, required)
    if reached < bound:
        better = search(pairs, groups, stations, _cells(board), bound)
        if len(better) > reached:
            board, reached = Board(board.open), len(better)
            for (group, turn), station in better.items():
                board.put(group, station, turn)
    return board, reached == bound


def _cells(board: Board) -> Cells:
    return {
        (group, turn): station
        for group, days in enumerate(board.partners[0])
        for turn, station in sorted(days.items())
    }


def _fulfilled(board: Board, wishes: Sequence[Wish]) -> int:
    return sum(any(board.has_met(w.group, s) for s in w.stations) for w in wishes)


def _fulfil(board: Board, wish: Wish) -> bool:
    """Let a wish come true if others need only change rounds with each other."""
    if any(board.has_met(wish.group, station) for station in wish.stations):
        return True
    by_load = sorted(wish.stations, key=lambda s: (len(board.partners[1][s]), s))
    return any(_place(board, wish.group, s) for s in by_load) or any(
        _make_room(board, wish.group, s) for s in by_load
    )


def _place(board: Board, group: int, station: int) -> bool:
    """Let them meet in a free round: the one where the carousel would bring them together."""
    circle = max(len(board.open[0]), len(board.open[1]))
    free = [
        turn
        for turn in board.both_open(group, station)
        if board.free(0, group, turn) and board.free(1, station, turn)
    ]
    if not free:
        return False
    turn = min(free, key=lambda turn: ((turn - station + group) % circle, turn))
    board.put(group, station, turn)
    return True


Move = tuple[int, int, int, int]
"""Group, station, from round, to round."""


def _make_room(board: Board, group: int, station: int) -> bool:
    """Exchange two rounds along the shortest chain of meetings that frees one for both (Kőnig)."""
    chains = []
    ends = (group, station)
    for side, node in ((1, station), (0, group)):
        here = [
            t for t in board.both_open(group, station) if board.free(1 - side, ends[1 - side], t)
        ]
        free = [t for t in sorted(board.open[side][node]) if board.free(side, node, t)]
        for turn, other in product(here, free):
            chain = _chain(board, side, node, turn, other)
            if chain:
                chains.append((len(chain), turn, other, chain))
    if not chains:
        return False
    _, turn, _, chain = min(chains)
    for who, where, old, _ in chain:
        board.take(who, where, old)
    for who, where, _, new in chain:
        board.put(who, where, new)
    board.put(group, station, turn)
    return True


def _chain(board: Board, side: int, node: int, turn: int, other: int) -> list[Move]:
    """Return the meetings that must change rounds when `node` leaves `turn` for `other`, or []."""
    chain: list[Move] = []
    old, new = turn, other
    while (partner := board.partners[side][node].get(old)) is not None:
        if new not in board.open[side][node] or new not in board.open[1 - side][partner]:
            return []
        pair = (partner, node) if side else (node, partner)
        chain.append((*pair, old, new))
        side, node = 1 - side, partner
        old, new = new, old
    return chain
