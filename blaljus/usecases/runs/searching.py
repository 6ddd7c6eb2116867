"""A search for a better plan: in the background of a web server, or at the terminal.

What it reaches is stored every second, so that any process can show it, and so that the best plan
is there when the server ends in the middle.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from blaljus.domain.errors import BusyError
from blaljus.domain.people import SYSTEM
from blaljus.domain.runs import SILENCE, Effort, Ending, PlanRun, Progress, RunState
from blaljus.planner import solving
from blaljus.planner.plan import Plan
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.messages import Job
from blaljus.planner.solving import Ended, Limits
from blaljus.store import runs
from blaljus.store.engine import transactional
from blaljus.store.transaction import uninterrupted
from blaljus.usecases.context import Context, record
from blaljus.usecases.runs.problem import World
from blaljus.usecases.runs.progress import as_json, progress_of, read_progress
from blaljus.usecases.runs.proposal import propose, write_proposal

BEAT = 1.0
"""Seconds between two looks at what was reached, and whether to stop."""

LOOK = 0.2
"""Seconds between two looks for room."""

ENDINGS = {Ended.FINISHED: Ending.FINISHED, Ended.STOPPED: Ending.STOPPED}
"""How a search ended; all else is trouble."""

Told = Callable[[Progress], None]
"""Gets the progress each time that it was stored."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a stored run searches: the world, a sound plan of it to begin with, and how long."""

    number: int
    world: World
    start: Plan
    effort: Effort
    actor: str

    @property
    def municipality(self) -> int:
        """Return whose run it is."""
        return self.world.plan.municipality


class Searches:
    """The searches of one web server, so many of them at once; the others wait."""

    def __init__(self, at_once: int) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, context: Context, question: Question) -> None:
        """Search in the background."""
        task = asyncio.create_task(search(context, question, room=self._room))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("search failed", exc_info=error)

    async def close(self) -> None:
        """Interrupt what goes on; the best plans are kept."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def search(
    context: Context,
    question: Question,
    *,
    room: asyncio.Semaphore | None = None,
    stop: asyncio.Event | None = None,
    told: Told | None = None,
) -> None:
    """Search until it is proved, the time is up, or somebody asks to stop; keep the best plan.

    The solver's troubles never raise. Cancelling the task leaves the run interrupted.
    """
    reached = _Reached(question)
    stop = stop or asyncio.Event()
    solving_it = asyncio.create_task(_solve(question, reached, stop, room or asyncio.Semaphore()))
    try:
        while not solving_it.done():
            await asyncio.wait({solving_it}, timeout=BEAT)
            if not await _goes_on(context, question, reached):
                stop.set()
            if told:
                told(reached.progress)
        ending = await solving_it
    except asyncio.CancelledError:
        solving_it.cancel()
        await asyncio.gather(solving_it, return_exceptions=True)
        await uninterrupted(_end(context, question, reached, Ending.INTERRUPTED))
        raise
    await _end(context, question, reached, ending)


async def _solve(
    question: Question, reached: "_Reached", stop: asyncio.Event, room: asyncio.Semaphore
) -> Ending:
    """Solve once there is room, and say how it ended."""
    while room.locked():
        if stop.is_set():
            return Ending.STOPPED
        await asyncio.sleep(LOOK)
    async with room:
        job = Job(
            problem=question.world.problem,
            seconds=question.effort.seconds,
            start=question.start,
            wish_tolerance=question.effort.wish_tolerance,
        )
        outcome = await solving.solve(job, reached.hear, stop=stop, limits=Limits(nice=10))
    if outcome.trouble:
        log.warning("solver trouble", ended=outcome.ended.value, trouble=outcome.trouble)
    return ENDINGS.get(outcome.ended, Ending.TROUBLE)


class _Reached:
    """The best plan of a search, as it is stored."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._plan = self._stored_plan = question.start
        self.progress = progress_of(question.world.problem, question.start)
        self.proposal = ""

    def hear(self, best: Standing) -> None:
        """Take a plan that the referee passed."""
        found = best.figures
        self._plan = best.plan
        self.progress = replace(
            self.progress,
            stage=best.stage,
            seconds=best.seconds,
            placed=found.placed,
            placed_at_most=best.proof.placed_at_most,
            crew_cost=found.crew_cost,
            crew_cost_at_least=best.proof.crew_cost_at_least,
            wishes_met=found.wish_met,
        )

    async def as_stored(self) -> tuple[str, str]:
        """Return (proposal, progress) as JSON. Explaining takes a moment where many have none."""
        if not self.proposal or self._plan != self._stored_plan:
            plan = self._plan
            made = await asyncio.to_thread(propose, self._question.world, plan)
            self.proposal, self._stored_plan = write_proposal(made), plan
        return self.proposal, as_json(self.progress)


async def _goes_on(context: Context, question: Question, reached: _Reached) -> bool:
    """Store what was reached; tell whether anybody still wants more."""
    proposal, progress = await reached.as_stored()
    keep = transactional(runs.keep_reached)
    try:
        stop = await keep(
            question.number,
            question.municipality,
            proposal=proposal,
            progress=progress,
            now=context.clock(),
        )
    except BusyError:
        return True
    return stop is False


async def _end(context: Context, question: Question, reached: _Reached, ending: Ending) -> None:
    reached.progress = replace(reached.progress, ending=ending)
    proposal, progress = await reached.as_stored()
    await transactional(_set_ended)(context, question, proposal, progress, ending)


async def _set_ended(
    context: Context, question: Question, proposal: str, progress: str, ending: Ending
) -> None:
    run = await runs.get_run(question.number, question.municipality, lock=True)
    if run.state is RunState.RUNNING:
        interrupted = ending is Ending.INTERRUPTED
        state = RunState.INTERRUPTED if interrupted else RunState.PROPOSED
        now = context.clock()
        await runs.end_run(run, state, proposal=proposal, progress=progress, now=now)
        action = "run-interrupted" if interrupted else "run-made"
        await _note(context, question.actor, run, action, ending=ending.value)


async def interrupt_silent(context: Context) -> None:
    """Set runs to interrupted whose server ended without a word."""
    for run in await runs.list_running(context.clock() - SILENCE):
        await transactional(_interrupt)(context, run)


async def _interrupt(context: Context, silent: PlanRun) -> None:
    run = await runs.get_run(silent.number, silent.municipality, lock=True)
    if run.is_silent(context.clock()):
        progress = as_json(replace(read_progress(run), ending=Ending.INTERRUPTED))
        now, state = context.clock(), RunState.INTERRUPTED
        await runs.end_run(run, state, proposal=run.proposal, progress=progress, now=now)
        ending = Ending.INTERRUPTED.value
        await _note(context, SYSTEM, run, "run-interrupted", ending=ending)


async def _note(context: Context, actor: str, run: PlanRun, action: str, **data: object) -> None:
    subject = ("run", run.number)
    await record(context, actor, run.municipality, action, subject, run.version + 1, **data)
