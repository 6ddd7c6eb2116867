"""Bad files, faults and races leave nothing half done."""

import asyncio

import pytest
from importing_hoor import dump, edited

from blaljus.domain.people import OPERATOR
from blaljus.store import failpoints
from blaljus.store import tables as t
from blaljus.usecases.imports.importing import (
    ImportChangedError,
    ImportProblemsError,
    apply_import,
    preview,
)

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
