"""What is planned is looked at before files change anything about it."""

import re
from dataclasses import replace
from datetime import date

import pytest
from factories import a_key, stored_slot
from importing_hoor import dump, edited

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.domain.words import AvailabilityState, CancelCause, FeedKind, Half
from blaljus.intake.consequence_words import warnings
from blaljus.intake.difference_views import file_views
from blaljus.intake.difference_words import Wording
from blaljus.intake.words import problem_text
from blaljus.store import agencies
from blaljus.store import tables as t
from blaljus.store.entries import list_fragments
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.followup.coverage import get_coverage
from blaljus.usecases.imports.importing import ImportChangedError, apply_import, preview
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import withdraw_person

TUESDAY = date(2027, 3, 16)
YEAR = SchoolYear(2026)


def told(seen):
    """Return what to think of, and where something can be done about it."""
    found = warnings(seen.follows, Wording(language="sv", schools=seen.schools))
    return [(warned.tag, warned.text, warned.slot) for warned in found]


def with_day_off(hoor, school="90012671", day=TUESDAY, kind="studiedag"):
    row = f"{school};{kind};Kompetensdag;{day};{day}\r\n"
    return {"lasar.csv": hoor["lasar.csv"] + row.encode()}


async def test_classes_with_a_time_on_a_new_day_off_are_told(term, take, hoor):
    seen = await take(with_day_off(hoor))

    assert told(seen) == [
        (
            "Ledig dag",
            (
                "4B, Enebackeskolan har tid tis 16 mars förmiddag, Brandstationen i Höör, men då "
                "är det Kompetensdag. Ge klassen en annan tid."
            ),
            term.shared.id,
        ),
        (
            "Ledig dag",
            (
                "4A, Enebackeskolan har tid tis 16 mars eftermiddag, Enebackeskolan, men då är det "
                "Kompetensdag. Ge klassen en annan tid."
            ),
            term.school.id,
        ),
    ]
    assert told(await take(with_day_off(hoor))) == []


async def test_a_time_on_a_day_off_is_flagged_until_the_class_has_another(
    term, take, hoor, clock, context
):
    before = await rows_of(term, clock)
    await take(with_day_off(hoor))
    after = await rows_of(term, clock)
    hit, spared = after["4B, Enebackeskolan"], after["4A, Maglehillsskolan"]
    await cancel_booking(
        context,
        term.coordinator,
        a_key(),
        number=hit.booking.number,
        cause=CancelCause.ILLNESS,
    )
    freed = (await rows_of(term, clock))["4B, Enebackeskolan"]

    assert hit == replace(before["4B, Enebackeskolan"], day_off="Kompetensdag")
    assert spared == before["4A, Maglehillsskolan"]
    assert freed.day_off == ""


async def rows_of(term, clock):
    matrix = await get_coverage(term.municipality.id, YEAR, clock=clock)
    return {row.school_class.name: row for row in matrix.rows}


@pytest.mark.parametrize(
    "spared",
    [
        {"school": "90012673"},
        {"kind": "termin"},
        {"day": date(2027, 3, 17)},
    ],
    ids=["another school's", "a term", "another day"],
)
async def test_a_day_off_that_concerns_no_class_is_told_to_nobody(term, take, hoor, spared):
    assert told(await take(with_day_off(hoor, **spared))) == []


async def test_a_day_that_was_off_already_is_no_news(term, take, hoor):
    await take(with_day_off(hoor))

    renamed = with_day_off(hoor)["lasar.csv"].replace(b"Kompetensdag", b"Studiedag")

    assert told(await take({"lasar.csv": renamed})) == []


async def test_a_staffed_time_that_nobody_booked_is_told_when_everybody_is_off(
    term, take, hoor, context, assign
):
    slot = await stored_slot(term.plan, term.venue, day=date(2027, 3, 15), half=Half.EM)
    await assign(context, term.coordinator, "polis-4", slot)

    of_one_school = await take(with_day_off(hoor, day=date(2027, 3, 15)))
    of_all = await take(with_day_off(hoor, school="*", day=date(2027, 3, 15)))

    assert told(of_one_school) == []
    assert [(tag, where) for tag, _, where in told(of_all)] == [("Ledig dag", slot.id)]
    assert "har personal, men då är det Kompetensdag. Ställ in det." in told(of_all)[0][1]


async def test_a_booking_made_meanwhile_makes_the_day_off_be_looked_at_again(
    term, context, hoor, book
):
    files = with_day_off(hoor, school="90012673")
    seen = await preview(context, files)
    await book(context, term.coordinator, "90012673", "4A", term.shared)

    with pytest.raises(ImportChangedError):
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)

    assert [tag for tag, *_ in told(await preview(context, files))] == ["Ledig dag"]


LINES = {
    "own": (
        "polis-4;2027-03-16;fm;",
        "polis-4, 2027-03-16, Förmiddag: Ledig – Brandstationen i Höör",
    ),
    "foreign": (
        "polis-4;2027-03-15;fm;",
        "polis-4, 2027-03-15, Förmiddag: Ledig – ett pass i en annan kommun",
    ),
}


@pytest.mark.parametrize("state", ["nej", "beredskap"])
@pytest.mark.parametrize("where", LINES)
async def test_a_half_day_under_a_duty_stays_whatever_the_file_says(term, take, hoor, where, state):
    line, text = LINES[where]
    files = edited(hoor, "tillganglighet.csv", f"{line}ledig", f"{line}{state}")
    before = await dump()

    seen = await take(files)

    stays = file_views(seen.difference, "sv", seen.schools)[0].stays
    assert [section.items for section in stays] == [(text,)]
    assert seen.changes_nothing
    assert await dump() == before
    assert not [finding for _, findings in await verify_store() for finding in findings]


async def test_a_row_that_is_missing_leaves_the_half_day_under_a_duty_too(term, take, hoor):
    content = hoor["tillganglighet.csv"]
    for half in (b"fm", b"em"):
        content = content.replace(b"polis-4;2027-03-16;" + half + b";ledig\r\n", b"")

    seen = await take({"tillganglighet.csv": content})

    found = seen.difference.availability
    assert [(kept.row.half, kept.duty.place) for kept in found.kept] == [
        (Half.EM, "Enebackeskolan"),
        (Half.FM, "Brandstationen i Höör"),
    ]
    assert seen.changes_nothing


async def test_who_gets_freer_is_believed_and_a_duty_that_ended_keeps_nothing(
    term, take, hoor, context
):
    officer = await agencies.find_staff_by_reference("polis-4")
    line = "polis-4;2027-03-16;fm;"
    a = t.Availability
    await a.update({a.state: "on_call"}).where(
        (a.staff == officer.id) & (a.day == TUESDAY) & (a.half == "fm")
    )

    await take({"tillganglighet.csv": hoor["tillganglighet.csv"]})
    freer = await agencies.availability_on(officer.id, TUESDAY, Half.FM)
    await withdraw_person(context, term.coordinator, a_key(), assignment_id=term.duties["shared"])
    seen = await take(edited(hoor, "tillganglighet.csv", f"{line}ledig", f"{line}nej"))

    assert freer is AvailabilityState.FREE
    assert seen.difference.availability.counts == {"added": 0, "changed": 0, "removed": 1}
    assert seen.difference.availability.kept == ()


async def test_a_duty_made_meanwhile_makes_the_half_day_be_looked_at_again(
    term, context, hoor, assign
):
    line = "polis-4;2027-03-15;em;"
    files = edited(hoor, "tillganglighet.csv", f"{line}ledig", f"{line}nej")
    seen = await preview(context, files)
    slot = await stored_slot(term.plan, term.venue, day=date(2027, 3, 15), half=Half.EM)
    await assign(context, term.coordinator, "polis-4", slot)

    with pytest.raises(ImportChangedError):
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)


HERE = (
    "Uppdraget passar inte efter ändringen: Polis 4, 2027-03-16 {}. Byt ut personen på passets "
    "sida först, eller låt värdet stå som förut."
)
THERE = (
    "Personen har ett pass i en annan kommun som inte passar efter ändringen: Polis 4. Be "
    "samordnaren där att byta ut personen först, eller låt värdet stå som förut."
)
SHARED, SCHOOL = HERE.format("fm, Brandstationen i Höör"), HERE.format("em, Enebackeskolan")

MISFITS = {
    "another service": (
        ("personal.csv", "polis-4;Lokalpolisområde Eslöv", "polis-4;Räddningstjänsten Skånemitt"),
        [("personal.csv", 5, "enhet", text) for text in (THERE, SHARED, SCHOOL)],
    ),
    "a partner": (
        ("personal.csv", "polis-4;Lokalpolisområde Eslöv", "polis-4;Höörs kommun trafik"),
        [("personal.csv", 5, "enhet", text) for text in (THERE, SHARED, SCHOOL)],
    ),
    "the agency does something else": (
        ("enheter.csv", "Eslöv;polis;", "Eslöv;ambulans;"),
        [("enheter.csv", 2, "verksamhet", text) for text in (THERE, SHARED, SCHOOL)],
    ),
    "the agency leaves another municipality": (
        ("enheter.csv", "polis;1267,1266,1285;", "polis;1266,1267;"),
        [("enheter.csv", 2, "kommunkoder", THERE)],
    ),
}


@pytest.mark.parametrize("change", MISFITS)
async def test_nobody_is_left_with_a_duty_that_is_not_theirs_to_do(term, context, hoor, change):
    edit, expected = MISFITS[change]

    seen = await preview(context, edited(hoor, *edit))

    problems = [(p.file, p.row, p.column, problem_text(p, str)) for p in seen.problems]
    assert problems == expected


async def test_a_coordinator_cannot_end_a_service_elsewhere_so_that_is_no_misfit(
    term, context, hoor
):
    files = edited(hoor, "enheter.csv", "polis;1267,1266,1285;", "polis;1266,1267;")

    seen = await preview(context, files, scope=term.municipality.id)

    assert seen.problems == ()


NEW_AGENCY = "Lokalpolisområde Hörby;polis;{};hem@polisen.example\r\n"


def moved_to_new_agency(hoor, codes):
    old, new = "polis-4;Lokalpolisområde Eslöv", "polis-4;Lokalpolisområde Hörby"
    files = edited(hoor, "personal.csv", old, new)
    return {**files, "enheter.csv": hoor["enheter.csv"] + NEW_AGENCY.format(codes).encode()}


async def test_who_moves_to_an_agency_that_serves_elsewhere_cannot_keep_the_duties(
    term, context, hoor
):
    seen = await preview(context, moved_to_new_agency(hoor, "1267"))

    assert [(p.row, p.column, p.value) for p in seen.problems] == [(5, "enhet", "Polis 4")]


async def test_duties_that_fit_come_along_to_another_agency_and_into_its_calendar(
    term, take, hoor, clock
):
    old = await agencies.find_agency("Lokalpolisområde Eslöv")
    before = await shown_to(old, clock)

    seen = await take(moved_to_new_agency(hoor, "1267,1285"))

    new = await agencies.find_agency("Lokalpolisområde Hörby")
    assert told(seen) == [("Ny enhet", "Polis 4 byter enhet och behåller sina uppdrag: 3.", None)]
    assert await shown_to(old, clock) == []
    assert await shown_to(new, clock) == before
    assert len(before) == 3
    assert not [finding for _, findings in await verify_store() for finding in findings]


async def shown_to(agency, clock):
    """The events of an agency's calendar, by UID."""
    fragments = await list_fragments(FeedKind.AGENCY, agency.id, clock())
    return [re.search("UID:(.+)\r", fragment)[1] for fragment in fragments if fragment]


async def test_a_school_that_closes_with_times_to_come_is_told(term, take, hoor):
    files = edited(
        hoor,
        "skolenheter.json",
        '"displayName": "Enebackeskolan",\n    "status": "AKTIV"',
        '"displayName": "Enebackeskolan",\n    "status": "UPPHORT"',
    )

    assert told(await take(files)) == [
        (
            "Skolan stängs",
            "Enebackeskolan får status Upphört men är med i pass som kommer: 2.",
            None,
        )
    ]


async def test_long_lists_of_warnings_are_cut_and_the_rest_is_counted(term, context, hoor):
    seen = await preview(context, with_day_off(hoor))
    days_off = seen.follows.days_off[:1] * 53

    many = replace(seen, follows=replace(seen.follows, days_off=days_off))

    assert len(told(many)) == 51
    assert told(many)[-1] == ("Ledig dag", "… och 3 till", None)
