"""Begin a migration: `python -m blaljus.store.new_migration add-something`."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"

TEMPLATE = '''"""{sentence}."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "{id}"
VERSION = "1.38.0"
DESCRIPTION = __doc__

STATEMENTS: tuple[str, ...] = ()
"""The same text for every engine."""


async def forwards() -> MigrationManager:
    """Run the statements; the release before this one must still work afterwards."""
    manager = MigrationManager(migration_id=ID, app_name="blaljus", description=DESCRIPTION)

    async def run() -> None:
        engine = engine_finder()
        for statement in STATEMENTS:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
'''


def begin(name: str, folder: Path = FOLDER) -> Path:
    """Write the next migration, without statements yet, and return its file.

    `name` is lower-case words joined by hyphens; raises `ValueError` for anything else.
    """
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) is None:
        raise ValueError("name it in lower-case words joined by hyphens: add-waiting-list")
    last = max((int(path.name[1:5]) for path in folder.glob("m[0-9]*_*.py")), default=0)
    number = f"{last + 1:04}"
    path = folder / f"m{number}_{name.replace('-', '_')}.py"
    sentence = name.replace("-", " ").capitalize()
    path.write_text(TEMPLATE.format(sentence=sentence, id=f"{number}-{name}"), encoding="utf-8")
    return path


if __name__ == "__main__":
    try:
        print(begin("".join(sys.argv[1:2])))  # noqa: T201 -- a command's answer
    except ValueError as error:
        sys.exit(str(error))
