"""Audit of a composite index: do its parts hang together, and what does each really count?

v[r,j] is indicator j of unit r, shape (..., U, J), in one direction; the index is shape (..., U).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.composite_aggregate import aggregate_arithmetic, competition_rank
from clusterbelt.kernels.composite_normalise import normalise_rank

__all__ = ["correlations", "cronbach_alpha", "effective_weights", "left_out_changes"]


def correlations(
    values: ArrayLike,
    other: ArrayLike | None = None,
    *,
    kind: Literal["pearson", "spearman"] = "pearson",
) -> Array:
    """Correlate every indicator with every other, or with those of a second table.

    Parameters
    ----------
    values
        Shape (..., U, J).
    other
        Shape (..., U, K), scores of another level for instance. Default: ``values``.
    kind
        Of the values, or of their ranks (ties share the mean rank).

    Returns
    -------
    Array
        Shape (..., J, K), -1 to 1. Each pair over the units that have both; Spearman ranks the
        units that have the indicator. NaN with fewer than two units, or where one of the two does
        not vary (0/0).

    Raises
    ------
    ValueError
        If the units differ or ``kind`` is another word.
    """
    one = as_array(values, 2)
    two = one if other is None else as_array(other, 2)
    if one.shape[:-1] != two.shape[:-1]:
        raise ValueError(f"tables of shape {one.shape} and {two.shape} have other units")
    if kind == "spearman":
        one, two = normalise_rank(one), normalise_rank(two)
    elif kind != "pearson":
        raise ValueError(f"kind must be 'pearson' or 'spearman', not {kind!r}")
    a, b = one[..., :, None], two[..., None, :]
    both = ~np.isnan(a) & ~np.isnan(b)
    count = both.sum(axis=-3)
    gaps = []
    for part in (a, b):
        held = np.where(both, part, 0.0)
        mean = ratio(held.sum(axis=-3), count)[..., None, :, :]
        least = np.where(both, part, np.inf).min(axis=-3, keepdims=True)
        most = np.where(both, part, -np.inf).max(axis=-3, keepdims=True)
        gaps.append(np.where(both & (most > least), held - mean, 0.0))
    product = (gaps[0] * gaps[1]).sum(axis=-3)
    scale = np.sqrt((gaps[0] ** 2).sum(axis=-3) * (gaps[1] ** 2).sum(axis=-3))
    return np.clip(ratio(product, scale), -1.0, 1.0)


def cronbach_alpha(values: ArrayLike, *, standardised: bool = False) -> Array:
    """Cronbach's alpha: how far the indicators of a dimension measure one thing.

    ``alpha = J / (J - 1) (1 - sum_j var_j / var(sum_j v[.,j]))``; standardised:
    ``alpha = J m / (1 + (J - 1) m)`` with m the mean correlation of pairs

    Parameters
    ----------
    values
        v, shape (..., U, J), normalised and in one direction.
    standardised
        Whether every indicator has the same variance first.

    Returns
    -------
    Array
        Shape (...). At most 1; below 0 where indicators run against one another. 0.7 is often
        asked for. Over the units that have all indicators; NaN for a single indicator, for fewer
        than two such units, and where nothing varies (0/0).

    References
    ----------
    Cronbach, L. J. (1951), Coefficient alpha and the internal structure of tests, Psychometrika
    16(3), 297-334.

    Examples
    --------
    >>> cronbach_alpha([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]]).item()
    1.0
    """
    v = as_array(values, 2)
    count = v.shape[-1]
    whole = ~np.isnan(v).any(axis=-1, keepdims=True)
    held = np.where(whole, v, np.nan)
    if standardised:
        matrix = correlations(held)
        mean = ratio(matrix.sum(axis=(-1, -2)) - count, count * (count - 1))
        return ratio(count * mean, 1.0 + (count - 1) * mean)
    units = whole.sum(axis=-2)

    def variance(table: Array) -> Array:
        mean = ratio(np.where(whole, table, 0.0).sum(axis=-2), units)[..., None, :]
        return np.asarray(np.where(whole, (table - mean) ** 2, 0.0).sum(axis=-2))

    parts = variance(held).sum(axis=-1)
    joint = variance(held.sum(axis=-1, keepdims=True))[..., 0]
    if count == 1:
        return np.full(joint.shape, np.nan)
    found = count / (count - 1.0) * (1.0 - ratio(parts, joint))
    return np.where(np.isfinite(found), found, np.nan)


def effective_weights(
    values: ArrayLike, index: ArrayLike, *, kind: Literal["linear", "smooth"] = "linear"
) -> Array:
    """Return how much of the variance of the index each indicator accounts for by itself.

    ``linear``: ``S_j = corr(v[.,j], index)^2``; ``smooth``: the correlation ratio
    ``S_j = var(E[index | v_j]) / var(index)`` with the conditional mean from local straight lines
    (Gaussian kernel, bandwidth ``1.06 s_j n^(-1/5)``)

    Nominal weights say what an indicator is meant to count, these what it counts: an indicator
    with little variance, or that runs against the others, counts less than its weight.

    Parameters
    ----------
    values
        v, shape (..., U, J).
    index
        Score of each unit, shape (..., U).
    kind
        As above.

    Returns
    -------
    Array
        Main effects S, shape (..., J), 0-1; they do not add to one, for indicators overlap: divide
        by their sum to hold them against weights. Over the units that have both; NaN where one
        does not vary.

    Raises
    ------
    ValueError
        If ``kind`` is another word.

    References
    ----------
    Paruolo, P., Saisana, M. and Saltelli, A. (2013), Ratings and rankings: voodoo or science?,
    Journal of the Royal Statistical Society A 176(3), 609-634.
    """
    v, score = as_array(values, 2), as_array(index)
    if kind == "linear":
        return np.asarray(correlations(v, score[..., None])[..., 0] ** 2)
    if kind != "smooth":
        raise ValueError(f"kind must be 'linear' or 'smooth', not {kind!r}")
    found = np.full((*v.shape[:-2], v.shape[-1]), np.nan)
    for lead in np.ndindex(*v.shape[:-2], v.shape[-1]):
        series, target = v[(*lead[:-1], slice(None), lead[-1])], score[lead[:-1]]
        both = ~np.isnan(series) & ~np.isnan(target)
        x, y = series[both], target[both]
        if len(x) > 2 and x.max() > x.min() and y.max() > y.min():
            found[lead] = min(float(_local_mean(x, y).var() / y.var()), 1.0)
    return found


def _local_mean(x: Array, y: Array) -> Array:
    """Return the conditional mean of y at every x by local straight lines."""
    width = 1.06 * float(x.std()) * len(x) ** -0.2
    gap = x[None, :] - x[:, None]
    weight = np.exp(-0.5 * (gap / width) ** 2)
    zero, one, two = (np.asarray((weight * gap**power).sum(axis=1)) for power in (0, 1, 2))
    level, slope = weight @ y, (weight * gap) @ y
    spread = zero * two - one * one
    lines = ratio(two * level - one * slope, spread)
    return np.where(spread > 1e-9 * zero * zero * width**2, lines, level / zero)


def left_out_changes(
    values: ArrayLike, groups: ArrayLike | None = None, weights: ArrayLike | None = None
) -> Array:
    """Return how far ranks move when one indicator is left out, for every indicator and unit.

    The index is the arithmetic mean of the groups, and these of their indicators, with missing
    values left out; ``change[j,r] = rank without j - rank``, more than zero: the unit falls.

    Parameters
    ----------
    values
        v, shape (U, J), normalised, more is better.
    groups
        Group of each indicator, integers from 0, shape (J,). Default: every one by itself.
    weights
        Weight of each group, shape (G,). Default: equal.

    Returns
    -------
    Array
        Shape (J, U). An indicator with zeros only never matters. NaN for a unit without a rank.
        If the only indicator of a group goes, the group goes with it.
    """
    v = as_array(values, 2)
    count = v.shape[-1]
    of = np.arange(count) if groups is None else np.asarray(groups, dtype=np.int64)
    joint = np.ones(int(of.max()) + 1) if weights is None else as_array(weights)

    def ranks(table: Array) -> Array:
        parts = [
            aggregate_arithmetic(table[:, of == group], missing="skip")
            for group in range(len(joint))
        ]
        score = aggregate_arithmetic(np.stack(parts, axis=-1), joint, missing="skip")
        return competition_rank(np.round(score, 12))

    base = ranks(v)
    gone = [ranks(np.where(np.arange(count) == place, np.nan, v)) for place in range(count)]
    return np.stack(gone) - base
