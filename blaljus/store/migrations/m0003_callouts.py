"""Where stations stand, and crews that leave in the middle of a day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0003-callouts"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

STATEMENTS = (
    "ALTER TABLE station ADD COLUMN place VARCHAR(100) NOT NULL DEFAULT ''",
    "ALTER TABLE station ADD COLUMN outdoors BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE station ADD COLUMN rain_place VARCHAR(100) NOT NULL DEFAULT ''",
    "ALTER TABLE station ADD COLUMN step_free BOOLEAN NOT NULL DEFAULT TRUE",
    "ALTER TABLE station ADD COLUMN walk_minutes INTEGER NOT NULL DEFAULT 0 CHECK (walk_minutes BETWEEN 0 AND 60)",
    """
    CREATE TABLE callout (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        slot INTEGER NOT NULL REFERENCES slot,
        station INTEGER NOT NULL REFERENCES station,
        left_at TIMESTAMPTZ NOT NULL,
        back_at TIMESTAMPTZ,
        rotation TEXT NOT NULL,
        noted_at TIMESTAMPTZ NOT NULL,
        noted_by INTEGER NOT NULL REFERENCES account,
        version INTEGER NOT NULL,
        CHECK (back_at IS NULL OR left_at < back_at)
    )
    """,
    "CREATE UNIQUE INDEX a_crew_is_away_once_at_a_time ON callout (station) WHERE back_at IS NULL",
    "CREATE INDEX callout_slot_quick ON callout (slot)",
)
"""The release before this one fills in the defaults, and knows no call-outs."""


async def forwards() -> MigrationManager:
    """Add the columns and the table."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        serial = SERIAL.get(engine.engine_type, "SERIAL PRIMARY KEY")
        for statement in STATEMENTS:
            await engine.run_ddl(statement.replace("{serial}", serial))

    manager.add_raw(run)
    return manager
