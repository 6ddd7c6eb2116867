"""What is forgotten by itself: what ended (ways in, forms, addresses, busy times), and letters."""

from datetime import timedelta

from blaljus.clock import Clock
from blaljus.store import feeds, once, own_calendars, replies, sessions, sign_in, undelivered
from blaljus.store.engine import transactional

KEEP = timedelta(days=30)
"""Long enough to look into a question of last month; nobody comes back to a form after that."""


KEEP_REPLIES = timedelta(days=400)
"""A school year and a month: that somebody answered, without what was written."""

QUIET = timedelta(days=5)
"""Mail servers give a letter up after five days at most (RFC 5321 4.5.4.1); then it got through."""


@transactional
async def forget_outdated(*, clock: Clock) -> None:
    """Remove what ended 30 days ago: links, buckets, sessions, form keys, calendar addresses.

    What replies said goes 30 days after they were settled, the replies after `KEEP_REPLIES`.
    Of people's own calendars busy times go when they are over, all of it when they have left.
    Statistics and the audit log are untouched. Safe to run at any time, as often as one likes.
    """
    before = clock() - KEEP
    await sign_in.remove_outdated(before=before)
    await sessions.remove_outdated(before=before)
    await once.remove_outdated(before=before)
    await feeds.remove_outdated(before=before)
    await replies.empty_letters(before=before)
    await replies.remove_outdated(before=clock() - KEEP_REPLIES)
    await undelivered.clear_silent(before=clock() - QUIET)
    await own_calendars.remove_outdated(now=clock())
