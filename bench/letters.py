"""What a letter with its calendar costs: wording, calendar, and MIME, beside bare MIME.

    python bench/letters.py

Bare MIME is the standard library's `EmailMessage` with the same texts and calendar and nothing
checked. Rounds are interleaved; ratios are of processor time, and so are letters per second.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from statistics import median
from time import process_time

from blaljus.domain.calendar import CalendarEvent, Letter, Recipient
from blaljus.domain.words import Method
from blaljus.ics.invitations import invitation
from blaljus.mail.compose import compose
from blaljus.mail.facts import DutyFacts
from blaljus.mail.letters import AssignmentRequest, write

LETTERS, ROUNDS = 100, 9
SENDER, ADDRESS = "Höörs kommun", "blaljus@hoor.example"
BEGIN = datetime(2027, 1, 13, 7, 45, tzinfo=UTC)


def worded(number: int) -> Letter:
    """Return a duty's invitation in words, with its event."""
    starts = BEGIN + timedelta(days=number)
    facts = DutyFacts(
        function="Polis",
        station="Polis",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=150),
        place="Brandstationen i Höör",
        classes=("4A, Enebackeskolan", "4B, Enebackeskolan"),
        pupils=41,
    )
    link = f"https://blaljus.example/personal/uppdrag/{number}"
    texts = write(AssignmentRequest(link=link, facts=facts), "sv")
    return Letter(
        message_id=f"{number:032x}.1.request@blaljus.example",
        sent_at=BEGIN,
        method=Method.REQUEST,
        sender_name=SENDER,
        sender_address=ADDRESS,
        recipient=Recipient(name="Polis 1", address="polis-1@blaljus.example", language="sv"),
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        event=event_of(number, facts, link, texts.text),
    )


def event_of(number: int, facts: DutyFacts, link: str, text: str) -> CalendarEvent:
    """Return the event of a duty."""
    return CalendarEvent(
        uid=f"{number:032x}@blaljus.example",
        sequence=0,
        revised_at=BEGIN,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        summary="Blåljusdag: Polis",
        description=text,
        location=facts.place,
        latitude=55.9345,
        longitude=13.5421,
        url=link,
        categories=("Blåljusdag",),
        confirmed=True,
        cancelled=False,
        busy=True,
    )


def calendar_of(letter: Letter) -> bytes:
    """Return the letter's calendar."""
    assert letter.event is not None  # noqa: S101 -- `worded` gives each one
    return invitation(
        letter.event,
        method=letter.method,
        organiser_name=letter.sender_name,
        organiser_address=letter.sender_address,
        recipient=letter.recipient,
    )


def bare(letter: Letter, calendar: bytes) -> bytes:
    """Return the same parts as plain MIME."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = letter.sender_address, letter.recipient.address
    message["Subject"] = letter.subject
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message.add_attachment(calendar, "text", "calendar")
    message.add_attachment(calendar, "application", "ics", filename="invite.ics")
    return message.as_bytes()


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    start = process_time()
    work()
    return process_time() - start


def main() -> None:
    """Print each part's cost, the whole in letters per second, and the whole beside bare MIME."""
    letters = [worded(number) for number in range(LETTERS)]
    pairs = [(letter, calendar_of(letter)) for letter in letters]
    works: dict[str, Callable[[], object]] = {
        "wording": lambda: [worded(number) for number in range(LETTERS)],
        "calendar": lambda: [calendar_of(letter) for letter in letters],
        "MIME": lambda: [compose(*pair) for pair in pairs],
        "bare MIME": lambda: [bare(*pair) for pair in pairs],
    }
    rounds = [{name: seconds(work) for name, work in works.items()} for _ in range(ROUNDS)]
    for name in works:
        each = median(spent[name] / spent["bare MIME"] for spent in rounds)
        print(f"{name}, bare MIME = 1: {each:.2f}")
    whole = [spent["wording"] + spent["calendar"] + spent["MIME"] for spent in rounds]
    print(f"letters per second of a core: {LETTERS / median(whole):.0f}")


if __name__ == "__main__":
    main()
