"""Reads calendars that we wrote: the properties of their one event, nothing else."""

from collections.abc import Mapping

_BEGIN, _ENDS = "BEGIN:VEVENT", ("BEGIN:VALARM", "END:VEVENT")
FOLD = "\r\n "


def event_properties(calendar: str) -> Mapping[str, str]:
    """Return the properties of the first event of a calendar or fragment, by name.

    A value is as it was written, from the `:` or `;` after the name: equal texts are equal events.
    """
    found: dict[str, str] = {}
    lines = iter(calendar.replace(FOLD, "").split("\r\n"))
    for line in lines:
        if line == _BEGIN:
            break
    for line in lines:
        if line in _ENDS:
            break
        end = min(at for mark in ":;" if (at := line.find(mark)) > 0)
        found[line[:end]] = line[end:]
    return found
