"""What people do with forms, page by page: each stop is (status of the answer, what it shows).

A walk is a generator: between two stops the page that is open can be looked at.
"""

from journeys.sending import go_to_review, overwrite, pick, send

NUMBER = "SELECT number FROM booking WHERE school_class = 2 ORDER BY id DESC"
DUTIES = (
    "SELECT d.id FROM assignment d JOIN staff_member m ON m.id = d.staff"
    " WHERE m.reference = 'polis-1' ORDER BY d.id"
)


def asks_for_a_link(page, server):
    """Ask for a link, mistype the code, go where one must be signed in."""
    page.goto(f"{server.url}/logga-in")
    page.locator("#address").fill("larare.90012671.4a@skola.example")
    send(page, "/logga-in")
    yield 200, "a link was sent"
    page.locator("#code").fill("12 34")
    send(page, "/logga-in/kod")
    yield 422, "a code that is none"
    page.goto(f"{server.url}/klass")
    yield 200, "the way in to a page of others"


def books(page, server):
    """Check, go back, be refused, confirm, change, cancel, take it back."""
    yield from _checks(page, server)
    number = server.one(NUMBER)
    page.goto(f"{server.url}/klass")
    send(page, f"/boka/{number}/bekrafta")
    yield 200, "a confirmed time"
    page.goto(f"{server.url}/boka/{number}/andra")
    page.locator("#pupils").fill("många")
    page.locator("#need_hearing").fill("-1")
    send(page, f"/boka/{number}/andra")
    yield 422, "details that cannot be read"
    page.locator("#pupils").fill("18")
    page.locator("#need_hearing").fill("1")
    send(page, f"/boka/{number}/andra")
    yield 200, "changed details"
    yield from _cancels(page, server, number)


def _checks(page, server):
    page.goto(f"{server.url}/boka")
    pick(page, "slot")
    send(page, "/boka/granska")
    yield 200, "a move, checked"
    overwrite(page, "version", 999)
    send(page, "/boka")
    yield 409, "a move of what was changed meanwhile"
    with page.expect_navigation():
        page.locator('button[formaction="/boka/andra#phone"]').click()
    yield 200, "times with what was typed"
    pick(page, "slot")
    page.locator("#pupils").fill("110")
    send(page, "/boka/granska")
    yield 409, "a class too large for the time"


def _cancels(page, server, number):
    page.goto(f"{server.url}/boka/{number}/avboka")
    pick(page, "cause")
    send(page, f"/boka/{number}/avboka")
    yield 200, "a cancelled time"
    page.goto(f"{server.url}/klass")
    yield 200, "a class that has no time any more"
    send(page, "/boka/granska")
    yield 200, "a suggested time, checked"
    page.goto(f"{server.url}/boka/{number}")
    send(page, "/boka")
    yield 200, "a time that was taken back"


def keeps_an_account(page, server):
    """Open and close the class's calendar, save a language, leave."""
    page.goto(f"{server.url}/klass/2/kalender")
    send(page, "/klass/2/kalender")
    yield 200, "the address of a calendar"
    go_to_review(page, "byt")
    yield 200, "what another address means"
    send(page, "/klass/2/kalender")
    yield 200, "the new address of a calendar"
    go_to_review(page, "stang")
    yield 200, "what closing a calendar means"
    send(page, "/klass/2/kalender/stang")
    yield 200, "a calendar that is closed"
    page.goto(f"{server.url}/konto")
    pick(page, "language", page.locator("html").get_attribute("lang"))
    send(page, "/konto/sprak")
    yield 200, "a saved language"
    with page.expect_navigation():
        page.locator('form[action="/ut"] button').click()
    yield 200, "the start page, signed out"


def reports(page, server):
    """Come too late to cancel, leave the report empty, report, report over another report."""
    number = server.one(NUMBER)
    there = f"/narvaro/{number}"
    page.goto(f"{server.url}/klass")
    yield 200, "a class that is asked for attendance"
    page.goto(f"{server.url}/boka/{number}/avboka")
    yield 409, "a time that can no longer be cancelled"
    page.goto(server.url + there)
    page.locator("#pupils").fill("")
    send(page, there)
    yield 422, "a report without answers"
    page.locator("#pupils").fill("17")
    for station in page.locator(".station").all():
        station.locator("[value=held]").check(force=True)
    page.locator(".station [value=missed]").first.check(force=True)
    send(page, there)
    yield 422, "a missed station without a cause"
    page.locator("#cause_1").select_option(index=1)
    send(page, there)
    yield 200, "a report"
    page.goto(server.url + there)
    overwrite(page, "version", 99)
    send(page, there)
    yield 409, "a report that was changed meanwhile"


def answers(page, server):
    """Say yes to one duty and no to another."""
    [first], [second], *_ = server.select(DUTIES)
    page.goto(f"{server.url}/personal/uppdrag/{first}")
    send(page, f"/personal/uppdrag/{first}/svar")
    yield 200, "an accepted duty"
    page.goto(f"{server.url}/personal/uppdrag/{second}/kan-inte")
    send(page, f"/personal/uppdrag/{second}/svar")
    yield 200, "a declined duty"
    page.goto(f"{server.url}/personal/uppdrag")
    yield 200, "duties, one of them accepted"


def says_when(page, server):
    """Save, undo, save over another's change, fill in many weeks, copy one, subscribe."""
    week = f"{server.url}/personal/tider?fran=2027-04-12"
    page.goto(week)
    page.locator(".half input[value=on_call]").first.check(force=True)
    send(page, "/personal/tider")
    yield 200, "saved times"
    send(page, "/personal/tider/angra")
    yield 200, "times that were taken back"
    page.locator(".half input[value=on_call]").last.check(force=True)
    overwrite(page, "version", 1)
    send(page, "/personal/tider")
    yield 409, "times that were changed meanwhile"
    yield from _many_weeks(page, week)
    page.goto(f"{server.url}/personal/kalender")
    send(page, "/personal/kalender")
    yield 200, "the address of a calendar"
    go_to_review(page, "byt")
    yield 200, "what another address of one's own calendar means"


def _many_weeks(page, week):
    page.goto(week)
    page.locator("main summary").first.click()
    pick(page, "weekdays")
    pick(page, "halves")
    page.locator("#first_week").select_option(index=2)
    page.locator("#last_week").select_option(index=0)
    send(page, "/personal/tider/fyll")
    yield 422, "weeks that end before they begin"
    page.goto(week)
    page.locator("main summary").last.click()
    send(page, "/personal/tider/kopiera")
    yield 200, "a week copied to the others"
