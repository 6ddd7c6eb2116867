"""`blaljus mail receive`: a mail server's pipe ends here."""

import asyncio
import os
import sys
from typing import BinaryIO

import click

from blaljus.clock import system_clock
from blaljus.logs import where
from blaljus.mail.incoming import LARGEST
from blaljus.settings import SettingsError, load_settings
from blaljus.usecases.operation.lifetime import is_migrated, running
from blaljus.usecases.replies.receiving import take_letter

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
