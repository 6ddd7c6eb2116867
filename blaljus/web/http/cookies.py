"""The cookies we set: all necessary, none readable by scripts."""

from secrets import token_urlsafe

from litestar.datastructures import Cookie

from blaljus.settings import Settings
from blaljus.web.page import LANGUAGE_COOKIE

ID_BYTES = 32
"""256 bits: nobody guesses one."""

BROWSER_SECONDS = 12 * 60 * 60
"""How long a signed-out browser is remembered: longer than a form lies open on a desk."""

KNOWN_SECONDS = 14 * 24 * 60 * 60
"""How long a browser still shows whose session ended there: nobody can then use up the letters
that its person asks for. People come every other week."""

LANGUAGE_SECONDS = 365 * 24 * 60 * 60
"""A choice of language holds for a year."""


def session_cookie_name(settings: Settings) -> str:
    """Return the name of the cookie that carries the session id."""
    return _host_name("blaljus", settings)


def browser_cookie_name(settings: Settings) -> str:
    """Return the name of the cookie that ties forms and links to a signed-out browser."""
    return _host_name("blaljus-webb", settings)


def new_id() -> str:
    """Return a fresh unguessable id for a cookie."""
    return token_urlsafe(ID_BYTES)


def session_cookie(value: str, seconds: int, settings: Settings) -> Cookie:
    """Return the session's cookie; 0 seconds takes it away."""
    return _cookie(session_cookie_name(settings), value, seconds, settings)


def browser_cookie(value: str, settings: Settings) -> Cookie:
    """Return the cookie of a signed-out browser."""
    return _cookie(browser_cookie_name(settings), value, BROWSER_SECONDS, settings)


def language_cookie(language: str, settings: Settings) -> Cookie:
    """Return the cookie that remembers one of `i18n.LANGUAGES`."""
    return _cookie(LANGUAGE_COOKIE, language, LANGUAGE_SECONDS, settings)


def _host_name(name: str, settings: Settings) -> str:
    # Browsers take `__Host-` over https alone: no other host can then have set it.
    return f"__Host-{name}" if settings.secure_cookies else name


def _cookie(name: str, value: str, seconds: int, settings: Settings) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )
