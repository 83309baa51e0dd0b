"""Activity with planted areas: what a search for areas has to find again, and how well it did.

A planted area is a connected set of regions that lies in at least two groups (provinces). Units
(plants, say) of industry i fall on region r with probability

    q[r,i]  proportional to  p[r] * u[r,i] * b[i]^m[r,i]

with p the size of regions, u independent unit-mean gamma draws (industries are uneven without any
area), m 1 in the planted area and b its strength: what the quotient is multiplied by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.graph import Graph, as_graph

__all__ = ["Recovery", "area_recovery", "draw_planted_activity", "plant_areas"]

Members = NDArray[np.bool_]
_ATTEMPTS = 1000


@dataclass(frozen=True)
class Recovery:
    """How a found set compares with a planted one; each shape (I,)."""

    precision: Array
    recall: Array
    f_score: Array


def _near(graph: sparse.csr_array, vertex: int) -> NDArray[np.int64]:
    return np.asarray(graph.indices[graph.indptr[vertex] : graph.indptr[vertex + 1]], np.int64)


def _grow(
    graph: sparse.csr_array, start: int, size: int, generator: np.random.Generator
) -> list[int]:
    """Grow a connected set from ``start``: each step a random pair of member and neighbour."""
    members, inside = [start], {start}
    edges = [int(v) for v in _near(graph, start)]
    while len(members) < size and edges:
        vertex = edges.pop(int(generator.integers(len(edges))))
        if vertex in inside:
            continue
        inside.add(vertex)
        members.append(vertex)
        edges.extend(int(v) for v in _near(graph, vertex) if int(v) not in inside)
    return members


def plant_areas(
    adjacency: Graph,
    groups: ArrayLike,
    sizes: ArrayLike,
    *,
    least_share: float = 0.25,
    seed: int = 0,
) -> Members:
    """Return a connected set per industry that lies across groups, shape (R, I).

    Parameters
    ----------
    adjacency
        Contiguity, see :mod:`clusterbelt.kernels.graph`.
    groups
        Group (province) of every region, shape (R,), whole numbers from 0.
    sizes
        Regions of the area of each industry, shape (I,); 0 plants none.
    least_share
        Share of its regions that have to lie outside the group with most of them.

    Raises
    ------
    ValueError
        If shapes do not fit, or no such area is found in 1,000 attempts.
    """
    graph = as_graph(adjacency)
    group, size = np.asarray(groups, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    if group.shape != (graph.shape[0],) or size.ndim != 1 or bool(np.any(size < 0)):
        raise ValueError(f"groups have shape {group.shape}, the graph {graph.shape[0]} vertices")
    generator = np.random.default_rng(seed)
    rows, columns = graph.nonzero()
    border = np.unique(rows[group[rows] != group[columns]])
    planted = np.zeros((group.size, size.size), dtype=np.bool_)
    for industry in np.flatnonzero(size):
        if border.size == 0:
            raise ValueError("no two groups touch: no area can lie across them")
        for _ in range(_ATTEMPTS):
            start = int(border[generator.integers(border.size)])
            members = _grow(graph, start, int(size[industry]), generator)
            most = np.bincount(group[members]).max()
            if len(members) == size[industry] and len(members) - most >= least_share * len(members):
                planted[members, industry] = True
                break
        else:
            raise ValueError(f"no area of {size[industry]} regions across groups was found")
    return planted


def draw_planted_activity(
    expected: ArrayLike,
    planted: Members,
    strength: ArrayLike,
    units: ArrayLike,
    *,
    evenness: float = 1.0,
    seed: int = 0,
) -> Array:
    """Draw counts of units with planted areas, shape (R, I), as the module docstring says.

    Parameters
    ----------
    expected
        p, shape (R,), zero or more; scaled to add to one.
    planted
        m, shape (R, I).
    strength, units
        b and the number of units per industry, shape (I,).
    evenness
        Shape of the gamma draws u: variance ``1 / evenness``. Infinite: counts alone are noise.
    """
    p, b = as_array(expected), as_array(strength)
    count = np.asarray(units, dtype=np.int64)
    shape = planted.shape
    if shape != (p.size, b.size) or count.shape != b.shape:
        raise ValueError(f"planted {shape}, expected {p.shape}, strength {b.shape} do not fit")
    if bool(np.any(p < 0.0)) or not p.sum() > 0.0 or not evenness > 0.0 or bool(np.any(b <= 0.0)):
        raise ValueError("expected is zero or more and not all zero; evenness and strength above 0")
    generator = np.random.default_rng(seed)
    noise = (
        generator.standard_gamma(evenness, size=shape) / evenness
        if np.isfinite(evenness)
        else np.ones(shape)
    )
    q = p[:, None] * noise * np.where(planted, b, 1.0)
    q /= q.sum(axis=0)
    drawn = [generator.multinomial(n, q[:, i]) for i, n in enumerate(count.tolist())]
    return np.column_stack(drawn).astype(np.float64) if drawn else np.zeros(shape)


def area_recovery(found: Members, planted: Members) -> Recovery:
    """Compare found with planted sets (R, I), industry by industry.

    ``precision = |found and planted| / |found|``, ``recall = |found and planted| / |planted|``,
    ``f_score = 2 |found and planted| / (|found| + |planted|)``. Nothing found has no precision
    (NaN) and recall 0; nothing planted no recall (NaN); neither: all NaN.

    Examples
    --------
    >>> one = np.array([[True], [True], [False]])
    >>> two = np.array([[False], [True], [True]])
    >>> found = area_recovery(one, two)
    >>> float(found.precision[0]), float(found.recall[0]), float(found.f_score[0])
    (0.5, 0.5, 0.5)
    """
    if found.shape != planted.shape:
        raise ValueError(f"found has shape {found.shape}, planted {planted.shape}")
    both = (found & planted).sum(axis=0).astype(np.float64)
    one, two = found.sum(axis=0).astype(np.float64), planted.sum(axis=0).astype(np.float64)
    return Recovery(ratio(both, one), ratio(both, two), ratio(2.0 * both, one + two))
