"""Runs of the planner: make a quick plan, and search for a better one."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from blaljus.domain.errors import BlaljusError, NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.runs import Effort, Ending, PlanRun, Progress, RunState
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem
from blaljus.store import plans, runs
from blaljus.store.engine import read_transaction, transactional
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.runs.problem import World, load_world
from blaljus.usecases.runs.progress import as_json, progress_of, read_progress
from blaljus.usecases.runs.proposal import Proposal, propose, read_proposal, write_proposal
from blaljus.usecases.runs.searching import Question, Searches, Told, search

QUICK = Effort()
"""The quick plan alone."""


class NoPlanError(BlaljusError):
    """The municipality has no plan for the school year: the coordinator sets it up first."""

    code = "no-plan"


class RefereeError(AssertionError):
    """A plan broke a rule: a mistake in the planner. It is shown to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """A run with its proposal and how far it is."""

    run: PlanRun
    proposal: Proposal
    progress: Progress


async def start_run(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    municipality: int,
    school_year: SchoolYear,
    effort: Effort = QUICK,
    searches: Searches | None = None,
) -> int:
    """Plan every class without a slot, store the proposal, and return the run's number.

    With time to search, the quick plan is only the beginning, and `searches` goes on in the
    background. While a run of the plan is searching, that one's number is returned.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    made = await _make(context, municipality, school_year)
    begun: list[int] = []

    async def change() -> Outcome:
        number, is_new = await _store(context, person.actor, made, effort)
        begun[:] = [number] * is_new
        return {"number": number}

    number = int((await once(person, key, change, clock=context.clock))["number"])
    if searches and effort.seconds and begun == [number]:
        searches.begin(context, _question(number, made, effort, person.actor))
    return number


async def run_for_operator(
    context: Context,
    actor: str,
    *,
    municipality: int,
    school_year: SchoolYear,
    effort: Effort = QUICK,
    stop: asyncio.Event | None = None,
    told: Told | None = None,
) -> int:
    """Plan from the command line: like `start_run`, but return when the search has ended."""
    made = await _make(context, municipality, school_year)
    number, is_new = await transactional(_store)(context, actor, made, effort)
    if effort.seconds and is_new:
        question = _question(number, made, effort, actor)
        await search(context, question, stop=stop, told=told)
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A quick plan that the referee passed, and what it was made of."""

    world: World
    answer: Plan
    started_at: datetime


async def _make(context: Context, municipality: int, school_year: SchoolYear) -> _Made:
    started_at = context.clock()
    async with read_transaction():
        plan = await plans.find_plan(municipality, school_year)
        if plan is None:
            raise NoPlanError
        world = await load_world(plan, clock=context.clock)
    # Packing a county takes most of a second: the server answers others meanwhile.
    answer = await asyncio.to_thread(checked_plan, world.problem)
    return _Made(world=world, answer=answer, started_at=started_at)


def checked_plan(problem: Problem) -> Plan:
    """Return a plan that the referee has passed, or raise `RefereeError`."""
    answer = pack(problem)
    broken = violations(problem, answer)
    if broken:
        raise RefereeError(broken)
    return answer


def fingerprint(problem: Problem) -> str:
    """Return the SHA-256 of a problem."""
    return sha256(repr(problem).encode()).hexdigest()


def _question(number: int, made: _Made, effort: Effort, actor: str) -> Question:
    return Question(number=number, world=made.world, start=made.answer, effort=effort, actor=actor)


async def _store(context: Context, actor: str, made: _Made, effort: Effort) -> tuple[int, bool]:
    """Store a new run and return its number; or that of the one that is searching already."""
    plan, problem = made.world.plan, made.world.problem
    await runs.lock_runs(plan.municipality)
    running = await runs.find_running(plan)
    if running is not None:
        return running, False
    ending = None if effort.seconds else Ending.FINISHED
    number = await runs.add_run(
        plan,
        effort,
        state=RunState.RUNNING if effort.seconds else RunState.PROPOSED,
        proposal=write_proposal(propose(made.world, made.answer)),
        progress=as_json(progress_of(problem, made.answer, ending)),
        world=fingerprint(problem),
        now=made.started_at,
    )
    action = "run-started" if effort.seconds else "run-made"
    await record(context, actor, plan.municipality, action, ("run", number), 1)
    return number, True


async def get_run(person: Person, municipality: int, number: int) -> RunPage:
    """Return a run of a municipality the person coordinates, or raise `NotFoundError`."""
    if municipality not in person.municipalities:
        raise NotFoundError
    run = await runs.get_run(number, municipality)
    return RunPage(run=run, proposal=read_proposal(run.proposal), progress=read_progress(run))
