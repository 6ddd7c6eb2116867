"""The solving process: `python -m blaljus.planner.solver BYTES NICE`.

It reads a `Job` as one line, tells where it stands as lines of `Message`, and ends with its parent:
when standard input closes.
"""

import os
import sys
import threading
import time
from pathlib import Path

import msgspec

from blaljus.planner.check import violations
from blaljus.planner.exact import solve
from blaljus.planner.figures import placed
from blaljus.planner.messages import Done, Job, Message, Told
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan
from blaljus.planner.search import Report


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
        _work(job, speaker)
    except MemoryError:
        speaker.say(Done(how="no-memory", peak_bytes=peak_bytes()))
    else:
        speaker.say(Done(peak_bytes=peak_bytes()))


def _work(job: Job, speaker: Speaker) -> None:
    began = time.monotonic()
    start = job.start or _heuristic(job, speaker, began)
    left = job.seconds - (time.monotonic() - began)
    if left <= 0:
        return

    def report(found: Report) -> None:
        speaker.say(
            Told(
                stage=found.stage,
                seconds=time.monotonic() - began,
                plan=found.plan,
                placed=found.placed,
                placed_at_most=found.placed_at_most,
                crew_cost_at_least=found.crew_cost_at_least,
                peak_bytes=peak_bytes(),
            )
        )

    solution = solve(
        job.problem,
        start,
        seconds=left,
        seed=job.seed,
        base=job.base,
        wish_tolerance=job.wish_tolerance,
        report=report,
    )
    speaker.say(
        Told(
            stage="done",
            seconds=time.monotonic() - began,
            plan=solution.plan,
            placed=placed(solution.plan),
            placed_at_most=solution.proof.placed_at_most,
            crew_cost_at_least=solution.proof.crew_cost_at_least,
        )
    )


def _heuristic(job: Job, speaker: Speaker, began: float) -> Plan:
    plan = pack(job.problem)
    if not violations(job.problem, plan):
        seconds = time.monotonic() - began
        speaker.say(Told(stage="heuristic", seconds=seconds, plan=plan, placed=placed(plan)))
    return plan


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
