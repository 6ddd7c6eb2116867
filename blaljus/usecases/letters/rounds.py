"""The letters about rounds: one to each class and person on duty whose own are new to them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from blaljus.domain.booking import Booking
from blaljus.domain.rounds import Row, Rows
from blaljus.domain.schools import SchoolClass
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import Method
from blaljus.mail.facts import RoundsFacts
from blaljus.mail.letters import RoundsTold
from blaljus.store import recipients
from blaljus.store.recipients import Addressee
from blaljus.usecases.calendars.happenings import FullHappening, booking_url, duty_url
from blaljus.usecases.context import Context
from blaljus.usecases.letters.owing import Notice, owe


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsLetters:
    """Whom rounds are told: teachers by booking, none where nobody is, and people by duty."""

    teachers: Mapping[int, list[Addressee]]
    people: Mapping[int, Addressee]

    @property
    def total(self) -> int:
        """Return how many letters that makes."""
        return sum(map(len, self.teachers.values())) + len(self.people)

    @property
    def subjects(self) -> set[str]:
        """Return whose rounds the letters are about."""
        reached = {f"booking:{booking}" for booking, to in self.teachers.items() if to}
        return reached | {f"assignment:{duty}" for duty in self.people}


async def letters_to(happening: FullHappening, subjects: Collection[str]) -> RoundsLetters:
    """Return who gets a letter for these subjects; a class without teachers gets none."""
    booked = [b for b in happening.bookings if f"booking:{b.id}" in subjects]
    duties = [d for d in happening.active_duties if f"assignment:{d.id}" in subjects]
    teachers = await recipients.teachers_of([booking.school_class for booking in booked])
    people = await recipients.staff_addressees([duty.staff for duty in duties])
    return RoundsLetters(
        teachers={booking.id: teachers[booking.school_class] for booking in booked},
        people={duty.id: people[duty.staff] for duty in duties},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsNews:
    """A slot's rounds as they were told and as they are; `version` is the slot's after telling.

    `classes` are all that any of the rows name, by id.
    """

    happening: FullHappening
    told: Rows
    now: Rows
    classes: Mapping[int, SchoolClass]
    version: int


async def tell_of_rounds(context: Context, news: RoundsNews, letters: RoundsLetters) -> None:
    """Owe each of them one letter with what changed, or all of it where nothing was told."""
    for booking in news.happening.bookings:
        for teacher in letters.teachers.get(booking.id, ()):
            letter = _letter(news, f"booking:{booking.id}", booking_url(context, booking), booking)
            await _owe(context, news, booking, teacher, letter)
    for duty in news.happening.active_duties:
        if person := letters.people.get(duty.id):
            letter = _letter(news, f"assignment:{duty.id}", duty_url(context, duty), duty)
            await _owe(context, news, duty, person, letter)


async def _owe(
    context: Context,
    news: RoundsNews,
    of: Booking | Assignment,
    to: Addressee,
    letter: RoundsTold,
) -> None:
    notice = Notice(
        municipality=of.municipality,
        to=to,
        method=Method.MAIL,
        letter=letter,
        uid=f"rounds-{of.uid}",
        version=news.version,
        contact=news.happening.contact,
    )
    await owe(context, notice)


def _letter(news: RoundsNews, subject: str, link: str, of: Booking | Assignment) -> RoundsTold:
    told, now = news.told.get(subject), news.now[subject]
    names = _names(news, of, [*(told or ()), *now])
    return RoundsTold(
        link=link,
        before=None if told is None else _facts(news, of, names, told),
        facts=_facts(news, of, names, now),
    )


def _names(
    news: RoundsNews, of: Booking | Assignment, rows: Iterable[Row]
) -> list[tuple[int, str]]:
    """Return whom or what the lines of a letter are about, in the order of pages."""
    if isinstance(of, Booking):
        return [(station.id, station.name) for station in news.happening.stations]
    met = {what for _, _, what in rows}
    return [(number, c.name) for number, c in news.classes.items() if number in met]


def _facts(
    news: RoundsNews,
    of: Booking | Assignment,
    names: Iterable[tuple[int, str]],
    rows: Collection[Row],
) -> RoundsFacts:
    slot = news.happening.slot
    if isinstance(of, Booking):
        whose = {"class_name": news.classes[of.school_class].name}
    else:
        whose = {"station": next(s.name for s in news.happening.stations if s.id == of.station)}
    return RoundsFacts(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.venue_name,
        **whose,
        times=tuple(
            (name, tuple((start, end) for start, end, what in rows if what == number))
            for number, name in names
        ),
    )
