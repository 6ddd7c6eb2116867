"""A proposal in plain lines for a terminal."""

from blaljus.i18n import format_moment
from blaljus.store import agencies, plans, runs, schools
from blaljus.usecases.context import Context
from blaljus.usecases.runs.proposal import read_proposal
from blaljus.usecases.runs.waiting_words import waiting_lines


async def proposal_lines(context: Context, municipality: int, number: int) -> list[str]:
    """Return what a run proposes, a line a slot, and each class without one with its reason."""
    run = await runs.get_run(number, municipality)
    proposal = read_proposal(run.proposal)
    scope = (municipality,)
    plan = await plans.get_plan(run.plan, scope)
    venues = {venue.id: venue.name for venue in await schools.list_venues(scope)}
    wanted = [c for slot in proposal.slots for c in slot.classes]
    classes = {c.id: c.name for c in await schools.get_classes(wanted, scope)}
    staff = await agencies.get_staff_members(
        [person for slot in proposal.slots for _, person in slot.crew]
    )
    lines = []
    for slot in proposal.slots:
        start, end = plan.span(slot.day, slot.half, max(len(slot.crew), 1))
        people = ", ".join(staff[person].shown_as for _, person in slot.crew)
        names = "; ".join(classes[c] for c in slot.classes)
        lines.append(f"{format_moment(start, end, 'sv')}, {venues[slot.venue]}: {names} ({people})")
    lines += await waiting_lines(context, municipality, run.plan, proposal)
    lines.append(f"{proposal.placed} classes placed, {len(proposal.unplaced)} without a time.")
    return lines
