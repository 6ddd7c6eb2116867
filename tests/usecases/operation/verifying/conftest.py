"""A season in which everything is right, and a way to spoil a thing of it behind our back."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from factories import NOW, YEAR, Cast, a_context, a_key, some_details, stored_cast
from postgres import execute, named
from reply_letters import ANSWERED, a_letter, lookup, signed

from blaljus.domain.attendance import AttendanceReport, StationReport
from blaljus.domain.booking import spoken_number
from blaljus.domain.localtime import local_day
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import FeedKind, Service, VisitState
from blaljus.store import assignments, bookings, slots
from blaljus.store import tables as t
from blaljus.store.engine import engine_kind, opened_store, write_transaction
from blaljus.usecases.bookings.attendance import report_attendance
from blaljus.usecases.bookings.booking_changes import change_details
from blaljus.usecases.calendars.feeds import open_feed
from blaljus.usecases.context import Context
from blaljus.usecases.operation.verifying import Finding, check_store
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.receiving import take_letter
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run

Ids = dict[str, int | str]


class UndoneError(Exception):
    """Ends a transaction without a trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Two classes in one slot with all three services: one confirmed, the other held."""

    ids: Ids

    async def spoilt(self, *statements: str) -> dict[str, list[Finding]]:
        """Return what verify finds, by check, after some SQL that nobody should run; undo it."""
        with suppress(UndoneError):
            async with write_transaction():
                for statement in statements:
                    await t.Slot.raw(statement.format(**self.ids))
                checked = await check_store(NOW)
                raise UndoneError
        return {name: findings for name, findings in checked if findings}

    async def ask(self, statement: str) -> list[dict[str, int]]:
        return await t.Slot.raw(statement.format(**self.ids))

    def finding(self, subject: str, what: str) -> Finding:
        return Finding(subject=subject.format(**self.ids), what=what.format(**self.ids))


@pytest.fixture(scope="session")
def sqlite_season(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Ids]:
    """A file with the season: what a test changes in it is undone."""
    file = tmp_path_factory.mktemp("season") / "blaljus.sqlite"
    shutil.copyfile(sqlite_template, file)
    url = f"sqlite:///{file}"
    return url, asyncio.run(_filled(url))


@pytest.fixture(scope="session")
def postgres_season(postgres_server: str, postgres_template: str) -> Iterator[tuple[str, Ids]]:
    """A database with the season: what a test changes in it is undone."""
    name = f"blaljus_season_{os.getpid()}"
    create = f"CREATE DATABASE {name} TEMPLATE {postgres_template}"
    asyncio.run(execute(postgres_server, create))
    url = named(postgres_server, name)
    yield url, asyncio.run(_filled(url))
    asyncio.run(execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest) -> tuple[str, Ids]:
    """The season on each engine in turn, open by nobody."""
    return request.getfixturevalue(f"{request.param}_season")


@pytest.fixture
async def season(filled: tuple[str, Ids]) -> AsyncIterator[Season]:
    """The season on each engine in turn, open and bound."""
    url, ids = filled
    async with opened_store(url):
        yield Season(ids=ids)


@pytest.fixture
def unguarded(season: Season) -> tuple[str, ...]:
    """What lets a hand reach into the log: its triggers are gone, and are missed."""
    if engine_kind() == "sqlite":
        return ("DROP TRIGGER audit_is_not_changed", "DROP TRIGGER audit_is_not_removed")
    return ("DROP TRIGGER audit_only_grows ON audit_entry",)


async def _filled(url: str) -> Ids:
    """Play the season in a database, and return what its rows are called."""
    async with opened_store(url):
        return await _played()


async def _played() -> Ids:
    moment = [NOW]
    context, cast = a_context(lambda: moment[0]), await stored_cast()
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    (slot,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    first, second = await bookings.list_bookings(cast.plan.id, (cast.municipality.id,))
    assert first.school_class == cast.school_class.id
    details = some_details(pupils=18)
    await change_details(context, cast.teacher, a_key(), number=first.number, details=details)
    (duty,) = await assignments.list_duties([cast.staff[Service.POLICE]])
    moment[0] = ANSWERED
    await _answer_by_mail(context, cast, duty)
    await open_feed(context, cast.officer, a_key(), FeedKind.STAFF, duty.staff, secret="s")
    moment[0] = slot.ends_at
    stations = [station.id for station in await slots.list_stations([slot.id])]
    held = StationReport(state=VisitState.HELD, cause=None)
    report = AttendanceReport(pupils=20, adults=2, stations=dict.fromkeys(stations, held))
    await report_attendance(
        context, cast.second_teacher, a_key(), number=second.number, report=report
    )
    return {
        "booking": first.id,
        "number": first.number,
        "spoken": spoken_number(first.number),
        "booking_uid": first.uid.partition("@")[0],
        "held": second.id,
        "slot": slot.id,
        "station": stations[0],
        "venue": slot.venue,
        "duty": duty.id,
        "reply": (await t.Reply.select(t.Reply.id))[0]["id"],
        "duty_uid": duty.uid.partition("@")[0],
        "officer": duty.staff,
        "officer_account": cast.officer.account,
        "rescue": cast.staff[Service.RESCUE],
        "teacher_account": cast.teacher.account,
        "coordinator_account": cast.coordinator.account,
        "school_class": cast.school_class.id,
        "school": cast.school_class.school_unit,
        "second_class": cast.second_class.id,
        "plan": cast.plan.id,
        "municipality": cast.municipality.id,
        "other": cast.other.id,
        "day": str(local_day(slot.starts_at)),
        "start": _written(slot.starts_at),
        "end": _written(slot.starts_at + timedelta(minutes=45)),
        "late": _written(slot.starts_at + timedelta(minutes=50)),
        "latest": _written(slot.starts_at + timedelta(minutes=80)),
        "yes": "1" if engine_kind() == "sqlite" else "TRUE",
        "no": "0" if engine_kind() == "sqlite" else "FALSE",
    }


async def _answer_by_mail(context: Context, cast: Cast, duty: Assignment) -> None:
    sender = "police-1@blaljus.example"
    to = context.replies.of(cast.officer.account)
    letter = a_letter("gmail-accepted", to=to, sender=sender, UID=duty.uid)
    await take_letter(signed(letter, "blaljus.example"), clock=context.clock)
    assert await judge_new(context, lookup=lookup) == 1


def _written(moment: datetime) -> str:
    """A moment as both engines take it."""
    return moment.isoformat(" ")
