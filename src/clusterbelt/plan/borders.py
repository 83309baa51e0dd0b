"""What each border between two regions of the belt is worth.

With V(E) the value of the joint plan when only the borders in E may be crossed by clusters,

``closing[b] = V(all) - V(all but b)``   what the plan loses when border b alone is closed
``opening[b] = V({b}) - V(none)``        what is gained when b alone is opened

A cluster crosses a border when it holds both neighbours. A border that no cluster of the joint
plan crosses can be closed for nothing: the plan stays as it is. Both figures are differences of
two optima, each known to within its gap; what is below that is no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clusterbelt.plan.problem import PlannedCluster, Problem

__all__ = ["Border", "closed_except", "find_borders", "without_border"]


@dataclass(frozen=True)
class Border:
    """A border of two neighbours, by position, and in how many planned clusters it is crossed."""

    first: int
    second: int
    crossed: int


def find_borders(problem: Problem, clusters: Sequence[PlannedCluster]) -> list[Border]:
    """Every border of the belt, the most crossed first, then in the order of the regions."""
    ends = np.argwhere(np.triu(problem.neighbours, 1))
    borders = [
        Border(int(r), int(t), sum(r in c.members and t in c.members for c in clusters))
        for r, t in ends
    ]
    return sorted(borders, key=lambda border: (-border.crossed, border.first, border.second))


def without_border(problem: Problem, border: Border) -> Problem:
    """Return the problem with one border closed."""
    neighbours = problem.neighbours.copy()
    neighbours[border.first, border.second] = neighbours[border.second, border.first] = False
    return replace(problem, neighbours=neighbours)


def closed_except(problem: Problem, border: Border | None) -> Problem:
    """Return the problem with all borders closed but one, or all."""
    neighbours = np.zeros_like(problem.neighbours)
    if border is not None:
        neighbours[border.first, border.second] = neighbours[border.second, border.first] = True
    return replace(problem, neighbours=neighbours)
