"""The solving process: `python -m blaljus.planner.solver BYTES NICE`.

It reads a `Job` as one line, tells where it stands as lines of `Message`, and ends with its parent:
when standard input closes.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from blaljus.planner.check import violations
from blaljus.planner.figures import placed
from blaljus.planner.messages import Done, Job, Message, Told
from blaljus.planner.pack import first_plan, pack
from blaljus.planner.plan import Plan, Proof


class Speaker:
    """Writes messages to the parent, where nothing else that prints can reach."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def say(self, message: Message) -> None:
        """Send one message at once."""
        self._out.write(msgspec.json.encode(message) + b"\n")
        self._out.flush()


def main() -> None:
    """Solve the job on standard input."""
    speaker = Speaker()
    most_bytes, nice = map(int, sys.argv[1:])
    _limit(most_bytes, nice)
    try:
        job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        Work(job, speaker.say).do()
    except MemoryError:
        speaker.say(Done(how="no-memory", peak_bytes=peak_bytes()))
    else:
        speaker.say(Done(peak_bytes=peak_bytes()))


class Work:
    """One job: quick plans first, then the exact search."""

    def __init__(self, job: Job, say: Callable[[Message], None]) -> None:
        self._job = job
        self._say = say
        self._began = time.monotonic()

    def do(self) -> None:
        """Tell what is found until it is proved or the time is up."""
        start = self._job.start or self._heuristic()
        left = self._job.seconds - self._passed()
        if left > 0:
            self._search(start, left)

    def _heuristic(self) -> Plan:
        """Return a quick plan; a quicker one is told before it."""
        self._tell("heuristic", first_plan(self._job.problem, base=self._job.base))
        plan = pack(self._job.problem, base=self._job.base)
        self._tell("heuristic", plan)
        return plan

    def _search(self, start: Plan, seconds: float) -> None:
        from blaljus.planner.exact import solve  # noqa: PLC0415 -- plans are told before HiGHS loads

        solution = solve(
            self._job.problem,
            start,
            seconds=seconds,
            seed=self._job.seed,
            base=self._job.base,
            wish_tolerance=self._job.wish_tolerance,
            report=lambda found: self._tell(
                found.stage,
                found.plan,
                placed_=found.placed,
                proof=Proof(
                    placed_at_most=found.placed_at_most,
                    crew_cost_at_least=found.crew_cost_at_least,
                ),
            ),
        )
        self._tell("end", solution.plan, proof=solution.proof)

    def _tell(
        self, stage: str, plan: Plan | None, *, placed_: int = 0, proof: Proof | None = None
    ) -> None:
        """Tell where the search stands; a plan that breaks a rule, as a lock may force, is not."""
        if plan is not None and violations(self._job.problem, plan):
            return
        proof = proof or Proof()
        self._say(
            Told(
                stage=stage,
                seconds=self._passed(),
                plan=plan,
                placed=placed_ if plan is None else placed(plan),
                placed_at_most=proof.placed_at_most,
                crew_cost_at_least=proof.crew_cost_at_least,
                peak_bytes=peak_bytes(),
            )
        )

    def _passed(self) -> float:
        return time.monotonic() - self._began


def _limit(most_bytes: int, nice: int) -> None:
    os.nice(nice)
    try:
        import resource  # noqa: PLC0415 -- only Unix has it
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


def peak_bytes() -> int:
    """Return the most memory that this process has held, 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in status.splitlines() if "VmHWM" in line), "0")
    return 1024 * int(kilobytes)


if __name__ == "__main__":
    main()
