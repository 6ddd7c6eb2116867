"""A station to fill, or a person to replace: who could come, and why the others cannot."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from blaljus.domain.agencies import StaffMember
from blaljus.domain.localtime import half_span, halves_of
from blaljus.domain.own_calendars import busy_halves, overlapping
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import OVERRIDABLE, Assignment, StaffingRefusal
from blaljus.planner.advice.substitutes import Bar, Merit, Replacement
from blaljus.store import assignments, own_calendars
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context
from blaljus.usecases.days.slot_pages import Post, SlotPage, get_slot_page
from blaljus.usecases.people.candidates import list_candidates
from blaljus.usecases.repair.desk import load_desk

_SAID_ALREADY = {
    Bar.ALREADY_THERE: None,
    Bar.OUTSIDE_AREA: StaffingRefusal.NOT_SERVING,
    Bar.NOT_FREE: StaffingRefusal.NOT_AVAILABLE,
    Bar.ON_CALL: StaffingRefusal.ON_CALL,
    Bar.RESTING: StaffingRefusal.RESTING,
    Bar.BUSY: StaffingRefusal.ELSEWHERE,
}
"""What the planner has against somebody in the words of staffing; None is never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who might take a station: duties so far this year, and every reason against.

    `reasons` are what staffing refuses; `bars` what the planner would not do, but a coordinator
    may; `merits` what else speaks for the person.
    """

    member: StaffMember
    duties: int
    reasons: Sequence[StaffingRefusal]
    bars: Sequence[Bar] = ()
    merits: Sequence[Merit] = ()
    perhaps_busy: bool = False
    """The person's own calendar says TENTATIVE of the time."""
    declined: bool = False
    """The person said no to a duty in this very slot, and may be asked again."""

    @property
    def can(self) -> bool:
        """Return whether nothing speaks against the person."""
        return not self.reasons and not self.bars

    @property
    def may_ask(self) -> bool:
        """Return whether a coordinator may set aside what speaks against the person."""
        return not self.can and set(self.reasons) <= set(OVERRIDABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingPage:
    """A station to fill; `replaced` is who is there now, if one is to be replaced."""

    slot: Slot
    station: Station
    replaced: tuple[Assignment, StaffMember] | None
    candidates: Sequence[Candidate]

    def candidate(self, staff: int) -> Candidate | None:
        """Return one of the candidates, if the person is one."""
        return next((row for row in self.candidates if row.member.id == staff), None)


async def get_staffing_page(
    context: Context, person: Person, slot_id: int, station_id: int, replaced: int | None
) -> StaffingPage:
    """Return who could take a station: who can before the others, then who has fewest duties.

    Of as many, who is out that day anyway; who said no to the slot comes last. Costs the same
    number of statements for any number of people; raises `NotFoundError`.
    """
    page = await get_slot_page(context, person, slot_id)
    async with read_transaction():
        found = await list_candidates(context, person, slot_id, station_id)
        duties = await assignments.list_plan_assignments(page.plan.id, (page.slot.municipality,))
        calendars = await _calendars(page.slot, [member.id for member, _ in found])
        declined = await assignments.declined_by(slot_id, (page.slot.municipality,))
    post = next(post for post in page.posts if post.station.id == station_id)
    instead = next((row for row in post.duties if row[0].id == replaced), None)
    judged = await _judged(context, page, post, instead)
    load, here = Counter(duty.staff for duty in duties), {duty.staff for duty, _ in post.duties}
    rows = [
        replace(
            _candidate(member, load[member.id], reasons, judged.get(member.id), calendars),
            declined=member.id in declined,
        )
        for member, reasons in found
        if member.id not in here
    ]
    return StaffingPage(
        slot=page.slot,
        station=post.station,
        replaced=instead,
        candidates=sorted(rows, key=_fairness),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendars:
    """People whose own calendars say perhaps of a slot, or firmly busy of its half-days."""

    perhaps: Collection[int]
    half_taken: Collection[int]


async def _calendars(slot: Slot, staff: Collection[int]) -> _Calendars:
    halves = halves_of(slot.starts_at, slot.ends_at)
    first, last = half_span(*halves[0])[0], half_span(*halves[-1])[1]
    first, last = min(first, slot.starts_at), max(last, slot.ends_at)
    busy = await own_calendars.list_busy(staff, first, last)
    return _Calendars(
        perhaps={s for s in busy if overlapping(busy[s], slot.starts_at, slot.ends_at)},
        half_taken={s for s in busy if not all(busy_halves(busy[s]).values())},
    )


async def _judged(
    context: Context, page: SlotPage, post: Post, instead: tuple[Assignment, StaffMember] | None
) -> Mapping[int, Replacement]:
    """Return what the planner says of each person; of a slot of today it says nothing."""
    async with read_transaction():
        announced = await load_desk(page.plan, clock=context.clock)
    if instead is None:
        rows = announced.candidates(page.slot, post.station.provides)
    else:
        rows = announced.replacements(page.slot, instead[0].staff)
    return {row.staff: row for row in rows}


def _candidate(
    member: StaffMember,
    duties: int,
    reasons: Sequence[StaffingRefusal],
    judged: Replacement | None,
    calendars: _Calendars,
) -> Candidate:
    bars = judged.bars if judged else ()
    # The planner knows half-days alone; whether the slot itself is taken stands in `reasons`.
    known = [StaffingRefusal.NOT_AVAILABLE] if member.id in calendars.half_taken else []
    return Candidate(
        member=member,
        duties=duties,
        reasons=reasons,
        bars=[bar for bar in bars if _SAID_ALREADY.get(bar, bar) not in (None, *reasons, *known)],
        merits=judged.merits if judged else (),
        perhaps_busy=member.id in calendars.perhaps,
    )


def _fairness(row: Candidate) -> tuple[bool, bool, int, int, bool, str]:
    against = len(row.reasons) + len(row.bars) + row.perhaps_busy
    out = Merit.OUT_THAT_DAY in row.merits
    never = not row.may_ask and not row.can
    return never, row.declined, against, row.duties, not out, row.member.reference
