"""Imports change what the files say: all of it or nothing, and only once."""

import asyncio
import json
import re
from datetime import date
from pathlib import Path

import pytest
from factories import (
    NOW,
    a_key,
    coordinator_of,
    shared_venue,
    some_details,
    stored_agency,
    stored_municipality,
    stored_plan,
    stored_slot,
    stored_staff,
)

import blaljus.demo
from blaljus.domain.errors import NotFoundError
from blaljus.domain.imports import ProblemCode
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.domain.words import AssignmentState, BookingState, Half, Service
from blaljus.intake.difference_views import file_views
from blaljus.intake.difference_words import duty_text
from blaljus.intake.examples import EXAMPLES, template_csv
from blaljus.store import assignments, bookings, failpoints, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, write_transaction
from blaljus.usecases.importing import (
    ImportChangedError,
    ImportProblemsError,
    NoMunicipalityError,
    apply_import,
    apply_own,
    latest_import,
    preview,
    preview_own,
)

HOOR = Path(blaljus.demo.__path__[0]) / "hoor"
YEAR = SchoolYear(2026)


@pytest.fixture(scope="session")
def hoor():
    """The files of Höör by name; tests copy before they change."""
    return {path.name: path.read_bytes() for path in HOOR.iterdir()}


@pytest.fixture
def take(context):
    """Import files as the operator and return what was seen before."""

    async def taken(files, **wish):
        seen = await preview(context, files, **wish)
        assert seen.problems == ()
        wish = {**wish, "school_year": seen.school_year}
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint, **wish)
        return seen

    return taken


@pytest.fixture
async def imported(store, take, hoor):
    """Höör as its files say; returns the municipality."""
    await take(hoor)
    return await stored_municipality()


async def dump():
    """Every row of every table, by table."""
    return {
        table.__name__: sorted(await table.select(), key=lambda row: row["id"])
        for table in t.TABLES
    }


def touched(before, after):
    """Return (table, column) of every value that differs, and `+` or `-` for rows."""
    found = set()
    for name, rows in after.items():
        old, new = ({row["id"]: row for row in side} for side in (before[name], rows))
        found |= {(name, "+") for _ in new.keys() - old.keys()}
        found |= {(name, "-") for _ in old.keys() - new.keys()}
        found |= {
            (name, column)
            for key in new.keys() & old.keys()
            for column, value in new[key].items()
            if value != old[key][column]
        }
    return found


def shown(seen):
    """Return the texts of all changes, by file."""
    return {
        view.file: [item for section in view.changes for item in section.items]
        for view in file_views(seen.difference, "sv")
        if view.changes
    }


def edited(files, name, old, new):
    content = files[name].decode()
    assert content.count(old) == 1
    return {name: content.replace(old, new).encode()}


async def test_hoor_is_imported_whole(imported, context):
    rows = await dump()

    assert {name: len(found) for name, found in rows.items() if found} == {
        "Municipality": 3,
        "SchoolUnit": 12,
        "SchoolClass": 10,
        "CalendarBlock": 16,
        "Venue": 7,
        "Account": 31,
        "Agency": 4,
        "AgencyCoverage": 9,
        "StaffMember": 21,
        "Availability": 1460,
        "ClassTeacher": 10,
        "AuditEntry": 1,
    }
    assert [(m["code"], m["name"]) for m in rows["Municipality"]] == [
        ("1267", "Höör"),
        ("1266", "Kommun 1266"),
        ("1285", "Kommun 1285"),
    ]
    assert sum(row["year4_pupils"] for row in rows["SchoolClass"]) == 203
    assert {row["school_year"] for row in rows["SchoolClass"]} == {2026}
    entry = rows["AuditEntry"][0]
    assert (entry["actor"], entry["action"]) == ("operator", "import-applied")
    assert "@" not in entry["data"]
    assert json.loads(entry["data"])["counts"]["klasser"]["added"] == 10


async def test_importing_the_same_files_again_changes_nothing(imported, take, hoor):
    before = await dump()

    seen = await take(hoor)

    assert seen.changes_nothing
    assert await dump() == before


async def test_every_school_with_a_class_is_a_venue(imported):
    rows = await t.Venue.select(t.Venue.school_unit.code.as_alias("code"), t.Venue.kind)

    assert {row["kind"] for row in rows} == {"school"}
    assert sorted(row["code"] for row in rows) == [
        "56948895", "90012671", "90012672", "90012673", "90012674", "90012677", "90012678",
    ]  # fmt: skip


async def test_a_school_with_year_4_and_no_class_has_not_answered(store, context, hoor):
    seen = await preview(context, hoor)

    assert [unit.code for unit in seen.unanswered] == ["90012692"]

    without = hoor["klasser.csv"].decode().replace("90012674;4;", "90012692;4;")
    seen = await preview(context, {**hoor, "klasser.csv": without.encode()})

    assert [unit.code for unit in seen.unanswered] == ["90012674"]


async def test_who_has_not_answered_is_known_after_the_import_too(imported, context):
    person = await coordinator_of(imported)

    latest = await latest_import(context, person, imported.id)

    assert latest.counts["tillganglighet"] == {"added": 1460, "changed": 0, "removed": 0}
    assert [unit.code for unit in latest.unanswered] == ["90012692"]


VARIANTS = {
    "commas": lambda text: text.replace(",", " ").replace(";", ",").encode(),
    "a BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "LF": lambda text: text.replace("\r\n", "\n").encode(),
    "all of it": lambda text: (
        text.replace(",", " ").replace(";", ",").replace("\r\n", "\n").encode("cp1252")
    ),
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
async def test_the_same_table_written_otherwise_makes_the_same_database(
    store, take, hoor, context, variant
):
    files = {
        name: VARIANTS[variant](content.decode()) if name.endswith(".csv") else content
        for name, content in hoor.items()
    }

    await take(files)
    before = await dump()
    seen = await take(hoor)

    assert seen.changes_nothing
    assert await dump() == before
    assert len(before["Availability"]) == 1460


CHANGES = {
    "a class grows": (
        ("klasser.csv", "90012671;4A;20;0;", "90012671;4A;22;0;"),
        ["4A, 90012671, 22 elever: elever_ak4: 20 → 22"],
        {("SchoolClass", "year4_pupils"), ("SchoolClass", "version")},
    ),
    "a class gets another teacher": (
        ("klasser.csv", "larare.90012671.4a@skola", "ny@skola"),
        [
            (
                "4A, 90012671, 20 elever: "
                "epost_larare: larare.90012671.4a@skola.example → ny@skola.example"
            )
        ],
        {
            ("SchoolClass", "version"),
            ("Account", "+"),
            ("ClassTeacher", "+"),
            ("ClassTeacher", "-"),
        },
    ),
    "a class disappears": (
        ("klasser.csv", "90012671;4B;19;0;ordinarie;larare.90012671.4b@skola.example\r\n", ""),
        ["4B, 90012671, 19 elever"],
        {("SchoolClass", "active"), ("SchoolClass", "version")},
    ),
    "a class is spelt otherwise": (
        ("klasser.csv", "90012671;4B;", "90012671;4b;"),
        ["4b, 90012671, 19 elever: klass: 4B → 4b"],
        {("SchoolClass", "label"), ("SchoolClass", "version")},
    ),
    "a break moves": (
        ("lasar.csv", "Sportlov;2027-02-22;2027-02-26", "Sportlov;2027-02-15;2027-02-19"),
        [
            "Sportlov, 2027-02-22–2027-02-26, alla skolor",
            "Sportlov, 2027-02-15–2027-02-19, alla skolor",
        ],
        {("CalendarBlock", "+"), ("CalendarBlock", "-")},
    ),
    "an agency no longer serves a municipality": (
        ("enheter.csv", "polis;1267,1266,1285;", "polis;1266,1267;"),
        ["Lokalpolisområde Eslöv, Polis, 1266, 1267: kommunkoder: 1266, 1267, 1285 → 1266, 1267"],
        {("Agency", "version"), ("AgencyCoverage", "last_on")},
    ),
    "an agency serves one more": (
        ("enheter.csv", "raddningstjanst;1267,1266;", "raddningstjanst;1267,1266,1257;"),
        [
            (
                "Räddningstjänsten Skånemitt, Räddningstjänst, 1257, 1266, 1267: "
                "kommunkoder: 1266, 1267 → 1257, 1266, 1267"
            )
        ],
        {("Agency", "version"), ("AgencyCoverage", "+"), ("Municipality", "+")},
    ),
    "a person gets another function": (
        ("personal.csv", "Polis 1;områdespolis", "Polis 1;brottsförebyggare"),
        ["polis-1, Polis 1, Lokalpolisområde Eslöv: funktion: områdespolis → brottsförebyggare"],
        {("StaffMember", "function"), ("StaffMember", "version")},
    ),
    "a protected person changes name and address": (
        ("personal.csv", "Polis 3;områdespolis;polis-3@", "Hemlig;områdespolis;hemlig@"),
        ["polis-3, områdespolis, Lokalpolisområde Eslöv: visningsnamn: ändrad; epost: ändrad"],
        {
            ("StaffMember", "display_name"),
            ("StaffMember", "account"),
            ("StaffMember", "version"),
            ("Account", "+"),
        },
    ),
    "somebody cannot come": (
        ("tillganglighet.csv", "polis-1;2027-01-14;fm;ledig", "polis-1;2027-01-14;fm;nej"),
        ["polis-1, 2027-01-14, Förmiddag: Ledig"],
        {("Availability", "-")},
    ),
    "somebody is on call": (
        ("tillganglighet.csv", "polis-1;2027-01-14;fm;ledig", "polis-1;2027-01-14;fm;beredskap"),
        ["polis-1, 2027-01-14, Förmiddag: Beredskap: lage: Ledig → Beredskap"],
        {("Availability", "state")},
    ),
    "a school is renamed": (
        (
            "skolenheter.json",
            '"displayName": "Enebackeskolan",\n    "status"',
            '"displayName": "Enen",\n    "status"',
        ),
        ["Enen (90012671), Aktiv: displayName: Enebackeskolan → Enen"],
        {
            ("SchoolUnit", "name"),
            ("SchoolUnit", "version"),
            ("Venue", "name"),
            ("Venue", "version"),
        },
    ),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_file_shows_and_makes_exactly_that_change(imported, take, hoor, change):
    edit, texts, expected = CHANGES[change]
    before = await dump()

    seen = await take(edited(hoor, *edit))

    assert shown(seen) == {edit[0]: texts}
    assert touched(before, await dump()) == expected | {("AuditEntry", "+")}
    assert (await take(edited(hoor, *edit))).changes_nothing


@pytest.mark.parametrize("change", CHANGES)
async def test_the_former_file_brings_the_former_state_back(imported, take, hoor, change):
    edit, _, _ = CHANGES[change]
    before = await dump()
    await take(edited(hoor, *edit))

    await take({edit[0]: hoor[edit[0]]})

    serving = {(row["agency"], row["municipality"]) for row in before["AgencyCoverage"]}
    c = t.AgencyCoverage
    rows = await c.select(c.agency, c.municipality).where(c.last_on.is_null())
    assert {(row["agency"], row["municipality"]) for row in rows} == serving
    for table, key in (
        ("SchoolClass", "label"),
        ("SchoolUnit", "name"),
        ("StaffMember", "account"),
    ):
        after = await dump()
        assert [row[key] for row in after[table]] == [row[key] for row in before[table]]
    assert (await take(hoor)).changes_nothing


BAD = {
    "a code of 7 digits": ("klasser.csv", "90012671;4A;", "9001267;4A;"),
    "an unknown code": ("klasser.csv", "90012671;4A;", "90099999;4A;"),
    "negative pupils": ("klasser.csv", "90012671;4A;20;", "90012671;4A;-20;"),
    "absurd pupils": ("klasser.csv", "90012671;4A;20;", "90012671;4A;2000;"),
    "a day that is none": ("lasar.csv", "2027-02-22;2027-02-26", "2027-02-22;2027-02-30"),
    "a duplicate": ("klasser.csv", "90012671;4B;", "90012671;4a;"),
    "an address without @": ("klasser.csv", "larare.90012671.4a@", "larare.90012671.4a"),
    "a formula": ("klasser.csv", "90012671;4A;", "90012671;=1+1;"),
    "an unknown half": ("tillganglighet.csv", "polis-1;2027-01-13;fm;", "polis-1;2027-01-13;natt;"),
    "an unknown person": ("tillganglighet.csv", "polis-1;2027-01-13;fm;", "nils;2027-01-13;fm;"),
    "an unknown agency": ("personal.csv", "polis-1;Lokalpolisområde Eslöv;", "polis-1;FBI;"),
    "another municipality's school": (
        "skolenheter.json",
        '"schoolName": "Enebackeskolan",\n    "municipalityCode": "1267"',
        '"schoolName": "Enebackeskolan",\n    "municipalityCode": "1285"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("first", [True, False], ids=["on an empty database", "on a full one"])
async def test_a_bad_row_leaves_the_database_untouched(store, take, context, hoor, first):
    if not first:
        await take(hoor)
    before = await dump()

    for edit in BAD.values():
        files = {**hoor, **edited(hoor, *edit)}
        seen = await preview(context, files)
        with pytest.raises(ImportProblemsError):
            await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)

        told = {(problem.file, bool(problem.row)) for problem in seen.problems}
        assert told == {(edit[0], True)}

    assert await dump() == before


async def test_a_file_that_is_no_table_leaves_the_database_untouched(imported, context, hoor):
    before = await dump()

    for content in (b"", b"\0" * 99, b"x" * 2**21, b"%PDF-1.7", b"<html>", b"[{}]"):
        files = {**hoor, "klasser.csv": content}
        seen = await preview(context, files)
        with pytest.raises(ImportProblemsError):
            await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)

        assert [problem.file for problem in seen.problems] == ["klasser.csv"]

    assert await dump() == before


async def test_what_changed_since_it_was_shown_is_not_taken_over(imported, context, hoor):
    files = edited(hoor, "klasser.csv", "90012671;4A;20;", "90012671;4A;22;")
    seen = await preview(context, files)
    c = t.SchoolClass
    await c.update({c.year4_pupils: 21}).where(c.label == "4A")
    before = await dump()

    with pytest.raises(ImportChangedError):
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)

    assert await dump() == before


async def test_a_fault_at_the_end_undoes_everything(store, context, hoor):
    before = await dump()
    seen = await preview(context, hoor)

    async def fail():
        raise RuntimeError

    with failpoints.enabled("after_import_saved", fail), pytest.raises(RuntimeError):
        await apply_import(context, OPERATOR, hoor, fingerprint=seen.fingerprint)

    assert await dump() == before


async def test_of_two_imports_at_once_one_is_taken_over(store, context, hoor):
    seen = await preview(context, hoor)
    both = [apply_import(context, OPERATOR, hoor, fingerprint=seen.fingerprint) for _ in range(2)]

    answers = await asyncio.gather(*both, return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["Applied", "ImportChangedError"]
    assert len(await t.AuditEntry.select()) == 1
    assert (await preview(context, hoor)).changes_nothing


async def booked_class(municipality, label):
    """Give a class of Höör an active booking, and return the slot it is in."""
    plan, venue = await stored_plan(municipality), await shared_venue(municipality)
    slot = await stored_slot(plan, venue, day=date(2027, 3, 1))
    c = t.SchoolClass
    rows = await c.select(c.id).where(c.label == label).where(c.school_unit.code == "90012671")
    async with write_transaction():
        await slots.take_place(slot.id, (municipality.id,))
        await bookings.add_booking(
            municipality.id,
            plan=plan.id,
            slot=slot.id,
            school_class=rows[0]["id"],
            number=123456,
            state=BookingState.CONFIRMED,
            details=some_details(),
            uid="x@blaljus.example",
            now=NOW,
        )
    return slot


async def test_a_booked_class_that_disappears_needs_a_decision_and_stays(imported, take, hoor):
    await booked_class(imported, "4B")
    before = await dump()
    line = "90012671;4B;19;0;ordinarie;larare.90012671.4b@skola.example\r\n"

    seen = await take(edited(hoor, "klasser.csv", line, ""))

    assert [row.label for row in seen.difference.classes.undecided] == ["4B"]
    assert seen.changes_nothing
    assert await dump() == before


async def test_a_class_that_ended_begins_anew_with_the_same_id(imported, take, hoor):
    line = "90012671;4B;19;0;ordinarie;larare.90012671.4b@skola.example\r\n"
    before = await t.SchoolClass.select().order_by(t.SchoolClass.id)
    await take(edited(hoor, "klasser.csv", line, ""))

    seen = await take({"klasser.csv": hoor["klasser.csv"]})

    after = await t.SchoolClass.select().order_by(t.SchoolClass.id)
    assert [row.label for row in seen.difference.classes.added] == ["4B"]
    assert [{**row, "version": 0} for row in after] == [{**row, "version": 0} for row in before]
    assert sorted(row["version"] for row in after) == [1] * 9 + [3]


async def test_rows_missing_from_other_files_stay_and_are_told(imported, take, hoor):
    before = await dump()
    short = {
        name: b"\r\n".join(hoor[name].split(b"\r\n")[:2])
        for name in ("enheter.csv", "personal.csv")
    }
    units = json.loads(hoor["skolenheter.json"])
    short["skolenheter.json"] = json.dumps(units[:1]).encode()
    klasser = re.sub(r"90012677;.*\r\n", "", hoor["klasser.csv"].decode())

    seen = await take({**short, "klasser.csv": klasser.encode()})

    found = seen.difference
    assert len(found.school_units.missing) == 11
    assert len(found.agencies.missing) == 3
    assert len(found.staff.missing) == 20
    assert [row.label for row in found.classes.missing] == ["Klass 4"]
    assert await dump() == before


async def test_availability_of_others_and_of_other_days_stays(imported, take):
    before = await dump()

    seen = await take(
        {"tillganglighet.csv": b"personalref;datum;halvdag;lage\npolis-1;2027-01-13;fm;ledig\n"}
    )

    assert [(row.day, row.half) for row in seen.difference.availability.removed] == [
        (date(2027, 1, 13), Half.EM)
    ]
    assert len((await dump())["Availability"]) == len(before["Availability"]) - 1


async def test_days_off_of_another_school_year_stay(imported, take):
    file = "skolenhetskod;typ;namn;fran;till\n*;termin;HT 2027;2027-08-16;2027-12-21\n"

    seen = await take({"lasar.csv": file.encode()}, code="1267")

    assert seen.difference.blocks.counts == {"added": 1, "changed": 0, "removed": 0}
    assert seen.school_year == SchoolYear(2027)
    assert len(await t.CalendarBlock.select()) == 17


async def test_who_is_needed_and_can_no_longer_come_is_told_and_stays(imported, take, hoor):
    slot = await booked_class(imported, "4B")
    polis = (await t.StaffMember.select().where(t.StaffMember.reference == "polis-1"))[0]["id"]
    station = (await slots.list_stations([slot.id]))[0]
    async with write_transaction():
        await assignments.add_assignment(
            slot,
            station=station.id,
            staff=polis,
            state=AssignmentState.ACCEPTED,
            override_reason=None,
            uid="y@blaljus.example",
            now=NOW,
        )
    before = await t.Assignment.select()

    line = "polis-1;2027-03-01;fm;"
    seen = await take(edited(hoor, "tillganglighet.csv", f"{line}ledig", f"{line}nej"))

    assert [duty_text(duty, "sv") for duty in seen.warnings] == [
        "Polis 1 är inbokad mån 1 mars förmiddag men är inte längre ledig."
    ]
    assert await t.Assignment.select() == before


async def test_teachers_and_staff_get_one_account_each_however_they_are_spelt(imported, take, hoor):
    accounts = await t.Account.select().order_by(t.Account.id)
    louder = (
        hoor["klasser.csv"].decode().replace("larare.90012671.4a@skola", "Larare.90012671.4A@Skola")
    )

    seen = await take({"klasser.csv": louder.encode()})

    assert seen.changes_nothing
    assert await t.Account.select().order_by(t.Account.id) == accounts
    assert all(row["address_key"] == row["address"].casefold() for row in accounts)


async def test_a_second_teacher_added_by_hand_stays(imported, take, hoor):
    row = (await t.ClassTeacher.select())[0]
    extra = (await t.Account.insert(
        t.Account(address="b@x.se", address_key="b@x.se", language="sv", active=True)
    ).returning(t.Account.id))[0]["id"]  # fmt: skip
    await t.ClassTeacher.insert(
        t.ClassTeacher(municipality=imported.id, school_class=row["school_class"], account=extra)
    )

    assert (await take(hoor)).changes_nothing


@pytest.mark.parametrize("more", [1, 200])
async def test_the_number_of_statements_does_not_follow_the_number_of_rows(
    imported, context, hoor, more
):
    rows = [f"90012671;X{n};20;0;ordinarie;x{n}@skola.example" for n in range(more)]
    changed = hoor["klasser.csv"].decode().replace(";0;ordinarie", ";1;ordinarie")
    files = {
        "klasser.csv": (changed + "\r\n".join(rows)).encode(),
        "tillganglighet.csv": hoor["tillganglighet.csv"].replace(b";ledig", b";beredskap"),
    }
    seen = await preview(context, files)

    with count_statements() as statements:
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)

    assert seen.difference.classes.counts == {"added": more, "changed": 9, "removed": 0}
    assert seen.difference.availability.counts["changed"] > 1000
    assert len(statements) < 60


async def test_files_without_schools_need_a_municipality(store, context, hoor):
    agencies = {"enheter.csv": hoor["enheter.csv"]}

    with pytest.raises(NoMunicipalityError):
        await preview(context, agencies)
    seen = await preview(context, agencies, code="1267", name="Höör")

    assert (seen.problems, seen.is_new, seen.municipality_name) == ((), True, "Höör")


async def test_a_municipality_known_by_its_code_alone_gets_its_name_from_its_own_import(
    imported, take, hoor
):
    units = json.loads(hoor["skolenheter.json"])[:1]
    units[0]["data"]["schoolUnitCode"] = "90019999"
    units[0]["data"]["attributes"]["municipalityCode"] = "1266"
    units[0]["included"]["attributes"]["displayName"] = "Hörby kommun"

    await take({"skolenheter.json": json.dumps(units).encode()})

    rows = await t.Municipality.select().order_by(t.Municipality.id)
    assert [row["name"] for row in rows] == ["Höör", "Hörby", "Kommun 1285"]
    assert (await take(hoor)).changes_nothing


async def test_a_coordinator_imports_into_the_own_municipality_only(imported, context, hoor):
    other = await stored_municipality("1257", "Örkelljunga")
    person, foreign = await coordinator_of(imported), await coordinator_of(other)
    before = await dump()
    wish = {"municipality": imported.id, "school_year": YEAR}

    with pytest.raises(NotFoundError):
        await preview_own(context, foreign, hoor, **wish)
    with pytest.raises(NotFoundError):
        await apply_own(context, foreign, a_key(), hoor, fingerprint="", **wish)
    with pytest.raises(NotFoundError):
        await latest_import(context, foreign, imported.id)
    theirs = await preview_own(context, foreign, hoor, municipality=other.id, school_year=YEAR)

    codes = {problem.code for problem in theirs.problems}
    assert codes == {ProblemCode.FOREIGN_MUNICIPALITY, ProblemCode.TAKEN_ELSEWHERE}
    assert (await preview_own(context, person, hoor, **wish)).changes_nothing
    assert await dump() == before


async def test_a_coordinator_cannot_say_whom_an_agency_serves_elsewhere(imported, context, hoor):
    person = await coordinator_of(imported)
    files = edited(hoor, "enheter.csv", "polis;1267,1266,1285;", "polis;1267,1257;")

    seen = await preview_own(context, person, files, municipality=imported.id, school_year=YEAR)

    assert seen.problems == ()
    assert seen.changes_nothing


async def test_what_a_coordinator_changes_of_an_agency_leaves_its_service_elsewhere(
    imported, context, hoor
):
    person = await coordinator_of(imported)
    before = await dump()
    text = hoor["enheter.csv"].decode().replace("polis@lpo-eslov", "ny@lpo-eslov")
    files = {"enheter.csv": f"{text}Hemvärnet;partner;1267,1257;x@example.se\r\n".encode()}
    wish = {"municipality": imported.id, "school_year": YEAR}
    seen = await preview_own(context, person, files, **wish)

    await apply_own(context, person, a_key(), files, fingerprint=seen.fingerprint, **wish)

    after = await dump()
    assert touched(before, after) == {
        ("Agency", "address"),
        ("Agency", "version"),
        ("Agency", "+"),
        ("AgencyCoverage", "+"),
        ("AuditEntry", "+"),
        ("IdempotencyKey", "+"),
    }
    assert len(after["AgencyCoverage"]) == len(before["AgencyCoverage"]) + 1
    assert after["AgencyCoverage"][-1]["municipality"] == imported.id


async def test_a_coordinator_cannot_take_over_people_of_a_foreign_agency(imported, context):
    other = await stored_municipality("1257", "Örkelljunga")
    agency = await stored_agency(Service.POLICE, other, name="Polisen Nordväst")
    await stored_staff(agency, "nv-1")
    person = await coordinator_of(imported)
    staff = "personalref;enhet;visningsnamn;funktion;epost;skyddad\n"
    files = {
        "enheter.csv": "enhet;verksamhet;kommunkoder;epost\n"
        "POLISEN NORDVÄST;polis;1267;x@example.se\n",
        "personal.csv": f"{staff}NV-1;Lokalpolisområde Eslöv;Jag;polis;jag@example.se;nej\n",
    }

    seen = await preview_own(
        context,
        person,
        {name: text.encode() for name, text in files.items()},
        municipality=imported.id,
        school_year=YEAR,
    )

    assert [(problem.file, problem.value) for problem in seen.problems] == [
        ("enheter.csv", "POLISEN NORDVÄST"),
        ("personal.csv", "NV-1"),
    ]


async def test_an_operator_links_an_agency_that_another_municipality_brought(imported, take):
    other = await stored_municipality("1257", "Örkelljunga")
    agency = await stored_agency(Service.POLICE, other, name="Polisen Nordväst")

    await take(
        {
            "enheter.csv": "enhet;verksamhet;kommunkoder;epost\n"
            "Polisen Nordväst;polis;1257,1267;enhet@blaljus.example\n".encode()
        },
        code="1267",
    )

    c = t.AgencyCoverage
    rows = await c.select(c.municipality).where(c.agency == agency).order_by(c.municipality)
    assert [row["municipality"] for row in rows] == sorted([imported.id, other.id])


async def test_a_coordinators_second_click_gets_the_first_answer(imported, context, hoor):
    person = await coordinator_of(imported)
    wish = {"municipality": imported.id, "school_year": YEAR}
    files = edited(hoor, "klasser.csv", "90012671;4A;20;", "90012671;4A;22;")
    seen = await preview_own(context, person, files, **wish)
    key = a_key()

    answers = [
        await apply_own(context, person, key, files, fingerprint=seen.fingerprint, **wish)
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert answers[0].counts == {"klasser": {"added": 0, "changed": 1, "removed": 0}}
    assert len(await t.AuditEntry.select()) == 2


async def test_the_examples_we_hand_out_can_be_imported(imported, context):
    files = {f"{kind.value}.csv": template_csv(kind) for kind in EXAMPLES}
    known = {name: content.replace(b"12345678", b"90012671") for name, content in files.items()}

    seen = await preview(context, known, code="1267")

    assert seen.problems == ()
