"""Partition of all regions into connected groups that are alike: cuts of a minimum spanning tree.

The contiguity graph gets the distance between neighbours' attributes as edge lengths and is thinned
to a minimum spanning forest. Then one edge at a time is cut, always the one that lowers the sum of
squared deviations within groups (SSD) most. For one part of n regions all its cuts are valued in
one pass from sums over subtrees: with S, Q the sums of attributes and of their squares, m regions,

    SSD = Q - |S|^2 / m,     gain of a cut = SSD(part) - SSD(below) - SSD(rest)

so that a partition costs sorting plus a pass over every part that is cut, instead of a sum over
all regions for every edge.

Assunção, R. M., Neves, M. C., Câmara, G. and Freitas, C. da C. (2006), Efficient regionalization
techniques for socio-economic geographical units using minimum spanning trees, International Journal
of Geographical Information Science 20(7), 797-811. The floor on a group's size or sum is the
criterion of Duque, J. C., Anselin, L. and Rey, S. J. (2012), The max-p-regions problem, Journal of
Regional Science 52(3), 397-419; the number of groups is found by cutting, not proved largest.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from clusterbelt.kernels.arithmetic import Array, as_array
from clusterbelt.kernels.graph import Graph, as_graph, connected_components

__all__ = ["Partition", "partition_regions", "within_ssd"]

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
_compile: Any = numba.njit(cache=True, nogil=True)
_LEAST = 1e-12  # of the whole SSD: a smaller gain is rounding


@dataclass(frozen=True, eq=False)
class Partition:
    """Groups numbered from 0 in the order of their first region, and their SSD."""

    labels: Integers  # (R,)
    groups: int
    ssd: float


def within_ssd(attributes: ArrayLike, labels: ArrayLike) -> float:
    """Return the sum over groups of squared deviations from the group's mean.

    ``attributes`` (R, K), finite; ``labels`` (R,) whole numbers from 0. One region alone adds 0.
    """
    x, group = as_array(attributes, 2), np.asarray(labels, dtype=np.int64)
    counts = np.bincount(group)
    total = 0.0
    for column in x.T:
        mean = np.bincount(group, weights=column) / np.maximum(counts, 1)
        total += float(((column - mean[group]) ** 2).sum())
    return total


@_compile
def _order(root: int, first: Integers, near: Integers, cut: Mask) -> tuple[Integers, Integers]:
    """Return the vertices of the root's part, parents first, and the place of the edge above."""
    order, edge = [root], [-1]
    above = [-1]
    scan = 0
    while scan < len(order):
        vertex = order[scan]
        for place in range(first[vertex], first[vertex + 1]):
            if not cut[place] and near[place] != above[scan]:
                order.append(near[place])
                above.append(vertex)
                edge.append(place)
        scan += 1
    return np.array(order), np.array(edge)


@_compile
def _best_cut(
    root: int,
    first: Integers,
    near: Integers,
    owner: Integers,
    cut: Mask,
    x: Array,
    floor_of: Array,
    floor: float,
    least: int,
) -> tuple[float, int]:
    """Return the gain of the best allowed cut of the root's part and its edge (-1: none)."""
    order, edge = _order(root, first, near, cut)
    size, width = order.size, x.shape[1]
    place_of = {order[k]: k for k in range(size)}
    sums = np.empty((size, width))
    squares, counts, held = np.empty(size), np.ones(size), np.empty(size)
    for k in range(size):
        sums[k] = x[order[k]]
        squares[k] = (x[order[k]] ** 2).sum()
        held[k] = floor_of[order[k]]
    for k in range(size - 1, 0, -1):
        above = place_of[owner[edge[k]]]
        sums[above] += sums[k]
        squares[above] += squares[k]
        counts[above] += counts[k]
        held[above] += held[k]
    whole = squares[0] - (sums[0] ** 2).sum() / size
    best, chosen = 0.0, -1
    for k in range(1, size):
        rest = size - counts[k]
        small = min(counts[k], rest) < least
        if small or min(held[k], held[0] - held[k]) < floor:
            continue
        below = squares[k] - (sums[k] ** 2).sum() / counts[k]
        others = squares[0] - squares[k] - ((sums[0] - sums[k]) ** 2).sum() / rest
        gain = whole - below - others
        if gain > best:
            best, chosen = gain, edge[k]
    return best, chosen


@_compile
def _cut_tree(
    first: Integers,
    near: Integers,
    owner: Integers,
    roots: Integers,
    x: Array,
    floor_of: Array,
    limits: tuple[int, float, int, float],
) -> Mask:
    """Cut the forest; ``limits`` are groups, floor, least size and least gain."""
    groups, floor, least, smallest = limits
    cut = np.zeros(near.size, dtype=np.bool_)
    waiting = [(-0.0, np.int64(0), np.int64(0)) for _ in range(0)]
    parts = roots.size
    for root in roots:
        gain, edge = _best_cut(root, first, near, owner, cut, x, floor_of, floor, least)
        if edge >= 0:
            heapq.heappush(waiting, (-gain, np.int64(root), np.int64(edge)))
    while parts < groups and len(waiting) > 0:
        lost, root, edge = heapq.heappop(waiting)
        if -lost <= smallest:
            break
        one, two = owner[edge], near[edge]
        cut[edge] = True
        for place in range(first[two], first[two + 1]):
            if near[place] == one:
                cut[place] = True
        parts += 1
        for end in (one, two):
            gain, place = _best_cut(end, first, near, owner, cut, x, floor_of, floor, least)
            if place >= 0:
                heapq.heappush(waiting, (-gain, np.int64(end), np.int64(place)))
    return cut


def _check(x: Array, size: int, groups: int | None, floor: float, least: int) -> None:
    if x.ndim != 2 or x.shape[0] != size:
        raise ValueError(f"attributes have shape {x.shape}, the graph has {size} vertices")
    if not bool(np.isfinite(x).all()):
        raise ValueError("attributes must be finite")
    if least < 1 or floor < 0.0:
        raise ValueError("a group has at least one region, and its floor is zero or more")
    if groups is not None and groups < 1:
        raise ValueError(f"groups must be at least 1, not {groups}")
    if groups is None and least == 1 and floor == 0.0:
        raise ValueError("state the number of groups, or a floor on their size or sum")


def partition_regions(
    attributes: ArrayLike,
    adjacency: Graph,
    groups: int | None = None,
    *,
    least_regions: int = 1,
    floor_of: ArrayLike | None = None,
    floor: float = 0.0,
) -> Partition:
    """Partition all regions into connected groups that are alike.

    With ``groups`` the tree is cut into that many (SKATER's criterion); without, as often as the
    floors allow (as max-p asks for). Components of the graph are groups from the start and are
    never joined, so there may be more groups than asked for; there are fewer if no cut is allowed
    or none lowers the SSD.

    Parameters
    ----------
    attributes
        x, shape (R, K), finite; standardise beforehand if units differ.
    least_regions
        Smallest number of regions of a group that is cut off.
    floor_of, floor
        What a group has to hold at least of ``floor_of`` (R,), say people; by default nothing.

    Raises
    ------
    ValueError
        If something is unknown or of the wrong shape, or nothing limits the number of groups.

    Examples
    --------
    >>> line = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], dtype=bool)
    >>> found = partition_regions([[1.0], [1.0], [5.0], [5.0]], line, 2)
    >>> found.labels.tolist(), found.ssd
    ([0, 0, 1, 1], 0.0)
    """
    graph, x = as_graph(adjacency), as_array(attributes, 2)
    size = int(graph.shape[0])
    _check(x, size, groups, floor, least_regions)
    held = np.ones(size) if floor_of is None else as_array(floor_of)
    if held.shape != (size,) or not bool(np.isfinite(held).all()):
        raise ValueError(f"floor_of must be finite, one for each of {size} regions")
    if size == 0:
        return Partition(np.zeros(0, dtype=np.int64), 0, 0.0)
    centred = np.ascontiguousarray(x - x.mean(axis=0))
    tree = _spanning_forest(centred, graph)
    roots = np.unique(connected_components(graph), return_index=True)[1].astype(np.int64)
    first, near = tree.indptr.astype(np.int64), tree.indices.astype(np.int64)
    owner = np.repeat(np.arange(size), np.diff(first))
    smallest = _LEAST * float((centred**2).sum())
    limits = (size if groups is None else groups, float(floor), least_regions, smallest)
    cut = _cut_tree(first, near, owner, roots, centred, held, limits)
    kept = sparse.csr_array((np.ones((~cut).sum()), (owner[~cut], near[~cut])), shape=(size, size))
    labels = connected_components(kept)
    return Partition(labels, int(labels.max()) + 1, within_ssd(x, labels))


def _spanning_forest(x: Array, graph: sparse.csr_array) -> sparse.csr_array:
    """Return the minimum spanning forest by attribute distance, both directions of every edge."""
    rows, columns = graph.nonzero()
    upper = rows < columns
    rows, columns = rows[upper], columns[upper]
    length = np.sqrt(((x[rows] - x[columns]) ** 2).sum(axis=1))
    rank = np.empty(length.size)  # ranks above zero: a stored zero would not be an edge
    rank[np.argsort(length, kind="stable")] = np.arange(1.0, length.size + 1.0)
    tree = csgraph.minimum_spanning_tree(sparse.csr_array((rank, (rows, columns)), graph.shape))
    both = sparse.csr_array(tree)
    return as_graph(sparse.csr_array(both + both.T))
