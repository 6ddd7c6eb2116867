"""What every page's template gets: who is looking, in which language, and where one can go."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from litestar.connection import ASGIConnection

from blaljus.domain.words import Role
from blaljus.i18n import LANGUAGES, language_of, msgid

LANGUAGE_COOKIE = "sprak"
"""Remembers the language a visitor chose; `/sprak/<language>` sets it."""

_STATE_KEY = "page"

_LINKS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.TEACHER: (
        ("/klass", msgid("Min klass")),
        ("/boka", msgid("Boka")),
    ),
    Role.STAFF: (
        ("/personal/tider", msgid("Tider")),
        ("/personal/uppdrag", msgid("Uppdrag")),
        ("/personal/kalender", msgid("Kalender")),
    ),
    Role.COORDINATOR: (
        ("/samordnare", msgid("Täckning")),
        ("/samordnare/korning", msgid("Planering")),
        ("/samordnare/import", msgid("Import")),
        ("/samordnare/verksamheter", msgid("Verksamheter")),
        ("/samordnare/utskick", msgid("Utskick")),
        ("/samordnare/svar", msgid("Svar")),
        ("/samordnare/kalender", msgid("Kalender")),
    ),
}

_COORDINATING = "/samordnare"

_WITHIN = {
    "/samordnare/plan": "/samordnare/korning",
    "/samordnare/platser": "/samordnare/verksamheter",
    "/samordnare/personal": "/samordnare/verksamheter",
    "/samordnare/paminnelser": "/samordnare/utskick",
}
"""Pages that one comes to from another link of the menu than their address tells."""


class Tone(StrEnum):
    """How a message or a tag looks; each has its own symbol, never colour alone."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    ERR = "err"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """A message shown once, after a change. `text` is already in the visitor's language."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """A link of the main menu. `label` is a msgid; at most one link of a page is current."""

    path: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Given to every template as `page`. Nobody signed in: no roles, no `user_label`.

    `path` is the address asked for, with its query: the language switch comes back to it.
    """

    language: str
    path: str
    municipality_name: str | None = None
    user_label: str | None = None
    roles: tuple[Role, ...] = ()
    csrf: str = ""
    flash: Flash | None = None
    kommun: str | None = None
    """Code of the municipality looked at, for who coordinates several: the menu stays there."""

    @property
    def nav(self) -> tuple[NavLink, ...]:
        """Return the links of one's roles only; the longest one that leads here is current."""
        links = [link for role in Role if role in self.roles for link in _LINKS[role]]
        here = self.path.partition("?")[0]
        leading = [path for path in [*_WITHIN, *dict(links)] if f"{here}/".startswith(f"{path}/")]
        nearest = max(leading, key=len, default="")
        current = _WITHIN.get(nearest, nearest)
        return tuple(
            NavLink(path=self.at(path), label=label, current=path == current)
            for path, label in links
        )

    def at(self, path: str) -> str:
        """Return the address of a page; a coordinator's stays within the municipality."""
        coordinating = self.kommun and path.startswith(_COORDINATING)
        return f"{path}?kommun={self.kommun}" if coordinating else path


def remember_page(connection: ASGIConnection[Any, Any, Any, Any], page: Page) -> None:
    """Keep the page of a request, so that an error page has the same menu and sign-out."""
    connection.scope["state"][_STATE_KEY] = page


def page_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Page:
    """Return the remembered page of a request, or one for a visitor nobody knows yet."""
    remembered = connection.scope["state"].get(_STATE_KEY)
    if isinstance(remembered, Page):
        return remembered
    return Page(language=visitor_language(connection), path=address_of(connection))


def visitor_language(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the chosen language, else the one the browser asks for, else Swedish."""
    chosen = connection.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return language_of(connection.headers.get("accept-language", ""))


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return path and query of a request, as the language switch gives them back."""
    query = connection.scope["query_string"].decode("latin-1")
    path = connection.scope["path"]
    return f"{path}?{query}" if query else path
