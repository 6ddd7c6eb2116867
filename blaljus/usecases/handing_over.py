"""A class with a time gets another teacher: calendars of who left and who came show what is so."""

from collections.abc import Mapping, Sequence

from blaljus.domain.booking import Booking, may_change
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import ACTIVE_BOOKING, FeedKind
from blaljus.store import bookings, feeds, recipients, schools, slots
from blaljus.store.recipients import Addressee
from blaljus.usecases.context import Context, record
from blaljus.usecases.happenings import load_happening, show_in_calendars
from blaljus.usecases.notices import Change, tell_teachers

Teachers = Mapping[int, Sequence[Addressee]]
"""The teachers of each class, by its id."""


async def teachers_now(municipality: int, year: SchoolYear) -> Teachers:
    """Return the teachers of the active classes of a school year."""
    classes = await schools.list_classes((municipality,), year)
    found = await recipients.teachers_of([c.id for c in classes])
    return {c.id: found[c.id] for c in classes}


async def hand_over(
    context: Context, actor: str, municipality: int, year: SchoolYear, before: Teachers
) -> None:
    """Owe who left a class with a time to come a cancellation, and who came an invitation.

    In the transaction of the change. Addresses of the class's calendar are closed: the one who
    left knows them.
    """
    now_teaching = await teachers_now(municipality, year)
    changed = [c for c, people in now_teaching.items() if before.get(c) and before[c] != people]
    classes = {c.id: c for c in await schools.get_classes(changed, (municipality,))}
    for class_id in changed:
        await feeds.revoke_feeds(FeedKind.SCHOOL_CLASS, class_id, at=context.clock())
    for booking in await bookings.list_class_bookings(changed, (municipality,)):
        if booking.state in ACTIVE_BOOKING:
            stay = now_teaching[booking.school_class]
            left = [person for person in before[booking.school_class] if person not in stay]
            await _hand_over(context, actor, booking, classes[booking.school_class], left)


async def _hand_over(
    context: Context,
    actor: str,
    booking: Booking,
    school_class: SchoolClass,
    left: Sequence[Addressee],
) -> None:
    now = context.clock()
    slot = await slots.get_slot(booking.slot, (booking.municipality,))
    if not may_change(slot, now=now):
        return
    saved = await bookings.save_booking(booking, retold=True, now=now)
    happening = await load_happening(slot)
    await show_in_calendars(context, happening)
    subject = ("booking", saved.id)
    await record(context, actor, saved.municipality, "booking-handed-over", subject, saved.version)
    await tell_teachers(context, happening, saved, school_class, Change.CANCELLED, to=left)
    await tell_teachers(context, happening, saved, school_class, Change.NEW)
