"""What a coordinator does with forms, page by page; stops as in walks.py."""

import sqlite3
from contextlib import closing

from journeys.sending import go_to_review, overwrite, pick, send

from blaljus.demo.loading import FILES

FULL = (
    "SELECT id FROM slot WHERE taken = places"
    " AND id NOT IN (SELECT slot FROM booking WHERE school_class = 2) ORDER BY id"
)
SLOT = "SELECT slot FROM booking WHERE school_class = 2 ORDER BY id DESC"
POST = "SELECT id, station FROM assignment WHERE slot = :slot AND state = 'invited' ORDER BY id"
ELSEWHERE = "SELECT staff FROM assignment WHERE slot = :slot AND station != :station"
LATE = "SELECT slot FROM booking WHERE arrives_at IS NOT NULL"
NEWEST_VENUE = "SELECT max(id) FROM venue"
MESSAGE = "SELECT max(id) FROM outbox_message"
FAIL = (
    "UPDATE outbox_message SET attempts = 3, last_error = 'timeout', failed_at = created_at"
    " WHERE id = (SELECT max(id) FROM outbox_message)"
)


def plans(page, server):
    """Plan, discard, plan again, import a change meanwhile, plan once more and approve."""
    page.goto(f"{server.url}/samordnare/korning")
    send(page, "/samordnare/korning")
    yield 200, "a proposal"
    _decide(page, "kasta")
    yield 200, "a discarded proposal"
    page.goto(f"{server.url}/samordnare/korning")
    send(page, "/samordnare/korning")
    proposal = page.url
    yield from _imports(page, server)
    page.goto(proposal)
    _decide(page, "godkann")
    yield 409, "a proposal that no longer holds"
    send(page, "/samordnare/korning")
    _decide(page, "godkann")
    yield 200, "an approved proposal"


def _decide(page, decision):
    with page.expect_navigation():
        page.locator(f"main form:has([value={decision}]) button").click()


def _imports(page, server):
    classes = (FILES / "klasser.csv").read_text(encoding="utf-8-sig")
    fewer = "".join(line for line in classes.splitlines(keepends=True) if ";4B;" not in line)
    page.goto(f"{server.url}/samordnare/import")
    file = {"name": "klasser.csv", "mimeType": "text/csv", "buffer": fewer.encode()}
    page.locator("#files").set_input_files(file)
    send(page, "/samordnare/import/granska")
    yield 200, "what an import would change"
    overwrite(page, "fingerprint", "0" * 64)
    send(page, "/samordnare/import")
    yield 409, "an import of what changed meanwhile"
    page.goto(f"{server.url}/samordnare/import")
    page.locator("#files").set_input_files(file)
    send(page, "/samordnare/import/granska")
    send(page, "/samordnare/import")
    yield 200, "an import"


def gives_a_time(page, server):
    """Move a class, want a full slot, cancel without and with a cause."""
    there = "/samordnare/klass/2"
    page.goto(server.url + there)
    send(page, f"{there}/granska")
    yield 422, "no time chosen"
    pick(page, "slot")
    send(page, f"{there}/granska")
    yield 200, "who is told of another time"
    overwrite(page, "slot", server.one(FULL))
    send(page, there)
    yield 409, "a full time"
    page.goto(server.url + there)
    page.locator("main input[name=slot]").last.check(force=True)
    send(page, f"{there}/granska")
    yield 200, "who is told of the time that disturbs most"
    send(page, there)
    yield 200, "a moved class"
    page.goto(f"{server.url}{there}/avboka")
    send(page, f"{there}/avboka")
    yield 422, "no cause"
    pick(page, "cause")
    send(page, f"{there}/avboka")
    yield 200, "a class without a time"
    page.goto(f"{server.url}/samordnare")
    yield 200, "coverage with a gap"


def replaces_people(page, server):
    """Choose nobody, one of another service, one who can; take one off; cancel the slot."""
    slot = server.one(SLOT)
    (post, station), *_ = server.select(POST, slot=slot)
    there, staffing = f"/samordnare/pass/{slot}", f"/samordnare/pass/{slot}/bemanna/{station}"
    page.goto(f"{server.url}{staffing}?byt={post}")
    send(page, f"{staffing}/granska")
    yield 422, "nobody chosen"
    pick(page, "staff")
    send(page, f"{staffing}/granska")
    yield 200, "who is told of a replacement"
    overwrite(page, "staff", server.one(ELSEWHERE, slot=slot, station=station))
    send(page, staffing)
    yield 409, "somebody of another service"
    page.goto(f"{server.url}{staffing}?byt={post}")
    pick(page, "staff")
    send(page, f"{staffing}/granska")
    yield 200, "who is told of the replacement"
    send(page, staffing)
    yield 200, "somebody in another's place"
    post = server.one("SELECT max(id) FROM assignment")
    page.goto(f"{server.url}{staffing}?byt={post}")
    send(page, f"{there}/ta-bort/{post}")
    yield 200, "a station without people"
    page.goto(server.url + staffing)
    pick(page, "staff")
    send(page, staffing)
    yield 200, "a station with people again"
    yield from _cancels(page, server, there)


def _cancels(page, server, there):
    page.goto(f"{server.url}{there}/stall-in")
    send(page, f"{there}/stall-in")
    yield 422, "no cause to cancel a slot"
    pick(page, "cause")
    send(page, f"{there}/stall-in")
    yield 200, "a cancelled slot"
    page.goto(f"{server.url}/samordnare")
    yield 200, "coverage after a cancelled slot"


def plans_around_who_is_away(page, server):
    """Name no days, days that are none, and days; approve another proposal, then the one shown."""
    staff = server.one("SELECT staff FROM assignment WHERE slot = :slot", slot=server.one(SLOT))
    there = f"/samordnare/personal/{staff}/borta"
    page.goto(server.url + there)
    send(page, there)
    yield 422, "no days"
    page.locator("#fran").fill("2027-01-22")
    page.locator("#till").fill("2027-01-11")
    send(page, there)
    yield 422, "days the wrong way round"
    page.locator("#fran").fill("2027-01-11")
    page.locator("#till").fill("2027-01-22")
    send(page, there)
    yield 200, "what changes while somebody is away"
    overwrite(page, "fingerprint", "0" * 64)
    _approve(page)
    yield 409, "a proposal that is another by now"
    _approve(page)
    yield 200, "everything planned around somebody"


def _approve(page):
    with page.expect_navigation():
        page.locator("main form:has([name=fingerprint]) button").click()


def keeps_house(page, server):
    """Add a place, name it badly and well; send mail again; subscribe."""
    there = "/samordnare/platser"
    page.goto(server.url + there)
    send(page, there)
    yield 422, "a place without a name"
    page.locator("#name").fill("Idrottsplatsen i Tjörnarp")
    page.locator("#partner_station").fill("Utrymma en buss")
    send(page, there)
    yield 200, "a new place"
    venue = f"{there}/{server.one(NEWEST_VENUE)}"
    page.goto(server.url + venue)
    page.locator("#name").fill("Brandstationen i Höör")
    send(page, venue)
    yield 409, "a name that is taken"
    page.locator("#name").fill("Idrottsplatsen")
    send(page, venue)
    yield 200, "a renamed place"
    yield from _sends_again(page, server)
    page.goto(f"{server.url}/samordnare/kalender")
    send(page, "/samordnare/kalender")
    yield 200, "the address of a calendar"
    go_to_review(page, "stang")
    yield 200, "what closing a coordinated calendar means"
    page.goto(f"{server.url}/samordnare/kalender/prenumerationer")
    yield 200, "how subscriptions are doing"
    yield from _sends_rounds(page, server)


def _sends_again(page, server):
    with closing(sqlite3.connect(server.file, isolation_level=None)) as connection:
        connection.execute(FAIL)
    page.goto(f"{server.url}/samordnare/utskick")
    yield 200, "mail that could not be sent"
    message = f"/samordnare/utskick/{server.one(MESSAGE)}"
    page.goto(server.url + message)
    yield 200, "a message that could not be sent"
    send(page, message)
    yield 200, "a message that is sent again"


def _sends_rounds(page, server):
    rounds = f"/samordnare/pass/{server.one(LATE)}/korschema"
    page.goto(server.url + rounds)
    send(page, f"{rounds}/skicka")
    yield 200, "rounds that were sent"
    page.goto(f"{server.url}{rounds}/tider")
    page.locator("[name^=arrives_]").first.fill("05:00")
    send(page, f"{rounds}/tider")
    yield 422, "a bus that comes too early"
    page.locator("[name^=arrives_]").first.fill("09:20")
    send(page, f"{rounds}/tider")
    yield 200, "rounds that are others than were sent"
