"""A real calendar server, Radicale: what lies in a person's collection there makes them busy."""

import socket
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import takewhile
from pathlib import Path

import httpx
import pytest
from factories import NOW, a_context, a_key
from own_calendars import SECRETS, an_event

from blaljus.domain.own_calendars import FRESH, CalendarTroubleError, SourceKind, Trouble
from blaljus.domain.words import Service
from blaljus.store import own_calendars as store
from blaljus.usecases.people.own_calendar_refresh import read_next_due
from blaljus.usecases.people.own_calendars import subscribe_calendar

RADICALE = Path(".venv/radicale/bin/radicale")
ANNA = ("anna", "åtta små grisar")
COLLECTION = (
    '<?xml version="1.0"?><C:mkcalendar xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns="DAV:">'
    "<set><prop><displayname>Schema</displayname></prop></set></C:mkcalendar>"
)


@contextmanager
def radicale(folder):
    """Start Radicale on a free port of this machine; yield its address."""
    assert RADICALE.exists(), "tests/prepare.sh installs Radicale"
    port = free_port()
    (folder / "users").write_text(f"{ANNA[0]}:{ANNA[1]}\n", encoding="utf-8")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\n"
        "htpasswd_encryption = plain\n"
        f"[storage]\nfilesystem_folder = {folder}/collections\n"
        "[logging]\nlevel = info\n",
        encoding="utf-8",
    )
    command = [RADICALE, "--config", folder / "config"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = [*takewhile(lambda line: "server ready" not in line, process.stderr)]
            assert process.poll() is None, said
            yield f"http://localhost:{port}"
        finally:
            process.kill()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def put(client, name, *lines):
    body = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{an_event(*lines, uid=name)}END:VCALENDAR"
    )
    answer = await client.put(f"/anna/schema/{name}.ics", content=f"{body}\r\n".encode())
    assert answer.status_code == 201, answer.text


@pytest.fixture
def context(clock):
    return replace(a_context(clock), secrets=SECRETS, loopback_calendars=True)


async def test_what_lies_in_a_persons_collection_makes_them_busy(cast, context, clock, tmp_path):
    staff = cast.staff[Service.POLICE]

    async def busy_days():
        busy = await store.list_busy([staff], NOW, NOW + 40 * FRESH * 24)
        return [(b.starts_at.date(), b.soft) for b in busy.get(staff, [])]

    with radicale(tmp_path) as url:
        where = {"staff": staff, "address": f"{url}/anna/schema/"}
        async with httpx.AsyncClient(base_url=url, auth=ANNA) as anna:
            made = await anna.request("MKCALENDAR", "/anna/schema/", content=COLLECTION)
            assert made.status_code == 201, made.text
            await put(anna, "a", "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:Förhör")
            await put(anna, "b", "DTSTART;VALUE=DATE:20270318", "STATUS:TENTATIVE")

            await subscribe_calendar(
                context, cast.officer, a_key(), **where, user=ANNA[0], password=ANNA[1]
            )
            first = await busy_days()
            await anna.delete("/anna/schema/b.ics")
            clock.advance(FRESH)
            assert await read_next_due(context)

        with pytest.raises(CalendarTroubleError) as caught:
            await subscribe_calendar(context, cast.officer, a_key(), **where)

    tuesdays = [(date(2027, 3, 16), False), (date(2027, 3, 23), False)]
    assert first == [tuesdays[0], (date(2027, 3, 17), True), tuesdays[1]]
    assert await busy_days() == tuesdays
    assert caught.value.trouble is Trouble.SIGN_IN_NEEDED
    found = await store.find_source(staff, SourceKind.ADDRESS)
    assert found.calendar.trouble is None
