"""What regions make, shared out over the places inside them, with every regional total kept.

The allocation is the one of least information beyond the prior: of all tables with the stated
sums it is nearest to the prior in the sense of Kullback and Leibler. Without sums of places that
is the prior's own shares; with them it is found by iterative proportional fitting (Csiszar 1975,
Annals of Probability 3(1), p. 155).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array

__all__ = ["Allocation", "allocate", "allocation_errors", "spread_errors"]

_TOLERANCE: Final = 1e-10
_ROUNDS: Final = 5000


@dataclass(frozen=True, eq=False)
class Allocation:
    """What places make of each industry, and what could not be placed.

    ``values`` (P, I) is NaN where ``unplaced`` (R, I) is true for the place's region: the region
    has something of the industry and no place of it has a prior. ``gap`` (P,) is what a place's
    sum misses of the one asked for, relative to it: 0 where the two sets of sums can be met.
    """

    values: Array
    unplaced: NDArray[np.bool_]
    gap: Array


def _checked(
    totals: ArrayLike, region: ArrayLike, prior: ArrayLike
) -> tuple[Array, NDArray[np.int64], Array]:
    x, q = np.asarray(totals, dtype=np.float64), np.asarray(prior, dtype=np.float64)
    home = np.asarray(region)
    if x.ndim != 2 or q.ndim != 2 or x.shape[1] != q.shape[1] or home.shape != (len(q),):
        raise ValueError(
            f"totals (R, I), region (P,), prior (P, I): {x.shape}, {home.shape}, {q.shape}"
        )
    if not np.issubdtype(home.dtype, np.integer) or ((home < 0) | (home >= len(x))).any():
        raise ValueError(f"region holds positions from 0 to {len(x) - 1}")
    if not np.isfinite(q).all() or (q < 0.0).any():
        raise ValueError("the prior must be finite, zero or more")
    return x, home.astype(np.int64), q


def allocate(
    totals: ArrayLike, region: ArrayLike, prior: ArrayLike, place_totals: ArrayLike | None = None
) -> Allocation:
    """Share regional totals out over places: ``y[p,i] = x[r,i] q[p,i] / sum over r of q[.,i]``.

    ``totals`` x (R, I); ``region`` (P,) the position of each place's region; ``prior`` q (P, I)
    zero or more, of any unit. Every region's total of every industry is reproduced. An unknown
    total (NaN) gives NaN in all places of the region; a total of zero gives zeros; where no place
    has a prior the total stays unplaced and is said (``Allocation.unplaced``).

    With ``place_totals`` (P,), what each place makes of all industries together in any unit, the
    table also has these row sums, scaled region by region to what is placed there; a region's
    places have all or none (NaN). Zeros of the prior stay zeros, so both sums may be impossible
    to meet: the regional totals then hold, and ``Allocation.gap`` says by how much places miss.

    Raises
    ------
    ValueError
        If shapes do not fit, a prior or place total is negative, or a region has some place
        totals only.

    Examples
    --------
    >>> allocate([[10.0, 6.0]], [0, 0], [[1.0, 2.0], [4.0, 1.0]]).values.tolist()
    [[2.0, 4.0], [8.0, 2.0]]
    """
    x, home, q = _checked(totals, region, prior)
    summed = np.zeros_like(x)
    np.add.at(summed, home, q)
    unplaced = (summed == 0.0) & (x != 0.0) & ~np.isnan(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(summed[home] > 0.0, q / summed[home], 0.0) * x[home]
    values[unplaced[home]] = np.nan
    gap = np.zeros(len(q))
    if place_totals is not None:
        wanted = np.asarray(place_totals, dtype=np.float64)
        if wanted.shape != (len(q),) or (wanted < 0.0).any():
            raise ValueError(f"place totals are {len(q)} numbers, zero or more")
        for code in np.unique(home):
            rows = np.flatnonzero(home == code)
            known = np.isfinite(wanted[rows])
            if known.any() and not known.all():
                raise ValueError(f"region {code}: {known.sum()} of {len(rows)} places have totals")
            if known.all():
                values[rows], gap[rows] = _fit(values[rows], wanted[rows])
    return Allocation(values, unplaced, gap)


def _fit(start: Array, wanted: Array) -> tuple[Array, Array]:
    """Fit one region's table to its row sums, column sums as they are; (values, gap)."""
    placed = np.nan_to_num(start)
    columns, size = placed.sum(axis=0), float(placed.sum())
    if not size > 0.0 or not wanted.sum() > 0.0:
        return start, np.zeros(len(start))
    rows = wanted * (size / wanted.sum())
    table = placed.copy()
    for _ in range(_ROUNDS):
        before = table
        for axis, sums in ((1, rows), (0, columns)):
            now = table.sum(axis=axis)
            with np.errstate(invalid="ignore", divide="ignore"):
                factor = np.where(now > 0.0, sums / now, 0.0)
            table = table * np.expand_dims(factor, axis)
        if np.abs(table - before).max() <= _TOLERANCE * size:
            break
    # Rounding is taken from the last step, so that column sums hold as well as before.
    found = table.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(rows > 0.0, found / rows - 1.0, 0.0)
    table[np.isnan(start)] = np.nan
    return table, np.asarray(gap, dtype=np.float64)


def allocation_errors(totals: ArrayLike, prior: ArrayLike) -> Array:
    """Log errors of sharing the whole's total out over its regions by the prior, (R, I).

    ``e[r,i] = ln x[r,i] - ln(X[i] q[r,i] / Q[i])`` with X and Q sums over the regions that have
    both: what the same rule does one level up, where the truth is known. NaN where x or q is zero
    or unknown.
    """
    x, q = np.asarray(totals, dtype=np.float64), np.asarray(prior, dtype=np.float64)
    if x.shape != q.shape or x.ndim != 2:
        raise ValueError(f"totals and prior are (R, I) both: {x.shape}, {q.shape}")
    there = (x > 0.0) & (q > 0.0)
    whole = np.where(there, x, 0.0).sum(axis=0)
    weight = np.where(there, q, 0.0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.log(x) - np.log(whole * q / weight)
    return np.where(there, error, np.nan)


def spread_errors(errors: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """Spread of the errors of all *other* regions about their mean, (R, I).

    ``s[r,i]^2 = n / (n - 1) sum over t != r of w[t,i] (e[t,i] - m)^2 / sum of w``, m their weighted
    mean, n their number, w 1 where it is not given: what is expected for a region that the figure
    has not seen. Weighted by activity it is the error where the activity is. The common level
    drops out because every regional total is reproduced. NaN with fewer than three others.
    """
    e = np.asarray(errors, dtype=np.float64)
    w = np.ones_like(e) if weights is None else np.asarray(weights, dtype=np.float64)
    if e.ndim != 2 or w.shape != e.shape:
        raise ValueError(f"errors and weights are (R, I) both: {e.shape}, {w.shape}")
    known = np.isfinite(e) & (w > 0.0)
    value, mass = np.where(known, e, 0.0), np.where(known, w, 0.0)
    number = known.sum(axis=0) - known
    whole = mass.sum(axis=0) - mass
    first = (mass * value).sum(axis=0) - mass * value
    second = (mass * value**2).sum(axis=0) - mass * value**2
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (second / whole - (first / whole) ** 2) * number / (number - 1)
    return np.where(number >= 3, np.sqrt(np.maximum(variance, 0.0)), np.nan)
