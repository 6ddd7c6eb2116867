"""Accounts: who can sign in, with which address, and what they may act for."""

from dataclasses import dataclass
from datetime import date

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.store.rows import Row
from blaljus.store.tables import Account, ClassTeacher, Coordinator


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An account and where its mail goes."""

    id: int
    address: str
    language: str


def address_key(address: str) -> str:
    """Return what makes two spellings of an address one: trimmed, case-folded."""
    return address.strip().casefold()


async def find_account(address: str) -> Address | None:
    """Return the active account with an address, however it is spelt."""
    row = (
        await Account.select(Account.id, Account.address, Account.language)
        .where((Account.address_key == address_key(address)) & Account.active.eq(True))  # noqa: FBT003 -- Piccolo's way
        .first()
    )
    return Address(**row) if row else None


async def get_account(account: int) -> Address:
    """Return an active account, or raise `NotFoundError`."""
    row = (
        await Account.select(Account.id, Account.address, Account.language)
        .where((Account.id == account) & Account.active.eq(True))  # noqa: FBT003 -- Piccolo's way
        .first()
    )
    if row is None:
        raise NotFoundError
    return Address(**row)


async def add_account(address: str, *, language: str = "sv") -> int:
    """Return the id of the account with an address; it is made when there is none."""
    key = address_key(address)
    added = (
        await Account.insert(
            Account(address=address.strip(), address_key=key, language=language, active=True)
        )
        .on_conflict(action="DO NOTHING")
        .returning(Account.id)
    )
    if added:
        return int(added[0]["id"])
    row = await Account.select(Account.id).where(Account.address_key == key).first()
    assert row is not None, "accounts are not removed"  # noqa: S101 -- cannot happen
    return int(row["id"])


async def add_coordinator(account: int, municipality: int) -> bool:
    """Let an account coordinate a municipality; false when it did already."""
    row = Coordinator(account=account, municipality=municipality)
    return bool(
        await Coordinator.insert(row).on_conflict(action="DO NOTHING").returning(Coordinator.id)
    )


async def add_class_teacher(account: int, municipality: int, school_class: int) -> bool:
    """Let an account act for a class; false when it did already."""
    row = ClassTeacher(account=account, municipality=municipality, school_class=school_class)
    return bool(
        await ClassTeacher.insert(row).on_conflict(action="DO NOTHING").returning(ClassTeacher.id)
    )


async def save_language(account: int, language: str) -> None:
    """Store the language of an account's mail."""
    await Account.update({Account.language: language}).where(Account.id == account)


async def get_person(account: int, day: date) -> Person:
    """Return an active account with all it may act for on a day, or raise `NotFoundError`."""
    rows = await Account.raw(
        "WITH live AS (SELECT 0 AS id, a.id AS account, a.language, a.address, 0 AS stale "
        "FROM account a WHERE a.id = {} AND a.active)" + GROUNDS,
        account,
        *grounds_on(day),
    )
    if not rows:
        raise NotFoundError
    return person_of(rows)


GROUNDS = """
    SELECT live.*, 'live' AS kind, 0 AS subject, 0 AS municipality, '' AS owner, '' AS label
    FROM live
    UNION
    SELECT live.*, 'class', c.id, m.id, m.name, c.label
    FROM live JOIN class_teacher t ON t.account = live.account
        JOIN school_class c ON c.id = t.school_class
        JOIN municipality m ON m.id = c.municipality
    WHERE c.active AND c.school_year = {}
    UNION
    SELECT live.*, 'staff', p.id, COALESCE(v.municipality, 0), '',
        CASE WHEN p.protected THEN p.function ELSE p.display_name END
    FROM live JOIN staff_member p ON p.account = live.account
        LEFT JOIN agency_coverage v ON v.agency = p.agency
            AND v.first_on <= {} AND (v.last_on IS NULL OR v.last_on >= {})
    WHERE p.active
    UNION
    SELECT live.*, 'coordinator', m.id, m.id, m.name, ''
    FROM live JOIN coordinator k ON k.account = live.account
        JOIN municipality m ON m.id = k.municipality
    ORDER BY kind, subject, municipality
"""
"""After `WITH live (id, account, language, address, stale)`: one row for the account, and one per
ground for a role and municipality. In raw SQL, since Piccolo has no UNION."""


def grounds_on(day: date) -> tuple[int, date, date]:
    """Return the values that `GROUNDS` asks for."""
    return SchoolYear.of(day).start, day, day


def person_of(rows: list[Row]) -> Person:
    """Return the person whose grounds these are; at least one row."""
    return Person(
        account=rows[0]["account"],
        language=rows[0]["language"],
        classes=_subjects(rows, "class"),
        staff=_subjects(rows, "staff"),
        municipalities=_subjects(rows, "coordinator"),
        scope=tuple(sorted({row["municipality"] for row in rows if row["municipality"]})),
    )


def _subjects(rows: list[Row], kind: str) -> tuple[int, ...]:
    return tuple(sorted({row["subject"] for row in rows if row["kind"] == kind}))
