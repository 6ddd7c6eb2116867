"""How many small mistakes in the rules and the planner the tests notice.

    python bench/mutation/run.py [--limit 900] [--seed 1] [--jobs 2] [FOLDER_OR_FILE …]

Every test runs once to say how long it takes. Then mistakes are made one at a time, drawn by the
seed, each in a copy; one of the tests nearest to the module must fail. It goes on until the seconds
of `--limit` are over; the score of each module and every mistake that went unnoticed are printed.
No test notices a mistake that changes nothing: read what is printed before counting it.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Queue
from xml.etree import ElementTree as ET

from mistakes import Mutant, mutants

ROOT = Path(__file__).parents[2]
PARTS = ["blaljus/domain", "blaljus/planner"]
TESTS = ["tests/domain", "tests/planner", "tests/intake", "tests/ics", "tests/usecases"]
ONE_ENGINE = ("-k", "not postgres")

MOST_SECONDS = 20.0
"""So long may the tests of one mistake take, measured without it."""

FAR = 99
"""More imports than lie between any test and a module that it needs."""

PATIENCE = 90.0
"""A mistake that makes tests stand still is noticed after so many seconds."""


@dataclass(frozen=True, slots=True)
class Tests:
    """How long each test takes, and how far each file of tests is from each module."""

    seconds: dict[str, float]
    steps: dict[str, dict[str, int]]

    def of(self, path: str) -> list[str]:
        """Return the tests nearest to a module, the quickest first, `MOST_SECONDS` of them."""
        chosen, left = [], MOST_SECONDS
        module = path.removesuffix(".py").replace("/", ".")
        for test in sorted(self.seconds, key=lambda test: (*self._worth(test, module), test)):
            left -= self.seconds[test]
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def _worth(self, test: str, module: str) -> tuple[int, float]:
        steps = self.steps.get(test.partition("::")[0], {})
        return steps.get(module, FAR), self.seconds[test]


def main() -> None:
    """Print the score of each module and the mistakes that went unnoticed."""
    words = _words()
    until = time.monotonic() + words.limit
    with tempfile.TemporaryDirectory() as folder:
        copies = [_copy(Path(folder, str(n))) for n in range(words.jobs)]
        tests = _tests(copies[0])
        print(f"{len(tests.seconds)} tests, {sum(tests.seconds.values()):.0f} s", flush=True)
        drawn = list(_all_mistakes(words.parts))
        random.Random(words.seed).shuffle(drawn)  # noqa: S311 -- repeatable, no secret
        found = _judge(drawn, tests, copies, until)
    _print(found, len(drawn))


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=PARTS, help="folders or files to change")
    parser.add_argument("--limit", type=float, default=900, help="seconds for everything")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the mistakes")
    parser.add_argument("--jobs", type=int, default=2, help="copies that are tried at once")
    return parser.parse_args()


def _copy(folder: Path) -> Path:
    for name in ("blaljus", "tests", "templates", "bench", "docs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")  # programs that tests start
    return folder


def _pytest(copy: Path, *words: str, seconds: float | None = None) -> tuple[int, str]:
    """Run tests of a copy; return their status, -1 when they stand still, and what they print."""
    env = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    try:
        ran = subprocess.run(
            command, cwd=copy, env=env, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, ""
    return ran.returncode, ran.stdout + ran.stderr


def _tests(copy: Path) -> Tests:
    """Run every test once."""
    report = copy / "report.xml"
    words = [f"--junitxml={report}", "-o", "junit_family=xunit1", "-n", "2"]
    status, told = _pytest(copy, *TESTS, *ONE_ENGINE, *words)
    if status:
        raise SystemExit(f"the tests fail without any mistake (status {status}):\n{told[-2000:]}")
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 -- our own file
    return Tests(
        {f"{case.get('file')}::{case.get('name')}": float(case.get("time", 0)) for case in cases},
        {file: _steps(copy / file) for file in {str(case.get("file")) for case in cases}},
    )


def _steps(file: Path) -> dict[str, int]:
    """Count the imports between a file of tests and each module that it needs."""
    found: dict[str, int] = {}
    near, step = _imports(file), 1
    while near:
        found |= dict.fromkeys(near, step)
        paths = (ROOT / f"{module.replace('.', '/')}.py" for module in near)
        near = {m for path in paths if path.exists() for m in _imports(path)} - found.keys()
        step += 1
    return found


@cache
def _imports(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    rows = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    names = {str(row.module) for row in rows}
    names |= {f"{row.module}.{name.name}" for row in rows for name in row.names}
    return frozenset(name for name in names if name.startswith("blaljus."))


def _all_mistakes(parts: list[str]) -> Iterator[tuple[str, Mutant]]:
    for part in parts:
        path = ROOT / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for mutant in mutants(file.read_text(encoding="utf-8")):
                yield str(file.relative_to(ROOT)), mutant


def _judge(
    drawn: list[tuple[str, Mutant]], tests: Tests, copies: list[Path], until: float
) -> list[tuple[str, Mutant, bool]]:
    """Try mistakes until the time is over; return which were noticed."""
    free: Queue[Path] = Queue()
    for copy in copies:
        free.put(copy)

    def tried(mistake: tuple[str, Mutant]) -> tuple[str, Mutant, bool] | None:
        if time.monotonic() > until:
            return None
        copy = free.get()
        try:
            return *mistake, _is_noticed(copy, *mistake, tests)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        return [result for result in pool.map(tried, drawn) if result]


def _is_noticed(copy: Path, path: str, mutant: Mutant, tests: Tests) -> bool:
    file = copy / path
    sound = file.read_text(encoding="utf-8")
    file.write_text(mutant.source, encoding="utf-8")
    try:
        return _pytest(copy, "-x", *tests.of(path), seconds=PATIENCE)[0] != 0
    finally:
        file.write_text(sound, encoding="utf-8")


def _print(found: list[tuple[str, Mutant, bool]], of: int) -> None:
    tried, noticed = Counter(row[0] for row in found), Counter(row[0] for row in found if row[2])
    for path in sorted(tried):
        share = 100 * noticed[path] / tried[path]
        print(f"{share:4.0f} %  {noticed[path]:3} / {tried[path]:<3} {path}")
    for part in PARTS:
        inside = [path for path in tried if path.startswith(part)]
        if inside:
            good, all_ = sum(noticed[p] for p in inside), sum(tried[p] for p in inside)
            print(f"{100 * good / all_:4.0f} %  {good:3} / {all_:<3} {part}/ (of {of} in all)")
    for path, mutant, is_noticed in sorted(found, key=lambda row: (row[0], row[1].line)):
        if not is_noticed:
            print(f"unnoticed: {path}:{mutant.line}: {mutant.words}")


if __name__ == "__main__":
    main()
