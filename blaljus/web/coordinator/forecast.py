"""`/samordnare/prognos`: can every class still have its day, which service decides, and by when."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.clock import Clock
from blaljus.domain.forecast import Forecast, Week, monday_of_week
from blaljus.domain.people import Person
from blaljus.reports.forecast import ForecastReport, forecast_csv
from blaljus.usecases.followup.forecast import ForecastState, Outlook, get_outlook
from blaljus.web.coordinator.coordinating import At, at_municipality, school_year_of, year_file
from blaljus.web.coordinator.forecast_charts import charts
from blaljus.web.coordinator.words import AGENCIES
from blaljus.web.policy import Policy
from blaljus.web.render import render_page

HOME = "/samordnare/prognos"


@get(HOME, name="forecast", policy=Policy.COORDINATOR)
async def show_forecast(
    request: Request[Any, Any, Any],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    lasar: FromQuery[str | None] = None,
) -> Response[str]:
    """Say in words, then show in charts, what is left of each service against what is needed."""
    at = await at_municipality(person, kommun, HOME)
    outlook = await get_outlook(at.id, school_year_of(lasar), clock=clock)
    found = outlook.forecast
    return render_page(
        request,
        "coordinator/prognos.html",
        at=at,
        outlook=outlook,
        charts=charts(found) if outlook.state is ForecastState.OPEN else [],
        table=_table(found),
        monday=monday_of_week,
        who=AGENCIES,
    )


def _table(found: Forecast) -> list[tuple[Week, list[tuple[int, int]]]]:
    """Return for each week (left, half-days of the week) of each service, bottleneck first."""
    by_service = [found.weeks_of(row.service) for row in found.services]
    return [
        (rows[0].week, [(row.left, row.half_days) for row in rows])
        for rows in zip(*by_service, strict=True)
    ]


@get(f"{HOME}.csv", name="forecast-csv", policy=Policy.COORDINATOR)
async def forecast_as_csv(
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    lasar: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the weeks for a spreadsheet."""
    at = await at_municipality(person, kommun, HOME)
    outlook = await get_outlook(at.id, school_year_of(lasar), clock=clock)
    body = forecast_csv(_report(at, outlook, clock))
    return year_file(at, body, "prognos", outlook.year, "csv")


def _report(at: At, outlook: Outlook, clock: Clock) -> ForecastReport:
    return ForecastReport(
        municipality=at.municipality,
        year=outlook.year,
        as_of=clock(),
        state=outlook.state.value,
        forecast=outlook.forecast,
        stranded=outlook.stranded,
        plan_by=outlook.plan_by,
    )


HANDLERS = [show_forecast, forecast_as_csv]
