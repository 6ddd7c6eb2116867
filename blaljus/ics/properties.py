"""How our values become properties: texts come out as they went in, times are local."""

from collections.abc import Mapping
from datetime import datetime

from icalendar import vCalAddress, vDatetime, vText, vUri

from blaljus.domain.localtime import at_local, local
from blaljus.domain.text import clean_line, clean_text

_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Text(vText):
    r"""A TEXT value. icalendar's own turns the `\N` of `C:\Nils` into a line break."""

    def to_ical(self) -> bytes:
        """Return the escaped text in UTF-8."""
        return str(self).translate(_ESCAPES).encode()


def text(value: str) -> Text:
    """Return a text of lines, cleaned; about white space around it programs disagree."""
    return Text(clean_text(value).strip())


def line(value: str) -> Text:
    """Return a text on one line, cleaned."""
    return Text(clean_line(value))


def uri(value: str) -> vUri:
    """Return an address of the web or of another scheme, cleaned."""
    return vUri(clean_line(value))


def local_time(moment: datetime) -> vDatetime:
    """Return an aware moment as local time with its TZID, whole seconds.

    Raises `ValueError` for 02.00-03.00 on a day the clocks change: no calendar can say which.
    """
    wall = local(moment)
    at_local(wall.date(), wall.time())
    return vDatetime(wall.replace(microsecond=0))


def mailbox(name: str, address: str, parameters: Mapping[str, str] | None = None) -> vCalAddress:
    """Return a person as a `mailto:` address with CN and the parameters given, in that order.

    Double quotes in the name become single ones: parameters cannot hold them.
    """
    common_name = clean_line(name).replace('"', "'")
    return vCalAddress(
        f"mailto:{clean_line(address)}", params={"CN": common_name, **(parameters or {})}
    )
