"""Pinned people: who is there in every new slot at a venue."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0007-pins"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

STATEMENTS = (
    """
    CREATE TABLE venue_pin (
        id {serial},
        venue INTEGER NOT NULL REFERENCES venue,
        staff INTEGER NOT NULL REFERENCES staff_member
    )
    """,
    "CREATE UNIQUE INDEX a_person_is_pinned_to_a_venue_once ON venue_pin (venue, staff)",
)
"""The release before this one knows nothing of the table."""


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        serial = SERIAL.get(engine.engine_type, "SERIAL PRIMARY KEY")
        for statement in STATEMENTS:
            await engine.run_ddl(statement.replace("{serial}", serial))

    manager.add_raw(run)
    return manager
