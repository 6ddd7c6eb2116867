"""What stations are called: a service's name in the reader's language, an own name as typed."""

from email import message_from_string, policy

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.words import Service
from blaljus.i18n.words import station_name, word
from blaljus.store import accounts, outbox, slots
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.usecases.days.new_slots import STATION_NAMES
from blaljus.usecases.people.staffing import assign_person

OWN = "Utrymma en buss"
SWEDISH, ENGLISH = ["Polis", "Räddningstjänst"], ["Police", "Rescue service"]


@pytest.fixture
def store(sqlite_store):
    """Words do not depend on the engine."""
    return sqlite_store


@pytest.fixture
async def slot(cast):
    """A slot whose stations are named as a plan names them, and a fourth with its own name."""
    services = (*STATION_NAMES, Service.PARTNER)
    made = await stored_slot(cast.plan, cast.venue, services=services)
    for station in await slots.list_stations([made.id]):
        name = STATION_NAMES.get(station.provides, OWN)
        await t.Station.update({t.Station.name: name}).where(t.Station.id == station.id)
    return made


@pytest.fixture
async def number(cast, context, slot):
    return await booked_by(context, cast.teacher, cast.school_class, slot)


@pytest.fixture
async def duty(cast, context, slot):
    station = (await slots.list_stations([slot.id]))[0].id
    police = cast.staff[Service.POLICE]
    return await assign_person(
        context, cast.coordinator, a_key(), slot_id=slot.id, station_id=station, staff_id=police
    )


async def in_both(browser, path):
    """The main part of a page in Swedish and in English."""
    pages = []
    for language in ("sv", "en"):
        await browser.get(f"/sprak/{language}")
        pages.append((await browser.get(path)).text.partition("<main")[2])
    return pages


@pytest.mark.parametrize("path", ["/boka/{number}", "/narvaro/{number}"])
async def test_a_teacher_reads_them_in_the_language_of_the_page(
    cast, slot, number, clock, sign_in, path
):
    clock.set(slot.starts_at)
    teacher = await sign_in(cast.teacher)

    swedish, english = await in_both(teacher, path.format(number=number))

    assert all(name in swedish for name in [*SWEDISH, OWN])
    assert all(name in english for name in [*ENGLISH, OWN])
    assert not any(name in english for name in SWEDISH)


async def test_staff_read_them_in_the_language_of_the_page(cast, duty, number, sign_in):
    officer = await sign_in(cast.officer)

    for path in (
        f"/personal/uppdrag/{duty}",
        f"/personal/uppdrag/{duty}/kan-inte",
        "/personal/uppdrag",
        "/personal/tider?fran=2027-03-15",
    ):
        swedish, english = await in_both(officer, path)
        assert "Polis, Brandstationen" in swedish
        assert "Police, Brandstationen" in english
        assert "Räddningstjänst" not in english


async def test_a_letter_names_them_in_the_language_of_its_reader(cast, context, slot):
    await transactional(accounts.save_language)(cast.teacher.account, "en")
    await booked_by(context, cast.teacher, cast.school_class, slot)

    (message,) = await outbox.list_messages((cast.municipality.id,), limit=9)
    letter = message_from_string(message.mime, policy=policy.default)

    text = letter.get_body(("plain",)).get_content()
    assert "Stations: Police, Rescue service, Ambulance, Utrymma en buss" in text


@pytest.mark.parametrize(
    ("name", "english"), [("Polis", "Police"), (OWN, OWN), ("Boka", "Boka"), ("", "")]
)
def test_only_the_names_of_services_are_translated(name, english):
    assert station_name(name, "sv") == name
    assert station_name(name, "en") == english


def test_a_plan_names_stations_as_services_are_called():
    assert {word(service, "sv"): name for service, name in STATION_NAMES.items()} == {
        name: name for name in STATION_NAMES.values()
    }
