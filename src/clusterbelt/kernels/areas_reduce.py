"""Exact reductions of the maximum-weight connected set problem.

Every step either drops vertices that some optimal set does without, or merges vertices that some
optimal set takes together, so the best set of the reduced net, opened up again, is a best set of
the whole. On a tree nothing remains; on maps a few percent of the vertices do.

The steps (w weight, N neighbours):

1. neighbours of positive weight are taken together;
2. a vertex of w <= 0 with at most one neighbour is dropped: it leads nowhere;
3. a vertex of w > 0 with one neighbour is either the whole set or goes with that neighbour:
   note it as a candidate by itself, then merge the two;
4. two neighbours of w <= 0 that have two neighbours each are a bridge, used whole or not at all;
5. v of w <= 0 is dropped if the others can be joined without it at no greater cost: some u with
   w(u) >= w(v) touches all of N(v), or the vertices of N(v) are all neighbours of each other, or
   (at most three neighbours) other paths join them for at most -w(v).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

__all__ = ["Net", "build_net", "reduce_net"]

MOST_NEIGHBOURS_FOR_PATHS = 3
MOST_NEIGHBOURS_FOR_CLIQUE = 6
MOST_STEPS_OF_A_PATH = 60


@dataclass
class Net:
    """A graph under reduction: vertices are the keys; ``group`` holds the original ones merged.

    ``candidates`` are groups noted on the way that may be the best set by themselves.
    """

    weight: dict[int, float] = field(default_factory=dict)
    near: dict[int, set[int]] = field(default_factory=dict)
    group: dict[int, list[int]] = field(default_factory=dict)
    candidates: list[list[int]] = field(default_factory=list)

    def drop(self, vertex: int) -> None:
        """Take a vertex out."""
        for other in self.near.pop(vertex):
            self.near[other].discard(vertex)
        del self.weight[vertex], self.group[vertex]

    def merge(self, kept: int, gone: int) -> None:
        """Merge ``gone`` into its neighbour ``kept``."""
        self.weight[kept] += self.weight[gone]
        self.group[kept].extend(self.group[gone])
        others = self.near[gone] - {kept}
        self.drop(gone)
        for other in others:
            self.near[kept].add(other)
            self.near[other].add(kept)


def build_net(weights: NDArray[np.float64], graph: sparse.csr_array) -> Net:
    """Build a net from ``weights`` (R,) and the graph, with step 1 done in one go.

    A merged vertex carries the least of its original vertices as its key.
    """
    size = weights.size
    links = graph.tocoo()
    rows, columns = (np.asarray(axis, dtype=np.int64) for axis in links.coords)
    positive = weights > 0.0
    both = positive[rows] & positive[columns]
    inner = sparse.csr_array((np.ones(int(both.sum())), (rows[both], columns[both])), (size, size))
    _, labels = csgraph.connected_components(inner, directed=False)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    key = first[inverse]
    net = Net()
    for vertex, (name, value) in enumerate(zip(key.tolist(), weights.tolist(), strict=True)):
        net.weight[name] = net.weight.get(name, 0.0) + value
        net.group.setdefault(name, []).append(vertex)
        net.near.setdefault(name, set())
    for one, other in zip(key[rows].tolist(), key[columns].tolist(), strict=True):
        if one != other:
            net.near[one].add(other)
    return net


def reduce_net(net: Net, vertices: Iterable[int] | None = None) -> None:
    """Apply the steps, in place, until none applies; begin at ``vertices``, else at all.

    The order of work is fixed by the keys.
    """
    waiting = sorted(net.weight if vertices is None else vertices)
    heapq.heapify(waiting)
    queued = set(waiting)
    while waiting:
        vertex = heapq.heappop(waiting)
        queued.discard(vertex)
        if vertex not in net.weight:
            continue
        touched = _reduce_positive(net, vertex) if net.weight[vertex] > 0.0 else None
        if touched is None and net.weight[vertex] <= 0.0:
            touched = _reduce_bridge(net, vertex)
        for other in sorted(touched or ()):
            if other in net.weight and other not in queued:
                heapq.heappush(waiting, other)
                queued.add(other)


def _around(net: Net, vertices: Iterable[int]) -> set[int]:
    """Return the vertices and their neighbours: what may be reducible after a change."""
    found: set[int] = set()
    for vertex in vertices:
        if vertex in net.near:
            found |= {vertex, *net.near[vertex]}
    return found


def _reduce_positive(net: Net, vertex: int) -> set[int] | None:
    near = net.near[vertex]
    friend = min((other for other in near if net.weight[other] > 0.0), default=None)
    if friend is not None:
        net.merge(vertex, friend)
        return _around(net, [vertex])
    if len(near) > 1:
        return None
    net.candidates.append(list(net.group[vertex]))
    if not near:
        net.drop(vertex)
        return set()
    (only,) = near
    net.merge(only, vertex)
    return _around(net, [only])


def _reduce_bridge(net: Net, vertex: int) -> set[int] | None:
    near = net.near[vertex]
    if len(near) >= 2 and not _can_do_without(net, vertex):
        if len(near) == 2:
            partner = min(
                (u for u in near if net.weight[u] <= 0.0 and len(net.near[u]) == 2), default=None
            )
            if partner is not None:
                net.merge(vertex, partner)
                return _around(net, [vertex])
        return None
    others = set(near)
    net.drop(vertex)
    return _around(net, others)


def _can_do_without(net: Net, vertex: int) -> bool:
    near = net.near[vertex]
    return _is_dominated(net, vertex, near) or _others_are_joined(net, vertex, near)


def _is_dominated(net: Net, vertex: int, near: set[int]) -> bool:
    start = min(near, key=lambda u: (len(net.near[u]), u))
    for other in (start, *net.near[start]):
        if other == vertex or net.weight[other] < net.weight[vertex]:
            continue
        if near <= net.near[other] | {other}:
            return True
    return False


def _others_are_joined(net: Net, vertex: int, near: set[int]) -> bool:
    if len(near) <= MOST_NEIGHBOURS_FOR_CLIQUE and all(
        b in net.near[a] for a, b in combinations(near, 2)
    ):
        return True
    if len(near) > MOST_NEIGHBOURS_FOR_PATHS:
        return False
    budget = -net.weight[vertex]
    ends = sorted(near)
    costs = [_path_cost(net, a, b, vertex, budget) for a, b in combinations(ends, 2)]
    # Any two must be joined within the budget, and all three by two paths together.
    if max(costs) > budget:
        return False
    return len(ends) == 2 or sum(costs) - max(costs) <= budget


def _path_cost(net: Net, start: int, end: int, without: int, budget: float) -> float:
    """Cost of the cheapest path from start to end, both free; infinite above the budget."""
    best = {start: 0.0}
    frontier = [(0.0, start)]
    for _ in range(MOST_STEPS_OF_A_PATH):
        if not frontier:
            break
        cost, vertex = heapq.heappop(frontier)
        if vertex == end:
            return cost
        if cost > best[vertex]:
            continue
        for other in net.near[vertex]:
            step = 0.0 if other == end else max(0.0, -net.weight[other])
            if other != without and cost + step <= budget and cost + step < best.get(other, np.inf):
                best[other] = cost + step
                heapq.heappush(frontier, (cost + step, other))
    return float("inf")
