"""Every query of owned rows carries its municipality (invariant 12), seen in the SQL itself."""

import re
from collections import Counter

import pytest

from blaljus.demo.story import Story, StoryClock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.store import bookings, schools, slots
from blaljus.store.tables import TABLES
from blaljus.store.transaction import observers
from blaljus.usecases.context import Context

OWNED = {
    table._meta.tablename
    for table in TABLES
    if any(column._meta.name == "municipality" for column in table._meta.columns)
} - {"agency_coverage", "feed", "audit_entry"}
"""Tables whose rows one municipality owns. A coverage joins agencies to whom they serve; a feed is
found by its secret; the audit log is read as one chain."""

WITHOUT = (
    r'FROM "?assignment"?.* WHERE .*"?staff"? (IN|=)',  # a person's own duties, wherever they are
    r'FROM "?calendar_entry"?.* WHERE .*"?(staff|school_class|school_unit|agency)"? (IN|=)',
    r'(FROM|DELETE FROM) "?calendar_entry"?.* WHERE .*"?uid"? IN',  # the revision before
    r'"?booking"?.* WHERE .*"?number"? =',  # is a new number free? Numbers are unique everywhere
    r"outbox_message",  # the worker sends everybody's mail
    r'FROM "?(class_teacher|coordinator)"?',  # who somebody is, before there is a scope
    r"FROM live JOIN class_teacher",
    r'^DELETE FROM "?staff_claim"?',
)
"""Queries that are about a person, the worker or everybody by their nature."""


@pytest.fixture
async def statements(sqlite_store):
    """Every statement of a whole term: import, plan, bookings, duties, mail, attendance."""
    seen = []
    observers.append(seen.append)
    clock = StoryClock()
    context = Context(
        clock=clock,
        base_url="https://blaljus.example",
        sender_name="Blåljusdagar",
        sender_address="blaljus@blaljus.example",
        mail_domain="blaljus.example",
    )

    async def taken(message):
        assert message.mime

    story = Story(context=context, clock=clock, transport=taken, say=lambda _: None)
    try:
        await story.begin()
        await story.go_on()
    finally:
        observers.remove(seen.append)
    return seen


def _names(sql):
    return set(re.findall(r'(?:FROM|UPDATE|JOIN) "?(\w+)"?', sql))


def _is_scoped(sql):
    condition = sql.partition(" WHERE ")[2]
    return "municipality" in condition


async def test_every_query_of_owned_rows_in_a_term_is_scoped(statements):
    unscoped = Counter(
        sql
        for sql in statements
        if _names(sql) & OWNED
        and not sql.startswith("INSERT")
        and not _is_scoped(sql)
        and not any(re.search(allowed, sql, re.DOTALL) for allowed in WITHOUT)
    )

    assert unscoped == {}


@pytest.mark.parametrize(
    "read",
    [
        lambda: schools.list_units(()),
        lambda: schools.list_classes((), SchoolYear(2026)),
        lambda: schools.get_class(1, ()),
        lambda: slots.get_slot(1, ()),
        lambda: bookings.get_booking(100_000, ()),
    ],
)
async def test_a_query_without_a_scope_is_refused(sqlite_store, read):
    with pytest.raises(NotFoundError):
        await read()
