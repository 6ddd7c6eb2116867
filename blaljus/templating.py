"""Templates: one Jinja environment per language, strict and escaping."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from blaljus import i18n
from blaljus.domain.booking import spoken_number
from blaljus.i18n.lists import format_services
from blaljus.i18n.words import station_name, word

TEMPLATES = Path(__file__).parent.parent / "templates"
"""Root of the templates of pages, mails and errors."""

STATIC = Path(__file__).parent / "static"
"""The files served under `/static/`."""

_VERSION_LENGTH = 12

_FORMATS: Mapping[str, Callable[..., str]] = {
    "moment": i18n.format_moment,
    "span": i18n.format_span,
    "clock_time": i18n.format_time,
    "day": i18n.format_day,
    "weekday": i18n.format_weekday,
    "short_day": i18n.format_short_day,
    "week": i18n.format_week,
    "number": i18n.format_number,
    "share": i18n.format_share,
    "service_line": format_services,
    "word": word,
    "station_name": station_name,
}


def render(name: str, language: str, /, **context: object) -> str:
    """Return a template rendered in one of `i18n.LANGUAGES`; a missing variable is an error."""
    return environment(language).get_template(name).render(context)


@cache
def environment(language: str) -> Environment:
    """Return the environment of a language.

    Formats are filters and globals both: `{{ day|week }}`, `{{ moment(start, end) }}`.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "svg"), default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    _install(made, language)
    return made


def _install(made: Environment, language: str) -> None:
    catalogue = i18n.translations(language)
    made.install_gettext_translations(  # type: ignore[attr-defined]  # added by the i18n extension
        catalogue, newstyle=True
    )
    formats = {name: partial(form, language=language) for name, form in _FORMATS.items()}
    made.filters.update(formats, spoken=spoken_number)
    made.globals.update(formats, asset=asset, language=language)


def asset(name: str) -> str:
    """Return the address of a static file, with its version so that it can be kept for ever."""
    return f"/static/{name}?v={asset_version(name)}"


@cache
def asset_version(name: str) -> str:
    """Return a short hash of a static file's content; raises `OSError` for an unknown one."""
    return sha256((STATIC / name).read_bytes()).hexdigest()[:_VERSION_LENGTH]
