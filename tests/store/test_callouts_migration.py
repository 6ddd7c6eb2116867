"""The migration of call-outs, on a filled database and beside the release before it."""

from factories import stored_cast, stored_slot

from blaljus.store import slots
from blaljus.store.engine import bound_engine

ID = "0003-callouts"


OLD_STATION = (
    "INSERT INTO station (slot, position, provides, name, minutes, max_pupils, staff_needed,"
    " on_call_allowed) VALUES (1, 9, 'partner', 'Buss', 25, 60, 1, FALSE)"
)
"""What the release before writes: it knows no place."""

OLD_ROWS = (
    "INSERT INTO municipality (code, name) VALUES ('1267', 'Höör')",
    (
        "INSERT INTO promise (municipality, title, wording, parties, diary_number, grade, required,"
        " first_on) VALUES (1, 'T', 'W', 'P', '', 4, 'police', '2026-07-01')"
    ),
    (
        "INSERT INTO plan (municipality, promise, school_year, notice_days, morning_start_minute,"
        " afternoon_start_minute, station_minutes, change_minutes, version)"
        " VALUES (1, 1, 2026, 7, 540, 765, 25, 5, 1)"
    ),
    (
        "INSERT INTO venue (municipality, kind, name, near_rescue_station, partner_station,"
        " version) VALUES (1, 'shared', 'Brandstationen', TRUE, '', 1)"
    ),
    (
        "INSERT INTO slot (municipality, plan, venue, starts_at, ends_at, places, taken, state,"
        " uid, sequence, revised_at, version) VALUES (1, 1, 1, '2027-03-16 08:00:00+00:00',"
        " '2027-03-16 08:25:00+00:00', 1, 0, 'published', 'u', 0, '2027-01-01 00:00:00+00:00', 1)"
    ),
)


async def test_a_filled_database_gets_places_and_callouts(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, OLD_STATION):
        (station,) = await slots.list_stations([1])
        assert (station.place, station.outdoors, station.rain_place) == ("", False, "")
        assert (station.step_free, station.walk_minutes) == (True, 0)
        assert await bound_engine().run_ddl("SELECT id FROM callout") == []


async def test_the_release_before_still_adds_stations(store):
    cast = await stored_cast()
    slot = await stored_slot(cast.plan, cast.venue)

    await bound_engine().run_ddl(OLD_STATION)

    assert [s.name for s in await slots.list_stations([slot.id])][-1] == "Buss"
