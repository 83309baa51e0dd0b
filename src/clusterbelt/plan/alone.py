"""Every region planning alone: own programme, own objective, own view of demand.

A region alone chooses among the same industries, with the same limits on their number, the same
investment cap and the same costs, but only clusters of its own (single regions, hence no synergy
and no cost of coordination). What it believes of demand is one of

``own_share``      its part of the belt's ceiling, in proportion to its baseline output of that
                   industry and phase
``whole_market``   the whole ceiling, as if nobody else planned

Of a cap on a reach or the belt each region has its part, in proportion to what it used of the
resource in the base year; of the supply of inputs, its own.

Every reach alone is the same one level up: the regions of a reach plan together, with clusters
across their own borders and under the rules against duplication, and share what the reach believes
of demand: the sum of its regions' parts, or the whole ceiling once. A region of no reach plans by
itself.
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
    IntArray,
    PlannedCluster,
    Problem,
    Supply,
)
from clusterbelt.plan.programme import assemble_programme, build_columns
from clusterbelt.plan.solve import Solution, read_added, read_clusters, solve_programme

__all__ = ["BELIEFS", "AlonePlans", "Belief", "believed_ceilings", "solve_alone", "solve_reaches"]

Belief = Literal["own_share", "whole_market"]
BELIEFS: Final[tuple[Belief, ...]] = ("own_share", "whole_market")


@dataclass(frozen=True)
class AlonePlans:
    """The plans of all regions, or of all reaches, alone, put side by side."""

    belief: Belief
    added: FloatArray  # (R, I, P)
    clusters: tuple[PlannedCluster, ...]
    solutions: Mapping[str, Solution]  # by region or reach; those not optimal are told


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


def _own_caps(problem: Problem, own: IntArray) -> tuple[Cap, ...]:
    found = []
    for cap in problem.caps:
        if not cap.members[own].any():
            continue
        shares = np.where(cap.members[own], cap.shares[own], 0.0)
        part = float(shares.sum())
        finite = np.isfinite(cap.amount)
        found.append(
            replace(
                cap,
                members=cap.members[own],
                intensity=cap.intensity[own],
                amount=np.where(finite, np.where(finite, cap.amount, 0.0) * part, np.inf),
                shares=shares / part if part > 0.0 else shares,
            )
        )
    return tuple(found)


def _own_supply(supply: Supply | None, own: IntArray) -> Supply | None:
    if supply is None:
        return None
    return replace(supply, coefficients=supply.coefficients[own], amount=supply.amount[own])


def _part(problem: Problem, own: IntArray, ceilings: FloatArray) -> Problem:
    """Return the problem of some regions by themselves, with the ceilings they believe in."""
    codes = {problem.regions[region] for region in own}
    section = problem.section.model_copy(
        update={
            "required": tuple(pair for pair in problem.section.required if pair[0] in codes),
            "forbidden": tuple(pair for pair in problem.section.forbidden if pair[0] in codes),
        }
    )
    return replace(
        problem,
        regions=tuple(problem.regions[region] for region in own),
        reaches=tuple(problem.reaches[region] for region in own),
        output=problem.output[own],
        baseline=problem.baseline[own],
        readiness=problem.readiness[own],
        loadings=None if problem.loadings is None else problem.loadings[own],
        location_quotient=problem.location_quotient[own],
        ratio=problem.ratio[own],
        ceilings=ceilings,
        investment=problem.investment[own],
        neighbours=problem.neighbours[np.ix_(own, own)],
        section=section,
        caps=_own_caps(problem, own),
        attainable=None if problem.attainable is None else problem.attainable[own],
        supply=_own_supply(problem.supply, own),
        intensities={name: table[own] for name, table in problem.intensities.items()},
    )


def _solve_parts(
    problem: Problem,
    eligible: BoolArray,
    belief: Belief,
    parts: Mapping[str, IntArray],
    *,
    seed: int,
    together: bool,
) -> AlonePlans:
    """Solve the programme of every part; ``together``: with clusters across its own borders."""
    believed = believed_ceilings(problem, belief)
    added = np.zeros(problem.baseline.shape)
    clusters: list[PlannedCluster] = []
    solutions: dict[str, Solution] = {}
    for name, own in parts.items():
        whole = belief == "whole_market"
        ceilings = believed[own[0]] if whole else believed[own].sum(axis=0)
        part = _part(problem, own, ceilings)
        largest = None if together else 1
        candidates = build_candidates(part, eligible[own], maximum_regions=largest)
        columns = build_columns(part, candidates)
        solution = solve_programme(
            assemble_programme(columns, define_all(columns, no_duplication=together)),
            seed=seed,
            time_limit=problem.section.time_limit,
            gap=problem.section.gap,
        )
        solutions[name] = solution
        if solution.has_plan:
            added[own] = read_added(columns, solution.values)
            clusters += [
                PlannedCluster(c.industry, tuple(int(own[r]) for r in c.members), c.start)
                for c in read_clusters(columns, solution.values)
            ]
    ordered = tuple(sorted(clusters, key=lambda c: (c.industry, c.start, c.members)))
    return AlonePlans(belief, added, ordered, MappingProxyType(solutions))


def solve_alone(problem: Problem, eligible: BoolArray, belief: Belief, *, seed: int) -> AlonePlans:
    """Solve every region's own programme under one belief.

    ``eligible`` (R, I) is the joint plan's, so that nobody may choose what the joint plan could
    not. A region without a plan (infeasible alone) adds nothing; its solution says so.
    """
    parts = {code: np.array([region]) for region, code in enumerate(problem.regions)}
    return _solve_parts(problem, eligible, belief, parts, seed=seed, together=False)


def solve_reaches(
    problem: Problem, eligible: BoolArray, belief: Belief, *, seed: int
) -> AlonePlans:
    """Solve every reach's own programme under one belief; otherwise as :func:`solve_alone`."""
    parts: dict[str, list[int]] = {}
    for region, (code, reach) in enumerate(zip(problem.regions, problem.reaches, strict=True)):
        parts.setdefault(reach or code, []).append(region)
    ordered = {name: np.array(parts[name]) for name in sorted(parts)}
    return _solve_parts(problem, eligible, belief, ordered, seed=seed, together=True)
