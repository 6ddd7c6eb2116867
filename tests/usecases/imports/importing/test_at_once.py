"""People say when they can come, and much else, while a file is taken over."""

import asyncio
from datetime import date

import pytest
from factories import NOW, a_key, person_of
from importing_hoor import edited

from blaljus.domain.agencies import Available
from blaljus.domain.errors import BlaljusError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.domain.words import AssignmentState, AvailabilityState, CancelCause, Half
from blaljus.store import agencies, assignments, slots
from blaljus.store.engine import write_transaction
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.imports.importing import ImportChangedError, apply_import, preview
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.answering import answer_duty

YEAR = SchoolYear(2026)

DAY = date(2027, 5, 10)
"""The file says that the officer is free."""


async def test_what_a_person_says_meanwhile_makes_the_import_be_looked_at_again(
    imported, context, hoor
):
    officer = await agencies.find_staff_by_reference("polis-1")
    assert officer is not None
    await agencies.set_availability(officer.id, DAY, DAY, [])
    seen = await preview(context, hoor)
    held = asyncio.Event()

    async def take():
        await held.wait()
        await apply_import(context, OPERATOR, hoor, fingerprint=seen.fingerprint)

    taking = asyncio.create_task(take())
    async with write_transaction():
        await agencies.lock_staff(officer.id)
        held.set()
        await asyncio.sleep(0.5)
        said = [
            Available(staff=officer.id, day=DAY, half=half, state=AvailabilityState.ON_CALL)
            for half in Half
        ]
        await agencies.set_availability(officer.id, DAY, DAY, said)

    with pytest.raises(ImportChangedError):
        await taking


async def test_a_duty_taken_away_elsewhere_makes_a_new_address_be_looked_at_again(
    term, context, hoor
):
    files = edited(hoor, "personal.csv", "polis-4@blaljus", "nina.ny@blaljus")
    seen = await preview(context, files)
    elsewhere, held = (term.other.id,), asyncio.Event()

    async def take():
        await held.wait()
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)

    taking = asyncio.create_task(take())
    async with write_transaction():
        # As who calls a slot off: its people are not locked, the slot is.
        await slots.lock_slot(term.foreign.id, elsewhere)
        held.set()
        await asyncio.sleep(0.5)
        duty = await assignments.get_assignment(term.duties["foreign"], elsewhere, lock=True)
        await assignments.save_assignment(duty, state=AssignmentState.WITHDRAWN, now=NOW)

    with pytest.raises(ImportChangedError):
        await taking


CHANGES = (
    (
        "skolenheter.json",
        '"displayName": "Enebackeskolan",\n    "status"',
        '"displayName": "Enen",\n    "status"',
    ),
    ("personal.csv", "polis-4@blaljus", "nina.ny@blaljus"),
    ("klasser.csv", "larare.90012671.4a@skola", "ny.larare@skola"),
)


@pytest.mark.parametrize("first", range(5))
async def test_an_import_amid_bookings_answers_and_staffing_ends_with_the_truth(
    term, context, hoor, book, assign, first
):
    files = {name: text for edit in CHANGES for name, text in edited(hoor, *edit).items()}
    seen = await preview(context, files)
    officer = await person_of("polis-4@blaljus.example")

    def answer(name, *, can):
        return answer_duty(context, officer, a_key(), assignment_id=term.duties[name], can=can)

    # In the municipality and elsewhere; each takes its locks, and none may wait in a circle.
    acts = [
        apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint),
        answer("school", can=True),
        answer("foreign", can=False),
        book(context, term.coordinator, "90012673", "4A", term.shared),
        cancel_slot(
            context,
            term.coordinator,
            a_key(),
            slot_id=term.shared.id,
            cause=CancelCause.ILLNESS,
        ),
        assign(context, term.other_coordinator, "polis-2", term.foreign),
    ]
    answers = await asyncio.gather(*acts[first:], *acts[:first], return_exceptions=True)
    wrong = [a for a in answers if isinstance(a, Exception) and not isinstance(a, BlaljusError)]
    await again(context, files)

    assert wrong == []
    assert not [finding for _, findings in await verify_store() for finding in findings]


async def again(context, files):
    """What is left of an import that was looked at too early."""
    seen = await preview(context, files)
    await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint)


async def test_two_municipalities_tell_the_same_officer_one_after_the_other(term, context, hoor):
    old, new = "polis-4@blaljus", "nina.ny@blaljus"
    here, there = edited(hoor, "personal.csv", old, new), edited(hoor, "personal.csv", old, "n.n@x")
    wishes = [
        (files, {"scope": owner.id, "school_year": YEAR})
        for files, owner in ((here, term.municipality), (police(there), term.other))
    ]
    seen = [await preview(context, files, **wish) for files, wish in wishes]

    answers = await asyncio.gather(
        *(
            apply_import(context, OPERATOR, files, fingerprint=shown.fingerprint, **wish)
            for (files, wish), shown in zip(wishes, seen, strict=True)
        ),
        return_exceptions=True,
    )

    assert [shown.problems for shown in seen] == [(), ()]
    assert sorted(type(answer).__name__ for answer in answers) == ["Applied", "ImportChangedError"]
    assert not [finding for _, findings in await verify_store() for finding in findings]


def police(files):
    """The rows of the staff that both municipalities share."""
    lines = files["personal.csv"].decode().splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("personalref", "polis"))]
    return {"personal.csv": "".join(kept).encode()}
