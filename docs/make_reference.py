"""Write docs/reference.md from the code: settings, commands, errors. `make docs` runs it."""

import ast
import dataclasses
import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from blaljus import settings
from blaljus.cli import main
from blaljus.domain.errors import BlaljusError
from blaljus.web.app import CONTROLLERS
from blaljus.web.http.errors import STATUS

REFERENCE = Path(__file__).parent / "reference.md"


def reference() -> str:
    """Return the whole page; the same code gives the same text."""
    assert CONTROLLERS, "importing the app imports every error"
    return "\n".join(
        [
            "# Reference",
            "",
            "Written by `make docs` from the code; do not edit.",
            "",
            "## Settings",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *_settings(),
            "",
            "## Commands",
            "",
            "| command | what it does |",
            "|---|---|",
            *_commands("blaljus", main),
            "",
            "## Errors",
            "",
            "Each has a stable code, a page in `templates/errors/` and an HTTP status.",
            "",
            "| code | status | when |",
            "|---|---|---|",
            *_errors(),
            "",
        ]
    )


def _settings() -> Iterator[str]:
    words = _field_docstrings()
    for field in dataclasses.fields(settings.Settings):
        default = "" if field.default in ("", None, ()) else f"`{field.default}`"
        yield f"| `BLALJUS_{field.name.upper()}` | {default} | {words[field.name]} |"


def _field_docstrings() -> dict[str, str]:
    """Return the text under each field of `Settings`."""
    body = ast.parse(inspect.getsource(settings.Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(field.target, ast.Name)
            assert isinstance(text.value, ast.Constant)
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


def _commands(name: str, command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        for child in sorted(command.commands):
            yield from _commands(f"{name} {child}", command.commands[child])
        return
    yield f"| `{name}` | {' '.join((command.help or '').split())} |"


def _errors() -> Iterator[str]:
    found = {
        error.code: error
        for error in _subclasses(BlaljusError)
        if "code" in vars(error) and error.__module__.startswith("blaljus")
    }
    for code, error in sorted(found.items()):
        first = (error.__doc__ or "").strip().split("\n")[0]
        yield f"| `{code}` | {STATUS[code]} | {first} |"


def _subclasses(base: type[BlaljusError]) -> Iterator[type[BlaljusError]]:
    for error in base.__subclasses__():
        yield error
        yield from _subclasses(error)


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
