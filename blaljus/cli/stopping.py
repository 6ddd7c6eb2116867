"""How a command ends when what was asked for cannot be done."""

import click


class StoppedError(click.ClickException):
    """Ends a command, with status 2, when what was asked for cannot be done as it was said."""

    exit_code = 2


def stopped(*lines: str) -> StoppedError:
    """Return the error that ends a command with some lines on standard error."""
    return StoppedError("\n".join(lines))
