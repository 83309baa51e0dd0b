"""Which regions touch, from their polygons, by an index of rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["build_contiguity", "find_islands"]

SLIVER = 1e-3  # in the unit of the coordinates; in degrees about 100 m


def build_contiguity(
    polygons: Sequence[shapely.Geometry],
    *,
    kind: Literal["rook", "queen"] = "rook",
    sliver: float = SLIVER,
) -> sparse.csr_array:
    """Return which polygons touch, shape (R, R), symmetric, without a diagonal.

    ``queen``: they share a point. ``rook``: they share more than ``sliver`` of line; where they
    overlap by a sliver (digitised apart), half the outline of what is shared counts as the line.
    Shared lines have to be equal to rounding: a gap between two polygons is not closed. An empty
    polygon touches nothing. Unit of ``sliver``: that of the coordinates.

    Raises
    ------
    ValueError
        If a polygon is invalid (its position is named) or ``kind`` or ``sliver`` is out of range.
    """
    if kind not in ("rook", "queen") or not sliver >= 0.0:
        raise ValueError(f"kind is rook or queen and sliver zero or more, not {kind!r}, {sliver}")
    shapes = np.asarray(polygons, dtype=object)
    wrong = np.flatnonzero(~shapely.is_valid(shapes)) if shapes.size else np.zeros(0, dtype=int)
    if wrong.size:
        raise ValueError(f"polygons at positions {wrong[:5].tolist()} are invalid")
    size = int(shapes.size)
    if size == 0:
        return sparse.csr_array((0, 0), dtype=np.bool_)
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    upper = one < two
    one, two = one[upper], two[upper]
    if kind == "rook":
        shared = shapely.intersection(shapes[one], shapes[two])
        line = shapely.length(shared) / np.where(shapely.area(shared) > 0.0, 2.0, 1.0)
        kept = line > sliver
        one, two = one[kept], two[kept]
    ends = (np.concatenate([one, two]), np.concatenate([two, one]))
    found = sparse.csr_array((np.ones(2 * one.size, dtype=np.bool_), ends), shape=(size, size))
    found.sort_indices()
    return found


def find_islands(contiguity: sparse.csr_array) -> NDArray[np.int64]:
    """Return the positions of regions that touch none, in rising order."""
    return np.flatnonzero(np.diff(contiguity.indptr) == 0).astype(np.int64)
