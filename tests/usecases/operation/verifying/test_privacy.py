"""Invariant 10: a protected person's name or address, a personnummer, or more than counts."""

# ruff: noqa: S608 -- the SQL is written here, all of it
import pytest

NOWHERE = "10 protected people are named nowhere"
NUMBERS = "10 no text holds a personnummer"
NEEDS = "10 access needs are counts"

PROTECT = (
    "UPDATE staff_member SET protected = {yes}, display_name = 'Hemlig Person' WHERE id = {officer}"
)
ADDRESS = "police-1@blaljus.example"
NAMED = "names staff:{officer}, who is protected"
TO_OFFICER = "WHERE account = {officer_account}"
TO_TEACHER = "WHERE account = {teacher_account} AND message_id LIKE '{booking_uid}.1.%'"


async def test_who_is_protected_and_named_nowhere_needs_no_finding(season):
    assert await season.spoilt(PROTECT) == {}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE station SET name = 'Med HEMLIG person' WHERE id = {station}", "station"),
        ("UPDATE assignment SET override_reason = 'Hemlig Person byter' WHERE id = {duty}", "assi"),
        ("UPDATE venue SET name = 'Hos police-1@blaljus.example' WHERE id = {venue}", "venue"),
        (
            "UPDATE calendar_entry SET fragment = REPLACE(fragment, 'Blå', 'Hemlig Person Blå')",
            "calendar_entry",
        ),
        ("UPDATE idempotency_key SET outcome = '[\"Hemlig Person\"]' WHERE id = 1", "form"),
        (f"UPDATE outbox_message SET subject = 'Till Hemlig Person' {TO_TEACHER}", "message"),
        (f"UPDATE outbox_message SET mime = REPLACE(mime, 'Polis', '{ADDRESS}') {TO_TEACHER}", "m"),
        (f"UPDATE outbox_message SET subject = 'Till Hemlig Person' {TO_OFFICER}", "message"),
    ],
)
async def test_where_a_protected_person_is_named_is_found(season, statement, kind):
    found = await season.spoilt(PROTECT, statement)

    assert {x.what for x in found[NOWHERE]} == {season.finding("", NAMED).what}
    assert {x.subject[: len(kind)] for x in found[NOWHERE]} == {kind}


async def test_a_name_in_the_log_is_found(season, unguarded):
    found = await season.spoilt(
        PROTECT, *unguarded, "UPDATE audit_entry SET actor = 'Hemlig Person' WHERE id = 1"
    )

    assert found[NOWHERE] == [season.finding("audit:1", NAMED)]


async def test_ones_own_letter_that_was_sent_stays_as_it_is(season):
    found = await season.spoilt(
        PROTECT,
        f"UPDATE outbox_message SET sent_at = created_at, subject = 'Hemlig Person' {TO_OFFICER}",
    )

    assert NOWHERE not in found


@pytest.mark.parametrize("name", ["Polis", "Rescue 1"])
async def test_a_name_that_is_a_word_of_ours_or_somebody_elses_tells_nothing(season, name):
    rename = PROTECT.replace("Hemlig Person", name)

    assert NOWHERE not in await season.spoilt(rename)


async def test_a_personnummer_in_a_text_is_found(season):
    found = await season.spoilt("UPDATE station SET name = 'Möt 811218-9876' WHERE id = {station}")

    what = "holds a personnummer in name"
    assert found[NUMBERS] == [season.finding("station:{station}", what)]


@pytest.mark.parametrize("needs", ["[1]", '{{{{"glasses":1}}}}', '{{{{"calm":19}}}}', ""])
async def test_access_needs_that_are_no_counts_are_found(season, needs):
    found = await season.spoilt(
        "UPDATE booking SET access_needs = 'NEEDS' WHERE id = {booking}".replace("NEEDS", needs)
    )

    what = "has access needs that are no counts of ours"
    assert found == {NEEDS: [season.finding("booking:{booking}", what)]}
