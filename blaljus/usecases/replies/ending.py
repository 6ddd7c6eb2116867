"""Another time was proposed for what has changed since: the proposal waits no more."""

from blaljus.domain.booking import Booking
from blaljus.domain.staffing import Assignment
from blaljus.store import proposals
from blaljus.usecases.context import Context, record


async def end_proposals(context: Context, actor: str, item: Assignment | Booking) -> None:
    """Let times proposed for a duty or booking wait no more, since it was just moved or ended.

    In the change's own transaction.
    """
    about = {"assignment" if isinstance(item, Assignment) else "booking": item.id}
    for row in await proposals.end_proposals(item.municipality, **about, now=context.clock()):
        subject = ("reply", row["id"])
        await record(
            context, actor, item.municipality, "time-proposal-ended", subject, row["version"]
        )
