"""A page on paper: what it is about and nothing else, black on white, within the sheet."""

PAPER = {"width": 680, "height": 1123}
"""180 mm, A4 within its margins, in CSS pixels."""

FOUND = """([controls, width]) => {
    const shown = [...document.querySelectorAll(controls)].filter(e => e.checkVisibility());
    const heading = [...document.querySelectorAll('h1')].filter(e => e.checkVisibility());
    const wide = document.documentElement.scrollWidth;
    return {
        controls: shown.map(e => e.outerHTML.slice(0, 90)),
        headings: heading.length,
        paper: getComputedStyle(document.body).backgroundColor,
        width: wide <= width ? 'fits' : wide,
    };
}"""
CONTROLS = ".nav, .menu, .skip, .foot, .btn, .flash, button, nav"
GOOD = {"controls": [], "headings": 1, "paper": "rgb(255, 255, 255)", "width": "fits"}


def on_paper(page):
    """Return what is wrong with the page when it is printed from a dark screen, [] if nothing."""
    size = page.viewport_size
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)
    found = page.evaluate(FOUND, [CONTROLS, PAPER["width"]])
    page.emulate_media(media="screen")
    page.set_viewport_size(size)
    return [("on paper", name, found[name]) for name in GOOD if found[name] != GOOD[name]]
