"""What a file no longer holds ends, needs a decision, or stays."""

import json
import re
from datetime import date

from importing_hoor import booked_class, dump, edited

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Half
from blaljus.store import tables as t


async def test_a_booked_class_that_disappears_needs_a_decision_and_stays(imported, take, hoor):
    await booked_class(imported, "4B")
    before = await dump()
    line = "90012671;4B;19;0;ordinarie;larare.90012671.4b@skola.example\r\n"

    seen = await take(edited(hoor, "klasser.csv", line, ""))

    assert [row.label for row in seen.difference.classes.undecided] == ["4B"]
    assert seen.changes_nothing
    assert await dump() == before


async def test_a_class_that_ended_begins_anew_with_the_same_id(imported, take, hoor):
    line = "90012671;4B;19;0;ordinarie;larare.90012671.4b@skola.example\r\n"
    before = await t.SchoolClass.select().order_by(t.SchoolClass.id)
    await take(edited(hoor, "klasser.csv", line, ""))

    seen = await take({"klasser.csv": hoor["klasser.csv"]})

    after = await t.SchoolClass.select().order_by(t.SchoolClass.id)
    assert [row.label for row in seen.difference.classes.added] == ["4B"]
    assert [{**row, "version": 0} for row in after] == [{**row, "version": 0} for row in before]
    assert sorted(row["version"] for row in after) == [1] * 9 + [3]


async def test_rows_missing_from_other_files_stay_and_are_told(imported, take, hoor):
    before = await dump()
    short = {
        name: b"\r\n".join(hoor[name].split(b"\r\n")[:2])
        for name in ("enheter.csv", "personal.csv")
    }
    units = json.loads(hoor["skolenheter.json"])
    short["skolenheter.json"] = json.dumps(units[:1]).encode()
    klasser = re.sub(r"90012677;.*\r\n", "", hoor["klasser.csv"].decode())

    seen = await take({**short, "klasser.csv": klasser.encode()})

    found = seen.difference
    assert len(found.school_units.missing) == 11
    assert len(found.agencies.missing) == 3
    assert len(found.staff.missing) == 20
    assert [row.label for row in found.classes.missing] == ["Klass 4"]
    assert await dump() == before


async def test_availability_of_others_and_of_other_days_stays(imported, take):
    before = await dump()

    seen = await take(
        {"tillganglighet.csv": b"personalref;datum;halvdag;lage\npolis-1;2027-01-13;fm;ledig\n"}
    )

    assert [(row.day, row.half) for row in seen.difference.availability.removed] == [
        (date(2027, 1, 13), Half.EM)
    ]
    assert len((await dump())["Availability"]) == len(before["Availability"]) - 1


async def test_days_off_of_another_school_year_stay(imported, take):
    file = "skolenhetskod;typ;namn;fran;till\n*;termin;HT 2027;2027-08-16;2027-12-21\n"

    seen = await take({"lasar.csv": file.encode()}, code="1267")

    assert seen.difference.blocks.counts == {"added": 1, "changed": 0, "removed": 0}
    assert seen.school_year == SchoolYear(2027)
    assert len(await t.CalendarBlock.select()) == 17
