"""People say when they can come: one by one, many at once, or as in another week; and take it back.

A half-day with a duty is locked: who cannot come after all answers the duty.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from blaljus.domain.agencies import Available, StaffMember
from blaljus.domain.availability import (
    Filling,
    Nights,
    Said,
    copied,
    differing,
    filled,
    nights_copied,
    nights_differing,
    nights_filled,
    said_of,
    weeks_between,
)
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.words import AvailabilityState, Half
from blaljus.store import agencies, nights
from blaljus.store import once as answers
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.times import Times, World, load_world, times_of

ACTION = "availability-said"

WEEK = timedelta(weeks=1)


class TimesChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one form changed: `(day, half, before, after)`; `kept` booked half-days stayed.

    `nights` are `(day, night)`: the night before a day was put in, or taken back.
    """

    staff: int
    changes: tuple[tuple[date, Half, AvailabilityState, AvailabilityState], ...]
    kept: int
    undoes: bool
    nights: tuple[tuple[date, bool], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a form says of half-days, and of nights by the morning they end in."""

    halves: Said
    nights: Nights


async def save_times(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    staff: int,
    first: date,
    wanted: Said,
    version: int,
    rested: Collection[date] = (),
    repeat: date | None = None,
) -> None:
    """Save what was ticked on the page of the weeks from `first`; `rested` are days after a night.

    The week of the Monday `repeat` is then said of the week after it too. Raises `StaleError`
    when the page showed something else than what stands now, or when it holds a half-day that
    is locked or closed; nothing is saved then.
    """

    def decide(world: World) -> Wanted:
        shown = times_of(world, first)
        is_shown = shown.open_half_days >= wanted.keys() and shown.open_days >= {*rested}
        if version != shown.version or not is_shown:
            raise StaleError
        if repeat is not None and repeat not in shown.shown:
            raise StaleError
        slept = {day: day in rested for day in sorted(shown.open_days)}
        if repeat is None:
            return Wanted(halves=wanted, nights=slept)
        after = Wanted(halves={**world.said, **wanted}, nights={**world.nights, **slept})
        return Wanted(
            halves={**wanted, **copied(after.halves, repeat, [repeat + WEEK])},
            nights={**slept, **nights_copied(after.nights, repeat, [repeat + WEEK])},
        )

    await _change(context, person, key, staff, decide)


async def fill_times(
    context: Context, person: Person, key: FormKey, *, staff: int, filling: Filling
) -> None:
    """Say the same of many half-days or nights; closed ones are left out, booked ones stay."""
    wanted = Wanted(halves=filled(filling), nights=nights_filled(filling))
    await _change(context, person, key, staff, lambda _: wanted)


async def copy_week(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    staff: int,
    source: date,
    first_week: date,
    last_week: date,
) -> None:
    """Say of the weeks `[first_week, last_week]` (Mondays) what was said of `source`."""
    targets = [week for week in weeks_between(first_week, last_week) if week != source]

    def decide(world: World) -> Wanted:
        return Wanted(
            halves=copied(world.said, source, targets),
            nights=nights_copied(world.nights, source, targets),
        )

    await _change(context, person, key, staff, decide)


async def undo_times(
    context: Context, person: Person, key: FormKey, *, staff: int, undone: str
) -> None:
    """Restore what was said before the change made by the form with the key `undone`.

    Raises `NotFoundError` for no such change, `StaleError` when something of it changed since.
    """
    change = await find_change(person, undone)
    if change is None or change.staff != staff:
        raise NotFoundError

    def decide(world: World) -> Wanted:
        after = {(day, half): state for day, half, _, state in change.changes}
        if differing(world.said, after) or nights_differing(world.nights, dict(change.nights)):
            raise StaleError
        return Wanted(
            halves={(day, half): state for day, half, state, _ in change.changes},
            nights={day: not night for day, night in change.nights},
        )

    await _change(context, person, key, staff, decide, undoes=True)


async def find_change(person: Person, key: str) -> TimesChange | None:
    """Return what the person's own form with this key changed of times, or None."""
    stored = await answers.find_answer(person.account, key) if FormKey.is_key(key) else None
    if stored is None:
        return None
    try:
        return msgspec.json.decode(stored.outcome, type=_Done).done
    except msgspec.DecodeError:
        return None


async def get_times(context: Context, person: Person, staff: int, first: date | None) -> Times:
    """Return what a person said of some weeks from `first`, else from this week."""
    _check_own(person, staff)
    async with read_transaction():
        return times_of(await load_world(context, staff), first)


async def list_own_members(person: Person) -> list[StaffMember]:
    """Return who a person is at each agency, by id."""
    members = await agencies.get_staff_members(person.staff)
    return [members[staff] for staff in sorted(members)]


class _Done(msgspec.Struct):
    """What `once` keeps of a change."""

    done: TimesChange


def _check_own(person: Person, staff: int) -> None:
    if staff not in person.staff:
        raise NotFoundError


async def _change(
    context: Context,
    person: Person,
    key: FormKey,
    staff: int,
    decide: Callable[[World], Wanted],
    *,
    undoes: bool = False,
) -> None:
    _check_own(person, staff)

    async def change() -> Outcome:
        await agencies.lock_staff(staff)
        world = await load_world(context, staff)
        wanted = decide(world)
        done = change_of(world, wanted, undoes=undoes)
        await save_change(context, person, world, done)
        outcome: Outcome = msgspec.to_builtins(done)
        return outcome

    await once(person, key, change, clock=context.clock)


def change_of(world: World, wanted: Wanted, *, undoes: bool = False) -> TimesChange:
    """Return what is new and may be changed."""
    halves = differing(world.said, wanted.halves)
    slept = nights_differing(world.nights, wanted.nights)
    return TimesChange(
        staff=world.member.id,
        changes=tuple(
            (day, half, said_of(world.said, (day, half)), state)
            for (day, half), state in halves.items()
            if world.is_open(day) and (day, half) not in world.locked
        ),
        nights=tuple((day, night) for day, night in slept.items() if world.may_rest(day)),
        kept=sum(half_day in world.locked for half_day in halves)
        + sum(world.is_open(day) and not world.may_rest(day) for day in slept),
        undoes=undoes,
    )


async def save_change(context: Context, person: Person, world: World, done: TimesChange) -> None:
    """Store a change of a locked person's times, in the caller's transaction."""
    if not done.changes and not done.nights:
        return
    staff = world.member.id
    new = {(day, half): state for day, half, _, state in done.changes}
    if new:
        first, last = min(day for day, _ in new), max(day for day, _ in new)
        said = [
            Available(staff=staff, day=day, half=half, state=state)
            for (day, half), state in {**world.said, **new}.items()
            if first <= day <= last
        ]
        await agencies.set_availability(staff, first, last, said)
    await nights.set_nights(staff, dict(done.nights))
    version = await agencies.touch_staff(staff)
    facts: dict[str, object] = {
        "said": {f"{day} {half}": state.value for (day, half), state in new.items()}
    }
    if done.nights:
        facts["nights"] = {str(day): night for day, night in done.nights}
    await record(context, person.actor, None, ACTION, ("staff", staff), version, **facts)
