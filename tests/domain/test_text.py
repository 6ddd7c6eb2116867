import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.text import clean_line, clean_text

ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Everything Python can hold, lone surrogates and NUL too."""


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("Höör\x00\x1b[31m", "Höör[31m"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("A\u030angs\ufeff", "Ångs"),
        ("1\t2", "1\t2"),
        ("fil.\u202egpj.exe", "fil.gpj.exe"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("\ud83d", ""),
    ],
)
def test_what_no_format_can_carry_is_left_out(typed, cleaned):
    assert clean_text(typed) == cleaned


@given(ANY_TEXT)
def test_cleaned_text_is_nfc_in_utf_8_without_controls_and_stays_as_it_is(text):
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.encode().decode() == cleaned
    assert {c for c in cleaned if unicodedata.category(c) == "Cc"} <= {"\n", "\t"}


@given(ANY_TEXT)
def test_a_cleaned_line_is_one_line_without_space_around_it(text):
    cleaned = clean_line(text)

    assert len(cleaned.splitlines()) <= 1
    assert cleaned == clean_line(cleaned) == cleaned.strip()
