"""Replies to invitations, and addresses that take no mail."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0010-replies"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

STATEMENTS = (
    """
    CREATE TABLE reply (
        id {serial},
        municipality INTEGER REFERENCES municipality,
        account INTEGER REFERENCES account,
        assignment INTEGER REFERENCES assignment,
        booking INTEGER REFERENCES booking,
        source VARCHAR(4) NOT NULL CHECK (source IN ('mail', 'page')),
        answer VARCHAR(10) NOT NULL,
        state VARCHAR(8) NOT NULL,
        doubts VARCHAR(200) NOT NULL,
        sequence INTEGER,
        stamped_at TIMESTAMPTZ,
        proposed_from TIMESTAMPTZ,
        proposed_to TIMESTAMPTZ,
        sender VARCHAR(254) NOT NULL,
        comment VARCHAR(500) NOT NULL,
        digest VARCHAR(64) NOT NULL,
        letter TEXT NOT NULL,
        received_at TIMESTAMPTZ NOT NULL,
        settled_at TIMESTAMPTZ,
        settled_by INTEGER REFERENCES account,
        version INTEGER NOT NULL,
        CHECK (assignment IS NULL OR booking IS NULL),
        CHECK (proposed_from IS NULL OR proposed_from < proposed_to)
    )
    """,
    "CREATE UNIQUE INDEX a_reply_counts_once ON reply (digest)",
    "CREATE INDEX reply_municipality_quick ON reply (municipality, state)",
    "CREATE INDEX reply_unjudged_quick ON reply (id) WHERE state = 'new'",
    """
    CREATE TABLE undelivered (
        id {serial},
        account INTEGER NOT NULL REFERENCES account,
        how VARCHAR(8) NOT NULL CHECK (how IN ('refused', 'bounced')),
        status VARCHAR(12) NOT NULL,
        noted_at TIMESTAMPTZ NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX an_address_is_undelivered_once ON undelivered (account)",
)
"""The release before this one knows none of it."""


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
