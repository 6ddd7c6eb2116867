"""When each class arrives and leaves, and what is kept of a slot's carousel."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0013-arrivals"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

STATEMENTS = (
    "ALTER TABLE booking ADD COLUMN arrives_at TIMESTAMPTZ",
    "ALTER TABLE booking ADD COLUMN leaves_at TIMESTAMPTZ",
    """
    CREATE TABLE kept_rounds (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        slot INTEGER NOT NULL REFERENCES slot,
        decided TEXT,
        decided_at TIMESTAMPTZ,
        told TEXT,
        told_at TIMESTAMPTZ,
        version INTEGER NOT NULL,
        CHECK ((decided IS NULL) = (decided_at IS NULL)),
        CHECK ((told IS NULL) = (told_at IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX a_slot_keeps_its_rounds_once ON kept_rounds (slot)",
)
"""The release before this one leaves the times empty, and knows nothing of what is kept."""


async def forwards() -> MigrationManager:
    """Add the columns and the table; the release before this one still works afterwards."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        serial = SERIAL.get(engine.engine_type, "SERIAL PRIMARY KEY")
        for statement in STATEMENTS:
            await engine.run_ddl(statement.replace("{serial}", serial))

    manager.add_raw(run)
    return manager
