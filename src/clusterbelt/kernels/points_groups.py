"""Groups of points by density: DBSCAN with weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.cluster import DBSCAN

from clusterbelt.kernels.arithmetic import Array

__all__ = ["density_groups"]


def density_groups(
    points: ArrayLike, weights: ArrayLike, *, radius: float, least: float
) -> NDArray[np.int64]:
    """Return the group of every point, numbered by weight from 0, or -1 for a point in none.

    A point is dense when the weight within ``radius`` of it (its own included) is at least
    ``least``. Dense points within ``radius`` of each other share a group; points that are not
    dense but within ``radius`` of one that is join the group of the first such point.
    ``points`` (N, 2) planar, ``weights`` (N,) zero or more. Of groups that weigh the same, the one
    with the earlier point comes first. Ester et al. (1996), KDD-96, p. 226, with weights.

    Raises
    ------
    ValueError
        If a point or weight is not finite, a weight is negative, or radius or least is not above 0.

    Examples
    --------
    >>> density_groups([[0, 0], [1, 0], [9, 9]], [1.0, 1.0, 1.0], radius=2.0, least=2.0).tolist()
    [0, 0, -1]
    """
    place = np.asarray(points, dtype=np.float64)
    mass: Array = np.asarray(weights, dtype=np.float64)
    if place.ndim != 2 or place.shape[1] != 2 or mass.shape != (len(place),):
        raise ValueError(f"points (N, 2) and weights (N,), not {place.shape} and {mass.shape}")
    if not np.isfinite(place).all() or not np.isfinite(mass).all() or (mass < 0.0).any():
        raise ValueError("points and weights must be finite, weights zero or more")
    if not radius > 0.0 or not least > 0.0:
        raise ValueError("radius and least must be above zero")
    if not len(place):
        return np.zeros(0, dtype=np.int64)
    # scikit-learn counts whole neighbours: weights in units of ``least`` make 1 the threshold.
    # The slack keeps a sum that is exactly ``least`` from failing by rounding.
    found = DBSCAN(eps=radius, min_samples=1).fit(place, sample_weight=mass / least * (1.0 + 1e-12))
    labels = np.asarray(found.labels_, dtype=np.int64)
    groups = [number for number in np.unique(labels) if number >= 0]
    first = {number: int(np.flatnonzero(labels == number)[0]) for number in groups}
    ranked = sorted(groups, key=lambda g: (-float(mass[labels == g].sum()), first[g]))
    new = np.full(len(place), -1, dtype=np.int64)
    for rank, number in enumerate(ranked):
        new[labels == number] = rank
    return new
