"""What the app answers when forms are sent, refused and done, judged like every other page."""

import pytest
from journeys import coordinator_walks as coordinator
from journeys import walks
from journeys.judging import judged, listening, report

pytestmark = pytest.mark.journey

TEACHER = "larare.90012671.4a@skola.example"
OFFICER = "polis-1@blaljus.example"
COORDINATOR = "samordnare@hoor.example"
BEFORE = "2026-12-01T08:00:00+00:00"
AFTER = "2027-01-13T12:00:00+00:00"
"""Six weeks before the first slot, and when it is over."""

WALKS = [
    ("planned", BEFORE, None, [walks.asks_for_a_link]),
    ("planned", BEFORE, OFFICER, [walks.answers, walks.says_when]),
    ("planned", BEFORE, TEACHER, [walks.books, walks.keeps_an_account]),
    ("planned", AFTER, TEACHER, [walks.reports]),
    ("imported", BEFORE, COORDINATOR, [coordinator.plans]),
    ("planned", BEFORE, COORDINATOR, [coordinator.gives_a_time]),
    ("planned", BEFORE, COORDINATOR, [coordinator.plans_around_who_is_away]),
    ("planned", BEFORE, COORDINATOR, [coordinator.keeps_house, coordinator.replaces_people]),
]
"""In which world, when, who does what, in this order."""


@pytest.fixture(scope="module", params=["sv", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def server_at(start, language):
    """Call with a world and a moment to get its server, started once for each language."""
    servers = {}

    def found(world, moment):
        if (world, moment) not in servers:
            servers[world, moment] = start(world, TEACHER, OFFICER, COORDINATOR, now=moment)
        return servers[world, moment]

    return found


@pytest.mark.parametrize(
    ("world", "moment", "who", "ways"),
    WALKS,
    ids=["-".join(w.__name__ for w in x[3]) for x in WALKS],
)
def test_every_answer_is_a_sound_page(windows, server_at, language, world, moment, who, ways):
    server, wrong = server_at(world, moment), {}
    page = windows.sign_in(server, who) if who else windows.page()
    page.goto(f"{server.url}/sprak/{language}?till=/kakor")
    answers, complaints = listening(page)

    for way in ways:
        for status, what in way(page, server):
            if answers[-1] != status:
                wrong[what, "answer"] = (answers[-1], status, page.inner_text("main")[:300])
            elif found := judged(page, language):
                wrong[what] = found
            if complaints:
                wrong[what, "console"] = complaints.copy()
            complaints.clear()

    assert not wrong, report(wrong)
