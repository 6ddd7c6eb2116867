"""People answer for themselves: on a page, by mail, or through a coordinator who was told."""

from blaljus.domain.people import Person
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import AssignmentState
from blaljus.store import agencies, assignments, slots
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.staffing import end_duty, get_own_duty, still_open


async def answer_duty(
    context: Context, person: Person, key: FormKey, *, assignment_id: int, can: bool
) -> None:
    """Say Kan or Kan inte to one's own duty. Kan inte frees the person and tells coordinators."""

    async def change() -> Outcome:
        found = await get_own_duty(person, assignment_id)
        await take_answer(context, person.actor, found, can=can)
        return {"assignment": assignment_id, "can": can}

    await once(person, key, change, clock=context.clock)


async def take_answer(context: Context, actor: str, found: Assignment, *, can: bool) -> None:
    """Store an answer in the caller's transaction, or raise `DutyClosedError`.

    `actor` is who gave it, or the coordinator who took it from what the person wrote.
    """
    scope = (found.municipality,)
    slot = await slots.lock_slot(found.slot, scope)
    duty = await assignments.get_assignment(found.id, scope, lock=True)
    await agencies.lock_staff(duty.staff)
    still_open(context, slot, duty)
    if not can:
        await end_duty(context, actor, slot, duty, AssignmentState.DECLINED)
    elif duty.state is not AssignmentState.ACCEPTED:
        await _accept(context, actor, duty)


async def _accept(context: Context, actor: str, duty: Assignment) -> None:
    saved = await assignments.save_assignment(
        duty, state=AssignmentState.ACCEPTED, now=context.clock()
    )
    subject = ("assignment", saved.id)
    await record(context, actor, saved.municipality, "duty-accepted", subject, saved.version)
