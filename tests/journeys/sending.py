"""Filling in and sending forms in any language: by their addresses and their fields' names."""


def form_of(page, action):
    """Return the first form that sends to a path."""
    return page.locator(f'main form[action="{action}"]').first


def send(page, action):
    """Send the form of a path as it is, by its own last button."""
    with page.expect_navigation():
        form_of(page, action).locator("button[type=submit]").last.click()


def pick(page, name, value=None):
    """Choose an option of a radio group or a box by its value, or the first that can be chosen."""
    which = f'[value="{value}"]' if value else ":not(:disabled)"
    page.locator(f'main input[name="{name}"]{which}').first.check(force=True)


def overwrite(page, name, value):
    """Give fields another value than the page would let one choose: a stale or a broken sender."""
    page.locator(f'main input[name="{name}"]').evaluate_all(
        "(found, value) => found.forEach(input => { input.value = value })", str(value)
    )


def go_to_review(page, act):
    """Go to the page that says what replacing (byt) or closing (stang) an address means."""
    with page.expect_navigation():
        page.locator(f'main a[href*="/granska?gor={act}&"]').first.click()
