"""What Piccolo looks for by itself: the engine in use and the apps. No logic."""

from typing import Any

from piccolo.conf.apps import AppRegistry
from piccolo.engine.base import Engine

DB: Engine[Any] | None = None
"""Set by `bind()`."""

APP_REGISTRY = AppRegistry(apps=["blaljus.store.piccolo_app"])
