"""Languages: catalogues, and dates and numbers as people in Sweden read them."""

import gettext
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from blaljus.domain.localtime import iso_week, local

LANGUAGES = ("sv", "en")
"""Swedish first: it is the source of every text, and what a visitor gets who asks for neither."""

CATALOGUES = Path(__file__).parent.parent / "locale"
"""One folder per translated language, `<language>/LC_MESSAGES/blaljus.po`."""

_LOCALES: Mapping[str, Locale] = MappingProxyType(
    {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")},
)
_TIMES = MappingProxyType({"sv": "%H.%M", "en": "%H:%M"})
_WEEKS = MappingProxyType({"sv": "v. {}", "en": "week {}"})
_MOMENTS = MappingProxyType({"sv": "{day} kl. {time} ({week})", "en": "{day}, {time} ({week})"})


def msgid(text: str) -> str:
    """Return `text` unchanged; marks a text kept in a table for the catalogues."""
    return text


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of one of `LANGUAGES`; Swedish is the msgid itself.

    Compiled in memory at first use, so that no compiled file can lag behind its source.
    Raises `ValueError` for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is not one of {LANGUAGES}")
    if language == LANGUAGES[0]:
        return gettext.NullTranslations()
    compiled = BytesIO()
    with catalogue_path(language).open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of a translated language lies."""
    return CATALOGUES / language / "LC_MESSAGES" / "blaljus.po"


def language_of(header: str) -> str:
    """Return the language an `Accept-Language` header asks for first; Swedish when none fits.

    Order decides, not the q-values: browsers send them in falling order.
    """
    wanted = (part.partition(";")[0].strip().lower()[:2] for part in header.split(","))
    return next((language for language in wanted if language in LANGUAGES), LANGUAGES[0])


def format_moment(start: datetime, end: datetime, language: str) -> str:
    """Return `tis 13 oktober 2026 kl. 09.00–11.30 (v. 42)`: local time, aware arguments.

    The day is that of `start`; slots end on the day they start.
    """
    return _MOMENTS[language].format(
        day=_formatted(start, "EEE d MMMM y", language),
        time=format_span(start, end, language),
        week=format_week(start, language),
    )


def format_span(start: datetime, end: datetime, language: str) -> str:
    """Return `09.00–11.30`, local time."""
    return f"{format_time(start, language)}–{format_time(end, language)}"


def format_time(moment: datetime, language: str) -> str:
    """Return `09.00`, local time."""
    return local(moment).strftime(_TIMES[language])


def format_day(day: date, language: str) -> str:
    """Return `tisdag 13 oktober 2026`; an aware moment gives its local day, here and below."""
    return _formatted(day, "EEEE d MMMM y", language)


def format_weekday(day: date, language: str) -> str:
    """Return `tisdag 13 oktober`, for lists whose heading tells the year."""
    return _formatted(day, "EEEE d MMMM", language)


def format_short_day(day: date, language: str) -> str:
    """Return `tors 8 okt`, for narrow tables."""
    return _formatted(day, "EEE d MMM", language).replace(".", "")


def format_week(day: date, language: str) -> str:
    """Return the ISO week as schools write it, `v. 42`."""
    return _WEEKS[language].format(iso_week(_local_day(day))[1])


def format_number(value: float, language: str) -> str:
    """Return a number with the language's separators: `1 234,5`, at most three decimals."""
    return format_decimal(value, locale=_LOCALES[language])


def format_share(value: float, language: str) -> str:
    """Return a share 0-1 as a whole percentage: `96 %`."""
    return format_percent(value, locale=_LOCALES[language])


def _formatted(day: date, pattern: str, language: str) -> str:
    return _day_formatted(_local_day(day), pattern, language)


@lru_cache(maxsize=4096)
def _day_formatted(day: date, pattern: str, language: str) -> str:
    # A page of times names the same days again and again, and Babel takes its time over each.
    return format_date(day, pattern, locale=_LOCALES[language])


def _local_day(day: date) -> date:
    # A moment is a `date` to Python, but its date is one of UTC until it is made local.
    return local(day).date() if isinstance(day, datetime) else day
