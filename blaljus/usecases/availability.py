"""People say when they can come: one by one, many at once, or as in another week; and take it back.

A half-day with a duty is locked: who cannot come after all answers the duty.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import msgspec

from blaljus.domain.agencies import Available, StaffMember
from blaljus.domain.availability import (
    Filling,
    HalfDay,
    Said,
    copied,
    differing,
    filled,
    said_of,
    weeks_between,
)
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.words import AvailabilityState, Half
from blaljus.store import agencies
from blaljus.store import once as answers
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.times import Times, World, load_world, times_of

ACTION = "availability-said"

WEEK = timedelta(weeks=1)


class TimesChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one form changed: `(day, half, before, after)`; `kept` booked half-days stayed."""

    staff: int
    changes: tuple[tuple[date, Half, AvailabilityState, AvailabilityState], ...]
    kept: int
    undoes: bool


async def save_times(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    staff: int,
    first: date,
    wanted: Said,
    version: int,
    repeat: date | None = None,
) -> None:
    """Save what was ticked on the page of the weeks from `first`.

    The week of the Monday `repeat` is then said of the week after it too. Raises `StaleError`
    when the page showed something else than what stands now, or when it holds a half-day that
    is locked or closed; nothing is saved then.
    """

    def decide(world: World) -> Said:
        shown = times_of(world, first)
        if version != shown.version or not shown.open_half_days >= wanted.keys():
            raise StaleError
        if repeat is not None and repeat not in shown.shown:
            raise StaleError
        if repeat is None:
            return wanted
        return {**wanted, **copied({**world.said, **wanted}, repeat, [repeat + WEEK])}

    await _change(context, person, key, staff, decide)


async def fill_times(
    context: Context, person: Person, key: FormKey, *, staff: int, filling: Filling
) -> None:
    """Say the same of many half-days; closed ones are left out, booked ones stay."""
    await _change(context, person, key, staff, lambda _: filled(filling))


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
    await _change(context, person, key, staff, lambda world: copied(world.said, source, targets))


async def undo_times(
    context: Context, person: Person, key: FormKey, *, staff: int, undone: str
) -> None:
    """Restore what was said before the change made by the form with the key `undone`.

    Raises `NotFoundError` for no such change, `StaleError` when something of it changed since.
    """
    change = await find_change(person, undone)
    if change is None or change.staff != staff:
        raise NotFoundError

    def decide(world: World) -> Said:
        after = {(day, half): state for day, half, _, state in change.changes}
        if differing(world.said, after):
            raise StaleError
        return {(day, half): state for day, half, state, _ in change.changes}

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
    decide: Callable[[World], Said],
    *,
    undoes: bool = False,
) -> None:
    _check_own(person, staff)

    async def change() -> Outcome:
        await agencies.lock_staff(staff)
        world = await load_world(context, staff)
        wanted = decide(world)
        said = await _save(context, person, world, wanted)
        outcome: Outcome = msgspec.to_builtins(
            TimesChange(
                staff=staff,
                changes=tuple(
                    (day, half, said_of(world.said, (day, half)), state)
                    for (day, half), state in said.items()
                ),
                kept=sum(half_day in world.locked for half_day in differing(world.said, wanted)),
                undoes=undoes,
            )
        )
        return outcome

    await once(person, key, change, clock=context.clock)


async def _save(
    context: Context, person: Person, world: World, wanted: Said
) -> Mapping[HalfDay, AvailabilityState]:
    """Store what is new and may be changed, and return it."""
    new = {
        half_day: state
        for half_day, state in differing(world.said, wanted).items()
        if world.is_open(half_day[0]) and half_day not in world.locked
    }
    if new:
        staff = world.member.id
        days = [day for day, _ in new]
        said = {**world.said, **new}
        await agencies.set_availability(
            staff,
            min(days),
            max(days),
            [
                Available(staff=staff, day=day, half=half, state=state)
                for (day, half), state in said.items()
                if min(days) <= day <= max(days)
            ],
        )
        version = await agencies.touch_staff(staff)
        facts = {f"{day} {half}": state.value for (day, half), state in new.items()}
        await record(context, person.actor, None, ACTION, ("staff", staff), version, said=facts)
    return new
