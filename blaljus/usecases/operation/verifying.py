"""The self-check: the invariants of the domain, looked for in the stored facts."""

from collections.abc import Callable
from datetime import datetime

from blaljus.clock import Clock, system_clock
from blaljus.store.engine import read_transaction
from blaljus.store.selfcheck import rows as check_rows
from blaljus.store.selfcheck.tables import UnreadableError
from blaljus.usecases.operation.checks import (
    bookings,
    calendars,
    coverage,
    letters,
    people,
    privacy,
    replay,
    replies,
    tenancy,
    trail,
)
from blaljus.usecases.operation.checks.facts import Facts, Finding
from blaljus.usecases.operation.checks.reading import read_facts

__all__ = ["CHECKS", "HELD", "Finding", "check_store", "verify_store"]

Check = Callable[[Facts], list[Finding]]

Checked = list[tuple[str, list[Finding]]]
"""Each check by its name, with what it found."""

READABLE = "every row can be read, and what it names is there"
GUARDS = "the database's own guards stand: unique indexes, and triggers of the log"

CHECKS: tuple[tuple[str, Check], ...] = (
    ("1 a class has one active booking", bookings.one_booking_per_class),
    ("1 a catch-up names the services it pays", bookings.catch_ups_name_what_they_pay),
    ("2 bookings fit the places of their slot", bookings.bookings_fit_places),
    ("2 classes fit every station of their slot", bookings.classes_fit_stations),
    ("2 classes come and leave within reach of their slot", bookings.stays_are_of_their_slot),
    ("2 nothing stands in a slot that is not published", bookings.nothing_stands_where_no_slot_is),
    ("3 nobody is in two places", people.nobody_is_in_two_places),
    ("3 a duty claims its time, and nothing else does", people.duties_claim_their_time),
    ("4 nobody is assigned against their word", people.nobody_is_assigned_against_their_word),
    ("4 every override is logged", people.overrides_are_logged),
    ("5 a slot without its people is shown at risk", people.slots_without_people_are_at_risk),
    ("6 no class comes on a day off", bookings.no_class_comes_on_a_day_off),
    ("7 the chains of the audit log hold", trail.chains_hold),
    ("7 every version has its one audit row", trail.every_version_has_its_row),
    ("7 the audit log, replayed, gives what is stored", replay.the_log_gives_what_is_stored),
    ("7 what was acknowledged is stored", trail.what_was_acknowledged_is_stored),
    ("7 answers by mail are kept and logged", replies.answers_by_mail_are_kept_and_logged),
    ("7 answers by mail stand", replies.answers_by_mail_stand),
    ("8 every change was told", letters.every_change_was_told),
    ("8 every decline was told", letters.declines_were_told),
    ("8 letters can be read in any order", letters.letters_are_read_in_any_order),
    ("8 letters leave the present in calendars", letters.letters_tell_the_present),
    ("9 feeds show what is stored", calendars.calendars_show_what_is_stored),
    ("9 events are stamped when they changed", calendars.events_are_stamped_when_they_changed),
    ("10 protected people are named nowhere", privacy.protected_people_are_named_nowhere),
    ("10 no text holds a personnummer", privacy.no_text_holds_a_personal_number),
    ("10 access needs are counts", privacy.access_needs_are_counts),
    ("10 what people wrote by mail is forgotten", replies.what_people_wrote_is_forgotten),
    ("11 coverage computed again is the same", coverage.coverage_is_the_same_again),
    ("11 what was met was reported", coverage.what_was_met_was_reported),
    ("12 what belongs together is of one owner", tenancy.what_belongs_together_is_of_one_owner),
    ("12 agencies, schools and people see what is theirs", calendars.everybody_sees_what_is_theirs),
)
"""What stored data can show, by the numbers of the domain's invariants."""


HELD: tuple[tuple[str, str], ...] = (
    (
        "5 the coordinator's pages list what is at risk",
        "made of the coverage checked here: tests/usecases/followup/test_overview.py",
    ),
    (
        "7 a change and what it owes are one transaction",
        "tests/storm/test_crashes.py kills servers amid changes",
    ),
    (
        "7 an import is one audit row, whatever it changes",
        "tests/usecases/imports/importing/test_whole.py",
    ),
    (
        "9 two fetches give the same bytes",
        "these hold the feed's address, stored as a hash alone: tests/web/test_calendars.py",
    ),
    (
        "10 no page, form or log line holds a pupil or a protected person",
        "tests/web/test_protected.py",
    ),
    (
        "12 pages and queries show nothing of another municipality",
        "tests/web/test_policy.py, tests/store/test_scope.py",
    ),
)
"""(what stored data cannot show, by what it is held instead)."""


async def verify_store(*, clock: Clock = system_clock) -> Checked:
    """Return each check by its name with what breaks it, all of one moment of the database.

    What is over at `clock` may have been renamed since. Where rows cannot be read, or name others
    that are not there, nothing more is checked.
    """
    async with read_transaction():
        return await check_store(clock())


async def check_store(now: datetime) -> Checked:
    """Return the same in the caller's transaction."""
    guards = [
        Finding(subject=name, what="is missing in this database")
        for name in await check_rows.missing_guards()
    ]
    dangling = await check_rows.find_dangling()
    unreadable = [Finding(subject=f"{row.kind}:{row.id}", what=row.what) for row in dangling]
    facts = None
    if not unreadable:
        try:
            facts = await read_facts(now)
        except UnreadableError as error:
            unreadable = [Finding(subject=error.table, what=f"holds {error.why}")]
    basis = [(READABLE, unreadable), (GUARDS, guards)]
    return basis + ([(name, check(facts)) for name, check in CHECKS] if facts else [])
