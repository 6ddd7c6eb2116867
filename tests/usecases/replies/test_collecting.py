"""Letters fetched from a mailbox: a real IMAP server, and nothing lost between there and here."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from imap_server import Folder, imap_server

from blaljus.domain.errors import BusyError
from blaljus.mail.imap import ImapAddress
from blaljus.mail.incoming import LARGEST
from blaljus.mail.smtp import MailTemporaryError
from blaljus.store import replies
from blaljus.store import tables as t
from blaljus.usecases.replies.collecting import collect_letters
from blaljus.usecases.replies.receiving import take_letter
from blaljus.worker import collect

LETTERS = [
    b"Message-ID: <1@x.example>\r\nSubject: ett\r\n\r\nHej\r\n",
    "Message-ID: <2@x.example>\r\nSubject: två\r\n\r\nÅäö\r\n".encode("latin-1"),
]


@pytest.fixture(scope="module")
def port():
    with imap_server() as port:
        yield port


@pytest.fixture
def folder(port):
    return Folder(port)


async def stored():
    return [await replies.get_letter(number) for number in await replies.list_unjudged(99)]


async def test_every_unread_letter_is_stored_whole_and_then_marked(store, clock, folder):
    for letter in LETTERS:
        folder.put(letter)
    address = ImapAddress.parse(folder.url)

    first = await collect_letters(address, clock=clock)
    again = await collect_letters(address, clock=clock)

    assert (first, again) == (2, 0)
    assert await stored() == LETTERS
    assert folder.counts() == (2, 0)


async def test_a_large_letter_is_fetched_in_part(sqlite_store, clock, folder):
    folder.put(b"Subject: stort\r\n\r\n" + b"y" * 3_000_000)

    await collect_letters(ImapAddress.parse(folder.url), clock=clock)

    assert [len(letter) for letter in await stored()] == [LARGEST + 1]
    assert folder.counts() == (1, 0)


async def test_a_letter_stored_before_a_crash_counts_once(sqlite_store, clock, folder):
    folder.put(LETTERS[0])
    await take_letter(LETTERS[0], clock=clock)

    await collect_letters(ImapAddress.parse(folder.url), clock=clock)

    assert await t.Reply.count() == 1
    assert folder.counts() == (1, 0)


async def test_what_cannot_be_stored_stays_unread(sqlite_store, clock, folder, monkeypatch):
    for module in ("transaction", "engine"):
        monkeypatch.setattr(f"blaljus.store.{module}.STANDSTILL", 0.15)
    folder.put(LETTERS[0])
    address = ImapAddress.parse(folder.url)

    with closing(sqlite3.connect(sqlite_store.engine.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            await collect_letters(address, clock=clock)

    assert folder.counts() == (1, 1)
    assert await collect_letters(address, clock=clock) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url: url.replace("demopass", "wrong"), "server"),
        (lambda url: url + "-unknown", "server"),
        (lambda _: "imap://a:b@127.0.0.1:1/INBOX", "connection"),
    ],
)
async def test_a_mailbox_out_of_reach_is_told_by_a_word(change, reason, clock, folder):
    address = ImapAddress.parse(change(folder.url))

    with pytest.raises(MailTemporaryError) as caught:
        await collect_letters(address, clock=clock)

    assert caught.value.reason == reason
    assert "wrong" not in str(caught.value)


async def test_the_worker_fetches_till_it_is_told_to_stop(sqlite_store, clock, folder, monkeypatch):
    stop = asyncio.Event()

    async def looked(address, *, clock):
        await collect_letters(address, clock=clock)
        stop.set()

    monkeypatch.setattr("blaljus.worker.collect_letters", looked)
    folder.put(LETTERS[0])

    async with asyncio.timeout(30):
        await collect(ImapAddress.parse(folder.url), stop, clock=clock)

    assert await stored() == LETTERS[:1]


async def test_the_worker_waits_trouble_out(clock, monkeypatch):
    stop = asyncio.Event()
    troubles = [MailTemporaryError("timeout"), BusyError()]

    async def troubled(_address, *, clock):
        trouble = troubles.pop()
        if not troubles:
            stop.set()
        raise trouble

    monkeypatch.setattr("blaljus.worker.COLLECT_EVERY", 0)
    monkeypatch.setattr("blaljus.worker.collect_letters", troubled)

    async with asyncio.timeout(30):
        await collect(ImapAddress.parse("imap://a:b@127.0.0.1:1/"), stop, clock=clock)

    assert troubles == []


def test_an_address_of_a_mailbox_is_read_in_full():
    address = ImapAddress.parse("imaps://svar%40kommunen.se:p%2Fw@mail.kommunen.se/Svar%20in")

    assert address == ImapAddress(
        host="mail.kommunen.se",
        port=993,
        user="svar@kommunen.se",
        password="p/w",
        folder="Svar in",
        encrypted=True,
    )
    assert "p/w" not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "imap://user:secret@mail.kommunen.se/INBOX",
        "imaps://mail.kommunen.se/INBOX",
        "imaps://user@mail.kommunen.se",
        "pop3://user:secret@mail.kommunen.se",
        "imaps://user:secret@mail.kommunen.se:port",
    ],
)
def test_an_address_that_will_not_do_is_refused_and_never_repeated(url):
    with pytest.raises(ValueError, match="mailbox") as caught:
        ImapAddress.parse(url)

    assert "secret" not in str(caught.value)
