"""`/konto`: where I am signed in, and the language of my mail."""

from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.clock import Clock
from blaljus.domain.people import Person
from blaljus.i18n import msgid
from blaljus.settings import Settings
from blaljus.usecases.access.sessions import (
    choose_language,
    end_other_sessions,
    end_session,
    list_my_sessions,
)
from blaljus.web.coordinator.coordinating import done_flash
from blaljus.web.forms.reading import Form, read_form
from blaljus.web.http.cookies import language_cookie
from blaljus.web.http.visitor import visitor_of
from blaljus.web.page import page_of
from blaljus.web.policy import NotSignedInError, Policy
from blaljus.web.render import go, render_page

AnyRequest = Request[Any, Any, Any]

ADDRESS = "/konto"

DONE = {
    "ut": msgid("Webbläsaren är utloggad."),
    "andra-ut": msgid("Du är inte längre inloggad någon annanstans."),
    "sprak": msgid("Språket är sparat."),
}


class LanguageForm(Form):
    """The language of pages and mail."""

    language: Literal["sv", "en"]


@get(ADDRESS, name="account", policy=Policy.SIGNED_IN)
async def show_account(
    request: AnyRequest,
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the person's sessions and language."""
    return render_page(
        request,
        "konto/konto.html",
        flash=done_flash(DONE, klart, page_of(request).language),
        sessions=await list_my_sessions(person, clock=clock),
        this=_this_session(request),
        mail_language=person.language,
    )


@post("/konto/inloggning/{session:int}", name="end-session", policy=Policy.SIGNED_IN)
async def end_one(
    session: FromPath[int], person: NamedDependency[Person], clock: NamedDependency[Clock]
) -> Redirect:
    """Sign out one of one's own browsers."""
    await end_session(person, session, clock=clock)
    return go(f"{ADDRESS}?klart=ut")


@post("/konto/inloggningar", name="end-other-sessions", policy=Policy.SIGNED_IN)
async def end_others(
    request: AnyRequest, person: NamedDependency[Person], clock: NamedDependency[Clock]
) -> Redirect:
    """Sign out everywhere but here."""
    await end_other_sessions(person, _this_session(request), clock=clock)
    return go(f"{ADDRESS}?klart=andra-ut")


@post("/konto/sprak", name="mail-language", policy=Policy.SIGNED_IN)
async def choose_mail_language(
    request: AnyRequest, person: NamedDependency[Person], settings: NamedDependency[Settings]
) -> Redirect:
    """Choose the language of mail and pages."""
    form = await read_form(request, LanguageForm)
    await choose_language(person, form.language)
    response = go(f"{ADDRESS}?klart=sprak")
    response.set_cookie(language_cookie(form.language, settings))
    return response


def _this_session(request: AnyRequest) -> int:
    visitor = visitor_of(request)
    if visitor is None or visitor.signed_in is None:
        raise NotSignedInError
    return visitor.signed_in.session


HANDLERS = [show_account, end_one, end_others, choose_mail_language]
