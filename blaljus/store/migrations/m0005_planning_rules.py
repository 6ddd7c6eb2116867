"""What the planner must know of agencies, nights, wishes, languages, stations and buses."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0005-planning-rules"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

STATEMENTS = (
    "ALTER TABLE agency ADD COLUMN per_day INTEGER NOT NULL DEFAULT 2 CHECK (per_day BETWEEN 1 AND 2)",
    "ALTER TABLE agency ADD COLUMN per_week INTEGER NOT NULL DEFAULT 3 CHECK (per_week BETWEEN 1 AND 10)",
    "ALTER TABLE agency ADD COLUMN per_season INTEGER CHECK (per_season BETWEEN 1 AND 400)",
    "ALTER TABLE agency ADD COLUMN notice_days INTEGER NOT NULL DEFAULT 7 CHECK (notice_days BETWEEN 0 AND 180)",
    "ALTER TABLE agency ADD COLUMN home INTEGER REFERENCES municipality",
    "ALTER TABLE plan ADD COLUMN lunch_gap_minutes INTEGER NOT NULL DEFAULT 40 CHECK (lunch_gap_minutes BETWEEN 0 AND 180)",
    "ALTER TABLE plan ADD COLUMN bus_seats INTEGER CHECK (bus_seats BETWEEN 0 AND 2000)",
    "ALTER TABLE school_class ADD COLUMN language VARCHAR(40) NOT NULL DEFAULT ''",
    "ALTER TABLE staff_member ADD COLUMN languages VARCHAR(200) NOT NULL DEFAULT ''",
    """
    CREATE TABLE night_duty (
        id {serial},
        staff INTEGER NOT NULL REFERENCES staff_member,
        ends_on DATE NOT NULL
    )
    """,
    """
    CREATE TABLE wish (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        school_class INTEGER NOT NULL REFERENCES school_class,
        rank INTEGER NOT NULL,
        day DATE NOT NULL,
        half VARCHAR(2) NOT NULL,
        CHECK (rank BETWEEN 1 AND 5),
        CHECK (half IN ('fm', 'em'))
    )
    """,
    """
    CREATE TABLE venue_station (
        id {serial},
        venue INTEGER NOT NULL REFERENCES venue,
        position INTEGER NOT NULL,
        provides VARCHAR(20) NOT NULL,
        agency INTEGER REFERENCES agency,
        staff_needed INTEGER NOT NULL,
        max_pupils INTEGER NOT NULL,
        on_call_allowed BOOLEAN NOT NULL,
        outdoors BOOLEAN NOT NULL,
        CHECK (position BETWEEN 1 AND 12),
        CHECK (provides IN ('police', 'rescue', 'ambulance', 'partner')),
        CHECK (staff_needed BETWEEN 1 AND 9),
        CHECK (max_pupils BETWEEN 1 AND 60)
    )
    """,
    "CREATE UNIQUE INDEX a_night_ends_once ON night_duty (staff, ends_on)",
    "CREATE UNIQUE INDEX a_class_wishes_a_half_day_once ON wish (school_class, day, half)",
    "CREATE UNIQUE INDEX a_class_has_one_wish_of_a_rank ON wish (school_class, rank)",
    "CREATE UNIQUE INDEX venue_station_position_is_unique ON venue_station (venue, position)",
    "CREATE INDEX wish_municipality_quick ON wish (municipality)",
)
"""The release before this one fills in the defaults, and knows none of the tables."""


async def forwards() -> MigrationManager:
    """Add the columns and the tables."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        serial = SERIAL.get(engine.engine_type, "SERIAL PRIMARY KEY")
        for statement in STATEMENTS:
            await engine.run_ddl(statement.replace("{serial}", serial))

    manager.add_raw(run)
    return manager
