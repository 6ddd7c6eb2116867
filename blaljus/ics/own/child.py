"""The reading process: `python -m blaljus.ics.own.child JOB`; the calendar is on standard input.

It tells an `Answer` on standard output and nothing else: no title, place or name leaves it. It
opens no file, no connection and no database.
"""

import sys
from datetime import datetime

import msgspec

from blaljus.children import limit_myself
from blaljus.domain.own_calendars import BusyTime, CalendarTroubleError, LeftOut, Skipped, Trouble


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be read: the window `[first, last)`, and the domain of our own UIDs."""

    first: datetime
    last: datetime
    our_domain: str
    most_bytes: int
    processor_seconds: int
    nice: int


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was read, or why nothing was."""

    busy: tuple[BusyTime, ...] = ()
    skipped: dict[Skipped, int] = {}
    left_out: tuple[LeftOut, ...] = ()
    trouble: Trouble | None = None


def main() -> None:
    """Read the calendar on standard input."""
    job = msgspec.json.decode(sys.argv[1], type=Job)
    limit_myself(most_bytes=job.most_bytes, nice=job.nice, processor_seconds=job.processor_seconds)
    try:
        answer = _answer(job, sys.stdin.buffer.read())
    except (MemoryError, RecursionError):
        answer = Answer(trouble=Trouble.TOO_MUCH_WORK)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


def _answer(job: Job, data: bytes) -> Answer:
    from blaljus.ics.own.expanding import busy_times  # noqa: PLC0415 -- loaded within the limits
    from blaljus.ics.own.gate import in_utf8, trouble_of  # noqa: PLC0415 -- loaded within the limits

    data = in_utf8(data)
    trouble = trouble_of(data)
    if trouble is not None:
        return Answer(trouble=trouble)
    try:
        reading = busy_times(_text(data), job.first, job.last, job.our_domain)
    except CalendarTroubleError as error:
        return Answer(trouble=error.trouble)
    return Answer(busy=reading.busy, skipped=dict(reading.skipped), left_out=reading.left_out)


def _text(data: bytes) -> str:
    """Return a calendar as text: UTF-8 (RFC 5545, 3.1.4), or what old programs write instead."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


if __name__ == "__main__":
    main()
