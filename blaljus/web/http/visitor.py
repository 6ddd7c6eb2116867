"""Who sends this request, looked up once: the session's person, or a browser nobody knows."""

from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection

from blaljus.domain.people import Person
from blaljus.settings import Settings
from blaljus.usecases.access.sessions import SignedIn, find_session
from blaljus.usecases.municipalities import OWNED, find_looked_at
from blaljus.web.forms.reading import LARGEST
from blaljus.web.http.cookies import browser_cookie_name, new_id, session_cookie_name
from blaljus.web.http.csrf import csrf_token
from blaljus.web.page import Page, address_of, remember_page, visitor_language

Connection = ASGIConnection[Any, Any, Any, Any]

_KEY = "visitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`secret` is the cookie that forms are bound to; `is_new` while the browser lacks it."""

    signed_in: SignedIn | None
    secret: str
    is_new: bool


async def look_up(connection: Connection) -> Visitor:
    """Return the visitor, and remember the page's frame for this request and its errors."""
    known = connection.state.get(_KEY)
    if isinstance(known, Visitor):
        return known
    visitor = await _visitor(connection)
    connection.state[_KEY] = visitor
    remember_page(connection, await _page(connection, visitor))
    return visitor


def visitor_of(connection: Connection) -> Visitor | None:
    """Return the visitor if the route's policy asked who it is."""
    known = connection.state.get(_KEY)
    return known if isinstance(known, Visitor) else None


async def _visitor(connection: Connection) -> Visitor:
    settings: Settings = connection.app.state.settings
    session_id = connection.cookies.get(session_cookie_name(settings), "")
    signed_in = (
        await find_session(session_id, clock=connection.app.state.clock) if session_id else None
    )
    if signed_in is not None:
        return Visitor(signed_in=signed_in, secret=session_id, is_new=False)
    browser = connection.cookies.get(browser_cookie_name(settings), "")
    return Visitor(signed_in=None, secret=browser or new_id(), is_new=not browser)


async def _page(connection: Connection, visitor: Visitor) -> Page:
    signed_in = visitor.signed_in
    return Page(
        language=visitor_language(connection),
        path=address_of(connection),
        municipality_name=signed_in.municipality_name if signed_in else None,
        user_label=signed_in.label if signed_in else None,
        roles=signed_in.person.roles if signed_in else (),
        csrf=csrf_token(visitor.secret),
        kommun=await _looked_at(connection, signed_in.person) if signed_in else None,
    )


async def _looked_at(connection: Connection, person: Person) -> str | None:
    """Return the code of the municipality that the address is about, as far as it tells."""
    ids = {name: connection.path_params.get(name) for name in OWNED}
    rows = {name: row for name, row in ids.items() if isinstance(row, int) and row <= LARGEST}
    asked = connection.query_params.get("kommun")
    return await find_looked_at(person, code=asked, rows=rows)
