"""HiGHS, called directly: one pass of arrays in, values out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import highspy
import numpy as np

from clusterbelt.core.errors import InternalError
from clusterbelt.plan.problem import FloatArray, PlannedCluster
from clusterbelt.plan.programme import Columns, Programme

__all__ = [
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
) -> Solution:
    """Maximise the programme.

    Status ``optimal`` (within ``gap``), ``time_limit`` or ``node_limit`` (the best plan after that
    time, or after ``nodes`` nodes of the search, which is the same on every machine, with its gap),
    ``infeasible``, or ``no_plan_in_time``; the last two carry no values. Binary values are rounded
    and the rest re-solved around them, so that no plan holds a fraction of a cluster.

    Raises
    ------
    InternalError
        If the solver refuses the programme or ends in any other way.
    """
    solver = _pass_model(programme, integral=True, fixed=None)
    _set_options(solver, seed, time_limit, gap)
    if nodes is not None:
        # A short search: good plans early matter more than a careful choice of branches.
        solver.setOptionValue("mip_max_nodes", nodes)
        solver.setOptionValue("mip_pscost_minreliable", 0)
        solver.setOptionValue("mip_heuristic_run_rens", True)
    _run(solver)
    status = _STATUS.get(solver.getModelStatus())
    if status is None:
        raise InternalError(f"the solver ended with {solver.getModelStatus().name}")
    info = solver.getInfo()
    nothing = np.zeros(0)
    if status == "infeasible":
        return Solution("infeasible", nothing, float("nan"), float("nan"), float("nan"))
    if info.primal_solution_status != 2:
        return Solution("no_plan_in_time", nothing, float("nan"), float("nan"), float("nan"))
    values = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    values[programme.integral] = np.round(values[programme.integral])
    polished, _ = _solve_fixed(programme, values, seed)
    objective = float(programme.objective @ polished)
    bound = max(float(info.mip_dual_bound), objective)
    distance = (bound - objective) / max(abs(objective), 1e-9)
    # Below this it is rounding of the solver's sums, and the optimum is proven.
    distance = 0.0 if distance < 1e-9 else distance
    return Solution(status, polished, objective, bound, distance)


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
