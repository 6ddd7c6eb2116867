"""`blaljus verify`: whether the invariants hold in this database."""

from time import perf_counter

import click

from blaljus.cli.running import run
from blaljus.usecases.context import Context
from blaljus.usecases.operation.verifying import HELD, Checked, verify_store
from blaljus.usecases.replies.unowned import count_unowned

SHOWN = 20
"""Findings of one check that are listed; of more only the number is."""


@click.command()
def verify() -> None:
    """Check the invariants of the domain on the stored facts; exit 1 where one is broken.

    Each finding names a row by number. What stored data cannot show is listed last, with the
    tests that hold it instead, and how many letters wait for an operator (`blaljus mail waiting`).
    """
    started = perf_counter()
    checked, unowned = run(_verify)
    for name, findings in checked:
        click.echo(f"{'BROKEN' if findings else 'ok':<7}{name}")
        for finding in findings[:SHOWN]:
            click.echo(f"       {finding.subject} {finding.what}")
        if len(findings) > SHOWN:
            click.echo(f"       and {len(findings) - SHOWN} more")
    for name, how in HELD:
        click.echo(f"{'tests':<7}{name}: {how}")
    if unowned:
        click.echo(f"{'waits':<7}{unowned} letters of no municipality: see `blaljus mail waiting`")
    broken = sum(bool(findings) for _, findings in checked)
    seconds = perf_counter() - started
    click.echo(f"{len(checked)} checks, {broken} broken, in {seconds:.2f} seconds", err=True)
    if broken:
        raise SystemExit(1)


async def _verify(context: Context) -> tuple[Checked, int]:
    checked = await verify_store(clock=context.clock)
    return checked, await count_unowned()
