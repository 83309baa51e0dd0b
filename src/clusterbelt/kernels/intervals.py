"""How sure a location quotient is when activity is counted: persons, plants, patents."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative

__all__ = ["Interval", "location_quotient_interval"]


class Interval(NamedTuple):
    """Lower and upper end of confidence intervals, each (..., R, I)."""

    lower: Array
    upper: Array


class _Moments(NamedTuple):
    own: Array  # p, the region's share
    whole: Array  # P, the reference's
    own_variance: Array
    whole_variance: Array
    covariance: Array


def _require_counts(values: Array, what: str) -> None:
    require_non_negative(values, what)
    known = values[~np.isnan(values)]
    if not bool(np.isfinite(known).all() and np.all(known == np.rint(known))):
        raise ValueError(
            f"{what} must be counts (whole numbers): money and output have no sampling error "
            "that an interval could express"
        )


def _moments(x: Array, reference: Array | None, inside: bool) -> _Moments:
    """Return the shares with their binomial variances; region and rest are independent."""
    n = x.sum(axis=-1, keepdims=True)
    big_x = x.sum(axis=-2, keepdims=True) if reference is None else reference[..., None, :]
    big_n = big_x.sum(axis=-1, keepdims=True)
    p, whole = ratio(x, n), ratio(big_x, big_n)
    own_variance = ratio(p * (1.0 - p), n)
    if not inside:
        return _Moments(p, whole, own_variance, ratio(whole * (1.0 - whole), big_n), 0.0 * p)
    rest_x, rest_n = big_x - x, big_n - n
    if bool(np.any(rest_x < 0)):
        raise ValueError("a region inside the reference cannot have more than the reference has")
    weight = ratio(n, big_n)
    q = ratio(rest_x, rest_n)
    rest_variance = ratio(q * (1.0 - q), rest_n)
    whole_variance = weight**2 * own_variance + (1.0 - weight) ** 2 * rest_variance
    return _Moments(p, whole, own_variance, whole_variance, weight * own_variance)


def _delta_log(m: _Moments, z: float) -> Interval:
    quotient = ratio(m.own, m.whole)
    relative = (
        ratio(m.own_variance, m.own**2)
        + ratio(m.whole_variance, m.whole**2)
        - 2.0 * ratio(m.covariance, m.own * m.whole)
    )
    spread = np.exp(z * np.sqrt(np.maximum(relative, 0.0)))
    return Interval(ratio(quotient, spread), quotient * spread)


def _fieller(m: _Moments, z: float) -> Interval:
    # (p - theta P)^2 = z^2 Var(p - theta P), solved for theta.
    square = m.whole**2 - z**2 * m.whole_variance
    half = m.own * m.whole - z**2 * m.covariance
    rest = m.own**2 - z**2 * m.own_variance
    square = np.where(square > 0, square, np.nan)  # the reference's share may be zero: no bound
    root = np.sqrt(np.maximum(half**2 - square * rest, 0.0))
    return Interval(np.maximum(ratio(half - root, square), 0.0), ratio(half + root, square))


def location_quotient_interval(
    activity: ArrayLike,
    reference: ArrayLike | None = None,
    *,
    level: float = 0.95,
    method: Literal["delta_log", "fieller"] = "delta_log",
    inside: bool = True,
) -> Interval:
    """Confidence interval of the location quotient, for counts only.

    The region's x of n and the rest of the reference's y of m are two independent binomial counts,
    p = x/n, q = y/m, and the reference P = (n p + m q) / (n + m) contains the region, so that
    ``Cov(p, P) = n/(n+m) Var(p)``. With theta = p/P::

        delta_log   ln theta -/+ z sqrt( Var(p)/p^2 + Var(P)/P^2 - 2 Cov(p,P)/(p P) )
        fieller     both theta with (p - theta P)^2 = z^2 (Var(p) - 2 theta Cov + theta^2 Var(P))

    Parameters
    ----------
    activity
        x, shape (..., R, I), counts: whole numbers, zero or more.
    reference
        Counts of the reference area, shape (..., I). Default: the sum over the R regions.
    level
        Confidence level, between 0 and 1.
    method
        ``delta_log`` is never below zero and symmetric in the logarithm; ``fieller`` makes no use
        of a logarithm and is the better one for small counts of the reference.
    inside
        Whether the regions belong to the reference (a belt inside its nation). ``False`` takes
        the two as independent.

    Returns
    -------
    Interval
        ``lower`` and ``upper``, each (..., R, I). NaN where the region has none or nothing but the
        industry (the binomial variance is zero there and the interval would falsely be a point),
        where an unknown value enters, where a single region is its own reference, and for
        ``fieller`` where the reference's share does not differ from zero.

    Raises
    ------
    ValueError
        If values are no counts, a region has more than the reference that holds it, ``level`` is
        not between 0 and 1, shapes do not fit or ``method`` is another word.

    Notes
    -----
    Persons of one plant come and go together: counted as independent they make the interval too
    narrow. Count plants where that matters.

    References
    ----------
    Moineddin, R., Beyene, J. and Boyle, E. (2003), On the Location Quotient Confidence Interval,
    Geographical Analysis 35(3), 249-256; Beyene, J. and Moineddin, R. (2005), BMC Medical Research
    Methodology 5:32, who name the two methods. The variances are worked out here.

    Examples
    --------
    >>> low, high = location_quotient_interval([[30, 70], [50, 350]])
    >>> low[0, 0].round(3).item(), high[0, 0].round(3).item()
    (1.464, 2.402)
    """
    x = as_array(activity, 2)
    _require_counts(x, "activity")
    whole = None if reference is None else as_array(reference)
    if whole is not None:
        if whole.shape[-1] != x.shape[-1]:
            raise ValueError(f"reference has {whole.shape[-1]} industries, not {x.shape[-1]}")
        _require_counts(whole, "reference")
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    if method not in ("delta_log", "fieller"):
        raise ValueError(f"method must be 'delta_log' or 'fieller', not {method!r}")
    moments = _moments(x, whole, inside)
    z = float(ndtri(0.5 + level / 2.0))
    lower, upper = (_delta_log if method == "delta_log" else _fieller)(moments, z)
    unsure = np.where(moments.own_variance > 0, 0.0, np.nan)
    return Interval(lower + unsure, upper + unsure)
