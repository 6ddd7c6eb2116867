"""Somebody is away, as a coordinator meets it in a browser."""

import pytest
from factories import YEAR, a_key

from blaljus.domain.words import ACTIVE_ASSIGNMENT, Service, SlotState
from blaljus.store import assignments, slots
from blaljus.usecases.runs.planning import start_run

TUESDAY = "?fran=2027-03-16&till=2027-03-16"


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


@pytest.fixture
async def slot(browser, cast, context):
    """A published slot with both classes and all three services, on a Tuesday."""
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    path = f"/samordnare/korning/{number}"
    await browser.follow(await browser.send_form(await browser.get(path), path))
    (made,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    return made


@pytest.fixture
def path(cast):
    return f"/samordnare/personal/{cast.staff[Service.POLICE]}/borta"


async def test_the_list_of_people_leads_to_a_proposal_that_is_carried_out_at_once(
    browser, cast, slot, path
):
    people = await browser.get("/samordnare/verksamheter")
    assert f'href="{path}"' in people.text
    page = await browser.get(path + TUESDAY)
    for text in (
        "2 klasser får en annan tid",
        "4A, Ekskolan",
        "1 nytt pass publiceras",
        "Police 1",
    ):
        assert text in page.text

    done = await browser.follow(await browser.send_form(page, path))

    assert "Ändringarna är gjorda" in done.text
    found = await slots.list_slots(cast.plan.id, (cast.municipality.id,), published=False)
    states = [s.state for s in sorted(found, key=lambda s: s.id)]
    assert states == [SlotState.CANCELLED, SlotState.PUBLISHED]
    duties = await assignments.list_assignments([slot.id], (cast.municipality.id,))
    assert not [duty for duty in duties if duty.state in ACTIVE_ASSIGNMENT]


async def test_a_double_click_carries_it_out_once(browser, cast, slot, path):
    fields = browser.fields(await browser.get(path + TUESDAY), path)

    answers = [await browser.post_fields(path, fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await slots.list_slots(cast.plan.id, (cast.municipality.id,))) == 1


async def test_another_proposal_than_the_one_shown_is_shown_first(browser, cast, slot, path):
    page = await browser.get(path + TUESDAY)

    answer = await browser.send_form(page, path, {"fingerprint": "0" * 64})

    assert answer.status_code == 409
    assert "Någon ändrade medan du hade sidan öppen" in answer.text
    (there,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    assert there.id == slot.id
    await browser.follow(await browser.send_form(answer, path))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?fran=2027-03-16", "till"),
        ("?fran=i+morgon&till=2027-03-16", "fran"),
        ("?fran=2027-03-16&till=2027-03-15", "till"),
        ("?fran=2027-03-16&till=2029-03-15", "till"),
    ],
)
async def test_days_that_are_none_are_said_beside_the_field(browser, path, query, field):
    page = await browser.get(path + query)

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text


async def test_without_duties_there_is_nothing_to_change_but_the_times(browser, path):
    page = await browser.get(f"{path}?fran=2027-03-16&till=2027-03-16")
    assert "har inga uppdrag här den tiden" in page.text
    assert "2 halvdagar som Police 1 har angett tas tillbaka" in page.text

    await browser.follow(await browser.send_form(page, path))

    again = await browser.get(f"{path}?fran=2027-03-16&till=2027-03-16")
    assert "fingerprint" not in again.text


async def test_foreign_and_unknown_people_are_not_found(browser, sign_in, cast, slot, path):
    for number in (0, 99, 99999999999):
        address = f"/samordnare/personal/{number}/borta{TUESDAY}"
        assert (await browser.get(address)).status_code == 404


async def test_who_serves_both_is_seen_by_both_but_not_the_others_slots(sign_in, cast, slot, path):
    foreign = await sign_in(cast.foreign_coordinator)

    page = await foreign.get(path + TUESDAY)

    assert "har inga uppdrag här den tiden" in page.text
    assert "Ekskolan" not in page.text
