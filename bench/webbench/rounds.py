"""Rounds, one task after another with a bare round before each, and their ratios."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from webbench.client import get, send_all
from webbench.servers import cpu_used

CONNECTIONS = 8
"""Requests in flight: enough to keep the server busy all the time."""

HELLO = get("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one round took: seconds of the server's processor per answer, answers per second."""

    cpu: float
    rate: float


@dataclass(slots=True)
class Task:
    """Something to measure: `measure` does one round."""

    measure: Callable[[], Awaitable[Cost]]
    rounds: list[Cost] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the table: one task's rounds, each divided by the same round of another's."""

    name: str
    task: Task
    against: Task

    @property
    def cpu(self) -> "Ratios":
        """Return processor time per answer; less is better."""
        return Ratios.of([mine.cpu / other.cpu for mine, other in self._pairs()])

    @property
    def rate(self) -> "Ratios":
        """Return answers per second; more is better."""
        return Ratios.of([mine.rate / other.rate for mine, other in self._pairs()])

    def _pairs(self) -> list[tuple[Cost, Cost]]:
        return list(zip(self.task.rounds, self.against.rounds, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """Median, least and most of some rounds."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Ratios":
        """Return the figures of a list that is not empty."""
        return cls(middle=median(numbers), least=min(numbers), most=max(numbers))


def over_http(
    port: int, batches: Iterator[Sequence[bytes]], *, status: int
) -> Callable[[], Awaitable[Cost]]:
    """Return how to measure a round of requests, each of which must get one status."""

    async def measure() -> Cost:
        batch = next(batches)
        used, started = await cpu_used(port), time.perf_counter()
        statuses = await send_all(port, batch, CONNECTIONS)
        passed, spent = time.perf_counter() - started, await cpu_used(port) - used
        if statuses != [status] * len(batch):
            raise RuntimeError(f"answers were {sorted(set(statuses))}, not {status}")
        return Cost(cpu=spent / len(batch), rate=len(batch) / passed)

    return measure


def in_process(
    batches: Iterator[Sequence[Callable[[], Awaitable[object]]]],
) -> Callable[[], Awaitable[Cost]]:
    """Return how to measure a round of calls in this process, as many at once as over HTTP."""

    async def measure() -> Cost:
        batch = next(batches)
        waiting = iter(batch)

        async def worker() -> None:
            for call in waiting:
                await call()

        used, started = time.process_time(), time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
        passed, spent = time.perf_counter() - started, time.process_time() - used
        return Cost(cpu=spent / len(batch), rate=len(batch) / passed)

    return measure


async def run_rounds(tasks: Sequence[Task], rounds: int) -> None:
    """Warm up with a round of each task that does not count, then measure in turns."""
    for task in tasks:
        await task.measure()
    for _ in range(rounds):
        for task in tasks:
            task.rounds.append(await task.measure())
