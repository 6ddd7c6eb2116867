"""What ended is forgotten after a month; what lives stays."""

from datetime import timedelta

from factories import Cast, a_key
from feed_steps import opened

from blaljus.domain.words import FeedKind, Service
from blaljus.store import replies
from blaljus.store import tables as t
from blaljus.store.engine import write_transaction
from blaljus.usecases.access.sessions import LIFE
from blaljus.usecases.access.sign_in import Browser, ask_for_link, enter_demo
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import close_feeds
from blaljus.usecases.once import once
from blaljus.usecases.operation.housekeeping import KEEP, KEEP_REPLIES, forget_outdated
from blaljus.usecases.operation.verifying import verify_store

KEPT = (t.SignInLink, t.RateBucket, t.WebSession, t.IdempotencyKey)


async def rows():
    return [await table.count() for table in KEPT]


async def test_what_ended_a_month_ago_is_forgotten_and_nothing_else(cast: Cast, context, clock):
    async def change():
        return {}

    async def use():
        browser = Browser(secret="x")
        await ask_for_link("larare.ek@skola.example", browser, "/", context=context)
        await enter_demo(cast.teacher.account, browser, clock=clock)
        await once(cast.teacher, a_key(), change, clock=clock)

    await use()
    before = await rows()
    clock.advance(KEEP - timedelta(seconds=1))
    await forget_outdated(clock=clock)
    assert await rows() == before == [1, 3, 1, 1]

    clock.advance(LIFE + timedelta(seconds=2))
    await use()
    await forget_outdated(clock=clock)

    assert await rows() == [1, 3, 1, 1]
    assert await t.Account.count() > 0


async def test_an_address_is_forgotten_a_month_after_it_stopped_answering(cast, context, clock):
    staff = cast.staff[Service.POLICE]
    await opened(context, cast.officer, FeedKind.STAFF, staff)
    await close_feeds(context, cast.officer, a_key(), FeedKind.STAFF, staff)
    closed_at = clock()
    token = await opened(context, cast.officer, FeedKind.STAFF, staff)

    clock.set(closed_at + KEEP)
    await forget_outdated(clock=clock)
    assert await t.Feed.count() == 2
    clock.advance(timedelta(seconds=1))
    await forget_outdated(clock=clock)

    assert await t.Feed.count() == 1
    assert (await read_feed(context, token)).body
    assert [finding for _, found in await verify_store() for finding in found] == []


async def test_what_a_reply_said_goes_a_month_after_it_was_settled_the_reply_after_a_year(
    store, clock
):
    async with write_transaction():
        for digest in ("settled", "waiting"):
            await replies.add_letter(digest, b"letter", now=clock())
        settled, waiting = await replies.list_unjudged(9)
        said = {"comment": "Jag kan inte.", "sender": "a@b.example"}
        await replies.save_reply(settled, {**said, "state": "no", "settled_at": clock()})
        await replies.save_reply(waiting, {**said, "state": "waiting"})

    clock.advance(KEEP + timedelta(seconds=1))
    await forget_outdated(clock=clock)
    texts = [await replies.get_letter(number) for number in (settled, waiting)]
    rows = await t.Reply.select(t.Reply.comment, t.Reply.sender).order_by(t.Reply.id)
    clock.advance(KEEP_REPLIES)
    await forget_outdated(clock=clock)

    assert texts == [b"", b"letter"]
    assert [tuple(row.values()) for row in rows] == [("", ""), tuple(said.values())]
    assert await t.Reply.count() == 0
