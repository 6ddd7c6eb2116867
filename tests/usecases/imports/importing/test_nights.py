"""Nights at work as a file tells them: the whole truth of the people and the days it names."""

from datetime import date

from blaljus.store import agencies, nights
from blaljus.usecases.imports.importing import preview

FILE = "nattpass.csv"
HEAD = "personalref;slutar\r\n"


async def nights_of(reference):
    officer = await agencies.find_staff_by_reference(reference)
    return [day.day for _, day in await nights.list_nights([officer.id], date.min, date.max)]


def told(*rows):
    return {FILE: (HEAD + "".join(f"{ref};2027-03-{day}\r\n" for ref, day in rows)).encode()}


async def test_a_file_of_nights_rules_over_whom_and_when_it_names_but_not_under_a_duty(
    term, take, context
):
    """Polis 4 has duties on Monday 15 and Tuesday 16 March."""
    await take(told(("polis-4", 10), ("polis-4", 12), ("polis-4", 26), ("polis-1", 11)))

    seen = await take(told(("polis-4", 11), ("polis-4", 12), ("polis-4", 16)))

    found = seen.difference.nights
    assert found.counts == {"added": 1, "changed": 0, "removed": 0}
    assert [kept.row.day for kept in found.kept] == [date(2027, 3, 16)]
    assert await nights_of("polis-4") == [10, 11, 12, 26]
    assert await nights_of("polis-1") == [11]

    seen = await take(told(("polis-4", 10), ("polis-4", 26)))

    assert seen.difference.nights.counts == {"added": 0, "changed": 0, "removed": 2}
    assert await nights_of("polis-4") == [10, 26]
    assert (await preview(context, told(("polis-4", 10)))).changes_nothing


async def test_a_night_of_nobody_is_pointed_at(imported, context):
    seen = await preview(context, told(("nils", 10)))

    assert [(p.file, p.row, p.column, p.code.value) for p in seen.problems] == [
        (FILE, 2, "personalref", "unknown-staff")
    ]
