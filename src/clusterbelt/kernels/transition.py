"""What a region has to go by on its way into an industry: features of one year's activity.

Letters: R regions, I industries; x[r,i] activity, L location quotient, M presence (L > 1),
``s = L / (1 + L)`` in [0, 1) a quotient that a tiny industry cannot drive to the sky.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative
from clusterbelt.kernels.complexity import proximity, relatedness_density
from clusterbelt.kernels.specialisation import location_quotient

__all__ = ["industry_rate", "profile_similarity", "similar_outcomes", "transition_features"]

# Quotients below this count as this in logarithms.
FLOOR = 0.01


def _nearest(weights: Array, count: int) -> Array:
    """Keep the ``count`` largest weights of each row; of equals those that stand first."""
    count = min(count, weights.shape[1])
    order = np.argsort(-weights, axis=1, kind="stable")[:, :count]
    kept = np.zeros_like(weights)
    np.put_along_axis(kept, order, np.take_along_axis(weights, order, axis=1), axis=1)
    return kept


def _mean_over(values: Array, weights: Array) -> Array:
    """Weighted mean over industries: values (R, I), weights (I, I); zero without any weight."""
    return np.nan_to_num(ratio(values @ weights.T, weights.sum(axis=1)[None, :]))


def _squashed(activity: ArrayLike) -> tuple[Array, Array, Array]:
    x = as_array(activity, 2)
    if not np.isfinite(x).all():
        raise ValueError("activity must be finite: leave out regions without data")
    require_non_negative(x, "activity")
    quotient = np.nan_to_num(location_quotient(x))
    return x, quotient, quotient / (1.0 + quotient)


def profile_similarity(activity: ArrayLike) -> Array:
    """Cosine of the regions' profiles s over industries, (R, R), zero on the diagonal.

    ``c[p,q] = sum_i s[p,i] s[q,i] / (|s[p]| |s[q]|)`` with ``s = L / (1 + L)``; zero for a region
    without activity. Activity (R, I) must be finite and not negative.

    Raises
    ------
    ValueError
        If it is not.
    """
    s = _squashed(activity)[2]
    unit = np.nan_to_num(ratio(s, np.linalg.norm(s, axis=1, keepdims=True)))
    similar = unit @ unit.T
    np.fill_diagonal(similar, 0.0)
    return np.asarray(similar, dtype=np.float64)


def transition_features(
    activity: ArrayLike,
    *,
    neighbours: ArrayLike | None = None,
    levels: Mapping[str, Sequence[str]] | None = None,
    nearest: int = 20,
    floor: float = FLOOR,
) -> dict[str, Array]:
    """Features of every region x industry in one year, each (R, I), in a fixed order.

    ================== ==========================================================================
    log_lq             log(max(L, floor))
    present            1 where there is any activity
    size               log of the region's activity
    diversity          log(1 + number of industries with activity in the region)
    ubiquity           log(1 + number of regions with activity in the industry)
    concentration      log of the industry's Herfindahl sum over regions
    expected           log(x[r,.] x[.,i] / x[.,.]): what an even spread would give
    density            relatedness density over the ``nearest`` industries by proximity of M
    density_present    the same by proximity of presence (x > 0)
    colocation         mean of s over the ``nearest`` industries by correlation over regions
    similar_regions    mean of s in the ``nearest`` regions with the most similar profile
    neighbours         log of the quotient of all neighbours together (with ``neighbours``)
    siblings_<level>   mean of s over the other industries of the same class (one per level)
    ================== ==========================================================================

    Only this year's activity is used. ``neighbours`` (R, R) weights, zero on the diagonal; a
    region without neighbours gets zero, as if they were like the whole. ``levels`` gives
    the class of each industry. All sums that come to nothing give zero, never NaN; regions and
    industries without any activity are of no use and should be left out before.

    Raises
    ------
    ValueError
        If activity is not finite, negative, or shapes differ.

    Source: Hidalgo et al. (2007), Science 317, 482-487; Neffke, Henning and Boschma (2011),
    Economic Geography 87, 237-265, for relatedness in entry.
    """
    x, quotient, s = _squashed(activity)
    present = (x > 0).astype(np.float64)
    correlated = np.nan_to_num(_correlation(s))
    np.fill_diagonal(correlated, 0.0)
    similar = _nearest(profile_similarity(x), nearest)
    whole = np.ones_like(x)
    with np.errstate(divide="ignore"):
        size = np.log(x.sum(axis=1, keepdims=True))
        expected = size + np.log(x.sum(axis=0)[None, :] / x.sum())
        herfindahl = np.log(np.nan_to_num(ratio(x, x.sum(axis=0)[None, :]) ** 2).sum(axis=0))
    features = {
        "log_lq": np.log(np.maximum(quotient, floor)),
        "present": present,
        "size": size * whole,
        "diversity": np.log1p(present.sum(axis=1, keepdims=True)) * whole,
        "ubiquity": np.log1p(present.sum(axis=0)[None, :]) * whole,
        "concentration": herfindahl[None, :] * whole,
        "expected": expected,
        "density": _density((quotient > 1.0).astype(np.float64), nearest),
        "density_present": _density(present, nearest),
        "colocation": _mean_over(s, _nearest(np.maximum(correlated, 0.0), nearest)),
        "similar_regions": np.nan_to_num(ratio(similar @ s, similar.sum(axis=1, keepdims=True))),
    }
    if neighbours is not None:
        features["neighbours"] = _neighbours(x, as_array(neighbours, 2), floor)
    for level, classes in (levels or {}).items():
        name = np.asarray(classes)
        same = (name[:, None] == name[None, :]).astype(np.float64)
        np.fill_diagonal(same, 0.0)
        features[f"siblings_{level}"] = _mean_over(s, same)
    return features


def _correlation(s: Array) -> Array:
    centred = s - s.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    return ratio(centred.T @ centred, length[:, None] * length[None, :])


def _density(m: Array, nearest: int) -> Array:
    related = np.nan_to_num(proximity(m, threshold=0.5))
    np.fill_diagonal(related, 0.0)
    return np.nan_to_num(relatedness_density(m, _nearest(related, nearest), threshold=0.5))


def _neighbours(x: Array, weights: Array, floor: float) -> Array:
    if weights.shape != (x.shape[0],) * 2:
        raise ValueError(f"neighbours must be {(x.shape[0],) * 2}, got {weights.shape}")
    near = weights @ x
    share = ratio(near, near.sum(axis=1, keepdims=True))
    quotient = ratio(share, (x.sum(axis=0) / x.sum())[None, :])
    return np.where(np.isnan(quotient), 0.0, np.log(np.maximum(quotient, floor)))


def similar_outcomes(
    similarity: ArrayLike, outcome: ArrayLike, known: ArrayLike, *, nearest: int = 20
) -> Array:
    """Mean outcome of an industry in the most similar regions whose outcome is known.

    ``o[r,i] = sum_q c[r,q] y[q,i] / sum_q c[r,q]`` over the ``nearest`` regions q by similarity
    c (R, R) among those with ``known`` (R) true, r itself left out. Outcome y (R, I) of 0 and 1.
    A region held out of training must not be ``known``. Zero where nothing is similar.
    """
    c, y = as_array(similarity, 2).copy(), as_array(outcome, 2)
    np.fill_diagonal(c, 0.0)
    there = np.asarray(known, dtype=np.bool_)
    weights = _nearest(c[:, there], nearest)
    return np.nan_to_num(ratio(weights @ y[there], weights.sum(axis=1, keepdims=True)))


def industry_rate(
    outcome: ArrayLike, at_risk: ArrayLike, known: ArrayLike, *, prior: float = 20.0
) -> Array:
    """Log of each industry's rate of success among the cells at risk in the known regions, (I,).

    ``log((successes + prior * p) / (at risk + prior))`` with p the rate over all industries, so
    that an industry with few cells is drawn to the mean. Outcome and ``at_risk`` (R, I).
    """
    rows = np.asarray(known, dtype=np.bool_)
    risk = np.asarray(at_risk, dtype=np.bool_)[rows]
    success = (as_array(outcome, 2)[rows] > 0) & risk
    cells, hits = risk.sum(axis=0), success.sum(axis=0)
    p = ratio(hits.sum(), cells.sum())
    with np.errstate(divide="ignore"):
        return np.asarray(np.log((hits + prior * p) / (cells + prior)), dtype=np.float64)
