"""Reminders that are due: each step once to each person, and none of what is gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from blaljus.domain.localtime import local_day
from blaljus.domain.reminders import Occasion, ReminderKind, is_quiet, rules_of, step_now
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import AssignmentState, BookingState, Method
from blaljus.mail.letters import (
    AnyLetter,
    BookReminder,
    ClassReminder,
    DutyReminder,
    ReportReminder,
    SchoolsReminder,
)
from blaljus.store import contacts, outbox, recipients, reminders, undelivered
from blaljus.store.engine import read_transaction, transactional
from blaljus.store.recipients import Addressee
from blaljus.store.reminders import Waiting
from blaljus.usecases.calendars.happenings import (
    FullHappening,
    booking_url,
    duty_url,
    load_happening,
)
from blaljus.usecases.changing import making
from blaljus.usecases.context import Context
from blaljus.usecases.letters.notices import booking_facts, duty_facts
from blaljus.usecases.letters.occasions import (
    Season,
    last_closing,
    load_season,
    occasions,
    plans_now,
)
from blaljus.usecases.letters.owing import Notice, message_id_of, owe

AT_ONCE = 20
"""Reminders of one transaction: others who write wait no longer than a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One step that is due to one person."""

    occasion: Occasion
    days: int
    to: Addressee


async def remind_due(context: Context) -> int:
    """Owe every reminder that is due, let go what is gone, and return how many were owed.

    In quiet hours nothing is owed. Two workers at once owe each step once: the database decides.
    """
    now, count = context.clock(), 0
    async with read_transaction():
        found = await plans_now(now)
    for plan in found:
        await _drop_gone(context, plan)
        while not is_quiet(now) and (owed := await _owe_some(context, plan)):
            count += owed
    return count


async def _drop_gone(context: Context, plan: SeasonPlan) -> None:
    """Let waiting reminders go whose slot was moved or called off, or that nobody needs."""
    async with read_transaction():
        waiting = await reminders.list_waiting(plan.id, (plan.municipality,))
        season = await load_season(plan) if waiting else None
        rules = rules_of(await reminders.list_rules(plan.id, (plan.municipality,)))
    if season is None:
        return
    found = occasions(season, context.clock())
    stands = {occasion.key: occasion for occasion in found if rules[occasion.kind].enabled}
    gone = {letter.message_id for letter in waiting if _is_gone(letter, stands.get(letter.key))}
    if gone:
        drop = transactional(reminders.drop_waiting)
        await drop(gone, (plan.municipality,), context.clock())


def _is_gone(letter: Waiting, occasion: Occasion | None) -> bool:
    """Tell whether what a letter says stands no longer, or was told anew since."""
    if occasion is None:
        return True
    return occasion.since is not None and occasion.since > letter.owed_at


async def _owe_some(context: Context, plan: SeasonPlan) -> int:
    async with read_transaction():
        due = await _due(context, plan)
    return await _owe_behind_lock(context, plan) if due else 0


@transactional
async def _owe_behind_lock(context: Context, plan: SeasonPlan) -> int:
    """Look again in the transaction that owes: what was read may be gone."""
    season = await load_season(plan)
    due = (await _due(context, plan, season))[:AT_ONCE]
    with making() as change:
        owed = [await _owe(context, season, step) for step in due]
    await outbox.name_change(change.id, "reminders-sent")
    return sum(owed)


async def _due(context: Context, plan: SeasonPlan, season: Season | None = None) -> list[Due]:
    """Return the steps that are due now and were not owed yet."""
    scope, now = (plan.municipality,), context.clock()
    season = season or await load_season(plan)
    rules = rules_of(await reminders.list_rules(plan.id, scope))
    done = await reminders.list_steps(plan.id, scope)
    steps = [
        (occasion, days)
        for occasion in occasions(season, now)
        if (days := step_now(rules[occasion.kind], occasion, now)) is not None
    ]
    to = await addressees(season, [occasion for occasion, _ in steps])
    unreached = await unreached_accounts()
    return [
        Due(occasion=occasion, days=days, to=who)
        for occasion, days in steps
        for who in to[occasion.key]
        if (*occasion.key, days, who.account) not in done and who.account not in unreached
    ]


async def unreached_accounts() -> set[int]:
    """Return the accounts that the last letter did not reach: nobody is reminded there."""
    return {trouble.account for trouble in await undelivered.list_every()}


async def addressees(
    season: Season, found: Collection[Occasion]
) -> Mapping[tuple[object, ...], list[Addressee]]:
    """Return who is reminded of each occasion: three statements for any number of them."""
    booked = {f"booking:{b.id}": b.school_class for b in season.bookings}
    on_duty = {f"assignment:{d.id}": d.staff for d in season.duties}
    subjects = {occasion.subject for occasion in found}
    classes = {s: booked[s] for s in subjects if s in booked}
    classes |= {s: int(s.partition(":")[2]) for s in subjects if s.startswith("class:")}
    teachers = await recipients.teachers_of(set(classes.values()))
    staff = await recipients.staff_addressees([on_duty[s] for s in subjects if s in on_duty])
    coordinators = await recipients.coordinators_of(season.plan.municipality)

    def of(subject: str) -> list[Addressee]:
        if subject in on_duty:
            return [staff[on_duty[subject]]]
        return teachers[classes[subject]] if subject in classes else coordinators

    return {occasion.key: of(occasion.subject) for occasion in found}


async def _owe(context: Context, season: Season, due: Due) -> bool:
    """Owe one reminder; False where another worker was first."""
    municipality = season.plan.municipality
    occasion = due.occasion
    what = f"{occasion.subject}.{occasion.counted_from}.{due.days}".replace(":", "-")
    uid = f"reminder-{occasion.kind}-{what}".replace(".", "-")
    notice = Notice(
        municipality=municipality,
        to=due.to,
        method=Method.REMINDER,
        letter=await letter_of(context, season, occasion),
        uid=uid,
        version=1,
        contact=await contacts.find_contact(municipality),
    )
    if not await reminders.add_step(
        season.plan.id,
        municipality,
        occasion,
        days=due.days,
        account=due.to.account,
        message_id=message_id_of(context, notice),
        now=context.clock(),
    ):
        return False
    await owe(context, notice)
    return True


async def letter_of(context: Context, season: Season, occasion: Occasion) -> AnyLetter:
    """Return what a reminder says as things stand, without whom to ask."""
    number = int(occasion.subject.partition(":")[2])
    if occasion.kind is ReminderKind.NOT_ANSWERED:
        return SchoolsReminder(link=context.url("/samordnare"), schools=tuple(season.unanswered))
    if occasion.kind is ReminderKind.NOT_BOOKED:
        school_class = season.classes[number]
        closes = last_closing(season, school_class, context.clock())
        assert closes is not None, "the occasion stands"  # noqa: S101 -- see STYLE
        link = context.url(f"/boka?klass={number}")
        return BookReminder(link=link, class_name=school_class.name, closes_on=local_day(closes))
    if occasion.kind is ReminderKind.DUTY_SOON:
        return await _duty_letter(context, season, number)
    return await _booking_letter(context, season, occasion.kind, number)


async def _duty_letter(context: Context, season: Season, number: int) -> AnyLetter:
    duty = next(duty for duty in season.duties if duty.id == number)
    happening = await _happening(season, duty.slot)
    return DutyReminder(
        link=duty_url(context, duty),
        facts=duty_facts(happening, duty),
        answered=duty.state is AssignmentState.ACCEPTED,
    )


async def _booking_letter(
    context: Context, season: Season, kind: ReminderKind, number: int
) -> AnyLetter:
    booking = next(booking for booking in season.bookings if booking.id == number)
    happening = await _happening(season, booking.slot)
    facts = booking_facts(happening, booking, season.classes[booking.school_class])
    if kind is ReminderKind.NOT_REPORTED:
        return ReportReminder(link=context.url(f"/narvaro/{booking.number}"), facts=facts)
    confirmed = booking.state is not BookingState.TENTATIVE
    return ClassReminder(link=booking_url(context, booking), facts=facts, confirmed=confirmed)


async def _happening(season: Season, slot: int) -> FullHappening:
    return await load_happening(season.slots[slot])
