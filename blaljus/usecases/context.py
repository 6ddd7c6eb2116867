"""What every use case that tells people something needs to know of its surroundings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import randbelow
from uuid import uuid4

from blaljus.clock import Clock
from blaljus.mail.reply_addresses import ReplyAddresses
from blaljus.settings import Settings
from blaljus.store.audit import add_entry
from blaljus.usecases.changing import in_the_making


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The clock, and how the product presents itself: addresses without a trailing slash."""

    clock: Clock
    base_url: str
    sender_name: str
    sender_address: str
    mail_domain: str
    replies: ReplyAddresses | None = None
    """Makes each recipient's own reply address; without it nobody reads replies."""
    random_below: Callable[[int], int] = randbelow
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Keys of what is sealed in the database, the newest first."""
    loopback_calendars: bool = False
    """Whether people's own calendars may be fetched from this machine: in tests and demos."""

    def url(self, path: str) -> str:
        """Return a page's full address; `path` starts with a slash."""
        return self.base_url + path

    def address_for(self, account: int) -> str:
        """Return who an account's letters and invitations are from."""
        return self.replies.of(account) if self.replies else self.sender_address

    def new_uid(self) -> str:
        """Return a new iCalendar UID."""
        return f"{uuid4()}@{self.mail_domain}"

    def new_booking_number(self) -> int:
        """Return six random digits that do not start with zero."""
        lowest, count = 100_000, 900_000
        return lowest + self.random_below(count)


def context_of(settings: Settings, clock: Clock) -> Context:
    """Return the context of a running product."""
    return Context(
        clock=clock,
        base_url=settings.base_url,
        sender_name="Blåljusdagar",
        sender_address=settings.mail_from,
        mail_domain=settings.mail_domain,
        replies=_replies(settings),
        secrets=settings.secrets,
        loopback_calendars=settings.loopback_calendars,
    )


def _replies(settings: Settings) -> ReplyAddresses | None:
    if settings.reply_address is None:
        return None
    return ReplyAddresses(pattern=settings.reply_address, keys=settings.secrets)


async def record(
    context: Context,
    actor: str,
    municipality: int | None,
    action: str,
    subject: tuple[str, int],
    version: int,
    **data: object,
) -> None:
    """Write the audit row of a change, in the change's own transaction.

    What no municipality owns (agencies and their staff) has a chain of its own: None.
    """
    facts: Mapping[str, object] = data
    if change := in_the_making():
        change.actions.append(action)
    await add_entry(
        municipality,
        at=context.clock(),
        actor=actor,
        action=action,
        subject=f"{subject[0]}:{subject[1]}",
        version=version,
        data=facts,
    )
