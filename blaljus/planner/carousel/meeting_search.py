"""A search for the rare carousel that exchanging rounds two by two does not complete."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from blaljus.planner.carousel.meeting_bound import Pair

STEPS = 20_000
"""A second for twelve groups at twelve stations; 320 random ones of every kind took less."""

BOLD = 0.03
"""How often a pair is let in anywhere, whoever is in the way: never is too seldom."""

Cells = dict[tuple[int, int], int]
"""(group, round) -> station."""

Option = tuple[int, int]
"""Station, round."""


@dataclass(slots=True)
class _Pool:
    """Pairs that meet, and pairs that wait; who is let in puts out whoever is in the way."""

    pairs: Sequence[Pair]
    options: Sequence[Sequence[Option]]
    waiting: list[int] = field(default_factory=list)
    placed: dict[int, Option] = field(default_factory=dict)
    group_at: dict[tuple[int, int], int] = field(default_factory=dict)
    station_at: dict[tuple[int, int], int] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(4))  # noqa: S311 -- the same each time

    def step(self) -> None:
        """Let one who waits in where at most one is in the way; now and then, anywhere."""
        number = self.chance.randrange(len(self.waiting))
        pair = self.waiting[number]
        in_the_way = {option: self._in_the_way(pair, option) for option in self.options[pair]}
        fewest = min(map(len, in_the_way.values()))
        if self.chance.random() < BOLD:
            best = list(in_the_way)
        elif fewest > 1:
            return
        else:
            best = [option for option, others in in_the_way.items() if len(others) == fewest]
        self.waiting[number] = self.waiting[-1]
        self.waiting.pop()
        option = self.chance.choice(best)
        for other in sorted(in_the_way[option]):
            self._put_out(other)
        self.put(pair, option)

    def put(self, pair: int, option: Option) -> None:
        """Let a pair meet where nobody is in the way."""
        station, turn = self.placed[pair] = option
        self.group_at[self.pairs[pair][0], turn] = self.station_at[station, turn] = pair

    def _in_the_way(self, pair: int, option: Option) -> set[int]:
        group, turn = self.pairs[pair][0], option[1]
        at = (self.group_at.get((group, turn)), self.station_at.get(option))
        return {other for other in at if other is not None}

    def _put_out(self, pair: int) -> None:
        station, turn = self.placed.pop(pair)
        del self.group_at[self.pairs[pair][0], turn]
        del self.station_at[station, turn]
        self.waiting.append(pair)


def search(
    pairs: Sequence[Pair],
    groups: Sequence[frozenset[int]],
    stations: Sequence[frozenset[int]],
    begin: Cells,
    bound: int,
) -> Cells:
    """Return the order with the most meetings that is found, at least as many as in `begin`.

    Stops at `bound`, or after `STEPS`. Chance is the same each time, and so is the answer.
    """
    pool = _Pool(pairs, [_options(pair, groups, stations) for pair in pairs])
    _start(pool, begin)
    best = dict(pool.placed)
    for _ in range(STEPS):
        if len(best) >= bound:
            break
        pool.step()
        if len(pool.placed) > len(best):
            best = dict(pool.placed)
    return {(pairs[pair][0], turn): station for pair, (station, turn) in best.items()}


def _options(
    pair: Pair, groups: Sequence[frozenset[int]], stations: Sequence[frozenset[int]]
) -> list[Option]:
    group, places = pair
    return [(s, turn) for s in places for turn in sorted(groups[group] & stations[s])]


def _start(pool: _Pool, begin: Cells) -> None:
    """Place who meets in `begin`; the others wait, but for those who never can."""
    turns = {(group, station): turn for (group, turn), station in begin.items()}
    for pair, (group, places) in enumerate(pool.pairs):
        met = [station for station in places if (group, station) in turns]
        if met:
            pool.put(pair, (met[0], turns[group, met[0]]))
        elif pool.options[pair]:
            pool.waiting.append(pair)
