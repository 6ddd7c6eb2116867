"""Bring the English catalogue up to date with the texts in code and templates.

`python tests/update_catalogue.py` adds what is missing (empty: fill it in), removes what is no
longer used, sorts by msgid, and says what it did.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from blaljus.i18n import LANGUAGES, catalogue_path
from blaljus.templating import TEMPLATES

PACKAGE = Path(__file__).parent.parent / "blaljus"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "say": None,
    "msgid": None,
}
"""Functions whose first argument is a text for people."""

HEADER = "# English texts of Blåljus. Swedish is the msgid."

Key = tuple[str, ...]
"""A msgid, or singular and plural."""


def used_texts() -> set[Key]:
    """Return every text that code and templates mark."""
    templates = extract_from_dir(
        TEMPLATES,
        [("**.html", "jinja2"), ("**.txt", "jinja2")],
        {"**": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}},
        keywords=KEYWORDS,
    )
    code = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS)
    return {_key(message) for *_, message, _, _ in [*templates, *code]}


def catalogue(language: str) -> Catalog:
    """Return a language's catalogue as it is kept."""
    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language)


def texts_of(kept: Catalog) -> dict[Key, object]:
    """Return the translation, text or plural forms, of each msgid of a catalogue."""
    return {_key(message.id): message.string for message in kept if message.id}


def _key(message: str | tuple[str, ...] | list[str]) -> Key:
    return (message,) if isinstance(message, str) else tuple(message)


def update(language: str) -> tuple[int, int, int]:
    """Rewrite a catalogue; return how many texts were added, removed, and are empty."""
    used, kept = used_texts(), catalogue(language)
    old = texts_of(kept)
    fresh = Catalog(
        locale=language, project="blaljus", charset="utf-8", fuzzy=False, header_comment=HEADER
    )
    for key in sorted(used):
        fresh.add(key[0] if len(key) == 1 else key, old.get(key))
    _write(language, fresh)
    empty = sum(not any(_forms(string)) for string in texts_of(fresh).values())
    return len(used - set(old)), len(set(old) - used), empty


def _forms(string: object) -> tuple[object, ...]:
    return string if isinstance(string, tuple) else (string,)


def _write(language: str, fresh: Catalog) -> None:
    # Babel's header carries dates: two people updating on one day would conflict for nothing.
    body = BytesIO()
    write_po(body, fresh, width=0, omit_header=True, no_location=True)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Project-Id-Version: blaljus\\n"\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    catalogue_path(language).write_bytes(head.encode() + body.getvalue().lstrip())


if __name__ == "__main__":
    for chosen in LANGUAGES[1:]:
        added, removed, empty = update(chosen)
        print(f"{chosen}: {added} added, {removed} removed, {empty} to translate")  # noqa: T201 -- a tool that tells what it did
