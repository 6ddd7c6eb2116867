"""The macros, the error pages and the static pages in a real browser, judged by axe."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from gallery import a_page, gallery

from blaljus.domain.booking import BookingRefusedError, Refusal
from blaljus.domain.own_calendars import CalendarTroubleError, Trouble
from blaljus.domain.staffing import StaffingRefusal, StaffingRefusedError
from blaljus.domain.words import Role
from blaljus.i18n import LANGUAGES
from blaljus.templating import STATIC, render
from blaljus.web.http.errors import STATUS
from blaljus.web.http.headers import ALWAYS

AXE = Path(__file__).parent.parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WAYS = [(width, scheme) for width in (320, 1280) for scheme in ("light", "dark")]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ORIGIN = "http://localhost:9"
ERRORS = {"slot": "Välj en tid", "pupils": "Skriv hur många elever ni är"}
PUBLIC = ("tillganglighet", "personuppgifter", "kakor")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SMALLEST_TARGET = 24
TAB_STOPS = 80

SAMPLES = {
    "calendar-trouble": CalendarTroubleError(Trouble.TOO_LARGE),
    "booking-refused": BookingRefusedError(Refusal),
    "staffing-refused": StaffingRefusedError(tuple(StaffingRefusal)),
}

pytestmark = pytest.mark.journey


def pages(language):
    coordinator, teacher = a_page(language, Role.COORDINATOR), a_page(language, Role.TEACHER)
    yield "gallery", gallery(language)
    yield "gallery with errors", gallery(language, errors=ERRORS)
    for name in PUBLIC:
        yield name, render(f"public/{name}.html", language, page=teacher, contact="a@example.se")
    for code in STATUS:
        context = {"page": coordinator, "error": SAMPLES.get(code), "request_id": "a1", "again": ()}
        yield code, render(f"errors/{code}.html", language, back="/boka/417302", **context)


@pytest.fixture(scope="module")
def browser():
    path = os.environ.get("BLALJUS_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def visit(browser):
    contexts = []

    def open_page(html, *, width=1280, scheme="light", script=True, media="screen"):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.emulate_media(media=media, color_scheme=scheme)
        page.html = html
        page.route("**/*", lambda route: answer(route, page.html))
        page.goto(f"{ORIGIN}/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def answer(route, html):
    path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    elif path == "/handelser":
        route.fulfill(body="retry: 60000\n\n", content_type="text/event-stream")
    else:
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=dict(ALWAYS))


def judged(page, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    result = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    wrong = [
        (rule["id"], node["target"], node.get("failureSummary"))
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*wrong, "scrolls sideways"] if too_wide else wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, language):
    page, found = visit(""), {}
    for name, html in pages(language):
        page.html = html
        page.reload()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found |= {(name, *way): wrong for way in WAYS if (wrong := judged(page, *way))}
        if page.complaints:
            found[name, "console"] = page.complaints.copy()
        page.complaints.clear()

    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_every_target_is_large_enough(visit, width):
    page = visit(gallery(), width=width)

    small = page.evaluate(
        """least => [...document.querySelectorAll('a, button, summary, input, select, label.pick')]
            .filter(e => e.checkVisibility() && !e.closest('.vh, p, .pick label, .skip, .pick'))
            .filter(e => !e.matches('.skip') && e.type !== 'hidden')
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < least || box.width < least)
            .map(([text]) => text)""",
        SMALLEST_TARGET,
    )

    assert small == []


def test_the_header_is_low_on_a_phone(visit):
    page = visit(gallery(), width=390)

    assert page.evaluate("document.querySelector('header').offsetHeight") <= 110


def test_the_error_summary_takes_focus_and_its_links_lead_to_the_fields(visit):
    page = visit(gallery(errors=ERRORS))

    assert page.evaluate("document.activeElement.matches('[data-errors]')")
    for name in ERRORS:
        page.click(f'.errors a[href="#{name}"]')
        assert page.evaluate("document.querySelector(':target').name") == name
    assert page.title().startswith("Fel: ")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_that_tab_reaches_is_hidden(visit, width):
    page = visit(gallery(), width=width)

    hidden = []
    for _ in range(TAB_STOPS):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
                const element = document.activeElement;
                const ours = element === document.body;
                if (ours || element.matches('.scroll, .segments input')) return null;
                const box = element.getBoundingClientRect();
                const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                const seen = at && (element.contains(at) || at.contains(element));
                return seen ? null : element.outerHTML.slice(0, 90);
            }"""
        )
        if covered:
            hidden.append(covered)

    assert hidden == []


def test_a_column_of_boxes_is_ticked_at_once_and_it_is_said(visit):
    page = visit(gallery())

    page.click("[data-toggle]")
    assert page.locator("[data-group=w42-fm]:checked").count() == 3
    assert page.locator("[data-live]").text_content() == "3 tider valda"

    page.click("[data-toggle]")
    assert page.locator("[data-group=w42-fm]:checked").count() == 0
    assert page.locator("[data-live]").text_content() == "3 tider avmarkerade"


def test_without_javascript_there_is_a_link_instead_of_the_live_bar(visit):
    page = visit(gallery(), script=False)

    assert page.locator(".nojs-only a").is_visible()
    assert not page.locator("[data-toggle]").is_visible()


def test_on_paper_there_is_no_menu_and_no_button(visit):
    page = visit(gallery(), media="print", scheme="dark")

    for selector in (".nav", ".menu", ".btn", ".foot", ".skip"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
