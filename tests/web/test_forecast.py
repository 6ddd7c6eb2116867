"""The forecast as a coordinator meets it: words, charts, a table, a file."""

import csv
import io
import re
from itertools import pairwise

import pytest

from blaljus.domain.forecast import Forecast, ServiceOutlook, ServiceWeek
from blaljus.domain.words import Service
from blaljus.store import tables as t
from blaljus.web.coordinator.forecast_charts import BOTTOM, LEFT, RIGHT, TOP, WEEK_LABELS, charts

PATH = "/samordnare/prognos"


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


async def without(cast, service):
    staff = cast.staff[service]
    await t.Availability.delete().where(t.Availability.staff == staff)


async def test_it_says_until_when_one_can_wait(browser):
    page = await browser.get(PATH)

    assert "2 klasser saknar tid." in page.text
    assert "Löftet kan ännu hållas." in page.text
    assert "måste börja senast v. 11" in page.text
    assert "planera senast söndag 7 mars" in page.text


async def test_it_says_which_service_lacks_what(browser, cast):
    await without(cast, Service.AMBULANCE)

    page = await browser.get(PATH)

    assert "Löftet kan inte hållas med de tider som finns nu." in page.text
    assert "Ambulansen räcker för högst 0 av 2 klasser." in page.text
    assert "Polisen kan räcka för alla." in page.text


async def test_each_service_has_a_chart_with_a_name_and_a_text(browser):
    page = await browser.get(PATH)

    drawn = re.findall(
        r'<svg[^>]* role="img" aria-labelledby="(.*?)">(.*?)</svg>', page.text, re.DOTALL
    )
    assert len(drawn) == 3
    for names, inside in drawn:
        title, text = re.findall(r'<(?:title|desc) id="(.*?)">([^<]+)</', inside)
        assert names.split() == [title[0], text[0]]


async def test_the_file_holds_a_line_per_week_and_service(browser):
    answer = await browser.get(f"{PATH}.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert 'filename="prognos-1267-2026-27.csv"' in answer.headers["content-disposition"]
    assert rows[0]["vecka"] == "2027-W04"
    assert {row["verksamhet"] for row in rows} == {"Polis", "Räddningstjänst", "Ambulans"}
    told = [row for row in rows if row["vecka"] == "2027-W11" and row["verksamhet"] == "Polis"]
    assert [list(row.values())[3:] for row in told] == [["3", "3", "1"]]


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda: t.Availability.delete(force=True), "Ingen har angett några tider än"),
        (lambda: t.SchoolClass.delete(force=True), "Inga klasser läsåret 2026/27"),
        (lambda: t.CalendarBlock.delete(force=True), "Inga skoldagar är kvar att planera på"),
        (lambda: t.Plan.delete(force=True), "Läsåret är inte planerat än"),
    ],
)
async def test_an_empty_page_says_why_and_what_to_do(browser, cast, prepare, says):
    await t.ClassTeacher.delete(force=True)
    await prepare()

    page = await browser.get(PATH)

    assert says in page.text
    assert 'class="btn" href="/samordnare' in page.text
    assert "<svg" not in page.text


@pytest.mark.parametrize("year", ["2019/20", "2026", "x"])
async def test_a_year_that_is_none_is_not_found(browser, year):
    assert (await browser.get(f"{PATH}?lasar={year}")).status_code == 404


def a_forecast(left, needed, service=Service.POLICE):
    weeks = tuple(
        ServiceWeek(service=service, week=(2027, n), half_days=0, left=count)
        for n, count in enumerate(left, start=1)
    )
    row = ServiceOutlook(
        service=service, needed=needed, left=max(left), last_week=None, classes_at_most=0
    )
    return Forecast(classes=1, stranded=(), weeks=weeks, services=(row,))


@pytest.mark.parametrize("weeks", [1, 7, 8, 40])
def test_bars_and_numbers_stay_inside_the_drawing(weeks):
    (chart,) = charts(a_forecast(range(weeks, 0, -1), needed=3))

    assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT for bar in chart.bars)
    assert all(bar.y >= TOP and bar.y + bar.height <= BOTTOM + 0.1 for bar in chart.bars)
    assert [bar.enough for bar in chart.bars] == [left >= 3 for left in range(weeks, 0, -1)]
    assert 1 <= len(chart.weeks) <= WEEK_LABELS


@pytest.mark.parametrize("needed", [0, 1, 99, 100])
def test_numbers_at_the_side_never_cover_each_other(needed):
    (chart,) = charts(a_forecast([100, 50], needed=needed))

    heights = sorted(mark.at for mark in chart.numbers)
    assert needed in [mark.number for mark in chart.numbers]
    assert all(b - a >= 14 for a, b in pairwise(heights))


def test_nothing_left_and_nothing_needed_is_drawn_as_nothing():
    (chart,) = charts(a_forecast([0], needed=0))

    assert (chart.goal, chart.bars[0].height) == (BOTTOM, 0)
