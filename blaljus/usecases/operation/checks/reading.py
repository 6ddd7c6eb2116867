"""Reads what verify needs: everything stored at one moment, and every letter in the outbox."""

from collections.abc import Callable
from datetime import datetime

from blaljus.ics.reading import event_properties
from blaljus.mail.reading import calendar_of
from blaljus.store.selfcheck import rows as check_rows
from blaljus.store.selfcheck import tables as checks
from blaljus.store.selfcheck.facts import Message
from blaljus.usecases.operation.checks.events import expected_events
from blaljus.usecases.operation.checks.facts import Facts, Finding, ReadLetter
from blaljus.usecases.operation.checks.privacy import Canary

Look = Callable[[Message], list[Finding]]


async def read_facts(now: datetime) -> Facts:
    """Return the facts of this moment, in the caller's read transaction."""
    stored = await checks.read_stored()
    typed = await check_rows.list_typed_texts()
    letters, named = await _letters(Canary(stored, typed).in_message)
    facts = Facts(
        stored,
        now=now,
        letters=letters,
        named=named,
        strays=await check_rows.find_strays(),
        typed=typed,
    )
    facts.expected |= {expected.event.uid: expected for expected in expected_events(facts)}
    return facts


async def _letters(look: Look) -> tuple[list[ReadLetter], list[Finding]]:
    """Return all letters, read; of their texts no more is kept than what `look` finds."""
    letters: list[ReadLetter] = []
    named: list[Finding] = []
    while page := await checks.list_letters(letters[-1].id if letters else 0):
        letters += map(_read, page)
        named += [finding for message in page for finding in look(message)]
    return letters, named


def _read(message: Message) -> ReadLetter:
    calendar = calendar_of(message.mime)
    event = event_properties(calendar) if calendar else None
    uid, version, *_ = [*message.message_id.partition("@")[0].split("."), ""]
    return ReadLetter(
        id=message.id,
        municipality=message.municipality,
        account=message.account,
        method=message.method,
        uid=uid,
        version=version,
        revision=(int(event["SEQUENCE"][1:]), event["DTSTAMP"][1:]) if event else None,
        event=event,
    )
