"""The page that says why a class has no time, as a coordinator meets it."""

from datetime import date

import pytest
from factories import stored_class, stored_school

from blaljus.domain.words import Service
from blaljus.store import tables as t


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


@pytest.fixture
async def no_ambulance(cast):
    """Nobody of the ambulance can come in what is left of the year."""
    await t.Availability.delete().where(t.Availability.staff == cast.staff[Service.AMBULANCE])


async def test_a_season_without_ambulance_leads_from_the_run_to_the_half_day_that_helps(
    browser, cast, no_ambulance
):
    home = await browser.get("/samordnare")
    run = await browser.follow(await browser.send_form(home, "/samordnare/korning"))
    there = f"/samordnare/klass/{cast.school_class.id}/varfor?korning="
    assert there in run.text
    number = run.text.partition(there)[2].partition('"')[0]

    page = await browser.get(f"{there}{number}")

    assert "Ingen från ambulansen har angett en tid" in page.text
    assert "En halvdag till för ambulansen v. 11, till exempel tis 16 mars fm." in page.text
    assert f"Så är det i planering {number}." in page.text
    assert "hur många som finns i ambulansen" in page.text
    assert "omöjlig" not in page.text.lower()


async def test_the_same_in_english(browser, cast, no_ambulance):
    await browser.get("/sprak/en?till=/kakor")

    page = await browser.get(f"/samordnare/klass/{cast.school_class.id}/varfor")

    assert "One more half-day of the ambulance service in week 11" in page.text
    assert "impossible" not in page.text.lower()


async def test_the_class_leads_there_and_one_that_has_a_time_does_not(browser, cast):
    path = f"/samordnare/klass/{cast.school_class.id}"

    assert f'href="{path}/varfor"' in (await browser.get(path)).text
    assert "Det finns en tid för klassen" in (await browser.get(f"{path}/varfor")).text


async def test_nothing_that_helps_is_said_too(browser, cast):
    school = await stored_school(cast.municipality, "Storskolan")
    large = await stored_class(cast.municipality, school, "4X", year4_pupils=40, other_pupils=40)

    page = await browser.get(f"/samordnare/klass/{large.id}/varfor")

    assert "Ingen enskild ändring som prövades räcker." in page.text
    assert "Klassen är större än stationerna" in page.text


@pytest.mark.parametrize("korning", ["7", "0", "x", "99999999999999999999", "-1"])
async def test_a_run_that_is_not_there_is_not_found(browser, cast, korning):
    path = f"/samordnare/klass/{cast.school_class.id}/varfor?korning={korning}"

    assert (await browser.get(path)).status_code == 404


async def test_foreign_and_unknown_classes_are_not_found(sign_in, cast):
    browser = await sign_in(cast.foreign_coordinator)

    for class_id in (cast.school_class.id, 99, date.max.toordinal()):
        assert (await browser.get(f"/samordnare/klass/{class_id}/varfor")).status_code == 404
