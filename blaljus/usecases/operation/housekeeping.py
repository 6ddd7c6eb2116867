"""What is forgotten by itself: ways in, sessions and form keys that ended."""

from datetime import timedelta

from blaljus.clock import Clock
from blaljus.store import once, sessions, sign_in
from blaljus.store.engine import transactional

KEEP = timedelta(days=30)
"""Long enough to look into a question of last month; nobody comes back to a form after that."""


@transactional
async def forget_outdated(*, clock: Clock) -> None:
    """Remove links, rate buckets, sessions and form keys that ended or were made 30 days ago.

    Statistics and the audit log are untouched. Safe to run at any time, as often as one likes.
    """
    before = clock() - KEEP
    await sign_in.remove_outdated(before=before)
    await sessions.remove_outdated(before=before)
    await once.remove_outdated(before=before)
