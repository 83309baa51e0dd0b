"""Areas of large graphs with a stated gap, and their significance by permutation at scale."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.areas import Area, maximum_weight_connected_set
from clusterbelt.kernels.areas_heuristic import csr_parts, heavy_connected_set, heavy_set
from clusterbelt.kernels.arithmetic import Array, as_array
from clusterbelt.kernels.graph import Graph, as_graph
from clusterbelt.kernels.significance import area_p_value, arrangement_draws, dispersed_draws

__all__ = [
    "AreaSignificance",
    "Null",
    "area_significance",
    "check_scan",
    "draw_shares",
    "heavy_weights",
    "large_areas",
]

Null = Literal["arrangement", "dispersed", "multinomial"]
PROVEN = 1e-9
_compile: Any = numba.njit(cache=True, nogil=True)
_ROWS = 200  # draws one thread takes at a time


@dataclass(frozen=True, eq=False)
class AreaSignificance:
    """Areas and their p-values; ``statistic`` and ``null_mean`` are in shares of the industry."""

    members: NDArray[np.bool_]  # (R, I)
    statistic: Array  # (I,)
    null_mean: Array  # (I,)
    p_value: Array  # (I,)


@_compile
def _statistics(
    weights: Array, starts: NDArray[np.int64], ends: NDArray[np.int64], found: Array
) -> None:
    for row in range(weights.shape[0]):
        found[row] = heavy_set(weights[row], starts, ends)[1]


@_compile
def _joints(kept: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Any:
    """Return which kept vertices the rest needs to hang together (articulation points)."""
    size = kept.size
    joint = np.zeros(size, dtype=np.bool_)
    seen = np.full(size, -1, dtype=np.int64)  # order of first visit
    low = np.zeros(size, dtype=np.int64)  # earliest visit that can be reached from below
    above = np.full(size, -1, dtype=np.int64)
    scan = starts[:-1].copy()
    path = np.empty(size, dtype=np.int64)
    count = 0
    for root in range(size):
        if not kept[root] or seen[root] >= 0:
            continue
        branches, depth = 0, 1
        path[0] = root
        seen[root] = low[root] = count
        count += 1
        while depth > 0:
            vertex = path[depth - 1]
            if scan[vertex] < starts[vertex + 1]:
                other = ends[scan[vertex]]
                scan[vertex] += 1
                if not kept[other] or other == above[vertex]:
                    continue
                if seen[other] >= 0:
                    low[vertex] = min(low[vertex], seen[other])
                    continue
                above[other] = vertex
                seen[other] = low[other] = count
                count += 1
                path[depth] = other
                depth += 1
                continue
            depth -= 1
            parent = above[vertex]
            if parent < 0:
                continue
            low[parent] = min(low[parent], low[vertex])
            if parent == root:
                branches += 1
            elif low[vertex] >= seen[parent]:
                joint[parent] = True
        joint[root] = branches > 1
    return joint


def _drop_idle(members: NDArray[np.bool_], weights: Array, graph: Any) -> NDArray[np.bool_]:
    """Leave out members at or below zero that join nothing, the least first, until none is left."""
    starts, ends = csr_parts(graph)
    kept = members.copy()
    while True:
        idle = np.flatnonzero(kept & (weights <= 0.0) & ~_joints(kept, starts, ends))
        if idle.size == 0:
            return kept
        kept[idle[np.argmin(weights[idle])]] = False


def large_areas(
    weights: ArrayLike,
    adjacency: Graph,
    count: int = 1,
    *,
    exact_up_to: int = 300,
    rounds: int = 30,
    seed: int = 0,
) -> list[Area]:
    """Find up to ``count`` disjoint connected sets of large weight, each with a bound.

    One after the other, as :func:`clusterbelt.kernels.areas.best_areas`: what is left of the graph
    is solved exactly if it has at most ``exact_up_to`` regions, else by
    :func:`clusterbelt.kernels.areas_heuristic.heavy_connected_set`. ``bound - objective`` is what
    an area may be short of the best; ``proven`` says that it is nothing (1e-9 of the sum of
    absolute weights). Every area is connected, all positive neighbours are in it, and no member
    can be left out without loss.

    Raises
    ------
    ValueError
        If ``count`` is below 1, a weight is NaN or infinite, or the shapes do not fit.

    Examples
    --------
    >>> line = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
    >>> [area.objective for area in large_areas([1.0, -4.0, 2.0], line, 3)]
    [2.0, 1.0]
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    graph, w = as_graph(adjacency), as_array(weights)
    if w.shape != (graph.shape[0],) or not bool(np.isfinite(w).all()):
        raise ValueError(f"weights are finite, one for each of {graph.shape[0]} vertices")
    left = np.arange(w.size)
    areas: list[Area] = []
    while len(areas) < count and bool(np.any(w[left] > 0.0)):
        part = graph[left][:, left]
        if left.size <= exact_up_to:
            area = maximum_weight_connected_set(w[left], part)
        else:
            members, bound = heavy_connected_set(w[left], part, rounds=rounds, seed=seed)
            members = _drop_idle(members, w[left], as_graph(part))
            value = float(w[left][members].sum())
            edge = PROVEN * float(np.abs(w[left]).sum())
            area = Area(members, value, max(bound, value), bound - value <= 2.0 * edge)
        chosen = np.zeros(w.size, dtype=np.bool_)
        chosen[left[area.members]] = True
        areas.append(Area(chosen, area.objective, area.bound, area.proven))
        left = left[~area.members]
    return areas


def area_significance(
    activity: ArrayLike,
    expected: ArrayLike,
    adjacency: Graph,
    *,
    cost_share: float,
    null: Null = "arrangement",
    concentration: float | None = None,
    draws: int = 999,
    seed: int = 0,
    workers: int = 1,
) -> AreaSignificance:
    """Find the area of every industry and say how often chance makes one as heavy.

    With s[r] a region's share of the industry and p[r] its expected share, regions weigh
    ``s[r] - p[r] - cost_share``, and the statistic is the weight of
    :func:`clusterbelt.kernels.areas_heuristic.heavy_set`: the same algorithm on what is observed
    and on every draw, so that the test is exact in size although the set need not be the best.
    ``p = (1 + draws at least as heavy) / (1 + draws)``.

    Nulls: ``arrangement`` deals the quotients s/p to the regions anew (only where strength lies is
    tested; regions with p = 0 must have s = 0). ``dispersed`` draws s ~ Dirichlet(k p), k given by
    ``concentration``. ``multinomial`` is for counts: as many units as observed fall on regions
    with probability p, that is a Poisson count per region given the total.

    Parameters
    ----------
    activity
        x, shape (R, I), zero or more, finite; any unit, counts for ``multinomial``.
    expected
        p, shape (R,), zero or more; scaled to add to one. Size of regions, or what zones they hold.
    seed
        Every industry is drawn from the same seed: a result does not depend on which other
        industries are tested. Their p-values are therefore not independent draws.
    workers
        Threads; the result does not depend on it.

    Raises
    ------
    ValueError
        If a figure is negative or unknown, ``draws`` below 1, or the null lacks what it needs.
    """
    x, p = as_array(activity, 2), as_array(expected)
    graph = as_graph(adjacency)
    check_scan(x, p, int(graph.shape[0]), null, concentration, draws)
    p = p / p.sum()
    starts, ends = csr_parts(graph)
    shape = x.shape
    members = np.zeros(shape, dtype=np.bool_)
    statistic, mean, p_value = (np.full(shape[1], np.nan) for _ in range(3))
    for column in range(shape[1]):
        total = float(x[:, column].sum())
        if total <= 0.0:
            continue
        share = x[:, column] / total
        chosen, statistic[column] = heavy_set(share - p - cost_share, starts, ends)
        members[:, column] = chosen
        drawn = draw_shares(share, p, total, null, concentration, draws, seed)
        found = heavy_weights(drawn - p - cost_share, starts, ends, workers)
        mean[column] = found.mean()
        p_value[column] = area_p_value(float(statistic[column]), found)
    return AreaSignificance(members, statistic, mean, p_value)


def check_scan(
    x: Array, p: Array, size: int, null: str, concentration: float | None, draws: int
) -> None:
    """Raise ValueError if activity (R, I) and expected shares (R,) cannot be tested."""
    if x.shape[0] != size or p.shape != (size,):
        raise ValueError(f"activity {x.shape} and expected {p.shape} do not fit {size} vertices")
    for name, values in (("activity", x), ("expected", p)):
        if not bool(np.isfinite(values).all()) or bool(np.any(values < 0.0)):
            raise ValueError(f"{name} must be finite and zero or more")
    if not p.sum() > 0.0 or draws < 1:
        raise ValueError("expected adds to more than zero, and draws is at least 1")
    if null == "arrangement" and bool(np.any(x[p == 0.0] > 0.0)):
        raise ValueError("activity where none is expected: arrangement has no quotient to deal")
    if null == "dispersed" and concentration is None:
        raise ValueError("the dispersed null needs a concentration")
    if null == "multinomial" and bool(np.any(x != np.floor(x))):
        raise ValueError("the multinomial null is for counts")


def draw_shares(
    share: Array,
    p: Array,
    total: float,
    null: str,
    concentration: float | None,
    draws: int,
    seed: int,
) -> Array:
    """Draw shares of one industry under a null, shape (draws, R)."""
    if null == "dispersed":
        return dispersed_draws(p, float(concentration or 0.0), draws, seed)
    if null == "multinomial":
        generator = np.random.default_rng(seed)
        return np.asarray(generator.multinomial(round(total), p, size=draws) / total)
    if null != "arrangement":
        raise ValueError(f"null must be arrangement, dispersed or multinomial, not {null!r}")
    drawn = np.zeros((draws, p.size))
    there = p > 0.0
    drawn[:, there] = arrangement_draws(share[there], p[there], draws, seed)
    return drawn


def heavy_weights(
    weights: Array, starts: NDArray[np.int64], ends: NDArray[np.int64], workers: int
) -> Array:
    """Return the weight of the heavy set for every row of weights, shape (draws,)."""
    found = np.zeros(weights.shape[0])
    blocks = [slice(k, k + _ROWS) for k in range(0, weights.shape[0], _ROWS)]
    rows = np.ascontiguousarray(weights)
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        jobs = [pool.submit(_statistics, rows[b], starts, ends, found[b]) for b in blocks]
        for job in jobs:
            job.result()
    return found
