"""The migration of the planner's rules, on a filled database and beside the release before it."""

import pytest
from store.test_callouts_migration import OLD_ROWS

from blaljus.domain.localtime import SchoolYear
from blaljus.store import agencies, plans, schools
from blaljus.store import tables as t
from blaljus.store.engine import bound_engine

ID = "0005-planning-rules"

PEOPLE = (
    (
        "INSERT INTO agency (name, provides, address, version)"
        " VALUES ('Polisen', 'police', 'polisen@a.example', 3)"
    ),
    ("INSERT INTO agency_coverage (agency, municipality, first_on) VALUES (1, 1, '2026-07-01')"),
    (
        "INSERT INTO account (address, address_key, language, active)"
        " VALUES ('p@a.example', 'p@a.example', 'sv', TRUE)"
    ),
    (
        "INSERT INTO staff_member (agency, account, reference, display_name, function, protected,"
        " active, version) VALUES (1, 1, 'polis-1', 'Polis 1', 'polis', FALSE, TRUE, 2)"
    ),
    (
        "INSERT INTO school_unit (municipality, code, name, status, organiser, grades, version)"
        " VALUES (1, '12345678', 'Ekskolan', 'AKTIV', 'KOMMUN', '4', 1)"
    ),
    (
        "INSERT INTO school_class (municipality, school_unit, school_year, label, year4_pupils,"
        " other_pupils, kind, active, version) VALUES (1, 1, 2026, '4A', 20, 0, 'ordinarie',"
        " TRUE, 5)"
    ),
)
"""What the release before writes: it knows nothing of caps and languages."""

TABLES = (t.NightDuty, t.Wish, t.VenueStation)


async def is_as_it_was():
    agency = (await agencies.get_agencies([1]))[1]
    assert (agency.per_day, agency.per_week, agency.per_season) == (2, 3, None)
    assert (agency.notice_days, agency.home, agency.version) == (7, None, 3)
    assert (await agencies.get_staff(1)).shown_as == "Polis 1"
    assert (await schools.get_class(1, (1,))).version == 5
    for table in TABLES:
        assert await table.count() == 0


async def test_a_filled_database_keeps_its_rules(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, *PEOPLE):
        await is_as_it_was()
        plan = await plans.find_plan(1, SchoolYear(2026))
        assert plan is not None
        assert (plan.morning_start_minute, plan.lunch_gap_minutes, plan.bus_seats) == (
            540,
            40,
            None,
        )


async def test_the_release_before_still_adds_agencies_people_and_classes(store):
    for row in (*OLD_ROWS, *PEOPLE):
        await bound_engine().run_ddl(row)

    await is_as_it_was()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE agency SET per_day = 3",
        "UPDATE agency SET per_week = 0",
        "UPDATE agency SET per_season = 0",
        "UPDATE agency SET notice_days = -1",
    ],
)
async def test_the_database_refuses_caps_that_make_no_sense(store, change):
    for row in (*OLD_ROWS, *PEOPLE):
        await bound_engine().run_ddl(row)

    with pytest.raises(Exception, match=r"(?i)check"):
        await bound_engine().run_ddl(change)
