"""Höör's files make one database, however they are written, and make it once."""

import json

import pytest
from factories import (
    coordinator_of,
)
from importing_hoor import dump

from blaljus.domain.people import OPERATOR
from blaljus.intake.examples import EXAMPLES, template_csv
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.imports.importing import (
    apply_import,
    latest_import,
    preview,
)


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


async def test_the_examples_we_hand_out_can_be_imported(imported, context):
    files = {f"{kind.value}.csv": template_csv(kind) for kind in EXAMPLES}
    known = {name: content.replace(b"12345678", b"90012671") for name, content in files.items()}

    seen = await preview(context, known, code="1267")

    assert seen.problems == ()
