"""Invariants 11 and 12, and what every check stands on: owners, reports, guards, readable rows."""

# ruff: noqa: S608 -- the SQL is written here, all of it
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from blaljus.domain.coverage import coverage
from blaljus.store.engine import bound_engine, engine_kind

OWNER = "12 what belongs together is of one owner"
AGAIN = "11 coverage computed again is the same"
REPORTED = "11 what was met was reported"
READABLE = "every row can be read, and what it names is there"
GUARDS = "the database's own guards stand: unique indexes, and triggers of the log"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("school_class:{school_class}", "is of another municipality than school_unit:{school}"),
        ("class_teacher:1", "is of another municipality than school_class:{school_class}"),
        ("venue:2", "is of another municipality than school_unit:1"),
        ("plan:{plan}", "is of another municipality than promise:1"),
        ("plan_run:1", "is of another municipality than plan:{plan}"),
        ("slot:{slot}", "is of another municipality than plan:{plan}"),
        ("slot:{slot}", "is of another municipality than venue:{venue}"),
        ("booking:{booking}", "is of another municipality than slot:{slot}"),
        ("booking:{booking}", "is of another municipality than plan:{plan}"),
        ("booking:{booking}", "is of another municipality than school_class:{school_class}"),
        ("assignment:{duty}", "is of another municipality than slot:{slot}"),
        ("visit:1", "is of another municipality than booking:{held}"),
        ("attendance:1", "is of another municipality than booking:{held}"),
        ("feed:1", "is of a municipality, and shows what none owns"),
    ],
)
async def test_a_row_of_another_municipality_than_its_like_is_found(season, row, what):
    table, _, number = row.partition(":")

    found = await season.spoilt(f"UPDATE {table} SET municipality = {{other}} WHERE id = {number}")

    assert season.finding(row, what) in found[OWNER]


async def test_an_agencys_feed_of_a_municipality_it_never_served_is_found(season):
    found = await season.spoilt(
        "UPDATE feed SET kind = 'agency', subject = 987654, municipality = {other} WHERE id = 1"
    )

    what = "is of a municipality that the agency never served"
    assert season.finding("feed:1", what) in found[OWNER]


async def test_an_entry_and_a_letter_of_another_municipality_are_found(season):
    found = await season.spoilt(
        "UPDATE calendar_entry SET municipality = {other} WHERE staff = {officer}",
        "UPDATE outbox_message SET municipality = {other} WHERE account = {officer_account}",
    )

    assert [(x.subject.partition(":")[0], x.what) for x in found[OWNER]] == [
        (
            "calendar_entry",
            season.finding("", "is of another municipality than assignment:{duty}").what,
        ),
        ("message", season.finding("", "is of another municipality than assignment:{duty}").what),
    ]


async def test_a_station_of_another_slot_is_found(season):
    found = await season.spoilt(
        """
        INSERT INTO slot (municipality, plan, venue, starts_at, ends_at, places, taken, state, uid,
            sequence, revised_at, version)
        SELECT municipality, plan, 2, starts_at, ends_at, 1, 0, 'draft', 'x@y', 0, revised_at, 1
        FROM slot
        """,
        "UPDATE station SET slot = (SELECT MAX(id) FROM slot) WHERE id = {station}",
    )

    assert sorted(found[OWNER]) == [
        season.finding("assignment:{duty}", "is at a station of another slot"),
        season.finding("visit:1", "is at a station of another slot than its booking"),
    ]


async def test_a_booking_of_another_plan_is_found(season):
    found = await season.spoilt(
        """
        INSERT INTO plan (municipality, promise, school_year, notice_days, morning_start_minute,
            afternoon_start_minute, station_minutes, change_minutes, version)
        SELECT municipality, promise, 2030, notice_days, 1, 2, 3, 4, 1 FROM plan
        """,
        "UPDATE booking SET plan = (SELECT MAX(id) FROM plan) WHERE id = {booking}",
    )

    what = "is of another plan than its slot"
    assert found[OWNER] == [season.finding("booking:{booking}", what)]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM visit WHERE station = {station}", "tells of 2 stations, and should of 3"),
        ("UPDATE visit SET state = 'planned' WHERE id = 1", "tells of 2 stations, and should of 3"),
        ("DELETE FROM attendance", "is held, and its attendance is not reported"),
        (
            "UPDATE booking SET state = 'confirmed' WHERE id = {held}",
            "is confirmed, and its attendance is reported",
        ),
    ],
)
async def test_what_was_met_without_a_whole_report_is_found(season, statement, what):
    found = await season.spoilt(statement)

    assert found[REPORTED] == [season.finding("booking:{held}", what)]


async def test_coverage_that_depends_on_the_order_of_rows_is_found(season, monkeypatch):
    def unsorted(facts, *args, **named):
        matrix = coverage(facts, *args, **named)
        order = [school_class.id for school_class in facts.classes]
        rows = sorted(matrix.rows, key=lambda row: order.index(row.school_class.id))
        return replace(matrix, rows=tuple(rows))

    monkeypatch.setattr("blaljus.usecases.operation.checks.coverage.coverage", unsorted)

    found = await season.spoilt()

    what = "has another coverage when computed again"
    assert found == {AGAIN: [season.finding("plan:{plan}", what)]}


@pytest.mark.parametrize("name", ["feed_token_is_unique", "a_person_is_in_one_place_at_a_time"])
async def test_a_guard_that_is_gone_is_found(season, name):
    found = await season.spoilt(f"DROP INDEX {name}")

    assert found == {GUARDS: [season.finding(name, "is missing in this database")]}


async def test_a_word_that_is_none_of_ours_is_found_and_nothing_else_is_looked_at(season):
    found = await season.spoilt("UPDATE booking SET transport = 'ufo' WHERE id = {booking}")

    ((check, (finding,)),) = found.items()
    assert (check, finding.subject) == (READABLE, "booking")
    assert "'ufo'" in finding.what


async def test_a_row_that_names_what_is_not_there_is_found(season):
    if engine_kind() == "sqlite":
        # Our own connections would refuse: this one is somebody else's.
        with closing(sqlite3.connect(bound_engine().path, isolation_level=None)) as theirs:
            theirs.execute("UPDATE booking SET slot = 99 WHERE id = 1")
            found = await season.spoilt()
            theirs.execute("UPDATE booking SET slot = 1 WHERE id = 1")
    else:
        found = await season.spoilt(
            "ALTER TABLE booking DROP CONSTRAINT booking_slot_fkey",
            "UPDATE booking SET slot = 99 WHERE id = 1",
        )

    assert found == {READABLE: [season.finding("booking:1", "names slot:99, which is not there")]}
