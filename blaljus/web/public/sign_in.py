"""Signing in and out: ask for a link, open it or type its code."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.clock import Clock
from blaljus.domain.errors import BusyError
from blaljus.i18n import msgid
from blaljus.settings import Settings
from blaljus.usecases.access.sessions import NewSession, end_session
from blaljus.usecases.access.sign_in import (
    Browser,
    LinkState,
    ask_for_link,
    enter_demo,
    is_mailable,
    look_at_link,
    open_link,
    sign_in_with_code,
)
from blaljus.usecases.context import Context
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, read_form
from blaljus.web.http.cookies import KNOWN_SECONDS, session_cookie, session_cookie_name
from blaljus.web.http.errors import STATUS, error_page
from blaljus.web.http.visitor import look_up, visitor_of
from blaljus.web.page import address_of, page_of
from blaljus.web.policy import NotSignedInError, Policy
from blaljus.web.render import go, local_path, render_page

AnyRequest = Request[Any, Any, Any]


class AskForm(Form):
    """Fields of `templates/public/logga-in.html`."""

    address: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    till: Annotated[str, msgspec.Meta(max_length=500)] = "/"


class CodeForm(Form):
    """Fields of `templates/public/logga-in-skickat.html`."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3} ?[0-9]{3}$")]
    till: Annotated[str, msgspec.Meta(max_length=500)] = "/"


class OpenForm(Form):
    """Fields of `templates/public/logga-in-lank.html`."""

    till: Annotated[str, msgspec.Meta(max_length=500)] = "/"


_WORDING = {
    ("address", Problem.WRONG_FORMAT): msgid("Skriv en e-postadress som namn@kommunen.se."),
    ("address", Problem.REQUIRED): msgid("Skriv din e-postadress."),
    ("code", Problem.WRONG_FORMAT): msgid("Skriv koden med sex siffror."),
    ("code", Problem.REQUIRED): msgid("Skriv koden med sex siffror."),
}


def to_sign_in(request: AnyRequest, error: NotSignedInError) -> Response[Any]:
    """Answer somebody not signed in: a page asked for leads to sign-in, a form sent gets 401."""
    if request.method == "GET":
        return go("/logga-in?" + urlencode({"till": address_of(request)}))
    return Response(
        error_page(request, error.code, error),
        status_code=STATUS[error.code],
        media_type=MediaType.HTML,
    )


@get("/logga-in", name="sign-in", policy=Policy.PUBLIC)
async def show_sign_in(request: AnyRequest, till: FromQuery[str | None] = None) -> Response[str]:
    """Ask for an address."""
    return _ask_page(request, {"address": "", "till": local_path(till)}, {})


@post("/logga-in", name="ask-for-link", policy=Policy.PUBLIC)
async def ask(request: AnyRequest, context: NamedDependency[Context]) -> Response[Any]:
    """Send a link to the address if somebody has it; the answer does not tell."""
    try:
        form = await read_form(request, AskForm)
        _check_mailable(form)
    except FormError as error:
        return _ask_page(
            request, error.typed, error.texts(page_of(request).language, None, _WORDING)
        )
    then = local_path(form.till)
    try:
        await ask_for_link(form.address, await _browser(request), then, context=context)
    except BusyError as trouble:
        return _ask_page(request, {"address": form.address, "till": then}, {}, trouble)
    return go("/logga-in/skickat?" + urlencode({"till": then}))


def _check_mailable(form: AskForm) -> None:
    if not is_mailable(form.address):
        typed = {"address": form.address, "till": form.till}
        raise FormError({"address": Problem.WRONG_FORMAT}, typed)


def _ask_page(
    request: AnyRequest,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    trouble: BusyError | None = None,
) -> Response[str]:
    return form_page(request, "public/logga-in.html", errors, trouble, typed=typed)


@get("/logga-in/skickat", name="link-sent", policy=Policy.PUBLIC)
async def show_sent(request: AnyRequest, till: FromQuery[str | None] = None) -> Response[str]:
    """Tell to look into the mail, and take the code of a letter read elsewhere."""
    return _sent_page(request, {"code": "", "till": local_path(till)}, {})


@post("/logga-in/kod", name="use-code", policy=Policy.PUBLIC)
async def use_code(
    request: AnyRequest, clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Response[Any]:
    """Sign in with the six digits of a letter that this browser asked for."""
    language = page_of(request).language
    try:
        form = await read_form(request, CodeForm)
    except FormError as error:
        return _sent_page(request, error.typed, error.texts(language, None, _WORDING))
    code, typed = form.code.replace(" ", ""), {"code": form.code, "till": form.till}
    try:
        session = await sign_in_with_code(code, await _browser(request), clock=clock)
    except BusyError as trouble:
        return _sent_page(request, typed, {}, trouble)
    if session is None:
        wrong = FormError({"code": Problem.WRONG_FORMAT}, typed)
        wording = {("code", Problem.WRONG_FORMAT): WRONG_CODE}
        return _sent_page(request, wrong.typed, wrong.texts(language, None, wording))
    return _entered(session, form.till, clock, settings)


WRONG_CODE = msgid(
    "Koden stämmer inte eller har gått ut. Begär en ny om du har skrivit fel flera gånger."
)


def _sent_page(
    request: AnyRequest,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    trouble: BusyError | None = None,
) -> Response[str]:
    return form_page(request, "public/logga-in-skickat.html", errors, trouble, typed=typed)


@get("/in/{token:str}", name="look-at-link", policy=Policy.PUBLIC)
async def show_link(
    token: FromPath[str],
    request: AnyRequest,
    clock: NamedDependency[Clock],
    till: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a button and change nothing: programs that check mail open links too."""
    if _demo_account(request, token) is None:
        state = await look_at_link(token, await _browser(request), clock=clock)
        if state is LinkState.OTHER_BROWSER:
            return _other_browser_page(request)
    return render_page(request, "public/logga-in-lank.html", token=token, till=local_path(till))


@post("/in/{token:str}", name="open-link", policy=Policy.PUBLIC)
async def enter(
    token: FromPath[str],
    request: AnyRequest,
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Sign in by a link."""
    form = await read_form(request, OpenForm)
    browser = await _browser(request)
    account = _demo_account(request, token)
    if account is not None:
        return _entered(await enter_demo(account, browser, clock=clock), form.till, clock, settings)
    session = await open_link(token, browser, clock=clock)
    if session is None:
        return _other_browser_page(request)
    return _entered(session, form.till, clock, settings)


@post("/ut", name="sign-out", policy=Policy.PUBLIC)
async def sign_out(
    request: AnyRequest, clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Redirect:
    """End this browser's session; whoever has none is signed out already."""
    visitor = visitor_of(request)
    if visitor is not None and (mine := visitor.signed_in):
        await end_session(mine.person, mine.session, clock=clock)
    response = go("/")
    response.set_cookie(session_cookie("", 0, settings))
    return response


def _other_browser_page(request: AnyRequest) -> Response[str]:
    return render_page(request, "public/logga-in-annan.html", HTTPStatus.FORBIDDEN)


async def _browser(request: AnyRequest) -> Browser:
    visitor = await look_up(request)
    mine = visitor.signed_in
    settings: Settings = request.app.state.settings
    return Browser(
        secret=visitor.secret,
        cookie=request.cookies.get(session_cookie_name(settings), ""),
        user_agent=request.headers.get("user-agent", ""),
        peer=request.client.host if request.client else "",
        session=(mine.person.account, mine.session) if mine else None,
    )


def _demo_account(request: AnyRequest, token: str) -> int | None:
    links = request.app.state.demo_links
    return None if links is None else links.account_of(token)


def _entered(session: NewSession, till: str, clock: Clock, settings: Settings) -> Redirect:
    response = go(local_path(till))
    seconds = int((session.expires_at - clock()).total_seconds()) + KNOWN_SECONDS
    response.set_cookie(session_cookie(session.id, seconds, settings))
    return response


HANDLERS = [show_sign_in, ask, show_sent, use_code, show_link, enter, sign_out]
