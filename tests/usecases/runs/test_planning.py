import pytest
from factories import YEAR, a_key, some_details, stored_slot

from blaljus.domain.errors import NotFoundError
from blaljus.domain.runs import RunDecidedError, WorldChangedError
from blaljus.domain.words import CoverageState, FeedKind, Service
from blaljus.store import bookings, entries, outbox, slots
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.followup.coverage import get_coverage
from blaljus.usecases.runs.deciding import approve_run, discard_run
from blaljus.usecases.runs.planning import get_run, start_run


async def proposed(context, cast):
    return await start_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, school_year=YEAR
    )


async def approved(context, cast, number):
    return await approve_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, number=number
    )


async def test_a_run_proposes_a_slot_for_every_class_and_changes_nothing(cast, context):
    number = await proposed(context, cast)

    page = await get_run(cast.coordinator, cast.municipality.id, number)
    assert page.proposal.placed == 2
    assert page.proposal.unplaced == ()
    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,)) == []


async def test_approval_publishes_slots_with_bookings_people_and_letters(cast, context, clock):
    number = await proposed(context, cast)

    published = await approved(context, cast, number)

    matrix = await get_coverage(cast.municipality.id, YEAR, clock=clock)
    assert published == 1
    assert matrix.totals[CoverageState.BOOKED] == 6
    assert {row.school_class.label for row in matrix.rows if row.placed} == {"4A", "4B"}
    messages = await outbox.list_messages((cast.municipality.id,), limit=50)
    assert sorted(message.address for message in messages) == [
        "ambulance-1@blaljus.example",
        "larare.al@skola.example",
        "larare.ek@skola.example",
        "police-1@blaljus.example",
        "rescue-1@blaljus.example",
    ]
    officer = cast.staff[Service.POLICE]
    assert len(await entries.list_fragments(FeedKind.STAFF, officer, clock())) == 1
    overview = await entries.list_fragments(FeedKind.MUNICIPALITY, cast.municipality.id, clock())
    assert len(overview) == 1


async def test_a_run_is_decided_once(cast, context):
    number = await proposed(context, cast)
    await approved(context, cast, number)

    with pytest.raises(RunDecidedError):
        await approved(context, cast, number)


async def test_a_discarded_run_publishes_nothing(cast, context):
    number = await proposed(context, cast)

    await discard_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, number=number
    )

    with pytest.raises(RunDecidedError):
        await approved(context, cast, number)
    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,)) == []


async def test_a_class_booked_meanwhile_stops_the_approval_whole(cast, context):
    number = await proposed(context, cast)
    slot = await stored_slot(cast.plan, cast.venue)
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )

    with pytest.raises(WorldChangedError):
        await approved(context, cast, number)

    scope = (cast.municipality.id,)
    assert [s.id for s in await slots.list_slots(cast.plan.id, scope)] == [slot.id]
    assert len(await bookings.list_bookings(cast.plan.id, scope)) == 1


async def test_another_municipality_sees_no_run(cast, context):
    number = await proposed(context, cast)

    with pytest.raises(NotFoundError):
        await get_run(cast.foreign_coordinator, cast.municipality.id, number)
