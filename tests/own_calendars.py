"""Calendars of strangers: ordinary ones, and those that mean harm."""

from datetime import UTC, date, datetime, timedelta

from blaljus.domain.own_calendars import (
    BusyTime,
    LeftOut,
    Reading,
    RosterChange,
    Skipped,
    SourceKind,
    Trouble,
)
from blaljus.store import own_calendars as store
from blaljus.store.engine import transactional
from blaljus.store.own_calendars import Source
from blaljus.store.sealing import seal

WINDOW = (date(2027, 1, 11), date(2028, 6, 30))
OUR_DOMAIN = "blaljus.example"
READ_AT = datetime(2027, 1, 15, 8, tzinfo=UTC)
SECRETS = ("s" * 40,)


def a_calendar(*events: str, head: str = "") -> bytes:
    inside = f"VERSION:2.0\r\nPRODID:-//x\r\n{head}{''.join(events)}"
    return f"BEGIN:VCALENDAR\r\n{inside}END:VCALENDAR\r\n".encode()


def an_event(*lines: str, uid: str = "a") -> str:
    """An event on Tuesday 16 March 2027 at 9-12 in Stockholm, where `lines` say nothing else."""
    if not any(line.startswith("DTSTART") for line in lines):
        lines = ("DTSTART;TZID=Europe/Stockholm:20270316T090000", *lines)
    if not any(line.startswith(("DTEND", "DURATION", "DTSTART;VALUE=DATE")) for line in lines):
        lines = (*lines, "DURATION:PT3H")
    text = "".join(f"{line}\r\n" for line in lines)
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20270101T000000Z\r\n{text}END:VEVENT\r\n"


NEVER = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
"""No such day comes: `dateutil` looks for it for 0.2 s."""

HOSTILE = {
    "secondly": (a_calendar(an_event("RRULE:FREQ=SECONDLY")), "too-often"),
    "minutely": (a_calendar(an_event("rrule:freq=minutely")), "too-often"),
    "folded away": (a_calendar(an_event("RRULE:FREQ=HOU\r\n RLY")), "too-often"),
    "often in a day": (
        a_calendar(an_event("RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5")),
        "too-often",
    ),
    "30,000 events": (a_calendar(*["BEGIN:VEVENT\r\nEND:VEVENT\r\n"] * 30_000), "too-many-events"),
    "many rules": (a_calendar(*[an_event("RRULE:FREQ=DAILY")] * 201), "too-many-rules"),
    "many dates": (
        a_calendar(an_event("EXDATE:" + ",".join(["20270316T080000Z"] * 401))),
        "too-many-dates",
    ),
    "deep nesting": (
        a_calendar("BEGIN:VEVENT\r\n" * 1000 + "END:VEVENT\r\n" * 1000),
        "too-deep",
    ),
    "5 MB in a line": (a_calendar(an_event("SUMMARY:" + "a" * 5_000_000)), "too-large"),
    "a long line": (a_calendar(an_event("SUMMARY:" + "a" * 200_000)), "line-too-long"),
    "endless folding": (a_calendar(an_event("SUMMARY:" + "\r\n a" * 100_000)), "line-too-long"),
    "empty folding": (a_calendar(an_event("SUMMARY:" + "\r\n " * 100_000)), "line-too-long"),
    "null bytes": (a_calendar(an_event("SUMMARY:\0")), "null-bytes"),
    "year 9999": (a_calendar(an_event("DTSTART:99990316T080000Z")), "strange-year"),
    "year 1": (a_calendar(an_event("DTSTART;VALUE=DATE:00010316")), "strange-year"),
    "no such zone": (
        a_calendar(an_event("DTSTART;TZID=Mars/Olympus_Mons:20270316T090000")),
        "nothing-readable",
    ),
    "a web page": (b"\xef\xbb\xbf <!DOCTYPE html><title>Logga in</title>", "web-page"),
    "an empty file": (b" \r\n", "empty"),
    "a letter": (b"Hej! H\xe4r kommer schemat.", "no-calendar-file"),
    "a PDF": (b"%PDF-1.7\n\0\1\2", "no-calendar-file"),
    "a spreadsheet": (b"PK\3\4\x14\0\6\0", "no-calendar-file"),
    "half a calendar": (a_calendar(an_event())[:-20], "not-a-calendar"),
    "nothing but times that end before they begin": (
        a_calendar(an_event("DTEND;TZID=Europe/Stockholm:20270316T080000")),
        "nothing-readable",
    ),
    "nothing but a strange rule": (
        a_calendar(an_event("RRULE:FREQ=NEVER")),
        "nothing-readable",
    ),
    "an address book": (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "not-a-calendar"),
    "rules without end": (
        a_calendar(*[an_event(NEVER, uid=str(n)) for n in range(200)]),
        "too-much-work",
    ),
    "a time in every hour": (
        a_calendar(*[an_event("RRULE:FREQ=DAILY", uid=str(n)) for n in range(60)]),
        "too-many-times",
    ),
}
"""Name: (file, why it is not read)."""


def a_busy_time(
    day: date = date(2027, 3, 16), hours: tuple[int, int] = (9, 12), *, soft: bool = False
) -> BusyTime:
    """A busy time on a day of winter time, between two hours of the local clock."""
    start, end = (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=h - 1) for h in hours
    )
    return BusyTime(starts_at=start, ends_at=end, soft=soft)


@transactional
async def stored_own_calendar(
    staff: int,
    *busy: BusyTime,
    address: str = "",
    skipped: dict[Skipped, int] | None = None,
    left_out: tuple[LeftOut, ...] = (),
    change: RosterChange | None = None,
    trouble: Trouble | None = None,
) -> None:
    """A calendar of a person: a file, or an address that is due in three hours."""
    kind = SourceKind.ADDRESS if address else SourceKind.FILE
    source = Source()
    if address:
        sealed = seal(address, SECRETS, f"staff:{staff}")
        source = Source(sealed=sealed, host="kalender.example")
    due_at = READ_AT + timedelta(hours=3)
    await store.save_reading(
        staff,
        kind,
        source,
        Reading(busy=busy, skipped=skipped or {}, left_out=left_out),
        now=READ_AT,
        due_at=due_at if address else None,
        change=change,
    )
    if trouble:
        found = await store.find_source(staff, kind)
        await store.note_trouble(found.calendar, trouble, now=READ_AT, due_at=due_at)
