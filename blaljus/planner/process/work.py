"""What the solving process does with a job: quick plans, then better ones, then proofs."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from blaljus.planner.check import violations
from blaljus.planner.figures import placed
from blaljus.planner.model.solver import Report
from blaljus.planner.pack import first_plan, improve_plan, pack
from blaljus.planner.plan import Plan, Proof, Solution
from blaljus.planner.process.areas import Areas, Part
from blaljus.planner.process.by_area import improve_areas
from blaljus.planner.process.messages import AreaProof, Job, Message, Told

ONE_MODEL = 150
"""More classes than this are solved area by area: 45 take seconds, 700 take hours to prove."""

WHOLE_COVERAGE = 1500
"""Up to so many classes, coverage is searched in the whole first: early areas eat shared staff."""

WHOLE_SHARE = 0.6
"""The part of the time for that."""

TURNS = 10
"""So often the heuristic goes on, with a try for each class: on 45 classes under a second,
which brings the plan half the way to the optimum."""

IMPROVING_SHARE = 0.2
"""The part of the time that it may take."""


LATER_IN_AREA = 0.1
"""The part of an area's time for what cannot be proved: other areas need the rest for crew."""


class Work:
    """One job: quick plans first, then the exact search, of the whole or area by area."""

    def __init__(self, job: Job, say: Callable[[Message], None]) -> None:
        self._job = job
        self._say = say
        self._began = time.monotonic()
        self._spent = time.process_time()
        self._areas = list(job.areas)
        self._is_sound = False

    def do(self) -> None:
        """Tell what is found until it is proved or the time is up."""
        plan = self._job.start or self._heuristic()
        self._is_sound = not violations(self._job.problem, plan)
        whole = Part(problem=self._job.problem, plan=plan)
        many = len(self._job.problem.classes)
        if not self._is_sound or many <= ONE_MODEL or not Areas(self._job.problem).can_be_parted:
            self._search(whole, self._left())
            return
        if many <= WHOLE_COVERAGE and plan.unplaced and not self._job.areas:
            plan = self._search(whole, WHOLE_SHARE * self._left(), coverage_alone=True)
        self._by_area(plan)

    def _heuristic(self) -> Plan:
        """Return a quick plan; a quicker one is told before it."""
        self._tell("heuristic", first_plan(self._job.problem, base=self._job.base))
        plan = pack(self._job.problem, base=self._job.base)
        self._tell("heuristic", plan)
        return plan

    def _search(self, whole: Part, seconds: float, *, coverage_alone: bool = False) -> Plan:
        """Search the whole; for most classes alone, no longer than some have no place."""
        if seconds <= 0:
            return whole.plan

        def report(found: Report) -> None:
            proof = Proof(
                placed_at_most=found.placed_at_most,
                crew_cost_at_least=found.crew_cost_at_least,
                moved_at_least=found.moved_at_least,
            )
            self._tell(found.stage, found.plan, count=found.placed, proof=proof)

        base = self._job.base
        better = self._improved(whole, base, seconds, lambda plan: self._tell("heuristic", plan))
        if coverage_alone and not better.plan.unplaced:
            return better.plan
        solution = self._exact(better, base, seconds, report, coverage_alone=coverage_alone)
        self._tell("end", solution.plan, proof=solution.proof)
        return solution.plan

    def _by_area(self, plan: Plan) -> None:
        def improve(
            part: Part, base: Plan | None, seconds: float, better: Callable[[Plan], None]
        ) -> Solution:
            def report(found: Report) -> None:
                if found.plan is not None:
                    better(found.plan)

            until = time.monotonic() + seconds
            start = self._improved(part, base, seconds, better)
            left = until - time.monotonic()
            return self._exact(start, base, left, report, later_share=LATER_IN_AREA)

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

    def _improved(
        self, part: Part, base: Plan | None, seconds: float, better: Callable[[Plan], None]
    ) -> Part:
        """Rebuild some of the plan now and then: a good start saves the solver most of its time.

        The number of tries is fixed: the same job gives the same plan, unless time is short.
        """
        until = time.monotonic() + IMPROVING_SHARE * seconds
        for turn in range(TURNS if self._is_sound and base is None else 0):
            if time.monotonic() > until:
                break
            tries, seed = len(part.problem.classes), TURNS * self._job.seed + turn
            plan = improve_plan(part.problem, part.plan, tries=tries, seed=seed, base=base)
            if plan != part.plan:
                better(plan)
                part = replace(part, plan=plan)
        return part

    def _exact(
        self,
        part: Part,
        base: Plan | None,
        seconds: float,
        report: Callable[[Report], None],
        *,
        coverage_alone: bool = False,
        later_share: float = 1,
    ) -> Solution:
        from blaljus.planner.exact import solve  # noqa: PLC0415 -- plans are told before HiGHS loads

        return solve(
            part.problem,
            part.plan,
            seconds=seconds,
            seed=self._job.seed,
            base=base,
            wish_tolerance=self._job.wish_tolerance,
            coverage_alone=coverage_alone,
            later_share=later_share,
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
                processor_seconds=time.process_time() - self._spent,
                plan=plan,
                placed=placed(plan) if plan else count,
                placed_at_most=proof.placed_at_most,
                crew_cost_at_least=proof.crew_cost_at_least,
                moved_at_least=proof.moved_at_least,
                areas=tuple(self._areas),
                peak_bytes=peak_bytes(),
            )
        )

    def _left(self) -> float:
        return self._job.seconds - (time.monotonic() - self._began)


def peak_bytes() -> int:
    """Return the most memory that this process has held, 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in status.splitlines() if "VmHWM" in line), "0")
    return 1024 * int(kilobytes)
