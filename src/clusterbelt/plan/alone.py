"""Every region planning alone: own programme, own objective, own view of demand.

A region alone chooses among the same industries, with the same limits on their number, the same
investment cap and the same costs, but only clusters of its own (single regions, hence no synergy
and no cost of coordination). What it believes of demand is one of

``own_share``      its part of the belt's ceiling, in proportion to its baseline output of that
                   industry and phase
``whole_market``   the whole ceiling, as if nobody else planned

Of a cap on a reach or the belt each region has its part, in proportion to what it used of the
resource in the base year; of the supply of inputs, its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from clusterbelt.plan.candidates import build_candidates
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.problem import (
    BoolArray,
    Cap,
    FloatArray,
    PlannedCluster,
    Problem,
    Supply,
)
from clusterbelt.plan.programme import assemble_programme, build_columns
from clusterbelt.plan.solve import Solution, read_added, read_clusters, solve_programme

__all__ = ["BELIEFS", "AlonePlans", "Belief", "believed_ceilings", "solve_alone"]

Belief = Literal["own_share", "whole_market"]
BELIEFS: Final[tuple[Belief, ...]] = ("own_share", "whole_market")


@dataclass(frozen=True)
class AlonePlans:
    """The plans of all regions alone, put side by side."""

    belief: Belief
    added: FloatArray  # (R, I, P)
    clusters: tuple[PlannedCluster, ...]
    solutions: Mapping[str, Solution]  # by region; those not optimal are told to the user


def believed_ceilings(problem: Problem, belief: Belief) -> FloatArray:
    """Ceilings that each region believes in, shape (R, I, P).

    ``own_share``: ``D[i,p] B[r,i,p] / sum_r B[r,i,p]``, zero where nobody has the industry;
    unknown baselines count as none. ``whole_market``: ``D[i,p]`` for everyone.
    """
    shape = problem.baseline.shape
    whole = np.broadcast_to(problem.ceilings[None, :, :], shape)
    if belief == "whole_market":
        return whole.copy()
    baseline = np.nan_to_num(problem.baseline)
    total = baseline.sum(axis=0)
    part = np.divide(baseline, total[None, :, :], out=np.zeros(shape), where=total[None] > 0)
    return np.asarray(part * whole, dtype=np.float64)


def _own_caps(problem: Problem, region: int) -> tuple[Cap, ...]:
    own = slice(region, region + 1)
    return tuple(
        replace(
            cap,
            members=cap.members[own],
            intensity=cap.intensity[own],
            amount=np.where(np.isfinite(cap.amount), cap.amount * cap.shares[region], np.inf),
            shares=np.ones(1),
        )
        for cap in problem.caps
        if cap.members[region]
    )


def _own_supply(supply: Supply | None, own: slice) -> Supply | None:
    if supply is None:
        return None
    return replace(supply, coefficients=supply.coefficients[own], amount=supply.amount[own])


def _one_region(problem: Problem, region: int, ceilings: FloatArray) -> Problem:
    code = problem.regions[region]
    section = problem.section.model_copy(
        update={
            "required": tuple(pair for pair in problem.section.required if pair[0] == code),
            "forbidden": tuple(pair for pair in problem.section.forbidden if pair[0] == code),
        }
    )
    own = slice(region, region + 1)
    return replace(
        problem,
        regions=problem.regions[own],
        reaches=problem.reaches[own],
        output=problem.output[own],
        baseline=problem.baseline[own],
        readiness=problem.readiness[own],
        location_quotient=problem.location_quotient[own],
        ratio=problem.ratio[own],
        ceilings=ceilings,
        investment=problem.investment[own],
        neighbours=np.zeros((1, 1), dtype=np.bool_),
        section=section,
        caps=_own_caps(problem, region),
        attainable=None if problem.attainable is None else problem.attainable[own],
        supply=_own_supply(problem.supply, own),
        intensities={name: table[own] for name, table in problem.intensities.items()},
    )


def solve_alone(problem: Problem, eligible: BoolArray, belief: Belief, *, seed: int) -> AlonePlans:
    """Solve every region's own programme under one belief.

    ``eligible`` (R, I) is the joint plan's, so that nobody may choose what the joint plan could
    not. A region without a plan (infeasible alone) adds nothing; its solution says so.
    """
    believed = believed_ceilings(problem, belief)
    added = np.zeros(problem.baseline.shape)
    clusters: list[PlannedCluster] = []
    solutions: dict[str, Solution] = {}
    for region, code in enumerate(problem.regions):
        own = _one_region(problem, region, believed[region])
        candidates = build_candidates(own, eligible[region : region + 1], maximum_regions=1)
        columns = build_columns(own, candidates)
        solution = solve_programme(
            assemble_programme(columns, define_all(columns, no_duplication=False)),
            seed=seed,
            time_limit=problem.section.time_limit,
            gap=problem.section.gap,
        )
        solutions[code] = solution
        if solution.has_plan:
            added[region] = read_added(columns, solution.values)[0]
            clusters += [
                PlannedCluster(cluster.industry, (region,), cluster.start)
                for cluster in read_clusters(columns, solution.values)
            ]
    ordered = tuple(sorted(clusters, key=lambda c: (c.industry, c.start, c.members)))
    return AlonePlans(belief, added, ordered, MappingProxyType(solutions))
