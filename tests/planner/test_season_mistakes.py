from pathlib import Path

import pytest
from season_factories import a_class_row, a_season, a_staff_row, a_venue_row, as_file, locked

from blaljus.planner.season.reading import MAX_BYTES, SeasonError, read_file
from blaljus.planner.season.season import read_season


def lines_of(data):
    with pytest.raises(SeasonError) as caught:
        read_season(data)
    return caught.value.lines


def mistakes_of(**other):
    return lines_of(as_file(a_season(**other)))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "line 1, column 1: not JSON (Expecting value)"),
        (b'{"format": 1,}', "line 1, column 14: not JSON"),
        (b"[]", "an object {…} is wanted, not a list […]"),
        (b"{}", "format: is missing"),
        (b'{"format": "blaljus-season/2"}', "format: 'blaljus-season/2' is not one of"),
        (b'\n{"a": "\xff"}', "line 2: not UTF-8 (byte 8)"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": %s}' % (b"9" * 5000), "a number of thousands of digits"),
    ],
)
def test_what_is_no_season_is_refused_with_the_place(data, line):
    (found,) = lines_of(data)

    assert found.startswith(line)


@pytest.mark.parametrize("field", [name for name in a_season() if name != "name"])
def test_a_missing_list_or_number_is_named(field):
    season = a_season()
    del season[field]

    assert lines_of(as_file(season)) == (f"{field}: is missing",)


@pytest.mark.parametrize(
    ("other", "line"),
    [
        ({"days": []}, "days: at least 1 is wanted in the list"),
        ({"days": ["2026-09-01", "1 sept"]}, "days[1]: a date is wanted, as 2026-09-01"),
        (
            {"days": ["2026-09-02", "2026-09-01"]},
            "days[1]: 2026-09-01 does not come after 2026-09-02",
        ),
        (
            {"days": ["2026-09-01", "2026-09-01"]},
            "days[1]: 2026-09-01 does not come after 2026-09-01",
        ),
        ({"services": ["police", "coastguard"]}, "services[1]: 'coastguard' is not one of"),
        ({"services": ["police"] * 3}, "services[1]: police is the id of services[0] too"),
        ({"groups_per_crew": 0}, "groups_per_crew: a whole number of at least 1 is wanted"),
        ({"lunch_gap_minutes": -1}, "lunch_gap_minutes: a whole number of at least 0 is wanted"),
    ],
)
def test_what_holds_for_the_whole_season_is_checked(other, line):
    assert mistakes_of(**other)[0].startswith(line)


def without(row, field):
    return {name: value for name, value in row.items() if name != field}


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (without(a_class_row(31), "free"), "classes[1].free: is missing"),
        (a_class_row(31, free=15), "classes[1].free: text is wanted, not a whole number"),
        (a_class_row(31, free="f"), "classes[1].free: a mask in hexadecimal is wanted, as 0x1f"),
        (a_class_row(31, free="0xzz"), "classes[1].free: a mask in hexadecimal is wanted"),
        (a_class_row(31, free="-0x1"), "classes[1].free: a mask in hexadecimal is wanted"),
        (a_class_row(31, free="0x1_0"), "classes[1].free: a mask in hexadecimal is wanted"),
        (
            a_class_row(31, free="0x10"),
            "classes[1].free: the mask has bits beyond the 4 slots of the season",
        ),
        (a_class_row(31, venues=[9, 8]), "classes[1].venues[1]: there is no venue 8"),
        (a_class_row(31, school=8), "classes[1].school: there is no venue 8"),
        (a_class_row(31, wishes=[4]), "classes[1].wishes[0]: there is no slot 4"),
        (a_class_row(31, wishes=[-1]), "classes[1].wishes[0]: there is no slot -1"),
        (a_class_row(31, pupils=-1), "classes[1].pupils: a whole number of at least 0 is wanted"),
        (a_class_row(31, language=5), "classes[1].language: text or null is wanted"),
        (a_class_row(30), "classes[1].id: 30 is the id of classes[0] too"),
        (a_class_row(id_=True), "classes[1].id: a whole number is wanted, not true or false"),
        (a_class_row(2.5), "classes[1].id: a whole number is wanted, not a number"),
        (a_class_row(2**70), "classes[1].id: a whole number of at most"),
        ("31", "classes[1]: an object {…} is wanted, not text"),
    ],
)
def test_a_mistake_in_a_class_is_said_with_its_place(row, line):
    assert mistakes_of(classes=[a_class_row(30), row])[0].startswith(line)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (a_venue_row(open="0x1f"), "venues[0].open: the mask has bits beyond the 4 slots"),
        (a_venue_row(kind="barn"), "venues[0].kind: 'barn' is not one of the words"),
        (a_venue_row(municipality=1), "venues[0].municipality: there is no municipality 1"),
        (a_venue_row(needs=[1, 1]), "venues[0].needs: 2 numbers for 3 services"),
        (a_venue_row(extra_needs=[1]), "venues[0].extra_needs: 1 numbers for 3 services"),
        (a_venue_row(needs=[1, -1, 1]), "venues[0].needs[1]: a whole number of at least 0"),
        (a_venue_row(needs=[1, 0, 1]), "venues[0].needs[1]: every service meets every class"),
        (a_venue_row(groups=-2), "venues[0].groups: a whole number of at least 0 is wanted"),
        (a_venue_row(x_km=float("nan")), "venues[0].x_km: a number of at least -1000000"),
        (a_venue_row(y_km=float("inf")), "venues[0].y_km: a number of at most 1000000"),
        (a_venue_row(y_km="1"), "venues[0].y_km: a number is wanted, not text"),
    ],
)
def test_a_mistake_in_a_venue_is_said_with_its_place(row, line):
    assert mistakes_of(venues=[row])[0].startswith(line)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (a_staff_row(5, "police", per_day=-1), "staff[0].per_day: a whole number of at least 0"),
        (a_staff_row(5, "police", per_week=-1), "staff[0].per_week: a whole number of at least"),
        (a_staff_row(5, "police", per_season=-1), "staff[0].per_season: a whole number of at"),
        (a_staff_row(5, "fire"), "staff[0].service: fire is not among the services"),
        (a_staff_row(5, "police", home=1), "staff[0].home: there is no municipality 1"),
        (
            a_staff_row(5, "police", municipalities=[70, 1]),
            "staff[0].municipalities[1]: there is no municipality 1",
        ),
        (a_staff_row(5, "police", free="0x10"), "staff[0].free: the mask has bits beyond"),
    ],
)
def test_a_mistake_in_a_person_is_said_with_its_place(row, line):
    assert mistakes_of(staff=[row])[0].startswith(line)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (locked((1, 9, 0)), "locked[0].class: there is no class 1"),
        (locked((30, 1, 1)), "locked[0].venue: there is no venue 1"),
        (locked((30, 9, 4)), "locked[0].slot: there is no slot 4"),
        (locked((30, 9, 1), (30, 9, 2)), "locked[1]: class 30 is locked by locked[0] already"),
        (locked((30, 9, 0)), "locked[0]: class 30 is not free in slot 0"),
        (locked((31, 9, 3)), "locked[0]: venue 9 is not open in slot 3"),
        (locked((30, 6, 1)), "locked[0]: class 30 may not go to venue 6"),
        (locked((30, 9, 1), (31, 9, 1)), "locked[1]: venue 9 takes 1 groups, and more are locked"),
    ],
)
def test_locked_placements_may_not_contradict(rows, line):
    venues = [a_venue_row(open="0x7", groups=1), a_venue_row(6)]

    assert mistakes_of(venues=venues, locked=rows) == (line,)


def test_all_mistakes_are_told_together_up_to_twenty():
    classes = [a_class_row(n, school=8) for n in range(30)]

    lines = mistakes_of(classes=classes)

    assert lines == tuple(f"classes[{n}].school: there is no venue 8" for n in range(20))


def test_a_larger_file_than_any_season_is_not_read(tmp_path):
    file = tmp_path / "big.json"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)

    with pytest.raises(SeasonError, match="larger than 32 MB"):
        read_file(file)


def test_a_folder_and_a_missing_file_are_said_in_words(tmp_path):
    for path, words in ((tmp_path, "a folder, not a file"), (tmp_path / "a", "No such file")):
        with pytest.raises(SeasonError, match=words):
            read_file(path)


def test_an_endless_file_is_not_read_to_its_end():
    with pytest.raises(SeasonError, match="larger than 32 MB"):
        read_file(Path("/dev/zero"))
