"""Static files: small, cached for ever under their version, asked for again elsewhere."""

import gzip

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from blaljus.templating import STATIC, asset
from blaljus.web.http.static import ASK, KEEP, serve_static

PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
async def client():
    app = Litestar([serve_static], openapi_config=None, logging_config=None)
    async with AsyncTestClient(app) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("blaljus.css", "text/css; charset=utf-8"),
        ("blaljus.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
async def test_a_file_is_sent_with_its_type(client, name, content_type):
    answer = await client.get(f"/static/{name}", headers=PLAIN)

    assert answer.content == (STATIC / name).read_bytes()
    assert answer.headers["content-type"] == content_type


@pytest.mark.parametrize("name", ["missing.css", "..%2Fi18n%2F__init__.py", "%00"])
async def test_anything_else_is_unknown(client, name):
    assert (await client.get(f"/static/{name}")).status_code == 404


async def test_only_the_present_version_is_kept_for_ever(client):
    versioned = await client.get(asset("blaljus.css"))
    old = await client.get("/static/blaljus.css?v=000000000000")

    assert versioned.headers["cache-control"] == KEEP
    assert old.headers["cache-control"] == ASK


async def test_gzip_is_sent_to_who_takes_it_under_an_etag_of_its_own(client):
    plain = await client.get("/static/blaljus.css", headers=PLAIN)
    async with client.stream("GET", "/static/blaljus.css") as compressed:
        raw = b"".join([part async for part in compressed.aiter_raw()])

    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 3
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.headers["vary"] == "accept-encoding"
    assert compressed.headers["etag"] != plain.headers["etag"]


async def test_an_unchanged_file_is_not_sent_again(client):
    first = await client.get("/static/blaljus.js", headers=PLAIN)

    again = await client.get(
        "/static/blaljus.js", headers={**PLAIN, "if-none-match": first.headers["etag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_style_sheet_and_script_stay_small():
    compressed = sum(
        len(gzip.compress((STATIC / f"blaljus.{kind}").read_bytes())) for kind in ("css", "js")
    )

    assert compressed < 8_000
