"""Groups by pupils: small classes go together, large ones are split."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0006-groups"
VERSION = "1.38.0"
DESCRIPTION = __doc__

STATEMENTS = (
    "ALTER TABLE venue ADD COLUMN group_pupils INTEGER CHECK (group_pupils BETWEEN 2 AND 60)",
    "ALTER TABLE slot ADD COLUMN group_pupils INTEGER CHECK (group_pupils BETWEEN 2 AND 60)",
)
"""The release before this one leaves both empty: each class is a group."""


async def forwards() -> MigrationManager:
    """Add the columns; the release before this one still works afterwards."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in STATEMENTS:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
