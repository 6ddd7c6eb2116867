"""Invariants 9 and 12: calendar entries that lie, are stamped wrongly, or are in wrong hands."""

# ruff: noqa: S608 -- the SQL is written here, all of it
import pytest

SHOWN = "9 feeds show what is stored"
STAMPED = "9 events are stamped when they changed"
THEIRS = "12 agencies, schools and people see what is theirs"

STAFFS = "WHERE staff = {officer}"
CLASSS = "WHERE school_class = {school_class}"
MOMENT = "'2026-12-01 08:00:00+00:00'"


MARK = f"""
    INSERT INTO calendar_entry (municipality, uid, starts_at, revised_at, cancelled_at, agency,
        overview, fragment)
    VALUES ({{municipality}}, 'gone@x', {MOMENT}, {MOMENT}, {MOMENT}, 1, 0, '')
"""


async def entry(season, where):
    return (await season.ask(f"SELECT id FROM calendar_entry {where}"))[0]["id"]


@pytest.mark.parametrize(
    ("where", "subject", "whose"),
    [
        (STAFFS, "assignment:{duty}", "staff:{officer}"),
        (CLASSS, "booking:{booking}", "class:{school_class}"),
        ("WHERE overview = 1", "slot:{slot}", "the coordinator"),
        ("WHERE agency = (SELECT MIN(id) FROM agency)", "slot:{slot}", "agency:1"),
    ],
)
async def test_what_is_missing_in_a_calendar_is_found(season, where, subject, whose):
    found = await season.spoilt(f"DELETE FROM calendar_entry {where}")

    what = f"is missing in the calendar of {whose}"
    assert found == {SHOWN: [season.finding(subject, what)]}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("fragment = REPLACE(fragment, 'LOCATION:', 'LOCATION:Nya ')", "LOCATION"),
        ("fragment = REPLACE(fragment, 'SEQUENCE:0', 'SEQUENCE:9')", "SEQUENCE"),
        ("fragment = REPLACE(fragment, 'T090000', 'T080000')", "DTSTART"),
    ],
)
async def test_an_event_that_shows_something_else_is_found(season, change, names):
    found = await season.spoilt(f"UPDATE calendar_entry SET {change} {STAFFS}")

    what = f"is shown to staff:{{officer}} with another {names} than is stored"
    assert found == {SHOWN: [season.finding("assignment:{duty}", what)]}


async def test_an_event_of_nothing_is_found(season):
    number = await entry(season, STAFFS)

    found = await season.spoilt(f"UPDATE calendar_entry SET uid = 'x@y' {STAFFS}")

    assert season.finding(f"calendar_entry:{number}", "shows what is not stored") in found[SHOWN]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            f"UPDATE calendar_entry SET revised_at = {MOMENT} {CLASSS}",
            "is stamped otherwise than revised, 20261201T080000Z",
        ),
        (
            f"UPDATE booking SET revised_at = {MOMENT} WHERE id = {{booking}}",
            "is newer than booking:{booking}",
        ),
        (
            f"UPDATE calendar_entry SET cancelled_at = {MOMENT} {CLASSS}",
            "is cancelled for calendars or for us, and not for both",
        ),
        (
            f"UPDATE calendar_entry SET starts_at = {MOMENT} {CLASSS}",
            "is sorted by another start than booking:{booking} has",
        ),
    ],
)
async def test_a_stamp_that_is_of_no_stored_revision_is_found(season, statement, what):
    number = await entry(season, CLASSS)

    found = await season.spoilt(statement)

    assert found[STAMPED] == [season.finding(f"calendar_entry:{number}", what)]


async def test_an_agency_that_sees_a_slot_it_does_not_staff_is_found(season):
    number = await entry(season, "WHERE agency = 1")

    found = await season.spoilt(
        "INSERT INTO agency (name, provides, address, version) VALUES ('Ny', 'rescue', 'a@b', 1)",
        "UPDATE calendar_entry SET agency = (SELECT MAX(id) FROM agency) WHERE agency = 1",
    )

    what = "shows slot:{slot} to agency:4"
    assert found[THEIRS] == [season.finding(f"calendar_entry:{number}", what)]


async def test_a_person_or_a_school_that_sees_what_is_not_theirs_is_found(season):
    mine, schools = await entry(season, STAFFS), await entry(season, CLASSS)

    found = await season.spoilt(
        f"UPDATE calendar_entry SET staff = NULL, agency = NULL, overview = 0 {STAFFS}",
        f"UPDATE calendar_entry SET staff = {{rescue}} WHERE id = {mine}",
        f"UPDATE calendar_entry SET school_unit = {{school}} + 1 {CLASSS}",
    )

    assert found[THEIRS] == [
        season.finding(f"calendar_entry:{schools}", "shows booking:{booking} to school:2"),
        season.finding(f"calendar_entry:{mine}", "shows assignment:{duty} to staff:{rescue}"),
    ]


async def test_a_mark_of_what_left_shows_nothing_and_needs_no_reason(season):
    """Of what left a calendar a row without text stays, so that its time never goes back."""
    found = await season.spoilt(MARK)

    assert found == {}
