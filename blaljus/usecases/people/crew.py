"""A crew on the day: its people note for themselves that they leave, are back, or pressed wrong."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from blaljus.domain.callouts import Callout, open_callout, undoable
from blaljus.domain.errors import StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import DutyClosedError
from blaljus.domain.words import ACTIVE_ASSIGNMENT
from blaljus.store import assignments, callouts, slots
from blaljus.usecases.context import Context
from blaljus.usecases.days.callouts import (
    Absence,
    changed_groups,
    proposed,
    record_callout,
    replanned,
    save_callout,
)
from blaljus.usecases.days.carousel import load_carousel
from blaljus.usecases.days.decided import keep
from blaljus.usecases.days.rounds import Carousel
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.staffing import get_own_duty


class Deed(StrEnum):
    """What somebody of a crew does. Values are stable: forms send them."""

    LEAVE = "leave"
    BACK = "back"
    UNDO = "undo"


async def note_own_crew(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    assignment_id: int,
    deed: Deed,
    version: int | None = None,
) -> None:
    """Note of one's own crew that it leaves now or is back now, or take the last of these back.

    Where a colleague was first nothing changes. Undoing needs the `version` of the call-out that
    the person saw. Raises `NotFoundError`, `DutyClosedError`, `CalloutRefusedError` outside the
    slot's day, and `StaleError` where there is nothing to undo any more.
    """

    async def change() -> Outcome:
        found = await get_own_duty(person, assignment_id)
        scope = (found.municipality,)
        slot = await slots.lock_slot(found.slot, scope)
        duty = await assignments.get_assignment(assignment_id, scope)
        if duty.state not in ACTIVE_ASSIGNMENT:
            raise DutyClosedError
        carousel = await load_carousel(slot)
        if deed is Deed.UNDO:
            last = _last(context, carousel, duty.station, version)
            await _undo(context, person, slot, carousel, last)
            return {"slot": slot.id}
        absence = _absence(carousel, duty.station, deed, context.clock())
        if absence is not None:
            await save_callout(context, person, slot, proposed(context, carousel, absence))
        return {"slot": slot.id}

    await once(person, key, change, clock=context.clock)


def _absence(carousel: Carousel, station: int, deed: Deed, now: datetime) -> Absence | None:
    """Return what is to be noted; None where it is noted already."""
    gone = open_callout(carousel.callouts, station)
    if deed is Deed.LEAVE:
        return None if gone else Absence(station=station, left_at=now, back_at=None)
    return Absence(station=station, left_at=gone.left_at, back_at=now) if gone else None


def last_of_crew(rounds: tuple[Carousel, Station], *, now: datetime) -> Callout | None:
    """Return what the crew of a station of a carousel may still undo."""
    carousel, station = rounds
    return _undoable(carousel, station.id, now)


def _undoable(carousel: Carousel, station: int, now: datetime) -> Callout | None:
    begins = [start for start, _ in carousel.rotation.rounds]
    last = undoable(carousel.callouts, station, begins, now=now)
    retimed_at = carousel.kept.decided_at if carousel.kept else None
    return None if last and retimed_at and last.noted_at <= retimed_at else last


def _last(context: Context, carousel: Carousel, station: int, version: int | None) -> Callout:
    last = _undoable(carousel, station, context.clock())
    if last is None or last.version != version:
        raise StaleError
    return last


async def _undo(
    context: Context, person: Person, slot: Slot, carousel: Carousel, last: Callout
) -> None:
    """Take a leaving away, or a return: the crew is gone still."""
    now, others = context.clock(), carousel.callouts[:-1]
    if last.back_at is None:
        await callouts.remove_callout(last)
        after = await load_carousel(slot)
    else:
        after = replanned(carousel, (*others, replace(last, back_at=None)), now)
        await callouts.reopen_callout(last, rotation=keep(after), now=now)
    await record_callout(
        context,
        person,
        slot,
        "callout-undone",
        callout=last.id,
        absence=Absence(station=last.station, left_at=last.left_at, back_at=None),
        changed=changed_groups(carousel, after),
    )
