"""A proposal in plain lines for a terminal."""

from blaljus.i18n import format_moment
from blaljus.store import agencies, plans, runs, schools
from blaljus.usecases.proposal import read_proposal


async def proposal_lines(municipality: int, number: int) -> list[str]:
    """Return what a run proposes, a line a slot, and each class without one with its reason."""
    run = await runs.get_run(number, municipality)
    proposal = read_proposal(run.proposal)
    scope = (municipality,)
    plan = await plans.get_plan(run.plan, scope)
    venues = {venue.id: venue.name for venue in await schools.list_venues(scope)}
    wanted = [c for slot in proposal.slots for c in slot.classes]
    wanted += [row.class_id for row in proposal.unplaced]
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
    lines += [f"Utan tid: {classes[row.class_id]} ({row.reason})" for row in proposal.unplaced]
    lines.append(f"{proposal.placed} classes placed, {len(proposal.unplaced)} without a time.")
    return lines
