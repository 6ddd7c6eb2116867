"""What a long run has reached, in a file: an interrupted one goes on from there."""

import os
from dataclasses import replace
from hashlib import sha256
from math import inf
from pathlib import Path
from time import monotonic

import click
import msgspec

from blaljus.cli.stopping import StoppedError, stopped
from blaljus.planner.plan import Plan
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.messages import AreaProof, Job
from blaljus.planner.season.reading import SeasonError, parse, read_file, typed

SECONDS_BETWEEN = 2.0
"""A country's plan is a megabyte, and may get better many times in a second."""


class StateFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file: which question it belongs to, the best plan, the police areas that are finished."""

    question: str
    plan: Plan
    areas: tuple[AreaProof, ...]


class State:
    """The state file of one job; it is written while the job runs."""

    def __init__(self, path: Path, job: Job) -> None:
        self._path = path
        self._job = job
        asked = replace(job, seconds=0, seed=0, start=None, areas=())
        asked = replace(asked, problem=replace(job.problem, seed=0))
        self._question = sha256(msgspec.json.encode(asked)).hexdigest()
        self._next = 0.0
        self._areas = 0

    def resumed(self) -> Job:
        """Return the job with what an earlier run reached; a file of another season is an error."""
        if not self._path.exists():
            return self._job
        try:
            found = typed(parse(read_file(self._path)), StateFile)
        except SeasonError as error:
            raise stopped(*(f"{self._path}: {line}" for line in error.lines)) from None
        if found.question != self._question:
            raise stopped(f"{self._path}: kept by a run of another season, base or tolerance")
        click.echo(f"{self._path}: going on, {len(found.areas)} areas are finished.", err=True)
        return replace(self._job, start=found.plan, areas=found.areas)

    def keep(self, standing: Standing, *, at_once: bool = False) -> None:
        """Write what is reached, now and then, and whenever an area is finished.

        A file that cannot be written is told once; the run goes on.
        """
        late = monotonic() >= self._next or len(standing.areas) > self._areas
        if not (late or at_once):
            return
        reached = StateFile(question=self._question, plan=standing.plan, areas=standing.areas)
        try:
            write_whole(self._path, msgspec.json.encode(reached))
        except StoppedError as error:
            click.echo(f"{error.message}; the run goes on without it", err=True)
            self._next, self._areas = inf, len(self._job.problem.classes)
        else:
            self._next, self._areas = monotonic() + SECONDS_BETWEEN, len(standing.areas)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, or end the command in words."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise stopped(f"{path}: {error.strerror}") from None
