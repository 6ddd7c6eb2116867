"""Duties at times when a calendar of their person says busy."""

from collections.abc import Collection
from dataclasses import dataclass

from blaljus.domain.own_calendars import BusyTime, overlapping
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT
from blaljus.store import assignments, slots
from blaljus.usecases.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A duty still to come, with its slot."""

    duty: Assignment
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash(Coming):
    """A duty still to come at a time when a calendar says that its person is busy."""

    soft: bool


async def list_coming(context: Context, staff: int) -> list[Coming]:
    """Return the duties of a person that are still to come, by start.

    Within the caller's transaction.
    """
    every = await assignments.list_duties([staff])
    active = [duty for duty in every if duty.state in ACTIVE_ASSIGNMENT]
    scope = tuple(sorted({duty.municipality for duty in active}))
    found = await slots.get_slots({duty.slot for duty in active}, scope)
    where = {slot.id: slot for slot in found if slot.starts_at > context.clock()}
    return [Coming(duty=duty, slot=where[duty.slot]) for duty in active if duty.slot in where]


def clashes_of(coming: Collection[Coming], busy: Collection[BusyTime]) -> list[Clash]:
    """Return those of a person's duties that overlap busy times of theirs, in the same order."""
    judged = [(one, overlapping(busy, one.slot.starts_at, one.slot.ends_at)) for one in coming]
    return [Clash(duty=o.duty, slot=o.slot, soft=soft) for o, soft in judged if soft is not None]
