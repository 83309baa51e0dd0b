"""Who leads a cluster, who takes part, who supplies it from outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterbelt.plan.problem import BoolArray, FloatArray, PlannedCluster, Problem

__all__ = ["Supplier", "find_lead", "find_suppliers"]


@dataclass(frozen=True)
class Supplier:
    """A region beside a cluster and the share of its manufactured inputs it could supply."""

    region: int
    input_share: float


def find_lead(problem: Problem, cluster: PlannedCluster) -> int:
    """Position of the member with the largest readiness times baseline in the last phase.

    The first in the order of codes where two are equal.
    """
    weight = problem.readiness[:, cluster.industry] * problem.baseline[:, cluster.industry, -1]
    return max(cluster.members, key=lambda region: (float(weight[region]), -region))


def find_suppliers(
    members: tuple[int, ...],
    industry: int,
    intermediate: FloatArray,
    output: FloatArray,
    tradable: BoolArray,
    neighbours: BoolArray,
    *,
    most: int = 2,
) -> list[Supplier]:
    """Neighbours of a cluster that could supply most of its manufactured inputs.

    ``share[r] = sum_j m[j] x[r,j] / sum_{t not in S} x[t,j]``, where m[j] is input j's share among
    the cluster's tradable inputs from other industries: what r would supply if the belt's regions
    outside the cluster supplied in proportion to their output. A potential, not a flow.

    ``intermediate`` (R, J, J) seller industry by buyer industry within each region; ``output``
    (R, J); ``tradable`` (J); ``industry`` a position in J. Unknown counts as nothing bought or
    made. At most ``most`` suppliers, largest share first.
    """
    inputs = np.nan_to_num(intermediate[list(members), :, industry]).sum(axis=0) * tradable
    inputs[industry] = 0.0
    total = float(inputs.sum())
    if total <= 0.0:
        return []
    outside = np.nan_to_num(output).copy()
    outside[list(members)] = 0.0
    made = outside.sum(axis=0)
    part = np.divide(outside, made[None, :], out=np.zeros_like(outside), where=made[None, :] > 0)
    share = part @ (inputs / total)
    beside = np.array(neighbours[list(members)].any(axis=0), dtype=np.bool_)
    beside[list(members)] = False
    ranked = sorted(np.nonzero(beside)[0].tolist(), key=lambda region: (-share[region], region))
    return [Supplier(region, float(share[region])) for region in ranked[:most]]
