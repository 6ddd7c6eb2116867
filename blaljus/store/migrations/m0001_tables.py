"""All tables of the first release, the same text for every engine."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0001-tables"
VERSION = "1.38.0"
DESCRIPTION = __doc__

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
"""What `{serial}` becomes where it is not PostgreSQL's own word."""

TABLES = (
    """
    CREATE TABLE municipality (
        id {serial},
        code VARCHAR(4) NOT NULL,
        name VARCHAR(100) NOT NULL,
        CHECK (length(code) = 4)
    )
    """,

    """
    CREATE TABLE school_unit (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        code VARCHAR(8) NOT NULL,
        name VARCHAR(200) NOT NULL,
        status VARCHAR(10) NOT NULL,
        organiser VARCHAR(10) NOT NULL,
        grades VARCHAR(60) NOT NULL,
        locality VARCHAR(100),
        latitude DOUBLE PRECISION,
        longitude DOUBLE PRECISION,
        version INTEGER NOT NULL,
        CHECK (length(code) = 8)
    )
    """,

    """
    CREATE TABLE school_class (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        school_unit INTEGER NOT NULL REFERENCES school_unit,
        school_year INTEGER NOT NULL,
        label VARCHAR(60) NOT NULL,
        year4_pupils INTEGER NOT NULL,
        other_pupils INTEGER NOT NULL,
        kind VARCHAR(20) NOT NULL,
        active BOOLEAN NOT NULL,
        version INTEGER NOT NULL,
        CHECK (year4_pupils BETWEEN 1 AND 60),
        CHECK (other_pupils BETWEEN 0 AND 60)
    )
    """,

    """
    CREATE TABLE calendar_block (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        school_unit INTEGER REFERENCES school_unit,
        kind VARCHAR(20) NOT NULL,
        name VARCHAR(100) NOT NULL,
        first_on DATE NOT NULL,
        last_on DATE NOT NULL,
        CHECK (first_on <= last_on)
    )
    """,

    """
    CREATE TABLE venue (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        kind VARCHAR(10) NOT NULL,
        school_unit INTEGER REFERENCES school_unit,
        name VARCHAR(200) NOT NULL,
        latitude DOUBLE PRECISION,
        longitude DOUBLE PRECISION,
        near_rescue_station BOOLEAN NOT NULL,
        partner_station VARCHAR(100) NOT NULL,
        version INTEGER NOT NULL,
        CHECK (kind IN ('school', 'shared')),
        CHECK ((kind = 'school') = (school_unit IS NOT NULL))
    )
    """,

    """
    CREATE TABLE account (
        id {serial},
        address VARCHAR(254) NOT NULL,
        address_key VARCHAR(254) NOT NULL,
        language VARCHAR(2) NOT NULL,
        active BOOLEAN NOT NULL
    )
    """,

    """
    CREATE TABLE agency (
        id {serial},
        name VARCHAR(200) NOT NULL,
        provides VARCHAR(20) NOT NULL,
        address VARCHAR(254) NOT NULL,
        version INTEGER NOT NULL,
        CHECK (provides IN ('police', 'rescue', 'ambulance', 'partner'))
    )
    """,

    """
    CREATE TABLE agency_coverage (
        id {serial},
        agency INTEGER NOT NULL REFERENCES agency,
        municipality INTEGER NOT NULL REFERENCES municipality,
        first_on DATE NOT NULL,
        last_on DATE
    )
    """,

    """
    CREATE TABLE staff_member (
        id {serial},
        reference VARCHAR(60) NOT NULL,
        agency INTEGER NOT NULL REFERENCES agency,
        account INTEGER NOT NULL REFERENCES account,
        display_name VARCHAR(100) NOT NULL,
        function VARCHAR(100) NOT NULL,
        protected BOOLEAN NOT NULL,
        active BOOLEAN NOT NULL,
        version INTEGER NOT NULL
    )
    """,

    """
    CREATE TABLE availability (
        id {serial},
        staff INTEGER NOT NULL REFERENCES staff_member,
        day DATE NOT NULL,
        half VARCHAR(2) NOT NULL,
        state VARCHAR(10) NOT NULL,
        CHECK (half IN ('fm', 'em')),
        CHECK (state IN ('free', 'on_call'))
    )
    """,

    """
    CREATE TABLE class_teacher (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        school_class INTEGER NOT NULL REFERENCES school_class,
        account INTEGER NOT NULL REFERENCES account
    )
    """,

    """
    CREATE TABLE coordinator (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        account INTEGER NOT NULL REFERENCES account
    )
    """,

    """
    CREATE TABLE sign_in_link (
        id {serial},
        account INTEGER NOT NULL REFERENCES account,
        token_hash VARCHAR(64) NOT NULL,
        browser_hash VARCHAR(64),
        code_hash VARCHAR(64),
        code_attempts INTEGER NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        used_at TIMESTAMPTZ
    )
    """,

    """
    CREATE TABLE web_session (
        id {serial},
        account INTEGER NOT NULL REFERENCES account,
        id_hash VARCHAR(64) NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        seen_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        revoked_at TIMESTAMPTZ,
        browser TEXT NOT NULL
    )
    """,

    """
    CREATE TABLE rate_bucket (
        id {serial},
        key VARCHAR(64) NOT NULL,
        tokens INTEGER NOT NULL,
        filled_at TIMESTAMPTZ NOT NULL
    )
    """,

    """
    CREATE TABLE promise (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        title VARCHAR(200) NOT NULL,
        wording TEXT NOT NULL,
        parties VARCHAR(300) NOT NULL,
        diary_number VARCHAR(60) NOT NULL,
        grade INTEGER NOT NULL,
        required VARCHAR(60) NOT NULL,
        first_on DATE NOT NULL,
        last_on DATE
    )
    """,

    """
    CREATE TABLE plan (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        promise INTEGER NOT NULL REFERENCES promise,
        school_year INTEGER NOT NULL,
        notice_days INTEGER NOT NULL,
        morning_start_minute INTEGER NOT NULL,
        afternoon_start_minute INTEGER NOT NULL,
        station_minutes INTEGER NOT NULL,
        change_minutes INTEGER NOT NULL,
        version INTEGER NOT NULL
    )
    """,

    """
    CREATE TABLE plan_run (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        plan INTEGER NOT NULL REFERENCES plan,
        number INTEGER NOT NULL,
        state VARCHAR(12) NOT NULL,
        proposal TEXT NOT NULL,
        world VARCHAR(64) NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        decided_at TIMESTAMPTZ,
        version INTEGER NOT NULL,
        CHECK (state IN ('proposed', 'approved', 'discarded', 'failed'))
    )
    """,

    """
    CREATE TABLE slot (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        plan INTEGER NOT NULL REFERENCES plan,
        venue INTEGER NOT NULL REFERENCES venue,
        starts_at TIMESTAMPTZ NOT NULL,
        ends_at TIMESTAMPTZ NOT NULL,
        places INTEGER NOT NULL,
        taken INTEGER NOT NULL,
        state VARCHAR(12) NOT NULL,
        uid VARCHAR(120) NOT NULL,
        sequence INTEGER NOT NULL,
        revised_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL,
        CHECK (starts_at < ends_at),
        CHECK (taken BETWEEN 0 AND places),
        CHECK (state IN ('draft', 'published', 'cancelled'))
    )
    """,

    """
    CREATE TABLE station (
        id {serial},
        slot INTEGER NOT NULL REFERENCES slot,
        position INTEGER NOT NULL,
        provides VARCHAR(20) NOT NULL,
        name VARCHAR(100) NOT NULL,
        minutes INTEGER NOT NULL,
        max_pupils INTEGER NOT NULL,
        staff_needed INTEGER NOT NULL,
        on_call_allowed BOOLEAN NOT NULL,
        CHECK (minutes > 0),
        CHECK (staff_needed > 0)
    )
    """,

    """
    CREATE TABLE booking (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        plan INTEGER NOT NULL REFERENCES plan,
        slot INTEGER NOT NULL REFERENCES slot,
        school_class INTEGER NOT NULL REFERENCES school_class,
        number INTEGER NOT NULL,
        state VARCHAR(12) NOT NULL,
        pupils INTEGER NOT NULL,
        adults INTEGER NOT NULL,
        phone VARCHAR(40) NOT NULL,
        access_needs TEXT NOT NULL,
        transport VARCHAR(20) NOT NULL,
        catch_up BOOLEAN NOT NULL,
        pays VARCHAR(60) NOT NULL,
        cancel_cause VARCHAR(30),
        uid VARCHAR(120) NOT NULL,
        sequence INTEGER NOT NULL,
        revised_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL,
        CHECK (state IN ('tentative', 'confirmed', 'held', 'cancelled')),
        CHECK (pupils BETWEEN 1 AND 120),
        CHECK (adults BETWEEN 0 AND 40),
        CHECK ((state = 'cancelled') = (cancel_cause IS NOT NULL))
    )
    """,

    """
    CREATE TABLE assignment (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        slot INTEGER NOT NULL REFERENCES slot,
        station INTEGER NOT NULL REFERENCES station,
        staff INTEGER NOT NULL REFERENCES staff_member,
        state VARCHAR(12) NOT NULL,
        override_reason VARCHAR(300),
        uid VARCHAR(120) NOT NULL,
        sequence INTEGER NOT NULL,
        revised_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL,
        CHECK (state IN ('proposed', 'invited', 'accepted', 'declined', 'withdrawn'))
    )
    """,

    """
    CREATE TABLE staff_claim (
        id {serial},
        staff INTEGER NOT NULL REFERENCES staff_member,
        bucket BIGINT NOT NULL,
        assignment INTEGER NOT NULL REFERENCES assignment
    )
    """,

    """
    CREATE TABLE visit (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        booking INTEGER NOT NULL REFERENCES booking,
        station INTEGER NOT NULL REFERENCES station,
        state VARCHAR(12) NOT NULL,
        cause VARCHAR(20),
        minutes INTEGER,
        CHECK (state IN ('planned', 'held', 'shortened', 'missed')),
        CHECK (state NOT IN ('shortened', 'missed') OR cause IS NOT NULL)
    )
    """,

    """
    CREATE TABLE attendance (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        booking INTEGER NOT NULL REFERENCES booking,
        pupils INTEGER NOT NULL,
        adults INTEGER NOT NULL,
        reported_at TIMESTAMPTZ NOT NULL,
        reported_by INTEGER NOT NULL REFERENCES account,
        version INTEGER NOT NULL,
        CHECK (pupils BETWEEN 0 AND 120),
        CHECK (adults BETWEEN 0 AND 40)
    )
    """,

    """
    CREATE TABLE audit_entry (
        id {serial},
        municipality INTEGER REFERENCES municipality,
        at TIMESTAMPTZ NOT NULL,
        actor VARCHAR(60) NOT NULL,
        action VARCHAR(40) NOT NULL,
        subject VARCHAR(60) NOT NULL,
        version INTEGER NOT NULL,
        data TEXT NOT NULL,
        previous_hash VARCHAR(64) NOT NULL,
        hash VARCHAR(64) NOT NULL
    )
    """,

    """
    CREATE TABLE outbox_message (
        id {serial},
        municipality INTEGER REFERENCES municipality,
        account INTEGER NOT NULL REFERENCES account,
        method VARCHAR(10) NOT NULL,
        subject VARCHAR(300) NOT NULL,
        message_id VARCHAR(200) NOT NULL,
        sender VARCHAR(254) NOT NULL,
        mime TEXT NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        due_at TIMESTAMPTZ NOT NULL,
        attempts INTEGER NOT NULL,
        leased_until TIMESTAMPTZ,
        sent_at TIMESTAMPTZ,
        failed_at TIMESTAMPTZ,
        last_error VARCHAR(200)
    )
    """,

    """
    CREATE TABLE idempotency_key (
        id {serial},
        account INTEGER NOT NULL REFERENCES account,
        key VARCHAR(64) NOT NULL,
        request_hash VARCHAR(64) NOT NULL,
        outcome TEXT NOT NULL,
        created_at TIMESTAMPTZ NOT NULL
    )
    """,

    """
    CREATE TABLE calendar_entry (
        id {serial},
        municipality INTEGER NOT NULL REFERENCES municipality,
        uid VARCHAR(120) NOT NULL,
        starts_at TIMESTAMPTZ NOT NULL,
        revised_at TIMESTAMPTZ NOT NULL,
        cancelled_at TIMESTAMPTZ,
        staff INTEGER REFERENCES staff_member,
        school_class INTEGER REFERENCES school_class,
        school_unit INTEGER REFERENCES school_unit,
        agency INTEGER REFERENCES agency,
        overview INTEGER NOT NULL,
        fragment TEXT NOT NULL
    )
    """,

    """
    CREATE TABLE feed (
        id {serial},
        municipality INTEGER REFERENCES municipality,
        kind VARCHAR(12) NOT NULL,
        subject INTEGER NOT NULL,
        token_hash VARCHAR(64) NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        revoked_at TIMESTAMPTZ,
        fetched_at TIMESTAMPTZ,
        fetched_etag VARCHAR(80)
    )
    """,
)


async def forwards() -> MigrationManager:
    """Create every table."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        serial = SERIAL.get(engine.engine_type, "SERIAL PRIMARY KEY")
        for statement in TABLES:
            await engine.run_ddl(statement.replace("{serial}", serial))

    manager.add_raw(run)
    return manager
