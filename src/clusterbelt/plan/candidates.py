"""Candidate clusters: an industry and a connected set of regions that have a base in it.

A region is *eligible* in an industry when its readiness, baseline and value-added ratio are known,
it has output, its readiness reaches ``minimum_readiness`` and its share of the belt's output
reaches ``minimum_belt_share``. Two exceptions, both reported: a required pair is let in, and a
region with fewer than ``minimum_core`` eligible industries enters with its readiest others.
A candidate is every connected set of at most ``maximum_regions`` regions that are all eligible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterbelt.kernels.graph import connected_sets
from clusterbelt.plan.problem import BoolArray, IntArray, Problem

__all__ = ["Candidates", "Eligibility", "build_candidates", "build_eligibility", "usable_cells"]


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
    for r in range(len(problem.regions)):
        lacking = section.minimum_core - int((eligible[r] & ~barred[r]).sum())
        # Readiest first; the stable sort leaves ties in the order of the codes.
        for i in np.argsort(-readiness[r], kind="stable"):
            if lacking <= 0:
                break
            if usable[r, i] and not eligible[r, i] and not barred[r, i]:
                eligible[r, i] = True
                lacking -= 1
    return Eligibility(eligible, eligible & ~above)


def build_candidates(
    problem: Problem, eligible: BoolArray, *, maximum_regions: int | None = None
) -> Candidates:
    """Enumerate candidates, by industry, then by size and members of the connected set.

    ``eligible`` (R, I); ``maximum_regions`` overrides the setting (1: every region by itself).
    """
    largest = problem.section.maximum_regions if maximum_regions is None else maximum_regions
    count = len(problem.regions)
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
