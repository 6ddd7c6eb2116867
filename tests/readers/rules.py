"""What RFC 5545, 5546 and 7986 ask of a calendar: a function per rule yields what is wrong.

The text is taken apart here, by none of the parsers that are tested with it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

Complaints = Iterator[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A content line: its name in capitals, its parameters as written, its value as written."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True, kw_only=True)
class Component:
    """A component with what it holds, in order."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [p for p in self.properties if p.name == name]

    def first(self, name: str) -> str:
        return next((p.value for p in self.all(name)), "")

    def inside(self, name: str) -> list["Component"]:
        return [c for c in self.components if c.name == name]

    def everything(self) -> Iterator["Component"]:
        yield self
        for component in self.components:
            yield from component.everything()


LINE = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)',
    re.DOTALL,
)
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
LOCAL, UTC = re.compile(r"\d{8}T\d{6}"), re.compile(r"\d{8}T\d{6}Z")
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "UID", "NAME", "PRODID", "TZNAME", "X-WR-CALNAME")
RULES: list[Callable[[bytes, Component], Complaints]] = []


def rule(function):
    RULES.append(function)
    return function


def parsed(body: bytes) -> Component:
    """Return the calendar; lines that are none become properties without a name."""
    top = Component(name="")
    open_ones = [top]
    for line in (
        body.decode(errors="replace").replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    ):
        found = LINE.fullmatch(line)
        name = found[1].upper() if found else ""
        if name == "BEGIN":
            open_ones.append(Component(name=found[3]))
            open_ones[-2].components.append(open_ones[-1])
        elif name == "END" and len(open_ones) > 1 and open_ones[-1].name == found[3]:
            open_ones.pop()
        else:
            parameters = dict(PARAMETER.findall(found[2])) if found else {}
            value = found[3] if found else line
            open_ones[-1].properties.append(Property(name=name, parameters=parameters, value=value))
    if len(open_ones) > 1:
        top.properties.append(Property(name="", parameters={}, value="left open"))
    return top


def complaints(body: bytes) -> list[str]:
    """Return `rule: what is wrong` for every rule that a calendar breaks."""
    calendar = parsed(body)
    return [f"{r.__name__}: {what}" for r in RULES for what in r(body, calendar)]


def _calendar(top: Component) -> Component:
    return next(iter(top.inside("VCALENDAR")), Component(name="VCALENDAR"))


def _events(top: Component) -> list[Component]:
    return _calendar(top).inside("VEVENT")


def _counted(component: Component, least: int, most: int, *names: str) -> Complaints:
    for name in names:
        if not least <= (count := len(component.all(name))) <= most:
            yield f"{component.name} has {count} {name}"


# --- RFC 5545


@rule
def lines_end_in_crlf_and_hold_75_octets(body: bytes, _: Component) -> Complaints:
    """RFC 5545 3.1."""
    if not body.endswith(b"\r\n"):
        yield "the last line has no end"
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        if len(line) > 75 or b"\r" in line or b"\n" in line:
            yield repr(line[:20])


@rule
def text_is_utf8_in_every_line_and_without_control_characters(
    body: bytes, _: Component
) -> Complaints:
    """RFC 5545 3.1, 3.1.4, 3.3.11."""
    for line in body.split(b"\r\n"):
        if "�" in line.decode(errors="replace") or re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            yield repr(line[:20])


@rule
def content_lines_have_a_name_and_components_are_nested(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.1, 3.4: one VCALENDAR, every BEGIN ended."""
    for component in top.everything():
        yield from (p.value[:20] for p in component.properties if not p.name)
        yield from (p.value for p in component.all("END"))
    if [c.name for c in top.components] != ["VCALENDAR"]:
        yield "not one calendar"


@rule
def a_calendar_says_version_and_product_once(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.6, 3.7."""
    calendar = _calendar(top)
    yield from _counted(calendar, 1, 1, "VERSION", "PRODID")
    yield from _counted(calendar, 0, 1, "CALSCALE", "METHOD")
    if calendar.first("VERSION") != "2.0" or calendar.first("CALSCALE") not in ("", "GREGORIAN"):
        yield "version or scale"
    if not calendar.components:
        yield "no component"


@rule
def an_event_has_its_properties_as_often_as_it_may(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.6.1."""
    for event in _events(top):
        yield from _counted(event, 1, 1, "UID", "DTSTAMP", "DTSTART", "DTEND")
        once = ("CLASS", "CREATED", "DESCRIPTION", "GEO", "LAST-MODIFIED", "LOCATION", "ORGANIZER")
        yield from _counted(event, 0, 1, *once, "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "URL")
        yield from _counted(event, 0, 0, "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


@rule
def an_event_ends_after_it_begins_in_the_same_zone(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.8.2.2, 3.8.2.4."""
    for event in _events(top):
        start, end = event.all("DTSTART"), event.all("DTEND")
        if start and end and start[0].parameters != end[0].parameters:
            yield "two zones"
        if event.first("DTEND") <= event.first("DTSTART"):
            yield event.first("DTEND")


@rule
def local_times_name_a_zone_that_the_calendar_holds(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.2.19, 3.3.5: form 3, never floating, never a zone on UTC."""
    zones = {zone.first("TZID") for zone in _calendar(top).inside("VTIMEZONE")}
    for event in _events(top):
        for p in (*event.all("DTSTART"), *event.all("DTEND")):
            if p.parameters.get("TZID") not in zones or not LOCAL.fullmatch(p.value):
                yield f"{p.name} {p.parameters} {p.value}"


@rule
def local_times_exist_once(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.3.5: 02-03 on a day of change is no time, or two; we write neither."""
    for event in _events(top):
        for p in (*event.all("DTSTART"), *event.all("DTEND")):
            if LOCAL.fullmatch(p.value):
                day = datetime.strptime(p.value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- a wall clock
                last_sunday = day.weekday() == 6 and day.day + 7 > 31
                if last_sunday and day.month in (3, 10) and day.hour == 2:
                    yield p.value


@rule
def stamps_are_in_utc(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.8.7.2, 3.8.7.3."""
    for event in _events(top):
        for p in (*event.all("DTSTAMP"), *event.all("LAST-MODIFIED")):
            if not UTC.fullmatch(p.value) or p.parameters:
                yield f"{p.name} {p.value}"


@rule
def texts_escape_what_they_must(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.3.11."""
    for component in top.everything():
        for p in component.properties:
            if p.name in TEXTS and not re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", p.value):
                yield f"{p.name} {p.value[:30]}"


@rule
def words_are_those_of_the_standard(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.8.1.11, 3.8.2.7, 3.8.7.4."""
    for event in _events(top):
        if event.first("STATUS") not in ("TENTATIVE", "CONFIRMED", "CANCELLED"):
            yield f"STATUS {event.first('STATUS')}"
        if event.first("TRANSP") not in ("OPAQUE", "TRANSPARENT"):
            yield f"TRANSP {event.first('TRANSP')}"
        if not re.fullmatch(r"\d+", event.first("SEQUENCE")):
            yield f"SEQUENCE {event.first('SEQUENCE')}"


@rule
def a_place_is_on_earth(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.8.1.6."""
    for event in _events(top):
        for p in event.all("GEO"):
            found = re.fullmatch(r"(-?\d{1,2}\.\d{1,6});(-?\d{1,3}\.\d{1,6})", p.value)
            if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
                yield p.value


@rule
def addresses_are_uris(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.3.3, 3.3.13, 3.8.4.1, 3.8.4.3, 3.8.4.6."""
    for event in _events(top):
        for p in (*event.all("ORGANIZER"), *event.all("ATTENDEE")):
            if not re.fullmatch(r"mailto:[^@\s<>]+@[^@\s<>]+", p.value):
                yield p.value
        for p in event.all("URL"):
            if not re.fullmatch(r"https?://\S+", p.value):
                yield p.value


@rule
def each_uid_stands_once(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.8.4.7."""
    counted = Counter(event.first("UID") for event in _events(top))
    yield from (uid for uid, count in counted.items() if count > 1)


@rule
def a_zone_says_when_it_changes_and_by_how_much(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.6.5, 3.8.3."""
    for zone in _calendar(top).inside("VTIMEZONE"):
        yield from _counted(zone, 1, 1, "TZID")
        if not zone.inside("STANDARD") or not zone.inside("DAYLIGHT"):
            yield "half a zone"
        for part in zone.components:
            yield from _counted(part, 1, 1, "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE")
            yield from _counted(part, 0, 0, "RDATE")
            offsets = part.first("TZOFFSETFROM") + part.first("TZOFFSETTO")
            if not re.fullmatch(r"([+-]\d{4}){2}", offsets) or not LOCAL.fullmatch(
                part.first("DTSTART")
            ):
                yield part.name


@rule
def an_alarm_shows_a_text_at_a_time(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.6.6."""
    for event in _events(top):
        for alarm in event.inside("VALARM"):
            yield from _counted(alarm, 1, 1, "ACTION", "TRIGGER", "DESCRIPTION")
            if not re.fullmatch(r"-?P(\d+D|T\d+[HMS])", alarm.first("TRIGGER")):
                yield alarm.first("TRIGGER")


@rule
def parts_of_our_own_begin_with_x_and_hold_no_text_of_people(
    _: bytes, top: Component
) -> Complaints:
    """RFC 5545 3.8.8.2; text of people in them goes unescaped through many programs."""
    ours = {
        "X-WR-CALNAME": r"[^\\;,]*",
        "X-WR-TIMEZONE": r"Europe/Stockholm",
        "X-PUBLISHED-TTL": r"P.*",
        "X-LIC-LOCATION": r"Europe/Stockholm",
        "X-MICROSOFT-CDO-BUSYSTATUS": r"FREE|BUSY|TENTATIVE",
    }
    for component in top.everything():
        for p in component.properties:
            if p.name.startswith("X-") and not re.fullmatch(ours.get(p.name, "(?!)"), p.value):
                yield f"{p.name} {p.value}"


# --- RFC 5546


@rule
def a_message_has_a_method_and_events_of_one_kind(_: bytes, top: Component) -> Complaints:
    """RFC 5546 1.4, 3.2."""
    calendar = _calendar(top)
    if calendar.first("METHOD") not in ("PUBLISH", "REQUEST", "CANCEL"):
        yield f"METHOD {calendar.first('METHOD')}"
    if not {c.name for c in calendar.components} <= {"VTIMEZONE", "VEVENT"}:
        yield "other components"


@rule
def every_event_names_its_organiser_and_summary(_: bytes, top: Component) -> Complaints:
    """RFC 5546 3.2.1, 3.2.2, 3.2.5."""
    for event in _events(top):
        yield from _counted(event, 1, 1, "ORGANIZER", "SUMMARY", "SEQUENCE", "STATUS")
        yield from _counted(event, 0, 0, "REQUEST-STATUS")


@rule
def what_is_published_invites_nobody(_: bytes, top: Component) -> Complaints:
    """RFC 5546 3.2.1: no ATTENDEE; and no alarms of ours in others' calendars."""
    if _calendar(top).first("METHOD") == "PUBLISH":
        for event in _events(top):
            yield from _counted(event, 0, 0, "ATTENDEE")
            yield from (alarm.name for alarm in event.inside("VALARM"))


@rule
def a_request_asks_one_person_and_is_on(_: bytes, top: Component) -> Complaints:
    """RFC 5546 3.2.2; RFC 5545 3.2.12, 3.2.17: who said yes is not asked again."""
    if _calendar(top).first("METHOD") != "REQUEST":
        return
    for event in _events(top):
        yield from _counted(event, 1, 1, "ATTENDEE")
        if event.first("STATUS") not in ("TENTATIVE", "CONFIRMED"):
            yield event.first("STATUS")
        for p in event.all("ATTENDEE"):
            said = (p.parameters.get("PARTSTAT"), p.parameters.get("RSVP"))
            if said not in (("NEEDS-ACTION", "TRUE"), ("ACCEPTED", "FALSE")):
                yield str(said)


@rule
def a_cancellation_cancels_and_rises(_: bytes, top: Component) -> Complaints:
    """RFC 5546 3.2.5: STATUS, a SEQUENCE above the request's, no alarm."""
    if _calendar(top).first("METHOD") != "CANCEL":
        return
    for event in _events(top):
        yield from _counted(event, 1, 1, "ATTENDEE")
        if event.first("STATUS") != "CANCELLED" or event.first("SEQUENCE") in ("", "0"):
            yield f"{event.first('STATUS')} {event.first('SEQUENCE')}"
        yield from (alarm.name for alarm in event.inside("VALARM"))


@rule
def what_is_cancelled_takes_no_time(_: bytes, top: Component) -> Complaints:
    """RFC 5545 3.8.2.7, and Exchange's own word for it: both say the same."""
    for event in _events(top):
        transparent = event.first("TRANSP") == "TRANSPARENT"
        if event.first("STATUS") == "CANCELLED" and not transparent:
            yield event.first("UID")
        if (event.first("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE") != transparent:
            yield event.first("X-MICROSOFT-CDO-BUSYSTATUS")


# --- RFC 7986


@rule
def what_a_feed_says_of_itself_has_its_types(_: bytes, top: Component) -> Complaints:
    """RFC 7986 5.1, 5.7, 5.8, 5.9."""
    calendar = _calendar(top)
    yield from _counted(calendar, 0, 1, "NAME", "REFRESH-INTERVAL", "SOURCE", "COLOR")
    for p in calendar.all("REFRESH-INTERVAL"):
        if p.parameters != {"VALUE": "DURATION"} or not re.fullmatch(r"PT\d+H", p.value):
            yield p.name
    for p in calendar.all("SOURCE"):
        if p.parameters != {"VALUE": "URI"} or not re.fullmatch(r"https?://\S+", p.value):
            yield p.name
    for p in calendar.all("COLOR"):
        if p.value not in ("royalblue", "seagreen", "slateblue", "steelblue", "navy"):
            yield p.value
