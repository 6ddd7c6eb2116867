"""Reminders: what a plan's coordinator decided of them, and which have been owed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0009-reminders"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

KINDS = "'class-soon', 'duty-soon', 'not-booked', 'not-reported', 'not-answered'"

STATEMENTS = (
    f"""
    CREATE TABLE reminder_rule (
        id {{serial}},
        municipality INTEGER NOT NULL REFERENCES municipality,
        plan INTEGER NOT NULL REFERENCES plan,
        kind VARCHAR(20) NOT NULL,
        enabled BOOLEAN NOT NULL,
        days VARCHAR(20) NOT NULL,
        at_minute INTEGER NOT NULL,
        CHECK (kind IN ({KINDS})),
        CHECK (at_minute BETWEEN 420 AND 1020)
    )
    """,
    f"""
    CREATE TABLE reminder (
        id {{serial}},
        municipality INTEGER NOT NULL REFERENCES municipality,
        plan INTEGER NOT NULL REFERENCES plan,
        kind VARCHAR(20) NOT NULL,
        subject VARCHAR(60) NOT NULL,
        counted_from DATE NOT NULL,
        days INTEGER NOT NULL,
        account INTEGER NOT NULL REFERENCES account,
        message_id VARCHAR(200) NOT NULL,
        owed_at TIMESTAMPTZ NOT NULL,
        CHECK (kind IN ({KINDS}))
    )
    """,
    "CREATE UNIQUE INDEX a_plan_has_one_rule_of_a_kind ON reminder_rule (plan, kind)",
    "CREATE UNIQUE INDEX a_reminder_goes_once_for_each_step"
    " ON reminder (kind, subject, counted_from, days, account)",
    "CREATE INDEX reminder_plan_quick ON reminder (plan)",
)
"""The release before this one knows none of the tables."""


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
