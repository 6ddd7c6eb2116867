"""A letter came in: it is stored whole before anybody looks at it."""

import structlog

from blaljus.clock import Clock
from blaljus.mail.incoming import LARGEST, digest_of
from blaljus.store import replies
from blaljus.store.engine import transactional

log = structlog.get_logger()


async def take_letter(raw: bytes, *, clock: Clock) -> bool:
    """Store a letter as it came, to be judged by the worker; False where it came before.

    Of one larger than `LARGEST` bytes the beginning is kept, and a coordinator is told.
    """
    new = await _store(raw, clock)
    log.info("letter taken", new=new, size=len(raw))
    return new


@transactional
async def _store(raw: bytes, clock: Clock) -> bool:
    kept = raw[: LARGEST + 1]
    return await replies.add_letter(digest_of(raw), kept, now=clock())
