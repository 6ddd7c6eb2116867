"""Coordinators assign and replace people."""

from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import (
    OVERRIDABLE,
    Assignment,
    DutyClosedError,
    StaffingRefusal,
    StaffingRefusedError,
)
from blaljus.domain.words import ACTIVE_ASSIGNMENT, AssignmentState
from blaljus.store import agencies, assignments, slots
from blaljus.store.failpoints import failpoint
from blaljus.usecases.calendars.happenings import load_happening, show_in_calendars
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import Change, tell_coordinators_of_decline, tell_person
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.candidates import reasons_against, station_of
from blaljus.usecases.replies.ending import end_proposals


async def assign_person(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    station_id: int,
    slot_id: int,
    staff_id: int,
    override_reason: str | None = None,
) -> int:
    """Assign a person to a station, invite them, and return the assignment's id.

    A reason overrides what the person said of the half-day, and is logged. Raises
    `StaffingRefusedError` with every reason, and changes nothing.
    """

    async def change() -> Outcome:
        slot = await slots.lock_slot(slot_id, person.municipalities)
        await agencies.lock_staff(staff_id)
        duty = await assign(context, person.actor, slot, station_id, staff_id, override_reason)
        return {"assignment": duty.id}

    return int((await once(person, key, change, clock=context.clock))["assignment"])


async def replace_person(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    assignment_id: int,
    staff_id: int,
    override_reason: str | None = None,
) -> int:
    """Withdraw one person and assign another to the same station, both told; or change nothing."""

    async def change() -> Outcome:
        old = await assignments.get_assignment(assignment_id, person.municipalities)
        slot = await slots.lock_slot(old.slot, person.municipalities)
        old = await assignments.get_assignment(assignment_id, person.municipalities, lock=True)
        await agencies.lock_staff(old.staff, staff_id)
        if old.state in ACTIVE_ASSIGNMENT:
            await end_duty(context, person.actor, slot, old, AssignmentState.WITHDRAWN)
        duty = await assign(context, person.actor, slot, old.station, staff_id, override_reason)
        return {"assignment": duty.id}

    return int((await once(person, key, change, clock=context.clock))["assignment"])


async def withdraw_person(
    context: Context, person: Person, key: FormKey, *, assignment_id: int
) -> None:
    """Take a person off a station; they get a cancellation."""

    async def change() -> Outcome:
        found = await assignments.get_assignment(assignment_id, person.municipalities)
        slot = await slots.lock_slot(found.slot, person.municipalities)
        duty = await assignments.get_assignment(assignment_id, person.municipalities, lock=True)
        await agencies.lock_staff(duty.staff)
        still_open(context, slot, duty)
        await end_duty(context, person.actor, slot, duty, AssignmentState.WITHDRAWN)
        return {"assignment": assignment_id}

    await once(person, key, change, clock=context.clock)


async def get_own_duty(person: Person, assignment_id: int) -> Assignment:
    """Return an assignment of this very person, or raise `NotFoundError`."""
    mine = await assignments.list_duties(person.staff)
    for duty in mine:
        if duty.id == assignment_id:
            return duty
    raise NotFoundError


def still_open(context: Context, slot: Slot, duty: Assignment) -> None:
    """Raise `DutyClosedError` unless the person is counted on and the slot has not begun."""
    if duty.state not in ACTIVE_ASSIGNMENT or slot.starts_at <= context.clock():
        raise DutyClosedError


async def end_duty(
    context: Context, actor: str, slot: Slot, duty: Assignment, state: AssignmentState
) -> None:
    """End a duty: calendars and the person are told, and coordinators of a decline."""
    now = context.clock()
    saved = await assignments.save_assignment(duty, state=state, now=now)
    await end_proposals(context, actor, saved)
    happening = await load_happening(await slots.touch_slot(slot, now=now))
    await show_in_calendars(context, happening, ended_duties=[saved])
    subject = ("assignment", saved.id)
    await record(context, actor, saved.municipality, f"duty-{state}", subject, saved.version)
    await tell_person(context, happening, saved, Change.CANCELLED)
    if state is AssignmentState.DECLINED:
        await tell_coordinators_of_decline(context, happening, saved, actor)


async def assign(
    context: Context,
    actor: str,
    slot: Slot,
    station_id: int,
    staff_id: int,
    override_reason: str | None = None,
) -> Assignment:
    """Do what `assign_person` does in the caller's transaction; the slot and person are locked."""
    station = station_of(await slots.list_stations([slot.id]), station_id)
    member = await agencies.get_staff(staff_id)
    reasons = await reasons_against(context, slot, station, member)
    if override_reason:
        reasons = tuple(reason for reason in reasons if reason not in OVERRIDABLE)
    if reasons:
        raise StaffingRefusedError(reasons)
    await failpoint("after_staff_check")
    now = context.clock()
    duty = await assignments.add_assignment(
        slot,
        station=station.id,
        staff=staff_id,
        state=AssignmentState.INVITED,
        override_reason=override_reason,
        uid=context.new_uid(),
        now=now,
    )
    if duty is None:
        raise StaffingRefusedError([StaffingRefusal.ELSEWHERE])
    happening = await load_happening(await slots.touch_slot(slot, now=now))
    await show_in_calendars(context, happening)
    subject = ("assignment", duty.id)
    facts = {"staff": staff_id, "station": station_id, "override": override_reason is not None}
    await record(context, actor, slot.municipality, "duty-made", subject, duty.version, **facts)
    await tell_person(context, happening, duty, Change.NEW)
    return duty
