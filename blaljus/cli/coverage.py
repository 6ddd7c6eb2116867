"""`blaljus coverage`: the matrix of a municipality."""

import sys

import click

from blaljus.cli.running import municipality_option, municipality_or_stop, run, year_option
from blaljus.domain.localtime import SchoolYear
from blaljus.reports.coverage import coverage_csv, coverage_json, coverage_table
from blaljus.usecases.context import Context
from blaljus.usecases.followup.coverage import get_coverage


@click.command()
@municipality_option
@year_option
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def coverage(code: str | None, school_year: SchoolYear, form: str) -> None:
    """Show where each class stands with each service."""

    async def work(context: Context) -> bytes:
        municipality = await municipality_or_stop(code)
        matrix = await get_coverage(municipality.id, school_year, clock=context.clock)
        if form == "json":
            return coverage_json(matrix, municipality, school_year, context.clock())
        if form == "csv":
            return coverage_csv(matrix)
        return coverage_table(matrix, municipality, school_year).encode()

    answer = run(work)
    sys.stdout.buffer.write(answer)
