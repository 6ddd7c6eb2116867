"""Who is to come to the slots of a proposal, and what their own calendars say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.agencies import StaffMember
from blaljus.domain.localtime import half_span
from blaljus.domain.own_calendars import BusyTime, overlapping
from blaljus.domain.schools import Venue
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import Half, Service
from blaljus.store import agencies, own_calendars
from blaljus.usecases.runs.proposal import Proposal, ProposedSlot


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who is to stand where; `station` is a partner station's name, else empty."""

    service: Service
    station: str
    member: StaffMember
    perhaps_busy: bool
    """As the person's own calendar says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crews:
    """The people of a proposal, and when their own calendars say that they are busy."""

    staff: Mapping[int, StaffMember]
    busy: Mapping[int, Sequence[BusyTime]]


async def load_crews(proposal: Proposal) -> Crews:
    """Return the people of a proposal: two statements, none without people."""
    people = {staff for slot in proposal.slots for _, staff in slot.crew}
    if not people:
        return Crews(staff={}, busy={})
    days = [slot.day for slot in proposal.slots]
    span = half_span(min(days), Half.FM)[0], half_span(max(days), Half.EM)[1]
    return Crews(
        staff=await agencies.get_staff_members(people),
        busy=await own_calendars.list_busy(people, *span),
    )


def crew_of(
    proposed: ProposedSlot,
    span: tuple[datetime, datetime],
    crews: Crews,
    plan: SeasonPlan,
    venue: Venue,
) -> list[Crew]:
    """Return who is to come to a proposed slot `[start, end)`, by station."""
    found = []
    for position, staff in sorted(proposed.crew):
        promised = position < len(plan.required)
        crew = Crew(
            service=plan.required[position] if promised else Service.PARTNER,
            station="" if promised else venue.partner_station,
            member=crews.staff[staff],
            perhaps_busy=overlapping(crews.busy.get(staff, ()), *span) is True,
        )
        found.append(crew)
    return found
