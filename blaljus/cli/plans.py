"""`blaljus plan`: runs of the planner."""

import click

from blaljus.cli.lazily import Commands

COMMANDS = Commands(
    {"run": "blaljus.cli.plan_run:run_plan", "solve": "blaljus.cli.solving:solve_season"}
)


@click.group(commands=COMMANDS)
def plan() -> None:
    """Plan slots for classes without one."""
