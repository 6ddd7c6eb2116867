"""Which change a letter tells of, so that one sees what each change sent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0012-changes"
VERSION = "1.38.0"
DESCRIPTION = __doc__

STATEMENTS = (
    "ALTER TABLE outbox_message ADD COLUMN change_id VARCHAR(32)",
    "ALTER TABLE outbox_message ADD COLUMN change_action VARCHAR(40)",
    "CREATE INDEX outbox_change_quick ON outbox_message (municipality, change_id)",
    "CREATE INDEX outbox_sent_quick ON outbox_message (sent_at)",
)
"""The release before this one leaves both empty: its letters are of no known change."""


async def forwards() -> MigrationManager:
    """Add the columns; the release before this one still works afterwards."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in STATEMENTS:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
