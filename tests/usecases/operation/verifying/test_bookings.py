"""Invariants 1, 2 and 6, each broken in one way, and found under its name."""

import pytest

COPY = (
    "INSERT INTO booking (municipality, plan, slot, school_class, number, state, pupils, adults,"
    " phone, access_needs, transport, catch_up, pays, cancel_cause, uid, sequence, revised_at,"
    " version) SELECT municipality, plan, slot, school_class, 999999, state, pupils, adults, phone,"
    " access_needs, transport, catch_up, pays, cancel_cause, 'copy@x', sequence, revised_at,"
    " version FROM booking WHERE id = {booking}"
)

BLOCK = (
    "INSERT INTO calendar_block (municipality, school_unit, kind, name, first_on, last_on)"
    " VALUES (OWNER, SCHOOL, 'studiedag', 'Planering', '{day}', '{day}')"
)

BROKEN = {
    "1 a class has one active booking": (
        ("DROP INDEX one_active_booking_per_class", COPY),
        "class:{school_class}",
        "has 2 active bookings in plan:{plan}: {spoken}, 999 999",
    ),
    "1 a catch-up names the services it pays": (
        ("UPDATE booking SET catch_up = {yes} WHERE id = {booking}",),
        "booking:{booking}",
        "is a catch-up that pays no service",
    ),
    "2 bookings fit the places of their slot": (
        ("UPDATE slot SET taken = 1, places = 1 WHERE id = {slot}",),
        "slot:{slot}",
        "holds 2 bookings, counts 1 and has 1 places",
    ),
    "2 bookings fit the places of their slot ": (
        ("UPDATE slot SET group_pupils = 11 WHERE id = {slot}",),
        "slot:{slot}",
        "holds 4 groups, counts 2 and has 3 places",
    ),
    "2 classes fit every station of their slot": (
        ("UPDATE station SET max_pupils = 19 WHERE id = {station}",),
        "booking:{held}",
        "brings 20 pupils to slot:{slot}, where 19 fit",
    ),
    "2 classes come and leave within reach of their slot": (
        ("UPDATE booking SET arrives_at = '2030-01-01 08:00:00+00:00' WHERE id = {booking}",),
        "booking:{booking}",
        "has times that cannot be: arrives-outside",
    ),
    "6 no class comes on a day off": (
        (BLOCK.replace("OWNER", "{municipality}").replace("SCHOOL", "{school}"),),
        "booking:{booking}",
        "is on {day}, a studiedag of school:{school}",
    ),
}


@pytest.mark.parametrize("check", BROKEN)
async def test_a_broken_invariant_is_found_under_its_name(season, check):
    statements, subject, what = BROKEN[check]

    found = await season.spoilt(*statements)

    assert found[check.strip()] == [season.finding(subject, what)]


async def test_nobody_is_counted_on_in_a_slot_that_is_not_published(season):
    found = await season.spoilt("UPDATE slot SET state = 'draft' WHERE id = {slot}")

    wanted = found["2 nothing stands in a slot that is not published"]
    assert len(wanted) == 5
    assert season.finding("booking:{booking}", "stands in slot:{slot}, which is draft") in wanted
    assert season.finding("assignment:{duty}", "stands in slot:{slot}, which is draft") in wanted


async def test_a_day_off_of_another_school_or_municipality_keeps_nobody_away(season):
    other = "(SELECT id FROM school_unit WHERE id <> {school})"

    found = await season.spoilt(
        BLOCK.replace("OWNER", "{other}").replace("SCHOOL", "NULL"),
        BLOCK.replace("OWNER", "{municipality}").replace("SCHOOL", other),
    )

    assert "6 no class comes on a day off" not in found, "the other class has been there already"


async def test_a_catch_up_may_pay_what_the_plan_requires_and_nothing_else(season):
    pays = "UPDATE booking SET catch_up = {yes}, pays = 'SERVICES' WHERE id = {booking}"
    check = "1 a catch-up names the services it pays"

    assert check not in await season.spoilt(pays.replace("SERVICES", "police,rescue"))
    found = await season.spoilt(pays.replace("SERVICES", "police,partner"))

    what = "is a catch-up that pays police, partner"
    assert found[check.strip()] == [season.finding("booking:{booking}", what)]
