"""Letters that no municipality could be found for: the operator hands them over or forgets them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import OPERATOR
from blaljus.domain.replies import Doubt, NoCoordinatorError
from blaljus.mail.incoming import subject_of
from blaljus.store import recipients, replies, unowned
from blaljus.store.engine import read_transaction, transactional
from blaljus.store.rows import Changes
from blaljus.usecases.context import Context, record

LISTED = 50
"""Letters told of at a time, the oldest first; of the others only how many they are."""

SUBJECT = 60
"""Characters of a subject: enough to know a letter by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnownedRow:
    """What an operator may know of a letter: never its text, of its sender the domain alone.

    Of somebody protected, as of a letter without a clear sender, domain and subject are empty.
    """

    number: int
    received_at: datetime
    domain: str
    subject: str
    doubts: tuple[Doubt, ...]


async def list_unowned() -> tuple[Sequence[UnownedRow], int]:
    """Return the `LISTED` oldest letters of no municipality, and how many there are."""
    async with read_transaction():
        letters = await unowned.list_letters(LISTED)
        count = await unowned.count_letters()
        senders = {letter.sender for letter in letters if letter.sender}
        _, protected = await recipients.list_protected((), senders)
    return [_row(letter, letter.sender in protected) for letter in letters], count


async def count_unowned() -> int:
    """Return how many letters are of no municipality."""
    async with read_transaction():
        return await unowned.count_letters()


def _row(letter: unowned.UnownedLetter, protected: bool) -> UnownedRow:  # noqa: FBT001 -- private
    sender = "" if protected else letter.sender
    return UnownedRow(
        number=letter.id,
        received_at=letter.received_at,
        domain=sender.rpartition("@")[2],
        subject=_shortened(subject_of(letter.head)) if sender else "",
        doubts=letter.doubts,
    )


def _shortened(subject: str) -> str:
    return subject if len(subject) <= SUBJECT else f"{subject[: SUBJECT - 1]}…"


@transactional
async def give_letter(context: Context, number: int, municipality: int) -> None:
    """Hand a letter to a municipality's coordinators, or raise `NotFoundError`.

    It is found where nobody has decided about it, and it is of no municipality or of a wrong one
    and about nothing there. Raises `NoCoordinatorError` where nobody could read it.
    """
    if not await recipients.has_coordinators(municipality):
        raise NoCoordinatorError
    letter = await unowned.lock_waiting(number)
    if letter.municipality == municipality:
        raise NotFoundError
    version = letter.version
    if letter.municipality is not None:
        version += 1
        subject = ("reply", number)
        await record(context, OPERATOR, letter.municipality, "reply-taken-back", subject, version)
    version += 1
    changes: Changes = {"municipality": municipality, "version": version}
    if await recipients.is_protected(None, letter.sender):
        changes |= {"sender": "", "comment": ""}
    await replies.save_reply(number, changes)
    await record(context, OPERATOR, municipality, "reply-given", ("reply", number), version)


@transactional
async def forget_letters(context: Context, numbers: Collection[int]) -> None:
    """Remove letters that are of no municipality; the log keeps that of each.

    All or none: raises `NotFoundError` with the first `number` that is no such letter.
    """
    for number in sorted(set(numbers)):
        version = await unowned.lock_letter(number) + 1
        await unowned.remove_letter(number)
        await record(context, OPERATOR, None, "reply-forgotten", ("reply", number), version)
