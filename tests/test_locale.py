"""The English catalogue says exactly what the Swedish texts say, no more, no less."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from update_catalogue import catalogue, texts_of, used_texts

PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w*)\}")


@pytest.fixture(scope="module")
def english():
    return texts_of(catalogue("en"))


def placeholders(text):
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


def forms(translated):
    return translated if isinstance(translated, tuple) else (translated,)


def test_every_text_in_use_is_in_the_catalogue_and_nothing_else_is(english):
    missing, obsolete = used_texts() - set(english), set(english) - used_texts()

    assert (missing, obsolete) == (set(), set()), "run: python tests/update_catalogue.py"


def test_nothing_is_left_untranslated_or_guessed(english):
    assert [key for key, text in english.items() if not all(forms(text))] == []
    assert [message.id for message in catalogue("en") if message.id and message.fuzzy] == []


def test_every_plural_has_both_forms(english):
    assert [key for key, text in english.items() if len(key) != len(forms(text))] == []


def test_placeholders_survive_translation(english):
    wrong = [
        key
        for key, text in english.items()
        for original, translated in zip(key, forms(text), strict=True)
        if translated and placeholders(original) != placeholders(translated)
    ]

    assert wrong == []


def test_texts_are_found_in_templates_and_in_code():
    texts = used_texts()

    assert ("Hoppa till innehållet",) in texts
    assert ("Räddningstjänst",) in texts
