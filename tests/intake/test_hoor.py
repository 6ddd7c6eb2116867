"""Höör's own files, in every way people save them."""

import csv
import io
from datetime import date

import pytest

from blaljus.domain.imports import (
    AgencyRow,
    AvailabilityRow,
    BlockRow,
    ClassRow,
    KnownCodes,
    StaffRow,
)
from blaljus.domain.words import (
    AvailabilityState,
    BlockKind,
    ClassKind,
    Half,
    SchoolStatus,
    Service,
)
from blaljus.intake.files import read_import
from blaljus.intake.references import check_references

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
LINE_ENDS = ("\r\n", "\n", "\r")


def saved_as(content, encoding, separator, line_end, *, quoting=csv.QUOTE_MINIMAL):
    rows = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=";")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(rows)
    return out.getvalue().encode(encoding)


def changed_tables(files, change):
    return {
        name: change(content) if name.endswith(".csv") else content
        for name, content in files.items()
    }


def test_hoor_reads_without_a_problem(hoor):
    import_, problems = read_import(hoor)

    assert problems == ()
    assert check_references(import_, known=KnownCodes()) == ()
    assert check_references(import_, known=KnownCodes(municipality_codes=frozenset({"1267"}))) == ()


def test_hoor_has_its_known_counts(hoor):
    import_, _ = read_import(hoor)

    assert len(import_.school_units) == 12
    assert len(import_.classes) == 10
    assert sum(row.year4_pupils for row in import_.classes) == 203
    assert len(import_.blocks) == 16
    assert len(import_.agencies) == 4
    assert len(import_.staff) == 21
    assert [row.ref for row in import_.staff if row.protected] == ["polis-3"]
    assert len(import_.availability) == 1460


def test_one_row_of_each_table_holds_what_the_file_says(hoor):
    import_, _ = read_import(hoor)

    assert import_.classes[8] == ClassRow(
        school_code="90012678",
        label="Mellan 4-6",
        year4_pupils=20,
        other_pupils=27,
        kind=ClassKind.MIXED,
        teacher_address="larare.90012678.mellan4-6@skola.example",
    )
    assert import_.blocks[14] == BlockRow(
        school_code="90012678",
        kind=BlockKind.NATIONAL_TEST,
        name="NP åk 6",
        first_on=date(2027, 4, 13),
        last_on=date(2027, 4, 15),
    )
    assert import_.blocks[0].school_code is None
    assert import_.agencies[1] == AgencyRow(
        name="Räddningstjänsten Skånemitt",
        service=Service.RESCUE,
        municipality_codes=("1266", "1267"),
        address="info@skanemitt.example",
    )
    assert import_.staff[2] == StaffRow(
        ref="polis-3",
        agency="Lokalpolisområde Eslöv",
        display_name="Polis 3",
        function="områdespolis",
        address="polis-3@blaljus.example",
        protected=True,
    )
    assert import_.availability[0] == AvailabilityRow(
        staff_ref="polis-1", day=date(2027, 1, 13), half=Half.FM, state=AvailabilityState.FREE
    )


def test_units_outside_the_ordinary_are_read_too(hoor):
    import_, _ = read_import(hoor)
    units = {unit.code: unit for unit in import_.school_units}

    assert units["90012690"].status is SchoolStatus.CLOSED
    assert units["90012690"].ends_on == date(2024, 6, 30)
    assert units["90012691"].status is SchoolStatus.PLANNED
    assert units["90012692"].latitude is None
    assert units["90012692"].locality == "Höör"
    assert not units["90012675"].has_year4
    assert sum(unit.has_year4 for unit in units.values()) == 10


def test_calendars_are_left_aside_and_named(hoor):
    import_, _ = read_import({**hoor, "README.md": b"# Text"})

    assert import_.ignored == (
        "README.md",
        "tjanstgoring-ambulans-2.ics",
        "tjanstgoring-polis-1.ics",
    )
    assert import_.files == (
        "enheter.csv",
        "klasser.csv",
        "lasar.csv",
        "personal.csv",
        "skolenheter.json",
        "tillganglighet.csv",
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", list(";,\t"))
@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_encoding_separator_and_line_end_do_not_matter(hoor, encoding, separator, line_end):
    variant = changed_tables(hoor, lambda text: saved_as(text, encoding, separator, line_end))
    variant["skolenheter.json"] = hoor["skolenheter.json"].decode().encode(encoding)

    assert read_import(variant) == read_import(hoor)


def test_quotes_around_everything_do_not_matter(hoor):
    variant = changed_tables(
        hoor, lambda text: saved_as(text, "utf-8", ",", "\n", quoting=csv.QUOTE_ALL)
    )

    assert read_import(variant) == read_import(hoor)


def test_blank_lines_and_empty_columns_at_the_end_do_not_matter(hoor):
    def padded(content):
        lines = content.decode().splitlines()
        return "\r\n\r\n;;;\r\n".join(["", *(f"{line};; ;" for line in lines), ""]).encode()

    assert read_import(changed_tables(hoor, padded)) == read_import(hoor)


def test_lines_are_counted_as_an_editor_counts_them(hoor):
    padded = hoor["klasser.csv"].replace(b"\r\n", b"\r\n\r\n")

    import_, _ = read_import({**hoor, "klasser.csv": padded})

    assert [row.line for row in import_.classes] == list(range(3, 23, 2))


def test_the_separator_line_of_excel_does_not_matter(hoor):
    for line_end in LINE_ENDS:
        variant = changed_tables(
            hoor,
            lambda text, end=line_end: f"sep=,{end}".encode() + saved_as(text, "utf-8", ",", end),
        )

        assert read_import(variant) == read_import(hoor)


def test_order_and_case_of_columns_do_not_matter(hoor):
    def reversed_columns(content):
        lines = [line.split(";")[::-1] for line in content.decode().splitlines()]
        lines[0] = [name.upper() for name in lines[0]]
        return "\r\n".join(";".join(line) for line in lines).encode()

    assert read_import(changed_tables(hoor, reversed_columns)) == read_import(hoor)


def test_swedish_spelling_of_columns_and_words_does_not_matter(hoor):
    spelling = {
        "fran;till": "Från;Till",
        "lage": "Läge",
        "elever_ak4": "Elever åk4",
        "ovriga_elever": "Övriga elever",
        "epost": "E-post",
        "raddningstjanst;": "Räddningstjänst;",
        "ledig": "Ledig",
        ";ja": ";JA",
        "nationella prov": "Nationella_prov",
    }

    def swedish(content):
        text = content.decode()
        for plain, other in spelling.items():
            text = text.replace(plain, other)
        return text.encode()

    assert read_import(changed_tables(hoor, swedish)) == read_import(hoor)


def test_spaces_invisible_signs_and_split_letters_do_not_matter(hoor):
    def messy(content):
        lines = [line.split(";") for line in content.decode().splitlines()]
        text = "\r\n".join(";".join(f" \u00a0{cell}\u200b " for cell in line) for line in lines)
        return text.replace("ö", "o\u0308").encode()

    assert read_import(changed_tables(hoor, messy)) == read_import(hoor)


def test_names_of_files_may_differ_in_case_ending_and_accents(hoor):
    renamed = {
        "Klasser.TXT": hoor["klasser.csv"],
        "LÄSÅR.csv": hoor["lasar.csv"],
        r"C:\Skola\tillgänglighet.CSV": hoor["tillganglighet.csv"],
        "a/b/enheter.csv": hoor["enheter.csv"],
        "personal.csv": hoor["personal.csv"],
        "skolenheter.json": hoor["skolenheter.json"],
    }

    import_, problems = read_import(renamed)

    expected, _ = read_import(hoor)
    assert problems == ()
    assert import_.classes == expected.classes
    assert import_.blocks == expected.blocks
    assert import_.availability == expected.availability


def test_a_file_of_any_name_is_known_by_its_header(hoor):
    names = {name: f"nedladdning ({i})" for i, name in enumerate(hoor) if ".ics" not in name}

    import_, problems = read_import({names[name]: hoor[name] for name in names})

    expected, _ = read_import(hoor)
    assert problems == ()
    assert import_.school_units == expected.school_units
    assert import_.staff == expected.staff
    assert import_.agencies == expected.agencies
