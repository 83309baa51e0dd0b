"""The joint programme at national scale: 337 cities x 30 industries x 3 phases.

``python benchmarks/plan_scale.py`` makes a synthetic belt from a seed, builds the programme as the
package does (arrays handed to HiGHS in one call), solves it to a gap and prints a table.
``--linopy`` builds the same constraints a second time with linopy, where that is installed, and
compares time and memory. Nothing here is a figure of a real belt.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay

from clusterbelt.config.plan import PlanSection
from clusterbelt.plan.candidates import build_candidates, build_eligibility
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.problem import (
    Cap,
    Problem,
    Supply,
    capacity,
    capital_output,
    discount_weights,
    margin,
    ramp_table,
)
from clusterbelt.plan.programme import Programme, assemble_programme, build_columns
from clusterbelt.plan.solve import solve_programme


@dataclass(frozen=True)
class Size:
    """How large the synthetic belt is."""

    cities: int
    industries: int
    provinces: int = 31
    seed: int = 20200


def _neighbours(points: np.ndarray) -> np.ndarray:
    touch = np.zeros((len(points), len(points)), dtype=np.bool_)
    for corners in Delaunay(points).simplices:
        for a in corners:
            for b in corners:
                touch[a, b] = a != b
    return touch | touch.T


def make_problem(size: Size) -> Problem:
    """A belt of cities on the plane: sizes are log-normal, industries gather near poles."""
    random = np.random.default_rng(size.seed)
    points = random.uniform(0.0, 1.0, (size.cities, 2))
    poles = random.uniform(0.0, 1.0, (size.provinces, 2))
    reach = np.argmin(((points[:, None] - poles[None]) ** 2).sum(axis=2), axis=1)
    place = random.uniform(0.0, 1.0, (size.industries, 3, 2))
    far = ((points[:, None, None] - place[None]) ** 2).sum(axis=3).min(axis=2)
    pull = np.exp(-far / 0.05) + 0.15
    scale = random.lognormal(4.0, 1.0, (size.cities, 1))
    output = scale * pull * random.lognormal(0.0, 0.5, pull.shape)
    section = PlanSection(
        industries=None, minimum_belt_share=0.5 / size.cities, maximum_regions=4,
        minimum_core=0, clusters_per_industry=20, clusters_per_industry_reach=1,
        coordination_cost=0.05, programme_cost=0.05, gap=0.01,
    )  # fmt: skip
    ends = tuple(phase.end_year for phase in section.phases)
    years = np.diff(np.array([section.start_year, *ends], dtype=np.float64))
    growth = 1.05 ** (np.array(ends) - 2017.0)
    baseline = output[:, :, None] * growth
    quotient = (output / output.sum(1, keepdims=True)) / (output.sum(0) / output.sum())
    readiness = quotient / (1.0 + quotient)
    phases = len(ends)
    whole = output.sum(axis=1)
    co2 = np.broadcast_to(
        (random.lognormal(0.0, 1.0, size.industries)[None] * random.lognormal(0, 0.3, output.shape))
        [:, :, None], baseline.shape,
    ).copy()  # fmt: skip
    shares = whole / whole.sum()
    amount = np.full(phases, 0.02 * float((co2[:, :, 0] * output).sum()))
    coefficients = np.broadcast_to(
        random.dirichlet(np.full(size.industries, 0.3), size.industries).T[None] * 0.55,
        (size.cities, size.industries, size.industries),
    )
    industries = tuple(f"{i:02d}" for i in range(size.industries))
    return Problem(
        regions=tuple(f"c{r:04d}" for r in range(size.cities)),
        reaches=tuple(f"p{k:02d}" for k in reach),
        industries=industries,
        phases=tuple(phase.name for phase in section.phases),
        end_years=ends,
        years=years,
        weights=discount_weights(section.start_year, ends, section.discount_rate),
        output=output,
        baseline=baseline,
        readiness=readiness,
        location_quotient=quotient,
        ratio=np.broadcast_to(random.uniform(0.18, 0.32, size.industries), output.shape).copy(),
        ceilings=0.05 * baseline.sum(axis=0),
        investment=0.03 * whole[:, None] * 0.4 * years,
        neighbours=_neighbours(points),
        section=section,
        caps=(Cap("co2", "belt", "belt", np.ones(size.cities, bool), co2, amount, "t", shares),),
        supply=Supply(industries, coefficients, 0.03 * baseline),
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2


def _clock(label: str, start: tuple[float, float]) -> tuple[float, float]:
    now = _now()
    wall, used = (after - before for after, before in zip(now, start, strict=True))
    print(f"| {label} | {wall:.2f} s | {used:.2f} s | {_peak():.2f} GB |", flush=True)
    return now


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def build_direct(problem: Problem) -> Programme:
    """Build as the package does."""
    start = _now()
    candidates = build_candidates(problem, build_eligibility(problem).eligible)
    start = _clock(f"candidates: {len(candidates):,}", start)
    columns = build_columns(problem, candidates)
    programme = assemble_programme(columns, define_all(columns))
    rows, count = programme.matrix.shape
    _clock(
        f"programme: {rows:,} rows, {count:,} columns ({int(programme.integral.sum()):,} binary), "
        f"{programme.matrix.nnz:,} entries",
        start,
    )
    return programme


def build_linopy(problem: Problem, programme: Programme) -> None:
    """Build the rows that hold nearly all entries with linopy, and hand them to HiGHS."""
    import linopy  # noqa: PLC0415 (measured only on wish)
    import pandas as pd  # noqa: PLC0415
    import xarray as xr  # noqa: PLC0415

    start = _now()
    columns = programme.columns
    count, phases = len(columns.candidates), columns.phases
    model = linopy.Model()
    at = {"candidate": range(count), "phase": range(phases)}
    y = model.add_variables(binary=True, coords=[pd.Index(v, name=k) for k, v in at.items()],
                            name="y")  # fmt: skip
    cell_index = pd.Index(range(len(columns.cells)), name="cell")
    pair_index = pd.Index(range(len(columns.pairs)), name="pair")
    phase_index = pd.Index(range(phases), name="phase")
    a = model.add_variables(lower=0, coords=[cell_index, phase_index], name="a")
    s = model.add_variables(lower=0, coords=[pair_index, phase_index], name="s")
    ramp = ramp_table(problem)

    def picked(entries, name):  # every (row, candidate) entry, and the row it belongs to
        chosen = y.sel(candidate=xr.DataArray(entries.col, dims="entry"))
        return chosen, xr.DataArray(entries.row, dims="entry", name=name)

    cells = columns.cell_candidate.tocoo()
    chosen, row = picked(cells, "cell")
    model.add_constraints(chosen.sum("phase").groupby(row).sum() <= 1, name="one_cluster")
    limit = capacity(problem)[columns.cells[:, 0], columns.cells[:, 1]]

    def ramped(entries, name, size, scale):
        chosen, row = picked(entries, name)
        parts = []
        for phase in range(phases):
            factor = xr.DataArray(scale[entries.row, phase], dims="entry")
            factor = factor * xr.DataArray(ramp[:, phase], dims="phase")
            parts.append((factor * chosen).sum("phase").groupby(row).sum())
        return parts

    for phase, part in enumerate(ramped(cells, "cell", len(columns.cells), limit)):
        model.add_constraints(a.sel(phase=phase) - part <= 0, name=f"capacity{phase}")
    pairs = columns.pair_candidate.tocoo()
    ratio = problem.ratio
    gains = [
        problem.section.synergy
        * ratio[columns.pairs[:, end], columns.pairs[:, 2]][:, None]
        * capacity(problem)[columns.pairs[:, end], columns.pairs[:, 2]]
        for end in (0, 1)
    ]
    together = np.minimum(gains[0], gains[1])
    for phase, part in enumerate(ramped(pairs, "pair", len(columns.pairs), together)):
        model.add_constraints(s.sel(phase=phase) - part <= 0, name=f"together{phase}")
    key = columns.cells[:, 0] * len(problem.industries) + columns.cells[:, 1]
    for end in (0, 1):
        wanted = columns.pairs[:, end] * len(problem.industries) + columns.pairs[:, 2]
        cell = xr.DataArray(np.searchsorted(key, wanted), dims="pair")
        gain = xr.DataArray(
            problem.section.synergy * ratio[columns.pairs[:, end], columns.pairs[:, 2]], dims="pair"
        )
        model.add_constraints(s - gain * a.sel(cell=cell) <= 0, name=f"end{end}")
    for name, owner in (("core", 0), ("demand", 1)):
        group = xr.DataArray(columns.cells[:, owner], dims="cell", name=name)
        model.add_constraints(a.groupby(group).sum() <= 1e9, name=name)
    gain = margin(problem)[columns.cells[:, 0], columns.cells[:, 1]]
    weights = xr.DataArray(problem.weights, dims="phase")
    model.add_objective(
        (xr.DataArray(gain, dims="cell") * weights * a).sum() + (weights * s).sum(), sense="max"
    )
    start = _clock("linopy: model (the rows with most entries)", start)
    model.to_highspy()
    _clock("linopy: handed to HiGHS", start)


def main() -> None:
    """Build, solve, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=337)
    parser.add_argument("--industries", type=int, default=30)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--linopy", action="store_true")
    options = parser.parse_args()
    print("| step | wall | processor | peak memory |\n|---|---|---|---|")
    begin = start = _now()
    problem = make_problem(Size(options.cities, options.industries))
    assert capital_output(problem).size == options.industries
    _clock("synthetic belt", start)
    programme = build_direct(problem)
    if options.linopy:
        build_linopy(problem, programme)
        return
    start = _now()
    solution = solve_programme(programme, gap=options.gap, time_limit=options.time_limit)
    _clock(f"solve: {solution.status}, value {solution.objective:,.0f}, gap {solution.gap:.2%}",
           start)  # fmt: skip
    _clock("all", begin)


if __name__ == "__main__":
    main()
