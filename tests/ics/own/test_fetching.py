"""Calendars are fetched from the open internet only, in bounds of time and size."""

import gzip
import ssl
from ipaddress import ip_address

import pytest
from own_calendars import a_calendar, an_event
from strange_servers import KEY, answer, strange_server

from blaljus.domain.own_calendars import CalendarTroubleError, Trouble
from blaljus.ics.own.addresses import is_open, read_address
from blaljus.ics.own.fetching import SECONDS, Fetched, Guard, Marks, fetch_calendar
from blaljus.ics.own.gate import MOST_BYTES

HERE = Guard(loopback=True)
CALENDAR = a_calendar(an_event())


async def trouble_at(url, guard=HERE):
    with pytest.raises(CalendarTroubleError) as caught:
        await fetch_calendar(url, Marks(), guard)
    return caught.value.trouble


async def trouble_of(*answers):
    async with strange_server(*answers) as server:
        return await trouble_at(server.url())


@pytest.mark.parametrize(
    "peer",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254"),  # noqa: S104 -- refused
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1"),
        *("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2001::1"),
    ],
)
async def test_an_address_inside_somebodys_walls_is_refused(peer):
    assert not is_open(ip_address(peer))

    host = f"[{peer}]" if ":" in peer else peer
    assert await trouble_at(f"https://{host}/a.ics", Guard()) is Trouble.PRIVATE_HOST


@pytest.mark.parametrize("peer", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_allowed(peer):
    assert is_open(ip_address(peer))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://kalender.example/a.ics", "not-https"),
        ("http://localhost/a.ics", "not-https"),
        ("file:///etc/passwd", "bad-address"),
        ("https:///a.ics", "bad-address"),
        ("https://a b/", "bad-address"),
        ("https://a:99999/", "bad-address"),
        ("https://[::1/", "bad-address"),
        ("https://ex\nample/", "bad-address"),
        ("https://exämple/", "bad-address"),
        ("https://" + "a" * 3000, "bad-address"),
        ("kalender", "bad-address"),
        ("https://localhost/a.ics", "private-host"),
        (f"https://{'a' * 70}.example/a.ics", "unknown-host"),
    ],
)
async def test_an_address_that_cannot_be_used_is_answered(url, why):
    assert await trouble_at(url, Guard()) == why


def test_an_address_is_read_as_programs_write_it():
    found = read_address("webcal://anna:hem%40ligt@Kalender.Example:8443/a?b=c", loopback=False)

    assert (found.secure, found.host_header, found.target) == (
        True,
        "kalender.example:8443",
        "/a?b=c",
    )
    assert found.authorization == "Basic YW5uYTpoZW1AbGlndA=="
    assert "hem" not in repr(found)


async def test_a_calendar_is_fetched_with_what_tells_its_version():
    given = answer(CALENDAR, "200 OK", 'ETag: "7"', "Last-Modified: Fri, 01 Jan 2027 00:00:00 GMT")
    async with strange_server(given, answer(b"", "304 Not Modified")) as server:
        first = await fetch_calendar(server.url("/a.ics?x=1"), Marks(), HERE)
        second = await fetch_calendar(server.url("/a.ics?x=1"), first.marks, HERE)

    assert first.data == CALENDAR
    assert second == Fetched(data=None, marks=first.marks)
    assert server.asked[0].startswith("GET /a.ics?x=1 HTTP/1.1\r\n")
    assert 'If-None-Match: "7"' in server.asked[1]
    assert "If-Modified-Since: Fri, 01 Jan 2027" in server.asked[1]
    assert "cookie" not in "".join(server.asked).lower()


async def test_a_secure_server_must_be_who_it_says():
    trusted = ssl.create_default_context(cafile=KEY)
    async with strange_server(answer(CALENDAR), secure=True) as server:
        url = server.url(scheme="https")

        fetched = await fetch_calendar(url, Marks(), Guard(loopback=True, trusted=trusted))

        assert fetched.data == CALENDAR
        assert await trouble_at(url) is Trouble.NOT_TRUSTED


async def test_a_packed_calendar_is_unpacked_in_bounds():
    packed = answer(gzip.compress(CALENDAR), "200 OK", "Content-Encoding: gzip")
    bomb = answer(gzip.compress(b"a" * 300 * MOST_BYTES), "200 OK", "Content-Encoding: gzip")
    async with strange_server(packed, bomb) as server:
        assert (await fetch_calendar(server.url(), Marks(), HERE)).data == CALENDAR
        assert await trouble_at(server.url()) is Trouble.TOO_LARGE


async def test_what_comes_in_pieces_without_end_is_left():
    endless = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ff\r\n" + b"a" * 255 + b"\r\n"
    )
    pieces = b"".join([endless, *[b"ffff\r\n" + b"a" * 65535 + b"\r\n"] * 40])

    assert await trouble_of(pieces) is Trouble.TOO_LARGE


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (answer(b"", "401 Unauthorized"), "sign-in-needed"),
        (answer(b"", "403 Forbidden"), "sign-in-needed"),
        (answer(b"", "404 Not Found"), "not-found"),
        (answer(b"", "410 Gone"), "not-found"),
        (answer(b"", "500 Oops"), "server-trouble"),
        (answer(b"", "304 Not Modified"), "server-trouble"),
        (answer(b"x", "200 OK", "Content-Encoding: br"), "server-trouble"),
        (answer(b"x", "200 OK", "Content-Encoding: gzip"), "server-trouble"),
        (answer(CALENDAR)[:-10], "server-trouble"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "server-trouble"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, "server-trouble"),
        (b"", "server-trouble"),
        (answer(b"", "302 Found"), "too-many-redirects"),
        (answer(b"", "302 Found", "Location: https://10.0.0.1/"), "private-host"),
        (answer(b"", "302 Found", "Location: https://[::ffff:169.254.169.254]/"), "private-host"),
        (answer(b"", "302 Found", "Location: http://10.0.0.1/"), "not-https"),
        (answer(b"", "302 Found", "Location: file:///etc/passwd"), "bad-address"),
        (answer(b"", "302 Found", "Location: /a.ics"), "too-many-redirects"),
    ],
)
async def test_what_a_server_may_answer_is_told_in_a_word(given, why):
    assert await trouble_of(given) == why


async def test_three_redirects_are_followed_and_a_password_stays_with_its_server():
    async with strange_server(answer(CALENDAR)) as other:
        there = answer(b"", "301 Moved", f"Location: {other.url('/b.ics')}")
        near = answer(b"", "307 Moved", "Location: /near.ics")
        async with strange_server(near, near, there) as server:
            url = server.url(host="anna:hemligt@localhost")
            fetched = await fetch_calendar(url, Marks(), HERE)

    assert fetched.data == CALENDAR
    assert all("Authorization: Basic" in asked for asked in server.asked)
    assert other.asked[0].startswith("GET /b.ics ")
    assert "authorization" not in other.asked[0].lower()


async def test_a_server_that_never_answers_is_left():
    async with strange_server(None) as server:
        assert SECONDS == 10
        guard = Guard(loopback=True, seconds=0.2)
        assert await trouble_at(server.url(), guard) is Trouble.TOO_SLOW


async def test_a_closed_door_is_told():
    async with strange_server(b"") as server:
        url = server.url()

    assert await trouble_at(url) is Trouble.NO_CONNECTION
