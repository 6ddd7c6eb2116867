"""`blaljus plan run`: a proposal from the stored facts."""

import click

from blaljus.cli.running import municipality_option, municipality_or_stop, run, year_option
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.usecases.context import Context
from blaljus.usecases.planning import approve_for_operator, run_for_operator
from blaljus.usecases.promises import ensure_plan
from blaljus.usecases.run_words import proposal_lines


@click.command(name="run")
@municipality_option
@year_option
@click.option("--approve", is_flag=True, help="Publish the proposal at once.")
def run_plan(code: str | None, school_year: SchoolYear, *, approve: bool) -> None:
    """Propose slots for every class without one; nothing is published without approval."""

    async def work(context: Context) -> list[str]:
        municipality = await municipality_or_stop(code)
        await ensure_plan(context, OPERATOR, municipality.id, school_year)
        with click.progressbar(length=1, label="Planning") as bar:

            def progress(placed: int, total: int) -> None:
                bar.length = max(total, 1)
                bar.update(placed - bar.pos)

            number = await run_for_operator(
                context,
                OPERATOR,
                municipality=municipality.id,
                school_year=school_year,
                progress=progress,
            )
            bar.update((bar.length or 1) - bar.pos)
        lines = await proposal_lines(municipality.id, number)
        if not approve:
            page = context.url(f"/samordnare/korning/{number}")
            return [*lines, f"Run {number} is proposed. See and approve it at {page}"]
        published = await approve_for_operator(
            context, OPERATOR, municipality=municipality.id, number=number
        )
        return [*lines, f"Run {number} is approved: {published} slots are published."]

    click.echo("\n".join(run(work)))
