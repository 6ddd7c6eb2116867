"""What an import would change can be said, and says nothing that is private."""

from dataclasses import replace

import pytest

from blaljus.domain.differences import Changed, RowsDifference
from blaljus.domain.importing import Current, compare, span_of
from blaljus.domain.imports import FileKind, KnownCodes, StaffRow
from blaljus.intake.difference_views import MAX_ITEMS, file_views
from blaljus.intake.difference_words import FILE_NAMES, Wording, change_texts, row_title
from blaljus.intake.elsewhere import check_elsewhere
from blaljus.intake.examples import EXAMPLES, columns_of, template_csv
from blaljus.intake.files import read_import
from blaljus.intake.layouts import TABLES
from blaljus.intake.organisers import municipality_name
from blaljus.intake.references import check_references

SWEDISH = Wording(language="sv", schools={})


def a_person(**others):
    usual = {
        "ref": "polis-3",
        "agency": "Polisen",
        "display_name": "Polis 3",
        "function": "områdespolis",
        "address": "polis-3@blaljus.example",
        "protected": False,
    }
    return StaffRow(**{**usual, **others})


def test_what_is_stored_as_the_files_say_is_no_difference(hoor):
    import_ = read_import(hoor)[0]
    units = tuple(replace(row, starts_on=None, ends_on=None) for row in import_.school_units)
    current = Current(
        school_units=units,
        classes=import_.classes,
        blocks=import_.blocks,
        agencies=import_.agencies,
        staff=import_.staff,
        availability=import_.availability,
    )

    difference = compare(import_, current)

    assert difference.is_empty
    assert [found.unchanged for found in difference.files] == [12, 10, 16, 4, 21, 1460]
    sent = [kind for kind in FILE_NAMES if kind is not FileKind.NIGHTS]
    assert [found.kind for found in compare(import_, Current()).files] == sent


def test_changed_rows_are_not_counted_as_unchanged(hoor):
    import_ = read_import({"klasser.csv": hoor["klasser.csv"]})[0]
    first, second, *others = import_.classes
    stored = (replace(first, year4_pupils=first.year4_pupils + 1), second, *others[1:])

    (difference,) = compare(import_, Current(classes=stored)).files

    counts = (len(difference.added), len(difference.changed), difference.unchanged)
    assert counts == (1, 1, len(import_.classes) - 2)


def test_only_files_that_were_sent_have_a_difference(hoor):
    import_ = read_import({"klasser.csv": hoor["klasser.csv"]})[0]

    assert [found.kind for found in compare(import_, Current()).files] == [FileKind.CLASSES]


def test_a_file_of_availability_without_rows_speaks_of_nobody():
    assert span_of([]) is None


@pytest.mark.parametrize(
    ("was", "now", "texts"),
    [
        ({}, {"address": "x@y.se"}, ["epost: ändrad"]),
        ({}, {"display_name": "Polis 4"}, ["visningsnamn: Polis 3 → Polis 4"]),
        (
            {},
            {"display_name": "X", "protected": True},
            ["visningsnamn: ändrad", "skyddad: nej → ja"],
        ),
        ({"protected": True}, {"display_name": "X"}, ["visningsnamn: ändrad", "skyddad: ja → nej"]),
    ],
)
def test_names_of_protected_people_and_addresses_of_staff_are_not_shown(was, now, texts):
    changed = Changed(row=a_person(**now), was=a_person(**was))

    assert change_texts(changed, "sv") == texts


def test_a_protected_person_is_called_by_function():
    assert row_title(a_person(protected=True), SWEDISH) == "polis-3, områdespolis, Polisen"
    assert row_title(a_person(), SWEDISH) == "polis-3, Polis 3, Polisen"


def test_no_text_of_a_difference_holds_an_address_of_staff(hoor):
    difference = compare(read_import(hoor)[0], Current())

    views = file_views(difference, "sv", {})
    texts = [item for view in views for section in view.changes for item in section.items]

    assert not [text for text in texts if "@" in text]
    assert not [text for text in texts if "Polis 3" in text]


def test_long_lists_are_cut_and_the_rest_is_counted(hoor):
    view = file_views(compare(read_import(hoor)[0], Current()), "sv", {})[-1]

    assert (len(view.changes[0].items), view.changes[0].count) == (MAX_ITEMS, 1460)


def test_an_empty_difference_has_no_sections():
    assert RowsDifference(kind=FileKind.STAFF).is_empty


def test_what_others_use_is_told_by_row_and_column(hoor):
    elsewhere = KnownCodes(
        school_codes=frozenset({"90012671"}),
        agency_names=frozenset({"höörs kommun trafik"}),
        staff_refs=frozenset({"polis-2"}),
    )

    problems = check_elsewhere(read_import(hoor)[0], elsewhere=elsewhere)

    assert [(p.file, p.row, p.column, p.value) for p in problems] == [
        ("skolenheter.json", 1, "schoolUnitCode", "90012671"),
        ("enheter.csv", 5, "enhet", "Höörs kommun trafik"),
        ("personal.csv", 3, "personalref", "polis-2"),
    ]


@pytest.mark.parametrize(
    ("organiser", "place"),
    [
        ("Höörs kommun", "Höör"),
        ("Hörby kommun", "Hörby"),
        ("Eslövs kommun", "Eslöv"),
        ("Hofors kommun", "Hofors"),
        ("Strängnäs kommun", "Strängnäs"),
        ("Borås Stad", "Borås"),
        ("Region Gotland", "Region Gotland"),
        ("=Höörs kommun", None),
        ("", None),
        (None, None),
    ],
)
def test_a_municipality_is_named_by_its_schools(hoor, organiser, place):
    text = hoor["skolenheter.json"].decode()
    said = "null" if organiser is None else f'"{organiser}"'

    assert municipality_name(text.replace('"Höörs kommun"', said).encode()) == place


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"[1]", b"\xff\xfe", b"a;b", b"[" * 9999])
def test_what_is_no_list_of_schools_names_no_municipality(content):
    assert municipality_name(content) is None


def test_the_examples_are_sound_and_go_together():
    files = {FILE_NAMES[kind]: template_csv(kind) for kind in EXAMPLES}

    import_, problems = read_import(files)

    assert problems == ()
    known = KnownCodes(school_codes=frozenset({"12345678"}))
    assert check_references(import_, known=known) == ()
    assert {kind: len(rows) for kind, rows in EXAMPLES.items()} == {
        FileKind.CLASSES: len(import_.classes),
        FileKind.BLOCKS: len(import_.blocks),
        FileKind.AGENCIES: len(import_.agencies),
        FileKind.STAFF: len(import_.staff),
        FileKind.AVAILABILITY: len(import_.availability),
        FileKind.NIGHTS: len(import_.nights),
    }


def test_the_examples_have_the_columns_of_hoor(hoor):
    for layout in TABLES:
        needed = [column.name for column in layout.columns if not column.may_lack]
        first = hoor.get(FILE_NAMES[layout.kind], b"personalref;slutar").decode().splitlines()[0]
        assert ";".join(needed) == first
        assert set(needed) <= set(columns_of(layout.kind))
