"""The load and the schools' turns as a coordinator reads them."""

from datetime import date

import pytest
from factories import YEAR, stored_agency, stored_class, stored_staff

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Service
from blaljus.store import tables as t

PATH = "/samordnare/fordelning"


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


async def test_it_shows_people_by_function_where_they_are_protected(browser, cast):
    agency = await stored_agency(Service.POLICE, cast.municipality)
    await stored_staff(agency, "hemliga-namnet", protected=True)

    page = await browser.get(PATH)

    assert "Områdespolis nr " in page.text
    assert "hemliga" not in page.text.lower()
    assert "Ingen har något uppdrag än." in page.text


async def test_nothing_of_the_past_says_that_all_are_equal(browser):
    assert "Alla står lika." in (await browser.get(PATH)).text


async def test_the_order_says_why(browser, cast):
    years = SchoolYear(YEAR.start - 1)
    old = await stored_class(cast.municipality, cast.school_class.school_unit, "4C")
    await t.SchoolClass.update({t.SchoolClass.school_year: years.start}).where(
        t.SchoolClass.id == old.id
    )
    wish = {"school_class": old.id, "rank": 1, "day": date(2026, 3, 16), "half": "fm"}
    await t.Wish.insert(t.Wish(municipality=cast.municipality.id, **wish))

    page = await browser.get(PATH)

    assert "1. Ekskolan" in page.text
    assert "2025/26: 4C fick inte sitt enda önskemål." in page.text
    assert "2. Alskolan" in page.text


async def test_a_municipality_without_anything_says_what_to_do(sign_in, cast):
    await t.AgencyCoverage.delete(force=True)
    browser = await sign_in(cast.foreign_coordinator)

    page = await browser.get(PATH)

    assert "Ingen personal är inläst" in page.text
    assert "Inga klasser är inlästa för läsåret." in page.text
