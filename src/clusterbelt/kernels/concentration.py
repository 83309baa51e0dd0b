"""Concentration, inequality and difference of structure.

x[r,i] is the activity of industry i in region r; shares of regions are s[r,i] = x[r,i] / x[r,.].
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import (
    Array,
    as_array,
    ratio,
    require_non_negative,
    share,
    total,
)

__all__ = [
    "equivalent_number",
    "gini",
    "hhi",
    "hoover",
    "krugman",
    "locational_gini",
    "theil_decomposition",
    "theil_l",
    "theil_t",
]


def krugman(
    activity: ArrayLike, *, against: Literal["pairs", "mean_of_others", "total"] = "pairs"
) -> Array:
    """Krugman index: the sum of absolute differences between two structures, 0 to 2.

    ``K[r,q] = sum_i |s[r,i] - s[q,i]|``

    Parameters
    ----------
    activity
        x, shape (..., R, I), zero or more.
    against
        ``pairs``: every region against every other, shape (..., R, R).
        ``mean_of_others``: against the unweighted mean of the other regions' *shares*, (..., R).
        ``total``: against the structure of all regions together, the region included, (..., R).

    Returns
    -------
    Array
        0: same structure; 2: nothing in common. NaN for a region without activity or with an
        unknown value, and for whatever is compared with it. ``mean_of_others`` of a single region
        is NaN.

    Raises
    ------
    ValueError
        If a value is negative or ``against`` is another word.

    References
    ----------
    Krugman, P. (1991), Geography and Trade, MIT Press, Cambridge (Mass.).

    Examples
    --------
    >>> krugman([[20.0, 10, 70, 0, 0], [0, 0, 0, 60, 40]])[0, 1].item()
    2.0
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    shares = share(x)
    regions = x.shape[-2]
    if against == "pairs":
        # Region by region: the full (R, R, I) difference would not fit for thousands of regions.
        rows = [np.abs(shares - shares[..., r : r + 1, :]).sum(axis=-1) for r in range(regions)]
        return np.stack(rows, axis=-2)
    if against == "mean_of_others":
        other = ratio(shares.sum(axis=-2, keepdims=True) - shares, float(regions - 1))
    elif against == "total":
        other = share(total(x, -2))
    else:
        raise ValueError(f"against must be 'pairs', 'mean_of_others' or 'total', not {against!r}")
    return np.asarray(np.abs(shares - other).sum(axis=-1))


def hhi(values: ArrayLike, *, normalised: bool = False, axis: int = -1) -> Array:
    """Hirschman-Herfindahl index of the shares along ``axis``.

    ``H = sum_i s[i]^2``; normalised: ``(H - 1/n) / (1 - 1/n)``

    With (..., R, I) and the default axis: how specialised each region is, shape (..., R); with
    ``axis=-2``: how concentrated each industry is. From 1/n (all equal) to 1 (all in one);
    normalised from 0 to 1, and NaN when n = 1. All zero or an unknown value gives NaN.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    Hirschman, A. O. (1964), The Paternity of an Index, American Economic Review 54(5), 761-762.

    Examples
    --------
    >>> round(hhi([20.0, 50, 20, 10]).item(), 2)
    0.34
    """
    x = as_array(values)
    require_non_negative(x)
    index = np.asarray((share(x, axis) ** 2).sum(axis=axis))
    if not normalised:
        return index
    least = 1.0 / x.shape[axis]
    return ratio(index - least, 1.0 - least)


def equivalent_number(values: ArrayLike, *, axis: int = -1) -> Array:
    """How many equal parts would give the same Hirschman-Herfindahl index: ``1 / H``.

    Shapes, NaN and errors as in :func:`hhi`; from 1 to n.
    """
    return ratio(1.0, hhi(values, axis=axis))


def gini(values: ArrayLike, *, normalised: bool = False, axis: int = -1) -> Array:
    """Gini coefficient of the values along ``axis``.

    ``G = 2 sum_k k (y[k] - m) / (n^2 m)`` with y in ascending order and m their mean;
    normalised: ``G n / (n - 1)``

    From 0 (all equal) to 1 - 1/n (all in one; normalised: 1). All zero or an unknown value gives
    NaN; normalised with n = 1 gives NaN.

    Raises
    ------
    ValueError
        If a value is negative.

    Examples
    --------
    >>> round(gini([20.0, 50, 20, 10]).item(), 2)
    0.3
    """
    x = np.moveaxis(as_array(values), axis, -1)
    require_non_negative(x)
    count = x.shape[-1]
    ordered = np.sort(share(x), axis=-1)
    ranks = np.arange(1, count + 1)
    # With shares m = 1/n, and sum_k k (y - m) = sum_k k y - (n + 1) / 2.
    coefficient = 2.0 * ((ordered * ranks).sum(axis=-1) - (count + 1) / 2) / count
    coefficient = np.maximum(coefficient, 0.0)  # rounding; NaN stays NaN
    return ratio(coefficient * count, float(count - 1)) if normalised else coefficient


def _region_weights(activity: Array, reference: ArrayLike | None) -> Array:
    """Return every region's share of the reference, shape (..., R, 1)."""
    if reference is None:
        return share(total(activity, -1), axis=-2)
    sizes = as_array(reference)
    if sizes.shape[-1] != activity.shape[-2]:
        raise ValueError(f"reference has {sizes.shape[-1]} regions, not {activity.shape[-2]}")
    require_non_negative(sizes, "reference")
    return share(sizes)[..., None]


def locational_gini(
    activity: ArrayLike,
    reference: ArrayLike | None = None,
    *,
    kind: Literal["unweighted", "lorenz"] = "unweighted",
) -> Array:
    """Locational Gini coefficient of every industry. Two definitions share this name.

    ``unweighted``: the Gini coefficient of the location quotients of the R regions, each region
    counting the same. ``lorenz``: twice the area between the diagonal and the Lorenz curve of the
    industry's regional shares s against the reference's regional shares w, regions in ascending
    order of s/w: ``1 - sum_k w[k] (S[k] + S[k-1])`` with S the running sum of s. They differ as
    soon as regions differ in size.

    Parameters
    ----------
    activity
        x, shape (..., R, I), zero or more.
    reference
        Size of every region, shape (..., R). Default: its sum over the I industries.
    kind
        Which definition.

    Returns
    -------
    Array
        Shape (..., I), 0 (spread as the reference is) to below 1. NaN for an industry nobody has
        and with an unknown value. A region of size zero has no quotient: ``unweighted`` is
        NaN then; ``lorenz`` is not touched by it, if it has nothing of the industry either.

    Raises
    ------
    ValueError
        If a value is negative, the shapes do not fit or ``kind`` is another word.

    References
    ----------
    Krugman, P. (1991), Geography and Trade. Worked example of the unweighted form: Farhauer, O.
    and Kröll, A. (2013), Standorttheorien.

    Examples
    --------
    >>> x, size = [[500.0], [500], [1000], [7000], [1000]], [20000, 15000, 20000, 40000, 5000]
    >>> round(locational_gini(x, size).item(), 4)
    0.4069
    >>> round(locational_gini(x, size, kind="lorenz").item(), 4)
    0.3725
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    industry = share(x, axis=-2)
    weight = np.broadcast_to(_region_weights(x, reference), industry.shape)
    quotient = ratio(industry, weight)
    if kind == "unweighted":
        return gini(quotient, axis=-2)
    if kind != "lorenz":
        raise ValueError(f"kind must be 'unweighted' or 'lorenz', not {kind!r}")
    order = np.argsort(quotient, axis=-2, kind="stable")  # 0/0 comes last and adds nothing
    ordered = np.take_along_axis(industry, order, axis=-2)
    running = np.cumsum(ordered, axis=-2)
    area = np.take_along_axis(weight, order, axis=-2) * (2.0 * running - ordered)
    return np.asarray(np.maximum(1.0 - area.sum(axis=-2), 0.0))


def hoover(activity: ArrayLike, reference: ArrayLike | None = None) -> Array:
    """Hoover index of every industry: the share that would have to move.

    ``H[i] = 1/2 sum_r |x[r,i]/x[.,i] - w[r]|`` with w the reference's regional shares

    ``reference`` as in :func:`locational_gini`. Shape (..., I), 0 to below 1. NaN for an industry
    nobody has and with an unknown value.

    Raises
    ------
    ValueError
        If a value is negative or the shapes do not fit.

    References
    ----------
    Hoover, E. M. (1936), The Measurement of Industrial Localization, Review of Economics and
    Statistics 18(4), 162-171.
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    return np.asarray(0.5 * np.abs(share(x, axis=-2) - _region_weights(x, reference)).sum(axis=-2))


def _population(values: Array, weights: ArrayLike | None, axis: int) -> tuple[Array, Array]:
    """Return relative values y/m and population shares, the axis moved to the end."""
    moved = np.moveaxis(values, axis, -1)
    require_non_negative(moved)
    if weights is None:
        population = np.full(moved.shape, 1.0 / moved.shape[-1])
    else:
        given = as_array(weights)
        require_non_negative(given, "weights")
        if given.ndim > 1:
            given = np.moveaxis(given, axis, -1)
        population = np.broadcast_to(share(given), moved.shape)
    mean = (population * moved).sum(axis=-1, keepdims=True)
    return ratio(moved, mean), population


def theil_t(values: ArrayLike, weights: ArrayLike | None = None, *, axis: int = -1) -> Array:
    """Theil's T of the values along ``axis``.

    ``T = sum_k w[k] (y[k]/m) ln(y[k]/m)`` with ``m = sum_k w[k] y[k]`` and population shares w

    ``weights`` (population; shape (n,) or as ``values``) default to equal. 0 (all equal) to
    -ln(smallest w). A value of zero adds zero (the limit). All zero or unknown gives NaN.

    Raises
    ------
    ValueError
        If a value or weight is negative.

    References
    ----------
    Theil, H. (1967), Economics and Information Theory, North-Holland, Amsterdam.

    Examples
    --------
    >>> round(theil_t([10.0, 10, 10, 20, 50]).item(), 4)
    0.2502
    """
    relative, population = _population(as_array(values), weights, axis)
    logs = np.log(np.where(relative == 0.0, 1.0, relative))
    return np.asarray(np.maximum((population * relative * logs).sum(axis=-1), 0.0))


def theil_l(values: ArrayLike, weights: ArrayLike | None = None, *, axis: int = -1) -> Array:
    """Theil's L of the values along ``axis``: the mean logarithmic deviation.

    ``L = sum_k w[k] ln(m / y[k])``, letters as in :func:`theil_t`

    Zero or more; infinite when a value with a positive weight is zero. All zero or unknown gives
    NaN. What the R package REAT calls Theil is this one.

    Raises
    ------
    ValueError
        If a value or weight is negative.

    References
    ----------
    Theil, H. (1967), Economics and Information Theory. Worked example: Störmann, W. (2009),
    Regionalökonomik.

    Examples
    --------
    >>> round(theil_l([10.0, 10, 10, 20, 50]).item(), 7)
    0.2326302
    """
    relative, population = _population(as_array(values), weights, axis)
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(population == 0.0, 1.0, relative))
    # A value of weight zero counts for nothing, but an unknown one stays unknown.
    terms = np.where((population == 0.0) & np.isnan(relative), np.nan, -population * logs)
    return np.asarray(np.maximum(terms.sum(axis=-1), 0.0))


def theil_decomposition(
    values: ArrayLike,
    groups: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    kind: Literal["t", "l"] = "t",
) -> tuple[Array, Array]:
    """Split Theil's T or L into inequality between and within groups; the two add to the whole.

    With W[g] the population share and m[g] the mean of group g: between is the index of the group
    means with weights W; within is ``sum_g W[g] m[g]/m T[g]`` for T and ``sum_g W[g] L[g]`` for L.

    Parameters
    ----------
    values
        y, shape (..., n), zero or more.
    groups
        Group label of every unit, shape (n,).
    weights
        Population, shape (n,) or as ``values``; default equal.
    kind
        ``t`` or ``l``.

    Returns
    -------
    tuple of Array
        (between, within), each of shape (...).

    Raises
    ------
    ValueError
        If a value or weight is negative, labels do not fit, or ``kind`` is another word.

    References
    ----------
    Shorrocks, A. F. (1980), The Class of Additively Decomposable Inequality Measures,
    Econometrica 48(3), 613-625.
    """
    if kind not in ("t", "l"):
        raise ValueError(f"kind must be 't' or 'l', not {kind!r}")
    y = as_array(values)
    labels = np.asarray(groups)
    if labels.shape != (y.shape[-1],):
        raise ValueError(f"groups has shape {labels.shape}, not ({y.shape[-1]},)")
    index = theil_t if kind == "t" else theil_l
    relative, population = _population(y, weights, -1)
    weight, mean, inside = [], [], []
    for label in np.unique(labels):
        member = labels == label
        part = population[..., member]
        weight.append(part.sum(axis=-1))
        mean.append(ratio((part * relative[..., member]).sum(axis=-1), weight[-1]))
        inside.append(index(relative[..., member], part))
    big_w, big_m = np.stack(weight, axis=-1), np.stack(mean, axis=-1)
    factor = big_w * big_m if kind == "t" else big_w
    # A group of size zero counts for nothing; in a group of zeros all are equal.
    nothing = (big_w == 0.0) | (big_m == 0.0)
    terms = np.where(nothing, 0.0, factor * np.stack(inside, axis=-1))
    return index(big_m, big_w), np.asarray(terms.sum(axis=-1))
