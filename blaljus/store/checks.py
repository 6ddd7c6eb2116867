"""Whole tables for the self-check: every municipality, so no scope. Used by nothing else."""

from blaljus.store import tables as t
from blaljus.store.rows import Row


async def all_plans() -> list[Row]:
    """Return (id, municipality, school_year) of every plan."""
    p = t.Plan
    return await p.select(p.id, p.municipality, p.school_year).order_by(p.id)


async def all_claims() -> list[Row]:
    """Return (staff, bucket, assignment) of every claim."""
    c = t.StaffClaim
    return await c.select(c.staff, c.bucket, c.assignment).order_by(c.id)


async def all_active_duties(states: list[str]) -> list[Row]:
    """Return assignments in some states with their slot's times."""
    a = t.Assignment
    return (
        await a.select(
            a.id,
            a.staff,
            a.override_reason,
            a.uid,
            a.station.on_call_allowed.as_alias("on_call_allowed"),
            a.slot.starts_at.as_alias("starts_at"),
            a.slot.ends_at.as_alias("ends_at"),
        )
        .where(a.state.is_in(states))
        .order_by(a.staff, a.slot.starts_at)
    )


async def all_versions() -> list[tuple[str, int]]:
    """Return (`booking:12`, version) of everything whose every change is audited."""
    found: list[tuple[str, int]] = []
    for name, table in (("booking", t.Booking), ("assignment", t.Assignment)):
        rows = await table.select("id", "version").order_by("id")
        found += [(f"{name}:{row['id']}", row["version"]) for row in rows]
    return found


async def audited_versions() -> dict[str, int]:
    """Return the highest audited version of each subject."""
    a = t.AuditEntry
    found: dict[str, int] = {}
    for row in await a.select(a.subject, a.version).order_by(a.id):
        found[row["subject"]] = max(found.get(row["subject"], 0), row["version"])
    return found


async def owed_subjects() -> set[str]:
    """Return the UID part of every Message-ID in the outbox."""
    o = t.OutboxMessage
    return {row["message_id"].partition(".")[0] for row in await o.select(o.message_id)}
