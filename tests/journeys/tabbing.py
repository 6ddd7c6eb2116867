"""A page by Tab alone: everything is reached, in its order, seen and marked, and it has an end."""

from itertools import pairwise

MOST_STOPS = 250

LOOK = """() => {
    document.activeElement.blur();
    const every = [...document.querySelectorAll('*')];
    window.numberOf = new Map(every.map((element, number) => [element, number]));
    const radios = new Set();
    const once = radio => {
        const group = [radio.form, radio.name];
        const same = every.filter(e => e.type === 'radio' && e.form === radio.form
            && e.name === radio.name);
        return radio === (same.find(e => e.checked) ?? same.find(e => !e.disabled));
    };
    return every
        .filter(e => e.matches('a[href], button, input, select, textarea, summary, [tabindex]'))
        .filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden')
        .filter(e => !e.matches('fieldset:disabled *') && e.checkVisibility())
        .filter(e => e.type !== 'radio' || once(e))
        .map(e => [numberOf.get(e), e.outerHTML.slice(0, 100)]);
}"""
"""What Tab must reach, in the order of the page: of radio buttons, the one of each group."""

STOP = """() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const shown = element.matches('.pick input, .segments input') ? element.closest('label')
        : element;
    const box = shown.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 12)];
    const at = document.elementFromPoint(x, y);
    const styles = [element, shown, element.nextElementSibling].filter(Boolean)
        .map(e => getComputedStyle(e));
    return {
        number: window.numberOf?.get(element),
        html: element.outerHTML.slice(0, 100),
        name: (element.textContent || element.name || '').trim().replace(/\\s+/g, ' '),
        region: element.matches('.scroll, [role=region], main, [data-errors]'),
        seen: Boolean(at && (shown.contains(at) || at.contains(shown))),
        marked: styles.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
    };
}"""
"""The element that has the focus: is it uncovered where it stands, and is its focus marked?"""


def stop_of(page):
    """Press Tab and return the stop it leads to, None when it leaves the page."""
    page.keyboard.press("Tab")
    return page.evaluate(STOP)


def by_keyboard(page):
    """Return what is wrong with the page for who has no mouse, [] when nothing is."""
    wanted = dict(page.evaluate(LOOK))
    stops = _stops(page)
    if stops is None:
        return [("Tab never comes round", page.evaluate(STOP))]
    numbers = [stop["number"] for stop in stops]
    back = [b for a, b in pairwise([*numbers, *numbers[:1]]) if b < a]  # Once round: one way back.
    wrong = [("out of order", s["html"]) for s in stops if len(back) > 1 and s["number"] in back]
    wrong += [("never reached", html) for n, html in wanted.items() if n not in numbers]
    wrong += [("not seen", s["html"]) for s in stops if not (s["seen"] or s["region"])]
    return wrong + [("not marked", s["html"]) for s in stops if not s["marked"]]


def _stops(page):
    """Return the stops of one round of Tab, from wherever it begins; None when there is no end."""
    stops, seen = [], set()
    for _ in range(MOST_STOPS):
        stop = stop_of(page)
        if stop and stops and stop["number"] == stops[-1]["number"]:
            continue  # A field for a time has a stop for the hour and one for the minute.
        if stop and stop["number"] in seen:
            return stops
        if stop:
            seen.add(stop["number"])
            stops.append(stop)
    return None
