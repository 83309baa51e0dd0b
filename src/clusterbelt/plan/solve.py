"""HiGHS, called directly: one pass of arrays in, values out."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import highspy
import numpy as np

from clusterbelt.core.errors import InternalError
from clusterbelt.plan.lift import lift_programme
from clusterbelt.plan.problem import FloatArray, PlannedCluster
from clusterbelt.plan.programme import Columns, Programme

__all__ = [
    "LARGE",
    "Solution",
    "read_added",
    "read_clusters",
    "solve_programme",
    "solve_shadow_prices",
]

Status = Literal["optimal", "time_limit", "node_limit", "infeasible", "no_plan_in_time"]
_STATUS: Final[Mapping[highspy.HighsModelStatus, Status]] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time_limit",
    highspy.HighsModelStatus.kSolutionLimit: "node_limit",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
}


# Above this number of binaries the linear relaxation by the solver's own simplex takes minutes.
LARGE: Final = 12_000


@dataclass(frozen=True)
class Solution:
    """What the solver found. ``values`` is empty when there is no plan."""

    status: Status
    values: FloatArray
    objective: float
    bound: float
    gap: float  # (bound - objective) / |objective|; 0 when proven

    @property
    def has_plan(self) -> bool:
        """Whether there are values."""
        return self.values.size > 0


def _quiet_solver() -> highspy.Highs:
    # The first solver of a process prints a banner from C before any option can be set; it would
    # stand in the middle of the results that a user pipes on.
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)
    solver.setOptionValue("output_flag", False)
    return solver


def _pass_model(programme: Programme, integral: bool, fixed: FloatArray | None) -> highspy.Highs:
    solver = _quiet_solver()
    lower, upper = programme.lower.copy(), programme.upper.copy()
    if fixed is not None:
        lower[programme.integral] = upper[programme.integral] = fixed[programme.integral]
    lp = highspy.HighsLp()
    rows, columns = programme.matrix.shape
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = programme.objective
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = programme.row_lower, programme.row_upper
    lp.sense_ = highspy.ObjSense.kMaximize
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = columns, rows
    matrix.start_ = programme.matrix.indptr.astype(np.int32)
    matrix.index_ = programme.matrix.indices.astype(np.int32)
    matrix.value_ = programme.matrix.data
    if integral:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in programme.integral]
    if solver.passModel(lp) == highspy.HighsStatus.kError:
        raise InternalError("the solver refused the programme")
    return solver


def _set_options(solver: highspy.Highs, seed: int, time_limit: float, gap: float) -> None:
    # One thread and a fixed seed: the same programme takes the same path every time.
    for name, value in (
        ("threads", 1),
        ("random_seed", seed),
        ("time_limit", time_limit),
        ("mip_rel_gap", gap),
        # On these programmes the root bound and the first plan are close; restarts and local
        # searches cost half of the time and found nothing better.
        ("mip_allow_restart", False),
        ("mip_heuristic_run_rins", False),
        ("mip_heuristic_run_rens", False),
        ("mip_heuristic_run_root_reduced_cost", False),
        ("mip_feasibility_tolerance", 1e-7),
        ("primal_feasibility_tolerance", 1e-8),
    ):
        solver.setOptionValue(name, value)


def _run(solver: highspy.Highs) -> None:
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kNotset:
        # Somebody in this process has used HiGHS with more threads; it keeps that number for all
        # until it is told to forget it, and refuses another one.
        highspy.Highs.resetGlobalScheduler(True)
        solver.run()


def solve_programme(
    programme: Programme,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    gap: float = 1e-6,
    nodes: int | None = None,
    start: FloatArray | None = None,
) -> Solution:
    """Maximise the programme.

    Status ``optimal`` (within ``gap``), ``time_limit`` or ``node_limit`` (the best plan after that
    time, or after ``nodes`` nodes of the search, which is the same on every machine, with its gap),
    ``infeasible``, or ``no_plan_in_time``; the last two carry no values. Binary values are rounded
    and the rest re-solved around them, so that no plan holds a fraction of a cluster. ``start``:
    the values of a plan to begin from; it need not be feasible.

    Programmes with more than ``LARGE`` binaries go another way, see ``_solve_large``.

    Raises
    ------
    InternalError
        If the solver refuses the programme or ends in any other way.
    """
    if int(programme.integral.sum()) > LARGE:
        return _solve_large(programme, seed, time_limit, gap)
    return _solve_whole(programme, seed, time_limit, gap, start=start, nodes=nodes)


def _solve_whole(
    programme: Programme,
    seed: int,
    time_limit: float,
    gap: float,
    *,
    start: FloatArray | None = None,
    nodes: int | None = None,
) -> Solution:
    solver = _pass_model(programme, integral=True, fixed=None)
    _set_options(solver, seed, time_limit, gap)
    if nodes is not None:
        # A short search: choosing branches with care, and rounding, would take most of its time.
        solver.setOptionValue("mip_max_nodes", nodes)
        solver.setOptionValue("mip_pscost_minreliable", 0)
        solver.setOptionValue("mip_heuristic_run_feasibility_jump", False)
        solver.setOptionValue("mip_heuristic_run_zi_round", False)
        solver.setOptionValue("mip_heuristic_run_shifting", False)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        solver.setSolution(given)
    _run(solver)
    status = _STATUS.get(solver.getModelStatus())
    if status is None:
        raise InternalError(f"the solver ended with {solver.getModelStatus().name}")
    info = solver.getInfo()
    if status == "infeasible":
        return _nothing("infeasible")
    if info.primal_solution_status != 2:
        return _nothing("no_plan_in_time")
    values = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    return _polish(programme, values, status, float(info.mip_dual_bound), seed)


def _nothing(status: Status) -> Solution:
    return Solution(status, np.zeros(0), float("nan"), float("nan"), float("nan"))


def _polish(
    programme: Programme, values: FloatArray, status: Status, bound: float, seed: int
) -> Solution:
    values[programme.integral] = np.round(values[programme.integral])
    polished, _ = _solve_fixed(programme, values, seed)
    objective = float(programme.objective @ polished)
    bound = max(bound, objective)
    distance = (bound - objective) / max(abs(objective), 1e-9)
    # Below this it is rounding of the solver's sums, and the optimum is proven.
    distance = 0.0 if distance < 1e-9 else distance
    return Solution(status, polished, objective, bound, distance)


def _relax(programme: Programme, time_limit: float) -> tuple[FloatArray, FloatArray, float] | None:
    """Values, reduced costs and bound of the linear relaxation; None where not solved in time."""
    solver = _pass_model(programme, integral=False, fixed=None)
    for name, value in (
        ("solver", "ipm"),
        ("run_crossover", "off"),
        ("threads", 1),
        ("time_limit", time_limit),
        ("ipm_optimality_tolerance", 1e-6),
    ):
        solver.setOptionValue(name, value)
    _run(solver)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    values = np.asarray(solution.col_value, dtype=np.float64)
    costs = np.asarray(solution.col_dual, dtype=np.float64)
    rows = np.asarray(solution.row_dual, dtype=np.float64)
    return values, costs, _dual_bound(programme, rows)


def _dual_bound(programme: Programme, rows: FloatArray) -> float:
    """Upper bound from row prices, valid whatever prices are put in.

    ``sum_rows max over [lower, upper] of u + sum_columns max over [lower, upper] of c - A'u``. A
    price of the wrong sign for an infinite side counts as zero; all columns have finite bounds.
    """
    price = np.where(np.isfinite(programme.row_upper), rows, np.minimum(rows, 0.0))
    price = np.where(np.isfinite(programme.row_lower), price, np.maximum(price, 0.0))
    sides = np.where(price > 0.0, programme.row_upper, programme.row_lower)
    total = float((price * np.where(price == 0.0, 0.0, sides)).sum())
    reduced = programme.objective - programme.matrix.T @ price
    ends = np.where(reduced > 0.0, programme.upper, programme.lower)
    return total + float((reduced * ends).sum())


def _solve_large(programme: Programme, seed: int, time_limit: float, gap: float) -> Solution:
    """Linear relaxation by an interior-point method, then the programme on what it points to.

    The relaxation of the lifted programme bounds the optimum. Binaries with a value in it, and
    those whose reduced cost says that they could matter within the gap, are kept; the programme on
    them alone is solved exactly, first on few, then on more, until the gap to the bound is met or
    the time is over. What is returned is always feasible for the whole programme.
    """
    began = time.monotonic()
    relaxed = _relax(lift_programme(programme), time_limit)
    if relaxed is None:
        left = time_limit - (time.monotonic() - began)
        return _solve_whole(programme, seed, max(left, 1.0), gap)
    width = programme.matrix.shape[1]
    values, costs, bound = relaxed[0][:width], relaxed[1][:width], relaxed[2]
    best = _nothing("no_plan_in_time")
    for reach in (0.0, 0.5, 2.0, np.inf):
        left = time_limit - (time.monotonic() - began)
        if left <= 0.0:
            break
        near = np.abs(costs) <= reach * gap * abs(bound) * 0.1
        kept = (values > 1e-3) | near
        upper = np.where(programme.integral & ~kept, 0.0, programme.upper)
        part = replace(programme, upper=upper)
        start = best.values if best.has_plan else None
        found = _solve_whole(part, seed, left, gap / 4.0, start=start)
        if found.has_plan and not (best.has_plan and best.objective >= found.objective):
            distance = max(bound - found.objective, 0.0) / max(abs(found.objective), 1e-9)
            status: Status = "optimal" if distance <= gap else "time_limit"
            best = Solution(status, found.values, found.objective, bound, distance)
        if best.has_plan and best.status == "optimal":
            break
        if found.status == "infeasible" and np.isinf(reach):
            return found
    return best


def _solve_fixed(
    programme: Programme, values: FloatArray, seed: int
) -> tuple[FloatArray, FloatArray]:
    solver = _pass_model(programme, integral=False, fixed=values)
    _set_options(solver, seed, float("inf"), 0.0)
    _run(solver)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise InternalError(f"fixed programme ended with {solver.getModelStatus().name}")
    solution = solver.getSolution()
    found = np.asarray(solution.col_value, dtype=np.float64)
    found[programme.integral] = values[programme.integral]
    # Values within the tolerance of a bound are noise of the solver, not output.
    found = np.where(np.abs(found) < 1e-7, 0.0, found)
    return found, np.asarray(solution.row_dual, dtype=np.float64)


def solve_shadow_prices(programme: Programme, solution: Solution, *, seed: int = 0) -> FloatArray:
    """Gain in value per unit of each row's limit, with the chosen clusters held fixed.

    One value per row, zero where the row does not bind. Not unique where limits coincide.
    """
    return _solve_fixed(programme, solution.values, seed)[1]


def read_added(columns: Columns, values: FloatArray) -> FloatArray:
    """Added output (R, I, P) from the solver's values; zero outside the cells."""
    problem = columns.problem
    added = np.zeros((len(problem.regions), len(problem.industries), columns.phases))
    block = values[columns.first_added : columns.first_synergy].reshape(-1, columns.phases)
    added[columns.cells[:, 0], columns.cells[:, 1]] = block
    return added


def read_clusters(columns: Columns, values: FloatArray) -> tuple[PlannedCluster, ...]:
    """Return the chosen clusters, by industry, start phase and members."""
    starts = values[: columns.first_added].reshape(-1, columns.phases)
    candidate, phase = np.nonzero(starts > 0.5)
    chosen = [
        PlannedCluster(
            int(columns.candidates.industry[k]), columns.candidates.members[k], int(start)
        )
        for k, start in zip(candidate, phase, strict=True)
    ]
    return tuple(sorted(chosen, key=lambda c: (c.industry, c.start, c.members)))
