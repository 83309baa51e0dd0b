"""Composite indices: normalise, weight, aggregate, rank.

v[r,j] is indicator j of unit r, shape (..., U, J): units on the last axis but one, indicators on
the last. Missing values are NaN and every function says what it does with them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

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
    "Coordination",
    "aggregate_arithmetic",
    "competition_rank",
    "coupling_coordination",
    "critic_weights",
    "entropy_weights",
    "normalise_minmax",
    "standardise",
    "topsis",
    "weight_critic",
    "weight_entropy",
    "weight_equal",
]


def _directions(direction: ArrayLike | None, count: int) -> Array:
    if direction is None:
        return np.ones(count)
    signs = as_array(direction)
    if signs.shape != (count,) or not bool(np.all(np.abs(signs) == 1.0)):
        raise ValueError(f"direction must be {count} values of 1 or -1")
    return signs


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
    signed = v * _directions(direction, v.shape[-1])
    # fmin and fmax pass over NaN and, unlike nanmin, say nothing when all are NaN.
    least = np.fmin.reduce(signed, axis=-2, keepdims=True)
    most = np.fmax.reduce(signed, axis=-2, keepdims=True)
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


def weight_equal(values: ArrayLike) -> Array:
    """Give every indicator the same weight: ``w[j] = 1 / J``.

    ``values`` has shape (..., U, J), of which only J matters here; returns shape (..., J).
    """
    v = as_array(values, 2)
    return np.full((*v.shape[:-2], v.shape[-1]), 1.0 / v.shape[-1])


def weight_entropy(values: ArrayLike, *, missing: Missing = "propagate") -> Array:
    """Entropy weights: an indicator weighs more the more unequally it is spread over the units.

    ``p[r,j] = v[r,j] / sum_r v[r,j]``; ``e[j] = -1/ln(U) sum_r p ln p`` with 0 ln 0 = 0;
    ``w[j] = (1 - e[j]) / sum_k (1 - e[k])``

    Parameters
    ----------
    values
        v, shape (..., U, J), zero or more; usually normalised. To pool years put their units one
        below the other: weights of one year alone depend strongly on the sample.
    missing
        ``propagate``: an indicator with a missing value has no weight, and then none has (NaN).
        ``skip``: its entropy is that of its known values, U being their number.

    Returns
    -------
    Array
        Shape (..., J), zero or more, adding to one. An indicator that is the same everywhere
        weighs nothing. NaN if all are the same everywhere (0/0), if there is one unit (ln 1 = 0),
        and if an indicator is zero everywhere (0/0): drop it first.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    Shannon, C. E. (1948), A Mathematical Theory of Communication, Bell System Technical Journal
    27. As a weighting of criteria: Zeleny, M. (1982), Multiple Criteria Decision Making,
    McGraw-Hill, New York.

    Examples
    --------
    >>> weight_entropy([[1.0, 1.0], [1.0, 0.0]]).tolist()
    [0.0, 1.0]
    """
    v = as_array(values, 2)
    require_non_negative(v)
    p = ratio(v, total(v, -2, missing))
    known = ~np.isnan(v) if missing == "skip" else np.ones(v.shape, dtype=bool)
    terms = np.where(known, p * np.log(np.where(p > 0.0, p, 1.0)), 0.0)
    units = np.maximum(known.sum(axis=-2), 1)
    spread = np.maximum(1.0 + ratio(terms.sum(axis=-2), np.log(units)), 0.0)
    # Equal values leave a spread of rounding only: such an indicator weighs nothing at all.
    same = np.fmax.reduce(p, axis=-2) == np.fmin.reduce(p, axis=-2)
    spread = np.where(same & ~np.isnan(spread), 0.0, spread)
    return ratio(spread, spread.sum(axis=-1, keepdims=True))


entropy_weights = weight_entropy


def weight_critic(values: ArrayLike) -> Array:
    """CRITIC weights: an indicator weighs more the more it varies and the less it repeats others.

    ``c[j] = s[j] sum_k (1 - corr[j,k])``; ``w[j] = c[j] / sum_k c[k]``

    Parameters
    ----------
    values
        v, shape (..., U, J); normalised, since the deviation s depends on the scale.

    Returns
    -------
    Array
        Shape (..., J), zero or more, adding to one. A missing value, or an indicator that is the
        same everywhere (its correlation is 0/0), makes all weights NaN: drop it first. So does a
        single indicator, and indicators that all repeat one another (0/0).

    References
    ----------
    Diakoulaki, D., Mavrotas, G. and Papayannakis, L. (1995), Determining objective weights in
    multiple criteria problems: the CRITIC method, Computers & Operations Research 22(7), 763-770.
    """
    v = as_array(values, 2)
    centred = v - v.mean(axis=-2, keepdims=True)
    varies = v.max(axis=-2, keepdims=True) > v.min(axis=-2, keepdims=True)
    length = np.where(varies, np.sqrt((centred**2).sum(axis=-2, keepdims=True)), v[..., :1, :] * 0)
    unit = ratio(centred, length)
    correlation = np.clip(np.swapaxes(unit, -1, -2) @ unit, -1.0, 1.0)
    conflict = (1.0 - correlation).sum(axis=-1)
    # Perfect repetition leaves rounding only.
    conflict = np.where(conflict < 1e-12, 0.0, conflict)
    content = length[..., 0, :] * conflict
    return ratio(content, content.sum(axis=-1, keepdims=True))


critic_weights = weight_critic


def aggregate_arithmetic(
    values: ArrayLike, weights: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Weighted arithmetic mean over the indicators.

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
    v = as_array(values, 2)
    w = np.ones(v.shape[-1]) if weights is None else as_array(weights)
    if w.shape[-1] != v.shape[-1]:
        raise ValueError(f"{w.shape[-1]} weights for {v.shape[-1]} indicators")
    require_non_negative(w, "weights")
    known = ~np.isnan(v)
    each = np.broadcast_to(w[..., None, :], v.shape)
    counted = np.where(known, each, 0.0) if missing == "skip" else each
    return ratio(total(v * each, -1, missing), total(counted, -1))[..., 0]


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
    t = ratio(v, length) * scale * _directions(direction, v.shape[-1])
    to_best = np.sqrt(((t.max(axis=-2, keepdims=True) - t) ** 2).sum(axis=-1))
    to_worst = np.sqrt(((t - t.min(axis=-2, keepdims=True)) ** 2).sum(axis=-1))
    return ratio(to_worst, to_best + to_worst)


class Coordination(NamedTuple):
    """What :func:`coupling_coordination` returns; each of shape (...)."""

    coupling: Array
    development: Array
    coordination: Array


def coupling_coordination(
    subsystems: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    kind: Literal["classic", "modified"] = "classic",
) -> Coordination:
    """Coupling degree C, development T and coordination degree D of n subsystems.

    ``T = sum_i w[i] U[i]``, ``D = sqrt(C T)`` and

    - classic: ``C = n (prod_i U[i])^(1/n) / sum_i U[i]``
    - modified: ``C = sqrt((1 - m) (prod_i U[i] / max U)^(1/(n-1)))`` with m the mean of
      ``|U[i] - U[k]|`` over pairs, as the form of Wang et al. (2021) is usually quoted; not
      checked against the paper's text.

    Parameters
    ----------
    subsystems
        U, shape (..., n), each between 0 and 1.
    weights
        w, shape (n,), zero or more, scaled to add to one. Default: equal.
    kind
        Which coupling degree.

    Returns
    -------
    Coordination
        (coupling, development, coordination), each of shape (...) and between 0 and 1. C is 0 when
        one subsystem is 0 and NaN when all are (0/0), when one is unknown, or when n = 1 in the
        modified form. In the classic form equal subsystems give 1 however low they are.

    Raises
    ------
    ValueError
        If a value lies outside 0 to 1, a weight is negative or ``kind`` is another word.

    References
    ----------
    Wang, S., Kong, W., Ren, L., Zhi, D. and Dai, B. (2021), on the misuses of the coupling
    coordination degree model in China and its modification (in Chinese), Journal of Natural
    Resources 36(3), 793-810.

    Examples
    --------
    >>> [round(part.item(), 4) for part in coupling_coordination([0.9, 0.4])]
    [0.9231, 0.65, 0.7746]
    """
    u = as_array(subsystems)
    if bool(np.any((u < 0) | (u > 1))):
        raise ValueError("subsystems must lie between 0 and 1")
    n = u.shape[-1]
    w = np.ones(n) if weights is None else as_array(weights)
    development = aggregate_arithmetic(u[..., None, :], w)[..., 0]
    if kind == "classic":
        coupling = ratio(n * u.prod(axis=-1) ** (1.0 / n), u.sum(axis=-1))
    elif kind == "modified":
        ascending = np.sort(u, axis=-1)
        factors = 2.0 * np.arange(n) - (n - 1)  # sum over pairs of |difference|, sorted
        apart = ratio((ascending * factors).sum(axis=-1), n * (n - 1) / 2)
        relative = ratio(u, u.max(axis=-1, keepdims=True)).prod(axis=-1)
        coupling = np.sqrt((1.0 - apart) * relative ** ratio(1.0, float(n - 1)))
    else:
        raise ValueError(f"kind must be 'classic' or 'modified', not {kind!r}")
    coupling = np.clip(coupling, 0.0, 1.0)
    return Coordination(coupling, development, np.sqrt(coupling * development))
