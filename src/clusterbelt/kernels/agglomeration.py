"""Agglomeration measures that need more than one table: plants, area, population.

Letters: R regions, I industries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative, share

__all__ = [
    "Bounds",
    "coagglomeration",
    "ellison_glaeser",
    "ellison_glaeser_bounds",
    "litzenberger",
    "plant_herfindahl",
]


class Bounds(NamedTuple):
    """Least and largest possible value, each (..., I)."""

    lower: Array
    upper: Array


def plant_herfindahl(sizes: ArrayLike, industry: ArrayLike, industries: int) -> Array:
    """Return H, the Hirschman-Herfindahl index of plant sizes of every industry.

    ``H[i] = sum over plants k of i of (size[k] / total of i)^2``.

    Parameters
    ----------
    sizes
        (K,) size (employment) of every plant.
    industry
        (K,) number of its industry, 0 to ``industries - 1``. The order of plants does not matter.
    industries
        How many industries there are.

    Returns (I,); NaN for an industry without plants.
    """
    size = as_array(sizes)
    require_non_negative(size, "sizes")
    index = np.asarray(industry, dtype=np.intp)
    total = np.bincount(index, weights=size, minlength=industries)
    squares = np.bincount(index, weights=size**2, minlength=industries)
    return ratio(squares, total**2)


def ellison_glaeser(
    activity: ArrayLike, herfindahl: ArrayLike, reference: ArrayLike | None = None
) -> Array:
    """Ellison-Glaeser index: concentration beyond what a dartboard of plants would give.

    With s[r] the region's share of the industry, x[r] its share of all activity and H the
    plant-size Herfindahl index::

        G     = sum_r (s[r] - x[r])^2
        gamma = (G - (1 - sum_r x[r]^2) H) / ((1 - sum_r x[r]^2) (1 - H))

    0 is what chance gives, above 0 concentrated, below 0 dispersed.

    Parameters
    ----------
    activity
        (..., R, I) employment.
    herfindahl
        (..., I), from plants: :func:`plant_herfindahl`. Plants of equal size give 1/number; 0 gives
        an upper bound where nothing is known of plants.
    reference
        (..., R) total employment of the regions; the row sums of ``activity`` where not given.

    Returns
    -------
    (..., I). NaN for an industry that nobody has, or with a single plant (H = 1).

    Source: Ellison and Glaeser (1997), Journal of Political Economy 105, 889-927.
    """
    x = as_array(activity, 2)
    h = as_array(herfindahl)
    concentration, room = _raw_concentration(x, reference)
    return ratio(concentration - room * h, room * np.where(h == 1.0, np.nan, 1.0 - h))


def _deviations(x: Array, reference: ArrayLike | None) -> tuple[Array, Array]:
    """Return s - x of every region and industry, and 1 - sum of x squared, shape (..., 1)."""
    require_non_negative(x, "activity")
    region = x.sum(axis=-1) if reference is None else as_array(reference)
    if region.shape[-1] != x.shape[-2]:
        raise ValueError(f"reference has {region.shape[-1]} regions, not {x.shape[-2]}")
    require_non_negative(region, "reference")
    expected = share(region)[..., None]
    return share(x, axis=-2) - expected, 1.0 - (expected**2).sum(axis=-2)


def _raw_concentration(x: Array, reference: ArrayLike | None) -> tuple[Array, Array]:
    off, room = _deviations(x, reference)
    return (off**2).sum(axis=-2), room


def ellison_glaeser_bounds(
    activity: ArrayLike, plants: ArrayLike | None = None, reference: ArrayLike | None = None
) -> Bounds:
    """Between what values the Ellison-Glaeser index lies when plant sizes are not known.

    The index is monotone in the plant-size Herfindahl index H, so its ends are those of H:

    - at most ``sum_r s[r]^2``: one plant makes all of a region's activity;
    - at least ``sum_r s[r]^2 / n[r]``: the n[r] plants of a region are all alike; without plant
      numbers 0, plants without number.

    Parameters
    ----------
    activity
        (..., R, I) employment.
    plants
        Number of plants, shape (..., R, I); not known where not given. A region with activity and
        no plant gives NaN.
    reference
        (..., R) as in :func:`ellison_glaeser`.

    Returns
    -------
    Bounds
        ``lower`` and ``upper``, each (..., I). For an industry in a single region H can be 1: the
        bound on that side is infinite, and nothing is known. NaN for an industry that nobody has.

    Raises
    ------
    ValueError
        If a value is negative or the shapes do not fit.

    Notes
    -----
    The bounds on H follow from the definition; this project. They are wide where few regions hold
    most of an industry. The upper one alone is often quoted as the index, which overstates it.
    """
    x = as_array(activity, 2)
    concentration, room = _raw_concentration(x, reference)
    shares = share(x, axis=-2)
    largest = (shares**2).sum(axis=-2)
    if plants is None:
        least = np.zeros_like(largest)
    else:
        number = np.broadcast_to(as_array(plants, 2), x.shape)
        require_non_negative(number, "plants")
        each = np.where((shares == 0.0) & (number == 0.0), 0.0, ratio(shares**2, number))
        least = np.where(np.isinf(each), np.nan, each).sum(axis=-2)
    surplus = ratio(concentration, room)
    # At 1 the index is 1 whatever H is; rounding must not make a bound of it near H = 1.
    surplus = np.where(np.isclose(surplus, 1.0, rtol=1e-12, atol=0.0), 1.0, surplus)
    left = [np.where(h > 1.0 - 1e-12, 0.0, 1.0 - h) for h in (least, largest)]
    ends = [
        np.where(surplus == 1.0, 1.0 + 0.0 * rest, ratio(surplus - 1.0, rest) + 1.0)
        for rest in left
    ]
    unknown = np.isnan(surplus)
    return Bounds(
        np.where(unknown, np.nan, np.minimum(*ends)), np.where(unknown, np.nan, np.maximum(*ends))
    )


def coagglomeration(activity: ArrayLike, reference: ArrayLike | None = None) -> Array:
    """Ellison-Glaeser co-agglomeration of every pair of industries.

    ``gamma[i,j] = sum_r (s[r,i] - x[r]) (s[r,j] - x[r]) / (1 - sum_r x[r]^2)``

    What plants of i and j gain by being near each other; plant sizes cancel out. 0 is chance,
    above 0 together, below 0 apart. On the diagonal stands the raw concentration of the industry,
    which is no index of it: see :func:`ellison_glaeser`. The index of a group with employment
    shares w is the mean over its pairs weighted with ``w[i] w[j]``.

    Shapes (..., R, I) and (..., R) -> (..., I, I). NaN for an industry that nobody has, and with
    one region.

    Raises
    ------
    ValueError
        If a value is negative or the shapes do not fit.

    Sources: Ellison and Glaeser (1997), Journal of Political Economy 105, 889-927; in this form
    Ellison, Glaeser and Kerr (2010), American Economic Review 100(3), 1195-1213.
    """
    off, room = _deviations(as_array(activity, 2), reference)
    return ratio(np.swapaxes(off, -1, -2) @ off, np.where(room > 0, room, np.nan)[..., None])


def litzenberger(
    activity: ArrayLike, area: ArrayLike, population: ArrayLike, plants: ArrayLike
) -> Array:
    """Cluster index of Litzenberger and Sternberg.

    Density per area times stock per head, both relative to the whole, divided by the relative size
    of plants: many small plants count for more than one large one. ::

        density = (x[r,i] / area[r]) / (x[.,i] / area[.])
        stock   = (x[r,i] / population[r]) / (x[.,i] / population[.])
        size    = (x[r,i] / plants[r,i]) / (x[.,i] / plants[.,i])
        CI      = density * stock / size

    Shapes (..., R, I), (..., R), (..., R), (..., R, I) -> (..., R, I). Where a region has no plant
    and no activity the index is NaN (0/0); it has no upper bound and depends on the regions chosen.

    Source: Litzenberger and Sternberg (2006), Geographische Zeitschrift 94, 209-224.
    """
    x, b = as_array(activity, 2), as_array(plants, 2)
    for values, what in ((x, "activity"), (b, "plants")):
        require_non_negative(values, what)
    a, p = as_array(area)[..., None], as_array(population)[..., None]
    whole = x.sum(axis=-2, keepdims=True)
    density = ratio(ratio(x, a), ratio(whole, a.sum(axis=-2, keepdims=True)))
    stock = ratio(ratio(x, p), ratio(whole, p.sum(axis=-2, keepdims=True)))
    size = ratio(ratio(x, b), ratio(whole, b.sum(axis=-2, keepdims=True)))
    return ratio(density * stock, size)
