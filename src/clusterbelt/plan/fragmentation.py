"""The price of fragmentation: what the belt loses when every region plans alone.

Both plans are valued by one evaluator. With J the joint plan, A the plans alone, put together:

``price = 1 - V(A) / V(J)``; ``difference = V(J) - V(A) = allocation + overcapacity + synergy``

``overcapacity = K(A) - K(J)``, where K is the capital charge on capacity that shared demand does
not absorb, ``sum_p w[p] sum_{r,i} c kappa[i] (x - z)``. A joint plan keeps within demand: K(J) = 0.

``synergy = (synergy - coordination)(J) - (synergy - coordination)(A)``: what working across borders
earns less what it costs. It rests on an assumption (grade D) and regions alone have none.

``allocation = N(J) - N(A)``, where ``N = sum_p w[p] sum_{r,i} (v - c kappa) z - programme`` is the
net value of the output that demand absorbs: where it is made, by whom, how much of the ceiling is
used, and the cost of running the programmes.

The three add up exactly because ``V = N - K + synergy - coordination``. Any part may be negative:
rules against duplication can make the joint plan forgo what a region alone would do. Therefore the
price against the joint plan without those rules stands beside it; that one cannot be negative where
what the regions build alone keeps within demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from clusterbelt.plan.evaluate import Evaluation
from clusterbelt.plan.problem import FloatArray, PlannedCluster, Problem, capital_output

__all__ = ["Fragmentation", "measure_fragmentation", "regional_values"]


@dataclass(frozen=True)
class Fragmentation:
    """The price (share of the joint value) and the three parts of the difference, in money."""

    joint_value: float
    alone_value: float
    difference: float
    price: float
    allocation: float
    overcapacity: float
    synergy: float
    price_without_rules: float  # against the joint plan free of the no-duplication rules


def _idle_capital(problem: Problem, plan: Evaluation) -> float:
    charge = problem.section.capital_charge * capital_output(problem)[None, :, None]
    return float(((charge * (plan.built - plan.absorbed)) @ problem.weights).sum())


def _net_value(problem: Problem, plan: Evaluation) -> float:
    charge = problem.section.capital_charge * capital_output(problem)[None, :, None]
    used_capital = float(((charge * plan.absorbed) @ problem.weights).sum())
    return plan.value_added - used_capital - plan.programme


def _price(joint: Evaluation, alone: Evaluation) -> float:
    return 1.0 - alone.value / joint.value if joint.value > 0 else float(np.nan)


def measure_fragmentation(
    problem: Problem, joint: Evaluation, alone: Evaluation, unrestricted: Evaluation
) -> Fragmentation:
    """Compare a joint plan with the plans of regions alone, each already evaluated.

    ``unrestricted`` is the joint plan without the no-duplication rules. A price is NaN when the
    joint value is zero or less: a share of nothing means nothing.
    """
    allocation = _net_value(problem, joint) - _net_value(problem, alone)
    overcapacity = _idle_capital(problem, alone) - _idle_capital(problem, joint)
    synergy = (joint.synergy - joint.coordination) - (alone.synergy - alone.coordination)
    difference = joint.value - alone.value
    return Fragmentation(
        joint.value,
        alone.value,
        difference,
        _price(joint, alone),
        allocation,
        overcapacity,
        synergy,
        _price(unrestricted, alone),
    )


def regional_values(
    problem: Problem, plan: Evaluation, clusters: Sequence[PlannedCluster]
) -> FloatArray:
    """Value of a plan by region (R); it adds up to the plan's value.

    A region has what its absorbed output earns less the charge on its capacity and its programmes;
    of the synergy of two neighbours each has one half, of a cluster's coordination each member an
    equal part.
    """
    section, weights = problem.section, problem.weights
    charge = section.capital_charge * capital_output(problem)[None, :, None]
    used = np.where(plan.built == 0.0, 0.0, problem.ratio[:, :, None])
    values = ((used * plan.absorbed - charge * plan.built) @ weights).sum(axis=1)
    for cluster in clusters:
        members, size = list(cluster.members), len(cluster.members)
        years = float(weights[cluster.start :].sum())
        values[members] -= section.programme_cost * years
        values[members] -= section.coordination_cost * (size - 1) * years / size
        active = weights * (np.arange(weights.size) >= cluster.start)
        gain = np.maximum(problem.ratio[:, cluster.industry], 0.0)[:, None]
        gain = gain * plan.absorbed[:, cluster.industry, :]
        for r, t in combinations(members, 2):
            if problem.neighbours[r, t]:
                shared = section.synergy * float(active @ np.minimum(gain[r], gain[t]))
                values[[r, t]] += 0.5 * shared
    return np.asarray(values, dtype=np.float64)
