"""Every problem can be said."""

import re

import pytest

from blaljus.domain.imports import ImportProblem, ProblemCode
from blaljus.intake.words import problem_text


def a_problem(code, value="9001267", column="skolenhetskod"):
    return ImportProblem(file="klasser.csv", row=2, column=column, code=code, value=value)


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_whole_sentence(code):
    text = problem_text(a_problem(code), str)

    assert re.fullmatch(r"[A-ZÅÄÖ].*\.", text)
    assert "%" not in text


def test_no_two_problems_say_the_same():
    texts = [problem_text(a_problem(code), str) for code in ProblemCode]

    assert len(set(texts)) == len(texts)


def test_a_seven_digit_code_is_said_in_plain_words():
    assert problem_text(a_problem(ProblemCode.SCHOOL_CODE_LENGTH), str).startswith(
        "Skolenhetskoden ska ha 8 siffror, inte 7."
    )


def test_the_sentence_goes_through_the_catalogue():
    catalogue = {"Kolumnen %(column)s saknas.": "The column %(column)s is missing."}

    text = problem_text(
        a_problem(ProblemCode.MISSING_COLUMN, column="klass"), lambda text: catalogue[text]
    )

    assert text == "The column klass is missing."


def test_a_value_with_percent_signs_is_only_a_value():
    text = problem_text(a_problem(ProblemCode.UNKNOWN_AGENCY, value="100 %(x)s"), str)

    assert text.startswith("Enheten 100 %(x)s finns inte.")
