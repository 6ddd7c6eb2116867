"""Runs of the planner."""

from datetime import datetime

from blaljus.domain.runs import UNDECIDED, Effort, PlanRun, RunState
from blaljus.domain.slots import SeasonPlan
from blaljus.store import tables as t
from blaljus.store.rows import Changes, locked, one, value, within


async def add_run(
    plan: SeasonPlan,
    effort: Effort,
    *,
    state: RunState,
    proposal: str,
    progress: str,
    world: str,
    now: datetime,
) -> int:
    """Store a run and return its number, 1, 2, … in the municipality. Call `lock_runs` first."""
    r = t.PlanRun
    last = (
        await r.select(r.number)
        .where(r.municipality == plan.municipality)
        .order_by(r.number, ascending=False)
        .limit(1)
    )
    number = (last[0]["number"] if last else 0) + 1
    await r.insert(
        r(
            municipality=plan.municipality,
            plan=plan.id,
            number=number,
            state=state.value,
            proposal=proposal,
            world=world,
            created_at=now,
            decided_at=None,
            version=1,
            seconds=effort.seconds,
            wish_tolerance=effort.wish_tolerance,
            progress=progress,
            heard_at=now,
            stop_asked=False,
        )
    )
    return number


async def lock_runs(municipality: int) -> None:
    """Let nobody else add a run before we have: two at once would count to the same number."""
    m = t.Municipality
    await locked(m.select(m.id).where(m.id == municipality))


async def get_run(number: int, municipality: int, *, lock: bool = False) -> PlanRun:
    """Return a run by its number, or raise `NotFoundError`; `lock` within a write transaction."""
    r = t.PlanRun
    query = r.select().where(r.municipality == municipality).where(r.number == number)
    return value(one(await (locked(query) if lock else query)), PlanRun)


async def list_runs(municipality: int) -> list[PlanRun]:
    """Return the runs of a municipality, newest first, at most 50."""
    r = t.PlanRun
    rows = (
        await r.select()
        .where(r.municipality == municipality)
        .order_by(r.number, ascending=False)
        .limit(50)
    )
    return [value(row, PlanRun) for row in rows]


async def list_running(before: datetime) -> list[PlanRun]:
    """Return the searches of every municipality that were not heard of since, by id."""
    r = t.PlanRun
    rows = (
        await r.select()
        .where((r.state == RunState.RUNNING.value) & (r.heard_at < before))
        .order_by(r.id)
    )
    return [value(row, PlanRun) for row in rows]


async def find_running(plan: SeasonPlan) -> int | None:
    """Return the number of a plan's run that is searching, or None."""
    return await _newest(plan, RunState.RUNNING)


async def find_waiting_run(plan: SeasonPlan) -> int | None:
    """Return the number of the newest run of a plan that nobody has decided, or None."""
    return await _newest(plan, *UNDECIDED)


async def _newest(plan: SeasonPlan, *states: RunState) -> int | None:
    r = t.PlanRun
    rows = (
        await r.select(r.number)
        .where((r.plan == plan.id) & within(r.municipality, (plan.municipality,)))
        .where(r.state.is_in([state.value for state in states]))
        .order_by(r.number, ascending=False)
        .limit(1)
    )
    return int(rows[0]["number"]) if rows else None


async def keep_reached(
    number: int, municipality: int, *, proposal: str, progress: str, now: datetime
) -> bool | None:
    """Store what a search has reached; return whether to stop, `None` if it no longer goes on."""
    r = t.PlanRun
    changes: Changes = {r.proposal: proposal, r.progress: progress, r.heard_at: now}
    rows = (
        await r.update(changes)
        .where((r.number == number) & within(r.municipality, (municipality,)))
        .where(r.state == RunState.RUNNING.value)
        .returning(r.stop_asked)
    )
    return bool(rows[0]["stop_asked"]) if rows else None


async def ask_to_stop(run: PlanRun) -> None:
    """Let a search end soon."""
    await _change(run, {t.PlanRun.stop_asked: True})


async def end_run(
    run: PlanRun, state: RunState, *, proposal: str, progress: str, now: datetime
) -> None:
    """Set what a search came to."""
    r = t.PlanRun
    await _change(
        run,
        {r.state: state.value, r.proposal: proposal, r.progress: progress, r.heard_at: now},
    )


async def decide_run(run: PlanRun, state: RunState, now: datetime) -> None:
    """Set what became of a proposed run."""
    r = t.PlanRun
    await _change(run, {r.state: state.value, r.decided_at: now})


async def _change(run: PlanRun, changes: Changes) -> None:
    r = t.PlanRun
    changes = {**changes, r.version: run.version + 1}
    await r.update(changes).where((r.id == run.id) & within(r.municipality, (run.municipality,)))
