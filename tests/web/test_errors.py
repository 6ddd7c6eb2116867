"""Every error has a status and a page, in both languages, and lets no secret out."""

import importlib
import pkgutil
from typing import Any

import pytest
from litestar import Litestar, Request, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.testing import AsyncTestClient
from msgspec import ValidationError
from structlog.testing import capture_logs

import blaljus
from blaljus.domain.booking import BookingRefusedError, Refusal
from blaljus.domain.errors import BlaljusError, BusyError, NotFoundError
from blaljus.domain.own_calendars import CalendarTroubleError, Trouble
from blaljus.domain.staffing import StaffingRefusal, StaffingRefusedError
from blaljus.domain.words import Role
from blaljus.i18n import LANGUAGES
from blaljus.templating import TEMPLATES, render
from blaljus.web.http.errors import STATUS, exception_handlers
from blaljus.web.page import Page, remember_page

SECRET = "fru.hemlig@example.org"

SAMPLES = {
    "booking-refused": BookingRefusedError(Refusal),
    "calendar-trouble": CalendarTroubleError(Trouble.TOO_LARGE),
    "staffing-refused": StaffingRefusedError(tuple(StaffingRefusal)),
}
"""Errors whose page shows what they carry."""


@get("/busy", sync_to_thread=False)
def busy() -> None:
    raise BusyError


@get("/refused", sync_to_thread=False)
def refused() -> None:
    raise SAMPLES["booking-refused"]


@get("/http/{status:int}", sync_to_thread=False)
def http(status: FromPath[int]) -> None:
    raise HTTPException(detail=SECRET, status_code=status)


@get("/unforeseen/{token:str}", sync_to_thread=False)
def unforeseen(token: FromPath[str]) -> None:
    raise RuntimeError(f"{SECRET} {token}")


@get("/invalid", sync_to_thread=False)
def invalid() -> None:
    raise ValidationError(SECRET)


@get("/signed-in", sync_to_thread=False)
def signed_in(request: Request[Any, Any, Any]) -> None:
    page = Page(language="en", path="/signed-in", user_label="Lärare", roles=(Role.TEACHER,))
    remember_page(request, page)
    raise NotFoundError


@pytest.fixture
async def client():
    app = Litestar(
        [busy, refused, http, unforeseen, invalid, signed_in],
        exception_handlers=exception_handlers(),
        openapi_config=None,
        logging_config=None,
    )
    async with AsyncTestClient(app) as made:
        yield made


def own_errors(base=BlaljusError):
    for error in base.__subclasses__():
        yield error
        yield from own_errors(error)


def test_every_error_of_the_package_has_a_status():
    for module in pkgutil.walk_packages(blaljus.__path__, "blaljus."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)

    assert {error.code for error in own_errors()} - set(STATUS) == set()


def test_every_status_has_a_page_and_every_page_a_status():
    pages = {path.stem for path in (TEMPLATES / "errors").glob("[!_]*.html")}

    assert pages == set(STATUS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", STATUS)
def test_every_error_page_has_a_heading_and_a_way_out(code, language):
    page = Page(language=language, path="/")

    html = render(
        f"errors/{code}.html",
        language,
        page=page,
        error=SAMPLES.get(code),
        request_id="a1",
        again=(),
        back=None,
    )

    main = html.partition("<main")[2].partition("</main>")[0]
    assert f'<html lang="{language}">' in html
    assert main.count("<h1>") == 1
    assert 'class="btn"' in main
    assert html.count("<title>") == 1


async def test_an_own_error_answers_with_its_status_and_page(client):
    answer = await client.get("/busy")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert "Många vill spara samtidigt" in answer.text


async def test_a_refusal_shows_every_reason_at_once(client):
    answer = await client.get("/refused")

    assert answer.status_code == 409
    assert answer.text.count("<li>Klassen har") == 3
    assert "Tiden är fullbokad." in answer.text


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "Det gick inte att läsa begäran"),
        (401, "Logga in först"),
        (403, "Du har inte tillgång hit"),
        (413, "Filen är för stor"),
        (418, "Det gick inte att läsa begäran"),
        (429, "För många försök"),
        (503, "Många vill spara samtidigt"),
        (500, "Något gick fel hos oss"),
    ],
)
async def test_the_frameworks_errors_keep_their_status_and_never_show_their_detail(
    client, status, heading
):
    answer = await client.get(f"/http/{status}")

    assert answer.status_code == status
    assert f"<h1>{heading}</h1>" in answer.text
    assert SECRET not in answer.text


async def test_an_unknown_address_and_a_wrong_method_have_pages(client):
    unknown, method = await client.get("/nowhere"), await client.post("/busy")

    assert (unknown.status_code, method.status_code) == (404, 405)
    assert "<h1>Sidan finns inte</h1>" in unknown.text
    assert method.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_value_of_the_wrong_kind_is_422(client):
    answer = await client.get("/invalid")

    assert answer.status_code == 422
    assert SECRET not in answer.text


async def test_an_unforeseen_error_is_logged_by_where_not_by_what(client):
    with capture_logs() as logs:
        answer = await client.get("/unforeseen/token-1234")

    assert answer.status_code == 500
    assert [(entry["event"], entry["error"], entry["route"]) for entry in logs] == [
        ("unforeseen_error", "RuntimeError", "/unforeseen/{token}")
    ]
    assert "test_errors.py" in str(logs)
    for secret in (SECRET, "token-1234"):
        assert secret not in str(logs)
        assert secret not in answer.text.replace("/unforeseen/token-1234", "")


async def test_an_error_page_speaks_the_visitors_language(client):
    answer = await client.get("/nowhere", headers={"accept-language": "en-GB,en;q=0.9"})

    assert '<html lang="en">' in answer.text


async def test_an_error_page_keeps_the_menu_of_who_is_signed_in(client):
    answer = await client.get("/signed-in")

    assert answer.status_code == 404
    assert 'href="/boka"' in answer.text
    assert 'action="/ut"' in answer.text
