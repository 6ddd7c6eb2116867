"""Uploads: fields and files of a multipart form, and everything that only looks like one."""

import pytest
from litestar import Request
from litestar.exceptions import ClientException
from litestar.testing import RequestFactory

from blaljus.web.http.body import has_control_characters, read_pairs, read_upload


def a_request(body: bytes, kind: str):
    scope = RequestFactory().post("/").scope
    scope["state"] = {}  # the factory has a body of its own in there
    scope["headers"] = [(b"content-type", kind.encode())]

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


def a_part(name, content, filename=None):
    file = f'; filename="{filename}"' if filename is not None else ""
    head = f'--gräns\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def an_upload(*parts, ending=b"--gr\xc3\xa4ns--\r\n"):
    body = b"".join(a_part(*part) for part in parts) + ending
    return a_request(
        body.replace("gräns".encode(), b"grans"), "multipart/form-data; boundary=grans"
    )


async def test_files_come_by_bare_name_with_their_bytes_untouched():
    content = "a;b\r\n\xff\x00å\n".encode("latin-1")
    request = an_upload(
        ("csrf", b"x"),
        ("filer", content, "klasser.csv"),
        ("filer", b"", r"C:\mapp\tom.csv"),
        ("filer", b"{}", "../../skolenheter.json"),
        ("filer", b"", ""),
        ("not", "å\r\n".encode()),
    )

    fields, files = await read_upload(request)

    assert fields == [("csrf", "x"), ("not", "å\r\n")]
    assert files == {"klasser.csv": content, "tom.csv": b"", "skolenheter.json": b"{}"}
    assert await read_pairs(request) == fields


@pytest.mark.parametrize(
    "request_",
    [
        an_upload(("a", b"b"), ending=b""),
        an_upload(("a", b"\xff")),
        a_request(b"", "multipart/form-data"),
        a_request(b"--x\r\n\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        a_request(b"a=%ff", "application/x-www-form-urlencoded"),
        a_request("a=å".encode(), "application/x-www-form-urlencoded"),
        a_request(b"&a=1" * 3001, "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_no_form_is_refused(request_):
    with pytest.raises(ClientException):
        await read_upload(request_)


async def test_who_hangs_up_halfway_has_sent_no_form():
    sent = iter(
        [{"type": "http.request", "body": b"a=", "more_body": True}, {"type": "http.disconnect"}]
    )
    request = a_request(b"", "application/x-www-form-urlencoded")

    async def receive():
        return next(sent)

    with pytest.raises(ClientException, match="hung up"):
        await read_pairs(Request(request.scope, receive))


@pytest.mark.parametrize("text", ["a\x00", "\x1b[31m", "\x7f", "\x85", "\ud800", "\uffff"])
def test_control_characters_are_found(text):
    assert has_control_characters(text)


@pytest.mark.parametrize("text", ["", "a\tb\r\nc", "åäö 😀 – é"])
def test_what_people_type_is_no_control_character(text):
    assert not has_control_characters(text)
