"""Invariant 8, broken in every way letters can be missing, doubled or old, and found by name."""

# ruff: noqa: S608 -- the SQL is written here, all of it
import pytest

TOLD = "8 every change was told"
DECLINES = "8 every decline was told"
ANY_ORDER = "8 letters can be read in any order"
PRESENT = "8 letters leave the present in calendars"

LETTER = "WHERE message_id LIKE '{booking_uid}.2.request.%'"
TO_TEACHER = "account:{teacher_account}"

TWICE = """
    INSERT INTO outbox_message (municipality, account, method, subject, message_id, sender, mime,
        created_at, due_at, attempts)
    SELECT municipality, account, method, subject, 'again@x', sender, mime, created_at, due_at, 0
    FROM outbox_message
"""
AGAIN = TWICE.replace("'again@x'", "'{booking_uid}.9.request.9@x'") + LETTER

DECLINED = """
    INSERT INTO audit_entry (municipality, at, actor, action, subject, version, data,
        previous_hash, hash)
    SELECT municipality, at, actor, 'duty-declined', 'assignment:{duty}', 3, data, hash, 'x'
    FROM audit_entry WHERE municipality = {municipality} ORDER BY id DESC LIMIT 1
"""


async def test_a_change_that_no_letter_tells_of_is_found(season):
    found = await season.spoilt(f"DELETE FROM outbox_message {LETTER}")

    what = "was told to nobody when it came to version 2 (booking-changed)"
    assert found[TOLD] == [season.finding("booking:{booking}", what)]
    stale = f"stands with another DESCRIPTION in the calendar of {TO_TEACHER}"
    assert [x.subject for x in found[PRESENT]] == [f"booking:{season.ids['booking']}"]
    assert "DESCRIPTION" in found[PRESENT][0].what
    assert found[PRESENT][0].what.endswith(season.finding("", stale).what.rpartition(" ")[2])


async def test_an_invitation_that_was_never_owed_is_found(season):
    found = await season.spoilt(
        "DELETE FROM outbox_message WHERE message_id LIKE '{duty_uid}.1.request.%'"
    )

    what = "was told to nobody when it came to version 1 (duty-made)"
    assert found[TOLD] == [season.finding("assignment:{duty}", what)]
    never = "was never told to account:{officer_account}"
    assert found[PRESENT] == [season.finding("assignment:{duty}", never)]


async def test_an_update_that_somebody_else_got_is_found_at_both(season):
    found = await season.spoilt(
        "UPDATE outbox_message SET account = {coordinator_account}"
        " WHERE message_id LIKE '{booking_uid}.%'"
    )

    assert sorted(found[PRESENT]) == sorted(
        season.finding("booking:{booking}", what)
        for what in (
            f"was never told to {TO_TEACHER}",
            "still stands in the calendar of account:{coordinator_account}",
        )
    )


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE booking SET pupils = 17 WHERE id = {booking}", "with another DESCRIPTION in"),
        ("UPDATE booking SET sequence = 5 WHERE id = {booking}", "with another SEQUENCE in"),
        (f"UPDATE outbox_message SET method = 'cancel' {LETTER}", "as cancelled in"),
    ],
)
async def test_a_calendar_that_shows_another_present_is_found(season, statement, what):
    found = await season.spoilt(statement)

    told = f"stands {what} the calendar of {TO_TEACHER}"
    assert found[PRESENT] == [season.finding("booking:{booking}", told)]


async def test_a_slot_that_was_moved_behind_peoples_backs_is_found_at_everybody(season):
    found = await season.spoilt("UPDATE slot SET starts_at = '{start}', ends_at = '{end}'")
    later = await season.spoilt("UPDATE slot SET starts_at = '{late}', ends_at = '{latest}'")

    assert {x.what.partition(" in the")[0] for x in found[PRESENT]} == {"stands with another DTEND"}
    assert {x.what.partition(" in the")[0] for x in later[PRESENT]} == {
        "stands with another DTSTART, DTEND"
    }
    assert [x.subject.partition(":")[0] for x in later[PRESENT]] == [
        "booking",
        *["assignment"] * 3,
    ]


async def test_a_class_that_people_on_duty_were_not_told_of_is_found(season):
    found = await season.spoilt(
        "UPDATE school_class SET label = '4X' WHERE id = {second_class}",
    )

    assert [(x.subject.partition(":")[0]) for x in found[PRESENT]] == ["assignment"] * 3
    assert {x.what.partition(" in the")[0] for x in found[PRESENT]} == {
        "stands with another DESCRIPTION"
    }


async def test_what_was_cancelled_and_still_stands_in_a_calendar_is_found(season):
    found = await season.spoilt(
        "UPDATE booking SET state = 'cancelled', cancel_cause = 'illness' WHERE id = {booking}"
    )

    what = f"still stands in the calendar of {TO_TEACHER}"
    assert season.finding("booking:{booking}", what) in found[PRESENT]


async def test_somebody_without_an_account_in_use_is_owed_nothing(season):
    found = await season.spoilt("UPDATE account SET active = {no} WHERE id = {teacher_account}")

    assert PRESENT not in found


async def test_two_letters_with_one_revision_are_found(season):
    found = await season.spoilt(AGAIN)

    (twice,) = found[ANY_ORDER]
    assert twice.subject == f"account:{season.ids['teacher_account']}"
    assert twice.what.startswith(f"got 2 letters about {season.ids['booking_uid']} with revision 1")


async def test_a_letter_that_could_not_be_made_is_no_lie(season):
    """Nobody's bad address stops a booking: the outbox shows the letter, empty, as failed."""
    found = await season.spoilt(f"UPDATE outbox_message SET mime = '' {LETTER}")

    assert TOLD not in found


async def test_a_decline_that_no_coordinator_was_told_of_is_found(season):
    found = await season.spoilt(DECLINED)

    what = "was declined, which account:{coordinator_account} was not told"
    assert found[DECLINES] == [season.finding("assignment:{duty}", what)]
