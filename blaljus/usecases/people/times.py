"""What the page of a person's times shows: weeks, half-days, duties and days off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from blaljus.domain.agencies import StaffMember
from blaljus.domain.availability import (
    HalfDay,
    Nights,
    Said,
    Season,
    is_open,
    said_of,
    season_of,
    shown_version,
    week_days,
    weeks_of,
)
from blaljus.domain.localtime import half_span, halves_of, local_day, monday_of
from blaljus.domain.own_calendars import busy_halves
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import ACTIVE_ASSIGNMENT, AvailabilityState, Half
from blaljus.store import agencies, assignments, nights, own_calendars, schools, slots
from blaljus.usecases.context import Context

WEEKS_SHOWN = 4
"""About a month: more would be tiring to scroll through on a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyMark:
    """The duty that locks a half-day."""

    assignment: int
    slot: Slot
    station: Station


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfView:
    """One half-day: what was said of it, and what locks it, if anything does."""

    half: Half
    state: AvailabilityState
    duty: DutyMark | None
    perhaps_busy: bool | None
    """None: the person's own calendar has nothing then; else whether that is uncertain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day; `is_open` while it can be filled in, `off` names what closes schools, or is ""."""

    day: date
    is_open: bool
    is_past: bool
    off: str
    halves: tuple[HalfView, ...]
    night: bool
    """A night at work ends in the morning: the day is rest."""

    @property
    def may_rest(self) -> bool:
        """Return whether a night may be put in or taken back: nobody counts on the person."""
        return self.is_open and all(half.duty is None for half in self.halves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A page of weeks; `weeks` are all Mondays one can go to, none before a term is known."""

    member: StaffMember
    weeks: tuple[date, ...]
    shown: tuple[date, ...]
    days: tuple[DayView, ...]
    version: int

    @property
    def by_week(self) -> tuple[tuple[date, tuple[DayView, ...]], ...]:
        """Return each shown week's Monday with its days."""
        mondays = [(week, week_days(week)) for week in self.shown]
        return tuple((week, tuple(d for d in self.days if d.day in days)) for week, days in mondays)

    @property
    def open_half_days(self) -> set[HalfDay]:
        """Return the half-days that the page can change."""
        return {
            (day.day, half.half)
            for day in self.days
            for half in day.halves
            if day.is_open and half.duty is None
        }

    @property
    def open_days(self) -> set[date]:
        """Return the days of which the page can change the night before."""
        return {day.day for day in self.days if day.may_rest}

    @property
    def earlier(self) -> date | None:
        """Return where the page before begins."""
        at = self.weeks.index(self.shown[0]) if self.shown else 0
        return self.weeks[max(0, at - WEEKS_SHOWN)] if at else None

    @property
    def later(self) -> date | None:
        """Return where the page after begins."""
        after = [week for week in self.weeks if self.shown and week > self.shown[-1]]
        return after[0] if after else None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that is known of one person's times, now."""

    member: StaffMember
    season: Season
    said: Said
    locked: dict[HalfDay, DutyMark]
    nights: Nights
    today: date
    busy: Mapping[HalfDay, bool]
    """Half-days in which the person's own calendar has something; True: perhaps."""

    def is_open(self, day: date) -> bool:
        """Return whether a day can be filled in."""
        return is_open(self.season, day, self.today)

    def may_rest(self, day: date) -> bool:
        """Return whether the night before a day can be put in: it is open, and without a duty."""
        return self.is_open(day) and not any((day, half) in self.locked for half in Half)


async def load_world(context: Context, staff: int) -> World:
    """Return one person's times; the caller has checked whose they are."""
    today = local_day(context.clock())
    member = await agencies.get_staff(staff)
    served = await agencies.served_by(member.agency, today)
    season = season_of([await schools.list_blocks((municipality,)) for municipality in served])
    days = [today, *season]
    said = await agencies.list_availability([staff], min(days), max(days))
    return World(
        member=member,
        season=season,
        said={(row.day, row.half): row.state for row in said},
        locked=await _locked(staff),
        nights={day: True for _, day in await nights.list_nights([staff], min(days), max(days))},
        today=today,
        busy=await _busy(staff, min(days), max(days)),
    )


async def _busy(staff: int, first: date, last: date) -> Mapping[HalfDay, bool]:
    span = half_span(first, Half.FM)[0], half_span(last, Half.EM)[1]
    return busy_halves((await own_calendars.list_busy([staff], *span)).get(staff, ()))


async def _locked(staff: int) -> dict[HalfDay, DutyMark]:
    every = await assignments.list_duties([staff])
    active = [duty for duty in every if duty.state in ACTIVE_ASSIGNMENT]
    scope = tuple(sorted({duty.municipality for duty in active}))
    found = await slots.get_slots({duty.slot for duty in active}, scope)
    where = {slot.id: slot for slot in found}
    stations = {station.id: station for station in await slots.list_stations(where)}
    return {
        half_day: DutyMark(
            assignment=duty.id, slot=where[duty.slot], station=stations[duty.station]
        )
        for duty in active
        for half_day in half_days_of(where[duty.slot])
    }


def half_days_of(slot: Slot) -> list[HalfDay]:
    """Return the half-days that a slot touches."""
    return halves_of(slot.starts_at, slot.ends_at)


def times_of(world: World, first: date | None) -> Times:
    """Return the page of weeks that begins with the week of `first`, or with the nearest one."""
    weeks = weeks_of(world.season, world.today)
    shown = _page(weeks, first)
    return Times(
        member=world.member,
        weeks=weeks,
        shown=shown,
        days=tuple(_day(world, day) for week in shown for day in week_days(week)),
        version=shown_version(shown, world.said, world.locked, world.nights),
    )


def _page(weeks: tuple[date, ...], first: date | None) -> tuple[date, ...]:
    if not weeks:
        return ()
    before = sum(week < monday_of(first) for week in weeks) if first else 0
    start = min(before, len(weeks) - 1)
    return weeks[start : start + WEEKS_SHOWN]


def _day(world: World, day: date) -> DayView:
    return DayView(
        day=day,
        is_open=world.is_open(day),
        is_past=day < world.today,
        off=world.season.get(day, ""),
        halves=tuple(
            HalfView(
                half=half,
                state=said_of(world.said, (day, half)),
                duty=world.locked.get((day, half)),
                perhaps_busy=world.busy.get((day, half)),
            )
            for half in Half
        ),
        night=world.nights.get(day, False),
    )
