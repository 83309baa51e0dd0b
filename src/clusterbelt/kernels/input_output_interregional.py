"""Inter-regional systems: one factorisation for many questions, or none at all.

Letters: R regions, N industries; T (N, R, R) sourcing, ``T[i,r,s]`` the part of the use of product
i in region s that r sells; A (R, N, N) technical coefficients, ``A[s,i,j]`` product i of any
source per unit of output j in s. The inter-regional coefficients are
``M[(r,i),(s,j)] = T[i,r,s] A[s,i,j]``, sectors in the order region, then industry, and
``L = (I - M)^-1``. L is never formed. Up to a few thousand sectors M is factorised once
(:func:`factorise_leontief`); beyond that T and A are used as they are and memory grows with
``N R^2 + R N^2`` instead of ``(R N)^2``.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = [
    "BoundedMultipliers",
    "LeontiefFactors",
    "ReachEffects",
    "extraction_loss",
    "factorise_leontief",
    "ghosh_row_sums",
    "group_effects",
    "interregional_matrix",
    "interregional_multipliers",
    "solve_leontief",
]


class BoundedMultipliers(NamedTuple):
    """Multipliers of the shape of v, the largest possible error of each effect, the terms used."""

    values: Array
    bound: Array
    iterations: int


class LeontiefFactors(NamedTuple):
    """LU factors of I - M, as of :func:`factorise_leontief`."""

    lu: Array
    pivots: NDArray[np.int32]


class ReachEffects(NamedTuple):
    """Output that the demand for one group's products calls for, shape (G,) each, and (G, G)."""

    own: Array  # inside the group, as if there were no others
    feedback: Array  # inside the group, through others and back
    spillover: Array  # (G, G): group whose products are bought, group that makes more


def interregional_matrix(shares: ArrayLike, coefficients: ArrayLike) -> Array:
    """Return M, ``M[(r,i),(s,j)] = T[i,r,s] A[s,i,j]``, shape (R N, R N).

    For the sizes where a square matrix of R N sectors fits. NaN stays NaN.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    t, a = _system(shares, coefficients)
    n, r, _ = t.shape
    matrix: Array = np.einsum("irs,sij->risj", t, a).reshape(r * n, r * n)
    return matrix


def factorise_leontief(coefficients: ArrayLike) -> LeontiefFactors:
    """Factorise ``I - A`` once, for any number of solves in both directions.

    Parameters
    ----------
    coefficients
        A (or M), shape (n, n), finite.

    Raises
    ------
    ValueError
        If A is not square, not finite, or I - A is singular.
    """
    a = as_array(coefficients, 2)
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        raise ValueError(f"coefficients must be square, got shape {a.shape}")
    if not bool(np.isfinite(a).all()):
        raise ValueError("coefficients must be finite")
    with warnings.catch_warnings():
        warnings.simplefilter("error", scipy.linalg.LinAlgWarning)
        try:
            lu, pivots = scipy.linalg.lu_factor(
                np.eye(len(a)) - a, overwrite_a=True, check_finite=False
            )
        except (scipy.linalg.LinAlgWarning, scipy.linalg.LinAlgError) as error:
            raise ValueError("I - A is singular: a sector uses all it makes") from error
    return LeontiefFactors(lu, pivots)


def solve_leontief(
    factors: LeontiefFactors, right: ArrayLike, *, transposed: bool = False
) -> Array:
    """Return ``(I - A)^-1 b``, or ``(I - A')^-1 b`` when ``transposed``; b (n,) or (n, K).

    NaN in a column of b makes that column of the answer NaN.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    b = as_array(right)
    if b.shape[:1] != factors.pivots.shape or b.ndim > 2:
        raise ValueError(f"shapes do not fit: {factors.lu.shape}, {b.shape}")
    answer = scipy.linalg.lu_solve(factors, b, trans=1 if transposed else 0, check_finite=False)
    return np.asarray(answer, dtype=np.float64)


def interregional_multipliers(
    shares: ArrayLike,
    coefficients: ArrayLike,
    per_output: ArrayLike | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 10_000,
) -> BoundedMultipliers:
    """Total effect of one unit of final demand by region and industry, without forming M.

    ``m = v + M' v + M'^2 v + ...``, cut off after k terms. What is cut off is
    ``(I - M')^-1 M'^(k+1) v``. With ``u_k`` the same series of ones and ``e`` the largest of
    ``M'^(k+1) 1``, ``(I - M')^-1 1 <= u_k / (1 - e)``, so no value misses by more than

        bound = max |M'^(k+1) v| * max u_k / (1 - e)

    Parameters
    ----------
    shares, coefficients
        T (N, R, R) and A (R, N, N), zero or more.
    per_output
        v, shape (R, N) or (R, N, K), effect per unit of output. None means ones.
    tolerance
        Largest accepted bound, relative to the largest multiplier of the effect.
    max_iterations
        Most terms.

    Returns
    -------
    BoundedMultipliers
        Values of the shape of v; the bound of each effect, shape () or (K,), in its unit, rounding
        aside; the terms used.

    Raises
    ------
    ValueError
        If shapes do not fit, T or A is negative, a value is not finite, or the bound is not
        reached in ``max_iterations`` (the economy may use more than it makes).

    References
    ----------
    Series and bound: any text on M-matrices, for example Berman and Plemmons (1994), chapter 6.
    """
    t, a = _system(shares, coefficients)
    n, r, _ = t.shape
    v = np.ones((r, n)) if per_output is None else as_array(per_output)
    if v.shape[:2] != (r, n) or v.ndim > 3:
        raise ValueError(f"per_output must be shaped ({r}, {n}) or ({r}, {n}, K), not {v.shape}")
    if not all(bool(np.isfinite(part).all()) for part in (t, a, v)):
        raise ValueError("shares, coefficients and per_output must be finite")
    if bool((t < 0).any()) or bool((a < 0).any()):
        raise ValueError("shares and coefficients must be zero or more: no bound exists otherwise")
    wanted = v.reshape(r, n, -1)
    step = np.concatenate([np.ones((r, n, 1)), wanted], axis=2)
    total = step.copy()
    back, inputs = np.ascontiguousarray(t.transpose(0, 2, 1)), a.transpose(0, 2, 1)
    for iteration in range(1, max_iterations + 1):
        bought = np.matmul(back, step.transpose(1, 0, 2))  # (N, S, K): effect of one unit used
        step = np.matmul(inputs, bought.transpose(1, 0, 2))  # (S, N, K)
        left = float(step[:, :, 0].max(initial=0.0))
        if left < 1.0:
            reach = float(total[:, :, 0].max(initial=0.0)) / (1.0 - left)
            bound = np.abs(step[:, :, 1:]).max(axis=(0, 1)) * reach
            if bool((bound <= tolerance * np.abs(total[:, :, 1:]).max(axis=(0, 1))).all()):
                values = total[:, :, 1:].reshape(v.shape)
                return BoundedMultipliers(values, bound.reshape(v.shape[2:]), iteration)
        total += step
    raise ValueError(f"no convergence within {max_iterations} terms: {left:.3g} of a unit is left")


def ghosh_row_sums(factors: LeontiefFactors, output: ArrayLike) -> Array:
    """Row sums of the Ghosh inverse from the Leontief factors: ``(I - A)^-1 x / x``.

    With ``B = diag(x)^-1 A diag(x)`` the Ghosh inverse is ``diag(x)^-1 L diag(x)``, and its row
    sums are ``L x / x``: no second system is needed. A sector without output gives NaN.
    """
    x = as_array(output)
    return ratio(solve_leontief(factors, x), x)


def extraction_loss(factors: LeontiefFactors, output: ArrayLike, sectors: ArrayLike) -> Array:
    """Output lost by every sector when the named sectors stop altogether, from one factorisation.

    The sectors buy nothing, sell nothing and serve no final demand; what they sold is imported.
    With e the extracted and o the other sectors, ``loss[o] = L[o,e] L[e,e]^-1 x[e]`` and
    ``loss[e] = x[e]``: the columns of e are solved for, nothing is factorised anew.

    Parameters
    ----------
    factors
        Of :func:`factorise_leontief`.
    output
        x, shape (n,), the output before.
    sectors
        Extracted sectors, 0-based, each once.

    Returns
    -------
    Array
        Shape (n,), in the unit of output.

    References
    ----------
    Miller and Blair (2009), chapter 12; the partitioned inverse, appendix A.
    """
    x = as_array(output)
    cut = np.asarray(sectors, dtype=np.intp)
    units = np.zeros((len(x), len(cut)))
    units[cut, np.arange(len(cut))] = 1.0
    columns = solve_leontief(factors, units)
    loss: Array = columns @ np.linalg.solve(columns[cut], x[cut])
    loss[cut] = x[cut]
    return loss


def group_effects(
    matrix: ArrayLike, factors: LeontiefFactors, demand: ArrayLike, groups: ArrayLike
) -> ReachEffects:
    """Split the output that demand for each group's products calls for: own, feedback, spillover.

    For group g with its part of the demand ``y_g``: ``own = (I - M_gg)^-1 y_g``, the group on its
    own; ``feedback = (L y_g)_g - own``, what comes back through others; ``spillover[g,h] =
    (L y_g)_h``, what others make (its diagonal is zero). Their sum is all output called for.

    Parameters
    ----------
    matrix, factors
        M (n, n) and its factors.
    demand
        y, shape (n,).
    groups
        Group of each sector, shape (n,), 0 to G - 1; each group has a sector.

    Returns
    -------
    ReachEffects
        Sums over sectors, in the unit of demand. One group has no spillover and no feedback.

    References
    ----------
    Miller and Blair (2009), chapters 3 and 6; Round (1985) on feedback effects.
    """
    m, y = as_array(matrix, 2), as_array(demand)
    of = np.asarray(groups, dtype=np.intp)
    count = int(of.max()) + 1
    inside = of[:, None] == np.arange(count)
    called = solve_leontief(factors, np.where(inside, y[:, None], 0.0))
    arrived = inside.T.astype(np.float64) @ called  # (receiving group, demanded group)
    own = np.empty(count)
    for group in range(count):
        part = np.flatnonzero(inside[:, group])
        system = np.eye(len(part)) - m[np.ix_(part, part)]
        own[group] = np.linalg.solve(system, y[part]).sum()
    spillover = arrived.T.copy()
    feedback = np.diag(spillover) - own
    np.fill_diagonal(spillover, 0.0)
    return ReachEffects(own, feedback, spillover)


def _system(shares: ArrayLike, coefficients: ArrayLike) -> tuple[Array, Array]:
    t, a = as_array(shares, 3), as_array(coefficients, 3)
    n, r = t.shape[:2]
    if t.shape != (n, r, r) or a.shape != (r, n, n):
        raise ValueError(f"shapes do not fit: shares {t.shape}, coefficients {a.shape}")
    return t, a
