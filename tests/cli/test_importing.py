"""`blaljus import`, as an operator types it."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import blaljus.demo
from blaljus.cli.importing import import_command

HOOR = Path(blaljus.demo.__path__[0]) / "hoor"


@pytest.fixture
def folder(tmp_path):
    """A copy of Höör's files that a test may change."""
    made = tmp_path / "hoor"
    made.mkdir()
    for path in HOOR.iterdir():
        (made / path.name).write_bytes(path.read_bytes())
    return made


@pytest.fixture
def command(sqlite_url, monkeypatch):
    """Run the command on a database of its own; returns exit status and output."""
    monkeypatch.setenv("BLALJUS_MODE", "demo")
    monkeypatch.setenv("BLALJUS_DATABASE_URL", sqlite_url)

    def run(*words, typed=None):
        result = CliRunner().invoke(import_command, list(map(str, words)), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


def change(folder, name, old, new):
    path = folder / name
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def test_a_first_import_is_not_asked_about_and_the_second_changes_nothing(command, folder):
    first = command(folder)
    second = command(folder)

    assert first[0] == second[0] == 0
    assert "Höör (1267), läsåret 2026/27" in first[1]
    assert "tillganglighet.csv: 1460 nya, 0 ändrade, 0 bort, 0 lika" in first[1]
    assert "Har inte svarat: Fristående skola utan svar (demo) (90012692)" in first[1]
    assert "Inläst." in first[1]
    assert "Filerna ändrar ingenting." in second[1]
    assert "Inläst." not in second[1]


def test_a_difference_is_shown_and_applied_only_when_told_so(command, folder):
    command(folder)
    change(folder, "klasser.csv", "90012671;4A;20;", "90012671;4A;22;")

    dry = command(folder, "--dry-run")
    piped = command(folder)
    told = command(folder, "--yes")
    again = command(folder, "--yes")

    for status, output in (dry, piped, told):
        assert "4A, Enebackeskolan, 22 elever: elever_ak4: 20 → 22" in output
        assert status == (2 if output == piped[1] else 0)
    assert "Ange --yes" in piped[1]
    assert "Filerna ändrar ingenting." in again[1]


def test_what_changed_while_one_read_is_not_taken_over(command, folder, sqlite_url, monkeypatch):
    command(folder)
    change(folder, "klasser.csv", "90012671;4A;20;", "90012671;4A;22;")

    def somebody_was_quicker(*_):
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("UPDATE school_class SET year4_pupils = 21 WHERE label = '4A'")
            connection.commit()
        return True

    with monkeypatch.context() as patch:
        patch.setattr("blaljus.cli.importing._agreed", somebody_was_quicker)
        status, output = command(folder)

    assert status == 2
    assert "Något har ändrats sedan skillnaden visades. Inget har lästs in" in output
    assert "elever_ak4: 21 → 22" in command(folder, "--dry-run")[1]


def test_a_yes_at_the_terminal_applies_and_a_no_does_not(command, folder, monkeypatch):
    command(folder)
    change(folder, "klasser.csv", "90012671;4A;20;", "90012671;4A;22;")
    monkeypatch.setattr("blaljus.cli.importing._is_terminal", lambda: True)

    no = command(folder, typed="n\n")
    yes = command(folder, typed="y\n")

    assert "Inläst." not in no[1]
    assert "1 ändrade" in yes[1]
    assert "Inläst." in yes[1]


def test_problems_are_printed_by_file_row_column_and_reason(command, folder):
    change(folder, "klasser.csv", "90012671;4B;19;", "9001267;4B;-1;")
    change(folder, "lasar.csv", "2027-02-26", "2027-02-30")

    status, output = command(folder)

    assert status == 2
    assert "klasser.csv, rad 3, skolenhetskod: Skolenhetskoden ska ha 8 siffror, inte 7." in output
    assert "klasser.csv, rad 3, elever_ak4: Talet kan inte vara mindre än 0. (-1)" in output
    assert "lasar.csv, rad 3, till: Skriv datumet som 2027-01-31." in output
    assert "Inget har lästs in." in output
    assert "0 lika" in command(HOOR)[1]


def test_one_file_can_be_imported_alone(command, folder):
    command(folder)

    status, output = command(folder / "klasser.csv")

    assert status == 0
    assert re.search(r"^klasser.csv: 0 nya, 0 ändrade, 0 bort, 10 lika$", output, re.MULTILINE)


def test_a_folder_without_schools_needs_a_municipality(command, tmp_path):
    shutil.copy(HOOR / "enheter.csv", tmp_path / "enheter.csv")

    nobody = command(tmp_path / "enheter.csv")
    named = command(tmp_path / "enheter.csv", "--municipality", "1267", "--name", "Höörs kommun")

    assert nobody[0] == 2
    assert "--municipality" in nobody[1]
    assert named[0] == 0
    assert "Höörs kommun (1267)" in named[1]


def test_an_empty_folder_and_a_file_of_two_megabytes_are_told(command, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = command(empty)
    (empty / "klasser.csv").write_bytes(b"x" * 2**21)

    large = command(empty)

    assert nothing[0] == large[0] == 2
    assert "Det finns inga filer att läsa in." in nothing[1]
    assert "klasser.csv: Filen är större än 1 MiB. Dela upp den." in large[1]


def test_classes_can_be_imported_for_another_school_year(command, folder):
    command(folder)

    status, output = command(folder / "klasser.csv", "--school-year", "2027/28")

    assert status == 0
    assert "läsåret 2027/28" in output
    assert "klasser.csv: 10 nya, 0 ändrade, 0 bort, 0 lika" in output
