"""The teacher's first page: the classes, how they stand, and what to do next."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from blaljus.domain.people import Person
from blaljus.usecases.bookings.teaching import list_my_classes
from blaljus.usecases.context import Context
from blaljus.usecases.municipalities import list_contacts
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import render_page
from blaljus.web.teacher import booking, booking_changes, own_booking, wishes
from blaljus.web.teacher.booking_forms import need_fields


@get("/klass", name="my-classes", policy=Policy.TEACHER)
async def my_classes(
    request: Request[Any, Any, Any],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show each class with its time, what is missing and the next step."""
    statuses = await list_my_classes(context, person)
    return render_page(
        request,
        "teacher/klass.html",
        statuses=statuses,
        contacts=await list_contacts({s.school_class.municipality for s in statuses}),
        needs=need_fields(page_of(request).language),
        typed={s.school_class.id: booking.first_typed(s.school_class, s.booking) for s in statuses},
    )


HANDLERS = [
    my_classes,
    *booking.HANDLERS,
    *own_booking.HANDLERS,
    *booking_changes.HANDLERS,
    *wishes.HANDLERS,
]
