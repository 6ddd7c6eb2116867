"""Languages of classes and staff: optional columns, kept when a file leaves them out."""

import pytest

from blaljus.domain.localtime import SchoolYear
from blaljus.store import agencies, schools
from blaljus.usecases.imports.importing import preview
from blaljus.usecases.runs.problem import load_announced

CLASS = "90012671;4A;"


def with_language(content, column, **told):
    """Add a column to a file; `told` are the cells by a word that their line contains."""
    head, *lines = content.decode("utf-8-sig").split("\r\n")
    cells = [next((v for k, v in told.items() if k in line), "") for line in lines]
    rows = [f"{line};{cell}" for line, cell in zip(lines, cells, strict=True) if line]
    return "\r\n".join([f"{head};{column}", *rows, ""]).encode()


@pytest.fixture
def spoken(hoor):
    """Files in which one class needs a language that Ambulans 2 speaks, with another."""
    people = {"ambulans-2": '"Arabiska, somaliska"'}
    return {
        "klasser.csv": with_language(hoor["klasser.csv"], "sprak", **{CLASS: "arabiska"}),
        "personal.csv": with_language(hoor["personal.csv"], "sprak", **people),
    }


async def languages(municipality):
    classes = await schools.list_classes((municipality.id,), SchoolYear(2026))
    speaker = await agencies.find_staff_by_reference("ambulans-2")
    return {c.language for c in classes}, speaker.languages


async def test_languages_are_kept_by_files_that_do_not_tell_and_taken_back_by_empty_cells(
    imported, take, hoor, spoken, context
):
    told = ({"", "arabiska"}, ("arabiska", "somaliska"))

    seen = await take(spoken)
    assert seen.difference.classes.counts == {"added": 0, "changed": 1, "removed": 0}
    assert await languages(imported) == told

    without = {name: hoor[name] for name in spoken}
    assert (await preview(context, without)).changes_nothing
    older = without["klasser.csv"].replace(f"{CLASS}".encode() + b"2", f"{CLASS}".encode() + b"1")
    await take({"klasser.csv": older})
    assert await languages(imported) == told

    await take({name: with_language(content, "språk") for name, content in without.items()})
    assert await languages(imported) == ({""}, ())


async def test_the_planner_hears_of_languages(term, take, spoken, clock):
    await take(spoken)

    world = await load_announced(term.plan, clock=clock)

    speaker = await agencies.find_staff_by_reference("ambulans-2")
    (person,) = [who for who in world.problem.staff if who.id == speaker.id]
    assert person.languages == {"arabiska", "somaliska"}
    told = {c.id: c.language for c in world.problem.classes}
    (needed,) = [c.id for c in world.classes.values() if c.language]
    assert [c for c, language in told.items() if language == "arabiska"] == [needed]


async def test_what_is_no_language_is_pointed_at_without_being_shown(imported, hoor, context):
    people = {"ambulans-2": "arabiska 2"}

    seen = await preview(
        context, {"personal.csv": with_language(hoor["personal.csv"], "sprak", **people)}
    )

    (problem,) = seen.problems
    assert (problem.column, problem.code.value, problem.value) == ("sprak", "not-a-language", "")
