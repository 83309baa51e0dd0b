"""Agglomeration measures that need more than one table: plants, area, population.

Letters: R regions, I industries.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative, share

__all__ = ["ellison_glaeser", "litzenberger", "plant_herfindahl"]


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
    require_non_negative(x, "activity")
    h = as_array(herfindahl)
    region = x.sum(axis=-1) if reference is None else as_array(reference)
    expected = share(region)[..., None]
    concentration = ((share(x, axis=-2) - expected) ** 2).sum(axis=-2)
    room = 1.0 - (expected**2).sum(axis=-2)
    return ratio(concentration - room * h, room * np.where(h == 1.0, np.nan, 1.0 - h))


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
