"""Runs of the planner: propose, show, approve in one transaction, or throw away."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from blaljus.domain.errors import BlaljusError, NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.runs import PlanRun, RunDecidedError, RunState
from blaljus.domain.slots import SeasonPlan
from blaljus.planner.advice.explain import explain
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan, crew_cost
from blaljus.planner.problem import Problem
from blaljus.store import plans
from blaljus.store.engine import read_transaction, transactional
from blaljus.usecases.applying import apply_proposal
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.problem import World, load_world
from blaljus.usecases.proposal import Proposal, ProposedSlot, Unplaced, propose

Progress = Callable[[int, int], None]
"""Told how many classes have a place, of how many."""


class NoPlanError(BlaljusError):
    """The municipality has no plan for the school year: the coordinator sets it up first."""

    code = "no-plan"


class RefereeError(AssertionError):
    """A plan broke a rule: a mistake in the planner. It is shown to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """A run with its proposal."""

    run: PlanRun
    proposal: Proposal


async def start_run(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    municipality: int,
    school_year: SchoolYear,
) -> int:
    """Plan every class without a slot, store the proposal, and return the run's number."""
    if municipality not in person.municipalities:
        raise NotFoundError
    made = await _make(context, municipality, school_year, None)

    async def change() -> Outcome:
        return {"number": await _store(context, person.actor, municipality, made)}

    return int((await once(person, key, change, clock=context.clock))["number"])


async def run_for_operator(
    context: Context,
    actor: str,
    *,
    municipality: int,
    school_year: SchoolYear,
    progress: Progress | None = None,
) -> int:
    """Plan from the command line: like `start_run`, told of progress."""
    made = await _make(context, municipality, school_year, progress)
    store = transactional(_store)
    return int(await store(context, actor, municipality, made))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A checked proposal and the fingerprint of what it was made of."""

    plan: SeasonPlan
    proposal: Proposal
    world: str
    started_at: datetime


async def _make(
    context: Context, municipality: int, school_year: SchoolYear, progress: Progress | None
) -> _Made:
    started_at = context.clock()
    async with read_transaction():
        plan = await plans.find_plan(municipality, school_year)
        if plan is None:
            raise NoPlanError
        world = await load_world(plan, clock=context.clock)
    # Packing a county takes most of a second: the server answers others meanwhile.
    answer = await asyncio.to_thread(checked_plan, world.problem, progress)
    return _Made(
        plan=plan,
        proposal=_proposal(world, answer),
        world=fingerprint(world.problem),
        started_at=started_at,
    )


def checked_plan(problem: Problem, progress: Progress | None = None) -> Plan:
    """Return a plan that the referee has passed, or raise `RefereeError`."""
    answer = pack(problem, progress)
    broken = violations(problem, answer)
    if broken:
        raise RefereeError(broken)
    return answer


def fingerprint(problem: Problem) -> str:
    """Return the SHA-256 of a problem."""
    return sha256(repr(problem).encode()).hexdigest()


def _proposal(world: World, answer: Plan) -> Proposal:
    why = {row.class_id: row for row in explain(world.problem, answer)}
    return propose(
        world,
        answer,
        crew_cost=crew_cost(world.problem, answer),
        unplaced=tuple(
            Unplaced(
                class_id=class_id,
                reason=why[class_id].reason.value,
                steps=tuple((step.code.value, step.half_days) for step in why[class_id].steps),
            )
            for class_id in answer.unplaced
        ),
    )


async def _store(context: Context, actor: str, municipality: int, made: _Made) -> int:
    number = await plans.add_run(
        municipality,
        made.plan.id,
        proposal=msgspec.json.encode(made.proposal).decode(),
        world=made.world,
        now=made.started_at,
    )
    facts = {"placed": made.proposal.placed, "unplaced": len(made.proposal.unplaced)}
    await record(context, actor, municipality, "run-made", ("run", number), 1, **facts)
    return number


async def get_run(person: Person, municipality: int, number: int) -> RunPage:
    """Return a run of a municipality the person coordinates, or raise `NotFoundError`."""
    if municipality not in person.municipalities:
        raise NotFoundError
    run = await plans.get_run(number, municipality)
    return RunPage(run=run, proposal=read_proposal(run))


def read_proposal(run: PlanRun) -> Proposal:
    """Return the stored proposal of a run."""
    return msgspec.json.decode(run.proposal, type=Proposal)


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
    approve = transactional(_approve)
    return int(await approve(context, actor, municipality, number))


async def _approve(context: Context, actor: str, municipality: int, number: int) -> int:
    run = await plans.get_run(number, municipality, lock=True)
    if run.state is not RunState.PROPOSED:
        raise RunDecidedError
    plan = await plans.get_plan(run.plan, (municipality,))
    published = await apply_proposal(context, actor, plan, read_proposal(run))
    await plans.decide_run(run, RunState.APPROVED, context.clock())
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
        run = await plans.get_run(number, municipality, lock=True)
        if run.state is not RunState.PROPOSED:
            raise RunDecidedError
        await plans.decide_run(run, RunState.DISCARDED, context.clock())
        subject = ("run", number)
        await record(context, person.actor, municipality, "run-discarded", subject, run.version + 1)
        return {"number": number}

    await once(person, key, change, clock=context.clock)


__all__ = [
    "NoPlanError",
    "Proposal",
    "ProposedSlot",
    "RunPage",
    "Unplaced",
    "approve_for_operator",
    "approve_run",
    "discard_run",
    "get_run",
    "run_for_operator",
    "start_run",
]
