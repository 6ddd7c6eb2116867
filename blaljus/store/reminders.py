"""What is decided of reminders, and which have been owed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from blaljus.domain.reminders import Occasion, ReminderKind, ReminderRule
from blaljus.domain.words import Method
from blaljus.store import tables as t
from blaljus.store.rows import Scope, within, words

Step = tuple[str, str, date, int, int]
"""Kind, subject, the day that is counted from, days, account."""

OUTDATED = "outdated"
"""Error of a reminder whose occasion was gone before it went."""


async def list_rules(plan: int, scope: Scope) -> list[ReminderRule]:
    """Return what was decided of a plan's reminders, by kind."""
    r = t.ReminderRule
    rows = await r.select().where(r.plan == plan).where(within(r.municipality, scope))
    return [
        ReminderRule(
            kind=ReminderKind(row["kind"]),
            enabled=row["enabled"],
            days=tuple(int(days) for days in words(row["days"])),
            at_minute=row["at_minute"],
        )
        for row in sorted(rows, key=lambda row: row["id"])
    ]


async def set_rules(plan: int, municipality: int, rules: Iterable[ReminderRule]) -> None:
    """Replace what was decided of a plan's reminders; the caller holds the plan."""
    r = t.ReminderRule
    await r.delete().where(r.plan == plan).where(within(r.municipality, (municipality,)))
    await r.insert(
        *(
            r(
                municipality=municipality,
                plan=plan,
                kind=rule.kind.value,
                enabled=rule.enabled,
                days=",".join(map(str, rule.days)),
                at_minute=rule.at_minute,
            )
            for rule in rules
        )
    )


async def list_steps(plan: int, scope: Scope) -> set[Step]:
    """Return every step of a plan that was owed to somebody."""
    r = t.Reminder
    rows = await r.select().where(r.plan == plan).where(within(r.municipality, scope))
    return {
        (row["kind"], row["subject"], row["counted_from"], row["days"], row["account"])
        for row in rows
    }


async def add_step(
    plan: int,
    municipality: int,
    occasion: Occasion,
    *,
    days: int,
    account: int,
    message_id: str,
    now: datetime,
) -> bool:
    """Note that a step is owed to somebody; False where it was before. The database decides."""
    r = t.Reminder
    row = r(
        municipality=municipality,
        plan=plan,
        kind=occasion.kind.value,
        subject=occasion.subject,
        counted_from=occasion.counted_from,
        days=days,
        account=account,
        message_id=message_id,
        owed_at=now,
    )
    return bool(await r.insert(row).on_conflict(action="DO NOTHING").returning(r.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reminder that no server took yet, with the key of its occasion."""

    key: tuple[str, str, date]
    message_id: str
    owed_at: datetime


async def list_waiting(plan: int, scope: Scope) -> list[Waiting]:
    """Return the reminders of a plan that are still to be sent."""
    r, o = t.Reminder, t.OutboxMessage
    unsent = await (
        o.select(o.message_id)
        .where(within(o.municipality, scope))
        .where(o.method == Method.REMINDER.value)
        .where(o.sent_at.is_null() & o.failed_at.is_null())
    )
    if not unsent:
        return []
    rows = (
        await r.select()
        .where(r.plan == plan)
        .where(within(r.municipality, scope))
        .where(r.message_id.is_in([row["message_id"] for row in unsent]))
    )
    return [
        Waiting(
            key=(row["kind"], row["subject"], row["counted_from"]),
            message_id=row["message_id"],
            owed_at=row["owed_at"],
        )
        for row in rows
    ]


async def drop_waiting(message_ids: Collection[str], scope: Scope, now: datetime) -> None:
    """Let reminders go unsent: what they remind of is gone."""
    o = t.OutboxMessage
    if message_ids:
        await (
            o.update({o.failed_at: now, o.last_error: OUTDATED})
            .where(o.message_id.is_in(sorted(message_ids)))
            .where(within(o.municipality, scope))
            .where(o.sent_at.is_null() & o.leased_until.is_null())
        )
