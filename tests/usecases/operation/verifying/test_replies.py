"""Answers by mail, spoilt in every way a check looks for, and found by number."""

import pytest

KEPT = "7 answers by mail are kept and logged"
STAND = "7 answers by mail stand"
FORGOTTEN = "10 what people wrote by mail is forgotten"

OLD = "UPDATE reply SET {column} = '2025-01-01 08:00:00+00:00'"

BROKEN = {
    "a letter that is gone": (
        KEPT,
        "UPDATE reply SET letter = ''",
        "reply:{reply}",
        "was taken as yes, and its letter is gone",
    ),
    "an answer that is another one in the log": (
        KEPT,
        "UPDATE reply SET state = 'no'",
        "reply:{reply}",
        "was taken as no, and the log says reply-yes",
    ),
    "an answer that the log knows nothing of": (
        KEPT,
        "UPDATE reply SET id = 77",
        "reply:77",
        "was taken as yes, and the log says nothing of it",
    ),
    "an answer of the log that is not stored": (
        KEPT,
        "DELETE FROM reply",
        "reply:{reply}",
        "is reply-yes in the log, not stored",
    ),
    "a duty that has another answer": (
        STAND,
        "UPDATE assignment SET state = 'invited' WHERE id = {duty}",
        "assignment:{duty}",
        "is invited, and reply:{reply} was reply-yes",
    ),
    "a booking that its teacher's yes did not confirm": (
        STAND,
        (
            "UPDATE reply SET assignment = NULL, booking = {booking};"
            "UPDATE booking SET state = 'tentative' WHERE id = {booking}"
        ),
        "booking:{booking}",
        "is tentative, and reply:{reply} was reply-yes",
    ),
    "words that are kept too long": (
        FORGOTTEN,
        OLD.replace("{column}", "settled_at"),
        "reply:{reply}",
        "holds what was written 30 days after it ended",
    ),
    "a reply that is kept too long": (
        FORGOTTEN,
        OLD.replace("{column}", "received_at"),
        "reply:{reply}",
        "is kept longer than 400 days",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_reply_that_is_not_as_it_should_be_is_found(broken, season):
    check, statements, subject, what = BROKEN[broken]

    found = await season.spoilt(*statements.split(";"))

    assert season.finding(subject, what) in found[check]
    assert len({check for check in found if "mail" in check}) == 1


async def test_a_duty_that_changed_after_the_answer_is_no_lie(season):
    found = await season.spoilt(
        "UPDATE assignment SET state = 'declined' WHERE id = {duty}",
        "INSERT INTO audit_entry (municipality, at, actor, action, subject, version, data,"
        " previous_hash, hash)"
        " SELECT municipality, at, actor, 'duty-declined', 'assignment:{duty}', 3, data, hash, 'x'"
        " FROM audit_entry WHERE municipality = {municipality} ORDER BY id DESC LIMIT 1",
    )

    assert STAND not in found


async def test_an_answer_whose_words_were_forgotten_in_time_is_clean(season):
    found = await season.spoilt(
        "UPDATE reply SET letter = '', comment = '', sender = '',"
        " received_at = '2026-09-01 08:00:00+00:00', settled_at = '2026-09-01 08:00:00+00:00'"
    )

    assert found == {}
