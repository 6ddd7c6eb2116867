"""What an import calls something else, calendars and letters call so too."""

import email
from collections import defaultdict
from email import policy

import pytest
from factories import a_key, person_of
from icalendar import Calendar
from importing_hoor import dump, edited, touched

from blaljus.domain.people import OPERATOR
from blaljus.domain.words import AssignmentState, CancelCause, FeedKind
from blaljus.store import agencies, assignments, bookings, outbox, slots
from blaljus.store import tables as t
from blaljus.store.entries import list_fragments
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.imports.importing import ImportChangedError, apply_import, preview
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.answering import answer_duty

OFFICER = "polis-4@blaljus.example"
TEACHER_4A = "larare.90012671.4a@skola.example"
TEACHER_4B = "larare.90012671.4b@skola.example"
OTHER_TEACHER = "larare.90012672.4a@skola.example"

RENAMED = (
    "skolenheter.json",
    '"displayName": "Enebackeskolan",\n    "status"',
    '"displayName": "Enen",\n    "status"',
)
NEW_ADDRESS = ("personal.csv", "polis-4@blaljus", "nina.ny@blaljus")
NEW_TEACHER = ("klasser.csv", "larare.90012671.4a@skola", "ny.larare@skola")


class Letter:
    """One owed message: whom to, and what its calendar says."""

    def __init__(self, owed):
        message = email.message_from_bytes(owed.mime.encode(), policy=policy.default)
        (part,) = [p for p in message.walk() if p.get_filename() == "invite.ics"]
        event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
        self.to, self.method, self.subject = owed.address, owed.method, owed.subject
        self.text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        self.uid, self.place = str(event["UID"]), str(event["LOCATION"])
        self.sequence, self.stamp = int(event["SEQUENCE"]), event["DTSTAMP"].dt
        self.partstat = event["ATTENDEE"].params.get("PARTSTAT")
        self.description = str(event["DESCRIPTION"])

    @property
    def revision(self):
        return (self.sequence, self.stamp)

    @property
    def said(self):
        return (self.to, self.method, self.place, self.sequence, self.partstat)


async def letters(term, *, after=0):
    """Every letter of both municipalities, oldest first, but the first `after`."""
    scope = (term.municipality.id, term.other.id)
    owed = await outbox.list_messages(scope, limit=200)
    return [Letter(message) for message in reversed(owed)][after:]


def calendars(found):
    """What each address's calendar shows, whatever the order of reading: places by UID."""
    shown = defaultdict(dict)
    for letter in sorted(found, key=lambda letter: letter.revision):
        shown[letter.to].pop(letter.uid, None)
        if letter.method == "request":
            shown[letter.to][letter.uid] = letter.place
    return shown


async def truth(term):
    """What the calendars of the officer and of the teacher of 4A should show."""
    duties = {}
    for name in ("shared", "school", "foreign"):
        slot = getattr(term, name)
        slot = await slots.get_slot(slot.id, (slot.municipality,))
        (duty,) = await assignments.list_assignments([slot.id], (slot.municipality,))
        duties[duty.uid] = slot.venue_name
    booked = await bookings.list_in_slots([term.school.id], (term.municipality.id,))
    school = await slots.get_slot(term.school.id, (term.municipality.id,))
    return duties, {booked[0].uid: school.venue_name}


async def accept_all(term, context):
    """The officer says yes to everything."""
    person = await person_of(OFFICER)
    for duty in term.duties.values():
        await answer_duty(context, person, a_key(), assignment_id=duty, can=True)


async def states(term):
    found = {}
    for name, duty in term.duties.items():
        slot = getattr(term, name)
        found[name] = await assignments.get_assignment(duty, (slot.municipality,))
    return {name: (duty.state, duty.sequence, duty.version) for name, duty in found.items()}


async def no_findings():
    return not [finding for _, findings in await verify_store() for finding in findings]


async def test_a_school_with_another_name_is_told_as_a_place_to_who_comes_there(
    term, take, hoor, context
):
    await accept_all(term, context)
    before = len(await letters(term))

    await take(edited(hoor, *RENAMED))

    sent = await letters(term, after=before)
    assert sorted(letter.said for letter in sent) == [
        (TEACHER_4A, "request", "Enen", 1, "NEEDS-ACTION"),
        (TEACHER_4B, "request", "Brandstationen i Höör", 0, "NEEDS-ACTION"),
        (OFFICER, "request", "Brandstationen i Höör", 0, "ACCEPTED"),
        (OFFICER, "request", "Enen", 1, "NEEDS-ACTION"),
    ]
    texts = {letter.said[:3]: letter.text for letter in sent}
    assert "Förut: Enebackeskolan\n  Nu: Enen" in texts[OFFICER, "request", "Enen"]
    assert "Svara igen" in texts[OFFICER, "request", "Enen"]
    assert "4B, Enen" in texts[TEACHER_4B, "request", "Brandstationen i Höör"]
    assert await states(term) == {
        "shared": (AssignmentState.ACCEPTED, 0, 2),
        "school": (AssignmentState.INVITED, 1, 3),
        "foreign": (AssignmentState.ACCEPTED, 0, 2),
    }
    shown = calendars(await letters(term))
    assert (shown[OFFICER], shown[TEACHER_4A]) == await truth(term)
    assert await no_findings()


async def test_feeds_show_the_new_name_and_the_newer_revision(term, take, hoor, clock):
    officer = await agencies.find_staff_by_reference("polis-4")
    c = t.SchoolClass
    rows = await c.select(c.id, c.school_unit).where(c.label == "4A")
    school = next(r for r in rows)["school_unit"]

    async def feeds():
        return {
            kind: "".join(await list_fragments(kind, subject, clock()))
            for kind, subject in (
                (FeedKind.STAFF, officer.id),
                (FeedKind.AGENCY, officer.agency),
                (FeedKind.SCHOOL, school),
                (FeedKind.MUNICIPALITY, term.municipality.id),
            )
        }

    before = await feeds()
    await take(edited(hoor, *RENAMED))
    after = await feeds()

    assert all("Enebackeskolan" in feed for feed in before.values())
    assert not any("Enebackeskolan" in feed for feed in after.values())
    assert all("Enen" in feed for feed in after.values())
    assert "SEQUENCE:1" in after[FeedKind.MUNICIPALITY]


async def test_a_slot_that_has_begun_or_is_called_off_keeps_the_old_name(
    term, take, hoor, clock, context
):
    await cancel_slot(
        context, term.coordinator, a_key(), slot_id=term.shared.id, cause=CancelCause.ILLNESS
    )
    clock.set(term.school.starts_at)
    before, sent = await dump(), len(await letters(term))

    await take(edited(hoor, *RENAMED))

    assert await letters(term, after=sent) == []
    assert not {"Slot", "Booking", "Assignment", "CalendarEntry"} & {
        table for table, _ in touched(before, await dump())
    }


async def test_a_place_on_the_map_is_shown_in_calendars_and_nobody_is_written_to(
    term, take, hoor, clock
):
    sent = len(await letters(term))
    before = await list_fragments(FeedKind.MUNICIPALITY, term.municipality.id, clock())
    content = hoor["skolenheter.json"].replace(b'"latitude": "55.936"', b'"latitude": "55.9361"', 1)

    await take({"skolenheter.json": content})

    after = await list_fragments(FeedKind.MUNICIPALITY, term.municipality.id, clock())
    (new,) = set(after) - set(before)
    assert "GEO:55.9361" in new
    assert "SEQUENCE:0" in new
    assert await letters(term, after=sent) == []
    assert await no_findings()


async def test_a_class_that_is_spelt_otherwise_is_told_as_a_text(term, take, hoor):
    before = len(await letters(term))

    await take(edited(hoor, "klasser.csv", "90012671;4B;", "90012671;4b;"))

    sent = await letters(term, after=before)
    assert sorted(letter.said for letter in sent) == [
        (TEACHER_4B, "request", "Brandstationen i Höör", 0, "NEEDS-ACTION"),
        (OFFICER, "request", "Brandstationen i Höör", 0, "NEEDS-ACTION"),
    ]
    assert all("4b, Enebackeskolan" in letter.description for letter in sent)
    assert await no_findings()


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_new_address_gets_every_duty_to_come_and_the_old_one_none(
    term, take, hoor, context, accepted
):
    if accepted:
        await accept_all(term, context)
    before = len(await letters(term))

    seen = await take(edited(hoor, *NEW_ADDRESS))

    new = "nina.ny@blaljus.example"
    sent, (duties, _) = await letters(term, after=before), await truth(term)
    answer = "ACCEPTED" if accepted else "NEEDS-ACTION"
    assert sorted(letter.said for letter in sent) == sorted(
        said
        for place in duties.values()
        for said in (
            (OFFICER, "cancel", place, 1, None),
            (new, "request", place, 2, answer),
        )
    )
    assert len(seen.follows.readdressed) == 3
    shown = calendars(await letters(term))
    assert (shown[new], shown[OFFICER]) == (duties, {})
    # A mailbox that both addresses lead to ends with the truth too.
    merged = [letter for letter in await letters(term) if letter.to in (OFFICER, new)]
    for letter in merged:
        letter.to = "both"
    assert calendars(merged)["both"] == duties
    state = AssignmentState.ACCEPTED if accepted else AssignmentState.INVITED
    assert {state for state, *_ in (await states(term)).values()} == {state}
    assert await no_findings()


async def test_the_old_address_is_not_told_that_nobody_need_come(term, take, hoor):
    before = len(await letters(term))

    await take(edited(hoor, *NEW_ADDRESS))

    (text, *_) = [
        letter.text for letter in await letters(term, after=before) if letter.to == OFFICER
    ]
    assert "Uppdraget gäller fortfarande" in text
    assert "inte komma" not in text


async def test_an_address_that_comes_back_gets_its_duties_back(term, take, hoor):
    for files in (edited(hoor, *NEW_ADDRESS), {"personal.csv": hoor["personal.csv"]}) * 2:
        await take(files)

    shown, (duties, _) = calendars(await letters(term)), await truth(term)
    assert (shown[OFFICER], shown["nina.ny@blaljus.example"]) == (duties, {})
    assert await no_findings()


async def test_a_teachers_new_address_gets_the_time_and_the_old_one_loses_it(term, take, hoor):
    before = len(await letters(term))

    await take(edited(hoor, *NEW_TEACHER))

    sent = await letters(term, after=before)
    assert [letter.said for letter in sent] == [
        (TEACHER_4A, "cancel", "Enebackeskolan", 1, None),
        ("ny.larare@skola.example", "request", "Enebackeskolan", 2, "NEEDS-ACTION"),
    ]
    assert "Klassens tid gäller fortfarande" in sent[0].text
    shown, (_, booked) = calendars(await letters(term)), await truth(term)
    assert (shown["ny.larare@skola.example"], shown[TEACHER_4A]) == (booked, {})


async def test_everything_at_once_ends_with_the_truth_in_every_calendar(term, take, hoor, context):
    await accept_all(term, context)
    files = {
        k: v for edit in (RENAMED, NEW_ADDRESS, NEW_TEACHER) for k, v in edited(hoor, *edit).items()
    }

    await take(files)

    found, (duties, booked) = await letters(term), await truth(term)
    shown = calendars(found)
    assert [letter.to for letter in found].count("ny.larare@skola.example") == 1
    assert shown["nina.ny@blaljus.example"] == duties
    assert shown["ny.larare@skola.example"] == booked
    assert shown[OFFICER] == shown[TEACHER_4A] == {}
    assert await no_findings()
    assert (await take(files)).changes_nothing


async def test_another_spelling_of_an_address_writes_to_nobody(term, take, hoor):
    before = await dump()

    await take(edited(hoor, "personal.csv", "polis-4@blaljus", "Polis-4@Blaljus"))

    assert await dump() == before


async def test_a_duty_made_meanwhile_makes_a_new_address_be_looked_at_again(
    term, context, hoor, assign
):
    await t.StaffClaim.delete(force=True)
    await t.Assignment.delete(force=True)
    files = edited(hoor, *NEW_ADDRESS)
    seen = await preview(context, files)
    await assign(context, term.other_coordinator, "polis-4", term.foreign)

    with pytest.raises(ImportChangedError):
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)
