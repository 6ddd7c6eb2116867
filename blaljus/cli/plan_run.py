"""`blaljus plan run`: a proposal from the stored facts."""

import click

from blaljus.cli.running import municipality_option, municipality_or_stop, run, year_option
from blaljus.cli.stopping import stop_asked
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.domain.runs import Effort, Progress
from blaljus.usecases.context import Context
from blaljus.usecases.followup.promises import ensure_plan
from blaljus.usecases.runs.deciding import approve_for_operator
from blaljus.usecases.runs.planning import run_for_operator
from blaljus.usecases.runs.run_words import proposal_lines


@click.command(name="run")
@municipality_option
@year_option
@click.option(
    "--seconds",
    type=click.IntRange(0, 3600),
    default=60,
    show_default=True,
    help="Time to search; 0 gives the quick plan. It ends sooner when nothing can be better.",
)
@click.option(
    "--wish-tolerance",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    default=0,
    show_default=True,
    help="So much more of the staff's time may be spent on wishes.",
)
@click.option("--approve", is_flag=True, help="Publish the proposal at once.")
def run_plan(
    code: str | None,
    school_year: SchoolYear,
    seconds: int,
    wish_tolerance: int,
    *,
    approve: bool,
) -> None:
    """Propose slots for every class without one; nothing is published without approval.

    Ctrl-C ends the search and proposes the best plan so far.
    """
    effort = Effort(seconds=seconds, wish_tolerance=wish_tolerance)

    async def work(context: Context) -> list[str]:
        municipality = await municipality_or_stop(code)
        await ensure_plan(context, OPERATOR, municipality.id, school_year)
        number = await _searched(context, municipality.id, school_year, effort)
        lines = await proposal_lines(context, municipality.id, number)
        if not approve:
            page = context.url(f"/samordnare/korning/{number}")
            return [*lines, f"Run {number} is proposed. See and approve it at {page}"]
        published = await approve_for_operator(
            context, OPERATOR, municipality=municipality.id, number=number
        )
        return [*lines, f"Run {number} is approved: {published} slots are published."]

    click.echo("\n".join(run(work)))


async def _searched(
    context: Context, municipality: int, school_year: SchoolYear, effort: Effort
) -> int:
    """Make a run with a bar of the seconds that it may take, and return its number."""
    stop = stop_asked()
    with click.progressbar(length=max(effort.seconds, 1), label="Planning") as bar:

        def told(progress: Progress) -> None:
            bar.label = f"Planning, {progress.placed} of {progress.classes} placed"
            bar.update(min(round(progress.seconds), bar.length or 1) - bar.pos)

        number = await run_for_operator(
            context,
            OPERATOR,
            municipality=municipality,
            school_year=school_year,
            effort=effort,
            stop=stop,
            told=told,
        )
        bar.update((bar.length or 1) - bar.pos)
    return number
