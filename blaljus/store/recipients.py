"""Whom a message goes to: addresses leave the store here, and nowhere else."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from blaljus.domain.agencies import shown_as
from blaljus.domain.words import Role
from blaljus.store import tables as t
from blaljus.store.accounts import address_key


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
        s.function,
        s.protected,
        s.account.address.as_alias("address"),
        s.account.language.as_alias("language"),
    ).where(s.id.is_in(sorted(staff)))
    return {
        row["id"]: Addressee(
            account=row["account"],
            address=row["address"],
            language=row["language"],
            name=shown_as(
                row["id"], row["display_name"], row["function"], protected=row["protected"]
            ),
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


async def has_coordinators(municipality: int) -> bool:
    """Return whether a municipality has a coordinator who can sign in."""
    c = t.Coordinator
    query = c.select(c.id).where(c.municipality == municipality)
    able = c.account.active == True  # noqa: E712 -- Piccolo builds SQL from the comparison
    return bool(await query.where(able).limit(1))


async def is_protected(account: int | None, address: str) -> bool:
    """Return whether an account or an address is a protected person's."""
    s = t.StaffMember
    theirs = s.account.address_key == address_key(address)
    if account is not None:
        theirs = theirs | (s.account == account)
    protected = s.protected.eq(True)  # noqa: FBT003 -- Piccolo's way
    return bool(await s.select(s.id).where(protected & theirs).limit(1))


async def list_protected(
    accounts: Collection[int], addresses: Collection[str]
) -> tuple[set[int], set[str]]:
    """Return the accounts and addresses among some that are a protected person's: one statement."""
    keys = {address_key(address) for address in addresses}
    s = t.StaffMember
    theirs = s.account.is_in(sorted(accounts) or [0]) | s.account.address_key.is_in(
        sorted(keys) or [""]
    )
    protected = s.protected.eq(True)  # noqa: FBT003 -- Piccolo's way
    columns = (s.account, s.account.address_key.as_alias("key"))
    rows = await s.select(*columns).where(protected & theirs)
    found = {row["key"] for row in rows}
    return {row["account"] for row in rows}, {a for a in addresses if address_key(a) in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who an account is to a municipality; `subject` is a class's or a staff member's id."""

    account: int
    role: Role
    subject: int | None


async def known_accounts(accounts: Collection[int], municipality: int) -> dict[int, Known]:
    """Return who some accounts are to a municipality; strangers are left out. Three statements.

    Who is several counts as staff first: protected people are nothing else.
    """
    if not accounts:
        return {}
    t_, s, c = t.ClassTeacher, t.StaffMember, t.Coordinator
    ids = sorted(accounts)
    mine = t_.account.is_in(ids) & (t_.municipality == municipality)
    taught = await t_.select(t_.account, t_.school_class.as_alias("subject")).where(mine)
    staff = (
        await s.select(s.account, s.id.as_alias("subject"))
        .where(s.account.is_in(ids))
        .order_by(s.protected, s.id)
    )
    here = c.account.is_in(ids) & (c.municipality == municipality)
    coordinating = [row | {"subject": None} for row in await c.select(c.account).where(here)]
    ranked = ((Role.TEACHER, taught), (Role.COORDINATOR, coordinating), (Role.STAFF, staff))
    return {
        row["account"]: Known(account=row["account"], role=role, subject=row["subject"])
        for role, rows in ranked
        for row in rows
    }
