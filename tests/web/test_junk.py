"""What a broken program or an angry person sends: never a 5xx, never half a change."""

import re
from secrets import token_urlsafe

import pytest
from factories import a_key, some_details, stored_slot
from visiting import Forms

from blaljus.domain.words import Service
from blaljus.store import slots
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person

JUNK_PARTS = ("0", "-1", "99999999999999999999999", "x", "%00", "%FF", "å" * 300, "1'--", "..%2f")
JUNK_VALUES = (
    "",
    "-1",
    "99999999999999999999999",
    "1e9",
    "abc",
    "a\x00b",
    "å" * 5000,
    "'; DROP TABLE booking; --",
    "<script>alert(1)</script>",
    "=1+1",
    "2027-02-30",
    ["1", "2"],
)
ROLES = ("teacher", "officer", "coordinator", "foreign_coordinator")


@pytest.fixture
async def known(cast, context):
    """A booked and staffed slot; what the parameters of paths stand for."""
    slot = await stored_slot(cast.plan, cast.venue)
    number = await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )
    (police,) = [s for s in await slots.list_stations([slot.id]) if s.provides is Service.POLICE]
    duty = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=police.id,
        staff_id=cast.staff[Service.POLICE],
    )
    return {
        "/boka": number,
        "/narvaro": number,
        "/personal/uppdrag": duty,
        "/samordnare/pass": slot.id,
        "/samordnare/klass": cast.school_class.id,
        "/klass": cast.school_class.id,
    }


def _filled(path, known):
    """A route's path with a real id where we have one."""
    prefix = path.partition("/{")[0]
    best = max((p for p in known if prefix.startswith(p)), key=len, default=None)
    return re.sub(r"\{[^}]+\}", str(known[best]) if best else "1", path)


def _paths(app, method):
    skipped = ("/static", "/ut", "/in/", "/sprak")
    return sorted(
        route.path
        for route in app.routes
        if method in route.methods and not route.path.startswith(skipped)
    )


async def test_junk_in_an_address_is_never_our_fault(app, cast, known, sign_in):
    for role in ROLES:
        browser = await sign_in(getattr(cast, role))
        for path in _paths(app, "GET"):
            tried = {re.sub(r"\{[^}]+\}", junk, path) for junk in JUNK_PARTS}
            tried |= {f"{_filled(path, known)}?{_query(junk)}" for junk in _ODD}
            for address in sorted(tried):
                answer = await browser.get(address)
                assert answer.status_code < 500, (role, address)


_QUERY = ("klass", "kommun", "sida", "vy", "vecka", "lasar", "till", "tid", "fran")
_ODD = ("", "-1", "99999999999999999999", "x", "%00", "%F0%9F%92%A5")


def _query(junk):
    return "&".join(f"{name}={junk}" for name in _QUERY)


async def test_junk_in_a_form_is_never_our_fault_and_changes_nothing_by_half(
    app, cast, known, sign_in
):
    sent = 0
    for role in ROLES[:3]:
        browser = await sign_in(getattr(cast, role))
        for path in _paths(app, "GET"):
            page = await browser.get(_filled(path, known))
            if "text/html" not in page.headers.get("content-type", ""):
                continue
            for action, method, pairs in Forms(page.text).found:
                if method.lower() == "post" and not action.startswith(("/ut", "/konto")):
                    sent += await _spoil(browser, action or path, dict(pairs))

    assert sent > 100
    assert {name: found for name, found in await verify_store() if found} == {}


async def _spoil(browser, action, fields):
    """Send a form with each field spoilt in every way, with none at all, and with one too many."""
    spoilt = [
        {**fields, name: junk}
        for name in fields
        if name not in ("csrf", "key")
        for junk in JUNK_VALUES
    ]
    bare = {name: fields[name] for name in ("csrf", "key") if name in fields}
    for values in [*spoilt, bare, {**fields, "extra": "1"}, {}]:
        body = {**values, "key": token_urlsafe(18)} if "key" in values else values
        answer = await browser.post_fields(action, body)
        assert answer.status_code < 500, (action, values)
    return len(spoilt) + 3
