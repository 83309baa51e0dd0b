"""Composite indices, treatment before normalising: missing values and outliers.

v[r,j] is indicator j of unit r, shape (..., U, J). The rule of outliers follows the practice of
the JRC: an indicator is treated when its skewness is above 2 in absolute value *and* its kurtosis
above 3.5, for one or few units then decide the scale of all others.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = [
    "KURTOSIS_LIMIT",
    "SKEW_LIMIT",
    "Treatment",
    "denominate",
    "impute",
    "kurtosis",
    "log_transform",
    "skewness",
    "treat_outliers",
]

SKEW_LIMIT: Final = 2.0
KURTOSIS_LIMIT: Final = 3.5


def denominate(values: ArrayLike, denominators: ArrayLike) -> Array:
    """Divide every indicator by its denominator: ``v[r,j] / d[r,j]``.

    Shapes (..., U, J); 1 where an indicator has no denominator. 0/0 is NaN and x/0 is NaN too:
    what is measured per nothing is not known. NaN stays NaN.
    """
    found = ratio(as_array(values, 2), as_array(denominators, 2))
    return np.where(np.isinf(found), np.nan, found)


def _moments(values: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """Return number, variance sum and third and fourth central moment sums over the units."""
    v = as_array(values, 2)
    known = ~np.isnan(v)
    count = known.sum(axis=-2).astype(np.float64)
    mean = ratio(np.where(known, v, 0.0).sum(axis=-2), count)
    gap = np.where(known, v - mean[..., None, :], 0.0)
    same = np.fmax.reduce(v, axis=-2) == np.fmin.reduce(v, axis=-2)
    gap = np.where(same[..., None, :], 0.0, gap)  # not rounding
    square = gap * gap
    return count, square.sum(-2), (square * gap).sum(-2), (square * square).sum(-2)


def skewness(values: ArrayLike) -> Array:
    """Return the bias-corrected skewness G1 of every indicator over the units.

    ``G1 = g1 sqrt(n (n - 1)) / (n - 2)`` with ``g1 = m3 / m2^1.5`` and central moments m

    Shape (..., J). Over known values; NaN with fewer than three, or when they are equal (0/0).

    References
    ----------
    Joanes, D. N. and Gill, C. A. (1998), Comparing measures of sample skewness and kurtosis,
    The Statistician 47(1), 183-189.
    """
    n, second, third, _ = _moments(values)
    plain = ratio(third / np.maximum(n, 1), (second / np.maximum(n, 1)) ** 1.5)
    return plain * np.where(n > 2, ratio(np.sqrt(n * (n - 1)), n - 2), np.nan)


def kurtosis(values: ArrayLike) -> Array:
    """Return the bias-corrected excess kurtosis G2 of every indicator over the units.

    ``G2 = (n - 1) / ((n - 2)(n - 3)) ((n + 1) g2 + 6)`` with ``g2 = m4 / m2^2 - 3``

    Shape (..., J). Over known values; NaN with fewer than four, or when they are equal (0/0).
    Source as in :func:`skewness`.
    """
    n, second, _, fourth = _moments(values)
    plain = ratio(fourth / np.maximum(n, 1), (second / np.maximum(n, 1)) ** 2) - 3.0
    factor = np.where(n > 3, ratio(n - 1, (n - 2) * (n - 3)), np.nan)
    return factor * ((n + 1) * plain + 6.0)


def impute(
    values: ArrayLike, groups: ArrayLike | None = None, *, kind: Literal["mean", "median"] = "mean"
) -> Array:
    """Fill missing values with the mean or median of the unit's group.

    Parameters
    ----------
    values
        v, shape (..., U, J).
    groups
        Label of each unit's group, shape (U,). Default: one group of all units.
    kind
        What stands in.

    Returns
    -------
    Array
        Shape of ``values``. Where no unit of the group is known, NaN stays NaN: nothing else
        steps in. What is filled is modelled, not measured; say so where it is shown.

    Raises
    ------
    ValueError
        If ``groups`` does not fit or ``kind`` is another word.

    Examples
    --------
    >>> impute([[1.0], [3.0], [float("nan")]]).ravel().tolist()
    [1.0, 3.0, 2.0]
    """
    v = as_array(values, 2).copy()
    if kind not in ("mean", "median"):
        raise ValueError(f"kind must be 'mean' or 'median', not {kind!r}")
    labels = np.zeros(v.shape[-2]) if groups is None else np.asarray(groups)
    if labels.shape != (v.shape[-2],):
        raise ValueError(f"{labels.shape} groups for {v.shape[-2]} units")
    for one in np.unique(labels):
        rows = np.flatnonzero(labels == one)
        part = v[..., rows, :]
        middle = _known_mean(part) if kind == "mean" else _known_median(part)
        v[..., rows, :] = np.where(np.isnan(part), middle, part)
    return v


def _known_mean(values: Array) -> Array:
    known = ~np.isnan(values)
    summed = np.where(known, values, 0.0).sum(axis=-2, keepdims=True)
    return ratio(summed, known.sum(axis=-2, keepdims=True))


def _known_median(values: Array) -> Array:
    ordered = np.sort(values, axis=-2)  # NaN comes last
    count = (~np.isnan(values)).sum(axis=-2, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=-2)
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[-2] - 1), axis=-2)
    return np.where(count > 0, (low + high) / 2.0, np.nan)


def log_transform(values: ArrayLike) -> Array:
    """Pull in the longer tail of every indicator by logarithms, whatever its sign or zero.

    ``ln(v - min_j + a_j)`` where the skewness is positive and ``-ln(max_j - v + a_j)`` where it is
    negative, with ``a_j = 0.01 (max_j - min_j)``

    Shape (..., U, J); the order of the units is kept. NaN stays NaN. Equal values give NaN: their
    range is zero.
    """
    v = as_array(values, 2)
    least = np.fmin.reduce(v, axis=-2, keepdims=True)
    most = np.fmax.reduce(v, axis=-2, keepdims=True)
    offset = np.where(most > least, 0.01 * (most - least), np.nan)
    left = (skewness(v) < 0.0)[..., None, :]
    return np.where(left, -np.log(most - v + offset), np.log(v - least + offset))


class Treatment(NamedTuple):
    """What :func:`treat_outliers` returns.

    ``values``: treated, shape (..., U, J). ``points``: number of values moved in by winsorising,
    shape (..., J), 0 where the logarithm was taken instead. ``logged``: whether it was, shape
    (..., J). ``passed``: whether the rule holds afterwards, shape (..., J).
    """

    values: Array
    points: NDArray[np.int64]
    logged: NDArray[np.bool_]
    passed: NDArray[np.bool_]


def treat_outliers(
    values: ArrayLike,
    *,
    most_points: int = 5,
    skew_limit: float = SKEW_LIMIT,
    kurtosis_limit: float = KURTOSIS_LIMIT,
    log: bool = True,
) -> Treatment:
    """Winsorise by the rule of skewness and kurtosis, then take logarithms if that is not enough.

    While ``|G1| > skew_limit`` and ``G2 > kurtosis_limit``: the outermost distinct values of the
    longer tail are set to the next one in the tail, one point more in every step. When
    ``most_points`` are used up and the rule still fails, winsorising is undone and
    :func:`log_transform` is taken of the values as they were (if ``log``, else they stay
    winsorised).

    Parameters
    ----------
    values
        v, shape (..., U, J); each table of the leading axes is treated by itself.
    most_points
        The most values of an indicator to move, over both tails.
    skew_limit, kurtosis_limit
        The rule.
    log
        Whether logarithms may be taken.

    Returns
    -------
    Treatment
        (values, points, logged, passed). NaN stays NaN. An indicator with fewer than four known
        values, or with equal ones, has no kurtosis and is left as it is.

    References
    ----------
    Becker, W. et al. (2022), COINr: An R package for developing composite indicators, Journal of
    Open Source Software 7(78), 4567; the rule: OECD and JRC (2008), Handbook, and JRC practice.

    Examples
    --------
    >>> treat_outliers([[1.0], [2.0], [3.0], [2.0], [90.0]], most_points=1).values.max().item()
    3.0
    """
    v = as_array(values, 2)
    lead, (units, count) = v.shape[:-2], v.shape[-2:]
    flat = np.moveaxis(v, -2, -1).reshape(-1, units).copy()
    fails = _fails(flat, skew_limit, kurtosis_limit)
    points = np.zeros(len(flat), dtype=np.int64)
    logged = np.zeros(len(flat), dtype=bool)
    passed = ~fails
    for place in np.flatnonzero(fails):
        moved, used, good = _winsorise(flat[place], most_points, skew_limit, kurtosis_limit)
        if not good and log:
            moved, used = log_transform(flat[place][:, None])[:, 0], 0
            good = not bool(_fails(moved[None], skew_limit, kurtosis_limit)[0])
            logged[place] = True
        flat[place], points[place], passed[place] = moved, used, good
    shape = (*lead, count)
    return Treatment(
        np.moveaxis(flat.reshape(*shape, units), -1, -2),
        points.reshape(shape),
        logged.reshape(shape),
        passed.reshape(shape),
    )


def _fails(rows: Array, skew_limit: float, kurtosis_limit: float) -> NDArray[np.bool_]:
    """Say for every row (one indicator over its units) whether the rule calls for treatment."""
    columns = rows.T
    return (np.abs(skewness(columns)) > skew_limit) & (kurtosis(columns) > kurtosis_limit)


def _winsorise(
    series: Array, most_points: int, skew_limit: float, kurtosis_limit: float
) -> tuple[Array, int, bool]:
    """Move in one point after the other at the longer tail; return values, points used, success."""
    ordered = np.sort(series[~np.isnan(series)])
    last = len(ordered) - 1
    moved = series
    low = high = 0
    while bool(_fails(moved[None], skew_limit, kurtosis_limit)[0]):
        if low + high >= min(most_points, last - 1):
            return moved, low + high, False
        if float(skewness(moved[:, None])[0]) > 0.0:
            high += 1
        else:
            low += 1
        moved = np.clip(series, ordered[low], ordered[last - high])
    return moved, low + high, True
