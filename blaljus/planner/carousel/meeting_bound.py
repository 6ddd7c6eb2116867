"""A bound: no order of the rounds fulfils more wishes than this."""

from collections import Counter, deque
from collections.abc import Sequence

Pair = tuple[int, tuple[int, ...]]
"""A group, and the stations of which it is to meet one."""

_Node = tuple[str, int, int]
_SOURCE, _SINK = ("source", 0, 0), ("sink", 0, 0)

_Graph = dict[_Node, dict[_Node, int]]


def most_meetings(
    pairs: Sequence[Pair], groups: Sequence[frozenset[int]], stations: Sequence[frozenset[int]]
) -> int:
    """Return how many pairs could meet at most, by each one's open rounds.

    Groups and stations have one meeting a round, and a round no more meetings than the fewer of
    them that are there. But the two of a pair may here choose different rounds: what that allows
    is a flow, and no order can do better.
    """
    graph: _Graph = {_SOURCE: {}, _SINK: {}}
    for number, (group, places) in enumerate(pairs):
        for station in places:
            for turn in groups[group] & stations[station]:
                _join(graph, ("first", turn, 0), ("group", group, turn), 1)
                _join(graph, ("group", group, turn), ("wish", number, 0), 1)
                _join(graph, ("wish", number, 0), ("met", number, 0), 1)
                _join(graph, ("met", number, 0), ("station", station, turn), 1)
                _join(graph, ("station", station, turn), ("last", turn, 0), 1)
    for turn, most in _most_by_round(pairs, groups, stations).items():
        _join(graph, _SOURCE, ("first", turn, 0), most)
        _join(graph, ("last", turn, 0), _SINK, most)
    flow = 0
    while path := _path(graph):
        for here, there in path:
            graph[here][there] -= 1
            graph[there][here] += 1
        flow += 1
    return flow


def _most_by_round(
    pairs: Sequence[Pair], groups: Sequence[frozenset[int]], stations: Sequence[frozenset[int]]
) -> dict[int, int]:
    """Return how many meetings each round has room for."""
    going = {group for group, _ in pairs}
    sought = {station for _, places in pairs for station in places}
    here = Counter(turn for group in going for turn in groups[group])
    there = Counter(turn for station in sought for turn in stations[station])
    return {turn: min(here[turn], there[turn]) for turn in sorted(here) if there[turn]}


def _join(graph: _Graph, here: _Node, there: _Node, room: int) -> None:
    graph.setdefault(here, {})[there] = room
    graph.setdefault(there, {}).setdefault(here, 0)


def _path(graph: _Graph) -> list[tuple[_Node, _Node]]:
    """Return the edges of a shortest way on which one more can flow, or []."""
    came: dict[_Node, _Node] = {_SOURCE: _SOURCE}
    waiting = deque([_SOURCE])
    while waiting and _SINK not in came:
        here = waiting.popleft()
        for there, room in graph[here].items():
            if room and there not in came:
                came[there] = here
                waiting.append(there)
    if _SINK not in came:
        return []
    edges, node = [], _SINK
    while node != _SOURCE:
        edges.append((came[node], node))
        node = came[node]
    return edges
