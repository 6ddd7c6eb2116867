"""Strangers who ask for somebody's letters keep nobody out of the own browser."""

import re
from datetime import timedelta
from email import message_from_string, policy

from blaljus.store import tables as t
from blaljus.usecases.access.sessions import LIFE

TEACHER = "larare.ek@skola.example"


async def ask(browser, address=TEACHER):
    page = await browser.get("/logga-in")
    return await browser.send_form(page, "/logga-in", {"address": address})


async def signed_in(browser):
    """Come in by the newest letter."""
    row = await t.OutboxMessage.select().order_by(t.OutboxMessage.id, ascending=False).first()
    text = message_from_string(row["mime"], policy=policy.default).get_body(("plain",))
    link = re.search(r"/in/[\w-]+", text.get_content())[0]
    inside = await browser.send_form(await browser.get(link), link)
    assert inside.status_code == 303
    return inside


async def test_the_cookie_outlives_its_session_by_two_weeks_and_lets_nobody_in(cast, visit, clock):
    own = visit()
    await ask(own)
    answer = await signed_in(own)

    age = int(re.search(r"Max-Age=(\d+)", answer.headers["set-cookie"])[1])
    assert timedelta(seconds=age) == LIFE + timedelta(days=14)
    clock.advance(LIFE)
    assert (await own.get("/konto")).status_code == 303


async def test_a_teacher_whose_session_ended_gets_a_letter_while_a_pupil_asks_for_more(
    cast, visit, clock
):
    own, pupil = visit(), visit()
    await ask(own)
    await signed_in(own)
    clock.advance(timedelta(days=2))
    assert (await own.get("/konto")).status_code == 303
    while (await ask(pupil)).status_code == 303:
        pass

    assert (await ask(visit())).status_code == 429
    assert (await ask(own)).status_code == 303

    await signed_in(own)
    assert (await own.get("/konto")).status_code == 200
