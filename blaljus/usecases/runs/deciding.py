"""What a coordinator decides about a run: stop it, approve it in one transaction, or discard it."""

import asyncio
from functools import partial
from time import monotonic

from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.runs import UNDECIDED, RunDecidedError, RunState
from blaljus.store import plans, runs
from blaljus.store.engine import transactional
from blaljus.usecases.changing import as_change
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.runs.applying import apply_proposal
from blaljus.usecases.runs.proposal import read_proposal

LOOK = 0.1
"""Seconds between two looks at a run that is to end."""


async def stop_run(
    context: Context, person: Person, key: FormKey, *, municipality: int, number: int
) -> None:
    """Ask a search to stop; its best plan becomes the proposal. Nothing happens to an ended one."""
    if municipality not in person.municipalities:
        raise NotFoundError

    async def change() -> Outcome:
        run = await runs.get_run(number, municipality, lock=True)
        if run.state is RunState.RUNNING and not run.stop_asked:
            await runs.ask_to_stop(run)
            subject, version = ("run", number), run.version + 1
            await record(context, person.actor, municipality, "run-stopped", subject, version)
        return {"number": number}

    await once(person, key, change, clock=context.clock)


async def wait_for_end(municipality: int, number: int, seconds: float) -> None:
    """Wait until a search has ended, but no longer than so many seconds."""
    until = monotonic() + seconds
    while monotonic() < until:
        if (await runs.get_run(number, municipality)).state is not RunState.RUNNING:
            return
        await asyncio.sleep(LOOK)


async def approve_run(
    context: Context, person: Person, key: FormKey, *, municipality: int, number: int
) -> int:
    """Publish a proposal as slots with tentative bookings and invited people: all or nothing.

    Returns how many slots were published. Raises `WorldChangedError` when something it was made
    of has changed so that a rule would break, and `RunDecidedError` the second time.
    """
    if municipality not in person.municipalities:
        raise NotFoundError

    async def change() -> Outcome:
        return {"slots": await _approve(context, person.actor, municipality, number)}

    return int((await once(person, key, change, clock=context.clock))["slots"])


async def approve_for_operator(
    context: Context, actor: str, *, municipality: int, number: int
) -> int:
    """Approve from the command line: like `approve_run`."""
    approve = partial(_approve, context, actor, municipality, number)
    return await transactional(as_change)(approve)


async def _approve(context: Context, actor: str, municipality: int, number: int) -> int:
    run = await runs.get_run(number, municipality, lock=True)
    if run.state not in UNDECIDED:
        raise RunDecidedError
    plan = await plans.get_plan(run.plan, (municipality,))
    published = await apply_proposal(context, actor, plan, read_proposal(run.proposal))
    await runs.decide_run(run, RunState.APPROVED, context.clock())
    facts = {"slots": published}
    subject = ("run", number)
    await record(context, actor, municipality, "run-approved", subject, run.version + 1, **facts)
    return published


async def discard_run(
    context: Context, person: Person, key: FormKey, *, municipality: int, number: int
) -> None:
    """Throw a proposal away; nothing else changes."""
    if municipality not in person.municipalities:
        raise NotFoundError

    async def change() -> Outcome:
        run = await runs.get_run(number, municipality, lock=True)
        if run.state not in UNDECIDED:
            raise RunDecidedError
        await runs.decide_run(run, RunState.DISCARDED, context.clock())
        subject = ("run", number)
        await record(context, person.actor, municipality, "run-discarded", subject, run.version + 1)
        return {"number": number}

    await once(person, key, change, clock=context.clock)
