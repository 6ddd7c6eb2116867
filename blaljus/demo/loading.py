"""Höör's files in an empty database: imported, planned and approved."""

from collections.abc import Callable
from pathlib import Path

from blaljus.demo.late_bus import make_bus_late
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.store.engine import transactional
from blaljus.usecases.access.users import add_coordinator, person_at
from blaljus.usecases.context import Context
from blaljus.usecases.followup.promises import add_venue_for, ensure_plan
from blaljus.usecases.followup.season import load_season
from blaljus.usecases.imports.importing import apply_import, preview
from blaljus.usecases.municipalities import find_municipality
from blaljus.usecases.runs.deciding import approve_for_operator
from blaljus.usecases.runs.planning import run_for_operator

FILES = Path(__file__).parent / "hoor"
CODE, NAME = "1267", "Höör"
YEAR = SchoolYear(2026)
COORDINATOR = "samordnare@hoor.example"
TEACHER = "larare.90012671.4a@skola.example"
OFFICER = "polis-1@blaljus.example"

WAYS_IN = (("lärare", TEACHER), ("polis", OFFICER), ("samordnare", COORDINATOR))
"""(role, address) of those whose sign-in lines are printed."""

Say = Callable[[str], None]


def hoor_files() -> dict[str, bytes]:
    """Return Höör's files by name."""
    return {path.name: path.read_bytes() for path in sorted(FILES.iterdir())}


async def load_demo(context: Context, *, say: Say) -> None:
    """Import, plan and publish Höör, unless its municipality is there already."""
    if await find_municipality(CODE) is not None:
        return
    municipality = await import_hoor(context, say=say)
    say("Planerar …")
    number = await run_for_operator(context, OPERATOR, municipality=municipality, school_year=YEAR)
    slots = await approve_for_operator(context, OPERATOR, municipality=municipality, number=number)
    say(f"Höör är planerat: {slots} pass.")
    coordinator = await person_at(COORDINATOR, context.clock)
    say(await make_bus_late(context, coordinator, await load_season(municipality, YEAR)))


async def import_hoor(context: Context, *, say: Say) -> int:
    """Import Höör's files, add its coordinator, plan and shared venue; return its id."""
    say("Läser in Höörs skolor, klasser, personal och tider …")
    files = hoor_files()
    seen = await preview(context, files, scope=None, school_year=YEAR)
    await apply_import(
        context,
        OPERATOR,
        files,
        scope=None,
        school_year=YEAR,
        fingerprint=seen.fingerprint,
    )
    await add_coordinator(context, COORDINATOR, CODE, NAME)
    municipality = await find_municipality(CODE)
    assert municipality is not None, "its schools were just imported"  # noqa: S101 -- see STYLE
    await ensure_plan(context, OPERATOR, municipality.id, YEAR)
    await transactional(add_venue_for)(
        context,
        OPERATOR,
        municipality.id,
        name="Brandstationen i Höör",
        position=(55.937, 13.540),
        near_rescue_station=True,
        partner_station="Utrymma en buss",
    )
    return municipality.id


async def demo_accounts(context: Context) -> list[tuple[str, int]]:
    """Return (role, account id) of those who get a printed way in."""
    people = [(role, await person_at(address, context.clock)) for role, address in WAYS_IN]
    return [(role, person.account) for role, person in people]
