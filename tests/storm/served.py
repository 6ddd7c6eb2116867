"""What the storm's server processes serve: the real app, at a time when the town is open."""

import os

from litestar import Litestar
from storm.town import NOW

from blaljus.logs import configure_logs
from blaljus.settings import load_settings
from blaljus.store import engine, postgres_engine, sqlite_connection, sqlite_engine
from blaljus.web.app import create_app


def make_app() -> Litestar:
    """Return the app of `blaljus.web.asgi` with a clock that stands still."""
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    if patience := os.environ.get("STORM_PATIENCE"):
        be_impatient(float(patience))
    return create_app(settings, clock=lambda: NOW)


def be_impatient(seconds: float) -> None:
    """Give up waiting for locks sooner, so that a test need not wait as long as people do."""
    engine.PATIENCE = sqlite_connection.PATIENCE = postgres_engine.PATIENCE = seconds
    sqlite_engine.PooledSQLiteEngine.__init__.__kwdefaults__["busy_timeout"] = seconds
    postgres_engine.SESSION["lock_timeout"] = f"{seconds * 1000:.0f}ms"
