"""Spatial statistics with permutation: Moran, local Moran, Getis-Ord, false discovery, power.

Weights are a dense matrix W (R, R), zero or more; W[r,s] says how much s is a neighbour of r. The
diagonal is ignored except by Gi*, which adds a weight for the region itself. A region without
neighbours (an island) has no local statistic (NaN) and counts in the mean of a global one.

A value that is unknown makes a statistic unknown: leave such regions out first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = [
    "Alternative",
    "SpatialTest",
    "benjamini_hochberg",
    "contiguity_weights",
    "distance_weights",
    "getis_ord",
    "islands",
    "local_getis_ord",
    "local_moran",
    "moran",
    "moran_power",
    "row_standardise",
    "smallest_p",
]

Alternative = Literal["two-sided", "greater", "less"]


@dataclass(frozen=True)
class SpatialTest:
    """A statistic, what chance would give, and its pseudo p-value; scalars or shape (R,).

    ``expected`` and ``spread`` (standard deviation) are those of the permutations, ``z`` is
    (statistic - expected) / spread.
    """

    statistic: Array
    expected: Array
    spread: Array
    z: Array
    p_value: Array


def contiguity_weights(adjacency: ArrayLike) -> Array:
    """Return binary weights of a contiguity matrix (R, R): 1 for neighbours, 0 on the diagonal."""
    weights = (as_array(adjacency, 2) != 0.0).astype(np.float64)
    np.fill_diagonal(weights, 0.0)
    return _check_weights(weights)


def distance_weights(
    distance: ArrayLike,
    *,
    kind: Literal["band", "inverse", "nearest"] = "band",
    threshold: float = np.inf,
    power: float = 1.0,
    nearest: int = 1,
) -> Array:
    """Weights from distances or travel times, shape (R, R), zero on the diagonal.

    ``band``: 1 up to ``threshold``, else 0. ``inverse``: ``d ** -power`` up to ``threshold``.
    ``nearest``: 1 for the ``nearest`` closest regions (of equals the first), not symmetric.
    An unknown distance (NaN: no connection) gives weight 0. Distances need not be symmetric, as
    travel times are not. Unit: that of the threshold.

    Raises
    ------
    ValueError
        If a distance is negative, or zero between two regions with ``inverse``, or ``kind`` or
        ``nearest`` is out of range.
    """
    d = as_array(distance, 2).copy()
    _check_square(d)
    np.fill_diagonal(d, np.nan)
    if bool(np.any(d < 0.0)):
        raise ValueError("distances must not be negative")
    within = d <= threshold
    if kind == "band":
        return np.asarray(within, dtype=np.float64)
    if kind == "inverse":
        if bool(np.any(d == 0.0)):
            raise ValueError("two regions lie at distance zero: inverse distance is infinite")
        return np.asarray(np.where(within, np.where(within, d, 1.0) ** -power, 0.0))
    if kind != "nearest":
        raise ValueError(f"kind must be band, inverse or nearest, not {kind!r}")
    if not 1 <= nearest < d.shape[0]:
        raise ValueError(f"nearest must be 1 to {d.shape[0] - 1}, not {nearest}")
    order = np.argsort(np.where(within, d, np.inf), axis=1, kind="stable")[:, :nearest]
    weights = np.zeros_like(d)
    np.put_along_axis(weights, order, 1.0, axis=1)
    return np.asarray(np.where(within, weights, 0.0), dtype=np.float64)


def _check_square(weights: Array) -> None:
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
        raise ValueError(f"weights are square, got {weights.shape}")


def _check_weights(weights: ArrayLike) -> Array:
    w = as_array(weights, 2).copy()
    _check_square(w)
    np.fill_diagonal(w, 0.0)
    if not bool(np.isfinite(w).all()) or bool(np.any(w < 0.0)):
        raise ValueError("weights must be finite and zero or more")
    return w


def _check_values(values: ArrayLike, weights: Array) -> Array:
    x = as_array(values)
    if x.shape != (weights.shape[0],):
        raise ValueError(f"values have shape {x.shape}, weights {weights.shape}")
    return x


def islands(weights: ArrayLike) -> NDArray[np.bool_]:
    """Say which regions have no neighbour (a row of zeros), shape (R,)."""
    return np.asarray(~(_check_weights(weights) > 0.0).any(axis=1))


def row_standardise(weights: ArrayLike) -> Array:
    """Return weights whose rows add to one; the row of an island stays zero."""
    w = _check_weights(weights)
    sums = w.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(w, sums, out=np.zeros_like(w), where=sums > 0.0))


def _test(observed: Array, drawn: Array, alternative: Alternative) -> SpatialTest:
    """Compare with permutations along the first axis: ``(1 + number as extreme) / (1 + P)``."""
    count = drawn.shape[0]
    edge = 1e-12 * np.maximum(1.0, np.abs(observed))
    above = (drawn >= observed - edge).sum(axis=0)
    below = (drawn <= observed + edge).sum(axis=0)
    if alternative == "greater":
        extreme = above.astype(np.float64)
    elif alternative == "less":
        extreme = below.astype(np.float64)
    elif alternative == "two-sided":
        extreme = np.minimum(above, below).astype(np.float64)
    else:
        raise ValueError(f"alternative must be two-sided, greater or less, not {alternative!r}")
    sides = 2.0 if alternative == "two-sided" else 1.0
    p_value = np.minimum(1.0, sides * (extreme + 1.0) / (count + 1.0))
    expected, spread = drawn.mean(axis=0), drawn.std(axis=0)
    spread = np.where(spread <= 1e-12 * np.maximum(1.0, np.abs(expected)), 0.0, spread)
    z = np.where(spread > 0.0, ratio(observed - expected, spread), np.nan)
    unknown = ~np.isfinite(observed)
    return SpatialTest(
        np.asarray(observed),
        np.where(unknown, np.nan, expected),
        np.where(unknown, np.nan, spread),
        np.where(unknown, np.nan, z),
        np.where(unknown, np.nan, p_value),
    )


def _permuted(values: Array, permutations: int, seed: int) -> Array:
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1, not {permutations}")
    generator = np.random.default_rng(seed)
    return generator.permuted(np.tile(values, (permutations, 1)), axis=1)


def _deviations(values: Array) -> Array:
    if values.size == 0:
        return values.copy()
    z = values - values.mean(axis=-1, keepdims=True)
    size = np.abs(values).max(initial=0.0)
    apart = bool(np.abs(z).max(initial=0.0) > 1e-12 * size)
    return np.asarray(z if apart else np.full_like(z, np.nan))


def _moran_statistic(z: Array, weights: Array) -> Array:
    square = (z**2).sum(axis=-1)
    cross = ((z @ weights.T) * z).sum(axis=-1)
    return ratio(z.shape[-1] * cross, weights.sum() * square)


def moran(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> SpatialTest:
    """Moran's I with permutation of the values over the regions.

    ``I = (R / sum W) * sum_rs W[r,s] z[r] z[s] / sum_r z[r]^2``,  z the deviation from the mean

    Parameters
    ----------
    values
        Shape (R,).
    weights
        W, shape (R, R), used as given: row-standardise first if wanted.
    permutations, seed
        The smallest p-value is ``1 / (permutations + 1)``, twice that on two sides.

    Returns
    -------
    SpatialTest
        Scalars. NaN if a value is unknown, all are alike, or nobody has neighbours (0/0). In
        expectation over all permutations I is ``-1 / (R - 1)``.

    References
    ----------
    Moran, P. A. P. (1950), Notes on continuous stochastic phenomena, Biometrika 37, 17-23.

    Examples
    --------
    >>> line = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> float(moran([1.0, 2.0, 3.0, 4.0], line).statistic.round(4))
    0.3333
    """
    w = _check_weights(weights)
    z = _deviations(_check_values(values, w))
    drawn = _permuted(z, permutations, seed)
    return _test(_moran_statistic(z, w), _moran_statistic(drawn, w), alternative)


def getis_ord(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> SpatialTest:
    """Getis and Ord's general G: how much of all products of two regions' values are neighbours'.

    ``G = sum_{r != s} W[r,s] x[r] x[s] / sum_{r != s} x[r] x[s]``

    Values are zero or more and have a natural zero. Parameters and NaN as in :func:`moran`; the
    expectation is ``sum W / (R (R - 1))``. High: high values adjoin; low: low values do.

    References
    ----------
    Getis, A. and Ord, J. K. (1992), The analysis of spatial association by use of distance
    statistics, Geographical Analysis 24(3), 189-206.

    Examples
    --------
    >>> line = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> float(getis_ord([1.0, 2.0, 3.0], line).statistic.round(4))
    0.7273
    """
    w = _check_weights(weights)
    x = _check_values(values, w)
    if bool(np.any(x < 0.0)):
        raise ValueError("values of Getis-Ord statistics must not be negative")

    def statistic(rows: Array) -> Array:
        cross = ((rows @ w.T) * rows).sum(axis=-1)
        return ratio(cross, rows.sum(axis=-1) ** 2 - (rows**2).sum(axis=-1))

    return _test(statistic(x), statistic(_permuted(x, permutations, seed)), alternative)


def _conditional_sums(values: Array, weights: Array, permutations: int, seed: int) -> Array:
    """Return W[r,:] times the values of others drawn without replacement, shape (P, R).

    Region r keeps its value; the values of the other R - 1 regions are dealt to its neighbours
    anew. The same deals of positions serve every region.
    """
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1, not {permutations}")
    count = values.size
    generator = np.random.default_rng(seed)
    most = int((weights > 0.0).sum(axis=1).max(initial=0))
    deals = np.argsort(generator.random((permutations, max(count - 1, 0))), axis=1)[:, :most]
    sums = np.zeros((permutations, count))
    for region in range(count):
        own = weights[region][weights[region] > 0.0]
        others = np.delete(values, region)
        sums[:, region] = others[deals[:, : own.size]] @ own
    return sums


def local_moran(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> SpatialTest:
    """Local Moran with conditional permutation.

    ``I[r] = (R - 1) * z[r] * sum_s W[r,s] z[s] / sum_s z[s]^2``

    The region keeps its own value, the others are dealt anew. Shape (R,). NaN for islands, and
    throughout if a value is unknown or all are alike. How small a p-value can be depends on the
    number of neighbours: see :func:`smallest_p`.

    References
    ----------
    Anselin, L. (1995), Local indicators of spatial association - LISA, Geographical Analysis
    27(2), 93-115.
    """
    w = _check_weights(weights)
    z = _deviations(_check_values(values, w))
    factor = ratio((z.size - 1) * z, (z**2).sum())
    alone = islands(w)
    observed = np.where(alone, np.nan, factor * (w @ z))
    drawn = factor * _conditional_sums(z, w, permutations, seed)
    return _test(observed, drawn, alternative)


def local_getis_ord(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    star: bool = True,
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> SpatialTest:
    """Local Getis-Ord statistic Gi* (or Gi) with conditional permutation.

    ``Gi*[r] = (x[r] + sum_s W[r,s] x[s]) / sum_s x[s]``,
    ``Gi[r] = sum_s W[r,s] x[s] / sum_{s != r} x[s]``

    With row-standardised W, Gi* gives the region the weight 1 beside neighbours that share 1.
    Values are zero or more. Shape (R,). NaN for islands, and where the sum is zero (0/0).

    References
    ----------
    Ord, J. K. and Getis, A. (1995), Local spatial autocorrelation statistics: distributional
    issues and an application, Geographical Analysis 27(4), 286-306.
    """
    w = _check_weights(weights)
    x = _check_values(values, w)
    if bool(np.any(x < 0.0)):
        raise ValueError("values of Getis-Ord statistics must not be negative")
    own = x if star else np.zeros_like(x)
    whole = x.sum() if star else x.sum() - x
    alone = islands(w)
    observed = np.where(alone, np.nan, ratio(own + w @ x, whole))
    drawn = ratio(own + _conditional_sums(x, w, permutations, seed), whole)
    return _test(observed, drawn, alternative)


def benjamini_hochberg(p_values: ArrayLike) -> Array:
    """Adjusted p-values that control the false-discovery rate; shape as given, flat tests.

    ``q[(i)] = min over j >= i of m p[(j)] / j``, at most 1; m counts the known p-values. A NaN
    stays NaN and is no test.

    Raises
    ------
    ValueError
        If a p-value is outside 0 to 1.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, Journal of the
    Royal Statistical Society B 57(1), 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    p = np.asarray(p_values, dtype=np.float64)
    known = np.isfinite(p)
    if bool(np.any((p[known] < 0.0) | (p[known] > 1.0))):
        raise ValueError("p-values lie between 0 and 1")
    given = p[known]
    order = np.argsort(given, kind="stable")
    raw = given[order] * given.size / np.arange(1, given.size + 1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])
    found = np.full(p.shape, np.nan)
    found[known] = adjusted
    return found


def smallest_p(regions: int, neighbours: int) -> float:
    """Smallest one-sided p-value conditional permutation can give in the limit.

    ``1 / C(regions - 1, neighbours)``: the share of deals that give a region with equal weights
    its own set of neighbours, if all values differ. 1 with no neighbours or only neighbours.

    Examples
    --------
    >>> smallest_p(11, 3) == 1 / 120
    True
    """
    if not 0 <= neighbours < regions:
        raise ValueError(f"neighbours must be 0 to {regions - 1}, not {neighbours}")
    return 1.0 / comb(regions - 1, neighbours)


def moran_power(
    weights: ArrayLike,
    planted: ArrayLike,
    contrast: float,
    *,
    draws: int = 2000,
    level: float = 0.05,
    seed: int = 0,
) -> float:
    """Power of a one-sided Moran test against a planted group of regions.

    Values are independent standard normal; those of the ``planted`` regions (R,) are raised by
    ``contrast`` standard deviations. The critical value is the 1 - ``level`` quantile of I over
    as many draws without the contrast (for independent normal values I does not depend on their
    mean or variance, so this is the exact test up to the number of draws). The result is the
    share of draws above it; with contrast 0 about ``level``.
    """
    w = _check_weights(weights)
    raised = np.asarray(planted, dtype=np.bool_)
    if raised.shape != (w.shape[0],):
        raise ValueError(f"planted has shape {raised.shape}, weights {w.shape}")
    generator = np.random.default_rng(seed)

    def statistics(shift: float) -> Array:
        x = generator.standard_normal((draws, raised.size)) + shift * raised
        return _moran_statistic(x - x.mean(axis=1, keepdims=True), w)

    critical = float(np.quantile(statistics(0.0), 1.0 - level))
    return float((statistics(contrast) > critical).mean())
