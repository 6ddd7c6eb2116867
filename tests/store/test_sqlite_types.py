from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from piccolo.columns import ForeignKey as PiccoloForeignKey
from piccolo.columns import Varchar
from piccolo.table import Table

from blaljus.store import tables as t
from blaljus.store.engines.sqlite_types import day, moment
from blaljus.store.tables.references import ForeignKey


@pytest.mark.parametrize("number", [0, 1, -1, 2**31 - 1, 2**53 + 1, -(2**62)])
async def test_whole_numbers_come_back_whole(sqlite_store, number):
    (row,) = await t.Municipality.raw("SELECT CAST({} AS INTEGER) AS number", number)

    assert row["number"] == number


@pytest.mark.parametrize(
    "written",
    [
        datetime(2027, 3, 16, 8, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 3, 0, 0, 1, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_moment_comes_back_in_utc(written):
    read = moment(str(written.astimezone(UTC)).encode())

    assert read == written
    assert read.tzinfo is UTC


def test_a_day_comes_back_as_a_day():
    assert day(b"2027-02-28") == date(2027, 2, 28)


async def test_a_row_comes_back_in_the_types_of_its_columns(store):
    place = t.Municipality(code="1267", name="Höör")
    (stored,) = await t.Municipality.insert(place).returning(*t.Municipality.all_columns())
    block = t.CalendarBlock(
        municipality=stored["id"],
        school_unit=None,
        kind="lov",
        name="Sportlov",
        first_on=date(2027, 2, 22),
        last_on=date(2027, 2, 26),
    )
    (read,) = await t.CalendarBlock.insert(block).returning(*t.CalendarBlock.all_columns())

    assert read == {
        "id": read["id"],
        "municipality": stored["id"],
        "school_unit": None,
        "kind": "lov",
        "name": "Sportlov",
        "first_on": date(2027, 2, 22),
        "last_on": date(2027, 2, 26),
    }
    assert type(read["municipality"]) is int


async def test_truth_comes_back_as_truth(store):
    account = t.Account(
        address="a@x.example", address_key="a@x.example", language="sv", active=True
    )
    (read,) = await t.Account.insert(account).returning(t.Account.active)
    await t.Account.update({t.Account.active: False}).where(t.Account.active.eq(True))  # noqa: FBT003 -- Piccolo's way

    assert read["active"] is True
    assert [row["active"] for row in await t.Account.select(t.Account.active)] == [False]


def test_every_reference_is_of_the_quick_kind():
    references = [column for table in t.TABLES for column in table._meta.foreign_key_columns]

    assert references
    assert all(isinstance(reference, ForeignKey) for reference in references)


def names_of_joined(kind):
    """The SQL of a column two references away."""

    class School(Table):
        name = Varchar()

    class Venue(Table):
        school = kind(School)

    class Slot(Table):
        venue = kind(Venue)

    return Slot.venue.school.name._meta.get_full_name(), Slot.venue.school._meta.get_full_name()


def test_quick_references_join_as_piccolos_do():
    assert names_of_joined(ForeignKey) == names_of_joined(PiccoloForeignKey)
