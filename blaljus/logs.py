"""Logs are events with fields: JSON lines for machines, plain lines for people."""

import json
import logging
import sys
import traceback
from typing import Literal

import structlog
from msgspec.json import Encoder


def configure_logs(form: Literal["json", "console"], *, least: int = logging.INFO) -> None:
    """Write events from level `least` up to standard error, with time and level."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=_line)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


_FAST = Encoder(enc_hook=repr)


def _line(event: structlog.typing.EventDict, **_: object) -> str:
    try:
        return _FAST.encode(event).decode()
    except (TypeError, ValueError, OverflowError):  # half a character, a key that is no text
        return json.dumps(event, default=repr)


def where(error: BaseException) -> list[str]:
    """Return the places that an error came through; its own text may hold what no log may."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
