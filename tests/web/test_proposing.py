"""Föreslå en annan tid: it is shown, it is sent, it waits, and nothing moves."""

from datetime import UTC, datetime

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.errors import NotFoundError
from blaljus.domain.replies import Answer, ReplyState
from blaljus.domain.words import Service
from blaljus.store import assignments, bookings, replies, slots
from blaljus.store import tables as t
from blaljus.usecases.people.staffing import assign_person, withdraw_person
from blaljus.usecases.replies.proposing import withdraw_for_booking

TYPED = {"day": "2027-03-18", "half": "em", "comment": "Hellre på torsdagen."}
PROPOSED = (datetime(2027, 3, 18, 11, tzinfo=UTC), datetime(2027, 3, 18, 15, tzinfo=UTC))


@pytest.fixture
async def slot(cast):
    return await stored_slot(cast.plan, cast.venue)


@pytest.fixture
async def duty(cast, context, slot):
    (station, *_) = await slots.list_stations([slot.id])
    place = {"slot_id": slot.id, "station_id": station.id}
    police = cast.staff[Service.POLICE]
    return await assign_person(context, cast.coordinator, a_key(), **place, staff_id=police)


@pytest.fixture
async def number(cast, context, slot):
    return await booked_by(context, cast.coordinator, cast.school_class, slot)


async def waiting(cast):
    scope = (cast.municipality.id,)
    return await replies.list_replies(scope, [ReplyState.WAITING], limit=9)


async def test_a_person_on_duty_proposes_a_time_and_the_duty_stays(sign_in, cast, duty):
    officer, path = await sign_in(cast.officer), f"/personal/uppdrag/{duty}/foresla"
    before = await assignments.get_assignment(duty, (cast.municipality.id,))
    assert path in (await officer.get(f"/personal/uppdrag/{duty}")).text

    page = await officer.follow(await officer.send_form(await officer.get(path), path, TYPED))

    assert "Förslaget är skickat till samordnaren." in page.text
    (reply,) = await waiting(cast)
    assert (reply.answer, reply.source, reply.assignment) == (Answer.COUNTER, "page", duty)
    assert ((reply.proposed_from, reply.proposed_to), reply.comment) == (PROPOSED, TYPED["comment"])
    assert await assignments.get_assignment(duty, (cast.municipality.id,)) == before
    rows = await t.AuditEntry.select().where(t.AuditEntry.subject == f"reply:{reply.id}")
    assert [(row["action"], row["actor"]) for row in rows] == [
        ("time-proposed", cast.officer.actor)
    ]


async def test_a_teacher_proposes_a_time_and_the_coordinator_goes_to_the_class(
    sign_in, cast, number
):
    teacher, path = await sign_in(cast.teacher), f"/boka/{number}/foresla"
    before = await bookings.get_booking(number, (cast.municipality.id,))
    assert path in (await teacher.get(f"/boka/{number}")).text

    page = await teacher.follow(await teacher.send_form(await teacher.get(path), path, TYPED))
    shown = await (await sign_in(cast.coordinator)).get("/samordnare/svar")

    assert "Förslaget är skickat till samordnaren." in page.text
    for text in ("Föreslår en annan tid", "Hellre på torsdagen.", "Låt tiden stå"):
        assert text in shown.text
    assert f'href="/samordnare/klass/{cast.school_class.id}"' in shown.text
    assert await bookings.get_booking(number, (cast.municipality.id,)) == before


async def test_a_new_proposal_takes_the_place_of_the_one_before(sign_in, cast, duty, number):
    officer, teacher = await sign_in(cast.officer), await sign_in(cast.teacher)
    for browser, at in ((officer, f"/personal/uppdrag/{duty}"), (teacher, f"/boka/{number}")):
        for half in ("fm", "em"):
            path = f"{at}/foresla"
            await browser.send_form(await browser.get(path), path, TYPED | {"half": half})

        text = (await browser.get(at)).text
        assert "En annan tid är föreslagen: tors 18 mars 2027 kl. 12.00–16.00" in text
        assert text.count("En annan tid är föreslagen") == 1

    assert [reply.proposed_from for reply in await waiting(cast)] == [PROPOSED[0]] * 2
    replaced = await t.AuditEntry.count().where(t.AuditEntry.action == "time-proposal-replaced")
    assert replaced == 2


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"day": "2027-01-15"}, "Välj en dag som kommer."),
        ({"day": ""}, "Välj en dag som kommer."),
        ({"day": "2027-03-20"}, "Välj en vardag, måndag till fredag."),
        ({"day": "2028-07-03"}, "Välj en dag senast fredag 30 juni 2028."),
        ({"day": "9999-12-31"}, "Välj en dag senast fredag 30 juni 2028."),
        ({"half": "natt"}, "Välj förmiddag eller eftermiddag."),
        ({"comment": "Ring 19811218-9876"}, "Skriv inga personnummer."),
    ],
)
async def test_what_cannot_be_proposed_is_said_and_what_was_typed_is_kept(
    wrong, text, sign_in, cast, duty
):
    officer, path = await sign_in(cast.officer), f"/personal/uppdrag/{duty}/foresla"

    answer = await officer.send_form(await officer.get(path), path, {**TYPED, **wrong})

    assert (answer.status_code, text in answer.text) == (422, True)
    kept = officer.fields(answer, path)
    assert kept["comment"] == {**TYPED, **wrong}["comment"]
    assert await waiting(cast) == []


async def test_sent_twice_it_waits_once(sign_in, cast, duty):
    officer, path = await sign_in(cast.officer), f"/personal/uppdrag/{duty}/foresla"
    page = await officer.get(path)

    for _ in range(2):
        assert (await officer.send_form(page, path, TYPED)).status_code == 303

    assert len(await waiting(cast)) == 1


async def test_what_has_ended_takes_no_proposal(sign_in, cast, context, duty):
    officer, path = await sign_in(cast.officer), f"/personal/uppdrag/{duty}/foresla"
    page = await officer.get(path)
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty)

    assert (await officer.get(path)).status_code == 409
    assert (await officer.send_form(page, path, TYPED)).status_code == 409
    assert await waiting(cast) == []


async def test_nobody_proposes_for_others(sign_in, cast, duty, number):
    stranger = await sign_in(cast.second_teacher)

    assert (await stranger.get(f"/boka/{number}/foresla")).status_code == 404
    assert (await stranger.get(f"/personal/uppdrag/{duty}/foresla")).status_code == 404


async def test_who_proposed_takes_it_back_and_may_press_twice(sign_in, cast, duty, number):
    for person, at in (
        (cast.officer, f"/personal/uppdrag/{duty}"),
        (cast.teacher, f"/boka/{number}"),
    ):
        browser, path = await sign_in(person), f"{at}/foresla/ta-tillbaka"
        await browser.send_form(await browser.get(f"{at}/foresla"), f"{at}/foresla", TYPED)
        page, other = await browser.get(at), await browser.get(at)

        for _ in range(2):
            done = await browser.follow(await browser.send_form(page, path, {}))
            assert "Förslaget är tillbakataget. Tiden står kvar." in done.text
        late = await browser.follow(await browser.send_form(other, path, {}))

        assert "Förslaget väntar inte längre." in late.text
        assert "Ta tillbaka förslaget" not in late.text
    assert await waiting(cast) == []
    shown = await (await sign_in(cast.coordinator)).get("/samordnare/svar")
    assert shown.text.count("Togs tillbaka") == 2
    rows = await t.AuditEntry.count().where(t.AuditEntry.action == "time-proposal-withdrawn")
    assert rows == 2


async def test_nobody_takes_back_what_another_proposed(sign_in, cast, context, number):
    teacher, at = await sign_in(cast.teacher), f"/boka/{number}"
    await teacher.send_form(await teacher.get(f"{at}/foresla"), f"{at}/foresla", TYPED)
    coordinator = await sign_in(cast.coordinator)

    page = await coordinator.get(at)

    assert "En annan tid är föreslagen" in page.text
    assert "Ta tillbaka förslaget" not in page.text
    with pytest.raises(NotFoundError):
        await withdraw_for_booking(context, cast.second_teacher, a_key(), number=number)
    assert not await withdraw_for_booking(context, cast.coordinator, a_key(), number=number)
    assert len(await waiting(cast)) == 1


async def test_an_error_leads_back_to_the_page_it_came_from(sign_in, cast, context, duty):
    officer, at = await sign_in(cast.officer), f"/personal/uppdrag/{duty}"
    page = await officer.get(f"{at}/foresla")
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty)

    sent = await officer.send_form(page, f"{at}/foresla", TYPED)
    asked = await officer.get(f"{at}/foresla")

    assert f'href="{at}/foresla">Tillbaka till sidan' in sent.text
    assert f'href="{at}">Tillbaka till sidan' in asked.text
