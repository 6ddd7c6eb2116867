"""`blaljus plan solve`: a season in a file, and its plan in another."""

import asyncio
from math import isfinite
from pathlib import Path

import click

from blaljus.cli.solving_state import State, write_whole
from blaljus.cli.solving_words import ending_line, progress_line, summary_lines, why_lines
from blaljus.cli.stopping import stop_asked, stopped
from blaljus.planner.plan import Solution
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.listening import Heard
from blaljus.planner.process.messages import Job
from blaljus.planner.season.answer import read_answer, write_answer
from blaljus.planner.season.reading import SeasonError, read_file
from blaljus.planner.season.season import read_season
from blaljus.planner.solving import Outcome, solve

LARGEST_SEED = 2**31 - 1


def _finite(_: click.Context, __: click.Parameter, value: float) -> float:
    if not isfinite(value):
        raise click.BadParameter("a number of seconds is wanted")
    return value


@click.command(name="solve")
@click.argument("problem", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    callback=_finite,
    help="Time to solve; 0 gives the heuristic's plan.",
)
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=0, show_default=True)
@click.option(
    "--base", type=click.Path(path_type=Path), help="An earlier plan: move the fewest classes."
)
@click.option(
    "--wish-tolerance",
    type=click.IntRange(0, 1000),
    metavar="PERCENT",
    default=0,
    show_default=True,
    help="So much more crew cost may be spent on wishes.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    help="A file that keeps what was reached; the same season goes on from there.",
)
@click.option("--progress", is_flag=True, help="Print time, best and bounds on standard error.")
@click.option("--explain", is_flag=True, help="Print why each class without a time has none.")
def solve_season(
    problem: Path,
    out: Path,
    seconds: float,
    seed: int,
    base: Path | None,
    wish_tolerance: int,
    resume: Path | None,
    progress: bool,
    explain: bool,
) -> None:
    """Plan a season of the form blaljus-season/1, and write the plan with what is proved of it.

    Ctrl-C writes the best plan so far. A file that cannot be used is told by place and reason, with
    status 2, and no plan is written.
    """
    for target in (out, resume) if resume else (out,):
        _check_target(target, problem)
    job = _job(problem, base, seconds=seconds, seed=seed, wish_tolerance=wish_tolerance)
    best = _solved(job, State(resume, job) if resume else None, progress=progress)
    write_whole(out, write_answer(job.problem, Solution(plan=best.plan, proof=best.proof)))
    click.echo("\n".join(summary_lines(best)))
    if explain:
        click.echo("\n".join(why_lines(job.problem, best.plan)))


def _solved(job: Job, state: State | None, *, progress: bool) -> Standing:
    """Return the best plan, or end the command when no plan keeps every rule."""

    def heard(standing: Standing) -> None:
        if progress:
            click.echo(progress_line(standing), err=True)
        if state:
            state.keep(standing)

    outcome = asyncio.run(_until_stopped(state.resumed() if state else job, heard))
    if ending_line(outcome):
        click.echo(ending_line(outcome), err=True)
    if outcome.best is None:
        raise stopped("No plan was found that keeps every rule, so none is written.")
    if state:
        state.keep(outcome.best, at_once=True)
    return outcome.best


def _check_target(out: Path, problem: Path) -> None:
    """End the command before it works for nothing."""
    if out.is_dir():
        raise stopped(f"{out}: a folder, not a file")
    if not out.parent.is_dir():
        raise stopped(f"{out}: there is no folder {out.parent}")
    if out.exists() and problem.exists() and out.samefile(problem):
        raise stopped(f"{out}: it would replace the problem")


def _job(
    problem: Path, base: Path | None, *, seconds: float, seed: int, wish_tolerance: int
) -> Job:
    place = problem
    try:
        read = read_season(read_file(problem), seed=seed)
        place = base or problem
        earlier = read_answer(read, read_file(base)) if base else None
    except SeasonError as error:
        raise stopped(*(f"{place}: {line}" for line in error.lines)) from None
    if earlier and earlier.left_out:
        left_out = f"{base}: {earlier.left_out} classes or people are no longer in the problem."
        click.echo(left_out, err=True)
    return Job(
        problem=read,
        seconds=seconds,
        seed=seed,
        base=earlier.plan if earlier else None,
        wish_tolerance=wish_tolerance,
    )


async def _until_stopped(job: Job, heard: Heard) -> Outcome:
    """Solve until it is done, or until Ctrl-C."""
    return await solve(job, heard, stop=stop_asked())
