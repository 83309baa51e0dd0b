"""Areas at the penalty under which they stand out most, with a test that knows of the choice.

On a large map regions above their expected share touch by chance and make areas without end. What
holds an area together is the penalty: with ``theta`` a quotient that a region has to exceed and
``c`` a cost, regions weigh ``s[r] - theta p[r] - c``. Which penalty fits depends on how strong and
how large the area is, so several are tried, and each is judged by what chance makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.areas_heuristic import csr_parts, heavy_set
from clusterbelt.kernels.areas_permutation import (
    Null,
    check_scan,
    draw_shares,
    heavy_weights,
)
from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.graph import Graph, as_graph

__all__ = ["AreaScan", "area_scan"]


@dataclass(frozen=True, eq=False)
class AreaScan:
    """The area of every industry that stands out most from chance."""

    members: NDArray[np.bool_]  # (R, I)
    penalty: NDArray[np.int64]  # (I,), position among the penalties; -1 without activity
    weight: Array  # (I,), in shares of the industry
    z: Array  # (I,)
    p_value: Array  # (I,)


def area_scan(
    activity: ArrayLike,
    expected: ArrayLike,
    adjacency: Graph,
    penalties: Sequence[tuple[float, float]],
    *,
    null: Null = "arrangement",
    concentration: float | None = None,
    draws: int = 999,
    seed: int = 0,
    workers: int = 1,
) -> AreaScan:
    """Find the area of every industry at the best of several penalties.

    For penalty k, T[k] is the weight of :func:`clusterbelt.kernels.areas_heuristic.heavy_set` at
    ``s - theta[k] p - c[k]``, and ``z[k] = (T[k] - mean) / spread`` over the draws. The penalty of
    the largest z is taken; ``p = (1 + draws whose own largest z is as large) / (1 + draws)``, so
    that choosing among penalties does not make an area significant.

    Parameters
    ----------
    activity, expected, adjacency, null, concentration, draws, seed, workers
        As :func:`clusterbelt.kernels.areas_permutation.area_significance`.
    penalties
        Pairs (theta, c): a quotient and a share of the industry's activity, zero or more. A useful
        scale of c is ``1 / R``. With ``theta = (b - 1) / ln b`` a region weighs what it says for a
        quotient of b against one of 1 (logarithm of the ratio of Poisson likelihoods): 1.44 for
        b = 2, 1.82 for 3, 2.16 for 4.

    Returns
    -------
    AreaScan
        NaN, no members and penalty -1 for an industry without activity. z is NaN where draws do
        not vary, and such a penalty is not chosen.

    Raises
    ------
    ValueError
        If there is no penalty or one is negative or unknown, and as ``area_significance``.
    """
    grid = np.asarray(penalties, dtype=np.float64).reshape(-1, 2)
    if grid.size == 0 or not bool(np.isfinite(grid).all()) or bool(np.any(grid < 0.0)):
        raise ValueError("penalties are pairs of a quotient and a cost, finite, zero or more")
    x, p = as_array(activity, 2), as_array(expected)
    graph = as_graph(adjacency)
    check_scan(x, p, int(graph.shape[0]), null, concentration, draws)
    p = p / p.sum()
    starts, ends = csr_parts(graph)
    members = np.zeros(x.shape, dtype=np.bool_)
    penalty = np.full(x.shape[1], -1, dtype=np.int64)
    weight, z, p_value = (np.full(x.shape[1], np.nan) for _ in range(3))
    for column in range(x.shape[1]):
        total = float(x[:, column].sum())
        if total <= 0.0:
            continue
        share = x[:, column] / total
        drawn = draw_shares(share, p, total, null, concentration, draws, seed)
        lost = grid[:, :1] * p + grid[:, 1:]  # (K, R)
        found = [heavy_set(share - lost[k], starts, ends) for k in range(len(grid))]
        chance = np.array([heavy_weights(drawn - row, starts, ends, workers) for row in lost])
        best, z[column], p_value[column] = _judge(np.array([w for _, w in found]), chance)
        if best >= 0:
            penalty[column], weight[column] = best, found[best][1]
            members[:, column] = found[best][0]
    return AreaScan(members, penalty, weight, z, p_value)


def _judge(observed: Array, chance: Array) -> tuple[int, float, float]:
    """Return the penalty that stands out most, its z and the p-value; chance is (K, draws)."""
    both = np.column_stack([observed, chance])
    mean, spread = both.mean(axis=1, keepdims=True), both.std(axis=1, keepdims=True)
    spread = np.where(spread > 1e-12 * np.maximum(np.abs(mean), 1e-300), spread, 0.0)
    z = np.where(spread > 0.0, ratio(both - mean, spread), -np.inf)
    if not bool(np.isfinite(z[:, 0]).any()):
        return -1, float("nan"), float("nan")
    best = int(np.argmax(z[:, 0]))
    largest = z.max(axis=0)
    as_large = largest[1:] >= largest[0] - 1e-12 * abs(float(largest[0]))
    return best, float(z[best, 0]), float((1 + as_large.sum()) / largest.size)
