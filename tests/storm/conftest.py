"""Storms: two real server processes on one database, and many browsers at once."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from storm.browsers import open_roads
from storm.servers import Program, serving
from storm.unguarded import without_guards

from blaljus.store.engine import StoreEngine, opened_store


@pytest.fixture
def serve(store_url: str, tmp_path: Path) -> Iterator[Callable[..., list[Program]]]:
    """Call to start servers of the test's database; their logs are read at the end."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serving(store_url, tmp_path, **options))


@pytest.fixture
async def roads() -> AsyncIterator[httpx.AsyncHTTPTransport]:
    """The connections that browsers share."""
    async with open_roads() as opened:
        yield opened


@pytest.fixture
async def unguarded_store(store_url: str) -> AsyncIterator[StoreEngine]:
    """An open database without what refuses double bookings: for twins."""
    await without_guards(store_url)
    async with opened_store(store_url) as engine:
        yield engine
