"""Access is a table: every route × role × method, and two municipalities that see no trace."""

import re
from dataclasses import replace

import pytest
from access_table import access
from factories import person_of
from litestar import Litestar, get
from visiting import Visiting

from blaljus.store import accounts
from blaljus.store import tables as t
from blaljus.web import app as app_module
from blaljus.web.http.cookies import browser_cookie_name, session_cookie_name
from blaljus.web.http.csrf import csrf_token
from blaljus.web.policy import Policy, UnguardedRouteError, check_policies, guard, handlers_of

ABSENT = {"int": "987654", "str": "finns-inte", "date": "2031-01-01", "uuid": "0" * 32}
"""Something of each type that no row of any municipality has."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

CANARIES = ("Ekskolan", "Alskolan", "larare.", "Brandstationen", "Police-1")
"""Höör's alone."""

OWNED = (
    t.SchoolClass,
    t.SchoolUnit,
    t.Slot,
    t.Booking,
    t.Assignment,
    t.Visit,
    t.Attendance,
    t.Plan,
)


@pytest.fixture
def store(sqlite_store):
    """Access does not depend on the engine."""
    return sqlite_store


@pytest.fixture
def passed(monkeypatch):
    """The (method, route) of every request that the guard let through."""
    through = set()

    async def watched(connection, handler):
        await guard(connection, handler)
        through.add((connection.method, connection.scope["path_template"]))

    monkeypatch.setattr(app_module, "guard", watched)
    return through


@pytest.fixture
async def people(cast):
    """By the letters of the table."""
    await accounts.add_account("ny@blaljus.example")
    return {
        "V": None,
        "N": await person_of("ny@blaljus.example"),
        "T": cast.teacher,
        "S": cast.officer,
        "C": cast.coordinator,
        "F": cast.foreign_coordinator,
    }


@pytest.fixture
def ask(visit, sign_in, settings):
    """Send one request as somebody, with a form of ours if it is a POST."""

    async def asked(person, method, path, fields=None):
        browser = await sign_in(person) if person else visit({browser_cookie_name(settings): "x"})
        name = (session_cookie_name if person else browser_cookie_name)(settings)
        if method == "GET":
            return await browser.get(path)
        fields = {"csrf": csrf_token(browser.cookies[name]), "key": "k" * 20, **(fields or {})}
        return await browser.request(method, path, data=fields)

    return asked


def routes(app: Litestar):
    """Return `(method, template, typed path)` of every route."""
    return sorted(
        (method, route.path_format, route.path)
        for route in app.routes
        for handler in handlers_of(route)
        for method in handler.http_methods
    )


def filled(path: str, value=ABSENT.get) -> str:
    """Return the path with a value of the right type for each parameter."""
    return re.sub(r"{\w+:(\w+)}", lambda part: value(part[1]), path)


def test_every_route_is_in_the_table_and_every_line_is_a_route(app):
    assert sorted(access()) == [(method, template) for method, template, _ in routes(app)]


async def test_the_guard_agrees_with_the_table(passed, app, people, ask):
    table = access()
    wrong = []
    for method, template, path in routes(app):
        for letter, person in people.items():
            passed.clear()
            answer = await ask(person, method, filled(path))
            through = (method, template) in passed
            if through != (letter in table[method, template]) or answer.status_code >= 500:
                wrong.append((method, template, letter, through, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize(
    ("policy", "through"),
    [
        (Policy.PUBLIC, "VNTSCF"),
        (Policy.TOKEN, "VNTSCF"),
        (Policy.SYSTEM, "VNTSCF"),
        (Policy.SIGNED_IN, "NTSCF"),
        (Policy.TEACHER, "T"),
        (Policy.STAFF, "S"),
        (Policy.COORDINATOR, "CF"),
    ],
)
async def test_each_policy_opens_for_its_roles_alone(
    settings, clock, monkeypatch, people, sign_in, policy, through
):
    @get("/dorr", policy=policy, sync_to_thread=False)
    def door() -> str:
        """Stand open."""
        return "inne"

    monkeypatch.setattr(app_module, "CONTROLLERS", [door])
    opened = []
    for letter, person in people.items():
        cookies = (await sign_in(person)).cookies if person else None
        async with Visiting(app_module.create_app(settings, clock=clock), cookies) as browser:
            if (await browser.get("/dorr")).text == "inne":
                opened.append(letter)

    assert "".join(opened) == through


async def test_who_is_not_let_in_learns_nothing_but_where_to_sign_in(app, people, ask):
    table = access()
    answers = set()
    for method, template, path in routes(app):
        for letter in set(people) - set(table[method, template]):
            answer = await ask(people[letter], method, filled(path))
            answers.add((letter == "V", method, answer.status_code))

    assert answers <= {
        (True, "GET", 303),
        (True, "POST", 401),
        (False, "GET", 404),
        (False, "POST", 404),
    }


async def test_other_methods_are_not_there(app, people, ask):
    known = {(method, template) for method, template, _ in routes(app)}
    paths = {template: path for _, template, path in routes(app)}
    for template, path in paths.items():
        for method in METHODS:
            if (method, template) not in known:
                answer = await ask(people["C"], method, filled(path))
                assert answer.status_code == 405, (method, template)


async def test_head_is_answered_like_get(app, people, sign_in):
    for method, _, path in routes(app):
        if method == "GET":
            browser = await sign_in(people["C"])
            head, whole = await browser.head(filled(path)), await browser.get(filled(path))
            assert (head.status_code, head.content) == (whole.status_code, b""), path


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_nothing_of_a_municipality_is_seen_from_another(app, cast, people, ask, number):
    for method, template, path in routes(app):
        if method == "GET" and "F" in access()[method, template]:
            answer = await ask(people["F"], "GET", filled(path, {**ABSENT, "int": str(number)}.get))
            seen = [name for name in CANARIES if name in answer.text]
            assert (template, seen) == (template, [])


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_nothing_of_a_municipality_is_changed_from_another(app, cast, people, ask, number):
    before = await owned_by(cast.municipality.id)
    for method, template, path in routes(app):
        if method == "POST" and "F" in access()[method, template]:
            ours = filled(path, {**ABSENT, "int": str(number)}.get)
            answer = await ask(people["F"], "POST", ours, {"version": "1"})
            assert answer.status_code < 500, template

    assert await owned_by(cast.municipality.id) == before


async def owned_by(municipality: int):
    return [
        await table.select().where(table.municipality == municipality).order_by(table.id)
        for table in OWNED
    ]


def test_the_app_does_not_start_with_a_route_that_names_no_policy():
    @get("/glomd", sync_to_thread=False)
    def forgotten() -> None:
        """Name no policy."""

    @get("/kand", policy=Policy.PUBLIC, sync_to_thread=False)
    def known() -> None:
        """Name one."""

    app = Litestar([forgotten, known], openapi_config=None)

    with pytest.raises(UnguardedRouteError, match="/glomd") as caught:
        check_policies(app)
    assert "/kand" not in str(caught.value)


async def test_a_form_without_our_token_changes_nothing(client):
    page = await client.get("/logga-in")
    fields = client.fields(page, "/logga-in")
    token = fields.pop("csrf")
    assert isinstance(token, str)

    without = await client.post_fields("/logga-in", fields)
    broken = await client.post_fields("/logga-in", {**fields, "csrf": token[:-4] + "AAA="})
    twice = await client.post_fields("/logga-in", {**fields, "csrf": [token, token]})

    assert [answer.status_code for answer in (without, broken, twice)] == [403, 403, 403]


async def test_a_token_of_one_browser_is_worth_nothing_in_another(visit):
    mine, theirs = visit(), visit()
    page = await mine.get("/logga-in")
    await theirs.get("/logga-in")

    answer = await theirs.post_fields(
        "/logga-in", {**mine.fields(page, "/logga-in"), "address": "a@b.se"}
    )

    assert answer.status_code == 403


async def test_feeds_static_files_and_probes_set_no_cookie(client):
    for path in ("/static/blaljus.css", "/healthz", "/readyz", "/"):
        assert "set-cookie" not in (await client.get(path)).headers


async def test_cookies_are_for_this_host_alone_when_secure(settings):
    secure = replace(settings, base_url="https://blaljus.example")
    browser = Visiting(app_module.create_app(secure))

    cookie = (await browser.get("/logga-in")).headers["set-cookie"]

    assert cookie.startswith("__Host-blaljus-webb=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_a_body_over_the_cap_is_refused(client):
    page = await client.get("/logga-in")
    fields = {**client.fields(page, "/logga-in"), "address": "a" * 2_000_000}

    assert (await client.post_fields("/logga-in", fields)).status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"a=%ff"),
        ("application/x-www-form-urlencoded", b"\xff=1"),
        ("application/x-www-form-urlencoded", b"&a=1" * 4000),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b""),
        ("application/json", b'{"address": "a@b.se"}'),
        ("text/plain; charset=rot13", b"csrf=1"),
    ],
)
async def test_a_body_that_is_no_form_is_an_error_page(client, kind, body):
    answer = await client.post("/logga-in", content=body, headers={"content-type": kind})

    assert answer.status_code in (400, 403)
    assert answer.headers["content-type"].startswith("text/html")
