"""What people meet when something is wrong, judged like every other page: and nothing is lost."""

import pytest
from journeys.judging import judged, listening
from journeys.sending import overwrite, send

pytestmark = pytest.mark.journey

TEACHER = "larare.90012671.4a@skola.example"
OFFICER = "polis-1@blaljus.example"
COORDINATOR = "samordnare@hoor.example"
BAD_CLASSES = (
    "skolenhetskod;klass;elever_ak4;ovriga_elever;klasstyp;epost_larare\n"
    "9001267;4A;-3;0;ordinarie;ingen-adress\n"
)


@pytest.fixture(scope="module")
def server(start):
    return start("planned", TEACHER, OFFICER, COORDINATOR)


@pytest.fixture(params=["sv", "en"])
def language(request):
    return request.param


@pytest.fixture
def visit(windows, server, language):
    """Call with an address of somebody (None: nobody) and a path to get a page."""

    def opened(who, path):
        page = windows.signed_in(server, who) if who else windows.page()
        page.goto(f"{server.url}/sprak/{language}?till={path}")
        page.answers, page.complaints = listening(page)
        return page

    return opened


def number(server):
    """Return the number of the teacher's booking."""
    return server.one("SELECT number FROM booking WHERE school_class = 2")


def unknown_address(visit, server):
    page = visit(TEACHER, "/konto")
    page.goto(f"{server.url}/finns/inte")
    return page, 404


def somebody_elses_class(visit, server):
    page = visit(TEACHER, "/konto")
    page.goto(f"{server.url}/boka?klass=7")
    return page, 404


def unknown_link(visit, server):
    page = visit(None, "/kakor")
    page.goto(f"{server.url}/in/{'x' * 43}")
    return page, 404


def form_of_another_browser(visit, server):
    page = visit(TEACHER, "/boka")
    overwrite(page, "csrf", "x")
    send(page, "/boka/granska")
    return page, 403


def nothing_chosen(visit, server):
    page = visit(TEACHER, "/boka")
    page.locator("#pupils").fill("många")
    send(page, "/boka/granska")
    assert page.locator("#pupils").input_value() == "många"
    return page, 422


def no_cause(visit, server):
    page = visit(TEACHER, f"/boka/{number(server)}/avboka")
    send(page, f"/boka/{number(server)}/avboka")
    return page, 422


def no_address(visit, server):
    page = visit(None, "/logga-in")
    page.locator("#address").fill("inte en adress")
    send(page, "/logga-in")
    return page, 422


def no_weekday(visit, server):
    page = visit(OFFICER, "/personal/tider")
    page.locator("details summary").first.click()
    send(page, "/personal/tider/fyll")
    return page, 422


def no_file(visit, server):
    page = visit(COORDINATOR, "/samordnare/import")
    send(page, "/samordnare/import/granska")
    return page, 422


def bad_rows(visit, server):
    page = visit(COORDINATOR, "/samordnare/import")
    file = {"name": "klasser.csv", "mimeType": "text/csv", "buffer": BAD_CLASSES.encode()}
    page.locator("#files").set_input_files(file)
    send(page, "/samordnare/import/granska")
    return page, 422


def full_slot(visit, server):
    page = visit(TEACHER, "/boka")
    page.locator("input[name=slot]").first.check()
    send(page, "/boka/granska")
    overwrite(page, "slot", "2")
    send(page, "/boka")
    return page, 409


def changed_meanwhile(visit, server):
    page = visit(TEACHER, f"/boka/{number(server)}/andra")
    overwrite(page, "version", "999")
    page.locator("#adults").fill("7")
    send(page, f"/boka/{number(server)}/andra")
    assert page.locator("#adults").input_value() == "7"
    return page, 409


def decided_already(visit, server):
    page = visit(COORDINATOR, "/samordnare/korning")
    overwrite(page, "lasar", "2031/32")
    send(page, "/samordnare/korning")
    return page, 409


def locked_database(visit, server):
    page = visit(TEACHER, "/boka")
    page.locator("input[name=slot]").first.check()
    send(page, "/boka/granska")
    with server.locked():
        send(page, "/boka")
    return page, 503


def locked_database_for_staff(visit, server):
    page = visit(OFFICER, "/personal/tider?fran=2027-04-05")
    page.locator(".half input[value=on_call]").first.check(force=True)
    with server.locked():
        send(page, "/personal/tider")
    assert page.locator(".half input[value=on_call]").first.is_checked()
    return page, 503


TROUBLES = [
    unknown_address,
    somebody_elses_class,
    unknown_link,
    form_of_another_browser,
    nothing_chosen,
    no_cause,
    no_address,
    no_weekday,
    no_file,
    bad_rows,
    full_slot,
    changed_meanwhile,
    decided_already,
]


def check(page, status, language):
    assert page.answers[-1] == status
    assert judged(page, language) == []
    assert page.complaints == []


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda t: t.__name__.replace("_", " "))
def test_trouble_is_told_in_words_on_a_sound_page(visit, server, language, trouble):
    page, status = trouble(visit, server)

    check(page, status, language)


def test_what_was_typed_waits_for_a_locked_database_and_can_be_sent_again(visit, server, language):
    page, status = locked_database(visit, server)
    check(page, status, language)

    send(page, "/boka")

    assert page.answers[-1] == 200
    assert "/boka/klart/" in page.url


def test_times_wait_for_a_locked_database(visit, server, language):
    page, status = locked_database_for_staff(visit, server)
    check(page, status, language)

    send(page, "/personal/tider")

    assert page.answers[-1] == 200
    assert page.get_by_role("status").first.is_visible()
