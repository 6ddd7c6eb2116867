"""What every command does first: read the settings, open the database, say errors in words."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from blaljus.cli.stopping import stopped
from blaljus.clock import system_clock
from blaljus.domain.errors import BlaljusError, BusyError, NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.schools import Municipality
from blaljus.settings import Settings, SettingsError, load_settings
from blaljus.usecases.context import Context, context_of
from blaljus.usecases.municipalities import find_municipality, list_municipalities
from blaljus.usecases.operation.lifetime import is_migrated, running

T = TypeVar("T")

NOT_MIGRATED = "The database is new or of an earlier release. Run `blaljus migrate` first."


def settings_or_exit() -> Settings:
    """Return the settings, or end the command with every problem in words."""
    try:
        return load_settings(os.environ)
    except SettingsError as error:
        raise stopped(*error.problems) from None


def run(work: Callable[[Context], Awaitable[T]], *, migrated: bool = True) -> T:
    """Run some work with the database open, or end the command with the reason in words.

    The database must be at its newest form, unless `migrated` is False: such work sees to that.
    """
    settings = settings_or_exit()

    async def inside() -> T:
        async with running(settings):
            if migrated and not await is_migrated():
                raise stopped(NOT_MIGRATED)
            return await work(context_of(settings, system_clock))

    try:
        return asyncio.run(inside())
    except BusyError:
        raise stopped("The database is busy or away. Nothing was changed; try again.") from None
    except NotFoundError:
        raise stopped("Not found. Check the spelling, and that it was imported.") from None
    except BlaljusError as error:
        raise stopped(f"Refused ({error.code}): {error.data or 'nothing was changed'}") from None


async def municipality_or_stop(code: str | None) -> Municipality:
    """Return the municipality with a code, or the only one that has classes."""
    if code is not None:
        found = await find_municipality(code)
        if found is None:
            raise stopped(f"There is no municipality {code} here. Import its schools first.")
        return found
    known = await list_municipalities(with_schools=True)
    if len(known) == 1:
        return known[0]
    listed = ", ".join(f"{m.code} {m.name}" for m in known) or "none: import schools first"
    raise stopped(f"Say which municipality with --municipality CODE ({listed}).")


class SchoolYearType(click.ParamType[SchoolYear]):
    """`2026/27` on the command line."""

    name = "YYYY/YY"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> SchoolYear:
        """Return the school year, or fail in words."""
        if isinstance(value, SchoolYear):
            return value
        try:
            return SchoolYear.parse(str(value))
        except ValueError:
            self.fail(f"{value} is not a school year such as 2026/27", param, ctx)


def this_school_year() -> SchoolYear:
    """Return the school year of today."""
    return SchoolYear.of(local_day(system_clock()))


municipality_option = click.option(
    "--municipality", "code", metavar="CODE", help="Four digits; may be left out if there is one."
)
year_option = click.option(
    "--school-year", type=SchoolYearType(), default=this_school_year, help="Default: today's."
)
