"""Whose letters do not get through, as the coordinator is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.clock import Clock
from blaljus.domain.agencies import StaffMember
from blaljus.domain.localtime import local_day
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import Role
from blaljus.store import agencies, recipients, schools, undelivered
from blaljus.store.rows import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """Somebody whose last letter came back: a class's teacher, a person of an agency, or neither.

    `status` is the mail server's, as `5.1.1`.
    """

    school_class: SchoolClass | None
    member: StaffMember | None
    how: str
    status: str
    noted_at: datetime


async def list_unreached(scope: Scope, *, clock: Clock) -> Sequence[Unreached]:
    """Return whom of one municipality no letter reaches, newest first; in a transaction."""
    (municipality,) = scope
    troubles = {trouble.account: trouble for trouble in await undelivered.list_every()}
    if not troubles:
        return ()
    known = await recipients.known_accounts(troubles, municipality)
    serving = {m.id: m for m in await agencies.list_staff(scope, local_day(clock()))}
    taught = {k.subject for k in known.values() if k.role is Role.TEACHER and k.subject}
    classes = {c.id: c for c in await schools.get_classes(taught, scope)}
    found = []
    for account, who in known.items():
        subject = who.subject or 0
        if who.role is Role.STAFF and subject not in serving:
            continue
        trouble = troubles[account]
        found.append(
            Unreached(
                school_class=classes.get(subject) if who.role is Role.TEACHER else None,
                member=serving.get(subject) if who.role is Role.STAFF else None,
                how=trouble.how,
                status=trouble.status,
                noted_at=trouble.noted_at,
            )
        )
    return sorted(found, key=lambda row: row.noted_at, reverse=True)
