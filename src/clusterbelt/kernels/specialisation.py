"""Specialisation of regions in industries, relative to an explicit reference area.

x[r,i] is the activity of industry i in region r; a dot is a sum. The reference area is the sum of
the regions given, unless ``reference`` names another one (the nation around a belt).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import (
    Array,
    Missing,
    as_array,
    ratio,
    require_non_negative,
    total,
)

__all__ = [
    "Gradient",
    "excess",
    "gradient",
    "gradient_parts",
    "location_quotient",
    "standardised_lq",
    "symmetric_lq",
]


def _reference_structure(activity: Array, reference: ArrayLike | None, missing: Missing) -> Array:
    """Return the reference area's share of each industry, shape (..., 1, I)."""
    if reference is None:
        totals = total(activity, -2, missing)
    else:
        given = as_array(reference)
        if given.shape[-1] != activity.shape[-1]:
            raise ValueError(
                f"reference has {given.shape[-1]} industries, activity {activity.shape[-1]}"
            )
        require_non_negative(given, "reference")
        totals = given[..., None, :]
    return ratio(totals, total(totals, -1, missing))


def location_quotient(
    activity: ArrayLike, reference: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Location quotient.

    ``LQ[r,i] = (x[r,i] / x[r,.]) / (x[.,i] / x[.,.])``

    Parameters
    ----------
    activity
        x, shape (..., R, I), zero or more.
    reference
        Activity of the reference area, shape (..., I). Default: the sum over the R regions.
    missing
        ``propagate``: a total with an unknown part is unknown. ``skip``: totals of what is known.
        In both cases an unknown cell has an unknown quotient.

    Returns
    -------
    Array
        Shape (..., R, I), zero or more. 1 means the reference area's share. NaN for a region
        without any activity and for an industry that the reference area does not have (0/0);
        infinite if a region has an industry that an explicit reference lacks. With one region
        and no explicit reference it is 1 wherever there is activity.

    Raises
    ------
    ValueError
        If a value is negative or the shapes do not fit.

    Notes
    -----
    Its activity-weighted mean over regions, ``sum_r (x[r,.]/x[.,.]) LQ[r,i]``, is 1.

    References
    ----------
    Florence, P. S. (1939), Report on the Location of Industry, Political and Economic Planning,
    London. Worked example: Farhauer, O. and Kröll, A. (2013), Standorttheorien.

    Examples
    --------
    >>> location_quotient([[30.0, 10.0], [20.0, 40.0]]).round(4).tolist()
    [[1.5, 0.5], [0.6667, 1.3333]]
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    own = ratio(x, total(x, -1, missing))
    return ratio(own, _reference_structure(x, reference, missing))


def symmetric_lq(
    activity: ArrayLike, reference: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Symmetric location quotient, between -1 and 1.

    ``S[r,i] = (LQ[r,i] - 1) / (LQ[r,i] + 1)``

    Takes activity, not quotients; parameters, NaN and errors as in :func:`location_quotient`.
    -1: the region has nothing of the industry. 0: the reference area's share. 1: only the region
    has it (an explicit reference lacks it).

    References
    ----------
    Laursen, K. (2015), Revealed comparative advantage and the alternatives as measures of
    international specialization, Eurasian Business Review 5, 99-115.

    Examples
    --------
    >>> symmetric_lq([[30.0, 10.0], [10.0, 30.0]]).round(4).tolist()
    [[0.2, -0.3333], [-0.3333, 0.2]]
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    own = ratio(x, total(x, -1, missing))
    theirs = _reference_structure(x, reference, missing)
    # The same as (LQ - 1) / (LQ + 1), and finite where LQ is not.
    return ratio(own - theirs, own + theirs)


def excess(
    activity: ArrayLike, reference: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Activity above what the region would have with the reference area's structure.

    ``E[r,i] = x[r,i] - x[r,.] x[.,i] / x[.,.]``

    Shapes and ``missing`` as in :func:`location_quotient`; unit of the activity. Adds to zero over
    industries, and over regions too when the reference is their sum. Negative activity (value
    added of a subsidised industry) is allowed. NaN where the reference area has no activity
    at all; a region without activity has an excess of zero, not NaN: it has what it should have.

    Raises
    ------
    ValueError
        If the shapes do not fit or an explicit reference is negative.

    Examples
    --------
    >>> excess([[30.0, 10.0], [20.0, 40.0]]).tolist()
    [[10.0, -10.0], [-10.0, 10.0]]
    """
    x = as_array(activity, 2)
    expected = total(x, -1, missing) * _reference_structure(x, reference, missing)
    return x - expected


def standardised_lq(
    activity: ArrayLike,
    reference: ArrayLike | None = None,
    *,
    log: bool = False,
    missing: Missing = "propagate",
) -> Array:
    """Standardised location quotient: how far a region stands out among the regions.

    ``Z[r,i] = (LQ[r,i] - mean_r LQ[.,i]) / sd_r LQ[.,i]``, of ln LQ with ``log``

    Shapes, ``missing`` and errors as in :func:`location_quotient`; the deviation is that of the
    population of regions. Its authors read 1.96 as outstanding (5 %) when the quotients are about
    normal, and take the logarithm when that is nearer to normal.

    NaN where the quotient is NaN or infinite (with ``log`` also where it is zero), and for an
    industry whose quotients are all alike, as with one region; such cells stay out of mean and
    deviation.

    References
    ----------
    O'Donoghue, D. and Gleave, B. (2004), A Note on Methods for Measuring Industrial Agglomeration,
    Regional Studies 38(4), 419-427.

    Examples
    --------
    >>> standardised_lq([[30.0, 10.0], [20.0, 40.0]]).round(4).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    quotient = location_quotient(activity, reference, missing=missing)
    if log:
        with np.errstate(divide="ignore"):
            quotient = np.log(quotient)
    known = np.isfinite(quotient)
    values = np.where(known, quotient, 0.0)
    count = known.sum(axis=-2, keepdims=True)
    mean = ratio(values.sum(axis=-2, keepdims=True), count)
    off = np.where(known, quotient - mean, 0.0)
    deviation = np.sqrt(ratio((off**2).sum(axis=-2, keepdims=True), count))
    largest = np.abs(values).max(axis=-2, keepdims=True, initial=0.0)
    alike = ~(deviation > 1e-12 * np.maximum(1.0, largest))  # rounding is no difference
    return ratio(np.where(known, off, np.nan), np.where(alike, np.nan, deviation))


class Gradient(NamedTuple):
    """The industrial gradient coefficient and its factors, each (..., R, I)."""

    coefficient: Array
    location_quotient: Array
    labour: Array  # comparative labour productivity
    capital: Array  # comparative capital productivity; 1 where no capital was given


def _comparative(x: Array, factor: ArrayLike, missing: Missing, what: str) -> Array:
    """Return the productivity of a factor over that of all regions in the same industry."""
    used = as_array(factor, 2)
    if used.shape != x.shape:
        raise ValueError(f"{what} has shape {used.shape}, activity {x.shape}")
    require_non_negative(used, what)
    # A total of both where both are known: an unknown part would tilt the comparison.
    both = np.isnan(x) | np.isnan(used)
    whole = total(np.where(both, np.nan, x), -2, missing)
    whole_used = total(np.where(both, np.nan, used), -2, missing)
    return ratio(ratio(x, used), ratio(whole, whole_used))


def gradient_parts(
    activity: ArrayLike,
    labour: ArrayLike,
    capital: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    *,
    missing: Missing = "propagate",
) -> Gradient:
    """Return the industrial gradient coefficient with its factors; see :func:`gradient`."""
    x = as_array(activity, 2)
    quotient = location_quotient(x, reference, missing=missing)
    by_labour = _comparative(x, labour, missing, "labour")
    by_capital = np.ones_like(by_labour)
    if capital is not None:
        by_capital = _comparative(x, capital, missing, "capital")
    return Gradient(quotient * by_labour * by_capital, quotient, by_labour, by_capital)


def gradient(
    activity: ArrayLike,
    labour: ArrayLike,
    capital: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    *,
    missing: Missing = "propagate",
) -> Array:
    """Industrial gradient coefficient: specialised and productive at the same time.

    ``IG[r,i] = LQ[r,i] CP[r,i] CC[r,i]`` with the comparative productivities of labour and capital
    ``CP[r,i] = (v[r,i]/v[.,i]) / (l[r,i]/l[.,i])``, ``CC[r,i] = (v[r,i]/v[.,i]) / (k[r,i]/k[.,i])``

    Above 1 an industry stands high in the region, and is said to be pushed out of it later than
    from regions where it stands low. Three ratios multiplied: what raises one (a large plant with
    few workers) often raises the others; read the factors too (:func:`gradient_parts`).

    Parameters
    ----------
    activity
        v, value added, shape (..., R, I), zero or more.
    labour
        l, persons employed (or labour input in another unit), shape as ``activity``.
    capital
        k, capital stock, shape as ``activity``. Without it the older form LQ CP.
    reference
        Activity of the reference area for the location quotient, shape (..., I); default the sum
        of the regions. Productivities compare with the regions given.
    missing
        As in :func:`location_quotient`. Totals of productivity take cells where both are known.

    Returns
    -------
    Array
        Shape (..., R, I). NaN for a region without activity, and where there is neither product
        nor factor (0/0); infinite for product without factor.

    Raises
    ------
    ValueError
        If a value is negative or the shapes do not fit.

    References
    ----------
    Dai Hongwei, Tian Xuebin and Chen Yongguo (2003), Quyu chanye zhuanyi yanjiu (Industrial
    transfer between regions), Beijing, for LQ CP; CC was added by later authors, with differing
    definitions. The usual one stands here; the originals were not at hand.

    Examples
    --------
    >>> gradient([[30.0, 10.0], [20.0, 40.0]], [[10.0, 10.0], [10.0, 40.0]]).round(3).tolist()
    [[1.8, 0.5], [0.533, 1.333]]
    """
    return gradient_parts(activity, labour, capital, reference, missing=missing).coefficient
