"""Another time that was proposed waits until a coordinator decides, or what it is about changes."""

import asyncio
from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.errors import StaleError
from blaljus.domain.replies import ReplyState
from blaljus.domain.words import CancelCause, Half, Service
from blaljus.store import replies, slots
from blaljus.store import tables as t
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.people.staffing import assign_person, withdraw_person
from blaljus.usecases.replies.deciding import decide
from blaljus.usecases.replies.proposing import withdraw_for_duty

TYPED = {"day": "2027-03-18", "half": "em", "comment": "Hellre på torsdagen."}


@pytest.fixture
async def proposed(sign_in, cast, context):
    """An officer and a teacher propose another time each; return the duty and the booking."""
    slot = await stored_slot(cast.plan, cast.venue)
    (station, *_) = await slots.list_stations([slot.id])
    place = {"slot_id": slot.id, "station_id": station.id}
    police = cast.staff[Service.POLICE]
    duty = await assign_person(context, cast.coordinator, a_key(), **place, staff_id=police)
    number = await booked_by(context, cast.coordinator, cast.school_class, slot)
    await propose(await sign_in(cast.officer), f"/personal/uppdrag/{duty}")
    await propose(await sign_in(cast.teacher), f"/boka/{number}")
    return duty, number


async def propose(browser, at):
    """Propose a time for what a page is about."""
    await browser.send_form(await browser.get(f"{at}/foresla"), f"{at}/foresla", TYPED)


async def listed(cast, state):
    """Return the replies in a state."""
    return await replies.list_replies((cast.municipality.id,), [state], limit=9)


def decided_on(context, cast, reply, decision):
    """Decide about a reply as it is."""
    given = {"reply_id": reply.id, "decision": decision, "version": reply.version}
    return decide(context, cast.coordinator, a_key(), **given)


async def ended(context, cast, proposed):
    """Let what the proposals are about end."""
    duty, number = proposed
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty)
    await cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)


async def test_a_proposal_ends_with_what_it_is_about(sign_in, cast, context, proposed):
    coordinator = await sign_in(cast.coordinator)
    stale = await coordinator.get("/samordnare/svar")
    left = {"reply": (await listed(cast, ReplyState.WAITING))[0].id, "decision": "left"}

    await ended(context, cast, proposed)

    assert await listed(cast, ReplyState.WAITING) == []
    shown = await coordinator.get("/samordnare/svar")
    assert "Inget väntar" in shown.text
    assert shown.text.count("Tiden har ändrats sedan dess") == 2
    late = await coordinator.send_form(stale, "/samordnare/svar", left)
    assert late.status_code == 409
    assert "Inget är ändrat: svaret är redan avgjort" in late.text
    assert "Tiden har ändrats sedan dess" in late.text
    rows = await t.AuditEntry.select(t.AuditEntry.actor).where(
        t.AuditEntry.action == "time-proposal-ended"
    )
    assert {row["actor"] for row in rows} == {cast.coordinator.actor, cast.teacher.actor}


async def test_a_class_that_moves_needs_no_proposal_more(sign_in, cast, context, proposed):
    duty, number = proposed
    other = await stored_slot(cast.plan, cast.venue, half=Half.EM)

    await booked_by(context, cast.teacher, cast.school_class, other)

    assert [reply.assignment for reply in await listed(cast, ReplyState.WAITING)] == [duty]
    page = await (await sign_in(cast.teacher)).get(f"/boka/{number}")
    assert "En annan tid är föreslagen" not in page.text


async def test_who_proposed_is_told_once_that_the_time_stands(sign_in, cast, proposed):
    coordinator, path = await sign_in(cast.coordinator), "/samordnare/svar"

    for decision in ("left", "waiting", "left"):
        state = ReplyState.LEFT if decision == "waiting" else ReplyState.WAITING
        for reply in await listed(cast, state):
            page = await coordinator.get(path)
            sent = {"reply": reply.id, "decision": decision, "version": reply.version}
            done = await coordinator.follow(await coordinator.send_form(page, path, sent))
            if decision == "left":
                assert "Den som föreslog en annan tid får veta det." in done.text

    letters = await t.OutboxMessage.select(t.OutboxMessage.account, t.OutboxMessage.subject).where(
        t.OutboxMessage.subject.like("Tiden står kvar%")
    )
    assert {row["account"] for row in letters} == {cast.officer.account, cast.teacher.account}
    assert len(letters) == 2


async def test_of_a_decision_and_an_end_at_once_one_comes_first(sign_in, cast, context, proposed):
    duty, _ = proposed
    officer = await sign_in(cast.officer)
    for _ in range(4):
        await propose(officer, f"/personal/uppdrag/{duty}")
        waiting = await listed(cast, ReplyState.WAITING)
        (reply,) = [reply for reply in waiting if reply.assignment == duty]
        left = decided_on(context, cast, reply, ReplyState.LEFT)
        back = withdraw_for_duty(context, cast.officer, a_key(), assignment_id=duty)

        told, withdrawn = await asyncio.gather(left, back, return_exceptions=True)

        assert (told, withdrawn) == (True, False) or (
            isinstance(told, StaleError) and withdrawn is True
        )
        now = await replies.get_reply(reply.id, (cast.municipality.id,))
        assert now.state is (ReplyState.ENDED if withdrawn else ReplyState.LEFT)
        assert now.version == reply.version + 1


async def test_of_a_decision_and_a_cancellation_at_once_both_are_done_or_one_is_too_late(
    cast, context, proposed
):
    _, number = proposed
    (reply,) = [r for r in await listed(cast, ReplyState.WAITING) if r.booking]
    left = decided_on(context, cast, reply, ReplyState.LEFT)
    end = cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)

    told, cancelled = await asyncio.gather(left, end, return_exceptions=True)

    assert not isinstance(cancelled, Exception)
    now = await replies.get_reply(reply.id, (cast.municipality.id,))
    late = isinstance(told, StaleError)
    assert late or isinstance(told, bool)
    assert now.state is (ReplyState.ENDED if late else ReplyState.LEFT)
    assert now.version == reply.version + 1


async def moved(context, cast, proposed):
    """Give the class another time, and take the officer's duty away."""
    duty, _ = proposed
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty)
    other = await stored_slot(cast.plan, cast.venue, half=Half.EM)
    await booked_by(context, cast.teacher, cast.school_class, other)


@pytest.mark.parametrize("change", [ended, moved])
async def test_what_was_left_waits_no_more_once_its_time_has_changed(
    sign_in, cast, clock, context, proposed, change
):
    coordinator, path = await sign_in(cast.coordinator), "/samordnare/svar"
    for reply in await listed(cast, ReplyState.WAITING):
        await decided_on(context, cast, reply, ReplyState.LEFT)
    page = (await coordinator.get(path)).text
    assert page.count('value="waiting"') == page.count("Gäller ") == 2
    clock.advance(timedelta(minutes=1))

    await change(context, cast, proposed)

    assert 'value="waiting"' not in (await coordinator.get(path)).text
    for reply in await listed(cast, ReplyState.LEFT):
        with pytest.raises(StaleError):
            await decided_on(context, cast, reply, ReplyState.WAITING)

    assert await listed(cast, ReplyState.WAITING) == []
    assert len(await listed(cast, ReplyState.LEFT)) == 2
