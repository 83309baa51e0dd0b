"""One evaluator for all plans: joint, alone, or anybody else's.

With x[r,i,p] the capacity built (the running maximum of the added output over phases), the output
that shared demand absorbs is ``z[r,i,p] = x[r,i,p] * min(1, D[i,p] / sum_r x[r,i,p])``: where the
belt builds more than demand takes, every region is cut in the same proportion. Then

``value = value_added - capital + synergy - coordination - programme``, with
``value_added  = sum_p w[p] sum_{r,i} v[r,i] z[r,i,p]``
``capital      = sum_p w[p] sum_{r,i} c kappa[i] x[r,i,p]``  (for all capacity, absorbed or not)
``synergy      = sum_p w[p] sum over clusters active in p, over neighbours r, r' in S, of
sigma min(max(v[r,i],0) z[r,i,p], max(v[r',i],0) z[r',i,p])``
``coordination = sum over clusters (|S|-1) g sum_{p >= start} w[p]``
``programme    = sum over clusters |S| h sum_{p >= start} w[p]``

Discounted money throughout. On a joint plan, which keeps within demand, this is the objective of
the programme reached by another road.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from clusterbelt.plan.problem import FloatArray, PlannedCluster, Problem, capital_output

__all__ = ["Evaluation", "evaluate_plan"]

_ROUNDING: Final = 1e-6  # the solver's own tolerance


@dataclass(frozen=True)
class Evaluation:
    """The value of a plan and its parts (discounted), and what demand absorbed of it."""

    value: float
    value_added: float
    capital: float
    synergy: float
    coordination: float
    programme: float
    built: FloatArray  # (R, I, P)
    absorbed: FloatArray  # (R, I, P)
    cluster_values: tuple[float, ...]  # in the order of the clusters


def _absorbed(built: FloatArray, ceilings: FloatArray) -> FloatArray:
    total = built.sum(axis=0)
    # A total that meets its ceiling to rounding is within it: nothing is cut, nothing is idle.
    over = total > ceilings * (1.0 + _ROUNDING) + _ROUNDING
    share = np.divide(ceilings, total, out=np.ones_like(total), where=over)
    return np.asarray(built * share[None, :, :], dtype=np.float64)


def _synergy(problem: Problem, cluster: PlannedCluster, absorbed: FloatArray) -> float:
    gain = np.maximum(problem.ratio[:, cluster.industry], 0.0)[:, None]
    gain = gain * absorbed[:, cluster.industry, :]
    active = problem.weights * (np.arange(problem.weights.size) >= cluster.start)
    total = 0.0
    for first, second in combinations(cluster.members, 2):
        if problem.neighbours[first, second]:
            total += float(active @ np.minimum(gain[first], gain[second]))
    return problem.section.synergy * total


def evaluate_plan(
    problem: Problem, added: FloatArray, clusters: Sequence[PlannedCluster]
) -> Evaluation:
    """Value a plan: ``added`` output (R, I, P) and its clusters.

    NaN in ``added`` or in a ratio that is used gives a NaN value: nothing is guessed.
    """
    section, weights = problem.section, problem.weights
    built = np.maximum.accumulate(added, axis=2)
    absorbed = _absorbed(built, problem.ceilings)
    used = np.where(built == 0.0, 0.0, problem.ratio[:, :, None])
    charge = section.capital_charge * capital_output(problem)[None, :, None]
    earned = (used * absorbed) @ weights  # (R, I)
    paid = (charge * built) @ weights
    synergies, coordinations, programmes, values = [], [], [], []
    for cluster in clusters:
        years = float(weights[cluster.start :].sum())
        size, members = len(cluster.members), list(cluster.members)
        synergies.append(_synergy(problem, cluster, absorbed))
        coordinations.append(section.coordination_cost * (size - 1) * years)
        programmes.append(section.programme_cost * size * years)
        own = float((earned - paid)[members, cluster.industry].sum())
        values.append(own + synergies[-1] - coordinations[-1] - programmes[-1])
    parts = (
        float(earned.sum()),
        float(paid.sum()),
        float(sum(synergies)),
        float(sum(coordinations)),
        float(sum(programmes)),
    )
    value = parts[0] - parts[1] + parts[2] - parts[3] - parts[4]
    return Evaluation(value, *parts, built, absorbed, tuple(values))
