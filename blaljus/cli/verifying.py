"""`blaljus verify`: whether the invariants hold in this database."""

import click

from blaljus.cli.running import run
from blaljus.usecases.context import Context
from blaljus.usecases.verifying import Finding, verify_store


@click.command()
def verify() -> None:
    """Check the invariants of the domain on the stored facts; exit 1 where one is broken."""

    async def work(_: Context) -> list[tuple[str, list[Finding]]]:
        return await verify_store()

    broken = 0
    for name, findings in run(work):
        click.echo(f"{'ok' if not findings else 'BROKEN':<7}{name}")
        for finding in findings:
            click.echo(f"       {finding.subject}: {finding.what}")
        broken += len(findings)
    if broken:
        raise SystemExit(1)
