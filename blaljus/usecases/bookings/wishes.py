"""A class says which half-days it would like; the planner counts those that come true."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from blaljus.domain.errors import StaleError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.wishes import HalfDay, Wishes, may_wish, open_half_days, wish_problems
from blaljus.store import bookings, plans, schools, wishes
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.booking import get_own_class
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once

USUAL_NOTICE = 7
"""Days, while the school year has no plan that says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishPage:
    """A class with its wishes and the half-days it may wish for."""

    school_class: SchoolClass
    own: bool
    wishes: Wishes
    is_open: Collection[HalfDay]
    may_wish: bool
    """False once the class has a confirmed time."""


async def get_wishes(context: Context, person: Person, class_id: int) -> WishPage:
    """Return the wishes of a class the person teaches or coordinates, or raise `NotFoundError`."""
    async with read_transaction():
        return await _load(context, person, class_id)


async def save_wishes(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    class_id: int,
    wanted: Wishes,
    version: int,
) -> None:
    """Replace the wishes of a class; none takes them all back.

    Raises `StaleError` where the class is no longer of the `version` the person saw, has a
    confirmed time by now, or cannot come on one of the half-days.
    """

    async def change() -> Outcome:
        school_class = await get_own_class(person, class_id)
        await schools.lock_class(class_id, (school_class.municipality,))
        shown = await _load(context, person, class_id)
        problems = wish_problems(wanted, shown.is_open)
        if shown.school_class.version != version or not shown.may_wish or problems:
            raise StaleError
        if dict(shown.wishes) != dict(wanted):
            await wishes.set_wishes(shown.school_class, wanted)
            await record(
                context,
                person.actor,
                school_class.municipality,
                "wishes-said",
                ("class", class_id),
                version + 1,
                wishes={str(rank): f"{day} {half}" for rank, (day, half) in wanted.items()},
            )
        return {}

    await once(person, key, change, clock=context.clock)


async def _load(context: Context, person: Person, class_id: int) -> WishPage:
    school_class = await get_own_class(person, class_id)
    scope = (school_class.municipality,)
    plan = await plans.find_plan(scope[0], SchoolYear(school_class.school_year))
    notice = plan.notice_days if plan else USUAL_NOTICE
    first = local_day(context.clock() + timedelta(days=notice + 1))
    booked = await bookings.list_class_bookings([class_id], scope)
    return WishPage(
        school_class=school_class,
        own=class_id in person.classes,
        wishes=(await wishes.list_wishes([class_id], scope)).get(class_id, {}),
        is_open=open_half_days(await schools.list_blocks(scope), school_class.school_unit, first),
        may_wish=may_wish(booked),
    )
