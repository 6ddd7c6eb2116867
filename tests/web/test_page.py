"""What a page knows of its visitor."""

import pytest
from litestar.testing import RequestFactory

from blaljus.domain.words import Role
from blaljus.web.page import LANGUAGE_COOKIE, Page, page_of, remember_page, visitor_language


def a_page(path="/", *roles):
    return Page(language="sv", path=path, roles=roles)


def a_request(**parts):
    return RequestFactory().get(**parts)


def test_a_visitor_has_no_menu():
    assert a_page().nav == ()


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (Role.TEACHER, ["/klass", "/boka"]),
        (Role.STAFF, ["/personal/tider", "/personal/uppdrag", "/personal/kalender"]),
    ],
)
def test_the_menu_holds_the_links_of_ones_role_only(role, paths):
    assert [link.path for link in a_page("/x", role).nav] == paths


def test_several_roles_come_in_a_fixed_order():
    both = a_page("/", Role.COORDINATOR, Role.TEACHER)

    assert [link.label for link in both.nav][:3] == ["Min klass", "Boka", "Täckning"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/samordnare", "/samordnare"),
        ("/samordnare?vy=lista", "/samordnare"),
        ("/samordnare/klass/7", "/samordnare"),
        ("/samordnare/import/granska", "/samordnare/import"),
        ("/samordnare/plan", "/samordnare/korning"),
        ("/samordnare/platser/3/stationer?kommun=1267", "/samordnare/verksamheter"),
        ("/samordnare/personal/3/borta", "/samordnare/verksamheter"),
        ("/samordnare/paminnelser", "/samordnare/utskick"),
        ("/samordnare/planer", "/samordnare"),
        ("/samordnarens", None),
    ],
)
def test_the_nearest_link_is_current(path, current):
    links = a_page(path, Role.COORDINATOR).nav

    assert [link.path for link in links if link.current] == ([current] if current else [])


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [
        (None, None, "sv"),
        (None, "en-GB,en", "en"),
        ("sv", "en-GB,en", "sv"),
        ("klingon", "en", "en"),
    ],
)
def test_a_chosen_language_wins_over_the_browsers(cookie, header, expected):
    request = a_request(
        cookies=f"{LANGUAGE_COOKIE}={cookie}" if cookie else None,
        headers={"accept-language": header} if header else None,
    )

    assert visitor_language(request) == expected


def test_a_stranger_gets_a_page_that_comes_back_to_where_one_was():
    request = a_request(path="/boka", query_params={"fran": "45"})

    assert page_of(request) == Page(language="sv", path="/boka?fran=45")


def test_a_remembered_page_is_kept():
    request, page = a_request(), a_page("/boka", Role.TEACHER)

    remember_page(request, page)

    assert page_of(request) is page
