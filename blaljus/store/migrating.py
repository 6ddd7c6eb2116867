"""Bringing the tables up to date, once, however many processes start at a time."""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import structlog
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

from blaljus.store import migrations
from blaljus.store.engine import schema_transaction
from blaljus.store.piccolo_app import APP_CONFIG

APP = APP_CONFIG.app_name

log = structlog.get_logger(__name__)


async def migrate() -> list[str]:
    """Run what has not been run, each migration whole or not at all; return their ids.

    Processes that start together take turns; the later ones find nothing left to do.
    """
    done: list[str] = []
    while (ran := await _run_next()) is not None:
        log.info("migrated", migration=ran)
        done.append(ran)
    return done


async def pending_migrations() -> list[str]:
    """Return the ids of migrations that have not been run here, in order."""
    return [module.ID for module in await _pending()]


async def _run_next() -> str | None:
    async with schema_transaction():
        await Migration.create_table(if_not_exists=True)
        for module in (await _pending())[:1]:
            await _run(module)
            return str(module.ID)
    return None


async def _run(module: ModuleType) -> None:
    manager = await module.forwards()
    if isinstance(manager, MigrationManager):
        with redirect_stdout(io.StringIO()):  # Piccolo prints its progress
            await manager.run()
    await Migration.raw(
        "INSERT INTO migration (name, app_name, ran_on) VALUES ({}, {}, CURRENT_TIMESTAMP)",
        module.ID,
        APP,
    )


async def _pending() -> list[ModuleType]:
    ran: set[str] = set()
    if await Migration.table_exists():
        ran.update(await Migration.get_migrations_which_ran(app_name=APP))
    return [module for module in _modules() if module.ID not in ran]


def _modules() -> Iterator[ModuleType]:
    names = sorted(module.name for module in iter_modules(migrations.__path__))
    return (import_module(f"{migrations.__name__}.{name}") for name in names)
