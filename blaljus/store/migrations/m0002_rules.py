"""What must never happen, as named unique indexes; quick ways in; an audit log that only grows."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "0002-rules"
VERSION = "1.38.0"
DESCRIPTION = __doc__

UNIQUE = (
    ("municipality_code_is_unique", "municipality (code)"),
    ("school_unit_code_is_unique", "school_unit (code)"),
    ("class_label_is_unique_in_a_school_and_year", "school_class (school_unit, school_year, label)"),
    ("calendar_block_stands_once", "calendar_block (municipality, COALESCE(school_unit, 0), kind, first_on, last_on, name)"),
    ("school_has_one_venue", "venue (school_unit) WHERE school_unit IS NOT NULL"),
    ("shared_venue_name_is_unique", "venue (municipality, name) WHERE school_unit IS NULL"),
    ("account_address_is_unique", "account (address_key)"),
    ("agency_name_is_unique", "agency (name)"),
    ("agency_covers_a_municipality_once_from_a_day", "agency_coverage (agency, municipality, first_on)"),
    ("staff_reference_is_unique", "staff_member (reference)"),
    ("availability_of_a_half_day_is_one", "availability (staff, day, half)"),
    ("class_teacher_stands_once", "class_teacher (school_class, account)"),
    ("coordinator_stands_once", "coordinator (municipality, account)"),
    ("sign_in_token_is_unique", "sign_in_link (token_hash)"),
    ("session_id_is_unique", "web_session (id_hash)"),
    ("rate_bucket_key_is_unique", "rate_bucket (key)"),
    ("promise_title_is_unique", "promise (municipality, title)"),
    ("one_plan_per_promise_and_year", "plan (promise, school_year)"),
    ("plan_run_number_is_unique", "plan_run (municipality, number)"),
    ("one_slot_per_venue_and_start", "slot (venue, starts_at) WHERE state <> 'cancelled'"),
    ("slot_uid_is_unique", "slot (uid)"),
    ("station_position_is_unique", "station (slot, position)"),
    ("booking_number_is_unique", "booking (number)"),
    ("booking_uid_is_unique", "booking (uid)"),
    ("one_active_booking_per_class", "booking (school_class, plan) WHERE state IN ('tentative', 'confirmed', 'held') AND NOT catch_up"),
    ("assignment_uid_is_unique", "assignment (uid)"),
    ("one_active_assignment_per_person_and_slot", "assignment (slot, staff) WHERE state IN ('proposed', 'invited', 'accepted')"),
    ("a_person_is_in_one_place_at_a_time", "staff_claim (staff, bucket)"),
    ("one_visit_per_booking_and_station", "visit (booking, station)"),
    ("one_attendance_per_booking", "attendance (booking)"),
    ("audit_chain_does_not_fork", "audit_entry (COALESCE(municipality, 0), previous_hash)"),
    ("message_id_is_unique", "outbox_message (message_id)"),
    ("idempotency_key_is_unique_to_an_account", "idempotency_key (account, key)"),
    ("calendar_entry_stands_once", "calendar_entry (uid, COALESCE(staff, 0), COALESCE(school_class, 0), COALESCE(school_unit, 0), COALESCE(agency, 0), overview)"),
    ("feed_token_is_unique", "feed (token_hash)"),
)
"""(the rule as a sentence, what is unique)."""

QUICK = (
    "school_class (municipality, school_year)",
    "calendar_block (school_unit)",
    "venue (municipality)",
    "availability (day)",
    "staff_member (agency)",
    "staff_member (account)",
    "class_teacher (account)",
    "coordinator (account)",
    "slot (municipality, plan)",
    "booking (slot)",
    "booking (municipality, plan)",
    "assignment (staff)",
    "assignment (municipality)",
    "staff_claim (assignment)",
    "visit (municipality)",
    "attendance (municipality)",
    "audit_entry (subject)",
    "outbox_message (municipality)",
    "outbox_message (account)",
    "calendar_entry (staff)",
    "calendar_entry (school_class)",
    "calendar_entry (school_unit)",
    "calendar_entry (municipality)",
    "calendar_entry (agency)",
    "feed (kind, subject)",
    "outbox_message (due_at)",
    "slot (starts_at)",
)
"""Columns that pages search by."""

APPEND_ONLY = {
    "sqlite": (
        """
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
        """,
        """
        CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
        """,
    ),
    "postgres": (
        """
        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
        """,
        """
        CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
        """,
    ),
}


def statements(engine_type: str) -> list[str]:
    """Return every statement of this migration, in order."""
    unique = [f"CREATE UNIQUE INDEX {name} ON {what}" for name, what in UNIQUE]
    quick = [
        f"CREATE INDEX {what.translate(str.maketrans(' ,', '__', '()'))}_quick ON {what}"
        for what in QUICK
    ]
    return unique + quick + list(APPEND_ONLY[engine_type])


async def forwards() -> MigrationManager:
    """Create the indexes and triggers."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in statements(engine.engine_type):
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
