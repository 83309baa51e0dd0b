"""Heaviest connected set that holds a given vertex, as an integer programme with cuts.

A connected set that holds the root r is what a tree of arcs from r reaches. For a connected graph
with vertices V, weights w, and arcs in both directions along every edge except into r::

    max   w_r + sum_{uv} w_v z_uv                    z_uv = 1: v is reached from u
    s.t.  x_v = sum_u z_uv <= 1                      v not r: reached at most once; x_r = 1
          z_uv <= sum_{t not v} z_tu                 u not r: who is passed on was reached before
          x_v <= sum_u z_vu                          w_v <= 0, v not r: such a vertex leads on
          x_i <= sum of z into C                     i in C, r not in C              (cut)
          z binary

There are too many cuts to write down; those that a solution violates are found by minimum cuts
and added: first to the relaxation without integers, whose value then bounds the optimum closely
(mostly it is whole already), then to the programme with integers, until its solution is connected.
A formulation by vertices alone has fewer variables but a far weaker relaxation: three regions
joined in pairs by three others need two of these, and it is content with half of each.

The cuts are those of Ljubić, I. et al. (2006), An algorithmic framework for the exact solution of
the prize-collecting Steiner tree problem, Mathematical Programming 105, 427-449.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.sparse import csgraph

__all__ = ["Solution", "solve_rooted"]

CAPACITY = 10**7  # maximum flow works on integers; one unit is 1e-7 of a vertex
LEAST_VIOLATION = 1e-4
MOST_ROUNDS_OF_RELAXATION = 200
MOST_ROUNDS_WITH_INTEGERS = 1000
NESTED_CUTS = 4
SCALE = 1e4  # of the heaviest weight, so that the solver's absolute gap of 1e-6 is 1e-10 of it
WHOLE = 1e-6  # a share this near to 0 or 1 is 0 or 1

Vector = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Solution:
    """Members (positions; none if nothing better was found), and a bound on any set's weight."""

    members: tuple[int, ...]
    bound: float


@dataclass
class _Programme:
    """The rows so far, each ``sum of coefficient * z <= right``; variables are the arcs."""

    weights: Vector
    root: int
    tails: Integers  # (A)
    heads: Integers  # (A)
    rows: list[tuple[Integers, Vector, float]] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)

    @property
    def size(self) -> int:
        return int(self.weights.size)

    @property
    def scale(self) -> float:
        return SCALE / float(np.abs(self.weights).max())

    def add_row(self, plus: Integers, minus: Integers, right: float = 0.0) -> None:
        """Add: the sum of arcs ``plus`` less the sum of arcs ``minus`` is at most ``right``."""
        signs = np.concatenate([np.ones(plus.size), -np.ones(minus.size)])
        self.rows.append((np.concatenate([plus, minus]), signs, right))

    def add_cut(self, vertex: int, inside: Mask) -> Integers:
        """Add the cut of ``vertex`` and ``inside``; return the arcs into it, none if not new."""
        into = np.flatnonzero(inside[self.heads] & ~inside[self.tails])
        key = np.int64(vertex).tobytes() + into.tobytes()
        if key in self.seen:
            return into[:0]
        self.seen.add(key)
        reached = np.flatnonzero(self.heads == vertex)
        # An arc that stands on both sides cancels out.
        self.add_row(np.setdiff1d(reached, into), np.setdiff1d(into, reached))
        return into

    def shares(self, arcs: Vector) -> Vector:
        """Return x from z."""
        members = np.zeros(self.size)
        np.add.at(members, self.heads, arcs)
        members[self.root] = 1.0
        return members


def _build_programme(weights: Vector, neighbours: Sequence[Sequence[int]], root: int) -> _Programme:
    pairs = [(u, v) for u, around in enumerate(neighbours) for v in around if v != root]
    ends = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    programme = _Programme(weights, root, ends[:, 0], ends[:, 1])
    into = [np.flatnonzero(ends[:, 1] == v) for v in range(weights.size)]
    out_of = [np.flatnonzero(ends[:, 0] == v) for v in range(weights.size)]
    nothing = np.zeros(0, dtype=np.int64)
    for vertex in range(weights.size):
        if vertex == root:
            continue
        programme.add_row(into[vertex], nothing, 1.0)
        if weights[vertex] <= 0.0:
            programme.add_row(into[vertex], out_of[vertex])
        for arc in out_of[vertex].tolist():
            others = into[vertex][ends[into[vertex], 0] != ends[arc, 1]]
            programme.add_row(np.asarray([arc], dtype=np.int64), others)
    return programme


def _solve(programme: _Programme, integer: bool, node_limit: int) -> optimize.OptimizeResult:
    count = programme.tails.size
    ends = np.cumsum([0] + [row[0].size for row in programme.rows])
    matrix = sparse.csr_array(
        (
            np.concatenate([row[1] for row in programme.rows]),
            np.concatenate([row[0] for row in programme.rows]),
            ends,
        ),
        shape=(len(programme.rows), count),
    )
    right = np.asarray([row[2] for row in programme.rows])
    return optimize.milp(
        -programme.weights[programme.heads] * programme.scale,
        integrality=np.full(count, int(integer)),
        bounds=optimize.Bounds(0.0, 1.0),
        constraints=optimize.LinearConstraint(matrix, -np.inf, right),
        options={"mip_rel_gap": 0.0, "node_limit": node_limit},
    )


def _network(programme: _Programme, capacity: Vector) -> sparse.csr_array:
    inner = np.rint(np.clip(capacity, 0.0, 1.0) * CAPACITY).astype(np.int32)
    return sparse.csr_array(
        (inner, (programme.tails, programme.heads)), shape=(programme.size, programme.size)
    )


def _reached(residual: sparse.csr_array, start: int) -> Mask:
    order = csgraph.breadth_first_order(residual, start, return_predecessors=False)
    reached = np.zeros(residual.shape[0], dtype=np.bool_)
    reached[order] = True
    return reached


def _component(start: int, allowed: Mask, neighbours: Sequence[Sequence[int]]) -> list[int]:
    found = {start}
    queue = deque([start])
    while queue:
        for other in neighbours[queue.popleft()]:
            if allowed[other] and other not in found:
                found.add(other)
                queue.append(other)
    return sorted(found)


def _cut_vertex(programme: _Programme, arcs: Vector, vertex: int, wanted: float) -> int:
    """Add least cuts between root and vertex, near each end, then nested ones; return how many."""
    capacity = arcs.copy()
    added = 0
    for _ in range(NESTED_CUTS):
        graph = _network(programme, capacity)
        result = csgraph.maximum_flow(graph, programme.root, vertex)
        if result.flow_value >= (wanted - LEAST_VIOLATION) * CAPACITY:
            break
        residual = sparse.csr_array(graph - result.flow)
        residual.eliminate_zeros()
        far = programme.add_cut(vertex, ~_reached(residual, programme.root))
        near = programme.add_cut(vertex, _reached(sparse.csr_array(residual.T), vertex))
        if not far.size + near.size:
            break
        added += 1
        capacity[far] = 1.0
        capacity[near] = 1.0
    return added


def _separate_fraction(programme: _Programme, arcs: Vector) -> int:
    """Add cuts that the fractional point violates; return how many."""
    members = programme.shares(arcs)
    added = 0
    for vertex in np.argsort(-members, kind="stable").tolist():
        if members[vertex] < 0.01:
            break
        if vertex != programme.root and programme.weights[vertex] > 0.0:
            added += _cut_vertex(programme, arcs, vertex, float(members[vertex]))
    return added


def _separate_whole(
    programme: _Programme, members: Mask, neighbours: Sequence[Sequence[int]]
) -> tuple[list[int], int]:
    """Return the root's component, and add cuts for every other one that has positive weight."""
    home = _component(programme.root, members, neighbours)
    away = np.ones(programme.size, dtype=np.bool_)
    away[home] = False
    added = 0
    done = set(home)
    for vertex in np.flatnonzero(members & (programme.weights > 0.0)).tolist():
        if vertex in done:
            continue
        part = _component(vertex, members, neighbours)
        done |= set(part)
        near = np.zeros(programme.size, dtype=np.bool_)
        near[part] = True
        added += programme.add_cut(vertex, near).size
        added += programme.add_cut(vertex, away).size
    return home, added


@dataclass
class _Search:
    """The best set found and the best bound proved, while rows are added."""

    programme: _Programme
    neighbours: Sequence[Sequence[int]]
    incumbent: float
    bound: float
    slack: float
    members: tuple[int, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing heavier than the best set can be found."""
        return self.bound <= self.incumbent + self.slack

    def take(self, result: optimize.OptimizeResult, bound: float | None) -> bool:
        """Note a bound and, if the point is whole, its root's component. True when all is done."""
        programme = self.programme
        if bound is not None:
            base = float(programme.weights[programme.root])
            self.bound = min(self.bound, base - float(bound) / programme.scale)
        if result.x is None or self.is_settled:
            return True
        if bool((np.minimum(result.x, 1.0 - result.x) > WHOLE).any()):
            return False
        chosen = programme.shares(result.x) > 0.5
        home, added = _separate_whole(programme, chosen, self.neighbours)
        weight = float(programme.weights[home].sum())
        if weight > self.incumbent:
            self.members, self.incumbent = tuple(home), weight
        return not added or self.is_settled


def solve_rooted(
    weights: Vector,
    neighbours: Sequence[Sequence[int]],
    root: int,
    *,
    incumbent: float,
    slack: float,
    node_limit: int,
) -> Solution:
    """Find the heaviest connected set that holds ``root``, if it is heavier than ``incumbent``.

    Parameters
    ----------
    weights
        w, shape (V,), finite.
    neighbours
        N, for each vertex.
    root
        A vertex of positive weight.
    incumbent
        Weight of the best set known so far, which need not lie in this graph.
    slack
        Differences in weight up to this are not worth looking for.
    node_limit
        Nodes of the search tree the solver may open for one programme. When it stops there, the
        best set found and the bound proved by then are returned.

    Returns
    -------
    Solution
        Members (none if no set heavier than ``incumbent`` was found) and an upper bound on the
        weight of every connected set that holds ``root``, or the incumbent if that is larger.
    """
    programme = _build_programme(weights, neighbours, root)
    bound = float(weights[weights > 0.0].sum())
    search = _Search(programme, neighbours, incumbent, bound, slack)
    done = search.is_settled
    for _ in range(MOST_ROUNDS_OF_RELAXATION):
        if done:
            break
        result = _solve(programme, False, 0)
        done = search.take(result, result.fun)
        if not done and not _separate_fraction(programme, result.x):
            break
    for _ in range(MOST_ROUNDS_WITH_INTEGERS):
        if done:
            break
        result = _solve(programme, True, node_limit)
        done = search.take(result, result.mip_dual_bound) or result.status != 0
    return Solution(search.members, max(search.bound, search.incumbent))
