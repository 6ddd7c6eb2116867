"""A class with a time gets another teacher: calendars of who left and who came show what is so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from blaljus.domain.booking import Booking, BookingDetails, may_change
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot
from blaljus.domain.words import ACTIVE_BOOKING, FeedKind
from blaljus.store import bookings, feeds, recipients, schools, slots
from blaljus.store.recipients import Addressee
from blaljus.usecases.calendars.happenings import load_happening, show_in_calendars
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import Change, tell_teachers

Teachers = Mapping[int, Sequence[Addressee]]
"""The teachers of each class, by its id."""


async def teachers_now(municipality: int, year: SchoolYear) -> Teachers:
    """Return the teachers of the active classes of a school year."""
    classes = await schools.list_classes((municipality,), year)
    found = await recipients.teachers_of([c.id for c in classes])
    return {c.id: found[c.id] for c in classes}


async def hand_over(
    context: Context,
    actor: str,
    municipality: int,
    year: SchoolYear,
    before: Teachers,
    details: Mapping[int, BookingDetails] = MappingProxyType({}),
) -> set[int]:
    """Owe who left a class with a time to come a cancellation, and who came an invitation.

    `details` are what bookings say from now on, by id, where that is new. In the transaction of
    the change. Addresses of the class's calendar are closed: the one who left knows them. Returns
    the ids of the bookings whose teachers were told.
    """
    teaching = await teachers_now(municipality, year)
    changed = [c for c, people in teaching.items() if _who(before.get(c, people)) != _who(people)]
    left = {c: [p for p in before[c] if p.account not in _who(teaching[c])] for c in changed}
    classes = {c.id: c for c in await schools.get_classes(changed, (municipality,))}
    for class_id in changed:
        if left[class_id]:
            await feeds.revoke_feeds(
                FeedKind.SCHOOL_CLASS, class_id, municipality=municipality, at=context.clock()
            )
    told = set()
    for booking in await bookings.list_class_bookings(changed, (municipality,)):
        slot = await slots.get_slot(booking.slot, (municipality,))
        if booking.state in ACTIVE_BOOKING and may_change(slot, now=context.clock()):
            school_class = classes[booking.school_class]
            saved = await bookings.save_booking(
                booking, retold=2, details=details.get(booking.id), now=context.clock()
            )
            await _hand_over(context, actor, saved, slot, school_class, left[school_class.id])
            told.add(booking.id)
    return told


def _who(people: Iterable[Addressee]) -> set[int]:
    # What they are called follows from the class, and says nothing of who they are.
    return {person.account for person in people}


async def _hand_over(
    context: Context,
    actor: str,
    saved: Booking,
    slot: Slot,
    school_class: SchoolClass,
    left: Sequence[Addressee],
) -> None:
    happening = await load_happening(slot)
    await show_in_calendars(context, happening)
    subject = ("booking", saved.id)
    await record(context, actor, saved.municipality, "booking-handed-over", subject, saved.version)
    # Below the invitation's: the teacher's old and new address may lead to one calendar.
    ended = replace(saved, sequence=saved.sequence - 1)
    await tell_teachers(context, happening, ended, school_class, Change.HANDED_OVER, to=left)
    await tell_teachers(context, happening, saved, school_class, Change.NEW)
