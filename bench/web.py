"""What answers cost, as ratios to a bare Litestar text route served the same way.

    python bench/web.py                       # SQLite, under a minute
    python bench/web.py --quick               # under 15 seconds, less exact
    python bench/web.py --postgres URL        # an empty database on a PostgreSQL server

Two server processes answer in turns, one bare and one real; each figure is a round of ours divided
by the bare round just before it: processor time per answer (less is better) and answers per second
(more is better), median and range of the rounds.
"""

import argparse
import asyncio
import logging
import tempfile
from contextlib import ExitStack
from pathlib import Path

from webbench.rounds import Line, Ratios, run_rounds
from webbench.servers import await_ready, pin_client, serving, settings_of
from webbench.tasks import Bench, classes_needed, fill
from webbench.town import NOW
from webbench.world import make_world

from blaljus.logs import configure_logs
from blaljus.settings import load_settings
from blaljus.store.engine import opened_store
from blaljus.store.migrating import migrate
from blaljus.store.schools import list_municipalities
from blaljus.usecases.context import context_of

ROUNDS, QUICK_ROUNDS = 9, 3
QUICK_LENGTH = 0.4
"""Requests of a quick round, as a share of a whole one's."""


def main() -> None:
    """Make the data, start the servers, measure, and print the table."""
    parser = argparse.ArgumentParser(description="Measure what answers cost.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--postgres", metavar="URL", help="an empty database to fill")
    asked = parser.parse_args()
    configure_logs("console", least=logging.WARNING)
    rounds, length = (QUICK_ROUNDS, QUICK_LENGTH) if asked.quick else (ROUNDS, 1.0)
    with tempfile.TemporaryDirectory() as folder:
        url = asked.postgres or f"sqlite:///{folder}/bench.sqlite"
        lines = asyncio.run(measure(Path(folder), url, rounds, length))
    print_table(lines, rounds)


async def measure(folder: Path, url: str, rounds: int, length: float) -> list[Line]:
    """Return the lines of the table, measured on an empty database."""
    async with opened_store(url):
        await migrate()
        if await list_municipalities():
            raise SystemExit("The database is not empty; the bench fills one of its own.")
        world = await make_world(classes_needed(rounds, length))
        with ExitStack() as stack:
            real = stack.enter_context(serving("real", folder / "real.log", url))
            bare = stack.enter_context(serving("bare", folder / "bare.log", url))
            pin_client()
            await await_ready(real)
            await await_ready(bare)
            bench = Bench(real=real, bare=bare, length=length)
            context = context_of(load_settings(settings_of(url)), lambda: NOW)
            await fill(bench, context, world)
            await run_rounds(bench.tasks, rounds)
    return bench.lines


def print_table(lines: list[Line], rounds: int) -> None:
    """Print a line per task: both ratios, median and range."""
    print(f"{f'of {rounds} rounds':30}{'CPU per answer':>24}{'answers per second':>26}")
    for line in lines:
        print(f"{line.name:30}{_figures(line.cpu):>24}{_figures(line.rate):>26}")


def _figures(ratios: Ratios) -> str:
    return f"{ratios.middle:.3g} ({ratios.least:.3g}-{ratios.most:.3g})"


if __name__ == "__main__":
    main()
