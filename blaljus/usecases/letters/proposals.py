"""Telling who proposed another time that the coordinator lets the time stand."""

from blaljus.domain.booking import Booking
from blaljus.domain.replies import Reply
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import Method
from blaljus.mail.facts import BookingFacts, DutyFacts
from blaljus.mail.letters import TimeStands
from blaljus.store import recipients
from blaljus.store.recipients import Addressee
from blaljus.usecases.calendars.happenings import (
    FullHappening,
    booking_url,
    duty_url,
    load_happening,
)
from blaljus.usecases.context import Context
from blaljus.usecases.letters.notices import booking_facts, duty_facts
from blaljus.usecases.letters.owing import Notice, owe

TOLD_ONCE = 1
"""The letter's version: a decision that is undone and made again is told no second time."""


async def tell_that_time_stands(
    context: Context, reply: Reply, item: Assignment | Booking, slot: Slot
) -> bool:
    """Owe whoever proposed another time a letter; False where no address of theirs is known."""
    if reply.proposed_from is None or reply.proposed_to is None:
        return False
    happening = await load_happening(slot)
    to = await _who(reply, item)
    if to is None:
        return False
    facts, link = _facts(context, happening, item)
    letter = TimeStands(link=link, facts=facts, proposed=(reply.proposed_from, reply.proposed_to))
    notice = Notice(
        municipality=item.municipality,
        to=to,
        method=Method.MAIL,
        letter=letter,
        uid=f"reply-{reply.id}",
        version=TOLD_ONCE,
        contact=happening.contact,
    )
    await owe(context, notice)
    return True


async def _who(reply: Reply, item: Assignment | Booking) -> Addressee | None:
    """Return who proposed it, if they are on the duty or teach the class still."""
    if isinstance(item, Assignment):
        people = list((await recipients.staff_addressees([item.staff])).values())
    else:
        people = list((await recipients.teachers_of([item.school_class]))[item.school_class])
    return next((person for person in people if person.account == reply.account), None)


def _facts(
    context: Context, happening: FullHappening, item: Assignment | Booking
) -> tuple[BookingFacts | DutyFacts, str]:
    if isinstance(item, Assignment):
        return duty_facts(happening, item), duty_url(context, item)
    school_class = next(c for c in happening.classes if c.id == item.school_class)
    return booking_facts(happening, item, school_class), booking_url(context, item)
