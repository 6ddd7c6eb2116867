"""HiGHS, the solver of linear models in whole numbers: the only file that knows it."""

from collections.abc import Callable, Mapping
from math import ceil, isfinite
from threading import Event

import highspy

from blaljus.planner.model.answer import Values
from blaljus.planner.model.linear import Linear
from blaljus.planner.model.search import Search
from blaljus.planner.model.solver import NOTHING, Better, Outcome, Report
from blaljus.planner.plan import Plan, Solution
from blaljus.planner.problem import Problem

SURE = 1e-4
"""How far a bound is taken back before it is rounded: the solver counts in floating point."""

WHOLE_GAP = 0.99
"""Sums of whole numbers nearer than this to the bound are the best there is."""

TRUSTED = {
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kSolutionLimit,
}
"""After any other status nothing that the solver holds means anything."""


def solve(
    problem: Problem,
    start: Plan,
    *,
    seconds: float,
    seed: int,
    base: Plan | None = None,
    wish_tolerance: int = 0,
    coverage_alone: bool = False,
    later_share: float = 1,
    report: Callable[[Report], None],
) -> Solution:
    """Return the best plan found in `seconds`, and what is proved of it.

    `start` keeps every rule. `report` is called whenever something better is found or proved.
    `wish_tolerance` is how many percent more crew wishes may cost. With `base`, a plan that was
    announced, fewest classes are moved before crew is spared. With `coverage_alone` nothing is
    sought after most classes; `later_share` is the part of the time that goals after crew may take
    at most. The same arguments give the same plan, unless the time runs out.
    """
    search = Search(
        problem,
        start,
        seconds=seconds,
        base=base,
        wish_tolerance=wish_tolerance,
        later_share=later_share,
        solver=Highs(seed),
        report=report,
    )
    return search.cover() if coverage_alone else search.run()


class Highs:
    """A solver. The same arguments give the same outcome unless the time runs out."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def minimise(
        self,
        model: Linear,
        cost: Mapping[int, int],
        start: Values | None,
        seconds: float,
        better: Better,
        *,
        enough: Event | None = None,
        tidy: bool = True,
    ) -> Outcome:
        """Begin with feasible values, if there are any; call `better` with each better ones.

        Ends soon after `enough` is set. Without `tidy` the model is not made smaller first.
        """
        solver = _loaded(model, cost, seconds, self._seed, whole=True)
        if not tidy:
            solver.setOptionValue("presolve", "off")
        solver.cbMipImprovingSolution.subscribe(
            lambda event: better(event.data_out.mip_solution.tolist())
        )
        if enough is not None:
            solver.cbMipInterrupt.subscribe(lambda event: event.interrupt(enough.is_set()))
        if start is not None:
            given = highspy.HighsSolution()
            given.col_value = list(start)
            solver.setSolution(given)
        solver.run()
        info = solver.getInfo()
        if solver.getModelStatus() not in TRUSTED:
            return NOTHING
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return Outcome(
            values=list(solver.getSolution().col_value) if found else None,
            at_least=_whole(info.mip_dual_bound),
        )

    def reduced_costs(
        self, model: Linear, cost: Mapping[int, int], seconds: float
    ) -> Values | None:
        """Return what each column adds at least when it is used, in fractions; `None`: no time."""
        solver = _loaded(model, cost, seconds, self._seed, whole=False)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return list(solver.getSolution().col_dual)


def _whole(bound: float) -> int | None:
    known = isfinite(bound) and abs(bound) < highspy.kHighsInf
    return ceil(bound - SURE) if known else None


def _loaded(
    model: Linear, cost: Mapping[int, int], seconds: float, seed: int, *, whole: bool
) -> highspy.Highs:
    """Return a solver that holds a model. Without one it would crash, or solve something else."""
    solver = _solver(seconds, seed)
    if solver.passModel(_lp(model, cost, whole=whole)) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refuses the model")
    return solver


def _solver(seconds: float, seed: int) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy says no type for it
    options: dict[str, bool | int | float] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": seed,
        "time_limit": max(0.0, seconds),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": WHOLE_GAP,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def _lp(model: Linear, cost: Mapping[int, int], *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.lower), len(model.row_lower)
    lp.col_cost_ = [float(cost.get(column, 0)) for column in range(lp.num_col_)]
    lp.col_lower_, lp.col_upper_ = model.lower.tolist(), model.upper.tolist()
    lp.row_lower_, lp.row_upper_ = model.row_lower.tolist(), model.row_upper.tolist()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = model.starts.tolist()
    lp.a_matrix_.index_ = model.columns.tolist()
    lp.a_matrix_.value_ = model.values.tolist()
    kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    if whole:
        lp.integrality_ = [kinds[is_whole] for is_whole in model.whole]
    return lp
