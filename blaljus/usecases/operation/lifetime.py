"""What a process opens when it starts and closes when it ends."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from blaljus.settings import Settings
from blaljus.store.engine import close_store, open_store
from blaljus.store.failpoints import enable_from
from blaljus.store.migrating import migrate, pending_migrations


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None, None]:
    """Hold the store open; raises `BusyError` when the database is away."""
    enable_from(settings.failpoints)
    await open_store(settings.database_url)
    try:
        yield
    finally:
        await close_store()


async def is_migrated() -> bool:
    """Return whether the open database is at its newest form."""
    return not await pending_migrations()


async def migrate_store() -> list[str]:
    """Bring the open database to the newest form and return the migrations that were run."""
    return await migrate()
