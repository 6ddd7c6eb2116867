"""Letters that no municipality could be found for: the operator hands them over or forgets them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.people import OPERATOR
from blaljus.domain.replies import Doubt
from blaljus.mail.incoming import subject_of
from blaljus.store import replies, unowned
from blaljus.store.engine import read_transaction, transactional
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
    return [_row(letter) for letter in letters], count


async def count_unowned() -> int:
    """Return how many letters are of no municipality."""
    async with read_transaction():
        return await unowned.count_letters()


def _row(letter: unowned.UnownedLetter) -> UnownedRow:
    return UnownedRow(
        number=letter.id,
        received_at=letter.received_at,
        domain=letter.sender.rpartition("@")[2],
        subject=_shortened(subject_of(letter.head)) if letter.sender else "",
        doubts=letter.doubts,
    )


def _shortened(subject: str) -> str:
    return subject if len(subject) <= SUBJECT else f"{subject[: SUBJECT - 1]}…"


@transactional
async def give_letter(context: Context, number: int, municipality: int) -> None:
    """Hand a letter to a municipality's coordinators, or raise `NotFoundError`.

    It is found where it is of no municipality and nobody has decided about it.
    """
    version = await unowned.lock_letter(number) + 1
    await replies.save_reply(number, {"municipality": municipality, "version": version})
    await record(context, OPERATOR, municipality, "reply-given", ("reply", number), version)


@transactional
async def forget_letter(context: Context, number: int) -> None:
    """Remove a letter that is of no municipality, or raise `NotFoundError`; the log keeps that."""
    version = await unowned.lock_letter(number) + 1
    await unowned.remove_letter(number)
    await record(context, OPERATOR, None, "reply-forgotten", ("reply", number), version)
