"""Invariant 7, broken in every way the log or the rows can be, and found under its name."""

import pytest

CHAINS = "7 the chains of the audit log hold"
VERSIONS = "7 every version has its one audit row"
REPLAY = "7 the audit log, replayed, gives what is stored"
ACKNOWLEDGED = "7 what was acknowledged is stored"

ENDS = "where the log ends at"

SPOIL = (
    "UPDATE audit_entry SET CHANGE"
    " WHERE id = (SELECT MIN(id) FROM audit_entry WHERE subject = 'booking:{booking}')"
)
REMOVE = SPOIL.replace("UPDATE audit_entry SET CHANGE", "DELETE FROM audit_entry")
CHANGED = """
    INSERT INTO audit_entry (municipality, at, actor, action, subject, version, data,
        previous_hash, hash)
    SELECT municipality, at, actor, 'duty-changed', 'assignment:{duty}', 3, data, hash, 'x'
    FROM audit_entry WHERE municipality = {municipality} ORDER BY id DESC LIMIT 1
"""
CALLOUT = """
    INSERT INTO callout (municipality, slot, station, left_at, back_at, rotation, noted_at,
        noted_by, version)
    VALUES ({municipality}, {slot}, {station}, '{start}', NULL, '', '{start}', {officer_account}, 1)
"""
ANSWER = "UPDATE idempotency_key SET outcome = 'OUTCOME' WHERE id = 1"
TWICE = (
    "INSERT INTO audit_entry (municipality, at, actor, action, subject, version, data,"
    " previous_hash, hash) SELECT municipality, at, actor, action, subject, version, data, hash,"
    " 'x' FROM audit_entry WHERE municipality = {municipality} ORDER BY id DESC LIMIT 1"
)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'account:999'",
        "action = 'booking-held'",
        "data = '{{{{}}}}'",
        "data = ''",
        "version = 7",
        "at = '2020-01-01 00:00:00+00:00'",
        "subject = 'booking:{held}'",
        "hash = 'x'",
    ],
)
async def test_a_row_that_was_changed_is_found(season, unguarded, change):
    found = await season.spoilt(*unguarded, SPOIL.replace("CHANGE", change))

    assert "was changed after it was written" in [x.what for x in found[CHAINS]]
    assert found["the database's own guards stand: unique indexes, and triggers of the log"]


async def test_a_row_that_was_removed_is_found(season, unguarded):
    found = await season.spoilt(*unguarded, REMOVE)

    assert [x.what for x in found[CHAINS]] == ["does not follow the row before it"]
    what = "has version 2, and the log tells of 2"
    assert found[VERSIONS] == [season.finding("booking:{booking}", what)]


async def test_the_last_row_that_was_removed_is_found_by_what_it_told_of(season, unguarded):
    found = await season.spoilt(
        *unguarded,
        "DELETE FROM audit_entry WHERE id = (SELECT MAX(id) FROM audit_entry"
        " WHERE municipality = {municipality})",
    )

    assert CHAINS not in found
    what = "has version 1, and the log tells of none"
    assert found[VERSIONS] == [season.finding("attendance:{held}", what)]


@pytest.mark.parametrize(
    ("statement", "subject", "what"),
    [
        (
            "UPDATE booking SET version = 3 WHERE id = {booking}",
            "booking:{booking}",
            "has version 3, and the log tells of 1, 2",
        ),
        (
            "UPDATE booking SET version = 1 WHERE id = {booking}",
            "booking:{booking}",
            "has version 1, and the log tells of 1, 2",
        ),
        (
            "UPDATE assignment SET version = 3 WHERE id = {duty}",
            "assignment:{duty}",
            "has version 3, and the log tells of 1, 2",
        ),
        (
            "UPDATE plan_run SET version = 1 WHERE number = 1",
            "run:1",
            "has version 1, and the log tells of 1, 2",
        ),
        (TWICE, "attendance:{held}", "has version 1, and the log tells of 1, 1"),
    ],
)
async def test_a_version_without_exactly_one_row_is_found(season, statement, subject, what):
    assert (await season.spoilt(statement))[VERSIONS] == [season.finding(subject, what)]


async def test_a_time_said_without_its_version_is_found(season):
    told = TWICE.replace(
        "action, subject, version,", "'availability-said', 'staff:{officer}', 2,", 1
    )
    insert, _, select = TWICE.partition("SELECT ")
    told = (
        insert
        + "SELECT "
        + select.replace(
            "actor, action, subject, version", "actor, 'availability-said', 'staff:{officer}', 2"
        )
    )

    found = await season.spoilt(told)

    what = "has version 1, and the log tells of 2"
    assert found[VERSIONS] == [season.finding("staff:{officer}", what)]


@pytest.mark.parametrize(
    ("statement", "subject", "what"),
    [
        (
            "UPDATE booking SET state = 'cancelled', cancel_cause = 'illness' WHERE id = {booking}",
            "booking:{booking}",
            f"is stored with state cancelled, {ENDS} , cause illness, {ENDS} None",
        ),
        (
            "UPDATE booking SET state = 'confirmed' WHERE id = {held}",
            "booking:{held}",
            "is stored with state , where the log ends at held",
        ),
        (
            "UPDATE assignment SET state = 'declined' WHERE id = {duty}",
            "assignment:{duty}",
            "is stored with state declined, where the log ends at accepted",
        ),
        (
            "UPDATE assignment SET staff = {rescue} WHERE id = {duty}",
            "assignment:{duty}",
            "is stored with staff {rescue}, where the log ends at {officer}",
        ),
        (
            "UPDATE plan_run SET state = 'discarded' WHERE number = 1",
            "run:1",
            "is stored with state discarded, where the log ends at approved",
        ),
        (
            "UPDATE attendance SET pupils = 0 WHERE booking = {held}",
            "attendance:{held}",
            "is stored with pupils 0, where the log ends at 20",
        ),
        (
            "UPDATE slot SET state = 'cancelled' WHERE id = {slot}",
            "slot:{slot}",
            f"is stored with off True, {ENDS} False, version 3, {ENDS} 0",
        ),
    ],
)
async def test_what_is_stored_otherwise_than_the_log_tells_is_found(
    season, statement, subject, what
):
    drop = "DROP INDEX one_active_assignment_per_person_and_slot"

    found = await season.spoilt(drop, statement)

    assert found[REPLAY] == [season.finding(subject, what)]


async def test_a_call_out_that_the_log_does_not_tell_of_is_found(season):
    found = await season.spoilt(CALLOUT)

    (finding,) = found[REPLAY]
    assert finding.subject.startswith("callout:")
    assert finding.what.startswith(f"is stored with station {season.ids['station']}, {ENDS} None")


@pytest.mark.parametrize("state", ["invited", "accepted"])
async def test_who_was_told_anew_may_have_been_asked_again_or_not(season, state):
    """The log tells that a duty was changed; whether the answer stands is in the letter."""
    found = await season.spoilt(
        CHANGED,
        "UPDATE assignment SET version = 3, state = 'STATE' WHERE id = {duty}".replace(
            "STATE", state
        ),
    )

    assert REPLAY not in found
    assert VERSIONS not in found


async def test_a_visit_that_the_log_does_not_tell_of_is_found(season):
    found = await season.spoilt(
        "UPDATE visit SET state = 'missed', cause = 'callout' WHERE station = {station}"
    )

    assert [x.subject for x in found[REPLAY]] == [f"attendance:{season.ids['held']}"]


@pytest.mark.parametrize("answer", ['"number":999998', '"assignment":77', '"slot":77'])
async def test_a_form_that_was_answered_with_what_is_not_there_is_found(season, answer):
    # Braces twice: for `spoilt`, and for Piccolo.
    outcome = '{{{{"done":{{{{' + answer + "}}}}}}}}"

    found = await season.spoilt(ANSWER.replace("OUTCOME", outcome))

    name, _, value = answer.replace('"', "").partition(":")
    what = f"was answered with {name} {value}, which is not there"
    assert found[ACKNOWLEDGED] == [season.finding("form:1", what)]
