"""What a stored letter says, read in a thread: parsers and DNS may take their time."""

from dataclasses import dataclass

from blaljus.domain.replies import Doubt, Said, Sender
from blaljus.ics.replies import UnreadableReplyError, read_reply
from blaljus.mail.incoming import LARGEST, LARGEST_CALENDAR, Incoming, decoded, read_incoming
from blaljus.mail.reply_addresses import ReplyAddresses
from blaljus.mail.signatures import Lookup, signed_by, stands_behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A letter with what its calendar says; `trouble` where that could not be read."""

    letter: Incoming
    sender: Sender
    said: Said | None
    trouble: Doubt | None

    @property
    def is_silent(self) -> bool:
        """Return whether no person says anything: reports and automatic answers."""
        return bool(self.letter.report) or (self.letter.automatic and self.said is None)


def read_letter(raw: bytes, addresses: ReplyAddresses | None, lookup: Lookup | None) -> Read:
    """Return what a letter says and who stands behind it; `lookup` asks DNS, None: the real one."""
    letter = read_incoming(raw)
    said, trouble = _calendar(letter)
    if len(raw) > LARGEST:
        said, trouble = None, Doubt.TOO_LARGE
    signed = bool(letter.sender) and stands_behind(signed_by(raw, lookup=lookup), letter.sender)
    sender = _sender(letter, addresses, signed=signed)
    return Read(letter=letter, sender=sender, said=said, trouble=trouble)


def _calendar(letter: Incoming) -> tuple[Said | None, Doubt | None]:
    if letter.calendar is None:
        return None, Doubt.NO_CALENDAR
    if len(letter.calendar) > LARGEST_CALENDAR:
        return None, Doubt.TOO_LARGE
    try:
        return read_reply(decoded(letter.calendar, letter.charset)), None
    except UnreadableReplyError:
        return None, Doubt.UNREADABLE


def _sender(letter: Incoming, addresses: ReplyAddresses | None, *, signed: bool) -> Sender:
    ours = [a for a in letter.recipients if addresses is not None and addresses.is_like_ours(a)]
    known = {addresses.account_in(address) for address in ours} if addresses is not None else set()
    good = known - {None}
    return Sender(
        address=letter.sender,
        signed=signed,
        account=good.pop() if len(good) == 1 else None,
        forged=None in known,
    )
