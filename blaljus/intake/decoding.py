"""Turns the bytes of a file into text, or says what the file seems to be instead."""

import codecs
import re

from blaljus.domain.imports import ProblemCode

MAX_BYTES = 1024 * 1024
"""1 MiB: ten times the availability of a large municipality's staff for a term."""

_ENCODING_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_BINARY_STARTS = {
    b"\xd0\xcf\x11\xe0": ProblemCode.LOOKS_LIKE_EXCEL,
    b"PK\x03\x04": ProblemCode.LOOKS_LIKE_ZIP,
    b"PK\x05\x06": ProblemCode.LOOKS_LIKE_ZIP,
    b"\x1f\x8b": ProblemCode.LOOKS_LIKE_ZIP,
    b"%PDF": ProblemCode.LOOKS_LIKE_PDF,
    b"\x89PNG": ProblemCode.LOOKS_LIKE_IMAGE,
    b"\xff\xd8\xff": ProblemCode.LOOKS_LIKE_IMAGE,
    b"GIF8": ProblemCode.LOOKS_LIKE_IMAGE,
}

_TEXT_STARTS = {
    "<": ProblemCode.LOOKS_LIKE_HTML,
    "begin:vcalendar": ProblemCode.LOOKS_LIKE_CALENDAR,
}

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_DAMAGED = re.compile("Ã[¥¤¶…„–©]|\ufffd")

_FOREIGN = re.compile("(?<=[A-Za-z])[†„”ŽŒŠ]+(?=[a-z])")
"""What å, ä and ö of DOS (CP850) and old Macintoshes are in Windows-1252, inside a word."""


class DecodingError(Exception):
    """A file that is no text we can read; `row` is the line, where one can be named."""

    def __init__(self, code: ProblemCode, row: int | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.row = row


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with a mark, or Windows-1252.

    Raises `DecodingError` for what is too large, empty, binary, or text of another kind.
    """
    if len(content) > MAX_BYTES:
        raise DecodingError(ProblemCode.TOO_LARGE)
    _refuse_binary(content)
    text = _text(content)
    if not text.strip():
        raise DecodingError(ProblemCode.EMPTY_FILE)
    _refuse_other_text(text)
    return text


def _refuse_binary(content: bytes) -> None:
    """Raise if the first bytes are those of a known binary format."""
    for start, code in _BINARY_STARTS.items():
        if content.startswith(start):
            workbook = code is ProblemCode.LOOKS_LIKE_ZIP and b"xl/" in content
            raise DecodingError(ProblemCode.LOOKS_LIKE_EXCEL if workbook else code)


def _text(content: bytes) -> str:
    """Decode by mark, else as UTF-8, else as Windows-1252."""
    marked = [name for mark, name in _ENCODING_MARKS.items() if content.startswith(mark)]
    for encoding in marked or ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            _refuse_damaged(text, _FOREIGN)
        return text
    raise DecodingError(ProblemCode.NOT_TEXT)


def _refuse_other_text(text: str) -> None:
    """Raise if the text is mostly control characters, of another format, or damaged."""
    sample = text[:4096]
    if len(_CONTROLS.findall(sample)) * 50 > len(sample):
        raise DecodingError(ProblemCode.NOT_TEXT)
    beginning = sample.lstrip()[:20].casefold()
    for start, code in _TEXT_STARTS.items():
        if beginning.startswith(start):
            raise DecodingError(code)
    _refuse_damaged(text, _DAMAGED)


def _refuse_damaged(text: str, sign: re.Pattern[str]) -> None:
    """Raise if the text holds what å, ä or ö became on the way."""
    if damaged := sign.search(text):
        before = text[: damaged.start()].replace("\r\n", "\n").replace("\r", "\n")
        raise DecodingError(ProblemCode.BROKEN_LETTERS, row=before.count("\n") + 1)
