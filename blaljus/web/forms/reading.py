"""Forms: what was typed becomes a msgspec struct, or every problem of every field at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request
from msgspec.inspect import (
    BoolType,
    CollectionType,
    IntType,
    Metadata,
    StrType,
    Type,
    UnionType,
    type_info,
)
from msgspec.structs import FieldInfo

from blaljus.domain.errors import BlaljusError
from blaljus.domain.text import clean_line, clean_text
from blaljus.i18n import translations
from blaljus.usecases.once import FormKey, hash_of
from blaljus.web.forms.problems import WORDING, Problem, problem_of
from blaljus.web.http.body import Pairs, has_control_characters, read_pairs

LINE_LENGTH = 200
"""Characters of a text whose field names no bound of its own."""

LARGEST = 2**31 - 1
"""What an integer column holds on every engine; nothing anybody counts comes near."""

MULTILINE = {"multiline": True}
"""`msgspec.Meta(extra=MULTILINE)`: a text that may hold line ends, for a textarea."""


class Form(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of every form: the hidden fields of the macro `hidden`."""

    csrf: Annotated[str, msgspec.Meta(max_length=200)] = ""
    key: Annotated[str, msgspec.Meta(max_length=64)] = ""
    version: Annotated[int, msgspec.Meta(ge=0)] | None = None


F = TypeVar("F", bound=Form)

Typed = dict[str, Any]
"""What was typed, by field: text, or a list of texts where a field may be repeated."""


class FormError(BlaljusError):
    """Something typed cannot be used. Pages catch it and show the form again, with 422."""

    code = "invalid"

    def __init__(self, problems: Mapping[str, Problem], typed: Typed) -> None:
        super().__init__(problems=sorted(problems.items()))
        self.problems = dict(problems)
        self.typed = typed

    def texts(
        self,
        language: str,
        labels: Mapping[str, str] | None = None,
        wording: Mapping[tuple[str, Problem], str] | None = None,
    ) -> dict[str, str]:
        """Return one sentence per field, for the templates' `errors`.

        `labels` (already translated) go first: `Elever: skriv ett heltal.` `wording` replaces the
        sentence of a field's problem; its texts are msgids.
        """
        say = translations(language).gettext
        texts = {}
        for name, problem in self.problems.items():
            text = say((wording or {}).get((name, problem), WORDING[problem]))
            label = (labels or {}).get(name)
            texts[name] = f"{label}: {text}" if label else text
        return texts


async def read_form(request: Request[Any, Any, Any], kind: type[F]) -> F:
    """Return the request's form as a struct of `kind`, or raise `FormError` with all problems."""
    return parse_form(await read_pairs(request), kind)


def parse_form(pairs: Pairs, kind: type[F]) -> F:
    """Return the struct that names and values make, or raise `FormError` with all problems.

    Texts are trimmed; an empty one is absent. A repeated name needs a list field. `1` and `on`
    are true; an unticked box is the field's default.
    """
    fields = _fields(kind)
    given, typed = _gather(pairs, {field.encode_name: told for field, told in fields})
    problems: dict[str, Problem] = {}
    values: dict[str, Any] = {}
    for field, told in fields:
        name = field.encode_name
        try:
            values |= _value(field, told, given.pop(name, []))
        except _Unfit as unfit:
            problems[name] = unfit.problem
    problems |= dict.fromkeys(given, Problem.UNKNOWN)
    if problems:
        raise FormError(problems, typed)
    return kind(**values)


def query_form(request: Request[Any, Any, Any], kind: type[F]) -> F:
    """Return the query string as a struct of `kind`, by the same rules as a posted form."""
    return parse_form(list(request.query_params.multi_items()), kind)


async def form_key(request: Request[Any, Any, Any]) -> FormKey:
    """Return the idempotency key of the request's form, and what tells one body from another.

    Raises `FormError` when the key is missing or no key of ours.
    """
    pairs = await read_pairs(request)
    keys = [value for name, value in pairs if name == "key"]
    if len(keys) != 1 or not FormKey.is_key(keys[0]):
        raise FormError({"key": Problem.REQUIRED}, {})
    content = sorted(pair for pair in pairs if pair[0] not in ("csrf", "key"))
    return FormKey(key=keys[0], body_hash=hash_of(request.url.path, content))


@lru_cache(maxsize=512)
def _fields(kind: type[Form]) -> Sequence[tuple[FieldInfo, Type]]:
    """Return each field of a form with what msgspec tells of its type; found out once.

    Forms that are made for what a page holds are let go again.
    """
    return [(field, type_info(field.type)) for field in msgspec.structs.fields(kind)]


class _Unfit(Exception):  # noqa: N818 -- a signal within this file, never seen outside
    """A value does not fit its field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _gather(pairs: Pairs, types: Mapping[str, Type]) -> tuple[dict[str, list[str]], Typed]:
    given = defaultdict(list)
    for name, value in pairs:
        given[clean_line(name)[:LINE_LENGTH]].append(value)
    typed: Typed = {}
    for name, kind in types.items():
        values = [clean_text(value) for value in given.get(name, [])]
        typed[name] = values if _is_list(kind) else (values or [""])[0]
    return dict(given), typed


def _value(field: FieldInfo, kind: Type, texts: list[str]) -> dict[str, Any]:
    if any(has_control_characters(text) for text in texts):
        raise _Unfit(Problem.CONTROL_CHARACTERS)
    values = [value for text in texts if (value := _trimmed(text, kind))]
    if not _is_list(kind) and len(texts) > 1:
        raise _Unfit(Problem.REPEATED)
    if not values:
        return _absent(field, kind)
    bounded = [_bounded(value, kind) for value in values]
    return {field.name: _converted(bounded, field, kind)}


def _absent(field: FieldInfo, kind: Type) -> dict[str, Any]:
    if not field.required:
        return {}
    if _is_list(kind):
        return {field.name: _converted([], field, kind)}
    raise _Unfit(Problem.REQUIRED)


def _trimmed(text: str, kind: Type) -> str:
    if isinstance(kind, Metadata) and (kind.extra or {}).get("multiline"):
        return clean_text(text).strip()
    return clean_line(text)


def _bounded(text: str, kind: Type) -> str:
    item = _item(kind)
    if isinstance(item, StrType) and item.max_length is None and len(text) > LINE_LENGTH:
        raise _Unfit(Problem.TOO_LONG)
    if isinstance(item, BoolType) and text == "on":
        return "true"
    if isinstance(item, IntType):
        return _whole(text)
    return text


def _whole(text: str) -> str:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise _Unfit(Problem.NOT_A_NUMBER)
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise _Unfit(Problem.TOO_SMALL if text.startswith("-") else Problem.TOO_BIG)
    return text


def _converted(texts: list[str], field: FieldInfo, kind: Type) -> object:
    value = texts if _is_list(kind) else texts[0]
    try:
        return msgspec.convert(value, field.type, strict=False)
    except msgspec.ValidationError as error:
        raise _Unfit(problem_of(str(error))) from None


def _is_list(kind: Type) -> bool:
    return isinstance(_plain(kind), CollectionType)


def _item(kind: Type) -> Type:
    plain = _plain(kind)
    return _plain(plain.item_type) if isinstance(plain, CollectionType) else plain


def _plain(kind: Type) -> Type:
    while isinstance(kind, (Metadata, UnionType)):
        if isinstance(kind, Metadata):
            kind = kind.type
        else:
            kind = next(
                part for part in kind.types if not isinstance(part, msgspec.inspect.NoneType)
            )
    return kind
