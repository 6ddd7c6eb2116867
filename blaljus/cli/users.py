"""`blaljus user`: who may coordinate, and ways in for operators."""

import click

from blaljus.cli.running import run
from blaljus.cli.stopping import stopped
from blaljus.usecases.access.sign_in import make_operator_link
from blaljus.usecases.access.users import add_coordinator
from blaljus.usecases.context import Context
from blaljus.usecases.operation.lifetime import migrate_store


@click.group()
def user() -> None:
    """People who sign in."""


@user.command()
@click.argument("address")
@click.option("--municipality", "code", required=True, metavar="CODE", help="Four digits.")
@click.option("--name", help="The municipality's name, when it is new here.")
def add(address: str, code: str, name: str | None) -> None:
    """Let ADDRESS coordinate a municipality; the database is migrated first."""
    if "@" not in address.strip("@ ") or any(c.isspace() for c in address):
        raise stopped(f"{address} is no mail address.")
    if not (code.isdecimal() and len(code) == len("1267")):
        raise stopped(f"{code} is no municipality code: four digits, such as 1267.")

    async def work(context: Context) -> bool:
        await migrate_store()
        return await add_coordinator(context, address, code, name)

    click.echo("Added." if run(work, migrated=False) else "Was a coordinator already.")


@user.command()
@click.argument("address")
def link(address: str) -> None:
    """Print an address that signs a person in: once, within 24 hours, in any browser."""

    async def work(context: Context) -> str:
        return await make_operator_link(address, context=context)

    click.echo(run(work))
