"""Cluster areas of large graphs: a heavy connected set, and a bound on how much heavier one can be.

Both are made of one picture. Regions of positive weight that touch form islands in a sea of
regions of negative weight, whose depth is minus their weight.

*The set.* The least deep way from every region to an island is found (all islands at once), the
islands are joined by a spanning tree of the least deep crossings, and the heaviest subtree of
that tree is taken (dynamic programming, exact on the tree). Regions that would add weight are
added, those that add nothing are left out; then the whole is done again with the set as one island
and with crossings made a little dearer or cheaper at random, as often as asked.

*The bound.* Every island raises a moat around itself at one speed, paid from its weight; a region
of the sea is drowned when the moats around it have paid for it, and joins them into one; who has
nothing left to pay stops. With P the sum of positive weights, y[S] what the moat around S has paid,

    sum_{r in T} w[r]  <=  P - sum_S y[S] + sum_{S contains T} y[S]      for every connected T

because T has to cross every moat that it lies partly in, and gives up all it does not hold. The
sets with a moat are nested, so the last sum is at most that of the dearest chain of them.

The moats are those of Goemans, M. X. and Williamson, D. P. (1995), A general approximation
technique for constrained forest problems, SIAM Journal on Computing 24(2), 296-317, with costs at
the vertices; the crossings those of Mehlhorn, K. (1988), A faster approximation algorithm for the
Steiner problem in graphs, Information Processing Letters 27(3), 125-128.
"""

from __future__ import annotations

import heapq
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["csr_parts", "heavy_connected_set", "heavy_set", "moat_bound"]

Vector = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
_compile: Any = numba.njit(cache=True, nogil=True)


def csr_parts(graph: sparse.csr_array) -> tuple[Integers, Integers]:
    """Return where the neighbours of every vertex start, shape (R + 1), and the neighbours."""
    return graph.indptr.astype(np.int64), graph.indices.astype(np.int64)


@_compile
def _crossings(depth: Vector, starts: Integers, ends: Integers) -> tuple[Vector, Integers]:
    """Return the depth of the least deep way to an island, and the next vertex on it (-1: none)."""
    size = depth.size
    way = np.full(size, np.inf)
    onward = np.full(size, -1, dtype=np.int64)
    heap = [(0.0, np.int64(0)) for _ in range(0)]
    for vertex in range(size):
        if depth[vertex] <= 0.0:
            way[vertex] = 0.0
            heap.append((0.0, np.int64(vertex)))
    done = np.zeros(size, dtype=np.bool_)
    while len(heap) > 0:
        so_far, nearest = heapq.heappop(heap)
        vertex = int(nearest)
        if done[vertex]:
            continue
        done[vertex] = True
        for place in range(starts[vertex], starts[vertex + 1]):
            other = ends[place]
            if depth[other] <= 0.0 or done[other]:
                continue
            length = so_far + depth[other]
            if length < way[other]:
                way[other] = length
                onward[other] = vertex
                heapq.heappush(heap, (length, other))
    return way, onward


@_compile
def _find(parent: Integers, vertex: int) -> int:
    while parent[vertex] != vertex:
        parent[vertex] = parent[parent[vertex]]
        vertex = parent[vertex]
    return vertex


@_compile
def _spanning_tree(
    way: Vector, onward: Integers, starts: Integers, ends: Integers
) -> tuple[Integers, Integers]:
    """Return the tree (forest) of least deep crossings as neighbour lists like ``starts, ends``."""
    size = way.size
    tails = np.empty(ends.size // 2, dtype=np.int64)
    heads = np.empty(ends.size // 2, dtype=np.int64)
    cost = np.empty(ends.size // 2)
    count = 0
    for vertex in range(size):
        for place in range(starts[vertex], starts[vertex + 1]):
            other = ends[place]
            if other > vertex and np.isfinite(way[vertex]):
                tails[count], heads[count] = vertex, other
                on_way = onward[vertex] == other or onward[other] == vertex
                cost[count] = -1.0 if on_way else way[vertex] + way[other]
                count += 1
    order = np.argsort(cost[:count], kind="mergesort")
    parent = np.arange(size)
    kept = np.zeros(count, dtype=np.bool_)
    degree = np.zeros(size + 1, dtype=np.int64)
    for edge in order:
        one, two = _find(parent, tails[edge]), _find(parent, heads[edge])
        if one != two:
            parent[two] = one
            kept[edge] = True
            degree[tails[edge] + 1] += 1
            degree[heads[edge] + 1] += 1
    first = np.cumsum(degree)
    fill = first[:-1].copy()
    near = np.empty(first[-1], dtype=np.int64)
    for edge in range(count):
        if kept[edge]:
            near[fill[tails[edge]]] = heads[edge]
            fill[tails[edge]] += 1
            near[fill[heads[edge]]] = tails[edge]
            fill[heads[edge]] += 1
    return first, near


@_compile
def _tree_order(first: Integers, near: Integers) -> tuple[Integers, Integers]:
    """Return the vertices of a forest, parents first, and the parent of each (-1: a root)."""
    size = first.size - 1
    order = np.empty(size, dtype=np.int64)
    above = np.full(size, -2, dtype=np.int64)
    count = 0
    for start in range(size):
        if above[start] != -2:
            continue
        above[start] = -1
        order[count] = start
        scan = count
        count += 1
        while scan < count:
            vertex = order[scan]
            scan += 1
            for place in range(first[vertex], first[vertex + 1]):
                other = near[place]
                if above[other] == -2:
                    above[other] = vertex
                    order[count] = other
                    count += 1
    return order, above


@_compile
def _heaviest_subtree(weights: Vector, first: Integers, near: Integers) -> Mask:
    """Return the heaviest subtree of a forest; the empty set if nothing is above zero."""
    size = weights.size
    order, above = _tree_order(first, near)
    value = weights.copy()
    for place in range(size - 1, -1, -1):
        vertex = order[place]
        if above[vertex] >= 0 and value[vertex] > 0.0:
            value[above[vertex]] += value[vertex]
    best = np.argmax(value)
    members = np.zeros(size, dtype=np.bool_)
    if value[best] <= 0.0:
        return members
    members[best] = True
    for vertex in order:  # parents stand before their children
        if above[vertex] >= 0 and members[above[vertex]] and value[vertex] > 0.0:
            members[vertex] = True
    return members


@_compile
def heavy_set(weights: Vector, starts: Integers, ends: Integers) -> tuple[Mask, float]:
    """Return a heavy connected set and its weight: one pass, no randomness, near-linear time.

    ``weights`` (R,) finite; ``starts, ends`` from :func:`csr_parts`. This is the statistic of
    :func:`clusterbelt.kernels.areas_permutation.area_significance`, observed and drawn alike. The
    empty set and 0 if no weight is above zero. Members do not change when weights are scaled; the
    weight does not depend on the order of the regions unless crossings are equally deep.
    """
    depth = np.maximum(-weights, 0.0)
    way, onward = _crossings(depth, starts, ends)
    first, near = _spanning_tree(way, onward, starts, ends)
    members = _heaviest_subtree(weights, first, near)
    total = 0.0
    for vertex in range(weights.size):
        if members[vertex]:
            total += weights[vertex]
    return members, total


@_compile
def _heavy_set_with(
    weights: Vector, noise: Vector, held: Mask, starts: Integers, ends: Integers
) -> tuple[Mask, float]:
    """As :func:`heavy_set`, with crossings of depth times ``noise``; ``held`` is free to cross."""
    depth = np.where(held, 0.0, np.maximum(-weights, 0.0) * noise)
    way, onward = _crossings(depth, starts, ends)
    first, near = _spanning_tree(way, onward, starts, ends)
    members = _heaviest_subtree(weights, first, near)
    return members, float(np.sum(np.where(members, weights, 0.0)))


@_compile
def _rates(home: Integers, active: Mask, starts: Integers, ends: Integers) -> Integers:
    """Return how many moats rise at every vertex of the sea (0 on land)."""
    rate = np.zeros(home.size, dtype=np.int64)
    around = np.empty(home.size, dtype=np.int64)
    for vertex in range(home.size):
        if home[vertex] >= 0:
            continue
        count = 0
        for place in range(starts[vertex], starts[vertex + 1]):
            land = home[ends[place]]
            if land < 0 or not active[land]:
                continue
            fresh = True
            for seen in range(count):
                if around[seen] == land:
                    fresh = False
            if fresh:
                around[count] = land
                count += 1
        rate[vertex] = count
    return rate


@_compile
def _islands(weights: Vector, starts: Integers, ends: Integers) -> tuple[Integers, int]:
    """Return the island of every vertex (-1: sea) and how many there are."""
    home = np.full(weights.size, -1, dtype=np.int64)
    queue = np.empty(weights.size, dtype=np.int64)
    count = 0
    for start in range(weights.size):
        if weights[start] <= 0.0 or home[start] >= 0:
            continue
        home[start] = count
        queue[0] = start
        head, tail = 0, 1
        while head < tail:
            vertex = queue[head]
            head += 1
            for place in range(starts[vertex], starts[vertex + 1]):
                other = ends[place]
                if weights[other] > 0.0 and home[other] < 0:
                    home[other] = count
                    queue[tail] = other
                    tail += 1
        count += 1
    return home, count


@_compile
def _next_event(
    rate: Integers, left: Vector, active: Mask, budget: Vector
) -> tuple[float, int, int]:
    """Return how far moats rise until a vertex is drowned or an island spent, and which (or -1)."""
    step, drowned, spent = np.inf, -1, -1
    for vertex in range(rate.size):
        if rate[vertex] > 0 and left[vertex] / rate[vertex] < step:
            step, drowned = left[vertex] / rate[vertex], vertex
    for land in range(budget.size):
        if active[land] and budget[land] < step:
            step, drowned, spent = budget[land], -1, land
    return step, drowned, spent


@_compile
def moat_bound(weights: Vector, starts: Integers, ends: Integers) -> float:
    """Return a number that no connected set of the graph outweighs (module docstring).

    Exact where one island is so far from the others that no crossing pays. Zero if no weight is
    above zero. Rounding is allowed for by 1e-9 of the sum of absolute weights.
    """
    home, count = _islands(weights, starts, ends)
    if count == 0:
        return 0.0
    budget, chain = np.zeros(count), np.zeros(count)
    active = np.ones(count, dtype=np.bool_)
    for vertex in range(weights.size):
        if home[vertex] >= 0:
            budget[home[vertex]] += weights[vertex]
    prizes, paid = float(budget.sum()), 0.0
    left = np.maximum(-weights, 0.0)
    while True:
        rate = _rates(home, active, starts, ends)
        step, drowned, spent = _next_event(rate, left, active, budget)
        if not np.isfinite(step):
            break
        rising = np.where(active, step, 0.0)
        budget -= rising
        chain += rising
        paid += float(rising.sum())
        left = np.maximum(0.0, left - step * rate)
        if spent >= 0:
            active[spent] = False
            budget[spent] = 0.0
            continue
        _join(drowned, home, active, budget, chain, starts, ends)
    slack = 1e-9 * float(np.abs(weights).sum())
    return max(0.0, prizes - paid + float(chain.max())) + slack


@_compile
def _join(
    vertex: int,
    home: Integers,
    active: Mask,
    budget: Vector,
    chain: Vector,
    starts: Integers,
    ends: Integers,
) -> None:
    """Make one island of a drowned vertex and all islands around it."""
    into = -1
    for place in range(starts[vertex], starts[vertex + 1]):
        land = home[ends[place]]
        if land < 0 or land == into:
            continue
        if into < 0:
            into = land
            continue
        budget[into] += budget[land]
        chain[into] = max(chain[into], chain[land])
        active[into] = active[into] or active[land]
        active[land] = False
        budget[land] = 0.0
        for other in range(home.size):
            if home[other] == land:
                home[other] = into
    home[vertex] = into
    active[into] = budget[into] > 0.0


def heavy_connected_set(
    weights: Vector, graph: sparse.csr_array, *, rounds: int = 30, seed: int = 0
) -> tuple[Mask, float]:
    """Return a heavy connected set and the bound on every set's weight.

    Parameters
    ----------
    weights
        w, shape (R,), finite.
    graph
        As :func:`clusterbelt.kernels.graph.as_graph` returns it.
    rounds
        How often the search is repeated around the best set so far, crossings varied by up to a
        half at random; 0 is :func:`heavy_set` alone.
    seed
        Of those variations. No clock is read.
    """
    starts, ends = csr_parts(graph)
    w = np.ascontiguousarray(weights, dtype=np.float64)
    generator = np.random.default_rng(seed)
    members, best = heavy_set(w, starts, ends)
    free = np.zeros(w.size, dtype=np.bool_)
    for turn in range(rounds):
        noise = generator.uniform(0.5, 1.5, w.size) if turn else np.ones(w.size)
        held = members if turn % 2 == 0 else free
        found, value = _heavy_set_with(w, noise, held, starts, ends)
        if value > best * (1.0 + 1e-12):
            members, best = found, value
    return members, float(moat_bound(w, starts, ends))
