"""For Piccolo's own command line (`make migration`): the engine and the apps. No logic."""

import os

from blaljus.settings import DEFAULT_DATABASE
from blaljus.store.conf import APP_REGISTRY
from blaljus.store.engine import make_engine

__all__ = ["APP_REGISTRY", "DB"]

DB = make_engine(os.environ.get("BLALJUS_DATABASE_URL", DEFAULT_DATABASE))
