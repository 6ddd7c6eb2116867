"""`blaljus mail`: a mail server's pipe ends here, and letters that nobody else sees."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

import click
import msgspec

from blaljus.cli.running import municipality_or_stop, run
from blaljus.cli.stopping import stopped
from blaljus.clock import system_clock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local
from blaljus.domain.replies import NoCoordinatorError
from blaljus.logs import where
from blaljus.mail.incoming import LARGEST
from blaljus.settings import SettingsError, load_settings
from blaljus.usecases.context import Context
from blaljus.usecases.operation.lifetime import is_migrated, running
from blaljus.usecases.replies.receiving import take_letter
from blaljus.usecases.replies.unowned import UnownedRow, forget_letters, give_letter, list_unowned

TRY_AGAIN = os.EX_TEMPFAIL
"""Exit status 75: a mail server keeps the letter and comes back."""

CHUNK = 2**16


@click.group()
def mail() -> None:
    """Letters that come in."""


@mail.command()
def receive() -> None:
    """Store one letter (RFC 5322) from standard input; the worker judges it.

    Exits 0 when it is stored, or was before; 75 when it must be handed over again later. What is
    beyond 1 MiB is read and thrown away.
    """
    raw = _read(sys.stdin.buffer)
    try:
        asyncio.run(_store(raw))
    except SettingsError as error:
        _try_again(*error.problems)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the mail server must keep the letter
        why = f"Not stored ({type(error).__name__}); it can be handed over again."
        _try_again(why, *where(error))


@mail.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def waiting(form: str) -> None:
    """List the 50 oldest letters that belong to no municipality: no coordinator sees them.

    The last line says how many are not listed. A line is its number, when it came, the domain it
    says it is from, its subject, and why it waits. What it says is not shown, and of a protected
    person no domain and subject.
    """
    rows, count = run(_waiting)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode({"count": count, "letters": rows})))
        return
    for row in rows:
        came = f"{local(row.received_at):%Y-%m-%d %H:%M}"
        click.echo(f"{row.number:>6}  {came}  {row.domain or '-'}  {row.subject or '-'}")
        click.echo(f"        {', '.join(row.doubts)}")
    click.echo(f"{count} waiting, {count - len(rows)} of them not listed", err=True)


async def _waiting(_context: Context) -> tuple[Sequence[UnownedRow], int]:
    return await list_unowned()


@mail.command()
@click.argument("number", type=int)
@click.argument("municipality", metavar="MUNICIPALITY")
def give(number: int, municipality: str) -> None:
    """Hand letter NUMBER of `mail waiting` to MUNICIPALITY (four digits).

    Its coordinators find it under /samordnare/svar, with all that it says. One that was handed to
    a wrong municipality, and still waits there, is handed over again.
    """

    async def work(context: Context) -> str:
        found = await municipality_or_stop(municipality)
        try:
            await give_letter(context, number, found.id)
        except NoCoordinatorError:
            why = f"{found.name} has no coordinator: see `blaljus user add`. Nothing was changed."
            raise stopped(why) from None
        return found.name

    click.echo(f"Letter {number} waits in {run(work)}.")


@mail.command()
@click.argument("numbers", metavar="NUMBER...", type=int, nargs=-1, required=True)
@click.confirmation_option(prompt="What is removed cannot be had back. Remove it?")
def forget(numbers: tuple[int, ...]) -> None:
    """Remove letters of `mail waiting` for good, by NUMBER; the log keeps that they were.

    All of them or, where one is no such letter, none.
    """

    async def work(context: Context) -> None:
        try:
            await forget_letters(context, numbers)
        except NotFoundError as error:
            why = f"Letter {error.data['number']} is not in `blaljus mail waiting`."
            raise stopped(f"{why} Nothing was removed.") from None

    run(work)
    for number in dict.fromkeys(numbers):
        click.echo(f"Letter {number} is gone.")


async def _store(raw: bytes) -> None:
    async with running(load_settings(os.environ)):
        if not await is_migrated():
            _try_again("The database is new or of an earlier release: run `blaljus migrate`.")
        await take_letter(raw, clock=system_clock)


def _try_again(*problems: str) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    raise SystemExit(TRY_AGAIN)


def _read(source: BinaryIO) -> bytes:
    """Return the beginning of a stream, one byte more than is kept; the rest is read too."""
    kept = source.read(LARGEST + 1)
    while source.read(CHUNK):
        pass
    return kept
