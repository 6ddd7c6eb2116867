"""Texts come out of five parsers as they went in."""

import pytest
from calendar_factories import a_head, an_event
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readers.every import READERS

from blaljus.domain.text import clean_line, clean_text
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import feed

TEXTS = [
    "Höörs räddningsstation; ingång B, våning 2",
    ';,\\:"',
    "C:\\filer\\skolan",
    "en rad\r\nen till\ren tredje\n\nslut",
    "med\ttabb",
    "🚒🧑‍🚒 blåljus é",
    "Skolan med det långa namnet, " + "å" * 471,
    "BEGIN:VEVENT\r\nATTENDEE:mailto:a@b.example",
    "%0A &amp; <b>fet</b> ^n ^^ ^'",
    "\u00a0hårt mellanslag\u2028och radslut\u0085",
]
NODE_ICAL_SPOILS = [r"C:\Nils", r"C:\nya", '"inom citattecken"']
"""It undoes `\\\\` after `\\n`, and takes quotes around a text away: its own faults."""

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120) | st.text(
    ";,:\"\r\n \tåÅ'^🚒x", max_size=300
)


def written(*texts):
    events = [
        an_event(uid=f"{n}@blaljus.example", summary=f"s{t}", description=t, location=f"l{t}")
        for n, t in enumerate(texts)
    ]
    return feed(a_head(), [feed_event(event) for event in events])


def expected(*texts):
    return {
        f"{n}@blaljus.example": (clean_line(f"s{t}"), clean_text(t).strip(), clean_line(f"l{t}"))
        for n, t in enumerate(texts)
    }


def read_by(name, body):
    (read,) = READERS[name]([body])
    return {event.uid: (event.summary, event.description, event.location) for event in read.events}


@pytest.mark.parametrize("name", READERS)
def test_texts_come_out_as_they_went_in(name):
    assert read_by(name, written(*TEXTS)) == expected(*TEXTS)


@pytest.mark.parametrize("name", [name for name in READERS if name != "node-ical"])
def test_backslashes_before_n_and_quotes_around_a_text_do_too(name):
    assert read_by(name, written(*NODE_ICAL_SPOILS)) == expected(*NODE_ICAL_SPOILS)


def test_node_ical_still_spoils_what_it_spoils():
    """The day this fails, NODE_ICAL_SPOILS belongs to TEXTS."""
    assert read_by("node-ical", written(*NODE_ICAL_SPOILS)) != expected(*NODE_ICAL_SPOILS)


@pytest.mark.parametrize("name", ["icalendar", "libical", "vobject"])
@settings(max_examples=60, deadline=None)
@example(texts=["\t"])
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=10))
def test_any_text_comes_out_as_it_went_in(name, texts):
    assert read_by(name, written(*texts)) == expected(*texts)
