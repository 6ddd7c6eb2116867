"""How many letters approving a proposal owes, and to whom."""

from dataclasses import dataclass

from blaljus.domain.words import ACTIVE_ASSIGNMENT
from blaljus.store import assignments, recipients
from blaljus.usecases.runs.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Letters by whom they go to: one for each time that somebody gets or that changes."""

    teachers: int
    asked: int
    """Invitations to people on duty."""
    updated: int
    """To people on duty whose slot gets other classes."""

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.teachers + self.asked + self.updated


async def letters_of(proposal: Proposal, municipality: int) -> Letters:
    """Return what approving a proposal would owe: two statements."""
    placed = [class_id for slot in proposal.slots for class_id in slot.classes]
    teachers = await recipients.teachers_of(placed)
    extended = [slot.fixed for slot in proposal.slots if slot.fixed is not None]
    duties = await assignments.list_assignments(extended, (municipality,))
    return Letters(
        teachers=sum(map(len, teachers.values())),
        asked=sum(len(slot.crew) for slot in proposal.slots),
        updated=sum(duty.state in ACTIVE_ASSIGNMENT for duty in duties),
    )
