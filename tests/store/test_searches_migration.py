"""The migration of searches, on a filled database and beside the release before it."""

import pytest
from factories import stored_cast

from blaljus.domain.runs import Ending, RunState
from blaljus.store import runs
from blaljus.store.engine import bound_engine
from blaljus.store.transaction import TakenError
from blaljus.usecases.runs.progress import read_progress

ID = "0004-searches"

OLD_RUN = (
    "INSERT INTO plan_run (municipality, plan, number, state, proposal, world, created_at,"
    " version) VALUES (1, 1, {number}, 'proposed', '{{}}', 'w', '2027-01-01 00:00:00+00:00', 1)"
)
"""What the release before writes: it knows no search."""

OLD_ROWS = (
    "INSERT INTO municipality (code, name) VALUES ('1267', 'Höör')",
    (
        "INSERT INTO promise (municipality, title, wording, parties, diary_number, grade, required,"
        " first_on) VALUES (1, 'T', 'W', 'P', '', 4, 'police', '2026-07-01')"
    ),
    (
        "INSERT INTO plan (municipality, promise, school_year, notice_days, morning_start_minute,"
        " afternoon_start_minute, station_minutes, change_minutes, version)"
        " VALUES (1, 1, 2026, 7, 540, 765, 25, 5, 1)"
    ),
)


async def test_old_runs_are_kept_and_have_ended(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, OLD_RUN.format(number=1), OLD_RUN.format(number=2)):
        both = await runs.list_runs(1)
        assert [(run.number, run.state) for run in both] == [
            (2, RunState.PROPOSED),
            (1, RunState.PROPOSED),
        ]
        assert {(r.seconds, r.wish_tolerance, r.heard_at, r.stop_asked) for r in both} == {
            (0, 0, None, False)
        }
        assert {read_progress(run).ending for run in both} == {Ending.FINISHED}


async def test_the_release_before_still_adds_runs_and_none_twice(store):
    await stored_cast()

    await bound_engine().run_ddl(OLD_RUN.format(number=1))

    assert [run.number for run in await runs.list_runs(1)] == [1]
    with pytest.raises(TakenError):
        await bound_engine().run_ddl(OLD_RUN.format(number=1))
