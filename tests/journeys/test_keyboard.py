"""By keyboard alone: everything is reached, seen and done with Tab, Space and Enter."""

import pytest

pytestmark = pytest.mark.journey

TEACHER = "larare.90012671.4a@skola.example"
OFFICER = "polis-1@blaljus.example"
COORDINATOR = "samordnare@hoor.example"
MOST_STOPS = 150

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
        html: element.outerHTML.slice(0, 100),
        name: (element.textContent || element.name || '').trim().replace(/\\s+/g, ' '),
        region: element.matches('.scroll, [role=region], main, [data-errors]'),
        seen: Boolean(at && (shown.contains(at) || at.contains(shown))),
        marked: styles.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
    };
}"""
"""The element that has the focus: is it uncovered where it stands, and is its focus marked?"""


@pytest.fixture(scope="module")
def server(start):
    return start("planned", TEACHER, OFFICER, COORDINATOR)


@pytest.fixture(scope="module")
def told(start):
    return start("told", COORDINATOR, now="2027-02-10T08:00:00+00:00")


def tab_to(page, text):
    """Press Tab until what has the focus begins with a text."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop and stop["name"].startswith(text):
            return
    raise AssertionError(f"Tab never reaches {text}")


def enter(page):
    """Press Enter and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_class_is_moved_by_keyboard_alone(windows, server):
    page = windows.sign_in(server, TEACHER)
    tab_to(page, "Flytta")
    enter(page)
    tab_to(page, "slot")
    page.keyboard.press("Space")
    tab_to(page, "Granska")
    enter(page)
    tab_to(page, "Flytta till den här tiden")

    enter(page)

    assert page.get_by_role("heading", level=1, name="Tiden är bokad").is_visible()


def test_times_are_said_by_keyboard_alone(windows, server):
    page = windows.sign_in(server, OFFICER)
    page.goto(f"{server.url}/personal/tider?fran=2027-04-12")
    tab_to(page, "t-2027-04-12-fm")
    for _ in range(2):
        page.keyboard.press("ArrowRight")

    enter(page)

    assert page.get_by_role("main").locator("[role=status]:not(.vh)").first.is_visible()
    assert page.locator("input[name='t-2027-04-12-fm']").last.is_checked()


@pytest.mark.parametrize("who", [TEACHER, OFFICER, COORDINATOR])
def test_the_first_stop_leads_past_the_menu(windows, server, who):
    page = windows.sign_in(server, who)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().y >= 0")

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def stops(page):
    """Return every stop of Tab on a page, until it begins anew."""
    found, first = [], None
    page.evaluate("document.activeElement.blur()")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["html"] == first:
            break
        first = first or stop["html"]
        found.append(stop)
    return found


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        (TEACHER, "/klass"),
        (TEACHER, "/boka"),
        (OFFICER, "/personal/uppdrag"),
        (OFFICER, "/personal/tider"),
        (OFFICER, "/personal/kalender"),
        (COORDINATOR, "/samordnare/korning/1"),
        (COORDINATOR, "/samordnare/pass/1"),
        (COORDINATOR, "/samordnare/pass/1/bemanna/1"),
        (COORDINATOR, "/samordnare/klass/2"),
        (COORDINATOR, "/samordnare/import"),
        (COORDINATOR, "/samordnare/utskick"),
    ],
)
def test_every_stop_is_seen_and_marked(windows, server, who, path, width):
    page = windows.sign_in(server, who, viewport={"width": width, "height": 800})
    page.goto(server.url + path)

    found = stops(page)

    assert len(found) > 5
    assert [stop for stop in found if not (stop["seen"] or stop["region"])] == []
    assert [stop for stop in found if not stop["marked"]] == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("view", ["lista", "tabell", "skolor"])
def test_every_stop_of_the_coverage_is_seen_and_marked(windows, told, view, width):
    page = windows.sign_in(told, COORDINATOR, viewport={"width": width, "height": 800})
    page.goto(f"{told.url}/samordnare?vy={view}")

    found = stops(page)

    assert [stop for stop in found if not (stop["seen"] or stop["region"])] == []
    assert [stop for stop in found if not stop["marked"]] == []
