"""What is true of every answer, also of errors, files and answers without a body."""

import asyncio

import pytest
from litestar import Litestar, Response, get, post
from litestar.response import ServerSentEvent
from litestar.testing import AsyncTestClient

from blaljus.web.http.errors import exception_handlers
from blaljus.web.http.headers import ALWAYS, CONTENT_SECURITY_POLICY, UNLESS_SAID, guarded
from blaljus.web.http.static import serve_static


@get("/page", media_type="text/html", sync_to_thread=False)
def page() -> str:
    return "<p>Hej</p>"


@get("/lax", sync_to_thread=False)
def lax() -> Response[str]:
    return Response(
        "", headers={"content-security-policy": "default-src *", "cache-control": "max-age=60"}
    )


@get("/oppet", sync_to_thread=False)
def public() -> str:
    return "open"


@get("/broken", sync_to_thread=False)
def broken() -> None:
    raise RuntimeError


@get("/stream")
async def stream() -> ServerSentEvent:
    async def forever():
        while True:
            yield "step"
            await asyncio.sleep(0.01)

    return ServerSentEvent(forever())


@post("/form", sync_to_thread=False)
def form() -> str:
    return "saved"


class Guarded(Litestar):
    """As the real app is put together: the guard stands outside the router."""

    https = False

    async def __call__(self, scope, receive, send):
        await guarded(super().__call__, https=self.https)(scope, receive, send)


class GuardedByHttps(Guarded):
    https = True


def an_app(kind=Guarded):
    return kind(
        [page, lax, public, broken, stream, form, serve_static],
        exception_handlers=exception_handlers(),
        openapi_config=None,
        logging_config=None,
    )


@pytest.fixture
async def client():
    async with AsyncTestClient(an_app()) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/page", 200),
        ("GET", "/lax", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/page", 405),
        ("GET", "/broken", 500),
        ("GET", "/static/blaljus.css", 200),
        ("GET", "/static/missing.css", 404),
        ("HEAD", "/page", 200),
        ("HEAD", "/nowhere", 404),
        ("OPTIONS", "/page", 204),
    ],
)
async def test_every_answer_has_the_security_headers_once(client, method, path, status):
    answer = await client.request(method, path)

    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value]
    assert len(answer.headers["x-request-id"]) == 16


async def test_a_304_leaves_those_of_the_whole_answer_as_they_are(client):
    first = await client.get("/static/blaljus.css")
    second = await client.get(
        "/static/blaljus.css", headers={"if-none-match": first.headers["etag"]}
    )

    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]
    assert not set(second.headers) & {*ALWAYS, *UNLESS_SAID} - {"cache-control"}
    assert second.headers["cache-control"] == first.headers["cache-control"]


async def test_pages_are_kept_by_nobody_unless_they_say_so(client):
    assert (await client.get("/page")).headers["cache-control"] == "no-store"
    assert (await client.get("/lax")).headers["cache-control"] == "max-age=60"


async def test_only_public_pages_may_be_listed_by_search_engines(client):
    assert (await client.get("/page")).headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in (await client.get("/oppet")).headers


async def test_https_is_demanded_only_where_it_is_spoken(client):
    async with AsyncTestClient(an_app(GuardedByHttps)) as secure:
        answer = await secure.get("/page")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in (await client.get("/page")).headers


async def test_head_says_what_get_would_without_the_body(client):
    head, full = await client.head("/page"), await client.get("/page")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"] == "10"
    assert head.headers["content-type"] == full.headers["content-type"]


async def test_head_of_a_stream_has_its_type(client):
    answer = await asyncio.wait_for(client.head("/stream"), timeout=5)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_a_stream_asked_for_by_head_learns_that_nobody_listens():
    heard, sent = [], []

    async def endless(scope, receive, send):
        heard.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        heard.append((await receive())["type"])
        await send({"type": "http.response.body", "body": b"step", "more_body": True})

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "HEAD", "path": "/", "headers": []}
    await guarded(endless, https=False)(scope, receive, send)

    assert heard == ["http.request", "http.disconnect"]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1] == {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.mark.parametrize(
    ("site", "status"),
    [
        ("same-origin", 201),
        ("none", 201),
        (None, 201),
        ("same-site", 403),
        ("cross-site", 403),
    ],
)
async def test_a_form_from_another_site_is_refused(client, site, status):
    answer = await client.post("/form", headers={"sec-fetch-site": site} if site else {})

    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_a_refused_form_gets_a_page_with_a_way_out(client):
    answer = await client.post("/form", headers={"sec-fetch-site": "cross-site"})

    assert "<h1>Formuläret kunde inte skickas</h1>" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_links_from_other_sites_may_be_followed(client):
    assert (await client.get("/page", headers={"sec-fetch-site": "cross-site"})).status_code == 200


async def test_each_request_has_its_own_id(client):
    first, second = await client.get("/page"), await client.get("/page")

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
