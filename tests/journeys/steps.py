"""What a person does to come to the next page; each waits until that page is there."""


def click(page, target):
    """Click what leads to another page, and wait for it."""
    with page.expect_navigation():
        target.click()


def link(page, name):
    """Return the first link of a name in the page's main part."""
    return page.get_by_role("main").get_by_role("link", name=name).first


def follow(page, name):
    """Follow the first link of a name in the page's main part."""
    click(page, link(page, name))


def press(page, name):
    """Press the first button of a name in the page's main part."""
    click(page, page.get_by_role("main").get_by_role("button", name=name).first)


def to_menu(page, name):
    """Go to a page of the main menu."""
    menu = page.get_by_role("navigation", name="Huvudmeny")
    click(page, menu.get_by_role("link", name=name))
