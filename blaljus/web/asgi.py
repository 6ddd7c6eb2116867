"""What uvicorn imports when it starts several processes."""

import os

from litestar import Litestar

from blaljus.logs import configure_logs
from blaljus.settings import Mode, load_settings
from blaljus.usecases.access.demo_links import HANDED_ON, DemoLinks
from blaljus.web.app import create_app


def make_app() -> Litestar:
    """Return the app with the settings of the environment, and its server's links in a demo."""
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    demo = settings.mode is Mode.DEMO
    links = DemoLinks.unpacked(os.environ.get(HANDED_ON, "")) if demo else None
    return create_app(settings, demo_links=links)
