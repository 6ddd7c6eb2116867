"""What was typed becomes values, or every problem of every field at once."""

from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from blaljus.web.forms.problems import WORDING, Problem, problem_of
from blaljus.web.forms.reading import MULTILINE, Form, FormError, parse_form


class Colour(StrEnum):
    BLUE = "blue"
    RED = "red"


class EveryKind(Form):
    """One field of every kind that our forms have."""

    pupils: Annotated[int, Meta(ge=1, le=60)]
    name: Annotated[str, Meta(max_length=5, min_length=2)]
    day: date
    colour: Colour
    adults: Annotated[int, Meta(ge=0)] | None = None
    ticked: bool = False
    note: Annotated[str, Meta(max_length=20, extra=MULTILINE)] = ""
    chosen: Annotated[tuple[Annotated[int, Meta(ge=1)], ...], Meta(max_length=2)] = ()
    line: str = ""


FILLED = {"pupils": "20", "name": "Alva", "day": "2027-03-16", "colour": "blue"}


def parsed(**typed):
    pairs = []
    for name, value in {**FILLED, **typed}.items():
        pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return parse_form(pairs, EveryKind)


def problems(**typed):
    with pytest.raises(FormError) as caught:
        parsed(**typed)
    return caught.value.problems


def test_a_filled_form_becomes_typed_values():
    form = parsed(
        adults=" 2 ", ticked="on", note="a\r\nb ", chosen=["3", "4"], csrf="x", version="7"
    )

    assert form == EveryKind(
        csrf="x",
        version=7,
        pupils=20,
        name="Alva",
        day=date(2027, 3, 16),
        colour=Colour.BLUE,
        adults=2,
        ticked=True,
        note="a\nb",
        chosen=(3, 4),
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"pupils": ""}, {"pupils": Problem.REQUIRED}),
        ({"pupils": "  "}, {"pupils": Problem.REQUIRED}),
        ({"pupils": "x"}, {"pupils": Problem.NOT_A_NUMBER}),
        ({"pupils": "1.0"}, {"pupils": Problem.NOT_A_NUMBER}),
        ({"pupils": "٣"}, {"pupils": Problem.NOT_A_NUMBER}),
        ({"pupils": "0"}, {"pupils": Problem.TOO_SMALL}),
        ({"pupils": "61"}, {"pupils": Problem.TOO_BIG}),
        ({"pupils": "9" * 5000}, {"pupils": Problem.TOO_BIG}),
        ({"adults": "-" + "9" * 30}, {"adults": Problem.TOO_SMALL}),
        ({"adults": "-1"}, {"adults": Problem.TOO_SMALL}),
        ({"version": "2147483648"}, {"version": Problem.TOO_BIG}),
        ({"pupils": ["1", "2"]}, {"pupils": Problem.REPEATED}),
        ({"name": "A"}, {"name": Problem.TOO_SHORT}),
        ({"name": "Alvara"}, {"name": Problem.TOO_LONG}),
        ({"line": "a" * 201}, {"line": Problem.TOO_LONG}),
        ({"name": "A\x00v"}, {"name": Problem.CONTROL_CHARACTERS}),
        ({"day": "2027-02-30"}, {"day": Problem.NOT_A_DATE}),
        ({"day": "16/3"}, {"day": Problem.NOT_A_DATE}),
        ({"colour": "green"}, {"colour": Problem.NOT_A_CHOICE}),
        ({"ticked": "perhaps"}, {"ticked": Problem.NOT_A_CHOICE}),
        ({"chosen": ["1", "2", "3"]}, {"chosen": Problem.TOO_MANY}),
        ({"chosen": ["0"]}, {"chosen": Problem.TOO_SMALL}),
        ({"chosen": ["x"]}, {"chosen": Problem.NOT_A_NUMBER}),
        ({"admin": "1"}, {"admin": Problem.UNKNOWN}),
    ],
)
def test_what_does_not_fit_is_named(typed, expected):
    assert problems(**typed) == expected


def test_all_problems_come_together_with_what_was_typed():
    with pytest.raises(FormError) as caught:
        parsed(pupils="x", name="", day="igår", note="kvar", chosen=["0"])

    assert caught.value.problems == {
        "pupils": Problem.NOT_A_NUMBER,
        "name": Problem.REQUIRED,
        "day": Problem.NOT_A_DATE,
        "chosen": Problem.TOO_SMALL,
    }
    assert {name: caught.value.typed[name] for name in ("pupils", "name", "note", "chosen")} == {
        "pupils": "x",
        "name": "",
        "note": "kvar",
        "chosen": ["0"],
    }


def test_a_problem_is_told_with_the_fields_label_in_both_languages():
    error = FormError({"pupils": Problem.NOT_A_NUMBER}, {})

    assert error.texts("sv", {"pupils": "Elever"}) == {
        "pupils": "Elever: Skriv ett heltal med siffror."
    }
    assert error.texts("en")["pupils"] != WORDING[Problem.NOT_A_NUMBER]


def test_an_unforeseen_message_is_a_wrong_format():
    assert problem_of("Something new") is Problem.WRONG_FORMAT


@given(st.lists(st.tuples(st.sampled_from([*EveryKind.__struct_fields__, "x"]), st.text())))
def test_nothing_typed_is_ever_more_than_a_problem(pairs):
    with suppress(FormError):
        assert isinstance(parse_form(pairs, EveryKind), EveryKind)
