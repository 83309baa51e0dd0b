"""Balancing of arrays with negative entries (GRAS)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array

__all__ = ["gras"]


def gras(
    prior: ArrayLike,
    row_totals: ArrayLike,
    column_totals: ArrayLike,
    tolerance: float = 1e-8,
    max_iterations: int = 10_000,
) -> Array:
    """Balance a matrix that may have negative entries to row and column totals (GRAS).

    With ``X0 = P - Q``, both zero or more, ``X = diag(r) P diag(s) - diag(1/r) Q diag(1/s)``:
    every entry keeps its sign and zeros stay zero. Without negatives this is RAS. Each factor
    solves ``p r^2 - u r - q = 0``.

    Parameters
    ----------
    prior
        X0, shape (N, M), finite.
    row_totals, column_totals
        u and v, shapes (N,) and (M,), any sign, with equal sums.
    tolerance
        Largest accepted gap between a sum and its total, relative to the largest total in size.
    max_iterations
        Most rounds (one row and one column scaling each).

    Raises
    ------
    ValueError
        If shapes do not fit, a value is not finite, the sums of the totals differ, or a row or
        column cannot reach its total with the signs it has (named, 0-based).
    ArithmeticError
        If the totals are not met in ``max_iterations``; says which row is worst and by how much.

    References
    ----------
    Junius, T. & Oosterhaven, J. (2003), Economic Systems Research 15(1): 87-96; Lenzen, M.,
    Wood, R. & Gallego, B. (2007), 19(4): 461-465.

    Examples
    --------
    >>> gras([[1.0, 1.0], [1.0, 1.0]], [3.0, 1.0], [2.0, 2.0]).round(6).tolist()
    [[1.5, 1.5], [0.5, 0.5]]
    """
    x0, u, v = as_array(prior, 2), as_array(row_totals), as_array(column_totals)
    _check(x0, u, v, tolerance)
    scale = float(max(np.abs(u).max(initial=0.0), np.abs(v).max(initial=0.0)))
    if scale == 0.0:
        scale = float(np.abs(x0).max(initial=0.0)) or 1.0
    plus, minus = np.maximum(x0, 0.0) / scale, np.maximum(-x0, 0.0) / scale
    u, v = u / scale, v / scale
    s = np.ones(x0.shape[1])
    gap = np.full(x0.shape[0], np.inf)
    for _ in range(max_iterations):
        r = _factor(plus @ s, minus @ (1.0 / s), u)
        s = _factor(r @ plus, (1.0 / r) @ minus, v)
        gap = np.abs(r * (plus @ s) - (minus @ (1.0 / s)) / r - u)
        if gap.max(initial=0.0) <= tolerance:
            result: Array = scale * (r[:, None] * plus * s - minus / (r[:, None] * s))
            return result
    worst = int(gap.argmax())
    raise ArithmeticError(
        f"GRAS did not reach the totals in {max_iterations} rounds: row {worst} is off by "
        f"{gap[worst]:.3g} of the largest total (tolerance {tolerance:.3g})"
    )


def _factor(p: Array, q: Array, total: Array) -> Array:
    """Positive root of ``p r^2 - total r - q = 0``, without cancellation; 1 in an empty line."""
    root = np.sqrt(total**2 + 4.0 * p * q)
    with np.errstate(divide="ignore", invalid="ignore"):
        high = (total + root) / (2.0 * p)
        low = 2.0 * q / (root - total)
    found = np.where(total > 0.0, high, np.where(p > 0.0, np.where(q > 0.0, low, 1.0), low))
    result: Array = np.where((p == 0.0) & (q == 0.0), 1.0, found)
    return np.where(np.isfinite(result) & (result > 0.0), result, 1.0)


def _check(x0: Array, u: Array, v: Array, tolerance: float) -> None:
    if x0.ndim != 2 or u.shape != x0.shape[:1] or v.shape != x0.shape[1:]:
        raise ValueError(f"shapes do not fit: {x0.shape}, rows {u.shape}, columns {v.shape}")
    if not all(np.isfinite(part).all() for part in (x0, u, v)):
        raise ValueError("prior and totals must be finite")
    size = max(float(np.abs(u).sum()), float(np.abs(v).sum()))
    if abs(float(u.sum() - v.sum())) > tolerance * size:
        raise ValueError(f"totals differ: rows {u.sum():.6g}, columns {v.sum():.6g}")
    for name, axis, wanted in (("row", 1, u), ("column", 0, v)):
        impossible = ((wanted > 0) & ~(x0 > 0).any(axis)) | ((wanted < 0) & ~(x0 < 0).any(axis))
        one_sign = (wanted == 0) & ((x0 > 0).any(axis) != (x0 < 0).any(axis))
        bad = np.flatnonzero(impossible | one_sign)
        if bad.size:
            raise ValueError(f"{name} {bad[:5].tolist()} cannot reach its total with these signs")
