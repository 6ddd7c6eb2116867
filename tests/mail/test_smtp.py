import asyncio
import socket
import ssl
import traceback
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from calendar_factories import a_letter

from blaljus.mail.compose import compose
from blaljus.mail.smtp import (
    MailError,
    MailRefusedError,
    MailTemporaryError,
    SmtpAddress,
    send,
)

CERTIFICATE = Path(__file__).parent / "localhost.pem"
LETTER = a_letter(text="Hej!\n.\n..två punkter\nslut\n")
MIME = compose(LETTER, None)
SENDER = "blaljus@hoor.example"
RECIPIENT = LETTER.recipient.address


class Mailbox:
    """Answers each command as told, and keeps what it takes."""

    def __init__(self, **answers):
        self.answers = answers
        self.taken = []

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        answer = self.answers.get("data", "250 OK")
        if answer.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer


def tls():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def let_in(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"blaljus", b"p@ss")
    return AuthResult(success=known, handled=False)


@asynccontextmanager
async def serving(mailbox, *, ssl_context=None, **options):
    def connection():
        return SMTP(mailbox, hostname="localhost", **options)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", 0, ssl=ssl_context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def breaking(*lines):
    """A server that says these lines, one per command, then hangs up; `None` is silence."""

    async def talk(reader, writer):
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            for line in lines:
                if line is None:
                    await reader.read()
                    break
                writer.write(line + b"\r\n")
                await reader.readuntil(b"\r\n.\r\n" if line.startswith(b"354") else b"\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def hand_over(port, scheme="smtp", user="", **changes):
    rest = {"sender": SENDER, "recipient": RECIPIENT, "timeout": 5} | changes
    await send(SmtpAddress.parse(f"{scheme}://{user}127.0.0.1:{port}"), MIME, **rest)


async def failure_at(server, *arguments, **changes):
    async with server as port:
        with pytest.raises(MailError) as caught:
            await hand_over(port, *arguments, **changes)
    error = caught.value
    return type(error), error.reason, error.status


async def test_the_server_gets_the_message_to_the_byte():
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        await hand_over(port)

    assert mailbox.taken == [(SENDER, [RECIPIENT], MIME)]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"rcpt": "550 5.1.1 polis1@polisen.example is unknown"}, "recipient"),
        ({"data": "554 5.7.1 Blåljusdag looks like spam".replace("å", "a")}, "message"),
    ],
)
async def test_a_5xx_for_the_recipient_or_the_message_is_final(answers, reason):
    mailbox = Mailbox(**answers)
    status = int(next(iter(answers.values()))[:3])

    assert await failure_at(serving(mailbox)) == (MailRefusedError, reason, status)
    assert mailbox.taken == []


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"rcpt": "450 4.2.1 Greylisted"}, "recipient"),
        ({"rcpt": "421 Shutting down"}, "recipient"),
        ({"data": "452 4.3.1 Disk is full"}, "message"),
        ({"mail": "451 Try later"}, "sender"),
        ({"mail": "553 5.7.1 Not your address"}, "sender"),
    ],
)
async def test_a_4xx_and_what_is_wrong_with_ourselves_may_be_tried_again(answers, reason):
    mailbox = Mailbox(**answers)
    status = int(next(iter(answers.values()))[:3])

    assert await failure_at(serving(mailbox)) == (MailTemporaryError, reason, status)
    assert mailbox.taken == []


async def test_nobody_listening_may_be_tried_again():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(MailTemporaryError) as caught:
            await hand_over(port)

    assert caught.value.reason == "connection"


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"220 hello"],
        [b"220 hello", b"250 hello", b"250 ok"],
        [b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"354 go on"],
        [b"554 go away"],
        [b"220 hello", b"hej hej"],
        [b"220 " + b"x" * 10_000],
    ],
)
async def test_a_dropped_or_babbling_connection_may_be_tried_again(lines):
    kind, _, _ = await failure_at(breaking(*lines))

    assert kind is MailTemporaryError


@pytest.mark.parametrize("lines", [[None], [b"220 hello", None]])
async def test_a_silent_server_is_given_up_after_the_timeout(lines):
    kind, reason, _ = await failure_at(breaking(*lines), timeout=0.2)

    assert (kind, reason) == (MailTemporaryError, "dropped")


async def test_a_server_that_hangs_up_after_taking_the_message_has_taken_it():
    lines = [b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go on", b"250 taken"]
    async with breaking(*lines) as port:
        await hand_over(port)


@pytest.mark.parametrize("bad", ["a@b\r\nDATA", "", "a", "a@b>\r\nRCPT TO:<c@d"])
async def test_an_address_that_is_none_is_refused_before_the_server_hears_of_it(bad):
    mailbox = Mailbox()

    refused = (MailRefusedError, "address", None)
    assert await failure_at(serving(mailbox), recipient=bad) == refused
    assert mailbox.taken == []


def trusting(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


SECURE = [("smtps", {"ssl_context": tls()}), ("smtp+starttls", {"tls_context": tls()})]


@pytest.mark.parametrize(("scheme", "options"), SECURE)
async def test_an_encrypted_server_with_a_known_certificate_is_used(monkeypatch, scheme, options):
    trusting(monkeypatch)
    mailbox = Mailbox()
    async with serving(mailbox, **options) as port:
        await hand_over(port, scheme)

    assert [message for _, _, message in mailbox.taken] == [MIME]


@pytest.mark.parametrize(("scheme", "options"), SECURE)
async def test_an_unknown_certificate_gets_nothing(scheme, options):
    mailbox = Mailbox()

    failure = await failure_at(serving(mailbox, **options), scheme)
    assert failure == (MailTemporaryError, "tls", None)
    assert mailbox.taken == []


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls"])
async def test_a_password_is_said_only_after_starttls(monkeypatch, scheme):
    trusting(monkeypatch)
    mailbox = Mailbox()
    guarded = {"authenticator": let_in, "auth_required": True, "tls_context": tls()}
    async with serving(mailbox, **guarded) as port:
        await hand_over(port, scheme, "blaljus:p%40ss@")

    assert len(mailbox.taken) == 1
    failure = await failure_at(serving(Mailbox()), scheme, "blaljus:p%40ss@")
    assert failure == (MailTemporaryError, "not-offered", None)


async def test_a_wrong_password_may_be_put_right(monkeypatch):
    trusting(monkeypatch)
    server = serving(Mailbox(), tls_context=tls(), authenticator=let_in, auth_required=True)

    failure = await failure_at(server, "smtp", "blaljus:wrong@")
    assert failure == (MailTemporaryError, "login", 535)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("status", [451, 554])
async def test_no_error_holds_an_address_or_what_the_server_said(stage, status):
    mailbox = Mailbox(**{stage: f"{status} {RECIPIENT} {SENDER}"})
    async with serving(mailbox) as port:
        with pytest.raises(MailError) as caught:
            await hand_over(port)

    shown = "".join(traceback.format_exception(caught.value))
    assert RECIPIENT not in shown
    assert SENDER not in shown
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", {"port": 25}),
        ("smtp://u:p@mail:587", {"port": 587, "user": "u", "password": "p", "starttls": True}),
        ("smtp+starttls://mail", {"port": 587, "starttls": True}),
        ("smtps://u:p%3A%40%2F@mail/", {"port": 465, "user": "u", "password": "p:@/"}),
    ],
)
def test_the_address_of_a_server_is_read(url, expected):
    encrypted = url.startswith("smtps")

    assert SmtpAddress.parse(url) == SmtpAddress(host="mail", encrypted=encrypted, **expected)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail:25",
        "http://mail",
        "smtp://",
        "smtp://u:hemligt@mail:x",
        "smtp://u:hemligt/2@mail",
        "smtp://u@mail",
        "smtp://:hemligt@mail",
        "smtp://u:hemligt%C3%A5@mail",
        "smtp://[mail",
        "smtp://mail:99999",
        "smtp://mail?hemligt",
    ],
)
def test_a_wrong_address_of_a_server_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match=r"mail server") as caught:
        SmtpAddress.parse(url)

    assert "hemligt" not in "".join(traceback.format_exception(caught.value))


def test_a_shown_address_of_a_server_holds_no_password():
    assert "hemligt" not in repr(SmtpAddress.parse("smtp://u:hemligt@mail"))
