"""Cluster areas: connected sets of regions of the largest weight, proved best or with a bound.

The weight of a region is what it adds to an area: its excess activity less a cost. A region of
negative weight enters an area only where it joins others that are worth more than it costs.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from clusterbelt.kernels.areas_milp import solve_rooted
from clusterbelt.kernels.areas_reduce import Net, build_net, reduce_net
from clusterbelt.kernels.graph import Graph, as_graph

__all__ = ["Area", "best_areas", "maximum_weight_connected_set"]

PROVEN = 1e-9  # of the sum of absolute weights: bound and objective that near are the same
EQUAL = 1e-12  # of the same: two sets that near weigh the same


@dataclass(frozen=True, eq=False)
class Area:
    """A connected set of regions.

    ``objective`` is the sum of its weights; no connected set has more than ``bound``; ``proven``
    says that the two are the same up to rounding (1e-9 of the sum of absolute weights).
    """

    members: NDArray[np.bool_]  # (R,)
    objective: float
    bound: float
    proven: bool


def _check_weights(weights: ArrayLike, size: int) -> NDArray[np.float64]:
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (size,):
        raise ValueError(f"weights have shape {values.shape}, the graph has {size} vertices")
    unknown = int((~np.isfinite(values)).sum())
    if unknown:
        raise ValueError(f"weights must be finite; {unknown} of {size} are not")
    return values


class _Best:
    """The best set so far, with the stated order of preference among equals."""

    def __init__(self, weights: NDArray[np.float64]) -> None:
        self.weights = weights
        self.total = math.fsum(np.abs(weights))
        self.members: list[int] = []
        self.objective = 0.0

    def offer(self, members: list[int]) -> None:
        """Take the set if it is heavier, or as heavy and ahead in the order of preference."""
        value = math.fsum(self.weights[members])
        ahead = value - self.objective
        if abs(ahead) <= EQUAL * self.total:
            # The empty set, by which the search begins, is never given up for a weight of zero.
            current = (len(self.members), self.members)
            better = (len(members), sorted(members)) < current
        else:
            better = ahead > 0.0
        if better:
            self.members, self.objective = sorted(members), value


def _components(net: Net, vertices: list[int]) -> list[tuple[float, list[int]]]:
    """Components of the net among ``vertices``, each with minus its sum of positive weights."""
    found: list[tuple[float, list[int]]] = []
    seen: set[int] = set()
    for start in vertices:
        if start in seen or start not in net.weight:
            continue
        component, queue = [], [start]
        seen.add(start)
        while queue:
            vertex = queue.pop()
            component.append(vertex)
            fresh = net.near[vertex] - seen
            seen |= fresh
            queue.extend(fresh)
        positive = math.fsum(max(0.0, net.weight[v]) for v in component)
        found.append((-positive, sorted(component)))
    return found


def _solve_from_root(net: Net, part: list[int], root: int, best: _Best, node_limit: int) -> float:
    """Offer the best set of a component that holds ``root``; return an upper bound on it."""
    position = {vertex: place for place, vertex in enumerate(part)}
    solution = solve_rooted(
        np.array([net.weight[vertex] for vertex in part]),
        [sorted(position[u] for u in net.near[vertex]) for vertex in part],
        position[root],
        incumbent=best.objective,
        slack=EQUAL * best.total,
        node_limit=node_limit,
    )
    if solution.members:
        best.offer([v for place in solution.members for v in net.group[part[place]]])
    return solution.bound


def _offer_candidates(net: Net, best: _Best) -> None:
    for group in net.candidates:
        best.offer(group)
    net.candidates.clear()


def _search(net: Net, best: _Best, node_limit: int) -> float:
    """Offer the best set of the net; return an upper bound on every set's weight.

    Either the heaviest vertex of a component is in the set, and the rooted programme finds the
    best such set, or it is not, and the net without it is reduced further and searched the same
    way. Components that cannot beat the best set so far are left.
    """
    bound = 0.0
    reduce_net(net)
    _offer_candidates(net, best)
    waiting = _components(net, sorted(net.weight))
    heapq.heapify(waiting)
    while waiting:
        negative, part = heapq.heappop(waiting)
        if -negative <= best.objective + EQUAL * best.total:
            bound = max(bound, -negative)
            break
        root = min(part, key=lambda vertex: (-net.weight[vertex], vertex))
        best.offer(net.group[root])
        bound = max(bound, _solve_from_root(net, part, root, best, node_limit))
        net.drop(root)
        reduce_net(net, part)
        _offer_candidates(net, best)
        for component in _components(net, part):
            heapq.heappush(waiting, component)
    return bound


def _without_idle(
    members: list[int], weights: NDArray[np.float64], graph: sparse.csr_array
) -> list[int]:
    """Leave out members that add nothing and join nothing, the last position first."""
    kept = sorted(members)
    changed = True
    while changed:
        changed = False
        for vertex in [v for v in reversed(kept) if weights[v] <= 0.0]:
            rest = [v for v in kept if v != vertex]
            parts, _ = csgraph.connected_components(graph[rest][:, rest], directed=False)
            if parts == 1:
                kept, changed = rest, True
    return kept


def maximum_weight_connected_set(
    weights: ArrayLike, adjacency: Graph, *, node_limit: int = 100_000
) -> Area:
    """Find the connected set of regions with the largest sum of weights. Exact.

    ``max over connected S of sum_{r in S} w[r]``

    The problem is reduced by steps that keep an optimum (:mod:`clusterbelt.kernels.areas_reduce`),
    then solved for one root after another as an integer programme with connectivity cuts
    (:mod:`clusterbelt.kernels.areas_milp`). Measured on random planar maps: milliseconds for 31
    regions, a few seconds at worst for 500.

    Parameters
    ----------
    weights
        w, shape (R,), any unit, finite.
    adjacency
        Contiguity, see :mod:`clusterbelt.kernels.graph`. A region without neighbours can be an
        area by itself.
    node_limit
        Nodes of the search tree the solver may open for one programme; no clock is read, so the
        result does not depend on the machine's speed. If the limit is hit, the best set found is
        returned with ``proven`` False and the bound reached.

    Returns
    -------
    Area
        The empty set, with objective 0, if no weight is above zero. All members above zero that
        touch the area are in it, and a member at or below zero is in it only if the area would
        fall apart without it.

    Raises
    ------
    ValueError
        If a weight is NaN or infinite, or the shapes do not fit, or the graph is not symmetric.

    Notes
    -----
    Ties. The same arguments give the same members with the same version of the solver. Of sets
    that were compared and weigh the same (to 1e-12 of the sum of absolute weights) the one with
    fewer regions is kept, then the one whose positions come first. Sets of equal weight are not
    sought on purpose, so another set as good may exist; the objective is the same in any order of
    the regions, the members only if the optimum is unique.

    Examples
    --------
    >>> line = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], dtype=bool)
    >>> area = maximum_weight_connected_set([3.0, -1.0, 2.0, -5.0], line)
    >>> area.members.tolist(), area.objective, area.proven
    ([True, True, True, False], 4.0, True)
    """
    graph = as_graph(adjacency)
    values = _check_weights(weights, graph.shape[0])
    best = _Best(values)
    bound = _search(build_net(values, graph), best, node_limit)
    members = np.zeros(values.size, dtype=np.bool_)
    members[_without_idle(best.members, values, graph)] = True
    objective = math.fsum(values[members])
    bound = max(objective, bound)
    return Area(members, objective, bound, bound - objective <= PROVEN * best.total)


def best_areas(
    weights: ArrayLike, adjacency: Graph, count: int, *, node_limit: int = 100_000
) -> list[Area]:
    """Find up to ``count`` disjoint connected sets, one after the other.

    The best set is found and taken off the graph, then the best of what is left, and so on. Each
    is the best given those before it; together they need not be the best ``count`` sets (a joint
    optimum may split a large area in two). Stops early when no weight above zero is left.

    Parameters and errors as :func:`maximum_weight_connected_set`; ``count`` is at least 1. Each
    ``bound`` holds for what was left of the graph when its area was sought.

    Examples
    --------
    >>> line = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
    >>> [area.objective for area in best_areas([1.0, -4.0, 2.0], line, 3)]
    [2.0, 1.0]
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    graph = as_graph(adjacency)
    values = _check_weights(weights, graph.shape[0])
    left = np.arange(values.size)
    areas: list[Area] = []
    while len(areas) < count:
        area = maximum_weight_connected_set(
            values[left], graph[left][:, left], node_limit=node_limit
        )
        if not area.members.any():
            break
        members = np.zeros(values.size, dtype=np.bool_)
        members[left[area.members]] = True
        areas.append(Area(members, area.objective, area.bound, area.proven))
        left = left[~area.members]
    return areas
