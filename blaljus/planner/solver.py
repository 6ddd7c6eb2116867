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

from blaljus.planner.areas import Areas, Part
from blaljus.planner.by_area import improve_areas
from blaljus.planner.check import violations
from blaljus.planner.figures import placed
from blaljus.planner.messages import AreaProof, Done, Job, Message, Told
from blaljus.planner.pack import first_plan, pack
from blaljus.planner.plan import Plan, Proof, Solution
from blaljus.planner.search import Report

ONE_MODEL = 150
"""More classes than this are solved area by area: 45 take seconds, 700 take hours to prove."""

WHOLE_COVERAGE = 1500
"""Up to so many classes, coverage is searched in the whole first: early areas eat shared staff."""

WHOLE_SHARE = 0.6
"""The part of the time for that."""


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
    """One job: quick plans first, then the exact search, of the whole or area by area."""

    def __init__(self, job: Job, say: Callable[[Message], None]) -> None:
        self._job = job
        self._say = say
        self._began = time.monotonic()
        self._areas = list(job.areas)
        self._is_sound = False

    def do(self) -> None:
        """Tell what is found until it is proved or the time is up."""
        plan = self._job.start or self._heuristic()
        self._is_sound = not violations(self._job.problem, plan)
        several = len(Areas(self._job.problem).classes()) > 1 and not self._job.problem.buses
        many = len(self._job.problem.classes)
        if several and many > ONE_MODEL and self._is_sound:
            if many <= WHOLE_COVERAGE and plan.unplaced and not self._job.areas:
                plan = self._search(plan, WHOLE_SHARE * self._left())
            self._by_area(plan)
        else:
            self._search(plan, self._left())

    def _heuristic(self) -> Plan:
        """Return a quick plan; a quicker one is told before it."""
        self._tell("heuristic", first_plan(self._job.problem, base=self._job.base))
        plan = pack(self._job.problem, base=self._job.base)
        self._tell("heuristic", plan)
        return plan

    def _search(self, start: Plan, seconds: float) -> Plan:
        """Search the whole."""
        if seconds <= 0:
            return start

        def report(found: Report) -> None:
            proof = Proof(
                placed_at_most=found.placed_at_most, crew_cost_at_least=found.crew_cost_at_least
            )
            self._tell(found.stage, found.plan, count=found.placed, proof=proof)

        whole = Part(problem=self._job.problem, plan=start)
        solution = self._exact(whole, self._job.base, seconds, report)
        self._tell("end", solution.plan, proof=solution.proof)
        return solution.plan

    def _by_area(self, plan: Plan) -> None:
        def improve(
            part: Part, base: Plan | None, seconds: float, better: Callable[[Plan], None]
        ) -> Solution:
            def report(found: Report) -> None:
                if found.plan is not None:
                    better(found.plan)

            return self._exact(part, base, seconds, report)

        def finished(area: AreaProof, plan: Plan) -> None:
            self._areas.append(area)
            self._tell(f"area {area.area}", plan)

        improve_areas(
            self._job.problem,
            plan,
            self._job.base,
            seconds=self._left(),
            done={area.area for area in self._job.areas},
            improve=improve,
            better=lambda area, plan: self._tell(f"area {area}", plan),
            finished=finished,
        )

    def _exact(
        self, part: Part, base: Plan | None, seconds: float, report: Callable[[Report], None]
    ) -> Solution:
        from blaljus.planner.exact import solve  # noqa: PLC0415 -- plans are told before HiGHS loads

        return solve(
            part.problem,
            part.plan,
            seconds=seconds,
            seed=self._job.seed,
            base=base,
            wish_tolerance=self._job.wish_tolerance,
            report=report,
        )

    def _tell(
        self, stage: str, plan: Plan | None, *, count: int = 0, proof: Proof | None = None
    ) -> None:
        """Tell where the search stands, but no plan that breaks a rule, as a lock may force."""
        if plan and not self._is_sound and violations(self._job.problem, plan):
            return
        proof = proof or Proof()
        self._say(
            Told(
                stage=stage,
                seconds=time.monotonic() - self._began,
                plan=plan,
                placed=placed(plan) if plan else count,
                placed_at_most=proof.placed_at_most,
                crew_cost_at_least=proof.crew_cost_at_least,
                areas=tuple(self._areas),
                peak_bytes=peak_bytes(),
            )
        )

    def _left(self) -> float:
        return self._job.seconds - (time.monotonic() - self._began)


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
