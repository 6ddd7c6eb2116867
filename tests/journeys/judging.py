"""What is wrong with a page in a browser.

By axe at two widths in light and dark, by its head, by what readers bring with them (a phone,
large text, wide spacing, only a keyboard, paper) and by how large its targets are.
"""

import json
from functools import cache
from itertools import product
from pathlib import Path

from icaljs import install
from journeys.paper import on_paper
from journeys.tabbing import by_keyboard

AXE = Path(__file__).parent.parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
EVERY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that a theme can change: in the dark the other rules would find the same again."""
RULES = {"light": EVERY, "dark": COLOURS}
OPTIONS = {"resultTypes": ["violations"], "preload": False}
NARROW, WIDE = 320, 1280
HEIGHT = 900
AXE_WAYS = {"sv": {*product((NARROW, WIDE), ("light", "dark"))}, "en": {(NARROW, "light")}}
"""Colours and structure are alike in every language; texts break things on a phone first."""
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

SPILT = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.checkVisibility() && !e.closest('.vh, .stack thead, .scroll, svg, select'))
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""
"""Boxes whose text does not fit in: it lies outside, on top of something else, or is cut off."""

BROKEN = """() => {
    const wholeWord = /(?<![@\\p{L}\\p{N}._<-])\\p{L}+(?![@._\\p{L}\\p{N}])/gu;
    const found = [], range = document.createRange();
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode, element = text.parentElement;
        if (element.closest('.vh, .stack thead, code, pre, svg')) continue;
        if (!element.checkVisibility()) continue;
        for (const word of text.data.matchAll(wholeWord)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (lines.size > 1) found.push(word[0]);
        }
    }
    return found;
}"""
"""Words that go on in the next line without a hyphen; addresses may."""

HEAD = """() => ({lang: document.documentElement.lang, title: document.title,
    headings: [...document.querySelectorAll('h1')].filter(e => e.checkVisibility()).length})"""


@cache
def axe() -> str:
    """Return axe-core, installed beside ical.js from the lock file."""
    install()
    return AXE.read_text(encoding="utf-8")


def judged(page, language):
    """Return everything that is wrong with the page that is open, [] when nothing is.

    Colours, widths and words differ by language; what Tab reaches and what is printed do not.
    """
    wrong = _head(page, language)
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
        page.add_init_script(axe())
    for width, scheme in product((NARROW, WIDE), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        if (width, scheme) in AXE_WAYS[language]:
            wrong += [(width, scheme, *finding) for finding in _by_axe(page, scheme)]
        wrong += [(width, *finding) for finding in _misplaced(page)]
    for width in (WIDE, NARROW) if language == "sv" else ():
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong += [(width, *finding) for finding in by_keyboard(page)]
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    wrong += [("broken", word) for word in page.evaluate(BROKEN)]
    small = page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)
    wrong += [("too small", element) for element in small] + _stretched(page)
    return wrong + (on_paper(page) if language == "sv" else [])


def _head(page, language):
    head = page.evaluate(HEAD)
    name = {"sv": "Blåljusdagar", "en": "Blue Light Days"}[language]
    wrong = [("lang", head["lang"])] if head["lang"] != language else []
    if not head["title"].endswith(f" – {name}") or head["title"].startswith(" –"):
        wrong.append(("title", head["title"]))
    if head["headings"] != 1:
        wrong.append(("h1", head["headings"]))
    return wrong


def _by_axe(page, scheme):
    options = json.dumps({"runOnly": RULES[scheme], **OPTIONS})
    violations = page.evaluate(f"async () => (await axe.run({options})).violations")
    return [
        (rule["id"], *node["target"], node.get("failureSummary"))
        for rule in violations
        for node in rule["nodes"]
    ]


def _misplaced(page):
    wide, spilt = page.evaluate(TOO_WIDE), page.evaluate(SPILT)
    return [("scrolls sideways", *wide)] * bool(wide) + [("spilt", *spilt)] * bool(spilt)


def _stretched(page):
    wrong = []
    for name, style in STRETCHED.items():
        page.evaluate(STRETCH, style)
        wrong += [(name, *finding) for finding in _misplaced(page)]
    page.evaluate(STRETCH, "")
    return wrong


def listening(page):
    """Return two lists that fill up: statuses of the pages that come, and what the console says."""
    answers, complaints = [], []
    page.on("response", lambda r: answers.append(r.status) if _of_page(r) else None)
    page.on("console", lambda m: complaints.append(m.text) if not _refused(m.text) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return answers, complaints


def _of_page(response):
    return response.request.is_navigation_request()


def _refused(text):
    """Return whether a browser only notes that an answer was no success."""
    return "the server responded with a status of" in text


def report(wrong):
    """Return a line for everything that is wrong, below the page it is wrong with."""
    return "\n".join(f"{where}\n    {what}" for where, found in wrong.items() for what in found)
