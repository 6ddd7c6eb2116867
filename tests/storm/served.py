"""What the storm's server processes serve: the real app, at a time when the town is open."""

import os
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import time

from litestar import Litestar
from storm.town import NOW

from blaljus.logs import configure_logs
from blaljus.planner import solving
from blaljus.settings import load_settings
from blaljus.store import engine
from blaljus.store.engines import postgres as postgres_engine
from blaljus.store.engines import sqlite as sqlite_engine
from blaljus.store.engines import sqlite_connection
from blaljus.web.app import create_app

SLOW_SOLVER = Path(__file__).parents[1] / "journeys" / "slow_solver.py"


def make_app() -> Litestar:
    """Return the app of `blaljus.web.asgi` with a clock that stands still.

    With STORM_CLOCK, seconds since 1970, it goes on from then; with STORM_SOLVER searches take at
    least so many seconds.
    """
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    if patience := os.environ.get("STORM_PATIENCE"):
        be_impatient(float(patience))
    if last := os.environ.get("STORM_SOLVER"):
        program = (sys.executable, str(SLOW_SOLVER), last)
        solving.solve = partial(solving.solve, program=program)
    began = float(os.environ.get("STORM_CLOCK", "inf"))
    return create_app(settings, clock=lambda: NOW + timedelta(seconds=max(0, time() - began)))


def be_impatient(seconds: float) -> None:
    """Give up waiting for locks sooner, so that a test need not wait as long as people do."""
    engine.PATIENCE = sqlite_connection.PATIENCE = postgres_engine.PATIENCE = seconds
    sqlite_engine.PooledSQLiteEngine.__init__.__kwdefaults__["busy_timeout"] = seconds
    postgres_engine.SESSION["lock_timeout"] = f"{seconds * 1000:.0f}ms"
