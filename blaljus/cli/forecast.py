"""`blaljus forecast`: whether every class can still have its day."""

import sys

import click

from blaljus.cli.running import municipality_option, municipality_or_stop, run, year_option
from blaljus.domain.localtime import SchoolYear
from blaljus.reports.forecast import (
    ForecastReport,
    forecast_csv,
    forecast_json,
    forecast_table,
)
from blaljus.usecases.context import Context
from blaljus.usecases.followup.forecast import get_outlook


@click.command()
@municipality_option
@year_option
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def forecast(code: str | None, school_year: SchoolYear, form: str) -> None:
    """Show what each service can still give against what the classes need."""

    async def work(context: Context) -> bytes:
        municipality = await municipality_or_stop(code)
        outlook = await get_outlook(municipality.id, school_year, clock=context.clock)
        report = ForecastReport(
            municipality=municipality,
            year=outlook.year,
            as_of=context.clock(),
            state=outlook.state.value,
            forecast=outlook.forecast,
            stranded=outlook.stranded,
            plan_by=outlook.plan_by,
        )
        if form == "json":
            return forecast_json(report)
        if form == "csv":
            return forecast_csv(report)
        return forecast_table(report).encode()

    sys.stdout.buffer.write(run(work))
