"""Two coordinators plan at once."""

import asyncio

from factories import YEAR, a_key

from blaljus.store.runs import list_runs
from blaljus.usecases.runs.planning import start_run


async def test_runs_that_are_made_at_once_get_a_number_each(cast, context):
    place = {"municipality": cast.municipality.id, "school_year": YEAR}

    numbers = await asyncio.gather(
        *(start_run(context, cast.coordinator, a_key(), **place) for _ in range(6))
    )

    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert [run.number for run in await list_runs(cast.municipality.id)] == [6, 5, 4, 3, 2, 1]
