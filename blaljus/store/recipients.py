"""Whom a message goes to: addresses leave the store here, and nowhere else."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from blaljus.domain.words import Role
from blaljus.store import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """An account that mail can reach, and what it is called there."""

    account: int
    address: str
    language: str
    name: str


async def teachers_of(classes: Collection[int]) -> dict[int, list[Addressee]]:
    """Return the teachers of each class, by account."""
    found: dict[int, list[Addressee]] = defaultdict(list)
    if not classes:
        return found
    c = t.ClassTeacher
    rows = (
        await c.select(
            c.school_class,
            c.account,
            c.account.address.as_alias("address"),
            c.account.language.as_alias("language"),
            c.school_class.label.as_alias("label"),
        )
        .where(c.school_class.is_in(sorted(classes)))
        .where(c.account.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
        .order_by(c.account)
    )
    for row in rows:
        found[row["school_class"]].append(
            Addressee(
                account=row["account"],
                address=row["address"],
                language=row["language"],
                name=row["label"],
            )
        )
    return found


async def staff_addressees(staff: Collection[int]) -> dict[int, Addressee]:
    """Return how to reach each person, called by function alone."""
    if not staff:
        return {}
    s = t.StaffMember
    rows = await s.select(
        s.id,
        s.account,
        s.display_name,
        s.account.address.as_alias("address"),
        s.account.language.as_alias("language"),
    ).where(s.id.is_in(sorted(staff)))
    return {
        row["id"]: Addressee(
            account=row["account"],
            address=row["address"],
            language=row["language"],
            name=row["display_name"],
        )
        for row in rows
    }


async def coordinators_of(municipality: int) -> list[Addressee]:
    """Return the coordinators of a municipality, by account."""
    c = t.Coordinator
    rows = (
        await c.select(
            c.account,
            c.account.address.as_alias("address"),
            c.account.language.as_alias("language"),
        )
        .where(c.municipality == municipality)
        .order_by(c.account)
    )
    return [
        Addressee(
            account=row["account"],
            address=row["address"],
            language=row["language"],
            name="Samordnare",
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who an account is to a municipality; `staff` while it is somebody of an agency."""

    account: int
    role: Role
    label: str
    """A class's name; empty for coordinators and staff."""
    staff: int | None = None


async def known_accounts(accounts: Collection[int], municipality: int) -> dict[int, Known]:
    """Return who some accounts are to a municipality; strangers are left out. Three statements.

    Who is several is named by the role that acts most: coordinator, staff, teacher.
    """
    if not accounts:
        return {}
    found = await _known_teachers(accounts, municipality)
    s, c = t.StaffMember, t.Coordinator
    for row in await s.select(s.id, s.account).where(s.account.is_in(sorted(accounts))):
        found[row["account"]] = Known(
            account=row["account"], role=Role.STAFF, label="", staff=row["id"]
        )
    mine = c.account.is_in(sorted(accounts)) & (c.municipality == municipality)
    for row in await c.select(c.account).where(mine):
        found[row["account"]] = Known(account=row["account"], role=Role.COORDINATOR, label="")
    return found


async def _known_teachers(accounts: Collection[int], municipality: int) -> dict[int, Known]:
    c = t.ClassTeacher
    rows = (
        await c.select(
            c.account,
            c.school_class.label.as_alias("label"),
            c.school_class.school_unit.name.as_alias("school"),
        )
        .where(c.account.is_in(sorted(accounts)) & (c.municipality == municipality))
        .order_by(c.id)
    )
    return {
        row["account"]: Known(
            account=row["account"], role=Role.TEACHER, label=f"{row['label']}, {row['school']}"
        )
        for row in rows
    }
