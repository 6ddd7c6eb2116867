"""Calendars in the process that reads them: whatever they hold, there is an answer."""

import asyncio
import signal
from datetime import UTC, datetime

import pytest
from own_calendars import HOSTILE, OUR_DOMAIN, WINDOW, a_calendar, an_event

from blaljus.children import end_child, start_child
from blaljus.domain.own_calendars import BusyTime, CalendarTroubleError, Reading, Trouble
from blaljus.ics.own.reading import LIMITS, ReadLimits, read_busy

ONE = BusyTime(
    starts_at=datetime(2027, 3, 16, 8, tzinfo=UTC),
    ends_at=datetime(2027, 3, 16, 11, tzinfo=UTC),
    soft=False,
)


async def reading_of(data, **others):
    return await read_busy(data, WINDOW, our_domain=OUR_DOMAIN, **others)


async def trouble_with(data, **others):
    with pytest.raises(CalendarTroubleError) as caught:
        await reading_of(data, **others)
    return caught.value.trouble


async def test_times_come_back_and_nothing_else():
    secret = an_event("SUMMARY:Hemligt", "LOCATION:Hemma", "ATTENDEE:mailto:anna@exempel.example")

    assert await reading_of(a_calendar(secret)) == Reading(busy=(ONE,), skipped={})


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_answered_in_the_bounds(name):
    data, why = HOSTILE[name]

    assert LIMITS.processor_seconds == 2
    assert await trouble_with(data) == why
    assert await reading_of(a_calendar(an_event())) == Reading(busy=(ONE,), skipped={})


async def test_too_little_memory_is_an_answer():
    limits = ReadLimits(most_bytes=2**25)

    assert await trouble_with(a_calendar(an_event()), limits=limits) is Trouble.TOO_MUCH_WORK


@pytest.mark.parametrize(
    "program",
    [
        ("sh", "-c", "trap '' TERM INT; while :; do sleep 1; done"),
        ("sh", "-c", "kill -9 $$"),
        ("sh", "-c", "echo lies"),
        ("sh", "-c", "cat >/dev/null; yes | head -c 10000000"),
        ("sh", "-c", "exit 1"),
    ],
)
async def test_a_process_that_hangs_dies_or_lies_is_an_answer(program):
    limits = ReadLimits(patience_seconds=0.5)
    data = a_calendar(an_event("SUMMARY:" + "a" * 90_000))

    assert await trouble_with(data, limits=limits, program=program) is Trouble.TOO_MUCH_WORK


async def test_a_hanging_process_is_gone_with_what_it_began():
    program = ("sh", "-c", "sleep 1000 & echo begun; wait")
    process = await start_child(program, longest_line=1000)
    assert await process.stdout.readline() == b"begun\n"

    await end_child(process)

    # The pipe ends when nobody holds it any more: neither the shell nor what it began.
    assert (process.returncode, await process.stdout.read()) == (-signal.SIGKILL, b"")


async def test_what_is_told_when_several_wait_is_each_ones_own():
    readings = await asyncio.gather(*(reading_of(a_calendar(an_event())) for _ in range(5)))

    assert readings == [Reading(busy=(ONE,), skipped={})] * 5
