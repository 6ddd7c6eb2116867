"""A protected person's name and address: on no page, in no feed, letter or log but their own."""

import re
from urllib.parse import unquote

import pytest
from factories import YEAR, a_key
from structlog.testing import capture_logs

from blaljus.domain.words import FeedKind, Service
from blaljus.mail.reading import readable_text
from blaljus.mail.smtp import MailRefusedError
from blaljus.store import agencies, assignments, audit
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.letters.delivering import deliver_due
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run

NAME, ADDRESS = "Hemlig Persson", "hemlig.persson@polisen.example"
LOOKING = ("teacher", "second_teacher", "coordinator", "foreign_coordinator")


@transactional
async def protect(person):
    s, a = t.StaffMember, t.Account
    await s.update({s.protected: True, s.display_name: NAME}).where(s.account == person.account)
    key = {a.address: ADDRESS, a.address_key: ADDRESS}
    await a.update(key).where(a.id == person.account)


@pytest.fixture
async def season(cast, context):
    """The protected officer is invited, declines and is assigned again; ids for pages."""
    await protect(cast.officer)
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    (duty,) = await assignments.list_duties(cast.officer.staff)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)
    again = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=duty.station,
        slot_id=duty.slot,
        staff_id=duty.staff,
    )
    bookings = await t.Booking.select().order_by(t.Booking.id)
    return {
        "/boka": bookings[0]["number"],
        "/narvaro": bookings[0]["number"],
        "/personal/uppdrag": again,
        "/samordnare/pass": duty.slot,
        "/samordnare/klass": cast.school_class.id,
        "/klass": cast.school_class.id,
    }


def named_in(text):
    """What of the protected person a text tells, however it is written."""
    plain = unquote(text).casefold()
    return [word for word in (NAME, "Persson", ADDRESS) if word.casefold() in plain]


def addresses(app, season):
    """Every page, with ids that are there; messages and duties one by one."""
    skipped = ("/static", "/ut", "/in/", "/kalender/")
    for route in sorted(app.routes, key=lambda route: route.path):
        if "GET" not in route.methods or route.path.startswith(skipped):
            continue
        prefix = route.path.partition("/{")[0]
        best = max((p for p in season if prefix.startswith(p)), key=len, default=None)
        for number in [season[best]] if best else range(1, 12):
            yield re.sub(r"\{[^}]+\}", str(number), route.path)


async def test_no_page_of_anybody_else_tells_who_is_protected(app, cast, season, sign_in):
    seen = 0
    for role in LOOKING:
        browser = await sign_in(getattr(cast, role))
        for path in dict.fromkeys(addresses(app, season)):
            answer = await browser.get(path)
            assert named_in(answer.text) == [], (role, path)
            assert named_in(str(answer.headers)) == [], (role, path)
            seen += answer.status_code == 200

    assert seen > 40


async def test_no_feed_tells_who_is_protected_not_even_their_own(cast, context, season):
    officer = await agencies.get_staff(cast.staff[Service.POLICE])
    whose = [
        (FeedKind.STAFF, officer.id),
        (FeedKind.AGENCY, officer.agency),
        (FeedKind.MUNICIPALITY, cast.municipality.id),
        (FeedKind.SCHOOL, cast.school_class.school_unit),
        (FeedKind.SCHOOL_CLASS, cast.school_class.id),
    ]

    for kind, subject in whose:
        url = await open_feed_for_operator(
            context, kind, subject, municipality=None, actor="operator"
        )
        found = await read_feed(context, url.rpartition("/")[2].removesuffix(".ics"))
        body = found.body.decode().replace("\r\n ", "")
        assert named_in(body) == [], kind
        assert (f"områdespolis nr {officer.id}" in body) is (kind is FeedKind.STAFF)


async def test_no_letter_names_who_is_protected_and_none_but_their_own_has_the_address(
    cast, season
):
    rows = await t.OutboxMessage.select().order_by(t.OutboxMessage.id)

    own = [row for row in rows if row["account"] == cast.officer.account]
    for row in rows:
        text = f"{row['subject']}\n{readable_text(row['mime'])}".replace(
            ADDRESS if row in own else "\0", ""
        )
        assert named_in(text) == [], row["subject"]
    assert len(own) == 3
    assert f"To: Områdespolis nr {cast.staff[Service.POLICE]} <{ADDRESS}>" in readable_text(
        own[0]["mime"]
    )


async def test_neither_the_log_nor_the_audit_log_names_who_is_protected(cast, context, season):
    async def refused(_message):
        raise MailRefusedError("recipient", 550)

    with capture_logs() as lines:
        await deliver_due(refused, clock=context.clock)

    assert lines
    entries = await audit.list_entries(cast.municipality.id)
    assert named_in(f"{lines} {entries} {await audit.list_entries(None)}") == []
