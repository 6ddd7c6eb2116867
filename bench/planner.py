"""How much the planner places, what crew it takes, and how soon that is proved.

    python bench/planner.py                                     # seeded seasons of S and M
    python bench/planner.py --suite FOLDER [--verify PROGRAM]   # files of blaljus-season/1

Beside it, on the same season: first come, first served, where each class books a visit of its own
and, behind the slash, where classes may join one; and the instant heuristic. The referee checks
every plan; so does `PROGRAM problem.json plan.json`, if given, which must exit with 0. Seconds are
those of the solving process, from when it has read the problem: of a core and, in brackets, by the
clock, which tells how busy the machine was. Memory is its peak. Last, all of a kind together.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from plannerbench.first_come import first_come
from plannerbench.seasons import SUPPLY, season

from blaljus.planner.check import violations
from blaljus.planner.figures import Figures, figures
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan, Solution
from blaljus.planner.problem import Problem
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.messages import Job
from blaljus.planner.season.answer import write_answer
from blaljus.planner.season.season import read_season
from blaljus.planner.solving import Ended, Limits, Outcome, solve

HEAD = (
    "| season | placed: first come | heuristic | ours / bound | crew: first come | heuristic"
    " | ours / bound | half-days: first come | ours | heuristic in | first plan | coverage proved"
    " | best | crew proved | memory |"
)


Spent = tuple[float, float]
"""Seconds of a core, and by the clock."""


@dataclass
class Times:
    """Seconds until the first plan, the best one, and each proof: of a core, and by the clock."""

    first: Spent | None = None
    best: Spent | None = None
    coverage: Spent | None = None
    crew: Spent | None = None
    _plan: Plan | None = field(default=None, repr=False)

    def hear(self, standing: Standing) -> None:
        """Note what got better."""
        now = standing.processor_seconds, standing.seconds
        if standing.plan is not self._plan:
            self._plan, self.best = standing.plan, now
        self.first = self.first or now
        if standing.figures.placed == standing.proof.placed_at_most:
            self.coverage = self.coverage or now
        if standing.is_proved:
            self.crew = self.crew or now


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """First come, first served: a visit for each class, and visits that others may join."""

    own: Figures
    joined: Figures

    def pair(self, figure: str) -> str:
        """Return one figure of both."""
        return f"{getattr(self.own, figure)} / {getattr(self.joined, figure)}"


@dataclass
class Kind:
    """All seasons of a size and supply together."""

    seasons: int = 0
    placed: Counter[str] = field(default_factory=Counter)
    half_days: Counter[str] = field(default_factory=Counter)

    def add(self, naive: Naive, ours: Figures) -> None:
        """Add what each way makes of one season."""
        self.seasons += 1
        for name, made in (("own", naive.own), ("joined", naive.joined), ("ours", ours)):
            self.placed[name] += made.placed
            self.half_days[name] += made.crew_half_days


def main() -> None:
    """Print a line of the table for each season, then one for each kind of them."""
    words = _words()
    kinds: dict[str, Kind] = defaultdict(Kind)
    print(HEAD)
    print("|---" * HEAD.count(" | ") + "|---|")
    for name, data in _seasons(words):
        problem = read_season(data)
        naive = Naive(
            own=_checked(problem, first_come(problem, joining=False)),
            joined=_checked(problem, first_come(problem, joining=True)),
        )
        began = time.process_time()
        packed = pack(problem)
        packing = time.process_time() - began
        quick = _checked(problem, packed)
        times = Times()
        job = Job(problem=problem, seconds=words.seconds, seed=words.seed)
        limits = Limits(grace_seconds=max(30, words.seconds / 5))
        outcome = asyncio.run(solve(job, times.hear, limits=limits))
        if words.verify:
            _verify(words.verify, data, problem, outcome)
        print(_line(name, naive, quick, packing, outcome, times), flush=True)
        if outcome.best:
            kinds[name.rpartition("-")[0]].add(naive, outcome.best.figures)
    _print_kinds(kinds)


def _print_kinds(kinds: dict[str, Kind]) -> None:
    """Print how ours compares with first come over all seasons of each kind."""
    print("\n| kind | seasons | placed: ours to first come | half-days: ours to first come |")
    print("|---|---|---|---|")
    for name, kind in kinds.items():
        figures = (
            " / ".join(f"{of['ours'] / of[naive]:.2f}" for naive in ("own", "joined"))
            for of in (kind.placed, kind.half_days)
        )
        print(f"| {name} | {kind.seasons} | {' | '.join(figures)} |")


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", type=Path, help="a folder of seasons, instead of seeded ones")
    parser.add_argument("--verify", type=Path, help="a Python program that checks a plan too")
    parser.add_argument("--sizes", default="SM", help="of the seeded seasons: letters of S, M, L")
    parser.add_argument("--seeds", type=int, default=1, help="seeded seasons of each kind")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each season")
    parser.add_argument("--seed", type=int, default=0, help="of the solver")
    return parser.parse_args()


def _seasons(words: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    if words.suite:
        for file in sorted(words.suite.glob("*.json"), key=lambda file: file.stat().st_size):
            yield file.stem, file.read_bytes()
        return
    for size in words.sizes:
        for supply in SUPPLY:
            for seed in range(1, words.seeds + 1):
                made = season(size, supply, seed)
                yield made["name"], json.dumps(made).encode()


def _checked(problem: Problem, plan: Plan) -> Figures:
    broken = violations(problem, plan)
    if broken:
        raise SystemExit(f"the referee refuses a plan: {broken[:3]}")
    return figures(problem, plan)


def _verify(program: Path, data: bytes, problem: Problem, outcome: Outcome) -> None:
    """Let another program judge the plan and what is claimed of it."""
    best = outcome.best
    plan = Solution(plan=best.plan, proof=best.proof) if best else None
    if plan is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "problem.json"), Path(folder, "plan.json")
        files[0].write_bytes(data)
        files[1].write_bytes(write_answer(problem, plan))
        ran = subprocess.run(
            [sys.executable, str(program), *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        raise SystemExit(f"{program} refuses a plan: {ran.stdout}{ran.stderr}")


def _line(
    name: str, naive: Naive, quick: Figures, packing: float, outcome: Outcome, times: Times
) -> str:
    best = outcome.best
    if best is None:
        return f"| {name} | no plan: {outcome.ended} {outcome.trouble} |"
    cells = [
        name if outcome.ended is Ended.FINISHED else f"{name} ({outcome.ended})",
        naive.pair("placed"),
        quick.placed,
        f"{best.figures.placed} / {_bound(best.proof.placed_at_most)}",
        naive.pair("crew_cost"),
        quick.crew_cost,
        f"{best.figures.crew_cost} / {_bound(best.proof.crew_cost_at_least)}",
        naive.pair("crew_half_days"),
        best.figures.crew_half_days,
        f"{packing:.2f} s",
        *map(_seconds, (times.first, times.coverage, times.best, times.crew)),
        f"{outcome.peak_bytes / 2**20:.0f} MB",
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _bound(value: int | None) -> str:
    return "?" if value is None else str(value)


def _seconds(spent: Spent | None) -> str:
    return "–" if spent is None else f"{spent[0]:.2f} ({spent[1]:.2f}) s"


if __name__ == "__main__":
    main()
