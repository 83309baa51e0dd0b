"""Composite indices, aggregation and ranks: many indicators, or dimensions, become one score.

v[r,j] is indicator j of unit r, shape (..., U, J), normalised; w[j] its weight. Missing values by
declared policy: ``propagate`` gives no score to a unit that lacks a value; ``skip`` takes what the
unit has, with the weights of that scaled up, and gives no score to a unit for which less than
``least_known`` of the weight is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import (
    Array,
    Missing,
    as_array,
    ratio,
    require_non_negative,
)
from clusterbelt.kernels.composite_normalise import directions
from clusterbelt.kernels.composite_weights import weight_equal

__all__ = [
    "AGGREGATIONS",
    "Aggregation",
    "aggregate",
    "aggregate_arithmetic",
    "aggregate_copeland",
    "aggregate_geometric",
    "aggregate_harmonic",
    "competition_rank",
    "positive_scale",
    "topsis",
]

Aggregation = Literal["arithmetic", "geometric", "harmonic", "copeland", "topsis"]


def _prepared(values: ArrayLike, weights: ArrayLike | None) -> tuple[Array, Array]:
    """Return the values and the weights beside them, shape (..., 1, J)."""
    v = as_array(values, 2)
    w = np.ones(v.shape[-1]) if weights is None else as_array(weights)
    if w.shape[-1] != v.shape[-1]:
        raise ValueError(f"{w.shape[-1]} weights for {v.shape[-1]} indicators")
    require_non_negative(w, "weights")
    return v, w[..., None, :]


def _weighted_mean(values: Array, weights: Array, missing: Missing, least_known: float) -> Array:
    """Return sum(w v) / sum(w) over the last axis under the policy of missing values."""
    if missing not in ("propagate", "skip"):
        raise ValueError(f"missing must be 'propagate' or 'skip', not {missing!r}")
    known = ~np.isnan(values)
    held = np.where(known, weights, 0.0)
    found = ratio(np.where(known, values * weights, 0.0).sum(axis=-1), held.sum(axis=-1))
    if missing == "propagate":
        return np.where(known.all(axis=-1), found, np.nan)
    enough = held.sum(axis=-1) >= least_known * weights.sum(axis=-1) * (1.0 - 1e-12)
    return np.where(enough, found, np.nan)


def aggregate_arithmetic(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "propagate",
    least_known: float = 0.0,
) -> Array:
    """Weighted arithmetic mean over the indicators: a weakness is made good by a strength.

    ``A[r] = sum_j w[j] v[r,j] / sum_j w[j]``

    Parameters
    ----------
    values
        v, shape (..., U, J).
    weights
        w, shape (..., J), zero or more; need not add to one. Default: equal.
    missing
        ``propagate``: a unit with a missing value has no score. ``skip``: both sums run over the
        indicators that the unit has.
    least_known
        With ``skip``: the least share of the weight (0-1) that must be known for a score.

    Returns
    -------
    Array
        Shape (..., U), between the least and the largest value of the unit. NaN where nothing is
        known or all that is known weighs nothing (0/0).

    Raises
    ------
    ValueError
        If a weight is negative, or ``missing`` is another word.

    Examples
    --------
    >>> aggregate_arithmetic([[0.0, 1.0], [0.5, float("nan")]], [3, 1], missing="skip").tolist()
    [0.25, 0.5]
    """
    v, w = _prepared(values, weights)
    return _weighted_mean(v, w, missing, least_known)


def aggregate_geometric(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "propagate",
    least_known: float = 0.0,
) -> Array:
    """Weighted geometric mean: a weakness is made good only in part.

    ``G[r] = prod_j v[r,j]^(w[j] / sum_k w[k])``

    Parameters as in :func:`aggregate_arithmetic`. Values must not be negative; a zero that weighs
    anything makes the score zero: put the table on a positive scale first
    (:func:`positive_scale`). Shape (..., U); NaN as there.

    Raises
    ------
    ValueError
        If a value or a weight is negative, or ``missing`` is another word.

    Examples
    --------
    >>> aggregate_geometric([[1.0, 4.0], [0.0, 9.0]]).tolist()
    [2.0, 0.0]
    """
    v, w = _prepared(values, weights)
    require_non_negative(v)
    zero = (v == 0.0) & (w > 0.0)
    logs = np.log(np.where(v == 0.0, 1.0, v))
    found = np.exp(_weighted_mean(logs, w, missing, least_known))
    return np.where(zero.any(axis=-1), found * 0.0, found)


def aggregate_harmonic(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "propagate",
    least_known: float = 0.0,
) -> Array:
    """Weighted harmonic mean: the weakest indicator counts most.

    ``H[r] = sum_j w[j] / sum_j (w[j] / v[r,j])``

    Parameters, zeros and NaN as in :func:`aggregate_geometric`. Shape (..., U).

    Raises
    ------
    ValueError
        If a value or a weight is negative, or ``missing`` is another word.

    Examples
    --------
    >>> aggregate_harmonic([[1.0, 3.0], [0.0, 9.0]]).tolist()
    [1.5, 0.0]
    """
    v, w = _prepared(values, weights)
    require_non_negative(v)
    zero = (v == 0.0) & (w > 0.0)
    inverse = ratio(1.0, np.where(v == 0.0, 1.0, v))
    found = ratio(1.0, _weighted_mean(inverse, w, missing, least_known))
    return np.where(zero.any(axis=-1), found * 0.0, found)


def aggregate_copeland(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "propagate",
    least_known: float = 0.0,
) -> Array:
    """Copeland score: the share of the other units that a unit beats in pairs. No compensation.

    ``m[r,s] = sum_j w[j] sign(v[r,j] - v[s,j])`` and
    ``score[r] = (1 + sum_s sign(m[r,s]) / (K - 1)) / 2``

    Parameters
    ----------
    values
        v, shape (..., U, J); any scale, only the order within each indicator matters.
    weights
        w, shape (..., J), zero or more. Default: equal.
    missing
        ``propagate``: a unit with a missing value meets nobody and has no score. ``skip``: two
        units are compared in the indicators that both have.
    least_known
        As in :func:`aggregate_arithmetic`, per unit.

    Returns
    -------
    Array
        Shape (..., U), 0 (loses to all) to 1 (beats all); a draw is half a win; K is the number of
        units with a score. One unit alone has NaN (0/0). Time and memory grow with U^2.

    Raises
    ------
    ValueError
        If a weight is negative, or ``missing`` is another word.

    References
    ----------
    Munda, G. and Nardo, M. (2009), Noncompensatory/nonlinear composite indicators for ranking
    countries, Applied Economics 41(12), 1513-1523; Copeland's rule on their outranking matrix.

    Examples
    --------
    >>> aggregate_copeland([[3.0, 1.0], [2.0, 3.0], [1.0, 2.0]], [2, 1]).tolist()
    [1.0, 0.5, 0.0]
    """
    v, w = _prepared(values, weights)
    scored = ~np.isnan(_weighted_mean(v, w, missing, least_known))
    lead = np.broadcast_shapes(v.shape[:-2], w.shape[:-2])
    tables = np.broadcast_to(v, (*lead, *v.shape[-2:]))
    scales = np.broadcast_to(w, (*lead, *w.shape[-2:]))
    won = np.empty((*lead, v.shape[-2]))
    for place in np.ndindex(lead):
        table, scale, met = tables[place], scales[place][0], scored[place]
        coded = v.shape[-1] <= _MOST_CODED and _all_differ(table)
        small = _small_weights(scale) if coded else None
        won[place] = (
            _net_wins(table, scale, met) if small is None else _net_wins_coded(table, small)
        )
    others = scored.sum(axis=-1, keepdims=True) - 1
    return np.where(scored, (1.0 + ratio(won, others)) / 2.0, np.nan)


_MOST_CODED: Final = 8  # indicators up to which all outcomes of a duel are tried
_UNITS_AT_ONCE: Final = 64


def _all_differ(table: Array) -> bool:
    """Say whether no two units are equal in an indicator and none is unknown."""
    ordered = np.sort(table, axis=0)
    return bool((ordered[1:] > ordered[:-1]).all()) and not bool(np.isnan(table).any())


def _decided(margin: Array, weights: Array) -> Array:
    """Return the sign of margins; weights that cancel leave rounding only, which is a draw."""
    return np.where(np.abs(margin) <= 1e-12 * weights.sum(), 0.0, np.sign(margin))


def _net_wins(table: Array, weights: Array, met: NDArray[np.bool_]) -> Array:
    """Return wins less defeats of every unit against those that are met."""
    won = np.empty(len(table))
    for start in range(0, len(table), _UNITS_AT_ONCE):
        mine = table[start : start + _UNITS_AT_ONCE]
        margin = np.zeros((len(mine), len(table)))
        for place, weight in enumerate(weights):
            one, other = mine[:, place, None], table[None, :, place]
            margin += weight * ((one > other).astype(np.int8) - (one < other).astype(np.int8))
        won[start : start + len(mine)] = np.where(met, _decided(margin, weights), 0.0).sum(axis=1)
    return won


def _small_weights(weights: Array) -> NDArray[np.uint8] | None:
    """Return whole weights, adding to at most 255, that decide every duel as ``weights`` do.

    A duel between different values is decided by the set of indicators in which one is ahead, one
    of 2^J: all are tried. ``None`` if rounding finds no such weights.
    """
    count = len(weights)
    sets = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    outcome = _decided((2 * sets - 1) @ weights, weights)
    scale = np.arange(1.0, 250.0)[:, None]
    tried = np.rint(weights / max(float(weights.sum()), 1e-300) * scale)
    same = (np.sign(2.0 * tried @ sets.T - tried.sum(axis=1, keepdims=True)) == outcome).all(axis=1)
    fits = same & (tried.sum(axis=1) <= np.iinfo(np.uint8).max)
    return tried[np.argmax(fits)].astype(np.uint8) if fits.any() else None


def _net_wins_coded(table: Array, weights: NDArray[np.uint8]) -> Array:
    """Return wins less defeats where no two values are equal, in whole numbers of one byte."""
    units, whole = len(table), int(weights.sum())
    narrow = np.int16 if units <= np.iinfo(np.int16).max else np.int32
    places = np.argsort(np.argsort(table, axis=0), axis=0).T.astype(narrow)
    won = np.empty(units)
    for start in range(0, units, _UNITS_AT_ONCE):
        mine = places[:, start : start + _UNITS_AT_ONCE, None]
        ahead = np.empty((mine.shape[1], units), dtype=np.bool_)
        gained = np.zeros(ahead.shape, dtype=np.uint8)
        for place, weight in enumerate(weights):
            np.greater(mine[place], places[place], out=ahead)
            held = ahead.view(np.uint8)
            gained += np.multiply(held, weight, out=held)
        net = 2.0 * _count(gained > whole // 2) - units
        if whole % 2 == 0:
            net += _count(gained == whole // 2)
        # Against itself a unit gains nothing: a defeat, or a draw where nothing weighs.
        won[start : start + len(net)] = net + (1.0 if whole else 0.0)
    return won


def _count(marks: NDArray[np.bool_]) -> Array:
    """Count the marks of each row; in bits, which is several times faster than a sum."""
    found = np.bitwise_count(np.packbits(marks, axis=1)).sum(axis=1, dtype=np.int64)
    return np.asarray(found, dtype=np.float64)


def positive_scale(values: ArrayLike, floor: float = 0.01) -> Array:
    """Put a normalised table on ``floor`` to 1 by one line for all indicators.

    ``p[r,j] = floor + (1 - floor) (v[r,j] - min) / (max - min)``, extremes of the whole table

    For means that need positive values. One line for the whole table keeps what the normalisation
    made of the indicators, while a line for each would turn z-scores into min-max. Shape
    (..., U, J), each table by itself; NaN stays NaN; a constant table is NaN (0/0).

    Raises
    ------
    ValueError
        If ``floor`` does not lie between 0 and 1.
    """
    if not 0.0 < floor < 1.0:
        raise ValueError(f"floor must lie between 0 and 1, not {floor}")
    v = as_array(values, 2)
    least = np.fmin.reduce(np.fmin.reduce(v, axis=-1), axis=-1)[..., None, None]
    most = np.fmax.reduce(np.fmax.reduce(v, axis=-1), axis=-1)[..., None, None]
    return np.asarray(floor + (1.0 - floor) * ratio(v - least, most - least))


def competition_rank(scores: ArrayLike) -> Array:
    """Rank scores along the last axis: 1 for the largest; ties share the best rank (1, 2, 2, 4).

    ``rank[r] = 1 + number of units with a larger score``. NaN has no rank (NaN) and is not
    counted. Shape as ``scores``.

    Examples
    --------
    >>> competition_rank([5.0, 7.0, 7.0, 1.0]).tolist()
    [3.0, 1.0, 1.0, 4.0]
    """
    s = as_array(scores)
    order = np.argsort(-s, axis=-1, kind="stable")  # NaN comes last
    ordered = np.take_along_axis(s, order, axis=-1)
    first = np.ones(s.shape, dtype=bool)
    first[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    place = np.where(first, np.arange(1, s.shape[-1] + 1), 1)
    rank = np.where(np.isnan(ordered), np.nan, np.maximum.accumulate(place, axis=-1))
    result = np.empty(s.shape)
    np.put_along_axis(result, order, rank, axis=-1)
    return result


def topsis(
    values: ArrayLike, weights: ArrayLike | None = None, direction: ArrayLike | None = None
) -> Array:
    """TOPSIS: how close a unit is to the best of every indicator and how far from the worst.

    ``t[r,j] = w[j] v[r,j] / sqrt(sum_r v[r,j]^2)``; with d+ and d- the Euclidean distances to the
    best and the worst t of each indicator: ``score[r] = d- / (d+ + d-)``

    Parameters
    ----------
    values
        v, shape (..., U, J).
    weights
        w, shape (..., J), zero or more, scaled to add to one. Default: equal.
    direction
        1 (more is better) or -1 per indicator, shape (J,). Default: all 1.

    Returns
    -------
    Array
        Shape (..., U), 0 (worst in all) to 1 (best in all). A missing value makes all scores NaN,
        for it may be the best or the worst; so does an indicator that is zero everywhere. If
        all units are the same, 0/0 is NaN. A unit added or removed may change the order.

    Raises
    ------
    ValueError
        If a weight is negative or shapes do not fit.

    References
    ----------
    Hwang, C.-L. and Yoon, K. (1981), Multiple Attribute Decision Making, Springer, Berlin.
    """
    v = as_array(values, 2)
    w = weight_equal(v) if weights is None else as_array(weights)
    if w.shape[-1] != v.shape[-1]:
        raise ValueError(f"{w.shape[-1]} weights for {v.shape[-1]} indicators")
    require_non_negative(w, "weights")
    length = np.sqrt((v * v).sum(axis=-2, keepdims=True))
    scale = ratio(w, w.sum(axis=-1, keepdims=True))[..., None, :]
    t = ratio(v, length) * scale * directions(direction, v.shape[-1])
    to_best = np.sqrt(((t.max(axis=-2, keepdims=True) - t) ** 2).sum(axis=-1))
    to_worst = np.sqrt(((t - t.min(axis=-2, keepdims=True)) ** 2).sum(axis=-1))
    return ratio(to_worst, to_best + to_worst)


AGGREGATIONS: Final[dict[str, Callable[..., Array]]] = {
    "arithmetic": aggregate_arithmetic,
    "geometric": aggregate_geometric,
    "harmonic": aggregate_harmonic,
    "copeland": aggregate_copeland,
}


def aggregate(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    kind: Aggregation = "arithmetic",
    *,
    missing: Missing = "propagate",
    least_known: float = 0.0,
) -> Array:
    """Aggregate by the function of that name; ``topsis`` knows no policy and always propagates.

    Raises
    ------
    ValueError
        If there is no aggregation of that name, or it refuses the values.
    """
    if kind == "topsis":
        return topsis(values, weights)
    if kind not in AGGREGATIONS:
        raise ValueError(f"no aggregation {kind!r}; there are {', '.join(AGGREGATIONS)}, topsis")
    return AGGREGATIONS[kind](values, weights, missing=missing, least_known=least_known)
