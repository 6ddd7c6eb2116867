"""Everything checks look at: stored facts and letters of one moment, findable."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from blaljus.domain.booking import Booking
from blaljus.domain.calendar import CalendarEvent
from blaljus.domain.happenings import Happening
from blaljus.domain.schools import Block, SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING
from blaljus.store.audit import AuditEntry
from blaljus.store.selfcheck.facts import Stored, Stray, TypedText

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """Something that should not be so: `booking:12` and what is wrong with it, without names."""

    subject: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLetter:
    """A letter of the outbox, read: whose calendar it changes, and to what.

    `uid` is the part before the `@`, `version` that of its subject; `revision` is (SEQUENCE,
    DTSTAMP) and `event` the properties of its event, both None for one that cannot be read.
    """

    id: int
    municipality: int | None
    account: int
    method: str
    uid: str
    version: str
    revision: tuple[int, str] | None
    event: Mapping[str, str] | None


Owner = tuple[str, int]
"""Whose calendar: ("staff", 7), ("class", 4), ("agency", 2), or ("overview", 0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An event of the present; `owners` must show it, and `others` may, of one that ended.

    `people` are the accounts that have it in their calendars. `properties` are those that calendars
    show: of an event that ended no more than that it did, of one that is over when it was.
    """

    subject: str
    slot: Slot
    event: CalendarEvent
    owners: frozenset[Owner]
    others: frozenset[Owner]
    people: frozenset[int]
    ended: bool
    over: bool
    """It took place, or its time has passed."""
    properties: Mapping[str, str]


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return the items by key, in their order; a key that is missing has none."""
    found: dict[K, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found


def data_of(entry: AuditEntry) -> dict[str, Any]:
    """Return what an audit row says, nothing of one that somebody spoilt."""
    try:
        return msgspec.json.decode(entry.data, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


class Facts:
    """Stored facts, what is active of them, and who belongs to what."""

    def __init__(
        self,
        stored: Stored,
        *,
        now: datetime,
        letters: Sequence[ReadLetter] = (),
        strays: Sequence[Stray] = (),
        typed: Sequence[TypedText] = (),
        named: Sequence[Finding] = (),
    ) -> None:
        self.stored = stored
        self.now = now
        self.letters = letters
        self.strays = strays
        self.typed = typed
        self.named = named
        self.expected: dict[str, Expected] = {}
        """What calendars should show, by UID; filled by `events.py`."""

    @cached_property
    def bookings(self) -> list[Booking]:
        """The active bookings."""
        return [b for b in self.stored.bookings.values() if b.state in ACTIVE_BOOKING]

    @cached_property
    def duties(self) -> list[Assignment]:
        """The active assignments."""
        return [d for d in self.stored.duties.values() if d.state in ACTIVE_ASSIGNMENT]

    @cached_property
    def bookings_in(self) -> dict[int, list[Booking]]:
        """The active bookings of each slot."""
        return grouped(self.bookings, lambda booking: booking.slot)

    @cached_property
    def duties_in(self) -> dict[int, list[Assignment]]:
        """The active assignments of each slot."""
        return grouped(self.duties, lambda duty: duty.slot)

    @cached_property
    def all_duties_in(self) -> dict[int, list[Assignment]]:
        """The assignments of each slot, ended ones too."""
        return grouped(self.stored.duties.values(), lambda duty: duty.slot)

    @cached_property
    def stations_of(self) -> dict[int, list[Station]]:
        """The stations of each slot, in the order of its carousel."""
        ordered = sorted(self.stored.stations.values(), key=lambda s: (s.slot, s.position))
        return grouped(ordered, lambda station: station.slot)

    @cached_property
    def classes_of(self) -> dict[int, list[SchoolClass]]:
        """The active classes of each plan, by its id."""
        of_year = grouped(
            self.stored.classes.values(), lambda c: (c.municipality, c.school_year, c.active)
        )
        return {p.id: of_year[p.municipality, p.school_year, True] for p in self.plans}

    @cached_property
    def blocks_of(self) -> dict[int, list[Block]]:
        """The terms and days off of each municipality."""
        ordered = sorted(self.stored.blocks, key=lambda owned: owned.block.first_on)
        owned = grouped(ordered, lambda block: block.municipality)
        return defaultdict(list, {m: [b.block for b in blocks] for m, blocks in owned.items()})

    @cached_property
    def plans(self) -> Collection[SeasonPlan]:
        """Every plan."""
        return self.stored.plans.values()

    def slot_of(self, item: Booking | Assignment) -> Slot:
        """Return where a booking or an assignment takes place."""
        return self.stored.slots[item.slot]

    def happening(self, slot: Slot) -> Happening:
        """Return a slot with all that takes part in it."""
        booked = self.bookings_in[slot.id]
        coming = {booking.school_class for booking in booked}
        return Happening(
            slot=slot,
            stations=self.stations_of[slot.id],
            bookings=booked,
            classes=[self.stored.classes[c] for c in self._in_order(coming)],
        )

    def _in_order(self, classes: Iterable[int]) -> list[int]:
        """Return classes as calendars list them."""
        return sorted(classes, key=self._rank.__getitem__)

    @cached_property
    def _rank(self) -> dict[int, int]:
        return {class_id: rank for rank, class_id in enumerate(self.stored.classes)}

    def is_over(self, slot: Slot) -> bool:
        """Return whether a slot has ended: schools and places may be called otherwise since."""
        return slot.ends_at <= self.now
