"""The coordinator's word on reminders, and what it leads to: who gets what, and when."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.reminders import ReminderKind, ReminderRule, rules_of, steps
from blaljus.domain.slots import SeasonPlan
from blaljus.i18n import LANGUAGES
from blaljus.mail.letters import Texts, write
from blaljus.store import agencies, contacts, plans, reminders
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.occasions import Season, load_season, occasions
from blaljus.usecases.letters.reminding import addressees, letter_of, unreached_accounts
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.runs.plan_rules import find_current_plan

AHEAD = timedelta(days=14)
"""What is shown before it happens."""

MOST = 50
"""Rows of the preview; more are counted only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """One reminder to be: at a moment, to so many people, of a class, a person or schools."""

    at: datetime
    kind: ReminderKind
    subject: str
    """As occasions name it: `booking:7`."""
    what: str
    """A class, or a person as shown; empty where it is about all schools."""
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersPage:
    """The rules of a plan by kind, what they lead to until `until`, and what was owed so far."""

    plan: SeasonPlan
    rules: Mapping[ReminderKind, ReminderRule]
    until: datetime
    upcoming: Sequence[Upcoming]
    """The first of them, in order of time."""
    people: int
    """Letters until then."""
    unreached: int
    """People who would get some of them, but for an address that letters do not reach."""
    owed: Mapping[str, int]
    """Reminders owed so far, by kind."""


async def get_reminders(
    context: Context, person: Person, municipality: int
) -> RemindersPage | None:
    """Return the reminders of this school year's plan; None while there is none.

    Costs the same number of statements for any number of classes. Raises `NotFoundError` for a
    municipality that the person does not coordinate.
    """
    async with read_transaction():
        plan = await find_current_plan(person, municipality, None, clock=context.clock)
        return await _page(context, plan) if plan else None


async def _page(context: Context, plan: SeasonPlan) -> RemindersPage:
    now, scope = context.clock(), (plan.municipality,)
    season = await load_season(plan)
    rules = rules_of(await reminders.list_rules(plan.id, scope))
    done = await reminders.list_steps(plan.id, scope)
    found = occasions(season, now)
    unreached = await unreached_accounts()
    every = await addressees(season, found)
    to = {key: [who for who in of if who.account not in unreached] for key, of in every.items()}
    shown = await _names(season)
    coming = [
        Upcoming(
            at=at,
            kind=occasion.kind,
            subject=occasion.subject,
            what=shown.get(occasion.subject, ""),
            people=people,
        )
        for occasion in found
        for at, _ in steps(rules[occasion.kind], occasion)
        if now < at <= now + AHEAD and (people := len(to[occasion.key]))
    ]
    return RemindersPage(
        plan=plan,
        rules=rules,
        until=now + AHEAD,
        upcoming=sorted(coming, key=lambda row: (row.at, row.kind, row.what))[:MOST],
        people=sum(row.people for row in coming),
        unreached=len(unreached & {who.account for of in every.values() for who in of}),
        owed=Counter(kind for kind, *_ in done),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLetter:
    """What a reminder would say if it went out now, to so many people."""

    kind: ReminderKind
    texts: Texts
    people: int


async def get_reminder_letter(
    context: Context, person: Person, municipality: int, kind: str, subject: str
) -> ReminderLetter:
    """Return the letter of a reminder to be, in its first recipient's language.

    Raises `NotFoundError` where nothing of the kind is to be said of the subject any more.
    """
    async with read_transaction():
        plan = await find_current_plan(person, municipality, None, clock=context.clock)
        if plan is None:
            raise NotFoundError
        season = await load_season(plan)
        every = occasions(season, context.clock())
        found = next((one for one in every if one.key[:2] == (kind, subject)), None)
        if found is None:
            raise NotFoundError
        to = (await addressees(season, [found]))[found.key]
        letter = await letter_of(context, season, found)
        contact = await contacts.find_contact(municipality)
    language = to[0].language if to else LANGUAGES[0]
    texts = write(replace(letter, contact=contact), language)
    return ReminderLetter(kind=found.kind, texts=texts, people=len(to))


async def _names(season: Season) -> dict[str, str]:
    """Return what pages call what reminders are about."""
    members = await agencies.get_staff_members({duty.staff for duty in season.duties})
    classes = {f"class:{c.id}": c.name for c in season.classes.values()}
    booked = {
        f"booking:{b.id}": season.classes[b.school_class].name
        for b in season.bookings
        if b.school_class in season.classes
    }
    duties = {f"assignment:{d.id}": members[d.staff].shown_as for d in season.duties}
    return classes | booked | duties


async def save_reminders(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    plan_id: int,
    rules: Sequence[ReminderRule],
    version: int,
) -> None:
    """Store the rules of every kind; what was owed already is not taken back.

    Raises `NotFoundError` for a plan of others or where a kind is missing, and `StaleError` where
    the plan is no longer of the `version` the person saw.
    """

    async def change() -> Outcome:
        plan = await plans.lock_plan(plan_id, person.municipalities)
        if plan.version != version:
            raise StaleError
        if {rule.kind for rule in rules} != set(ReminderKind):
            raise NotFoundError
        await reminders.set_rules(plan.id, plan.municipality, rules)
        await plans.touch_plan(plan)
        facts = {rule.kind.value: list(rule.days) if rule.enabled else [] for rule in rules}
        await record(
            context,
            person.actor,
            plan.municipality,
            "reminders-decided",
            ("plan", plan.id),
            version + 1,
            **facts,
        )
        return {}

    await once(person, key, change, clock=context.clock)
