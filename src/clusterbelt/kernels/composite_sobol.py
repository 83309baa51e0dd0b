"""Sobol shares: how much of the variance of a result each assumption accounts for.

Two independent samples A and B of all d assumptions, and for every assumption i a third, AB_i,
which is A with column i taken from B. From the model's results on them come the first-order share
(what would vanish from the variance if the assumption were known) and the total share (what would
be left if all others were known).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = ["SobolInterval", "SobolShares", "sobol_interval", "sobol_samples", "sobol_shares"]


class SobolShares(NamedTuple):
    """First-order and total shares, each (d, ...), and the variance they are shares of, (...)."""

    first: Array
    total: Array
    variance: Array


class SobolInterval(NamedTuple):
    """Shares pooled over results, (d,), and their bootstrap bounds, each (d,)."""

    first: Array
    first_low: Array
    first_high: Array
    total: Array
    total_low: Array
    total_high: Array


def sobol_samples(count: int, factors: int, rng: Generator) -> tuple[Array, Array, Array]:
    """Draw the samples: A and B of shape (N, d), AB of shape (d, N, d), uniform on 0 to 1."""
    first, second = rng.random((count, factors)), rng.random((count, factors))
    mixed = np.repeat(first[None], factors, axis=0)
    for place in range(factors):
        mixed[place, :, place] = second[:, place]
    return first, second, mixed


def _parts(a: Array, b: Array, mixed: Array) -> tuple[Array, Array, Array, Array]:
    """Return numerators of both shares per row (d, N, ...), the variance and its mean square."""
    middle = (a.mean(axis=0) + b.mean(axis=0)) / 2.0
    a, b, mixed = a - middle, b - middle, mixed - middle
    variance = ((a * a).mean(axis=0) + (b * b).mean(axis=0)) / 2.0
    return b * (mixed - a), (a - mixed) ** 2 / 2.0, variance, middle


def sobol_shares(a: ArrayLike, b: ArrayLike, mixed: ArrayLike) -> SobolShares:
    """Estimate first-order and total shares of variance.

    With f centred and V the variance over A and B together:
    ``S_i = mean(f(B) (f(AB_i) - f(A))) / V`` and ``T_i = mean((f(A) - f(AB_i))^2) / (2 V)``

    Parameters
    ----------
    a, b
        Results on A and B, shape (N, ...).
    mixed
        Results on the AB_i, shape (d, N, ...).

    Returns
    -------
    SobolShares
        (first, total, variance). A result that does not vary has NaN shares (0/0). Estimates of
        small shares may fall below zero, and first above total, by chance; they are not cut.

    Raises
    ------
    ValueError
        If shapes do not fit.

    References
    ----------
    Saltelli, A. et al. (2010), Variance based sensitivity analysis of model output, Computer
    Physics Communications 181(2), 259-270 (first order, eq. b of table 2); Jansen, M. J. W.
    (1999), Analysis of variance designs for model output, same journal 117, 35-43 (total).
    """
    one, two, both = as_array(a), as_array(b), as_array(mixed, 2)
    if one.shape != two.shape or both.shape[1:] != one.shape:
        raise ValueError(f"results of shape {one.shape}, {two.shape} and {both.shape} do not fit")
    first, total, variance, _ = _parts(one, two, both)
    return SobolShares(
        ratio(first.mean(axis=1), variance), ratio(total.mean(axis=1), variance), variance
    )


def sobol_interval(
    a: ArrayLike,
    b: ArrayLike,
    mixed: ArrayLike,
    rng: Generator,
    *,
    resamples: int = 200,
    level: float = 0.9,
) -> SobolInterval:
    """Pool shares over all results, weighted by their variance, with a bootstrap interval.

    ``S_i = sum_u V_u S_iu / sum_u V_u`` over the results u of shape (N, U): the share of all
    variance there is. Rows are drawn again with replacement ``resamples`` times; the interval holds
    the middle ``level`` of the estimates.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    one, two, both = as_array(a, 2), as_array(b, 2), as_array(mixed, 3)
    if one.shape != two.shape or both.shape[1:] != one.shape:
        raise ValueError(f"results of shape {one.shape}, {two.shape} and {both.shape} do not fit")
    middle = (one.mean(axis=0) + two.mean(axis=0)) / 2.0
    spread = (((one - middle) ** 2 + (two - middle) ** 2) / 2.0).sum(axis=1)
    rows = [_parts(one, two, part[None])[:2] for part in both]
    first = np.stack([part[0][0].sum(axis=1) for part in rows])
    total = np.stack([part[1][0].sum(axis=1) for part in rows])
    drawn = rng.integers(len(spread), size=(resamples, len(spread)))
    base = spread[drawn].mean(axis=1)
    ends = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    bounds = [_bounds(part, drawn, base, ends) for part in (first, total)]
    whole = float(spread.mean())
    return SobolInterval(
        ratio(first.mean(axis=1), whole), bounds[0][0], bounds[0][1],
        ratio(total.mean(axis=1), whole), bounds[1][0], bounds[1][1],
    )  # fmt: skip


def _bounds(
    rows: Array, drawn: NDArray[np.int64], base: Array, ends: list[float]
) -> tuple[Array, Array]:
    """Return the bounds of each share over the samples drawn again; NaN where nothing varies."""
    if not bool(np.all(base > 0.0)):
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    low, high = np.quantile(rows[:, drawn].mean(axis=2) / base, ends, axis=1)
    return low, high
