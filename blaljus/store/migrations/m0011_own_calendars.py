"""Calendars that people let us read, and when these say that they are busy."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0011-own-calendars"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

STATEMENTS = (
    """
    CREATE TABLE own_calendar (
        id {serial},
        staff INTEGER NOT NULL REFERENCES staff_member,
        kind VARCHAR(10) NOT NULL,
        sealed TEXT NOT NULL,
        host VARCHAR(253) NOT NULL,
        etag VARCHAR(200) NOT NULL,
        last_modified VARCHAR(200) NOT NULL,
        read_at TIMESTAMPTZ NOT NULL,
        tried_at TIMESTAMPTZ NOT NULL,
        due_at TIMESTAMPTZ,
        failures INTEGER NOT NULL,
        trouble VARCHAR(30),
        unknown_zones INTEGER NOT NULL,
        unreadable INTEGER NOT NULL,
        CHECK (kind IN ('file', 'address')),
        CHECK ((kind = 'file') = (sealed = '')),
        CHECK ((kind = 'file') = (due_at IS NULL)),
        CHECK (failures >= 0)
    )
    """,
    """
    CREATE TABLE busy_time (
        id {serial},
        own_calendar INTEGER NOT NULL REFERENCES own_calendar,
        staff INTEGER NOT NULL REFERENCES staff_member,
        starts_at TIMESTAMPTZ NOT NULL,
        ends_at TIMESTAMPTZ NOT NULL,
        soft BOOLEAN NOT NULL,
        CHECK (starts_at < ends_at)
    )
    """,
    "CREATE UNIQUE INDEX a_person_has_one_own_calendar_of_a_kind ON own_calendar (staff, kind)",
    "CREATE INDEX own_calendar_due_quick ON own_calendar (due_at)",
    "CREATE INDEX busy_time_quick ON busy_time (staff, ends_at)",
    "CREATE INDEX busy_time_own_calendar_quick ON busy_time (own_calendar)",
)
"""The release before this one knows neither table."""


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        serial = SERIAL.get(engine.engine_type, "SERIAL PRIMARY KEY")
        for statement in STATEMENTS:
            await engine.run_ddl(statement.replace("{serial}", serial))

    manager.add_raw(run)
    return manager
