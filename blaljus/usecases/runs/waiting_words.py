"""The classes that a run leaves without a time, for a terminal: why, and what would help."""

from blaljus.domain.schools import SchoolClass
from blaljus.store import plans, schools
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context
from blaljus.usecases.runs.problem import World, load_world
from blaljus.usecases.runs.proposal import Proposal, as_plan
from blaljus.usecases.runs.why import names_of, why_not
from blaljus.usecases.runs.why_words import REASONS, reason_text, why_lines


async def waiting_lines(
    context: Context, municipality: int, plan_id: int, proposal: Proposal
) -> list[str]:
    """Return the lines, in Swedish; where the facts have changed since, the reasons alone."""
    scope = (municipality,)
    async with read_transaction():
        plan = await plans.get_plan(plan_id, scope)
        world = await load_world(plan, clock=context.clock)
        classes = await schools.get_classes([row.class_id for row in proposal.unplaced], scope)
    return _lines(world, proposal, {c.id: c for c in classes})


def _lines(world: World, proposal: Proposal, classes: dict[int, SchoolClass]) -> list[str]:
    answer, lines = as_plan(proposal, world.problem), list[str]()
    for row in proposal.unplaced:
        name = classes[row.class_id].name
        if answer is None or row.class_id not in answer.unplaced:
            lines.append(f"Utan tid: {name}. {REASONS[row.reason]}")
            continue
        why = why_not(world.problem, answer, row.class_id, names_of(world))
        lines.append(f"Utan tid: {name}. {reason_text(why, 'sv')}")
        lines += [f"  {line}" for line in why_lines(why, "sv")]
    return lines
