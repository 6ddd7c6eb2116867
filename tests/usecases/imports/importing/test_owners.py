"""An import is one municipality's, and touches nobody else's."""

import json

import pytest
from factories import (
    a_key,
    coordinator_of,
    stored_agency,
    stored_municipality,
    stored_staff,
)
from importing_hoor import dump, edited, touched

from blaljus.domain.errors import NotFoundError
from blaljus.domain.imports import ProblemCode
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Service
from blaljus.store import tables as t
from blaljus.usecases.imports.importing import (
    NoMunicipalityError,
    apply_own,
    latest_import,
    preview,
    preview_own,
)

YEAR = SchoolYear(2026)


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
