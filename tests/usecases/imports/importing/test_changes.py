"""A changed file shows and makes exactly its change."""

import pytest
from importing_hoor import dump, edited, shown, touched

CHANGES = {
    "a class grows": (
        ("klasser.csv", "90012671;4A;20;0;", "90012671;4A;22;0;"),
        ["4A, Enebackeskolan, 22 elever: elever_ak4: 20 → 22"],
        {("SchoolClass", "year4_pupils"), ("SchoolClass", "version")},
    ),
    "a class gets another teacher": (
        ("klasser.csv", "larare.90012671.4a@skola", "ny@skola"),
        [
            (
                "4A, Enebackeskolan, 20 elever: "
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
        ["4B, Enebackeskolan, 19 elever"],
        {("SchoolClass", "active"), ("SchoolClass", "version")},
    ),
    "a class is spelt otherwise": (
        ("klasser.csv", "90012671;4B;", "90012671;4b;"),
        ["4b, Enebackeskolan, 19 elever: klass: 4B → 4b"],
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


async def test_the_former_file_brings_the_former_state_back(imported, take, hoor):
    before = await dump()

    for edit, _, _ in CHANGES.values():
        await take(edited(hoor, *edit))
        await take({edit[0]: hoor[edit[0]]})

    after = await dump()
    for table, key in (
        ("SchoolClass", "label"),
        ("SchoolUnit", "name"),
        ("StaffMember", "account"),
    ):
        assert [row[key] for row in after[table]] == [row[key] for row in before[table]]
    assert serving(after["AgencyCoverage"]) == serving(before["AgencyCoverage"])
    assert (await take(hoor)).changes_nothing


def serving(rows):
    """Return who serves whom, as (agency, municipality)."""
    return {(row["agency"], row["municipality"]) for row in rows if row["last_on"] is None}
