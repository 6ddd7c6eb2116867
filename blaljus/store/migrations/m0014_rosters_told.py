"""Of people's own calendars: which events were left out, and what changed last."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0014-rosters-told"
VERSION = "1.38.0"
DESCRIPTION = __doc__

STATEMENTS = (
    "ALTER TABLE own_calendar ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE own_calendar ADD COLUMN change TEXT NOT NULL DEFAULT 'null'",
)
"""The release before this one leaves both as they begin: it tells neither."""


async def forwards() -> MigrationManager:
    """Add the columns; the release before this one still works afterwards."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in STATEMENTS:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
