"""`blaljus feed`: calendar subscriptions for operators."""

import click

from blaljus.cli.running import run
from blaljus.cli.stopping import stopped
from blaljus.domain.people import OPERATOR
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.context import Context
from blaljus.usecases.subjects import find_subject


@click.group()
def feed() -> None:
    """Calendar subscriptions."""


@feed.command()
@click.option(
    "--for",
    "whose",
    required=True,
    metavar="KIND:NAME",
    help="staff:polis-1, class:90012671/4A, school:90012671, agency:NAME, municipality:1267.",
)
def create(whose: str) -> None:
    """Print a new secret address; earlier ones of the same calendar answer for another week."""

    async def work(context: Context) -> str:
        found = await find_subject(whose, context.clock())
        if found is None:
            raise stopped(f"There is nothing called {whose} here.")
        return await open_feed_for_operator(
            context,
            found.kind,
            found.subject,
            municipality=found.municipality,
            actor=OPERATOR,
        )

    click.echo(run(work))
