"""Composite indices, normalisation: indicators on one scale, more is better on it.

v[r,j] is indicator j of unit r, shape (..., U, J): units on the last axis but one, indicators on
the last. Each indicator is normalised by itself over the units of its own table (leading axes are
apart; :func:`pooled` puts years below one another). Missing values stay NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = [
    "NORMALISATIONS",
    "Normalisation",
    "directions",
    "normalise",
    "normalise_distance_to_best",
    "normalise_goalpost",
    "normalise_minmax",
    "normalise_rank",
    "normalise_zscore",
    "pooled",
    "standardise",
]

Normalisation = Literal["minmax", "zscore", "rank", "goalpost", "distance_to_best"]


def directions(direction: ArrayLike | None, count: int) -> Array:
    """Return the signs of ``count`` indicators: 1 (more is better) or -1. Default: all 1.

    Raises
    ------
    ValueError
        If there is another number of them, or another value.
    """
    if direction is None:
        return np.ones(count)
    signs = as_array(direction)
    if signs.shape != (count,) or not bool(np.all(np.abs(signs) == 1.0)):
        raise ValueError(f"direction must be {count} values of 1 or -1")
    return signs


def pooled(values: ArrayLike) -> Array:
    """Put the units of all leading axes (years) one below the other: (..., U, J) to (N, J).

    Weights and limits of the pooled table hold for all years, so that years can be compared.
    """
    v = as_array(values, 2)
    return v.reshape(-1, v.shape[-1])


def _extremes(values: Array) -> tuple[Array, Array]:
    # fmin and fmax pass over NaN and, unlike nanmin, say nothing when all are NaN.
    least = np.fmin.reduce(values, axis=-2, keepdims=True)
    most = np.fmax.reduce(values, axis=-2, keepdims=True)
    return np.asarray(least), np.asarray(most)


def normalise_minmax(values: ArrayLike, direction: ArrayLike | None = None) -> Array:
    """Put every indicator on 0 to 1 over the units; 1 is the best unit.

    ``n[r,j] = (v[r,j] - min_j) / (max_j - min_j)``, and ``1 - n`` where the direction is -1

    Parameters
    ----------
    values
        v, shape (..., U, J).
    direction
        1 (more is better) or -1 (less is better) per indicator, shape (J,). Default: all 1.

    Returns
    -------
    Array
        Shape of ``values``. Minimum and maximum are those of the known values; a missing value
        stays NaN. A constant indicator, or one known for a single unit, gives NaN (0/0): it
        does not tell the units apart.

    Raises
    ------
    ValueError
        If ``direction`` does not fit.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, OECD, Paris.

    Examples
    --------
    >>> normalise_minmax([[1.0, 5.0], [2.0, 9.0], [5.0, 7.0]], [1, -1]).tolist()
    [[0.0, 1.0], [0.25, 0.0], [1.0, 0.5]]
    """
    v = as_array(values, 2)
    signed = v * directions(direction, v.shape[-1])
    least, most = _extremes(signed)
    return ratio(signed - least, most - least)


def standardise(values: ArrayLike, *, axis: int = -2) -> Array:
    """Return z-scores over ``axis``: ``(v - mean) / s`` with the population deviation s.

    Mean and deviation are those of the known values; a missing value stays NaN. A constant
    series, or a single known value, gives NaN (0/0).

    Examples
    --------
    >>> standardise([1.0, 3.0], axis=0).tolist()
    [-1.0, 1.0]
    """
    v = as_array(values)
    known = ~np.isnan(v)
    count = known.sum(axis=axis, keepdims=True)
    mean = ratio(np.where(known, v, 0.0).sum(axis=axis, keepdims=True), count)
    gap = v - mean
    squares = np.where(known, gap * gap, 0.0).sum(axis=axis, keepdims=True)
    # Equal values leave a gap of rounding only: their deviation is zero, not 1e-17.
    least = np.fmin.reduce(v, axis=axis, keepdims=True)
    most = np.fmax.reduce(v, axis=axis, keepdims=True)
    deviation = np.where(least == most, 0.0, np.sqrt(ratio(squares, count)))
    return ratio(np.where(least == most, v - least, gap), deviation)


def normalise_zscore(values: ArrayLike, direction: ArrayLike | None = None) -> Array:
    """Standardise every indicator over the units: mean 0, population deviation 1.

    ``n[r,j] = d[j] (v[r,j] - mean_j) / s_j`` with the direction d; see :func:`standardise` for
    what happens at NaN and in a constant indicator. Shape of ``values``.

    Raises
    ------
    ValueError
        If ``direction`` does not fit.

    Examples
    --------
    >>> normalise_zscore([[1.0, 5.0], [3.0, 9.0]], [1, -1]).tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """
    v = as_array(values, 2)
    return standardise(v * directions(direction, v.shape[-1]))


def normalise_rank(values: ArrayLike, direction: ArrayLike | None = None) -> Array:
    """Put every indicator on 0 (worst) to 1 (best) by rank alone; ties share their mean rank.

    ``n[r,j] = (k[r,j] - 1) / (K_j - 1)`` with k the rank from below among the K_j known units

    Shape of ``values``. A missing value has no rank (NaN). Distances between units are lost, and
    with them every outlier. A constant indicator gives NaN, as in the other normalisations, and
    so does one known for a single unit (0/0).

    Raises
    ------
    ValueError
        If ``direction`` does not fit.

    Examples
    --------
    >>> normalise_rank([[10.0], [20.0], [1000.0]]).ravel().tolist()
    [0.0, 0.5, 1.0]
    """
    v = as_array(values, 2)
    signed = np.swapaxes(v * directions(direction, v.shape[-1]), -1, -2)
    order = np.argsort(signed, axis=-1)  # NaN comes last
    ordered = np.take_along_axis(signed, order, axis=-1)
    known = np.count_nonzero(~np.isnan(ordered), axis=-1)[..., None]
    place = np.broadcast_to(np.arange(ordered.shape[-1], dtype=np.float64), ordered.shape)
    step = ordered[..., 1:] != ordered[..., :-1]
    if not bool(step.all()):
        place = _mean_places(place, step)
    scaled = ratio(np.where(np.isnan(ordered), np.nan, place), known - 1.0)
    constant = ordered[..., :1] == np.fmax.reduce(ordered, axis=-1, keepdims=True)
    result = np.empty(ordered.shape)
    np.put_along_axis(result, order, np.where(constant, np.nan, scaled), axis=-1)
    return np.swapaxes(result, -1, -2)


def _mean_places(place: Array, step: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """Give every run of equal values the mean of its first and its last place."""
    edge = np.ones((*step.shape[:-1], 1), dtype=bool)
    first = np.where(np.concatenate([edge, step], axis=-1), place, 0.0)
    last = np.where(np.concatenate([step, edge], axis=-1), place, np.inf)
    first = np.maximum.accumulate(first, axis=-1)
    last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray((first + last) / 2.0)


def normalise_goalpost(
    values: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    direction: ArrayLike | None = None,
    *,
    clip: bool = True,
) -> Array:
    """Put every indicator on 0 to 1 between two fixed posts, the same for all units and years.

    ``n[r,j] = (v[r,j] - low_j) / (high_j - low_j)``, and ``1 - n`` where the direction is -1

    Parameters
    ----------
    values
        v, shape (..., U, J).
    low, high
        The posts, each one number or shape (J,), in the unit of the indicator; ``low < high``.
    direction
        1 or -1 per indicator, shape (J,). Default: all 1.
    clip
        Hold values beyond a post at 0 or 1.

    Returns
    -------
    Array
        Shape of ``values``. A missing value stays NaN. The posts do not depend on the sample: a
        unit added or removed changes nobody else's value.

    Raises
    ------
    ValueError
        If a low post is not below its high post, or shapes do not fit.

    References
    ----------
    UNDP (2022), Human Development Report 2021/2022, technical note 1 (goalposts of the HDI).

    Examples
    --------
    >>> normalise_goalpost([[52.5], [90.0]], 20.0, 85.0).ravel().tolist()
    [0.5, 1.0]
    """
    v = as_array(values, 2)
    below, above = (
        np.broadcast_to(np.asarray(post, float), (v.shape[-1],)) for post in (low, high)
    )
    if not bool(np.all(below < above)):
        raise ValueError("every low post must lie below its high post")
    scaled = ratio(v - below, above - below)
    if clip:
        scaled = np.clip(scaled, 0.0, 1.0)
    return np.where(directions(direction, v.shape[-1]) > 0, scaled, 1.0 - scaled)


def normalise_distance_to_best(values: ArrayLike, direction: ArrayLike | None = None) -> Array:
    """Put every indicator in relation to the best unit, which has 1.

    ``n[r,j] = v[r,j] / max_j``; where less is better, ``n[r,j] = min_j / v[r,j]``

    Shape of ``values``. The zero of the indicator is kept: who has half of the best has 0.5. A
    missing value stays NaN; 0/0 is NaN: an indicator that is zero everywhere, and a zero where
    less is better (it is infinitely good in relation to others). A constant indicator gives NaN,
    as in the other normalisations. Values must not be negative: a ratio to the best would mean
    nothing.

    Raises
    ------
    ValueError
        If a value is negative or ``direction`` does not fit.

    Examples
    --------
    >>> normalise_distance_to_best([[1.0, 4.0], [2.0, 8.0]], [1, -1]).tolist()
    [[0.5, 1.0], [1.0, 0.5]]
    """
    v = as_array(values, 2)
    signs = directions(direction, v.shape[-1])
    if bool(np.any(v < 0.0)):
        raise ValueError(f"values must not be negative; the least is {np.nanmin(v)}")
    least, most = _extremes(v)
    scaled = np.where(signs > 0, ratio(v, most), ratio(least, v))
    scaled = np.where(np.isinf(scaled), np.nan, scaled)
    return np.where(least == most, np.nan, scaled)


NORMALISATIONS: Final[dict[str, Callable[[ArrayLike, ArrayLike | None], Array]]] = {
    "minmax": normalise_minmax,
    "zscore": normalise_zscore,
    "rank": normalise_rank,
    "distance_to_best": normalise_distance_to_best,
}


def normalise(
    values: ArrayLike,
    kind: Normalisation = "minmax",
    direction: ArrayLike | None = None,
    *,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
) -> Array:
    """Normalise by the function of that name; ``low`` and ``high`` are the goalposts.

    Raises
    ------
    ValueError
        If there is no normalisation of that name, goalposts lack, or it refuses the values.
    """
    if kind == "goalpost":
        if low is None or high is None:
            raise ValueError("goalpost needs low and high")
        return normalise_goalpost(values, low, high, direction)
    if kind not in NORMALISATIONS:
        raise ValueError(f"no normalisation {kind!r}; there are {', '.join(NORMALISATIONS)}")
    return NORMALISATIONS[kind](values, direction)
