"""Ways to the form of every route that takes one, filled in: what `test_locked.py` sends.

A new route needs a way here, or a line in `READ_ONLY`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from html import unescape

from booking_steps import booked_by, checked
from factories import YEAR, Cast, a_key, stored_class, stored_school, stored_slot
from own_calendars import a_calendar, an_event, stored_own_calendar
from visiting import Visiting

from blaljus.domain.words import Service
from blaljus.store import bookings, outbox, slots
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.usecases.access.sign_in import make_operator_link
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.receiving import take_letter
from blaljus.usecases.runs.planning import start_run

READ_ONLY = {
    "/boka/andra",
    "/boka/granska",
    "/samordnare/import/granska",
    "/samordnare/klass/{class_id}/granska",
    "/samordnare/pass/{slot_id}/bemanna/{station_id}/granska",
}
"""Forms that only show something."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form on a page, as somebody filled it in."""

    browser: Visiting
    page: object
    action: str
    typed: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """The cast with a slot to book, and one with the officer and a class that may confirm."""

    cast: Cast
    context: object
    clock: object
    sign_in: Callable
    visit: Callable
    free: object
    slot: object
    stations: list[int]
    duty: int
    number: int


async def a_world(cast, context, clock, sign_in, visit):
    free = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    slot = await stored_slot(cast.plan, cast.venue)
    stations = await slots.list_stations([slot.id])
    place = {"slot_id": slot.id, "station_id": stations[0].id}
    police = cast.staff[Service.POLICE]
    duty = await assign_person(context, cast.coordinator, a_key(), **place, staff_id=police)
    number = await booked_by(context, cast.coordinator, cast.school_class, slot)
    return World(
        cast, context, clock, sign_in, visit, free, slot, [s.id for s in stations], duty, number
    )


WAYS = {}


def way(route):
    """Say how somebody comes to send the form of a route."""

    def keep(function):
        WAYS[route] = function
        return function

    return keep


async def filled(browser, path, action=None, **typed):
    return Sent(browser, await browser.get(path), action or path, typed)


async def teacher(world):
    return await world.sign_in(world.cast.teacher)


async def officer(world):
    return await world.sign_in(world.cast.officer)


async def coordinator(world):
    return await world.sign_in(world.cast.coordinator)


@way("/boka")
async def _(world):
    browser = await world.sign_in(world.cast.second_teacher)
    typed = {"pupils": "19", "phone": "0413-280 00", "need_calm": "2"}
    return Sent(browser, await checked(browser, world.free, **typed), "/boka", typed)


@way("/boka/{number}/andra")
async def _(world):
    path = f"/boka/{world.number}/andra"
    return await filled(await teacher(world), path, pupils="19", phone="0413-280 00")


@way("/boka/{number}/avboka")
async def _(world):
    return await filled(await teacher(world), f"/boka/{world.number}/avboka", cause="illness")


@way("/boka/{number}/bekrafta")
async def _(world):
    path = f"/boka/{world.number}"
    return await filled(await teacher(world), path, f"{path}/bekrafta")


@way("/in/{token}")
async def _(world):
    link = await make_operator_link("larare.ek@skola.example", context=world.context)
    return await filled(world.visit(), link.removeprefix(world.context.base_url))


@way("/klass/{class_id}/kalender")
async def _(world):
    return await filled(await teacher(world), f"/klass/{world.cast.school_class.id}/kalender")


@way("/klass/{class_id}/onskemal")
async def _(world):
    browser = await world.sign_in(world.cast.second_teacher)
    path = f"/klass/{world.cast.second_class.id}/onskemal"
    return await filled(browser, path, day_1="2027-03-16", half_1="em", day_3="2027-04-08")


@way("/personal/kalender")
async def _(world):
    return await filled(await officer(world), "/personal/kalender")


@way("/samordnare/kalender")
async def _(world):
    return await filled(await coordinator(world), "/samordnare/kalender")


async def asked_first(browser, path, act):
    """The page that says what closing or replacing means, and its form."""
    page = await browser.get(path)
    (link,) = re.findall(rf'href="({path}/granska\?gor={act}&amp;[^"]+)"', page.text)
    action = f"{path}/stang" if act == "stang" else path
    return Sent(browser, await browser.get(unescape(link)), action)


async def closing_of(sent):
    """The form that closes what another one opens."""
    await sent.browser.send_form(sent.page, sent.action)
    return await asked_first(sent.browser, sent.action, "stang")


@way("/klass/{class_id}/kalender/stang")
async def _(world):
    return await closing_of(await WAYS["/klass/{class_id}/kalender"](world))


@way("/personal/kalender/stang")
async def _(world):
    return await closing_of(await WAYS["/personal/kalender"](world))


@way("/samordnare/kalender/stang")
async def _(world):
    return await closing_of(await WAYS["/samordnare/kalender"](world))


@way("/konto/inloggning/{session}")
async def _(world):
    await teacher(world)
    browser = await teacher(world)
    page = await browser.get("/konto")
    return Sent(browser, page, re.search(r'action="(/konto/inloggning/\d+)"', page.text)[1])


@way("/konto/inloggningar")
async def _(world):
    await teacher(world)
    return await filled(await teacher(world), "/konto", "/konto/inloggningar")


@way("/konto/sprak")
async def _(world):
    return await filled(await teacher(world), "/konto", "/konto/sprak", language="en")


@way("/logga-in")
async def _(world):
    return await filled(world.visit(), "/logga-in", address="larare.ek@skola.example")


@way("/logga-in/kod")
async def _(world):
    asked = await WAYS["/logga-in"](world)
    await asked.browser.send_form(asked.page, "/logga-in", asked.typed)
    return await filled(asked.browser, "/logga-in/skickat", "/logga-in/kod", code="123456")


@way("/narvaro/{number}")
async def _(world):
    world.clock.set(world.slot.starts_at)
    answers = {"station_1": "missed", "cause_1": "callout", "station_2": "held"}
    path = f"/narvaro/{world.number}"
    return await filled(await teacher(world), path, pupils="18", station_3="held", **answers)


@way("/personal/tider")
async def _(world):
    browser = await officer(world)
    page = await browser.get("/personal/tider?fran=2027-03-08")
    return Sent(browser, page, "/personal/tider", {"t-2027-03-08-fm": "on_call"})


@way("/personal/tider/angra")
async def _(world):
    sent = await WAYS["/personal/tider"](world)
    done = await sent.browser.send_form(sent.page, sent.action, sent.typed)
    return Sent(sent.browser, await sent.browser.follow(done), "/personal/tider/angra")


@way("/personal/tider/fyll")
async def _(world):
    weeks = {"first_week": "2027-03-08", "last_week": "2027-03-22"}
    typed = {"weekdays": ["1", "3"], "halves": "em", "state": "on_call", **weeks}
    return await filled(await officer(world), "/personal/tider", "/personal/tider/fyll", **typed)


@way("/personal/tider/kopiera")
async def _(world):
    weeks = {"source": "2027-03-15", "copy_first": "2027-03-22", "copy_last": "2027-04-12"}
    return await filled(await officer(world), "/personal/tider", "/personal/tider/kopiera", **weeks)


OWN = "/personal/tider/egen-kalender"


@way(f"{OWN}/adress")
async def _(world):
    typed = {"address": "https://10.0.0.1/hemlig.ics", "user": "anna"}
    return await filled(await officer(world), OWN, f"{OWN}/adress", **typed)


@way(f"{OWN}/fil")
async def _(world):
    browser = await officer(world)
    typed = {"staff": f"{world.cast.staff[Service.POLICE]}"}
    files = {"file": ("schema.ics", a_calendar(an_event()))}
    return Sent(browser, await browser.get(OWN), f"{OWN}/fil", typed, files)


async def with_own_address(world):
    await stored_own_calendar(world.cast.staff[Service.POLICE], address="https://10.0.0.1/")
    return await officer(world)


@way(f"{OWN}/las")
async def _(world):
    return await filled(await with_own_address(world), OWN, f"{OWN}/las")


@way(f"{OWN}/ta-bort")
async def _(world):
    return await filled(await with_own_address(world), OWN, f"{OWN}/ta-bort")


@way("/personal/uppdrag/{number}/svar")
async def _(world):
    path = f"/personal/uppdrag/{world.duty}"
    return await filled(await officer(world), path, f"{path}/svar", answer="yes")


@way("/personal/uppdrag/{number}/utryckning")
async def _(world):
    world.clock.set(world.slot.starts_at)
    path = f"/personal/uppdrag/{world.duty}"
    return await filled(await officer(world), path, f"{path}/utryckning")


@way("/samordnare")
async def _(world):
    town = world.cast.other
    await stored_class(town, await stored_school(town))
    return await filled(await world.sign_in(world.cast.foreign_coordinator), "/samordnare")


@way("/samordnare/klass/{class_id}")
async def _(world):
    path = f"/samordnare/klass/{world.cast.second_class.id}"
    chosen = await filled(await coordinator(world), path, slot=str(world.free.id))
    checked = await chosen.browser.send_form(chosen.page, f"{path}/granska", chosen.typed)
    return Sent(chosen.browser, checked, path, chosen.typed)


@way("/samordnare/klass/{class_id}/avboka")
async def _(world):
    path = f"/samordnare/klass/{world.cast.school_class.id}/avboka"
    return await filled(await coordinator(world), path, cause="transport")


@way("/samordnare/korning")
async def _(world):
    return await filled(await coordinator(world), "/samordnare/korning")


@way("/samordnare/korning/{number}")
async def _(world):
    place = {"municipality": world.cast.municipality.id, "school_year": YEAR}
    number = await start_run(world.context, world.cast.coordinator, a_key(), **place)
    return await filled(await coordinator(world), f"/samordnare/korning/{number}")


@way("/samordnare/pass/{slot_id}/bemanna/{station_id}")
async def _(world):
    path = f"/samordnare/pass/{world.slot.id}/bemanna/{world.stations[1]}"
    rescue = world.cast.staff[Service.RESCUE]
    await t.Availability.delete().where(t.Availability.staff == rescue)
    return await filled(await coordinator(world), path, staff=str(rescue), reason="Kan ändå")


@way("/samordnare/pass/{slot_id}/ta-bort/{assignment_id}")
async def _(world):
    path = f"/samordnare/pass/{world.slot.id}"
    page = f"{path}/bemanna/{world.stations[0]}?byt={world.duty}"
    return await filled(await coordinator(world), page, f"{path}/ta-bort/{world.duty}")


@way("/samordnare/pass/{slot_id}/stall-in")
async def _(world):
    path = f"/samordnare/pass/{world.slot.id}/stall-in"
    return await filled(await coordinator(world), path, cause="agency")


@way("/samordnare/pass/{slot_id}/korschema/platser")
async def _(world):
    path = f"/samordnare/pass/{world.slot.id}/korschema/platser"
    typed = {"place_1": "Skolgården", "outdoors_1": "1", "walk_minutes_2": "3"}
    return await filled(await coordinator(world), path, **typed)


@way("/samordnare/pass/{slot_id}/korschema/skicka")
async def _(world):
    path = f"/samordnare/pass/{world.slot.id}/korschema"
    return await filled(await coordinator(world), path, f"{path}/skicka")


@way("/samordnare/pass/{slot_id}/korschema/tider")
async def _(world):
    path = f"/samordnare/pass/{world.slot.id}/korschema/tider"
    booking = (await bookings.list_in_slots([world.slot.id], (world.slot.municipality,)))[0]
    return await filled(await coordinator(world), path, **{f"arrives_{booking.id}": "09:20"})


@way("/samordnare/pass/{slot_id}/korschema/utryckning")
async def _(world):
    world.clock.set(world.slot.starts_at)
    path = f"/samordnare/pass/{world.slot.id}/korschema/utryckning"
    asked = f"{path}?station={world.stations[0]}&left=9.30&back=10.00"
    return await filled(await coordinator(world), asked, path)


@way("/samordnare/personal/{staff_id}/borta")
async def _(world):
    path = f"/samordnare/personal/{world.cast.staff[Service.POLICE]}/borta"
    asked = f"{path}?fran=2027-03-16&till=2027-03-18"
    span = {"fran": "2027-03-16", "till": "2027-03-18"}
    return await filled(await coordinator(world), asked, path, **span)


@way("/samordnare/paminnelser")
async def _(world):
    typed = {"days_class_soon": "5, 2", "at_duty_soon": "9.30"}
    return await filled(await coordinator(world), "/samordnare/paminnelser", **typed)


@way("/samordnare/plan")
async def _(world):
    typed = {"morning": "8.30", "bus_seats": "45", "lunch_gap_minutes": "60"}
    return await filled(await coordinator(world), "/samordnare/plan", **typed)


@way("/samordnare/platser")
async def _(world):
    typed = {"name": "Torget", "partner_station": "Bussen", "near_rescue_station": "1"}
    degrees = {"latitude": "55,93", "longitude": "13,5"}
    return await filled(await coordinator(world), "/samordnare/platser", **typed, **degrees)


@way("/samordnare/platser/{venue_id}")
async def _(world):
    path = f"/samordnare/platser/{world.cast.venue.id}"
    return await filled(await coordinator(world), path, name="Stora torget")


@way("/samordnare/verksamheter/{agency_id}")
async def _(world):
    agency = (await t.Agency.select(t.Agency.id).order_by(t.Agency.id))[0]["id"]
    path = f"/samordnare/verksamheter/{agency}"
    typed = {"per_day": "1", "per_season": "12", "home": str(world.cast.municipality.id)}
    return await filled(await coordinator(world), path, **typed)


@way("/samordnare/platser/{venue_id}/stationer")
async def _(world):
    path = f"/samordnare/platser/{world.cast.venue.id}/stationer"
    return await filled(await coordinator(world), path, staff_police="2", outdoors_rescue="1")


@way("/samordnare/platser/{venue_id}/alltid-med")
async def _(world):
    path = f"/samordnare/platser/{world.cast.venue.id}"
    staff = str(world.cast.staff[Service.RESCUE])
    return await filled(
        await coordinator(world), f"{path}/stationer", f"{path}/alltid-med", staff=staff
    )


@way("/samordnare/utskick/{message_id}")
async def _(world):
    message = (await outbox.list_messages((world.cast.municipality.id,), limit=1))[0]
    failed = {"error": "recipient", "retry_at": None, "now": world.clock()}
    await transactional(outbox.mark_failed)(message, **failed)
    return await filled(await coordinator(world), f"/samordnare/utskick/{message.id}")


@way("/boka/{number}/foresla")
async def _(world):
    path = f"/boka/{world.number}/foresla"
    return await filled(
        await teacher(world), path, day="2027-03-18", half="em", comment="Hellre då"
    )


@way("/personal/uppdrag/{number}/foresla")
async def _(world):
    path = f"/personal/uppdrag/{world.duty}/foresla"
    return await filled(
        await officer(world), path, day="2027-03-18", half="fm", comment="Hellre då"
    )


@way("/boka/{number}/foresla/ta-tillbaka")
async def _(world):
    path = f"/boka/{world.number}"
    return await _proposed(await teacher(world), path)


@way("/personal/uppdrag/{number}/foresla/ta-tillbaka")
async def _(world):
    path = f"/personal/uppdrag/{world.duty}"
    return await _proposed(await officer(world), path)


async def _proposed(browser, path):
    """Return how to take back another time that was proposed on a page."""
    typed = {"day": "2027-03-18", "half": "fm", "comment": ""}
    await browser.send_form(await browser.get(f"{path}/foresla"), f"{path}/foresla", typed)
    return await filled(browser, path, f"{path}/foresla/ta-tillbaka")


@way("/samordnare/svar")
async def _(world):
    raw = b"To: blaljus@blaljus.example\r\n\r\nHej"
    await take_letter(raw, clock=world.clock)
    await t.Coordinator.delete().where(t.Coordinator.municipality == world.cast.other.id)
    await judge_new(world.context)
    return await filled(await coordinator(world), "/samordnare/svar", decision="left")


@way("/samordnare/import")
async def _(world):
    browser = await coordinator(world)
    fields = browser.fields(await browser.get("/samordnare/import"), "/samordnare/import/granska")
    blocks = b"skolenhetskod;typ;namn;fran;till\r\n*;lov;Lov;2027-05-07;2027-05-07\r\n"
    files = [("files", ("lasar.csv", blocks))]
    page = await browser.post("/samordnare/import/granska", data=fields, files=files)
    return Sent(browser, page, "/samordnare/import")


@way("/ut")
async def _(world):
    return await filled(await teacher(world), "/klass", "/ut")
