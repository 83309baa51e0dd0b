"""Contiguity graphs: components, connectedness, enumeration of connected sets.

A graph of R vertices is a boolean matrix (R, R) or a scipy sparse array of that shape whose stored
non-zeros are the edges. It is undirected: the matrix must be symmetric. The diagonal is ignored.
Vertices are positions 0..R-1; whoever has labels keeps them outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

__all__ = ["Graph", "as_graph", "connected_components", "connected_sets", "is_connected"]

Graph = NDArray[np.bool_] | sparse.csr_array


def _entries(
    adjacency: Graph,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    if sparse.issparse(adjacency):
        stored = sparse.coo_array(adjacency)
        rows, columns = (np.asarray(axis, dtype=np.int64) for axis in stored.coords)
        return rows, columns, np.asarray(stored.data, dtype=np.float64)
    dense = np.asarray(adjacency, dtype=np.float64)
    found = np.nonzero(dense)
    return found[0].astype(np.int64), found[1].astype(np.int64), dense[found]


def as_graph(adjacency: Graph) -> sparse.csr_array:
    """Return the graph as a sparse array: sorted neighbours, no loops, every stored value 1.

    Raises
    ------
    ValueError
        If the matrix is not square, not symmetric, or holds NaN.
    """
    shape = adjacency.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ValueError(f"an adjacency matrix is square; this one has shape {shape}")
    rows, columns, values = _entries(adjacency)
    if bool(np.isnan(values).any()):
        raise ValueError("the adjacency matrix holds NaN")
    kept = (values != 0.0) & (rows != columns)
    size = int(shape[0])
    edges = np.unique(rows[kept] * size + columns[kept])
    sources, targets = np.divmod(edges, max(size, 1))
    if not np.array_equal(edges, np.sort(targets * size + sources)):
        raise ValueError(
            "the adjacency matrix is not symmetric: a neighbours b, b must neighbour a"
        )
    ends = np.concatenate(([0], np.cumsum(np.bincount(sources, minlength=size))))
    return sparse.csr_array((np.ones(edges.size), targets, ends), shape=(size, size))


def _neighbour_lists(graph: sparse.csr_array) -> list[list[int]]:
    bounds = graph.indptr.tolist()
    indices = graph.indices.tolist()
    return [indices[start:end] for start, end in pairwise(bounds)]


def connected_components(adjacency: Graph) -> NDArray[np.int64]:
    """Return the number of each vertex's component, shape (R,).

    Components are numbered from 0 in the order of their first vertex; a vertex without
    neighbours is a component of its own. No vertices: an empty array.

    Raises
    ------
    ValueError
        As :func:`as_graph`.

    Examples
    --------
    >>> line = np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)
    >>> connected_components(line).tolist()
    [0, 1, 0]
    """
    graph = as_graph(adjacency)
    if graph.shape[0] == 0:
        return np.zeros(0, dtype=np.int64)
    _, labels = csgraph.connected_components(graph, directed=False)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(first.size, dtype=np.int64)
    order[np.argsort(first)] = np.arange(first.size)
    return np.asarray(order[inverse], dtype=np.int64)


def is_connected(members: NDArray[np.bool_], adjacency: Graph) -> bool:
    """Say whether the vertices of ``members`` (R,) are joined by edges among themselves.

    The empty set and a single vertex are connected.

    Raises
    ------
    ValueError
        As :func:`as_graph`, or if ``members`` has another length.
    """
    graph = as_graph(adjacency)
    chosen = np.asarray(members, dtype=np.bool_)
    if chosen.shape != (graph.shape[0],):
        raise ValueError(f"members has shape {chosen.shape}, the graph {graph.shape[0]} vertices")
    inside = np.flatnonzero(chosen)
    if inside.size <= 1:
        return True
    count, _ = csgraph.connected_components(graph[inside][:, inside], directed=False)
    return int(count) == 1


def _sets_from(
    root: int, neighbours: list[list[int]], maximum_size: int
) -> Iterator[tuple[int, ...]]:
    """Yield each connected set whose least vertex is ``root``, exactly once.

    Wernicke's scheme: a set grows only by vertices above the root, and a vertex tried at one
    level is barred from everything tried after it there.
    """
    stack: list[tuple[tuple[int, ...], list[int], frozenset[int]]] = [
        (
            (root,),
            [v for v in neighbours[root] if v > root],
            frozenset(v for v in (root, *neighbours[root])),
        )
    ]
    while stack:
        members, extension, seen = stack.pop()
        yield members
        if len(members) == maximum_size:
            continue
        for position, vertex in enumerate(extension):
            fresh = [v for v in neighbours[vertex] if v > root and v not in seen]
            stack.append(
                ((*members, vertex), extension[position + 1 :] + fresh, seen | frozenset(fresh))
            )


def connected_sets(
    adjacency: Graph, maximum_size: int, *, limit: int = 1_000_000
) -> list[tuple[int, ...]]:
    """Return every connected set of 1 to ``maximum_size`` vertices, each exactly once.

    Each set is a tuple of positions in rising order. Sets stand by size, then in the order of
    their positions, whatever the platform or hash seed. Sets made of a vertex without neighbours
    are that vertex alone.

    Parameters
    ----------
    adjacency
        The graph.
    maximum_size
        Largest size, at least 1; may exceed the number of vertices.
    limit
        Largest number of sets. Their number grows roughly with the vertices times a power of
        ``maximum_size``; the limit stops a large graph from filling the memory.

    Raises
    ------
    ValueError
        If ``maximum_size`` is below 1, if there are more than ``limit`` sets (the message names
        how many were found before stopping), or as :func:`as_graph`.

    References
    ----------
    Wernicke, S. (2006), Efficient detection of network motifs, IEEE/ACM Transactions on
    Computational Biology and Bioinformatics 3(4), 347-359.

    Examples
    --------
    >>> path = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
    >>> connected_sets(path, 2)
    [(0,), (1,), (2,), (0, 1), (1, 2)]
    """
    if maximum_size < 1:
        raise ValueError(f"maximum_size must be at least 1, not {maximum_size}")
    neighbours = _neighbour_lists(as_graph(adjacency))
    found: list[tuple[int, ...]] = []
    for root in range(len(neighbours)):
        for members in _sets_from(root, neighbours, maximum_size):
            if len(found) >= limit:
                raise ValueError(
                    f"more than {limit} connected sets of up to {maximum_size} vertices "
                    f"({len(found)} after {root} of {len(neighbours)} vertices)"
                )
            found.append(tuple(sorted(members)))
    found.sort(key=lambda members: (len(members), members))
    return found
