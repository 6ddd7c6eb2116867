"""Runs that go on in the background: how far they are, and that they were interrupted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0004-searches"
VERSION = "1.38.0"
DESCRIPTION = __doc__

STATES = (
    "CHECK (state IN ('running', 'proposed', 'interrupted', 'approved', 'discarded', 'failed'))"
)

COLUMNS = (
    "seconds INTEGER NOT NULL DEFAULT 0 CHECK (seconds BETWEEN 0 AND 3600)",
    "wish_tolerance INTEGER NOT NULL DEFAULT 0 CHECK (wish_tolerance BETWEEN 0 AND 100)",
    "progress TEXT NOT NULL DEFAULT '{}'",
    "heard_at TIMESTAMPTZ",
    "stop_asked BOOLEAN NOT NULL DEFAULT FALSE",
)
"""The release before this one fills in the defaults, and makes runs that are never running."""

POSTGRES = (
    "ALTER TABLE plan_run DROP CONSTRAINT plan_run_state_check",
    f"ALTER TABLE plan_run ADD CONSTRAINT plan_run_state_check {STATES}",
    *(f"ALTER TABLE plan_run ADD COLUMN {column}" for column in COLUMNS),
)

SQLITE = (
    f"""
    CREATE TABLE plan_run_new (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        municipality INTEGER NOT NULL REFERENCES municipality,
        plan INTEGER NOT NULL REFERENCES plan,
        number INTEGER NOT NULL,
        state VARCHAR(12) NOT NULL,
        proposal TEXT NOT NULL,
        world VARCHAR(64) NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        decided_at TIMESTAMPTZ,
        version INTEGER NOT NULL,
        {", ".join(COLUMNS)},
        {STATES}
    )
    """,
    """
    INSERT INTO plan_run_new
        (id, municipality, plan, number, state, proposal, world, created_at, decided_at, version)
    SELECT id, municipality, plan, number, state, proposal, world, created_at, decided_at, version
    FROM plan_run
    """,  # noqa: S608 -- no input in it
    "DROP TABLE plan_run",
    "ALTER TABLE plan_run_new RENAME TO plan_run",
    "CREATE UNIQUE INDEX plan_run_number_is_unique ON plan_run (municipality, number)",
)
"""SQLite changes no check of a table: it is made anew."""

RUNNING = "CREATE INDEX plan_run_running_quick ON plan_run (heard_at) WHERE state = 'running'"


async def forwards() -> MigrationManager:
    """Add the columns and the states."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in (*(SQLITE if engine.engine_type == "sqlite" else POSTGRES), RUNNING):
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
