"""What became of bookings: visits and attendance."""

from collections.abc import Mapping
from datetime import datetime

from blaljus.domain.attendance import AttendanceReport, StationReport
from blaljus.domain.booking import Booking
from blaljus.domain.coverage import Visit
from blaljus.store import tables as t
from blaljus.store.rows import Scope, values, within


async def list_visits(plan: int, scope: Scope) -> list[Visit]:
    """Return the visits of a plan, by id."""
    v = t.Visit
    rows = (
        await v.select(v.booking, v.station, v.state, v.cause)
        .where(within(v.municipality, scope))
        .where(v.booking.plan == plan)
        .order_by(v.id)
    )
    return values(rows, Visit)


async def find_report(booking: Booking) -> AttendanceReport | None:
    """Return what was reported of a booking, or None: not reported is not zero."""
    a, v = t.Attendance, t.Visit
    scope = (booking.municipality,)
    rows = await a.select().where(a.booking == booking.id).where(within(a.municipality, scope))
    if not rows:
        return None
    visits = await v.select().where(v.booking == booking.id).where(within(v.municipality, scope))
    found = values(visits, Visit)
    return AttendanceReport(
        pupils=rows[0]["pupils"],
        adults=rows[0]["adults"],
        stations={x.station: StationReport(state=x.state, cause=x.cause) for x in found},
    )


async def report_version(booking: Booking) -> int:
    """Return the version of what was reported of a booking, 0 where nothing was."""
    a = t.Attendance
    query = a.select(a.version).where(a.booking == booking.id)
    rows = await query.where(within(a.municipality, (booking.municipality,)))
    return int(rows[0]["version"]) if rows else 0


async def reported_bookings(plan: int, scope: Scope) -> set[int]:
    """Return the ids of the bookings of a plan whose attendance was reported."""
    a = t.Attendance
    query = a.select(a.booking).where(within(a.municipality, scope)).where(a.booking.plan == plan)
    return {row["booking"] for row in await query}


async def save_report(
    booking: Booking, report: AttendanceReport, *, account: int, now: datetime
) -> int:
    """Store a report, in place of an earlier one, and return its version."""
    a = t.Attendance
    scope = (booking.municipality,)
    mine = (a.booking == booking.id) & within(a.municipality, scope)
    version = await report_version(booking) + 1
    await a.delete().where(mine)
    await a.insert(
        a(
            municipality=booking.municipality,
            booking=booking.id,
            pupils=report.pupils,
            adults=report.adults,
            reported_at=now,
            reported_by=account,
            version=version,
        )
    )
    await _save_visits(booking, report.stations)
    return version


async def _save_visits(booking: Booking, stations: Mapping[int, StationReport]) -> None:
    v = t.Visit
    scope = (booking.municipality,)
    await v.delete().where(v.booking == booking.id).where(within(v.municipality, scope))
    rows = [
        v(
            municipality=booking.municipality,
            booking=booking.id,
            station=station,
            state=told.state.value,
            cause=told.cause.value if told.cause else None,
            minutes=None,
        )
        for station, told in sorted(stations.items())
    ]
    if rows:
        await v.insert(*rows)
