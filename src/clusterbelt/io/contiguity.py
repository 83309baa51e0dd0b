"""Which regions touch, from their polygons, by an index of rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["build_contiguity", "build_coverage_contiguity", "find_islands"]

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


def build_coverage_contiguity(
    polygons: Sequence[shapely.Geometry], *, sliver: float = SLIVER
) -> sparse.csr_array:
    """Return which polygons of a coverage share a line, shape (R, R); as rook, but in one pass.

    For polygons cut from one drawing, whose common borders have the same corners: every piece of
    outline is looked up by its two ends, and pieces that two polygons have are added up. The 2,848
    counties of the mainland (4.2 million corners) give the same pairs as
    :func:`build_contiguity`, which intersects polygons, does. Borders that two polygons draw with
    different corners are not found. Unit of ``sliver``: that of the coordinates.
    """
    shapes = np.asarray(polygons, dtype=object)
    size = int(shapes.size)
    if size == 0:
        return sparse.csr_array((0, 0), dtype=np.bool_)
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    corners, corner_of = shapely.get_coordinates(rings, return_index=True)
    joined = corner_of[1:] == corner_of[:-1]
    one, two = corners[:-1][joined], corners[1:][joined]
    owner = part_of[ring_of[corner_of[:-1][joined]]]
    turned = (one[:, 0] > two[:, 0]) | ((one[:, 0] == two[:, 0]) & (one[:, 1] > two[:, 1]))
    ends = np.where(turned[:, None], np.hstack([two, one]), np.hstack([one, two]))
    # The bits of the four coordinates mixed into one whole number: equal pieces fall together.
    bits = (ends + 0.0).view(np.uint64)
    mixed = np.zeros(len(bits), dtype=np.uint64)
    for column in bits.T:
        mixed = (mixed ^ (column ^ (column >> np.uint64(29)))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
    order = np.argsort(mixed, kind="stable")
    first, second = order[:-1], order[1:]
    same = (mixed[first] == mixed[second]) & (owner[first] != owner[second])
    first, second = first[same], second[same]
    same = (ends[first] == ends[second]).all(axis=1)
    first, second = first[same], second[same]
    length = np.hypot(*(ends[first, 2:] - ends[first, :2]).T)
    shared = sparse.coo_array((length, (owner[first], owner[second])), shape=(size, size)).tocsr()
    shared = sparse.csr_array(shared + shared.T)
    found = sparse.csr_array(shared > sliver)
    found.eliminate_zeros()
    found.sort_indices()
    return found


def find_islands(contiguity: sparse.csr_array) -> NDArray[np.int64]:
    """Return the positions of regions that touch none, in rising order."""
    return np.flatnonzero(np.diff(contiguity.indptr) == 0).astype(np.int64)
