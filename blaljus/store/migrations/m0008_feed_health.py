"""Who opened the address of a calendar, and what kind of program fetched it last."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0008-feed-health"
VERSION = "1.38.0"
DESCRIPTION = __doc__

STATEMENTS = (
    "ALTER TABLE feed ADD COLUMN opened_by INTEGER REFERENCES account",
    "ALTER TABLE feed ADD COLUMN fetched_by VARCHAR(12) CHECK (fetched_by IN ('google', 'outlook', 'apple', 'thunderbird', 'dav', 'other'))",
)
"""The release before this one leaves both empty: such an address is nobody's, and goes on."""


async def forwards() -> MigrationManager:
    """Add the columns."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in STATEMENTS:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
