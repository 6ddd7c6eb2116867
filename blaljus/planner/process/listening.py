"""Hears what a solving process tells, and judges the newest of it without falling behind."""

import asyncio
from asyncio import StreamReader
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import msgspec

from blaljus.planner.figures import placed
from blaljus.planner.plan import Plan
from blaljus.planner.process.judge import Judge, LieError, Standing
from blaljus.planner.process.messages import Done, Job, Message, Told

Heard = Callable[[Standing], None]
"""Gets the best plan each time that it, or what is proved of it, gets better."""

WAITING = 50
"""So many unread messages are kept; the newest of them have the best plans."""

LAST_WORDS = 2000
"""Bytes of standard error that are kept."""


class Listener:
    """What one process told. `best` is judged; `done` is its last word, if it came."""

    def __init__(self, job: Job, heard: Heard) -> None:
        self.lie = ""
        self.done: Done | None = None
        self.peak_bytes = 0
        self.last_words = b""
        self._judge = Judge(job)
        self._heard = heard
        self._lines: deque[bytes] = deque(maxlen=WAITING)
        self._news = asyncio.Event()
        self._at_end = False

    @property
    def best(self) -> Standing | None:
        """Return the best plan so far."""
        return self._judge.best

    async def starts_with(self, plan: Plan | None) -> bool:
        """Judge the plan that a run starts with; tell whether it may be used."""
        if plan is None:
            return False
        told = Told(stage="start", seconds=0, plan=plan, placed=placed(plan))
        try:
            await asyncio.to_thread(self._judge.hear, told)
        except LieError:
            self._judge = Judge(replace(self._judge.job, start=None, areas=()))
            return False
        self._heard_best()
        return True

    async def read(self, stream: StreamReader) -> None:
        """Take in lines to their end; never waits for the judge, so the process never does."""
        try:
            while line := await stream.readline():
                self._lines.append(line)
                self._news.set()
        except ValueError:
            self._lines.append(b"a line without an end")
        self._at_end = True
        self._news.set()

    async def read_last_words(self, stream: StreamReader) -> None:
        """Keep the end of what the process writes to standard error."""
        while part := await stream.read(LAST_WORDS):
            self.last_words = (self.last_words + part)[-LAST_WORDS:]

    async def judge(self) -> None:
        """Judge what is told until the process ends, or lies."""
        while not self.lie and (self._lines or not self._at_end):
            await self._news.wait()
            self._news.clear()
            lines = list(self._lines)
            self._lines.clear()
            await self._consider(lines)

    async def _consider(self, lines: list[bytes]) -> None:
        before = self.best
        await asyncio.to_thread(self._judge_newest, lines)
        if self.best is not before:
            self._heard_best()

    def _heard_best(self) -> None:
        if self.best is not None:
            self._heard(self.best)

    def _judge_newest(self, lines: list[bytes]) -> None:
        """Judge backwards to the newest good plan; it is better than those before it."""
        for line in reversed(lines):
            try:
                if self._is_good_plan(line):
                    return
            except LieError as error:
                self.lie = str(error)
                self._judge.distrust()

    def _is_good_plan(self, line: bytes) -> bool:
        try:
            message = msgspec.json.decode(line, type=Message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise LieError("something that is not a message") from None
        self.peak_bytes = max(self.peak_bytes, message.peak_bytes)
        if isinstance(message, Done):
            self.done = message
            return False
        self._judge.hear(message)
        return message.plan is not None
