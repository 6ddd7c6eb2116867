"""The announced season at the planner's desk: who could come instead, where a class could go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from blaljus.clock import Clock
from blaljus.domain.agencies import StaffMember
from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import Service
from blaljus.planner.advice.repair import Desk
from blaljus.planner.advice.substitutes import Replacement
from blaljus.planner.plan import Plan
from blaljus.planner.problem import FixedSlot, HalfDay, Problem
from blaljus.store import assignments
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context
from blaljus.usecases.days.slot_pages import SlotPage
from blaljus.usecases.runs.problem import World, load_announced

RESERVES = 2
"""Names of those who could step in: a third is hardly ever asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The published slots from tomorrow on, ready for questions."""

    world: World
    desk: Desk

    def fixed(self, slot: Slot) -> FixedSlot | None:
        """Return a slot as the planner knows it; None for those of today and the past."""
        found = [row for row in self.world.problem.fixed if row.venue == slot.venue]
        half_day = self._half_day(slot)
        # Of two slots in one half-day the planner sees the last: nobody asks about the other.
        return next((r for r in found[::-1] if r.half_day == half_day and r.id == slot.id), None)

    def _half_day(self, slot: Slot) -> int | None:
        wanted = HalfDay(local_day(slot.starts_at), half_of(slot.starts_at))
        half_days = self.world.problem.half_days
        return half_days.index(wanted) if wanted in half_days else None

    def replacements(self, slot: Slot, staff: int) -> Sequence[Replacement]:
        """Return who could take a person's place in a slot and why others cannot, fairest first."""
        fixed = self.fixed(slot)
        if fixed is None or staff not in fixed.staff:
            return ()
        return self.desk.replacements(staff, fixed.venue, fixed.half_day)

    def candidates(self, slot: Slot, service: Service) -> Sequence[Replacement]:
        """Return who could take an empty place of a service in a slot, fairest first."""
        fixed = self.fixed(slot)
        return self.desk.candidates(service, fixed.venue, fixed.half_day) if fixed else ()


def nothing_new(problem: Problem) -> Plan:
    """Return the plan that only holds what is published."""
    settled = {class_id for slot in problem.fixed for class_id in slot.classes}
    return Plan(
        sessions=(),
        unplaced=tuple(sorted(c.id for c in problem.classes if c.id not in settled)),
    )


async def load_desk(plan: SeasonPlan, *, clock: Clock) -> Announced:
    """Return the announced season of a plan, in the caller's transaction."""
    world = await load_announced(plan, clock=clock)
    return Announced(world=world, desk=Desk(world.problem, nothing_new(world.problem)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Somebody who could step in; `declined`: who said no to a duty in the slot."""

    member: StaffMember
    declined: bool


async def get_reserves(context: Context, shown: SlotPage) -> Mapping[int, Sequence[Reserve]]:
    """Return who could step in for each person of a slot, by assignment: at most `RESERVES` each.

    Who said no to the slot comes last. Empty for a slot of today or the past. Costs the same
    number of statements for any slot.
    """
    if not shown.may_change:
        return {}
    async with read_transaction():
        announced = await load_desk(shown.plan, clock=context.clock)
        declined = await assignments.declined_by(shown.slot.id, (shown.slot.municipality,))
    if announced.fixed(shown.slot) is None:
        return {}
    return {
        duty.id: _able(announced, shown.slot, duty.staff, declined)
        for post in shown.posts
        for duty, _ in post.duties
    }


def _able(
    announced: Announced, slot: Slot, staff: int, declined: Collection[int]
) -> Sequence[Reserve]:
    found = [row.staff for row in announced.replacements(slot, staff) if row.can]
    found.sort(key=lambda id_: id_ in declined)
    return [
        Reserve(member=announced.world.staff[id_], declined=id_ in declined)
        for id_ in found[:RESERVES]
    ]
