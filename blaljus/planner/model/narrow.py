"""Which parts of a model are solved before the whole, to find good plans soon."""

from collections.abc import Sequence

from blaljus.planner.model.goals import Stage
from blaljus.planner.model.towns import Towns

DEAR = 0.5
"""Columns with a greater reduced cost are left out of the first run of a goal.

Of 0.01 to 2, this gave plans within half a per cent of the best in the least time.
"""

BOUNDS_SHARE = 0.1
"""The part of the time that it may take to prove what crew must come at least."""

DEARER = 2.0
"""The same for one town at a time, where more can be tried."""

FEWEST_CLOSED = 0.1
"""Without fewer columns than this share the first run would be as long as the second."""

NARROW_SHARE = 0.35
"""The part of a goal's time that the first runs may take."""


def narrowings(stage: Stage, apart: Sequence[Towns]) -> list[tuple[float, Towns | None]]:
    """Return how dear columns may be in each run, and the towns that it is about; `None`: all.

    Crew is also spared in towns alone, the others as they are: each takes no time.
    """
    if stage is not Stage.CREW or len(apart) < 2:  # noqa: PLR2004 -- one is all there is
        return [(DEAR, None)]
    return [*((DEAR, towns) for towns in apart), (DEAR, None), *((DEARER, t) for t in apart)]
