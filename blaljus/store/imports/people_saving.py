"""Takes over what an import says of agencies, their people and when these can come."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from blaljus.domain.differences import RowsDifference
from blaljus.domain.importing import Span, span_of
from blaljus.domain.imports import AgencyRow, AvailabilityRow, NightRow, StaffRow
from blaljus.store import tables as t
from blaljus.store.accounts import address_key
from blaljus.store.bulk import add_rows, remove_rows, save_rows, select_in
from blaljus.store.nights import set_nights
from blaljus.store.rows import Row

PLACEHOLDER_NAME = "Kommun {code}"
"""What a municipality is called that we know by an agency's area alone, until its own import."""


async def save_agencies(
    difference: RowsDifference[AgencyRow],
    *,
    municipality: int,
    whole: bool,
    first_on: date,
    day: date,
) -> None:
    """Store agencies and whom they serve: from `first_on`, or from `day` if they did before.

    Only service of `municipality` is touched unless `whole`; then municipalities that we do not
    know are made: they have a code, a placeholder for a name, and own nothing.
    """
    if not difference.saved:
        return
    a = t.Agency
    stored = {row["name"].casefold(): row for row in await a.select()}
    pairs = [(stored.get(row.name.casefold()), _columns(row)) for row in difference.saved]
    await save_rows(a, pairs)
    ids = {row["name"].casefold(): row["id"] for row in await a.select(a.id, a.name)}
    codes = {code for row in difference.saved for code in row.municipality_codes}
    served = await _municipality_ids(codes) if whole else {}
    wanted = {
        ids[row.name.casefold()]: {
            served.get(code, municipality) for code in row.municipality_codes
        }
        for row in difference.saved
    }
    await _save_coverage(wanted, None if whole else municipality, first_on, day)


def _columns(row: AgencyRow) -> Row:
    return {"name": row.name, "provides": row.service.value, "address": row.address}


async def _municipality_ids(codes: Collection[str]) -> dict[str, int]:
    m = t.Municipality
    known = {row["code"] for row in await m.select(m.code)}
    await add_rows(
        [m(code=c, name=PLACEHOLDER_NAME.format(code=c)) for c in sorted({*codes} - known)],
        keep_existing=True,
    )
    return {row["code"]: row["id"] for row in await m.select(m.id, m.code)}


async def _save_coverage(
    wanted: dict[int, set[int]], only: int | None, first_on: date, day: date
) -> None:
    """Begin and end service; `wanted` holds the municipalities of each agency from `day` on."""
    c = t.AgencyCoverage
    rows = await select_in(c.select, c.agency, wanted)
    if only is not None:
        rows = [row for row in rows if row["municipality"] == only]
    before: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        before[row["agency"], row["municipality"]].append(row)
    held = {pair for pair, found in before.items() if any(_holds(row, day) for row in found)}
    pairs = {(agency, m) for agency, places in wanted.items() for m in places}
    await _end([row for row in rows if _holds(row, day) and _pair(row) not in pairs], day)
    await add_rows(
        [
            c(
                agency=a,
                municipality=m,
                first_on=day if (a, m) in before else first_on,
                last_on=None,
            )
            for a, m in sorted(pairs - held)
        ]
    )


def _pair(row: Row) -> tuple[int, int]:
    return row["agency"], row["municipality"]


def _holds(row: Row, day: date) -> bool:
    ended: bool = row["last_on"] is not None and row["last_on"] < day
    return row["first_on"] <= day and not ended


async def _end(rows: Iterable[Row], day: date) -> None:
    """Let service end the day before; what began on the day itself never was."""
    c = t.AgencyCoverage
    old = [row for row in rows if row["first_on"] < day]
    last_on = day - timedelta(days=1)
    columns = ("agency", "municipality", "first_on")
    await save_rows(
        c, [(row, {name: row[name] for name in columns} | {"last_on": last_on}) for row in old]
    )
    await remove_rows(c, [row["id"] for row in rows if row["first_on"] >= day])


async def save_staff(difference: RowsDifference[StaffRow], accounts: dict[str, int]) -> None:
    """Store people with their accounts (ids by address key); who was inactive is active again."""
    if not difference.saved:
        return
    a, s = t.Agency, t.StaffMember
    agencies = {row["name"].casefold(): row["id"] for row in await a.select(a.id, a.name)}
    stored = await _staff_rows()
    await save_rows(
        s,
        [
            (
                stored.get(row.ref.casefold()),
                {
                    "agency": agencies[row.agency.casefold()],
                    "account": accounts[address_key(row.address)],
                    "reference": row.ref,
                    "display_name": row.display_name,
                    "function": row.function,
                    "protected": row.protected,
                    "active": True,
                    **({} if row.languages is None else {"languages": ",".join(row.languages)}),
                },
            )
            for row in difference.saved
        ],
    )


async def _staff_rows() -> dict[str, Row]:
    s = t.StaffMember
    return {r["reference"].casefold(): r for r in await s.select(s.id, s.reference, s.version)}


async def save_availability(difference: RowsDifference[AvailabilityRow]) -> None:
    """Store what people say of half-days, and forget what they no longer say."""
    touched = [*difference.saved, *difference.removed]
    span = span_of(touched)
    if span is None:
        return
    a = t.Availability
    staff = {ref: row["id"] for ref, row in (await _staff_rows()).items()}
    stored = await _availability_rows(span, staff)
    gone = [stored[_half_day(row, staff)]["id"] for row in difference.removed]
    await remove_rows(a, gone)
    await save_rows(
        a,
        [
            (
                stored.get(_half_day(row, staff)),
                {
                    "staff": staff[row.staff_ref.casefold()],
                    "day": row.day,
                    "half": row.half.value,
                    "state": row.state.value,
                },
            )
            for row in difference.saved
        ],
    )


async def save_nights(difference: RowsDifference[NightRow]) -> None:
    """Store nights of people, and forget those that are no longer there."""
    if difference.is_empty:
        return
    staff = {ref: row["id"] for ref, row in (await _staff_rows()).items()}
    nights: dict[int, dict[date, bool]] = defaultdict(dict)
    for night, rows in ((True, difference.added), (False, difference.removed)):
        for row in rows:
            nights[staff[row.staff_ref.casefold()]][row.day] = night
    for person in sorted(nights):
        await set_nights(person, nights[person])


def _half_day(row: AvailabilityRow, staff: dict[str, int]) -> tuple[int, date, str]:
    return staff[row.staff_ref.casefold()], row.day, row.half.value


async def _availability_rows(span: Span, staff: dict[str, int]) -> dict[tuple[int, date, str], Row]:
    a = t.Availability
    days = (a.day >= span.first_on) & (a.day <= span.last_on)
    ids = [staff[ref] for ref in span.staff_refs]
    rows = await select_in(lambda: a.select().where(days), a.staff, ids)
    return {(row["staff"], row["day"], row["half"]): row for row in rows}
