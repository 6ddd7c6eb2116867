"""The commands as an operator types them, each in a process of its own."""

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest

from blaljus.cli import main
from blaljus.demo.loading import FILES
from blaljus.usecases.operation.verifying import HELD


@pytest.fixture
def operator(sqlite_url):
    """Run a command against a clean database; returns (status, output, errors)."""

    def run(*words, **environment):
        ran = subprocess.run(
            [sys.executable, "-m", "blaljus", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={
                "PATH": os.environ["PATH"],
                "BLALJUS_MODE": "demo",
                "BLALJUS_DATABASE_URL": sqlite_url,
                **environment,
            },
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.returncode, ran.stdout, ran.stderr

    return run


@pytest.fixture
def imported(operator):
    status, _, errors = operator("import", str(FILES), "--yes")
    assert status == 0, errors
    return operator


def commands(group, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        yield (*path, name)


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_every_command_tells_what_it_does(operator, words):
    status, output, _ = operator(*words, "--help")

    assert status == 0
    assert output.startswith("Usage: ")


def test_the_first_command_of_the_first_day_makes_the_tables(operator, tmp_path):
    new = {"BLALJUS_DATABASE_URL": f"sqlite:///{tmp_path}/first.sqlite"}
    words = ("user", "add", "samordnare@hoor.example", "--municipality", "1267", "--name", "Höör")

    assert operator("user", "link", "samordnare@hoor.example", **new)[0] == 2
    assert operator(*words, **new)[:2] == (0, "Added.\n")
    assert operator("user", "link", "samordnare@hoor.example", **new)[0] == 0


@pytest.mark.parametrize(
    "words", [("verify",), ("coverage",), ("plan", "run"), ("worker",)], ids=" ".join
)
def test_a_database_without_tables_is_told_in_words(operator, tmp_path, words):
    new = {"BLALJUS_DATABASE_URL": f"sqlite:///{tmp_path}/first.sqlite"}

    status, _, errors = operator(*words, **new)

    assert status == 2
    assert "Run `blaljus migrate` first." in errors


def test_import_plan_and_coverage_follow_each_other(imported):
    status, output, _ = imported("plan", "run", "--seconds", "5")
    assert status == 0
    assert "10 classes placed, 0 without a time." in output
    assert "Run 1 is proposed" in output
    _, before, _ = imported("coverage")
    assert "10 klasser, 0 med tid. Möten: Ingen tid 30." in before

    status, output, _ = imported("plan", "run", "--seconds", "5", "--approve")

    assert status == 0
    assert re.search(r"Run 2 is approved: \d slots are published\.", output)
    _, after, _ = imported("coverage")
    assert "10 klasser, 10 med tid. Möten: Bokad 30." in after
    status, output, errors = imported("verify")
    assert status == 0
    assert "ok     1 a class has one active booking\n" in output
    assert "tests  9 two fetches give the same bytes: " in output
    told = output.splitlines()
    checks = sum(line.startswith("ok ") for line in told)
    assert len(told) == checks + len(HELD)
    assert re.fullmatch(rf"{checks} checks, 0 broken, in \d+\.\d\d seconds\n", errors)


def test_what_verify_finds_broken_is_named_by_number_and_ends_in_1(imported, sqlite_url):
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as theirs, theirs:
        theirs.execute("UPDATE staff_member SET function = '811218-9876'")

    status, output, errors = imported("verify")

    assert status == 1
    assert "BROKEN 10 no text holds a personnummer\n" in output
    assert "       staff_member:1 holds a personnummer in function\n" in output
    assert "       and 1 more\n" in output
    checks = sum(line.startswith(("ok ", "BROKEN ")) for line in output.splitlines())
    assert errors.startswith(f"{checks} checks, 1 broken")


def test_coverage_comes_as_json_and_csv_with_the_same_classes(imported):
    _, as_json, _ = imported("coverage", "--format", "json", "--school-year", "2026/27")
    _, as_csv, _ = imported("coverage", "--format", "csv", "--municipality", "1267")

    rows = list(csv.DictReader(io.StringIO(as_csv.removeprefix("\ufeff")), delimiter=";"))
    document = json.loads(as_json)
    classes = {(c["school_unit_code"], c["class"]) for c in document["classes"]}
    assert len(classes) == 10
    assert {(r["skolenhetskod"], r["klass"]) for r in rows} == classes | {
        ("90012692", "har inte svarat")
    }


def test_the_forecast_comes_as_table_json_and_csv(imported):
    assert "Läsåret är inte planerat än." in imported("forecast")[1]
    imported("plan", "run", "--seconds", "5")

    _, table, _ = imported("forecast", "--school-year", "2026/27")
    _, as_json, _ = imported("forecast", "--format", "json")
    _, as_csv, _ = imported("forecast", "--format", "csv")

    document = json.loads(as_json)
    rows = list(csv.DictReader(io.StringIO(as_csv.removeprefix("\ufeff")), delimiter=";"))
    assert "10 klasser saknar tid." in table
    assert document["classes"] == 10
    assert len(rows) == len(document["weeks"])
    assert {row["vecka"] for row in rows} == {row["week"] for row in document["weeks"]}


@pytest.mark.parametrize(
    "whose",
    [
        "staff:polis-1",
        "class:90012671/4A",
        "school:90012671",
        "agency:Lokalpolisområde Eslöv",
        "municipality:1267",
    ],
)
def test_a_feed_of_anybody_can_be_created(imported, whose):
    status, output, _ = imported("feed", "create", "--for", whose)

    assert status == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/kalender/[A-Za-z0-9_-]{43}\.ics\n", output)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("feed", "create", "--for", "staff:nobody"), "nothing called staff:nobody"),
        (("feed", "create", "--for", "polis-1"), "nothing called polis-1"),
        (("coverage", "--municipality", "0000"), "no municipality 0000"),
        (("coverage", "--school-year", "2026"), "not a school year"),
        (("user", "add", "ingen", "--municipality", "1267"), "no mail address"),
        (("user", "add", "a@b.se", "--municipality", "12"), "no municipality code"),
        (("user", "add", "a@b.se", "--municipality", "0114"), "Not found"),
        (("user", "link", "okand@skola.example"), "Not found"),
        (("import", "no-such-folder"), "no-such-folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_words(imported, words, says):
    status, _, errors = imported(*words)

    assert status == 2
    assert says in errors


def test_without_schools_coverage_says_what_to_do_first(operator):
    status, _, errors = operator("coverage")

    assert status == 2
    assert "import schools first" in errors


def test_a_coordinator_is_added_once_and_gets_a_way_in(imported):
    add = ("user", "add", "ny@hoor.example", "--municipality", "1267")

    assert imported(*add)[1] == "Added.\n"
    assert imported(*add)[1] == "Was a coordinator already.\n"
    status, output, _ = imported("user", "link", "NY@hoor.example")
    assert status == 0
    assert output.startswith("http://127.0.0.1:8000/in/")


def test_wrong_settings_are_all_told_at_once(operator):
    status, _, errors = operator(
        "coverage", BLALJUS_MODE="production", BLALJUS_PORT="many", BLALJUS_DATABASE_URL="x"
    )

    assert status == 2
    for name in ("BLALJUS_PORT", "BLALJUS_DATABASE_URL", "BLALJUS_SECRET"):
        assert name in errors


def test_a_bad_file_is_told_by_row_and_column_and_changes_nothing(operator, tmp_path):
    for path in FILES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    classes = tmp_path / "klasser.csv"
    classes.write_text(
        classes.read_text(encoding="utf-8").replace("90012671;4A;20", "9001267;4A;-20"),
        encoding="utf-8",
    )

    status, output, errors = operator("import", str(tmp_path), "--yes")

    assert status == 2
    told = output + errors
    assert "klasser.csv" in told
    assert "skolenhetskod" in told
    assert "elever_ak4" in told
    assert operator("coverage")[0] == 2


def test_demo_data_is_the_repositorys_own():
    assert {path.name for path in Path(FILES).iterdir()} >= {
        "skolenheter.json",
        "klasser.csv",
        "lasar.csv",
        "enheter.csv",
        "personal.csv",
        "tillganglighet.csv",
    }


@pytest.fixture
def piped(sqlite_url):
    """Hand a letter to `blaljus mail receive`; returns (status, errors)."""

    def run(letter, **environment):
        ran = subprocess.run(
            [sys.executable, "-m", "blaljus", "mail", "receive"],
            input=letter,
            capture_output=True,
            check=False,
            timeout=120,
            env={
                "PATH": os.environ["PATH"],
                "BLALJUS_MODE": "demo",
                "BLALJUS_DATABASE_URL": sqlite_url,
                **environment,
            },
        )
        return ran.returncode, ran.stderr.decode()

    return run


def letters_in(sqlite_url):
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database:
        return database.execute("SELECT state, source FROM reply").fetchall()


def test_a_letter_from_the_mail_servers_pipe_is_stored_once(piped, sqlite_url):
    letter = b"Message-ID: <1@x.example>\r\nFrom: a@x.example\r\n\r\nHej \xe5\r\n"

    assert [piped(letter), piped(b"Received: again\r\n" + letter)] == [(0, ""), (0, "")]

    assert letters_in(sqlite_url) == [("new", "mail")]


def test_a_letter_larger_than_is_kept_is_taken_to_its_end(piped, sqlite_url):
    assert piped(b"Subject: x\r\n\r\n" + b"y" * 5_000_000) == (0, "")
    assert letters_in(sqlite_url) == [("new", "mail")]


@pytest.mark.parametrize(
    "away",
    [
        {"BLALJUS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        {"BLALJUS_DATABASE_URL": "sqlite:////nonexistent/blaljus.sqlite"},
        {"BLALJUS_MODE": "no mode"},
    ],
)
def test_a_mail_server_keeps_what_cannot_be_stored(piped, away):
    status, errors = piped(b"Subject: x\r\n\r\nhej\r\n", **away)

    assert status == 75
    assert errors
    assert "hej" not in errors


def test_an_operator_lists_hands_over_and_forgets_letters_of_no_municipality(
    piped, operator, sqlite_url
):
    for code, name in (("1267", "Höör"), ("1285", "Eslöv")):
        operator("user", "add", f"s@{code}.example", "--municipality", code, "--name", name)
    for number in (1, 2, 3):
        piped(b"Message-ID: <%d@x>\r\nFrom: a@x.example\r\nSubject: Hej\r\n\r\nhemligt" % number)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database, database:
        database.execute(
            "UPDATE reply SET state = 'waiting', doubts = 'unsigned', sender = 'a@x.example'"
        )

    status, listed, errors = operator("mail", "waiting")
    _, as_json, _ = operator("mail", "waiting", "--format", "json")

    assert (status, errors) == (0, "3 waiting, 0 of them not listed\n")
    assert [line.split()[0] for line in listed.splitlines()[::2]] == ["1", "2", "3"]
    assert "x.example  Hej" in listed
    assert "hemligt" not in listed + as_json
    assert [letter["number"] for letter in json.loads(as_json)["letters"]] == [1, 2, 3]
    assert "waits  3 letters of no municipality" in operator("verify")[1]

    assert operator("mail", "give", "1", "9999")[0] == 2
    assert operator("mail", "give", "1", "1285")[:2] == (0, "Letter 1 waits in Eslöv.\n")
    assert operator("mail", "give", "1", "1285")[0] == 2
    assert operator("mail", "forget", "2", "3")[0] == 1
    status, _, errors = operator("mail", "forget", "2", "1", "3", "--yes")
    assert (status, "Letter 1 is not in" in errors) == (2, True)
    gone = "Letter 2 is gone.\nLetter 3 is gone.\n"
    assert operator("mail", "forget", "2", "3", "--yes")[:2] == (0, gone)
    assert operator("mail", "waiting")[:2] == (0, "")
