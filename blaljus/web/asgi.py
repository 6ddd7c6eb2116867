"""What uvicorn imports when it starts several processes."""

import os

from litestar import Litestar

from blaljus.logs import configure_logs
from blaljus.settings import load_settings
from blaljus.web.app import create_app


def make_app() -> Litestar:
    """Return the app with the settings of the environment."""
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    return create_app(settings)
