"""Finding personnummer. The examples are the tax agency's published test numbers' shape."""

import pytest

from blaljus.domain.personal_number import MASK, has_personal_number, mask_personal_numbers


@pytest.mark.parametrize(
    "text",
    [
        "19811228-9874",
        "198112289874",
        "811228-9874",
        "811228+9874",
        "8112289874",
        "811228 9874",
        "811228–9874",
        "811288-9871",
        "Elev (811228-9874) ",
        "８１１２２８-９８７４",
    ],
)
def test_a_personal_number_is_found(text):
    assert has_personal_number(text)
    assert MASK in mask_personal_numbers(text)
    assert "987" not in mask_personal_numbers(text)


@pytest.mark.parametrize("text", ["811228-9875", "19811228-0000"])
def test_a_mistyped_one_is_no_proof_but_is_hidden_too(text):
    assert not has_personal_number(text)
    assert mask_personal_numbers(f"Elev {text}.") == f"Elev {MASK}."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "90012671",
        "2027-01-12",
        "212000-1116",
        "811328-9873",
        "811232-9878",
        "1811228-98741",
        "0413-281 00",
        "1267,1266,1285",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not has_personal_number(text)
    assert mask_personal_numbers(text) == text
