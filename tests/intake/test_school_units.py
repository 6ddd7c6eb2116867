"""School units in the shape of Skolenhetsregistret."""

import json
from datetime import date

import pytest

from blaljus.domain.imports import ImportProblem, ProblemCode, SchoolUnitRow
from blaljus.domain.words import Organiser, SchoolStatus
from blaljus.intake.files import read_import

FILE = "skolenheter.json"


def an_answer(code="90012671", **attributes):
    """A detail answer; `organiser` and `position` are set where the register has them."""
    organiser = attributes.pop("organiser", "KOMMUN")
    position = attributes.pop("position", {"latitude": "55.936", "longitude": "13.541"})
    visiting = {"type": "BESOKSADRESS", "locality": "Höör", "geoCoordinates": position}
    return {
        "data": {
            "type": "schoolunit",
            "schoolUnitCode": code,
            "attributes": {
                "displayName": "Enebackeskolan",
                "status": "AKTIV",
                "municipalityCode": "1267",
                "startdate": "2012-07-02",
                "endDate": None,
                "schoolTypes": ["FKLASS", "GR"],
                "schoolTypeProperties": {"gr": {"grades": ["3", "4"]}},
                "addresses": [{"type": "POSTADRESS", "locality": "Box"}, visiting],
                **attributes,
            },
        },
        "included": {"attributes": {"organizerType": organiser}},
    }


def read(*answers):
    import_, problems = read_import({FILE: json.dumps(answers).encode()})
    return import_.school_units, problems


def problem(code, *, row=1, column=None, value=""):
    return ImportProblem(file=FILE, row=row, column=column, code=ProblemCode(code), value=value)


def test_a_unit_holds_what_the_answer_says():
    assert read(an_answer()) == (
        (
            SchoolUnitRow(
                code="90012671",
                name="Enebackeskolan",
                status=SchoolStatus.ACTIVE,
                organiser=Organiser.MUNICIPAL,
                municipality_code="1267",
                grades=(3, 4),
                latitude=55.936,
                longitude=13.541,
                locality="Höör",
                starts_on=date(2012, 7, 2),
                ends_on=None,
            ),
        ),
        (),
    )


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (None, (None, None)),
        ({}, (None, None)),
        ({"latitude": None, "longitude": None}, (None, None)),
        ({"latitude": float("nan"), "longitude": float("inf")}, (None, None)),
        ({"latitude": "NaN", "longitude": "NaN"}, (None, None)),
        ({"latitude": "", "longitude": "13.5"}, (None, None)),
        ({"latitude": "55,9", "longitude": "13,5"}, (55.9, 13.5)),
        ({"latitude": 55.9, "longitude": 13}, (55.9, 13.0)),
    ],
)
def test_a_position_is_whole_or_none(position, expected):
    units, problems = read(an_answer(position=position))

    assert problems == ()
    assert (units[0].latitude, units[0].longitude) == expected


@pytest.mark.parametrize(
    ("types", "properties", "expected"),
    [
        (["GR"], {"gr": {"grades": ["6", "4", "4"]}}, (4, 6)),
        (["GR", "GRAN"], {"gr": {"grades": ["7"]}, "gran": {"grades": ["4"]}}, (4, 7)),
        (["GR"], {"gr": {"grades": ["7"]}, "gran": {"grades": ["4"]}}, (7,)),
        (["GY"], {"gr": {"grades": ["4"]}}, ()),
        (None, {"gr": {"grades": [4]}}, (4,)),
        (["GR"], {"gr": {"grades": None}}, ()),
        (["GR"], {"gr": None}, ()),
        (["GR"], None, ()),
    ],
)
def test_grades_are_those_of_compulsory_schools(types, properties, expected):
    units, problems = read(an_answer(schoolTypes=types, schoolTypeProperties=properties))

    assert problems == ()
    assert units[0].grades == expected


@pytest.mark.parametrize(
    ("answer", "code", "column", "value"),
    [
        (an_answer("9001267"), "school-code-length", "schoolUnitCode", "9001267"),
        (an_answer("9001267x"), "not-a-school-code", "schoolUnitCode", "9001267x"),
        (an_answer(None), "missing-value", "schoolUnitCode", ""),
        (an_answer(["90012671"]), "wrong-type", "schoolUnitCode", ""),
        (an_answer(code=True), "wrong-type", "schoolUnitCode", ""),
        (an_answer(displayName=" "), "missing-value", "displayName", ""),
        (an_answer(displayName="=cmd()"), "formula-like", "displayName", "=cmd()"),
        (an_answer(displayName="A\ud800"), "control-character", "displayName", "A"),
        (an_answer(displayName="A\x00"), "control-character", "displayName", "A"),
        (an_answer(displayName="19811228-9874"), "personal-number", "displayName", ""),
        (an_answer(displayName="x" * 201), "too-long", "displayName", "x" * 59 + "…"),
        (an_answer(displayName={"sv": "A"}), "wrong-type", "displayName", ""),
        (an_answer(status="ÖPPEN"), "unknown-status", "status", "ÖPPEN"),
        (an_answer(organiser="STAT"), "unknown-organiser", "organizerType", "STAT"),
        (an_answer(organiser=None), "missing-value", "organizerType", ""),
        (an_answer(municipalityCode="1"), "not-a-municipality-code", "municipalityCode", "1"),
        (an_answer(municipalityCode=None), "missing-value", "municipalityCode", ""),
        (an_answer(startdate="2012"), "not-a-date", "startdate", "2012"),
        (an_answer(endDate="2011-01-01"), "from-after-to", "endDate", "2011-01-01"),
        (an_answer(schoolTypeProperties={"gr": {"grades": "4"}}), "wrong-type", "grades", ""),
        (an_answer(schoolTypeProperties={"gr": {"grades": ["F"]}}), "not-a-grade", "grades", "F"),
        (an_answer(schoolTypeProperties={"gr": {"grades": [[]]}}), "not-a-grade", "grades", "?"),
        (
            an_answer(position={"latitude": "13.5", "longitude": "13.5"}),
            "not-a-coordinate",
            "latitude",
            "13.5",
        ),
    ],
)  # fmt: skip
def test_a_bad_unit_is_told_by_its_place_in_the_list(answer, code, column, value):
    units, problems = read(an_answer("90012672"), answer)

    assert problems == (problem(code, row=2, column=column, value=value),)
    assert [unit.code for unit in units] == ["90012672"]


def test_a_unit_twice_is_told():
    _, problems = read(an_answer(), an_answer("90012672"), an_answer())

    assert problems == (problem("duplicate", row=3, column="schoolUnitCode", value="1"),)


@pytest.mark.parametrize("answer", [None, 1, "90012671", ["90012671"], True])
def test_an_element_that_is_no_answer_is_told(answer):
    assert read(an_answer(), answer)[1] == (problem("wrong-type", row=2),)


@pytest.mark.parametrize(
    "answer",
    [{}, {"data": None}, {"data": []}, {"data": {"attributes": 1}}, {"included": [1], "data": "x"}],
)
def test_an_answer_of_another_shape_tells_what_it_lacks(answer):
    expected = ("schoolUnitCode", "displayName", "status", "organizerType", "municipalityCode")

    assert read(answer)[1] == tuple(problem("missing-value", column=name) for name in expected)


@pytest.mark.parametrize("addresses", [None, [], {}, "x", [None], [{"geoCoordinates": 3}]])
def test_addresses_of_another_shape_are_none(addresses):
    units, problems = read(an_answer(addresses=addresses))

    assert problems == ()
    assert (units[0].locality, units[0].latitude) == (None, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"skolenhetskod;namn", problem("not-json", row=1)),
        (b'[\n{"data":\n}]', problem("not-json", row=3)),
        (b'{"data": {}}', problem("not-a-list", row=None)),
        (b"7", problem("not-a-list", row=None)),
        (b"[" * 100_000, problem("not-json", row=None)),
        (b"[" * 100_000 + b"]" * 100_000, problem("not-json", row=None)),
        (b'[{"a":' * 90_000, problem("not-json", row=None)),
        (b"[" + b"9" * 5000 + b"]", problem("not-json", row=None)),
        (b"<html>", problem("looks-like-html", row=None)),
    ],
)
def test_what_is_no_list_is_told_once(content, expected):
    import_, problems = read_import({FILE: content})

    assert problems == (expected,)
    assert import_.school_units == ()


def test_nesting_and_repeated_keys_inside_an_answer_do_no_harm():
    nested = json.dumps(an_answer())[:-1] + ', "x": ' + "[" * 100 + "]" * 100
    repeated = nested + ', "x": 1, "x": 2}'

    units, problems = read_import({FILE: f"[{repeated}]".encode()})

    assert problems == ()
    assert len(units.school_units) == 1
