"""Telling classes and crews their rounds: the first time, and what is new of them since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from blaljus.domain.booking import Booking, BookingClosedError
from blaljus.domain.errors import StaleError
from blaljus.domain.people import Person
from blaljus.domain.rounds import Row, Rows, to_tell, told_by
from blaljus.domain.schools import SchoolClass
from blaljus.domain.staffing import Assignment
from blaljus.domain.stays import may_set_stays
from blaljus.store import callouts, kept_rounds, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.calendars.happenings import load_happening
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.carousel import load_carousel
from blaljus.usecases.days.rounds import Carousel
from blaljus.usecases.letters.rounds import (
    RoundsLetters,
    RoundsNews,
    letters_to,
    tell_of_rounds,
)
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class CarouselPage:
    """A carousel, when it was told last, and how many letters telling it now would send.

    `unreached` are the classes that have news, and no teacher with an address.
    """

    carousel: Carousel
    told_at: datetime | None
    letters: int
    unreached: tuple[str, ...]


async def get_carousel_page(context: Context, person: Person, slot_id: int) -> CarouselPage:
    """Return a carousel of a slot the person coordinates, or raise `NotFoundError`.

    Costs the same number of statements for any number of classes and people.
    """
    async with read_transaction():
        carousel = await load_carousel(await slots.get_slot(slot_id, person.municipalities))
        news, letters = await _news(carousel)
    open_ = may_set_stays(carousel.slot, now=context.clock())
    return CarouselPage(
        carousel=carousel,
        told_at=carousel.kept.told_at if carousel.kept else None,
        letters=letters.total if open_ else 0,
        unreached=_unreached(news, letters) if open_ else (),
    )


def _unreached(news: RoundsNews, letters: RoundsLetters) -> tuple[str, ...]:
    wanted = {b.school_class for b in news.happening.bookings if letters.teachers.get(b.id) == []}
    return tuple(c.name for number, c in news.classes.items() if number in wanted)


async def tell_rounds(
    context: Context, person: Person, key: FormKey, *, slot_id: int, version: int | None = None
) -> None:
    """Owe a letter to everybody whose own rounds are new to them, and keep what was told.

    Raises `NotFoundError`, `BookingClosedError` once the slot has ended or is off, and
    `StaleError` where it is no longer of the `version` that the person saw.
    """

    async def change() -> Outcome:
        slot = await slots.lock_slot(slot_id, person.municipalities)
        if version is not None and version != slot.version:
            raise StaleError
        if not may_set_stays(slot, now=context.clock()):
            raise BookingClosedError
        news, letters = await _news(await load_carousel(slot))
        if letters.total:
            await _tell(context, person, news, letters)
        return {"slot": slot_id}

    await once(person, key, change, clock=context.clock)


async def _tell(context: Context, person: Person, news: RoundsNews, letters: RoundsLetters) -> None:
    slot = news.happening.slot
    told = told_by(news.told, news.now, letters.subjects)
    await kept_rounds.save_told(slot, msgspec.json.encode(told).decode(), now=context.clock())
    await callouts.count_change(slot)
    await record(
        context,
        person.actor,
        slot.municipality,
        "rounds-told",
        ("slot", slot.id),
        news.version,
        letters=letters.total,
    )
    await tell_of_rounds(context, news, letters)


async def _news(carousel: Carousel) -> tuple[RoundsNews, RoundsLetters]:
    """Return a slot's rounds as told and as they are, and to whom that is news."""
    slot, kept = carousel.slot, carousel.kept
    happening = await load_happening(slot)
    told: Rows = {}
    if kept and kept.told:
        told = msgspec.json.decode(kept.told, type=dict[str, tuple[Row, ...]])
    now = rows_of(carousel, happening.active_duties)
    news = RoundsNews(
        happening=happening,
        told=told,
        now=now,
        classes=await _classes_of(carousel, {*_met(told), *_met(now)}),
        version=slot.version + 1,
    )
    return news, await letters_to(happening, to_tell(told, now))


def rows_of(carousel: Carousel, duties: Iterable[Assignment]) -> Rows:
    """Return the rounds of each class and person on duty: stations, and classes, by their ids."""
    of_classes = {
        f"booking:{booking.id}": _class_rows(carousel, booking) for booking in carousel.booked
    }
    return of_classes | {f"assignment:{duty.id}": _crew_rows(carousel, duty) for duty in duties}


def _class_rows(carousel: Carousel, booking: Booking) -> tuple[Row, ...]:
    mine = [
        group
        for group in carousel.groups
        if any(school_class.id == booking.school_class for school_class, _ in group.classes)
    ]
    stops = [stop for group in mine for stop in carousel.of_group(carousel.rotation, group)]
    return tuple(sorted((stop.starts_at, stop.ends_at, station.id) for stop, station in stops))


def _crew_rows(carousel: Carousel, duty: Assignment) -> tuple[Row, ...]:
    station = next(s for s in carousel.stations if s.id == duty.station)
    return tuple(
        (stop.starts_at, stop.ends_at, school_class.id)
        for stop, group in carousel.at_station(carousel.rotation, station)
        for school_class, _ in group.classes
    )


def _met(rows: Rows) -> set[int]:
    """Return the classes that crews meet."""
    return {
        what for subject in rows if subject.startswith("assignment:") for *_, what in rows[subject]
    }


async def _classes_of(carousel: Carousel, met: set[int]) -> dict[int, SchoolClass]:
    """Return the classes that come, and those that crews were told of, by id."""
    wanted = met | {booking.school_class for booking in carousel.booked}
    found = await schools.get_classes(wanted, (carousel.slot.municipality,))
    return {school_class.id: school_class for school_class in found}
