"""What a letter tells of a booking or a duty, as labelled lines, and what changed in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from blaljus.domain.text import clean_line
from blaljus.i18n import format_moment, format_span, msgid, translations
from blaljus.i18n.words import station_name


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts:
    """A class's place in a slot, `[starts_at, ends_at)` aware; counts of pupils and adults."""

    class_name: str
    number: str
    """As read aloud: `417 302`."""
    starts_at: datetime
    ends_at: datetime
    place: str
    stations: tuple[str, ...]
    """As they are stored; letters name services in their own language."""
    pupils: int
    adults: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFacts:
    """One person's station in a slot, `[starts_at, ends_at)` aware; a function, never a name."""

    function: str
    station: str
    starts_at: datetime
    ends_at: datetime
    place: str
    classes: tuple[str, ...]
    pupils: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsFacts:
    """The rounds of one class, or of one station's crew, in a slot `[starts_at, ends_at)` aware."""

    starts_at: datetime
    ends_at: datetime
    place: str
    class_name: str = ""
    """Whose rounds these are; empty where they are a crew's."""
    station: str = ""
    """As it is stored; empty where they are a class's."""
    times: tuple[tuple[str, tuple[tuple[datetime, datetime], ...]], ...]
    """When, at each station or with each class; nothing for one that is not met."""


Facts = BookingFacts | DutyFacts | RoundsFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A label and a value, ready to show."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a line said before, and what it says now."""

    label: str
    old: str
    new: str


def lines(facts: Facts, language: str) -> tuple[Line, ...]:
    """Return what the facts say, in a fixed order; lines without a value are left out."""
    return tuple(line for line in _all_lines(facts, language) if line.value)


def changes(before: Facts, now: Facts, language: str) -> tuple[Change, ...]:
    """Return the lines that differ, in the order of `lines`; nothing said is a dash."""
    pairs = zip(_all_lines(before, language), _all_lines(now, language), strict=True)
    return tuple(
        Change(label=new.label, old=old.value or "–", new=new.value or "–")
        for old, new in pairs
        if old.value != new.value
    )


def moment(facts: Facts, language: str) -> str:
    """Return day, time and week."""
    return format_moment(facts.starts_at, facts.ends_at, language)


def _all_lines(facts: Facts, language: str) -> Sequence[Line]:
    when_and_where = [(msgid("Tid"), moment(facts, language)), (msgid("Plats"), facts.place)]
    named = partial(station_name, language=language)
    word = translations(language).gettext
    if isinstance(facts, RoundsFacts):
        more = _of_rounds(facts, language)
    elif isinstance(facts, BookingFacts):
        more = _of_booking(facts, named)
    else:
        more = _of_duty(facts, named)
    return [
        Line(label=word(label), value=clean_line(value)) for label, value in when_and_where + more
    ]


def _of_booking(facts: BookingFacts, named: Callable[[str], str]) -> list[tuple[str, str]]:
    return [
        (msgid("Klass"), facts.class_name),
        (msgid("Stationer"), ", ".join(map(named, facts.stations))),
        (msgid("Elever"), str(facts.pupils)),
        (msgid("Vuxna"), str(facts.adults)),
        (msgid("Bokningsnummer"), facts.number),
    ]


def _of_duty(facts: DutyFacts, named: Callable[[str], str]) -> list[tuple[str, str]]:
    return [
        (msgid("Station"), named(facts.station)),
        (msgid("Klasser"), "; ".join(facts.classes)),
        (msgid("Elever"), str(facts.pupils) if facts.pupils else ""),
    ]


def _of_rounds(facts: RoundsFacts, language: str) -> list[tuple[str, str]]:
    when = [
        (station_name(name, language), [format_span(*span, language) for span in spans])
        for name, spans in facts.times
    ]
    return [
        (msgid("Klass"), facts.class_name),
        (msgid("Station"), station_name(facts.station, language)),
        *((name, ", ".join(spans)) for name, spans in when),
    ]
