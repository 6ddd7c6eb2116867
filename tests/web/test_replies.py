"""`/samordnare/svar` as a coordinator meets it: what waits, why, and one click to decide."""

from datetime import timedelta

import pytest
from factories import a_key, stored_slot
from reply_letters import ANSWERED, a_letter, lookup, signed

from blaljus.domain.words import AssignmentState, Service
from blaljus.store import assignments, slots, undelivered
from blaljus.store import tables as t
from blaljus.store.engine import write_transaction
from blaljus.store.transaction import observers
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.receiving import take_letter

HOME = "/samordnare/svar"
OFFICER = "police-1@blaljus.example"


@pytest.fixture
async def duty(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    (station, *_) = await slots.list_stations([slot.id])
    place = {"slot_id": slot.id, "station_id": station.id}
    police = cast.staff[Service.POLICE]
    number = await assign_person(context, cast.coordinator, a_key(), **place, staff_id=police)
    return await assignments.get_assignment(number, (cast.municipality.id,))


@pytest.fixture
def written(duty, cast, context, clock):
    """Let the officer's reply come in, unsigned unless `sign` says by whom."""

    async def write(shape="apple-declined", *, sign=None, **given):
        given = {"PARTSTAT": "DECLINED", **given, "UID": duty.uid, "sender": OFFICER}
        letter = a_letter(shape, to=context.replies.of(cast.officer.account), **given)
        clock.set(ANSWERED + timedelta(minutes=1))
        await take_letter(signed(letter, sign) if sign else letter, clock=clock)
        await judge_new(context, lookup=lookup)

    return write


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


async def state_of(duty):
    return (await assignments.get_assignment(duty.id, (duty.municipality,))).state


async def decided(browser, decision):
    page = await browser.get(HOME)
    return await browser.follow(await browser.send_form(page, HOME, {"decision": decision}))


async def test_the_page_is_empty_at_first(browser):
    page = await browser.get(HOME)

    assert "Inget väntar" in page.text


async def test_what_waits_says_who_said_what_and_why_it_waits(browser, written):
    await written()

    page = await browser.get(HOME)

    for text in (
        "Svarade nej",
        "Jag är på kurs den veckan.",
        "brevet saknar giltig signatur",
        "Brandstationen i Höör",
        OFFICER,
    ):
        assert text in page.text


@pytest.mark.parametrize(
    ("decision", "state", "text"),
    [
        ("yes", AssignmentState.ACCEPTED, "Taget som ja."),
        ("no", AssignmentState.DECLINED, "Taget som nej."),
        ("left", AssignmentState.INVITED, "Svaret är lagt åt sidan."),
    ],
)
async def test_one_click_decides(decision, state, text, browser, written, duty, cast):
    await written()

    page = await decided(browser, decision)

    assert text in page.text
    assert await state_of(duty) is state
    rows = await t.AuditEntry.select().where(t.AuditEntry.subject == "reply:1")
    assert [(row["action"], row["actor"]) for row in rows] == [
        (f"reply-{decision}", cast.coordinator.actor)
    ]


async def letters_to(account):
    o = t.OutboxMessage
    return [row["subject"] for row in await o.select(o.subject).where(o.account == account)]


async def test_who_was_answered_for_is_told_so_and_who_decided_gets_no_letter(
    browser, sign_in, written, duty, cast, clock
):
    await written()

    await decided(browser, "no")

    page = await (await sign_in(cast.officer)).get(f"/personal/uppdrag/{duty.id}")
    assert "Samordnaren har noterat nej" in page.text
    for untrue in ("Du har sagt nej", "Samordnaren har fått ett mejl"):
        assert untrue not in page.text
    assert await letters_to(cast.coordinator.account) == []
    assert {name: found for name, found in await verify_store(clock=clock) if found} == {}


async def test_a_yes_that_a_coordinator_noted_is_not_called_the_persons_own(
    browser, sign_in, written, duty, cast
):
    await written(PARTSTAT="ACCEPTED")
    await decided(browser, "yes")
    officer = await sign_in(cast.officer)

    noted = await officer.get(f"/personal/uppdrag/{duty.id}")
    listed = await officer.get("/personal/uppdrag")

    assert "Samordnaren har noterat ja" in noted.text
    assert "Samordnaren har noterat ja" in listed.text
    assert "Du har sagt ja" not in noted.text


async def test_a_card_says_what_each_press_does_and_what_the_person_has_said(browser, written):
    await written()

    page = await browser.get(HOME)

    for text in (
        "Personen räknas med.",
        "Personen tas bort från passet och får besked.",
        "Inget ändras.",
        "Gör ingenting",
        "Svar nu:",
        "Väntar på svar",
    ):
        assert text in page.text


async def test_a_proposed_time_is_neither_taken_as_yes_nor_as_no(browser, written, duty):
    await written("outlook-counter")
    page = await browser.get(HOME)

    refused = [
        (await browser.send_form(page, HOME, {"decision": d, "key": d * 10})).status_code
        for d in ("yes", "no")
    ]

    assert "Låt tiden stå" in page.text
    assert "Ta som" not in page.text
    assert f"/bemanna/{duty.station}?byt={duty.id}" in page.text
    assert refused == [404, 404]
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_plain_letter_is_headed_by_who_wrote_it(browser, written, cast):
    await written("letter")

    page = await browser.get(HOME)

    member = cast.staff[Service.POLICE]
    (row,) = await t.StaffMember.select(t.StaffMember.display_name, t.StaffMember.agency).where(
        t.StaffMember.id == member
    )
    assert f"<h3>{row['display_name']}" in page.text
    assert f"/samordnare/verksamheter/{row['agency']}" in page.text


async def test_what_was_left_can_wait_again(browser, written, duty):
    await written()
    await decided(browser, "left")

    page = await decided(browser, "waiting")

    assert "Svaret väntar igen." in page.text
    assert "Ta som nej" in page.text


async def test_a_decision_on_an_old_page_is_refused(browser, written, duty):
    await written()
    page = await browser.get(HOME)
    await decided(browser, "left")

    late = await browser.send_form(page, HOME, {"decision": "no", "key": "k" * 20})

    assert late.status_code == 409
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_coordinator_of_another_municipality_sees_and_decides_nothing(
    sign_in, cast, written, duty
):
    await written()
    stranger = await sign_in(cast.foreign_coordinator)
    own = await sign_in(cast.coordinator)
    fields = own.fields(await own.get(HOME), HOME)
    page = await stranger.get("/samordnare/platser")
    csrf = stranger.fields(page, "/samordnare/platser")["csrf"]

    answer = await stranger.post(HOME, data={**fields, "csrf": csrf, "decision": "no"})

    assert "Svarade nej" not in (await stranger.get(HOME)).text
    assert answer.status_code == 404
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_protected_person_is_shown_by_function_alone(browser, written, duty):
    await t.StaffMember.update({t.StaffMember.protected: True}, force=True)
    await written()
    await written("letter")

    page = await browser.get(HOME)

    assert "Svarade nej" in page.text
    for private in (OFFICER, "Jag är på kurs", "fråga chefen", "Police 1"):
        assert private not in page.text


async def test_many_replies_cost_as_many_statements_as_one(browser, written):
    async def cost():
        said = []
        observers.append(said.append)
        page = await browser.get(HOME)
        observers.clear()
        return page.text.count("Svarade nej"), len(said)

    await written()
    await browser.get(HOME)  # the first look notes that the session is in use
    (one, few) = await cost()
    for _ in range(4):
        await written()

    (five, many) = await cost()

    assert (one, five) == (1, 5)
    assert many == few


async def test_the_first_page_says_what_waits_and_whom_no_letter_reaches(browser, written, cast):
    before = await browser.get("/samordnare")
    await written()
    async with write_transaction():
        for account in (cast.teacher.account, cast.officer.account):
            await undelivered.note(account, undelivered.BOUNCED, "5.1.1", now=ANSWERED)

    home = await browser.get("/samordnare")
    place = await browser.get(f"/samordnare/klass/{cast.school_class.id}")
    people = await browser.get("/samordnare/verksamheter")
    replies = await browser.get(HOME)

    assert "svar väntar" not in before.text
    assert "1 svar väntar på dig" in home.text
    assert "2 personer nås inte av brev" in home.text
    assert "Läraren nås inte av brev" in place.text
    assert people.text.count("Nås inte av brev") == 1
    assert "Kod 5.1.1." in replies.text
