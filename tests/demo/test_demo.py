"""The demo as a new user runs it, and every calendar it leaves read by two parsers."""

import email
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from email import policy

import pytest
from icalendar import Calendar
from icaljs import ical_js

from blaljus.mail.reading import readable_text

STATES = {"none", "offered", "booked", "at_risk", "met", "missed"}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The folder that `blaljus demo` filled, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    ran = _blaljus("demo", "--out", str(folder))
    assert ran.returncode == 0, ran.stderr
    return folder, ran.stdout


def _blaljus(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "blaljus", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**environment, "PATH": ""},
    )


def _feeds(folder):
    return sorted(folder.glob("feed-*.ics"))


def _letters(folder):
    return [
        (path.name, email.message_from_bytes(path.read_bytes(), policy=policy.default))
        for path in sorted(folder.glob("*.eml"))
    ]


def _calendar_of(letter):
    parts = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
    return parts[0].get_payload(decode=True) if parts else None


def _instants(calendar):
    """What icalendar finds, in the form of `ical_js`."""
    return [
        (
            str(event["UID"]),
            int(event["SEQUENCE"]),
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC),
            str(event["SUMMARY"]),
            str(event["DESCRIPTION"]),
            str(event["STATUS"]),
        )
        for event in Calendar.from_ical(calendar).walk("VEVENT")
    ]


def _instants_of_thunderbird(calendar):
    return [
        (
            e["uid"],
            e["sequence"],
            e["start"],
            e["end"],
            e["summary"],
            e["description"],
            e["status"],
        )
        for e in ical_js(calendar)
    ]


def test_it_tells_that_every_class_has_a_time_and_who_has_not_answered(played):
    _, printed = played

    assert "10 klasser, 10 med tid. Möten: Bokad 30." in printed
    assert "Alla klasser har tid med polis, räddningstjänst, ambulans." in printed
    assert "10 klasser, 10 med tid. Möten: Träffat 29, Missat 1." in printed
    assert printed.count("har inte svarat.") == 2


def test_coverage_is_the_whole_matrix(played):
    folder, _ = played

    coverage = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))

    assert (coverage["municipality"], coverage["school_year"]) == ("1267", "2026/27")
    assert datetime.fromisoformat(coverage["as_of"]).year == 2027
    assert len(coverage["classes"]) == 10
    assert sum(row["year4_pupils"] for row in coverage["classes"]) == 203
    assert {s for row in coverage["classes"] for s in row["services"]} == {
        "police",
        "rescue",
        "ambulance",
    }
    assert coverage["totals"] == dict.fromkeys(STATES, 0) | {"met": 29, "missed": 1}
    assert coverage["not_answered"] == ["90012692"]


def test_the_plan_names_every_class_once(played):
    folder, _ = played

    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))

    placed = [(c["school_unit_code"], c["class"]) for s in plan["slots"] for c in s["classes"]]
    assert len(placed) == len(set(placed)) == 10
    assert plan["unplaced"] == []
    for slot in plan["slots"]:
        assert {"police", "rescue", "ambulance"} <= {p["service"] for p in slot["staff"]}


def test_two_parsers_find_the_same_in_every_feed(played):
    folder, _ = played
    kinds = set()

    for path in _feeds(folder):
        body = path.read_bytes()
        found = _instants(body)
        assert found == _instants_of_thunderbird(body), path.name
        assert b"METHOD:PUBLISH" in body
        assert b"ATTENDEE" not in body
        kinds.add(path.name.split("-")[1])

    assert kinds == {"staff", "class", "school", "agency", "municipality"}


def test_two_parsers_find_the_same_in_every_letter(played):
    folder, _ = played
    methods = []

    for name, letter in _letters(folder):
        methods.append(name[5:-4])
        calendar = _calendar_of(letter)
        if calendar is None:
            assert name.endswith("-mail.eml")
            continue
        assert _instants(calendar) == _instants_of_thunderbird(calendar), name
        attachment = next(p for p in letter.walk() if p.get_filename() == "invite.ics")
        assert attachment.get_payload(decode=True) == calendar
        assert f"METHOD:{name[5:-4].upper()}".encode() in calendar

    assert {"request", "cancel", "mail"} == set(methods)


def test_letters_are_numbered_in_order_of_sending_and_each_has_its_own_id(played):
    folder, _ = played
    letters = _letters(folder)

    assert [name[:4] for name, _ in letters] == [f"{n + 1:04}" for n in range(len(letters))]
    ids = [letter["Message-ID"] for _, letter in letters]
    assert len(ids) == len(set(ids))
    moments = [letter["Date"].datetime for _, letter in letters]
    assert moments == sorted(moments)


def test_after_all_letters_each_calendar_shows_what_the_feed_shows(played):
    """Invariant 8: the newest revision of each event, read in any order, is the truth."""
    folder, _ = played
    newest = {}
    for _, letter in reversed(_letters(folder)):
        calendar = _calendar_of(letter)
        if calendar is None:
            continue
        event = Calendar.from_ical(calendar).walk("VEVENT")[0]
        key = (letter["To"].addresses[0].addr_spec, str(event["UID"]))
        revision = (int(event["SEQUENCE"]), event["DTSTAMP"].dt)
        if key not in newest or revision > newest[key][0]:
            cancelled = str(Calendar.from_ical(calendar)["METHOD"]) == "CANCEL"
            newest[key] = (revision, _what_matters(event), cancelled)

    shown = {}
    for path in [*folder.glob("feed-staff-*.ics"), *folder.glob("feed-class-*.ics")]:
        for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            if str(event["STATUS"]) != "CANCELLED":
                shown[str(event["UID"])] = _what_matters(event)

    kept = {uid: what for (_, uid), (_, what, cancelled) in newest.items() if not cancelled}
    assert kept == shown


def _what_matters(event):
    """Time, place and classes; a changed count of pupils is for the feed alone."""
    lines = [line for line in str(event["DESCRIPTION"]).split("\n") if line.startswith("Klass")]
    return (event["DTSTART"].dt.astimezone(UTC), str(event["LOCATION"]), lines)


def test_the_story_has_a_move_a_cancellation_a_decline_and_a_missed_station(played):
    folder, _ = played
    letters = _letters(folder)

    cancelled_to = {
        letter["To"].addresses[0].addr_spec for name, letter in letters if "cancel" in name
    }
    assert any(address.startswith("polis-") for address in cancelled_to)
    assert any(address.startswith("larare.") for address in cancelled_to)
    raised = [
        int(Calendar.from_ical(c).walk("VEVENT")[0]["SEQUENCE"])
        for name, letter in letters
        if "request" in name and (c := _calendar_of(letter))
    ]
    assert 1 in raised


def test_the_protected_officer_is_named_nowhere(played):
    folder, _ = played

    for path in [*folder.glob("*.ics"), *folder.glob("*.json")]:
        assert not re.search(b"polis-3@|Polis 3", path.read_bytes()), path.name
    for path in folder.glob("*.eml"):
        text = readable_text(path.read_text(encoding="ascii"))
        assert "Polis 3" not in text, path.name
        assert ("polis-3@" in text) is ("<polis-3@" in text), path.name


def test_the_database_it_leaves_keeps_every_invariant(played):
    folder, _ = played

    ran = _blaljus(
        "verify",
        BLALJUS_MODE="demo",
        BLALJUS_DATABASE_URL=f"sqlite:///{folder / 'blaljus.sqlite'}",
    )

    assert re.fullmatch(r"(ok +[^\n]+\n)+(tests +[^\n]+\n)+", ran.stdout), ran.stdout


def test_it_plays_again_in_its_own_folder_but_not_among_other_files(played, tmp_path):
    folder, _ = played
    assert _blaljus("demo", "--out", str(folder)).returncode == 0
    (tmp_path / "brev.txt").write_text("viktigt", encoding="utf-8")

    ran = _blaljus("demo", "--out", str(tmp_path))

    assert ran.returncode == 2
    assert "brev.txt" in ran.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["brev.txt"]
