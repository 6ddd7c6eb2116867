"""Invariants 3, 4 and 5, each broken in one way, and found under its name."""

import pytest

AGAINST = "4 nobody is assigned against their word"
OVERRIDE = "UPDATE assignment SET override_reason = {reason} WHERE id = {{duty}}"
UNAVAILABLE = "DELETE FROM availability WHERE staff = {officer}"
ON_CALL = "UPDATE availability SET state = 'on_call' WHERE staff = {officer}"

_SLOT = """
    INSERT INTO slot (municipality, plan, venue, starts_at, ends_at, places, taken, state, uid,
        sequence, revised_at, version)
    SELECT municipality, plan, (SELECT MIN(id) FROM venue WHERE id <> slot.venue), '{start}',
        '{end}', places, 0, state, 'slot@x', 0, revised_at, 1
    FROM slot WHERE id = {slot}
"""
_STATION = """
    INSERT INTO station (slot, position, provides, name, minutes, max_pupils, staff_needed,
        on_call_allowed)
    SELECT (SELECT id FROM slot WHERE uid = 'slot@x'), position, provides, name, minutes,
        max_pupils, staff_needed, on_call_allowed
    FROM station WHERE id = {station}
"""
_DUTY = """
    INSERT INTO assignment (municipality, slot, station, staff, state, override_reason, uid,
        sequence, revised_at, version)
    SELECT municipality, (SELECT id FROM slot WHERE uid = 'slot@x'), (SELECT MAX(id) FROM station),
        staff, state, NULL, 'duty@x', 0, revised_at, 1
    FROM assignment WHERE id = {duty}
"""
SECOND_SLOT = (_SLOT, _STATION, _DUTY)
"""The officer at another place, within the time of the first."""


async def test_a_person_in_two_places_is_found(season):
    found = await season.spoilt(*SECOND_SLOT)

    (overlap,) = found["3 nobody is in two places"]
    assert overlap.what == season.finding("", "overlaps assignment:{duty} of staff:{officer}").what
    (unclaimed,) = found["3 a duty claims its time, and nothing else does"]
    assert unclaimed.subject == overlap.subject


async def test_an_overlap_with_a_long_duty_is_found_behind_a_short_one(season):
    """The duty before in time has ended; the one before that has not."""
    change = {"'{start}'": "'{late}'", "'{end}'": "'{latest}'", "@x": "@y"}
    later = list(SECOND_SLOT)
    for old, new in change.items():
        later = [statement.replace(old, new) for statement in later]

    found = await season.spoilt(*SECOND_SLOT, *later)

    first, second = found["3 nobody is in two places"]
    assert first.what == second.what
    assert first.what == season.finding("", "overlaps assignment:{duty} of staff:{officer}").what


@pytest.mark.parametrize(
    ("statement", "subject", "what"),
    [
        (
            "DELETE FROM staff_claim WHERE id = (SELECT MIN(id) FROM staff_claim)",
            "assignment:{duty}",
            "claims 5 of 6 quarters, and 0 others",
        ),
        (
            "INSERT INTO staff_claim (staff, bucket, assignment) VALUES ({officer}, 1, {duty})",
            "assignment:{duty}",
            "claims 6 of 6 quarters, and 1 others",
        ),
        (
            "UPDATE assignment SET state = 'withdrawn' WHERE id = {duty}",
            "assignment:{duty}",
            "has ended and claims 6 quarters",
        ),
    ],
)
async def test_time_that_is_claimed_wrongly_is_found(season, statement, subject, what):
    found = await season.spoilt(statement)

    check = "3 a duty claims its time, and nothing else does"
    assert found[check] == [season.finding(subject, what)]


@pytest.mark.parametrize(
    ("statements", "what"),
    [
        ((UNAVAILABLE,), "is not available"),
        (
            (ON_CALL, "UPDATE station SET on_call_allowed = {no} WHERE id = {station}"),
            "is on call, which the station or the venue forbids,",
        ),
        (
            (ON_CALL, "UPDATE venue SET near_rescue_station = {no} WHERE id = {venue}"),
            "is on call, which the station or the venue forbids,",
        ),
    ],
)
async def test_an_assignment_against_somebodys_word_is_found(season, statements, what):
    found = await season.spoilt(*statements)

    told = f"staff:{{officer}} {what} on {{day}}, and no reason overrides it"
    assert found[AGAINST] == [season.finding("assignment:{duty}", told)]


async def test_on_call_is_fine_where_station_and_venue_allow_it(season):
    assert AGAINST not in await season.spoilt(ON_CALL)


async def test_a_reason_overrides_what_was_said_and_must_be_in_the_log(season):
    found = await season.spoilt(UNAVAILABLE, OVERRIDE.format(reason="'Byter pass'"))

    assert AGAINST not in found
    what = "has an override that the log does not tell"
    assert found["4 every override is logged"] == [season.finding("assignment:{duty}", what)]


async def test_a_blank_reason_is_none(season):
    assert AGAINST in await season.spoilt(UNAVAILABLE, OVERRIDE.format(reason="' '"))


async def test_a_slot_whose_people_are_of_another_service_is_not_shown_at_risk_and_found(season):
    found = await season.spoilt(
        "UPDATE staff_member SET agency = (SELECT agency FROM staff_member WHERE id = {rescue})"
        " WHERE id = {officer}"
    )

    what = "lacks police for class:{school_class}, which is shown as booked"
    check = "5 a slot without its people is shown at risk"
    assert found[check] == [season.finding("slot:{slot}", what)]


async def test_a_class_that_lacks_people_and_stands_in_no_list_is_found(season):
    found = await season.spoilt(
        "UPDATE assignment SET state = 'declined' WHERE id = {duty}",
        "UPDATE school_class SET active = {no} WHERE id = {school_class}",
    )

    what = "lacks police for class:{school_class}, which is in no list"
    check = "5 a slot without its people is shown at risk"
    assert found[check] == [season.finding("slot:{slot}", what)]


async def test_a_decline_is_shown_at_risk_and_needs_no_finding(season):
    found = await season.spoilt("UPDATE assignment SET state = 'declined' WHERE id = {duty}")

    assert "5 a slot without its people is shown at risk" not in found
