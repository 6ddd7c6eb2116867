"""Reminders as a coordinator decides them in a browser."""

import html
import re
from datetime import timedelta
from email import message_from_string
from email.policy import SMTP

import pytest
from booking_steps import booked_by
from factories import stored_slot

from blaljus.domain.reminders import USUAL, ReminderKind
from blaljus.store import outbox, reminders
from blaljus.usecases.letters.reminding import remind_due

HOME = "/samordnare/paminnelser"


@pytest.fixture
async def browser(sign_in, cast):
    return await sign_in(cast.coordinator)


async def stored(cast):
    rules = await reminders.list_rules(cast.plan.id, (cast.municipality.id,))
    return {rule.kind: rule for rule in rules}


async def test_days_hours_and_the_switch_are_saved(browser, cast):
    page = await browser.get(HOME)
    typed = {"days_class_soon": "10, 3,1", "at_class_soon": "9.30", "on_duty_soon": []}

    done = await browser.follow(await browser.send_form(page, HOME, typed))

    assert "Påminnelserna är sparade." in done.text
    rules = await stored(cast)
    assert (rules[ReminderKind.CLASS_SOON].days, rules[ReminderKind.CLASS_SOON].at_minute) == (
        (10, 3, 1),
        570,
    )
    assert not rules[ReminderKind.DUTY_SOON].enabled
    assert rules[ReminderKind.NOT_BOOKED] == USUAL[ReminderKind.NOT_BOOKED]
    assert 'value="10, 3, 1"' in done.text


@pytest.mark.parametrize("days", ["", "sju", "7, 61", "1, 2, 3, 4", "-1"])
async def test_days_that_are_none_are_said_and_kept(browser, cast, days):
    page = await browser.get(HOME)

    wrong = await browser.send_form(page, HOME, {"days_class_soon": days})

    assert wrong.status_code == 422
    assert "Skriv en till tre dagar från 0 till 60" in wrong.text
    assert f'value="{days}"' in wrong.text
    assert await stored(cast) == {}


async def test_hours_of_the_night_are_refused_and_an_older_page_too(browser, cast):
    page = await browser.get(HOME)

    night = await browser.send_form(page, HOME, {"at_not_booked": "18.00"})
    await browser.send_form(page, HOME, {"key": "a" * 20})
    stale = await browser.send_form(page, HOME, {"key": "b" * 20, "days_class_soon": "4"})

    assert (night.status_code, "Skriv en tid från 7.00 till 17.00" in night.text) == (422, True)
    assert (stale.status_code, 'value="4"' in stale.text) == (409, True)


async def test_what_will_go_out_can_be_read_before(sign_in, cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    clock.set(slot.starts_at - timedelta(days=9))
    browser = await sign_in(cast.coordinator)
    page = await browser.get(HOME)
    (link,) = set(re.findall(rf'href="({HOME}/brev[^"]*class-soon[^"]*)"', page.text))

    shown = await browser.get(html.unescape(link))
    gone = "slag=class-soon&om=booking%3A987"
    assert (await browser.get(f"{HOME}/brev?{gone}")).status_code == 404
    clock.set(slot.starts_at - timedelta(days=6))
    await remind_due(context)

    sent = await outbox.list_messages((cast.municipality.id,), limit=9)
    (reminder,) = [
        m for m in sent if m.method == "reminder" and cast.school_class.label in m.subject
    ]
    text = message_from_string(reminder.mime, policy=SMTP).get_body(("plain",)).get_content()
    assert reminder.subject in html.unescape(shown.text)
    for line in filter(None, text.splitlines()):
        assert line.replace("https:", "http:") in html.unescape(shown.text)
