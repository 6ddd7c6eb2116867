"""The five parsers by name, and what they all make of calendars."""

from collections.abc import Callable, Sequence

from readers.libical import by_libical
from readers.node_readers import by_ical_js, by_node_ical
from readers.python_readers import by_icalendar, by_vobject
from readers.reading import Reading

READERS: dict[str, Callable[[list[bytes]], list[Reading]]] = {
    "icalendar": by_icalendar,
    "ical.js": by_ical_js,
    "libical": by_libical,
    "vobject": by_vobject,
    "node-ical": by_node_ical,
}


def read_by_all(calendars: Sequence[bytes]) -> list[Reading]:
    """Return what all five read of each calendar; fails where one reads another thing."""
    first, *others = READERS
    readings = READERS[first](list(calendars))
    for name in others:
        for mine, theirs in zip(readings, READERS[name](list(calendars)), strict=True):
            assert theirs == mine, name
    return readings
