"""A form acts once: a second click, or a repeat after a lost answer, gets the first answer."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from blaljus.clock import Clock, system_clock
from blaljus.domain.errors import BlaljusError, BusyError
from blaljus.domain.people import Person
from blaljus.store import once as store
from blaljus.store.engine import transactional
from blaljus.usecases.changing import as_change

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")

Outcome = dict[str, Any]
"""What a change answers: JSON-able, without names and addresses."""


class KeyReusedError(BlaljusError):
    """The key of this form was used for another content; nothing was changed."""

    code = "key-reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormKey:
    """The hidden key of one form on one page, and a hash of where it went and what it held."""

    key: str
    body_hash: str

    @staticmethod
    def is_key(text: str) -> bool:
        """Return whether a text can be a key: 16-64 letters, digits, `-` and `_`."""
        return _KEY.fullmatch(text) is not None


def hash_of(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the hash that tells one form's content from another's."""
    return sha256(msgspec.json.encode([path, list(pairs)])).hexdigest()


async def once(
    person: Person,
    key: FormKey,
    change: Callable[[], Awaitable[Outcome]],
    *,
    clock: Clock = system_clock,
) -> Outcome:
    """Run `change` in one write transaction, or return what it answered the first time.

    A `BlaljusError` of `change` undoes everything and is raised again on every repeat; but
    `BusyError` is not kept, so that the same form may be sent again. Raises `KeyReusedError` for
    another content under the same key. `change` opens no transaction of its own, and may run
    again when the database asks for a retry.
    """
    try:
        answer = await _claimed(person, key, change, clock)
    except (BusyError, KeyReusedError):
        raise
    except BlaljusError as refusal:
        answer = await _refused(person, key, refusal, clock)
    return _opened(answer, key)


@transactional
async def _claimed(
    person: Person, key: FormKey, change: Callable[[], Awaitable[Outcome]], clock: Clock
) -> store.StoredAnswer:
    if not await store.claim_key(person.account, key.key, key.body_hash, now=clock()):
        return await _stored(person, key)
    packed = _packed({"done": await as_change(change)})
    await store.save_outcome(person.account, key.key, packed)
    return store.StoredAnswer(request_hash=key.body_hash, outcome=packed)


@transactional
async def _refused(
    person: Person, key: FormKey, refusal: BlaljusError, clock: Clock
) -> store.StoredAnswer:
    answer = store.StoredAnswer(
        request_hash=key.body_hash,
        outcome=_packed({"refused": refusal.code, "data": refusal.data}),
    )
    if await store.add_answer(person.account, key.key, answer, now=clock()):
        return answer
    # The other click got through between our undoing and now: one answer holds for both.
    return await _stored(person, key)


async def _stored(person: Person, key: FormKey) -> store.StoredAnswer:
    stored = await store.find_answer(person.account, key.key)
    assert stored is not None, "a used key has its row"  # noqa: S101 -- rows are not removed while in use
    return stored


def _packed(outcome: Outcome) -> str:
    return msgspec.json.encode(outcome).decode()


def _opened(answer: store.StoredAnswer, key: FormKey) -> Outcome:
    if answer.request_hash != key.body_hash:
        raise KeyReusedError
    outcome: Outcome = msgspec.json.decode(answer.outcome)
    if "refused" in outcome:
        raise error_named(outcome["refused"])(**outcome["data"])
    done: Outcome = outcome["done"]
    return done


def error_named(code: str) -> type[BlaljusError]:
    """Return the error class with a code; an unknown code is a bug."""
    return next(found for found in _errors(BlaljusError) if found.__dict__.get("code") == code)


def _errors(base: type[BlaljusError]) -> Iterable[type[BlaljusError]]:
    for error in base.__subclasses__():
        yield error
        yield from _errors(error)
