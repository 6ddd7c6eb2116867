"""The use cases from a terminal."""

import logging

import click

from blaljus.cli.lazily import Commands
from blaljus.logs import configure_logs

__all__ = ["main"]

COMMANDS = Commands(
    {
        "coverage": "blaljus.cli.coverage:coverage",
        "demo": "blaljus.cli.demo:demo",
        "feed": "blaljus.cli.feeds:feed",
        "forecast": "blaljus.cli.forecast:forecast",
        "import": "blaljus.cli.importing:import_command",
        "mail": "blaljus.cli.mail:mail",
        "migrate": "blaljus.cli.serving:migrate",
        "plan": "blaljus.cli.plans:plan",
        "serve": "blaljus.cli.serving:serve",
        "user": "blaljus.cli.users:user",
        "verify": "blaljus.cli.verifying:verify",
        "worker": "blaljus.cli.serving:work",
    }
)


@click.group(commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="blaljus")
def main() -> None:
    """Blåljus: every year-4 class meets police, rescue and ambulance once a school year."""
    configure_logs("console", least=logging.WARNING)
