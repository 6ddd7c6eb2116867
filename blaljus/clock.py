"""The only reader of the wall clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware, in UTC. Use cases take one; rules take `now`."""


def system_clock() -> datetime:
    """Return the present moment in UTC, whole seconds: calendars know no finer time."""
    return datetime.now(UTC).replace(microsecond=0)
