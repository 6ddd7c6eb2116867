"""Searches in the background: what they keep, how they end, and who may stop them."""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from factories import YEAR, a_key

from blaljus.domain.errors import NotFoundError
from blaljus.domain.runs import SILENCE, Effort, Ending, RunDecidedError, RunState
from blaljus.planner import solving
from blaljus.store import audit, runs, slots
from blaljus.usecases.runs.deciding import approve_run, discard_run, stop_run, wait_for_end
from blaljus.usecases.runs.planning import get_run, run_for_operator, start_run
from blaljus.usecases.runs.searching import Searches, interrupt_silent

BAD_SOLVER = Path(__file__).parents[2] / "planner" / "bad_solver.py"
LONG = Effort(seconds=600)


@pytest.fixture
async def searches():
    opened = Searches(2)
    yield opened
    await opened.close()


@pytest.fixture
def solver(monkeypatch):
    """Call to let a real process solve that misbehaves in a way of its own."""

    def misbehaves(how):
        program = (sys.executable, str(BAD_SOLVER), how)
        monkeypatch.setattr(solving, "solve", partial(solving.solve, program=program))

    return misbehaves


async def begun(context, cast, searches, effort=LONG, key=None):
    return await start_run(
        context,
        cast.coordinator,
        key or a_key(),
        municipality=cast.municipality.id,
        school_year=YEAR,
        effort=effort,
        searches=searches,
    )


async def found(cast, number):
    return await get_run(cast.coordinator, cast.municipality.id, number)


def where(cast, number):
    return {"municipality": cast.municipality.id, "number": number}


async def actions(cast):
    entries = await audit.list_entries(cast.municipality.id)
    return [entry.action for entry in entries if entry.subject.startswith("run:")]


async def test_a_search_begins_with_a_quick_plan_and_ends_with_a_proved_one(
    cast, context, searches
):
    number = await begun(context, cast, searches)

    at_once = await found(cast, number)
    await wait_for_end(cast.municipality.id, number, 30)
    ended = await found(cast, number)
    assert (at_once.run.state, at_once.progress.ending) == (RunState.RUNNING, None)
    assert (at_once.proposal.placed, at_once.progress.placed) == (2, 2)
    assert (ended.run.state, ended.progress.ending) == (RunState.PROPOSED, Ending.FINISHED)
    assert (ended.progress.placed_at_most, ended.progress.crew_cost_at_least) == (2, 9)
    assert ended.progress.crew_cost == ended.proposal.crew_cost == 9
    assert sorted(await actions(cast)) == ["run-made", "run-started"]


async def test_whoever_stops_a_search_gets_the_best_plan_so_far(cast, context, searches, solver):
    solver("hangs")
    number = await begun(context, cast, searches)

    await stop_run(context, cast.coordinator, a_key(), **where(cast, number))
    await wait_for_end(cast.municipality.id, number, 10)

    ended = await found(cast, number)
    assert (ended.run.state, ended.progress.ending) == (RunState.PROPOSED, Ending.STOPPED)
    assert await approve_run(context, cast.coordinator, a_key(), **where(cast, number)) == 1


@pytest.mark.parametrize("how", ["dies", "crashes", "breaks-a-rule", "claims-fewer", "garbles"])
async def test_a_solver_in_trouble_leaves_the_best_checked_plan(
    cast, context, searches, solver, how
):
    solver(how)
    number = await begun(context, cast, searches)

    await wait_for_end(cast.municipality.id, number, 10)

    ended = await found(cast, number)
    assert (ended.run.state, ended.progress.ending) == (RunState.PROPOSED, Ending.TROUBLE)
    assert ended.proposal.placed == 2
    assert await approve_run(context, cast.coordinator, a_key(), **where(cast, number)) == 1


async def test_a_server_that_stops_leaves_the_run_interrupted_with_its_best_plan(
    cast, context, searches, solver
):
    solver("hangs")
    number = await begun(context, cast, searches)
    await asyncio.sleep(0.2)

    await searches.close()

    ended = await found(cast, number)
    assert (ended.run.state, ended.progress.ending) == (RunState.INTERRUPTED, Ending.INTERRUPTED)
    assert sorted(await actions(cast)) == ["run-interrupted", "run-started"]
    assert await approve_run(context, cast.coordinator, a_key(), **where(cast, number)) == 1


async def test_a_run_that_nobody_hears_of_any_longer_is_interrupted(cast, context, clock):
    number = await begun(context, cast, None)

    clock.advance(SILENCE)
    await interrupt_silent(context)
    before = await found(cast, number)
    clock.advance(timedelta(seconds=1))
    await interrupt_silent(context)
    await interrupt_silent(context)

    after = await found(cast, number)
    assert (before.run.state, after.run.state) == (RunState.RUNNING, RunState.INTERRUPTED)
    assert after.progress == replace(before.progress, ending=Ending.INTERRUPTED)
    assert after.proposal == before.proposal
    assert sorted(await actions(cast)) == ["run-interrupted", "run-started"]


async def test_a_search_that_was_taken_for_dead_ends_without_a_word(
    cast, context, clock, searches, solver
):
    solver("hangs")
    number = await begun(context, cast, searches)
    clock.advance(SILENCE + timedelta(seconds=1))
    await interrupt_silent(context)

    await asyncio.wait_for(asyncio.gather(*searches._tasks), 10)

    assert (await found(cast, number)).run.state is RunState.INTERRUPTED
    assert sorted(await actions(cast)) == ["run-interrupted", "run-started"]


async def test_a_search_is_neither_approved_nor_discarded_before_it_ends(
    cast, context, searches, solver
):
    solver("hangs")
    number = await begun(context, cast, searches)

    for decide in (approve_run, discard_run):
        with pytest.raises(RunDecidedError):
            await decide(context, cast.coordinator, a_key(), **where(cast, number))

    assert (await found(cast, number)).run.state is RunState.RUNNING
    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,)) == []


async def test_who_plans_while_a_search_goes_on_is_led_to_it(cast, context, searches, solver):
    solver("hangs")
    key = a_key()
    first = await begun(context, cast, searches, key=key)

    assert await begun(context, cast, searches, key=key) == first
    assert await begun(context, cast, searches) == first
    assert await begun(context, cast, searches, Effort()) == first
    assert len(await runs.list_runs(cast.municipality.id)) == len(searches._tasks) == 1


async def test_more_searches_than_there_is_room_for_wait_and_can_be_stopped(cast, context):
    crowded = Searches(0)
    number = await begun(context, cast, crowded)
    await asyncio.sleep(0.1)
    waiting = await found(cast, number)

    await stop_run(context, cast.coordinator, a_key(), **where(cast, number))
    await wait_for_end(cast.municipality.id, number, 10)

    ended = await found(cast, number)
    assert (waiting.run.state, waiting.progress.stage) == (RunState.RUNNING, "")
    assert (ended.run.state, ended.progress.ending) == (RunState.PROPOSED, Ending.STOPPED)


async def test_nobody_else_stops_a_search(cast, context, searches, solver):
    solver("hangs")
    number = await begun(context, cast, searches)

    with pytest.raises(NotFoundError):
        await stop_run(context, cast.foreign_coordinator, a_key(), **where(cast, number))

    assert not (await found(cast, number)).run.stop_asked


async def test_stopping_twice_and_after_the_end_changes_nothing_more(cast, context, searches):
    number = await begun(context, cast, searches)
    await wait_for_end(cast.municipality.id, number, 30)
    before = await found(cast, number)

    await stop_run(context, cast.coordinator, a_key(), **where(cast, number))

    assert await found(cast, number) == before


async def test_an_operator_is_told_of_progress_and_may_stop(cast, context, solver):
    solver("hangs")
    stop, told = asyncio.Event(), []

    def hear(progress):
        told.append(progress)
        stop.set()

    number = await run_for_operator(
        context,
        "operator",
        municipality=cast.municipality.id,
        school_year=YEAR,
        effort=LONG,
        stop=stop,
        told=hear,
    )

    assert told[0].placed == 2
    assert (await found(cast, number)).progress.ending is Ending.STOPPED


async def test_a_second_run_is_not_approved_over_the_first(cast, context):
    numbers = [await begun(context, cast, None, Effort()) for _ in range(2)]

    await approve_run(context, cast.coordinator, a_key(), **where(cast, numbers[1]))
    with pytest.raises(Exception, match="world-changed") as caught:
        await approve_run(context, cast.coordinator, a_key(), **where(cast, numbers[0]))

    assert {row["code"] for row in caught.value.data["changes"]} == {"class-placed"}
    assert len(await slots.list_slots(cast.plan.id, (cast.municipality.id,))) == 1
