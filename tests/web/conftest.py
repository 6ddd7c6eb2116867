"""The app on a clean database of each engine, and browsers to visit it with."""

import pytest
from factories import Cast, a_context, stored_cast
from visiting import Visiting

from blaljus.settings import Settings
from blaljus.store.engine import transactional
from blaljus.usecases.access.sessions import start_session
from blaljus.web.app import create_app
from blaljus.web.http.cookies import session_cookie_name


@pytest.fixture
async def cast(store) -> Cast:
    """The standing cast of factories.py."""
    return await stored_cast()


@pytest.fixture
def context(clock):
    return a_context(clock)


@pytest.fixture
def settings(store) -> Settings:
    return Settings(
        database_url=store.url,
        base_url="http://blaljus.example",
        secret="s" * 40,
        planning_seconds=0,
    )


@pytest.fixture
def app(settings, clock):
    """The app; its store is the fixture's, already open."""
    return create_app(settings, clock=clock)


@pytest.fixture
async def visit(app):
    """Call to get a fresh browser that nobody is signed in with."""
    opened = []

    def fresh(cookies=None) -> Visiting:
        opened.append(Visiting(app, cookies))
        return opened[-1]

    yield fresh
    for browser in opened:
        await browser.aclose()


@pytest.fixture
def client(visit) -> Visiting:
    """One browser that nobody is signed in with."""
    return visit()


@pytest.fixture
def sign_in(visit, settings, clock):
    """Call with a Person to get a browser in which that person is signed in."""

    @transactional
    async def started(person):
        return await start_session(person.account, person.roles, "", now=clock())

    async def signed_in(person) -> Visiting:
        session = await started(person)
        return visit({session_cookie_name(settings): session.id})

    return signed_in
