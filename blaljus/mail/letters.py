"""The letters: what each needs, and its texts in the recipient's language.

The wording lies in `templates/mail/`: `<name>.txt`, whose first line is the subject, and
`<name>.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from blaljus.domain.people import Contact
from blaljus.domain.text import clean_line
from blaljus.domain.words import CancelCause
from blaljus.i18n import format_moment
from blaljus.i18n.words import word
from blaljus.mail.facts import BookingFacts, DutyFacts, Facts, RoundsFacts, changes, lines, moment
from blaljus.templating import render


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linked:
    link: str
    """The one page where the recipient can act."""
    contact: Contact | None = None
    """Whom to ask, where the letter itself does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRequest(_Linked):
    """To a teacher: your class has a slot."""

    facts: BookingFacts
    confirmed: bool
    """False while the slot is only proposed by the coordinator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingUpdate(_Linked):
    """To a teacher: something about the booking changed."""

    before: BookingFacts
    facts: BookingFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCancel(_Linked):
    """To a teacher: the booking is cancelled; `link` leads to other slots."""

    facts: BookingFacts
    cause: CancelCause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingHandedOver(_Linked):
    """To who was a teacher of the class: its slot stands, others see to it now."""

    facts: BookingFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRequest(_Linked):
    """To a staff member: can you? `link` is the page with Kan and Kan inte."""

    facts: DutyFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentUpdate(_Linked):
    """To a staff member: the duty changed. Time, place or station: `answer_again`."""

    before: DutyFacts
    facts: DutyFacts
    answer_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCancel(_Linked):
    """To a staff member: you need not come."""

    facts: DutyFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReaddressed(_Linked):
    """To a staff member's old address: the duty stands, and is at the new address now."""

    facts: DutyFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineNotice(_Linked):
    """To a coordinator: somebody answered Kan inte; `link` is the slot's page."""

    facts: DutyFacts
    noted: bool = False
    """Another coordinator noted it, from what the person wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStands(_Linked):
    """To whoever proposed another time, `[start, end)`: the coordinator lets the time stand."""

    facts: BookingFacts | DutyFacts
    proposed: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReminder(_Linked):
    """To a teacher: your class's slot is soon."""

    facts: BookingFacts
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReminder(_Linked):
    """To a staff member: your duty is soon; `answered` once they have said Kan."""

    facts: DutyFacts
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookReminder(_Linked):
    """To a teacher: the class has no slot, and booking closes."""

    class_name: str
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReminder(_Linked):
    """To a teacher: nobody has said how many came."""

    facts: BookingFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolsReminder(_Linked):
    """To a coordinator: these schools have reported no class of year 4."""

    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsTold(_Linked):
    """To a teacher or a staff member: your rounds, for the first time or as they are now."""

    before: RoundsFacts | None
    facts: RoundsFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(_Linked):
    """To whoever asked to sign in: the secret link, good once and for `minutes`."""

    minutes: int = 10
    code: str = ""
    """Six digits to type where one asked, when the mail is read on another device."""


AnyLetter = (
    BookingRequest
    | BookingUpdate
    | BookingCancel
    | BookingHandedOver
    | AssignmentRequest
    | AssignmentUpdate
    | AssignmentCancel
    | AssignmentReaddressed
    | DeclineNotice
    | TimeStands
    | ClassReminder
    | DutyReminder
    | BookReminder
    | ReportReminder
    | SchoolsReminder
    | RoundsTold
    | SignIn
)

TEMPLATES: Mapping[type[AnyLetter], str] = MappingProxyType(
    {
        BookingRequest: "booking-request",
        BookingUpdate: "booking-update",
        BookingCancel: "booking-cancel",
        BookingHandedOver: "booking-handed-over",
        AssignmentRequest: "assignment-request",
        AssignmentUpdate: "assignment-update",
        AssignmentCancel: "assignment-cancel",
        AssignmentReaddressed: "assignment-readdressed",
        DeclineNotice: "decline",
        TimeStands: "time-stands",
        ClassReminder: "reminder-class",
        DutyReminder: "reminder-duty",
        BookReminder: "reminder-book",
        ReportReminder: "reminder-report",
        SchoolsReminder: "reminder-schools",
        RoundsTold: "rounds",
        SignIn: "sign-in",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A letter in one language, ready for a `Letter`."""

    subject: str
    text: str
    html: str


def write(letter: AnyLetter, language: str) -> Texts:
    """Return a letter's subject, plain text and HTML in `sv` or `en`; the same every time."""
    name = TEMPLATES[type(letter)]
    context = _context(letter, language)
    subject, _, text = render(f"mail/{name}.txt", language, **context).strip().partition("\n")
    subject = clean_line(subject)
    html = render(f"mail/{name}.html", language, subject=subject, **context)
    return Texts(subject=subject, text=text.strip() + "\n", html=html)


def _context(letter: AnyLetter, language: str) -> dict[str, object]:
    without = SignIn | BookReminder | SchoolsReminder
    facts = None if isinstance(letter, without) else letter.facts
    return {
        "letter": letter,
        "contact": letter.contact,
        "when": moment(facts, language) if facts else "",
        "lines": lines(facts, language) if facts else (),
        "changes": changes(*pair, language) if (pair := _pair(letter)) else (),
        "cause": _cause(letter, language),
        "proposed": format_moment(*letter.proposed, language)
        if isinstance(letter, TimeStands)
        else "",
    }


def _pair(letter: AnyLetter) -> tuple[Facts, Facts] | None:
    if isinstance(letter, BookingUpdate | AssignmentUpdate):
        return letter.before, letter.facts
    if isinstance(letter, RoundsTold) and letter.before is not None:
        return letter.before, letter.facts
    return None


def _cause(letter: AnyLetter, language: str) -> str:
    if isinstance(letter, BookingCancel) and letter.cause is not None:
        return word(letter.cause, language)
    return ""
