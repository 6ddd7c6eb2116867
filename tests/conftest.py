"""Fixtures for every test: a clean, migrated database on each engine, and a clock."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from blaljus.store import failpoints
from blaljus.store.engine import StoreEngine, opened_store
from blaljus.store.migrating import migrate
from tests.clean_database import CleanDatabase
from tests.postgres import execute, named, running_server

NUMBERS = count(1)

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):  # a change lands or not by what it does, not by chance; at home, chance
    settings.load_profile("ci")


@dataclass(slots=True)
class SettableClock:
    """A clock that stands still until a test moves it."""

    now: datetime = datetime(2027, 1, 15, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span

    def set(self, moment: datetime) -> None:
        self.now = moment


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStore:
    """An open, clean database; `url` lets other processes in."""

    kind: str
    url: str
    engine: StoreEngine


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(autouse=True)
def _inert_failpoints() -> Iterator[None]:
    yield
    failpoints.disable_all()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database that is copied for each test."""
    name = f"blaljus_template_{os.getpid()}"
    asyncio.run(execute(postgres_server, f"CREATE DATABASE {name}"))
    asyncio.run(_migrated(named(postgres_server, name)))
    yield name
    asyncio.run(execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that is copied for each test."""
    file = tmp_path_factory.mktemp("template") / "blaljus.sqlite"
    asyncio.run(_migrated(f"sqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a clean, migrated SQLite file that nobody has open."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'blaljus.sqlite')}"


@pytest.fixture(scope="session")
def clean_database(postgres_server: str, postgres_template: str) -> Iterator[CleanDatabase]:
    database = CleanDatabase(postgres_server, postgres_template)
    yield database
    asyncio.run(database.drop())


@pytest.fixture
def postgres_url(clean_database: CleanDatabase) -> str:
    """The URL of a clean, migrated PostgreSQL database that nobody has open."""
    return asyncio.run(clean_database.url())


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a clean, migrated database on each engine in turn, open by nobody."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables on each engine in turn; the file does not exist."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/blaljus.sqlite"
        return
    server, name = (
        request.getfixturevalue("postgres_server"),
        f"blaljus_empty_{os.getpid()}_{next(NUMBERS)}",
    )
    asyncio.run(execute(server, f"CREATE DATABASE {name}"))
    yield named(server, name)
    asyncio.run(execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[OpenStore]:
    """A clean database on each engine in turn, open and bound."""
    async with opened_store(store_url) as engine:
        yield OpenStore(kind=store_url.partition(":")[0], url=store_url, engine=engine)


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[OpenStore]:
    """A clean SQLite database, open and bound: for tests that are not about the engine."""
    async with opened_store(sqlite_url) as engine:
        yield OpenStore(kind="sqlite", url=sqlite_url, engine=engine)


@pytest.fixture
async def postgres_store(postgres_url: str) -> AsyncIterator[OpenStore]:
    """A clean PostgreSQL database, open and bound."""
    async with opened_store(postgres_url) as engine:
        yield OpenStore(kind="postgresql", url=postgres_url, engine=engine)


async def _migrated(url: str) -> None:
    async with opened_store(url):
        await migrate()
