"""Linkages, extraction, value added in trade, and decomposition of an input-output system.

Letters: Z intermediate flows (seller in the row), A = Z diag(x)^-1 technical coefficients,
B = diag(x)^-1 Z allocation coefficients, x output, y final demand. Systems are solved, never
inverted. NaN anywhere in a system makes every result of that system NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "backward_linkages",
    "forward_linkages",
    "hypothetical_extraction",
    "interregional_solve",
    "sensitivity_of_dispersion",
    "structural_decomposition",
    "value_added_in_trade",
]

Array = NDArray[np.float64]


def _system(matrix: ArrayLike) -> Array:
    a = np.asarray(matrix, dtype=np.float64)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise ValueError(f"coefficients must be shaped (..., N, N), not {a.shape}")
    return np.eye(a.shape[-1]) - a


def _solve(matrix: Array, right: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0], dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise ValueError("the system is singular: a group of sectors has no net output") from error


def _sums(matrix: Array) -> Array:
    return _solve(matrix, np.ones(matrix.shape[:-1]))


def _normalised(values: Array, normalise: bool) -> Array:
    return values / values.mean(axis=-1, keepdims=True) if normalise else values


def backward_linkages(coefficients: ArrayLike, normalise: bool = True) -> Array:
    """Column sums of (I - A)^-1; normalised: Rasmussen's power of dispersion (mean 1).

    ``coefficients`` is A, shape (..., N, N); the result is (..., N). One sector gives 1. The
    direct linkage of Chenery and Watanabe is the column sum of A. Raises ValueError on a matrix
    that is not square or a singular system. Source: Miller and Blair (2009), chapter 12.
    """
    return _normalised(_sums(np.swapaxes(_system(coefficients), -1, -2)), normalise)


def sensitivity_of_dispersion(coefficients: ArrayLike, normalise: bool = True) -> Array:
    """Row sums of (I - A)^-1; normalised: Rasmussen's sensitivity of dispersion (mean 1).

    Shapes and errors as in ``backward_linkages``. Source: Miller and Blair (2009), chapter 12.
    """
    return _normalised(_sums(_system(coefficients)), normalise)


def forward_linkages(allocation: ArrayLike, normalise: bool = True) -> Array:
    """Row sums of the Ghosh inverse (I - B)^-1; normalised to mean 1.

    ``allocation`` is B = Z[i,j] / x[i], shape (..., N, N); the result is (..., N). Errors as in
    ``backward_linkages``. Source: Miller and Blair (2009), chapter 12.
    """
    return _normalised(_sums(_system(allocation)), normalise)


def hypothetical_extraction(
    coefficients: ArrayLike, final_demand: ArrayLike, sectors: ArrayLike, share: float = 1.0
) -> Array:
    """Output lost by every sector when the named sectors are cut off from all others.

    Purchases and sales of ``sectors`` (0-based) with the rest, and their final demand, shrink by
    ``share`` (0 to 1; 1 is complete extraction); their dealings among themselves shrink too.
    ``coefficients`` (..., N, N), ``final_demand`` (..., N); the result (..., N) is in the unit of
    final demand. Raises ValueError if the share is outside 0-1. Source: Miller and Blair (2009),
    chapter 12.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share must lie between 0 and 1, not {share}")
    a = np.asarray(coefficients, dtype=np.float64)
    y = np.asarray(final_demand, dtype=np.float64)
    inside = np.zeros(y.shape[-1], dtype=bool)
    inside[np.asarray(sectors, dtype=np.intp)] = True
    kept = np.where(inside, 1.0 - share, 1.0)
    cells = np.where(inside[:, None] | inside[None, :], 1.0 - share, 1.0)
    return _solve(_system(a), y) - _solve(_system(a * cells), y * kept)


def value_added_in_trade(
    coefficients: ArrayLike, value_added: ArrayLike, final_demand: ArrayLike
) -> Array:
    """Value added of every sector embodied in the final demand of every buyer.

    ``diag(v) (I - A)^-1 Y``: ``coefficients`` A (N, N), ``value_added`` v per unit of output (N,),
    ``final_demand`` Y (N, S) by buyer; the result (N, S) is in the unit of Y. Summed over buyers
    it is each sector's value added when Y holds all final demand. Source: Johnson and Noguera
    (2012), J. Int. Econ. 86(2).
    """
    v = np.asarray(value_added, dtype=np.float64)
    y = np.asarray(final_demand, dtype=np.float64)
    return np.asarray(v[:, None] * np.linalg.solve(_system(coefficients), y), dtype=np.float64)


def structural_decomposition(
    before: tuple[ArrayLike, ArrayLike], after: tuple[ArrayLike, ArrayLike]
) -> tuple[Array, Array]:
    """Change of output from technology and from final demand, as the mean of the two polar forms.

    Each pair is (A, y), shaped (..., N, N) and (..., N), in the same prices. The two parts, each
    (..., N), add up to x1 - x0 exactly: technology = (L1 - L0)(y0 + y1) / 2 and
    demand = (L0 + L1)(y1 - y0) / 2. Source: Dietzenbacher and Los (1998), Econ. Syst. Res. 10(4).
    """
    old, new = _system(before[0]), _system(after[0])
    y0 = np.asarray(before[1], dtype=np.float64)
    y1 = np.asarray(after[1], dtype=np.float64)
    x00, x01, x10, x11 = _solve(old, y0), _solve(old, y1), _solve(new, y0), _solve(new, y1)
    return (x10 - x00 + x11 - x01) / 2, (x01 - x00 + x11 - x10) / 2


def interregional_solve(
    shares: ArrayLike,
    coefficients: ArrayLike,
    final_demand: ArrayLike,
    tolerance: float = 1e-10,
    max_iterations: int = 10_000,
) -> Array:
    """Output of every region and industry, without forming the inter-regional matrix.

    Solves ``x[r,i] = sum_s T[i,r,s] * (sum_j A[s,i,j] x[s,j]) + y[r,i]`` by the power series.
    ``shares`` T (N, R, R): part of the use of i in s bought from r (columns sum to 1 or less);
    ``coefficients`` A (R, N, N): use of i per unit of output j in s, all sources;
    ``final_demand`` y (R, N). Memory is N R^2 + R N^2, not (R N)^2. Stops when the largest change
    of a step is at most ``tolerance`` times the largest output. Raises ValueError when that is
    not reached within ``max_iterations`` or a value is not finite.
    """
    t = np.asarray(shares, dtype=np.float64)
    a = np.asarray(coefficients, dtype=np.float64)
    step = np.array(final_demand, dtype=np.float64)
    if not all(np.isfinite(part).all() for part in (t, a, step)):
        raise ValueError("shares, coefficients and final demand must be finite")
    total = step.copy()
    for _ in range(max_iterations):
        use = np.matmul(a, step[:, :, None])[:, :, 0]
        step = np.matmul(t, use.T[:, :, None])[:, :, 0].T
        total += step
        if np.abs(step).max() <= tolerance * np.abs(total).max():
            return total
    raise ValueError(f"no convergence within {max_iterations} iterations")
