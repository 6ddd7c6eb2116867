"""The use cases from a terminal."""

import logging

import click

from blaljus.cli.coverage import coverage
from blaljus.cli.demo import demo
from blaljus.cli.feeds import feed
from blaljus.cli.importing import import_command
from blaljus.cli.plans import plan
from blaljus.cli.serving import migrate, serve, work
from blaljus.cli.users import user
from blaljus.cli.verifying import verify
from blaljus.logs import configure_logs

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="blaljus")
def main() -> None:
    """Blåljus: every year-4 class meets police, rescue and ambulance once a school year."""
    configure_logs("console", least=logging.WARNING)


for command in (serve, work, migrate, import_command, plan, coverage, feed, user, verify, demo):
    main.add_command(command)
