"""`blaljus demo`: a term in Höör, from import to coverage, into a folder."""

import asyncio
from pathlib import Path

import click

from blaljus.cli.stopping import stopped
from blaljus.demo.loading import YEAR
from blaljus.demo.story import Story, StoryClock
from blaljus.demo.writing import MailFolder, clear, write_coverage, write_feeds, write_plan
from blaljus.reports.coverage import coverage_table
from blaljus.settings import Mode, Settings
from blaljus.usecases.context import Context, context_of
from blaljus.usecases.followup.coverage import get_coverage
from blaljus.usecases.municipalities import find_municipality
from blaljus.usecases.operation.lifetime import migrate_store, running


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder; files of an earlier demo there are replaced.",
)
def demo(out: Path) -> None:
    """Play a term of Höör in a fresh database and write what came out into a folder."""
    if others := clear(out):
        raise stopped(f"{out} holds other files ({others[0].name}); name an empty folder.")
    settings = Settings(
        mode=Mode.DEMO,
        database_url=f"sqlite:///{out.resolve() / 'blaljus.sqlite'}",
        base_url="https://blaljus.example",
        mail_from="blaljus@blaljus.example",
        mail_domain="blaljus.example",
    )
    asyncio.run(_play(settings, out))


async def _play(settings: Settings, out: Path) -> None:
    clock = StoryClock()
    context = context_of(settings, clock)
    mail = MailFolder(out)
    story = Story(context=context, clock=clock, transport=mail.hand_over, say=_say)
    async with running(settings):
        await migrate_store()
        await story.begin()
        click.echo(await _table(context))
        await story.go_on()
        click.echo()
        click.echo(await _table(context))
        await write_coverage(context, out)
        await write_plan(story.municipality, story.run, out)
        feeds = await write_feeds(context, story.municipality, out)
    click.echo(f"{mail.count} meddelanden och {feeds} kalendrar ligger i {out}.")


def _say(text: str) -> None:
    click.echo(text, err=True)


async def _table(context: Context) -> str:
    municipality = await find_municipality("1267")
    assert municipality is not None, "the story imported it"  # noqa: S101 -- see STYLE
    matrix = await get_coverage(municipality.id, YEAR, clock=context.clock)
    return coverage_table(matrix, municipality, YEAR)
