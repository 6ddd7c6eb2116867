"""What storing serialised events is worth: 200 joined against 200 written anew by icalendar.

Rounds are interleaved in one run; the figures are ratios of processor time.
"""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from blaljus.domain.calendar import CalendarEvent, FeedHead
from blaljus.domain.words import FeedKind
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import feed

EVENTS = 200
ROUNDS = 15
HEAD = FeedHead(
    kind=FeedKind.MUNICIPALITY,
    name="Blåljusdagar i Höör",
    source_url="https://blaljus.example/kalender/adress.ics",
    organiser_name="Höörs kommun",
    organiser_address="blaljus@hoor.example",
    colour="navy",
)


def an_event(number: int) -> CalendarEvent:
    """Return one of the events, each on a day of its own."""
    start = datetime(2026, 8, 20, 7, tzinfo=UTC) + timedelta(days=number)
    return CalendarEvent(
        uid=f"{number:032x}@blaljus.example",
        sequence=0,
        revised_at=datetime(2026, 8, 1, tzinfo=UTC),
        starts_at=start,
        ends_at=start + timedelta(minutes=150),
        summary=f"Blåljusdag: klass 4A, skola {number}",
        description="Polis, räddningstjänst och ambulans vid var sin station.\nTa med ombyte.",
        location="Höörs räddningsstation",
        latitude=55.9345,
        longitude=13.5421,
        url=f"https://blaljus.example/pass/{number}",
        categories=("Blåljusdag",),
        confirmed=True,
        cancelled=False,
        busy=False,
    )


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    start = process_time()
    work()
    return process_time() - start


def say(name: str, ratios: list[float]) -> None:
    """Print median and range."""
    print(f"{name}: {median(ratios):.4f} ({min(ratios):.4f}-{max(ratios):.4f})")


def main() -> None:
    """Print how much cheaper the join is: median and range of the rounds."""
    events = [an_event(number) for number in range(EVENTS)]
    fragments = [feed_event(event) for event in events]
    joined, changed = [], []
    for _ in range(ROUNDS):
        writing = seconds(lambda: feed(HEAD, [feed_event(event) for event in events]))
        joined.append(seconds(lambda: feed(HEAD, fragments)) / writing)
        one = seconds(lambda: feed(HEAD, [*fragments[1:], feed_event(events[0])]))
        changed.append(one / writing)
    body = feed(HEAD, fragments)
    say(f"join / serialise, {EVENTS} events", joined)
    say("after one change / serialise", changed)
    print(f"feed: {len(body)} bytes, gzipped {len(gzip.compress(body))}")


if __name__ == "__main__":
    main()
