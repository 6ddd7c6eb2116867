"""What is no table is named for what it is."""

import io
import random
import time
import zipfile
from functools import cache

import pytest

from blaljus.domain.imports import Import, ImportProblem, ProblemCode
from blaljus.intake.files import read_import

HEADER = "skolenhetskod;klass;elever_ak4;ovriga_elever;klasstyp;epost_larare"
ROW = "90012671;4A;20;0;ordinarie;larare@skola.example"


def problem(code, *, file="klasser.csv", row=None, column=None, value=""):
    return ImportProblem(file=file, row=row, column=column, code=ProblemCode(code), value=value)


def zipped(name):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", problem("empty-file")),
        (b"\xef\xbb\xbf \r\n\r\n", problem("empty-file")),
        (b"a;b\n" * 300_000, problem("too-large")),
        (zipped("xl/workbook.xml"), problem("looks-like-excel")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", problem("looks-like-excel")),
        (zipped("klasser.csv"), problem("looks-like-zip")),
        (b"%PDF-1.7\n", problem("looks-like-pdf")),
        (b"\x89PNG\r\n\x1a\n", problem("looks-like-image")),
        (b"\xff\xd8\xff\xe0", problem("looks-like-image")),
        (b"<!doctype html><title>Logga in</title>", problem("looks-like-html")),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', problem("looks-like-html")),
        (b'{"a": 1}', problem("looks-like-json")),
        (b" [1, 2]", problem("looks-like-json")),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", problem("looks-like-calendar")),
        (HEADER.encode("utf-16-le"), problem("not-text")),
        (b"\xff\xfea", problem("not-text")),
        (b"\x81\x8d\x8f\x90\x9d", problem("not-text")),
        (b"Ett brev p\xe5 svenska.", problem("no-header", row=1, value="Ett brev på svenska.")),
        (b"\n\n;;\nkol1;kol2", problem("no-header", row=4, value="kol1;kol2")),
        (b'"skolenhetskod;klass', problem("no-header", row=1)),
        (f"{HEADER}\n{ROW}\nRÃ¤ddning;".encode(), problem("broken-letters", row=3)),
        (f"{HEADER}\r{ROW}ö\r".encode() + b"\xe4", problem("broken-letters", row=2)),
        (f"{HEADER}\n{ROW}\nMåns;".encode("cp850"), problem("broken-letters", row=3)),
        (f"{HEADER}\n{ROW}\nHöör;".encode("cp850"), problem("broken-letters", row=3)),
        (f"{HEADER}\n{ROW}\nRäddning;".encode("mac_roman"), problem("broken-letters", row=3)),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_told_once(content, expected):
    import_, problems = read_import({"klasser.csv": content})

    assert problems == (expected,)
    assert import_.classes == ()
    assert import_.files == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            HEADER.replace("klasstyp;", ""),
            [problem("missing-column", row=1, column="klasstyp")],
        ),
        (
            HEADER.replace("klasstyp", "Klassens sort"),
            [
                problem("missing-column", row=1, column="klasstyp"),
                problem("unknown-column", row=1, column="Klassens sort", value="Klassens sort"),
            ],
        ),
        (
            f"{HEADER};Klass",
            [problem("column-twice", row=1, column="Klass", value="Klass")],
        ),
        (
            f"{HEADER};19811228-9874",
            [problem("unknown-column", row=1, column="••••••-••••", value="••••••-••••")],
        ),
        (
            "klass",
            [
                problem("missing-column", row=1, column=name)
                for name in HEADER.split(";")
                if name != "klass"
            ],
        ),
    ],
)
def test_a_wrong_header_is_told_once_per_column_not_once_per_row(header, expected):
    cells = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True))
    row = ";".join(cells.get(name, "") for name in header.split(";"))

    _, problems = read_import({"klasser.csv": f"{header}\n{row}\n{row}5\n".encode()})

    told = [item for item in problems if item.row == 1]
    assert told == expected


def test_a_value_under_no_name_is_told():
    text = HEADER.replace(";klass;", ";klass;;") + "\n" + ROW.replace(";4A;", ";4A;x;")

    _, problems = read_import({"klasser.csv": text.encode()})

    assert problems == (problem("too-many-cells", row=2, value="x"),)


def test_a_quote_that_is_never_closed_is_told_where_it_opens():
    text = f'{HEADER}\n{ROW}\n90012672;"4B;20;0;ordinarie;a@b.se\n{ROW}\n'

    import_, problems = read_import({"klasser.csv": text.encode()})

    assert problems == (problem("bad-quoting", row=3),)
    assert len(import_.classes) == 1


def test_rows_after_a_misplaced_quote_are_read_on():
    text = f'{HEADER}\n90012671;"4A"B;20;0;ordinarie;a@b.se\n{ROW.replace("20", "-2")}\n'

    _, problems = read_import({"klasser.csv": text.encode()})

    assert problems == (
        problem("bad-quoting", row=2),
        problem("negative", row=3, column="elever_ak4", value="-2"),
    )


def test_a_header_alone_is_a_table_of_no_rows():
    assert read_import({"klasser.csv": HEADER.encode()})[1] == ()


def test_more_rows_than_an_import_holds_are_refused():
    rows = "\n".join(["x"] * 40_001)

    _, problems = read_import({"klasser.csv": f"{HEADER}\n{rows}".encode()})

    # Each row has one unreadable code and five missing values; the file's last word is the limit.
    assert problems[-1] == problem("more-problems", value=str(40_000 * 6 + 1 - 200))


def test_a_file_nobody_knows_is_told():
    _, problems = read_import({"brev.txt": b"Hej!", "Bok1.xlsx": zipped("xl/workbook.xml")})

    assert problems == (
        problem("looks-like-excel", file="Bok1.xlsx"),
        problem("unknown-file", file="brev.txt"),
    )


def test_two_files_of_one_kind_are_not_guessed_between():
    files = {"klasser.csv": f"{HEADER}\n{ROW}".encode(), "klasser2.csv": HEADER.encode()}

    import_, problems = read_import(files)

    assert problems == (problem("same-kind-twice", file="klasser2.csv"),)
    assert len(import_.classes) == 1


def test_nothing_to_read_is_told():
    nothing = problem("no-files", file="")

    assert read_import({}) == (Import(), (nothing,))
    assert read_import({"duty.ics": b"BEGIN:VCALENDAR"}) == (
        Import(ignored=("duty.ics",)),
        (nothing,),
    )
    assert read_import({".DS_Store": b"\0\0"})[1] == (nothing,)


def test_too_many_files_are_not_read():
    _, problems = read_import({f"{i:03}.ics": b"" for i in range(51)})

    assert problems == (problem("too-many-files", file="", value="50"),)


def test_the_name_of_a_file_is_cleaned_before_it_is_shown():
    _, problems = read_import({"../../etc/19811228-9874\x1b[31m.csv": b""})

    assert problems == (problem("empty-file", file="••••••-••••[31m.csv"),)


@cache
def worst_cases():
    rng = random.Random(1267)  # noqa: S311 -- the same noise in every run
    mebibyte = 1024 * 1024
    return {
        "two megabytes of random bytes": rng.randbytes(2 * mebibyte),
        "random bytes within the limit": rng.randbytes(mebibyte),
        "random letters": bytes(rng.choices(b'abc;"\n=,\t', k=mebibyte)),
        "blank lines": b"\n" * (mebibyte - 1) + b"x",
        "separators": b";\n" * (mebibyte // 2 - 1) + b"x",
        "quotes": b'"\n' * (mebibyte // 2),
        "lone quotes in rows": HEADER.encode() + b'\n"a"b' * (mebibyte // 6),
        "one line": b"1" * mebibyte,
        "a header of cells": b"klass;" * (mebibyte // 6),
        "rows of digits": HEADER.encode() + b"\n123456" * (mebibyte // 8),
        "rows of dates": HEADER.encode() + b"\n" + b"811228 9875;" * (mebibyte // 13),
    }


@pytest.mark.parametrize("case", list(worst_cases()))
@pytest.mark.parametrize("name", ["klasser.csv", "okand.csv", "skolenheter.json"])
def test_a_megabyte_of_anything_is_answered_quickly(case, name):
    content = worst_cases()[case]
    start = time.process_time()

    _, problems = read_import({name: content})

    # Generous: a slow machine under load takes a second, a runaway takes minutes.
    assert time.process_time() - start < 10
    assert problems
