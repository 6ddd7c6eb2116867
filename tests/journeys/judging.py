"""What is wrong with a page in a browser: by axe, by its width, its head and its targets."""

import json
from functools import cache
from pathlib import Path

from icaljs import install

AXE = Path(__file__).parent.parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
NARROW, WIDE = 320, 1280
HEIGHT = 900
WAYS = [(width, scheme) for width in (NARROW, WIDE) for scheme in ("light", "dark")]
SMALLEST_TARGET = 24

STRETCHED = {
    "text at 200 %": "html { font-size: 200% !important }",
    "WCAG 1.4.12 text spacing": (
        "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"
    ),
}
"""Styles that readers bring with them: nothing may scroll sideways on a phone because of them."""

TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [document.documentElement.scrollWidth, ...[...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll'))
        .slice(0, 4).map(e => e.outerHTML.slice(0, 110))]"""
"""How wide the page is, and what makes it so; empty when it fits."""

STRETCH = """text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
}"""

SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, summary, input, select')]
    .filter(e => e.checkVisibility() && e.type !== 'hidden')
    .filter(e => !e.closest('.vh, .skip, p, li, dd, td, th, h2, h3') || e.matches('.btn'))
    .map(e => [e, e.closest('label') ?? e])
    .map(([e, target]) => [e, target.getBoundingClientRect()])
    .filter(([, box]) => box.height < least || box.width < least)
    .map(([e]) => e.outerHTML.slice(0, 90))"""
"""Targets smaller than they must be; links within text are excused, as in WCAG 2.5.8."""

HEAD = """() => ({lang: document.documentElement.lang, title: document.title,
    headings: [...document.querySelectorAll('h1')].filter(e => e.checkVisibility()).length})"""


@cache
def axe() -> str:
    """Return axe-core, installed beside ical.js from the lock file."""
    install()
    return AXE.read_text(encoding="utf-8")


def judged(page, language, ways=WAYS):
    """Return everything that is wrong with the page that is open, [] when nothing is."""
    wrong = _head(page, language)
    page.evaluate(axe())
    for width, scheme in ways:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        wrong += [(width, scheme, *finding) for finding in _by_axe(page)]
        if found := page.evaluate(TOO_WIDE):
            wrong.append((width, "scrolls sideways", *found))
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    small = page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)
    return wrong + _stretched(page) + [("too small", element) for element in small]


def _head(page, language):
    head = page.evaluate(HEAD)
    name = {"sv": "Blåljusdagar", "en": "Blue Light Days"}[language]
    wrong = [("lang", head["lang"])] if head["lang"] != language else []
    if not head["title"].endswith(f" – {name}") or head["title"].startswith(" –"):
        wrong.append(("title", head["title"]))
    if head["headings"] != 1:
        wrong.append(("h1", head["headings"]))
    return wrong


def _by_axe(page):
    result = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        (rule["id"], *node["target"], node.get("failureSummary"))
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def _stretched(page):
    wrong = []
    for name, style in STRETCHED.items():
        page.evaluate(STRETCH, style)
        if found := page.evaluate(TOO_WIDE):
            wrong.append((name, *found))
    page.evaluate(STRETCH, "")
    return wrong
