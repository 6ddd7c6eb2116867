"""The migration of arrivals and kept rounds, on a filled database."""

from store.test_callouts_migration import OLD_ROWS

from blaljus.store import bookings, kept_rounds
from blaljus.store.engine import bound_engine

ID = "0013-arrivals"

CLASS = (
    (
        "INSERT INTO school_unit (municipality, code, name, status, organiser, grades, locality,"
        " version) VALUES (1, '90012671', 'Ekskolan', 'AKTIV', 'KOMMUN', '4', 'Höör', 1)"
    ),
    (
        "INSERT INTO school_class (municipality, school_unit, school_year, label, year4_pupils,"
        " other_pupils, kind, active, version)"
        " VALUES (1, 1, 2026, '4A', 20, 0, 'ordinarie', TRUE, 1)"
    ),
)
OLD_BOOKING = (
    "INSERT INTO booking (municipality, plan, slot, school_class, number, state, pupils, adults,"
    " phone, access_needs, transport, catch_up, pays, uid, sequence, revised_at, version)"
    " VALUES (1, 1, 1, 1, 417302, 'confirmed', 20, 2, '', '{}', 'none', FALSE, '', 'u', 0,"
    " '2027-01-01 00:00:00+00:00', 1)"
)
"""What the release before writes: it knows no times of a class."""


async def test_classes_of_before_are_there_for_the_whole_slot(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, *CLASS, OLD_BOOKING):
        (booking,) = await bookings.list_in_slots([1], (1,))
        assert (booking.arrives_at, booking.leaves_at) == (None, None)
        assert await kept_rounds.find_kept(1, (1,)) is None


async def test_the_release_before_still_books(store):
    for row in (*OLD_ROWS, *CLASS, OLD_BOOKING):
        await bound_engine().run_ddl(row)

    assert [b.leaves_at for b in await bookings.list_in_slots([1], (1,))] == [None]
