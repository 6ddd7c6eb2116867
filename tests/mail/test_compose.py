from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from calendar_factories import a_letter, a_recipient, an_event
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.text import clean_line, clean_text
from blaljus.domain.words import Method
from blaljus.ics.invitations import invitation
from blaljus.mail.addresses import UnmailableError
from blaljus.mail.compose import compose

METHODS = [Method.REQUEST, Method.CANCEL]
HEADER_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)


def a_calendar(letter):
    return invitation(
        letter.event,
        method=letter.method,
        organiser_name=letter.sender_name,
        organiser_address=letter.sender_address,
        recipient=letter.recipient,
    )


def an_invitation(method=Method.REQUEST, **changes):
    letter = a_letter(method=method, event=an_event(), **changes)
    return letter, a_calendar(letter)


def read(mime):
    return message_from_bytes(mime, policy=default)


def text_of(message, kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


def decoded(header):
    return str(make_header(decode_header(header.replace("\r\n", ""))))


def kinds(message):
    return [part.get_content_type() for part in message.walk()]


@pytest.mark.parametrize("method", METHODS)
def test_an_invitation_is_texts_and_calendar_and_the_same_calendar_to_save(method):
    letter, calendar = an_invitation(method)
    message = read(compose(letter, calendar))

    assert kinds(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    alternative, attachment = message.get_payload()
    shown = alternative.get_payload()[-1]
    assert shown.get_payload(decode=True) == attachment.get_payload(decode=True) == calendar
    assert shown["Content-Transfer-Encoding"] == attachment["Content-Transfer-Encoding"] == "base64"
    assert attachment.get_filename() == "invite.ics"
    assert attachment.is_attachment()


@pytest.mark.parametrize("method", METHODS)
def test_the_method_of_the_part_is_the_calendars(method):
    letter, calendar = an_invitation(method)
    mime = compose(letter, calendar)

    (part,) = [p for p in read(mime).walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == method.value.upper()
    assert part.get_content_charset() == "utf-8"
    assert f"METHOD:{part.get_param('method')}\r\n" in part.get_content()


def test_a_mail_without_calendar_is_its_two_texts():
    message = read(compose(a_letter(), None))

    assert kinds(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert text_of(message, "plain") == a_letter().text
    assert text_of(message, "html").rstrip("\n") == a_letter().html


def test_the_headers_say_who_when_and_that_a_machine_wrote():
    letter, calendar = an_invitation()
    message = read(compose(letter, calendar))

    assert message["From"] == "Höörs kommun <blaljus@hoor.example>"
    assert message["To"] == "Polis 1 <polis1@polisen.example>"
    assert message["Subject"] == "Blåljusdag tis 13 oktober"
    assert parsedate_to_datetime(message["Date"]) == letter.sent_at
    assert message["Message-ID"] == "<7c2f0d4e@blaljus.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "sv"
    assert len(message.keys()) == len(set(message.keys()))


def test_the_sender_is_the_organisers_mailbox():
    letter, calendar = an_invitation()

    (sender,) = read(compose(letter, calendar))["From"].addresses
    unfolded = calendar.decode().replace("\r\n ", "")
    assert f"ORGANIZER;CN={sender.display_name}:mailto:{sender.addr_spec}\r\n" in unfolded.replace(
        '"', ""
    )


def test_a_retry_sends_the_same_bytes():
    assert compose(*an_invitation()) == compose(*an_invitation())


def test_any_mail_server_can_carry_it():
    letter, calendar = an_invitation(
        text="å" * 3000 + "\n.\nFrom här\n", message_id=f"{'a' * 90}@b"
    )
    mime = compose(letter, calendar)

    lines = mime.removesuffix(b"\r\n").split(b"\r\n")
    assert mime.isascii()
    assert max(map(len, lines)) <= 106
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert read(mime)["Message-ID"] == f"<{'a' * 90}@b>"
    assert text_of(read(mime), "plain") == letter.text


@pytest.mark.parametrize(
    "bad", ["x\r\nBcc: alla@hoor.example", "x\nBcc: a@b", "x\ry", "x\0y", "\x1b"]
)
@pytest.mark.parametrize(
    ("field", "letter"),
    [
        ("subject", lambda bad: a_letter(subject=bad)),
        ("from", lambda bad: a_letter(sender_name=bad)),
        ("from", lambda bad: a_letter(sender_address=f"{bad}@hoor.example")),
        ("to", lambda bad: a_letter(recipient=a_recipient(name=bad))),
        ("to", lambda bad: a_letter(recipient=a_recipient(address=f"a@{bad}"))),
        ("language", lambda bad: a_letter(recipient=a_recipient(language=bad))),
        ("message-id", lambda bad: a_letter(message_id=f"{bad}@hoor.example")),
    ],
)
def test_a_header_that_would_become_two_is_refused_without_repeating_it(field, letter, bad):
    with pytest.raises(UnmailableError) as caught:
        compose(letter(bad), None)

    assert caught.value.field == field
    assert bad not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@b.example",
        "a@",
        "a@b@c.example",
        "a b@c.example",
        "Namn <a@b.example>",
        "å@b.example",
        "a@b.example, c@d.example",
        "a@" + "b" * 300,
        "a@.example",
        '"a b"@c.example',
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UnmailableError):
        compose(a_letter(recipient=a_recipient(address=address)), None)


def test_a_domain_with_swedish_letters_is_written_in_its_ascii_form():
    message = read(compose(a_letter(recipient=a_recipient(address="a@höör.example")), None))

    assert message["To"].addresses[0].addr_spec == "a@xn--hr-fkaa.example"


@given(HEADER_TEXT, HEADER_TEXT)
def test_subjects_and_names_come_out_as_they_went_in(subject, name):
    letter = a_letter(subject=f"s{subject}.", recipient=a_recipient(name=f"n{name}."))
    message = message_from_bytes(compose(letter, None))

    # The older reader of the standard library: the newer puts spaces into long names.
    read_name, read_address = parseaddr(str(message["To"]))
    assert decoded(message["Subject"]) == clean_line(letter.subject)
    assert decoded(read_name) == clean_line(letter.recipient.name)
    assert read_address == "polis1@polisen.example"


@given(st.text(max_size=300))
def test_texts_come_out_as_they_went_in(text):
    letter = a_letter(text=f"{text}.\n")

    assert text_of(read(compose(letter, None)), "plain") == clean_text(letter.text)
