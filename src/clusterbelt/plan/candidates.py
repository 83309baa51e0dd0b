"""Candidate clusters: an industry and a connected set of regions that have a base in it.

A region is *eligible* in an industry when its readiness, baseline and value-added ratio are known,
it has output, its readiness reaches ``minimum_readiness`` and its share of the belt's output
reaches ``minimum_belt_share``. Two exceptions, both reported: a required pair is let in, and a
region with fewer than ``minimum_core`` eligible industries enters with its readiest others.
A candidate is every connected set of at most ``maximum_regions`` regions that are all eligible.
Belts with more than ``enumerate_regions`` regions take *nested areas* instead: from every eligible
region, the area grows by that eligible neighbour of it that has the largest expected addition
``phi[r,i] B[r,i,last] max(v[r,i] - c kappa[i], 0)``; each step on the way is a candidate. That is
at most ``maximum_regions`` candidates per region and industry instead of a number that explodes,
and the plan is the best one made of such areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterbelt.kernels.graph import connected_sets
from clusterbelt.plan.problem import (
    BoolArray,
    FloatArray,
    IntArray,
    Problem,
    core_limits,
    margin,
)

__all__ = [
    "Candidates",
    "Eligibility",
    "build_candidates",
    "build_eligibility",
    "nested_candidates",
    "usable_cells",
]


@dataclass(frozen=True)
class Eligibility:
    """Which region may join a cluster of which industry, and who only by an exception."""

    eligible: BoolArray  # (R, I)
    waived: BoolArray  # (R, I) eligible only by an exception


@dataclass(frozen=True)
class Candidates:
    """Candidate k is industry ``industry[k]`` on the regions ``members[k]`` (positions)."""

    industry: IntArray  # (K)
    members: tuple[tuple[int, ...], ...]
    sizes: IntArray  # (K)

    def __len__(self) -> int:
        return len(self.members)


def usable_cells(problem: Problem) -> BoolArray:
    """Cells with output and everything known that a plan needs, shape (R, I)."""
    known = (
        np.isfinite(problem.readiness)
        & np.isfinite(problem.baseline).all(axis=2)
        & np.isfinite(problem.ratio)
        & np.isfinite(problem.output)
    )
    return np.asarray(known & (np.nan_to_num(problem.output) > 0.0), dtype=np.bool_)


def _forbidden(problem: Problem) -> BoolArray:
    mask = np.zeros((len(problem.regions), len(problem.industries)), dtype=np.bool_)
    for region, industry in problem.section.forbidden:
        if region in problem.regions and industry in problem.industries:
            mask[problem.regions.index(region), problem.industries.index(industry)] = True
    return mask


def build_eligibility(problem: Problem) -> Eligibility:
    """Apply the thresholds and their two exceptions."""
    section = problem.section
    usable = usable_cells(problem)
    readiness = np.where(usable, problem.readiness, -np.inf)
    output = np.where(usable, problem.output, 0.0)
    totals = output.sum(axis=0)
    share = output / np.where(totals > 0.0, totals, 1.0)[None, :]
    above = (
        usable & (readiness >= section.minimum_readiness) & (share >= section.minimum_belt_share)
    )
    eligible = above.copy()
    for region, industry in section.required:
        if region in problem.regions and industry in problem.industries:
            r, i = problem.regions.index(region), problem.industries.index(industry)
            eligible[r, i] |= usable[r, i]
    barred = _forbidden(problem)
    least = core_limits(problem)[0]
    for r in range(len(problem.regions)):
        lacking = int(least[r]) - int((eligible[r] & ~barred[r]).sum())
        # Readiest first; the stable sort leaves ties in the order of the codes.
        for i in np.argsort(-readiness[r], kind="stable"):
            if lacking <= 0:
                break
            if usable[r, i] and not eligible[r, i] and not barred[r, i]:
                eligible[r, i] = True
                lacking -= 1
    return Eligibility(eligible, eligible & ~above)


def _grow(seed: int, beside: list[IntArray], weight: FloatArray, largest: int) -> list[list[int]]:
    """Steps of one area from its seed; ``weight`` is -inf where a region is not eligible."""
    members, steps = [seed], [[seed]]
    border = {int(r) for r in beside[seed] if weight[r] > -np.inf}
    while border and len(members) < largest:
        # The largest addition; the first in the order of codes where two are equal.
        best = max(border, key=lambda r: (float(weight[r]), -r))
        members = [*members, best]
        steps.append(sorted(members))
        border |= {int(r) for r in beside[best] if weight[r] > -np.inf}
        border -= set(members)
    return steps


def nested_candidates(problem: Problem, eligible: BoolArray, largest: int) -> Candidates:
    """Candidates from nested areas around every eligible region, without repetition."""
    gain = problem.readiness * problem.baseline[:, :, -1] * np.maximum(margin(problem), 0.0)
    weight = np.where(eligible, np.nan_to_num(gain), -np.inf)
    beside = [np.nonzero(row)[0] for row in problem.neighbours]
    industry: list[int] = []
    members: list[tuple[int, ...]] = []
    for i in range(len(problem.industries)):
        found = {
            tuple(step)
            for seed in np.nonzero(eligible[:, i])[0]
            for step in _grow(int(seed), beside, weight[:, i], largest)
        }
        ordered = sorted(found, key=lambda s: (len(s), s))
        members += ordered
        industry += [i] * len(ordered)
    sizes = np.array([len(each) for each in members], dtype=np.int64)
    return Candidates(np.array(industry, dtype=np.int64), tuple(members), sizes)


def build_candidates(
    problem: Problem, eligible: BoolArray, *, maximum_regions: int | None = None
) -> Candidates:
    """Candidates by industry, then by size and members of the connected set.

    ``eligible`` (R, I); ``maximum_regions`` overrides the setting (1: every region by itself).
    """
    largest = problem.section.maximum_regions if maximum_regions is None else maximum_regions
    count = len(problem.regions)
    if count > problem.section.enumerate_regions:
        return nested_candidates(problem, eligible, min(largest, count))
    found = connected_sets(problem.neighbours, min(largest, count))
    sets = sorted((tuple(sorted(regions)) for regions in found), key=lambda s: (len(s), s))
    member = np.zeros((len(sets), count), dtype=np.bool_)
    for row, regions in enumerate(sets):
        member[row, list(regions)] = True
    # A set is a candidate of an industry when none of its regions is ineligible.
    allowed = (member.astype(np.int64) @ (~eligible).astype(np.int64)) == 0
    industry, chosen = np.nonzero(allowed.T)
    members = tuple(sets[row] for row in chosen)
    sizes = member.sum(axis=1)[chosen]
    return Candidates(industry.astype(np.int64), members, sizes.astype(np.int64))
