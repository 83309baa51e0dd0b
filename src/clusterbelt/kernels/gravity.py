"""Flows between regions from margins: gravity prior and balancing of all products at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, require_non_negative

__all__ = ["balance_flows", "fit_decay", "gravity_prior", "net_transit"]

_STEEPEST = 5.0
_HALVINGS = 50


def gravity_prior(
    supply: ArrayLike, demand: ArrayLike, distance: ArrayLike, decay: ArrayLike
) -> Array:
    """Return unscaled flows ``supply[i, r] * demand[i, s] * d[r, s] ** -decay[i]``, none at home.

    Parameters
    ----------
    supply, demand
        What regions sell to and buy from other regions, shape (N, R), zero or more.
    distance
        Shape (R, R), positive off the diagonal, which is not read.
    decay
        Exponent by product, shape (N,) or one number, zero or more.

    Returns
    -------
    Array
        Shape (N, R, R), seller before buyer, zero on the diagonal. NaN stays NaN.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is negative or a distance off the diagonal not positive.
    """
    o, w, d = as_array(supply, 2), as_array(demand, 2), as_array(distance, 2)
    n, r = o.shape
    if w.shape != (n, r) or d.shape != (r, r):
        raise ValueError(f"shapes do not fit: {o.shape}, {w.shape}, {d.shape}")
    for values, what in ((o, "supply"), (w, "demand"), (as_array(decay, 0), "decay")):
        require_non_negative(values, what)
    away = ~np.eye(r, dtype=bool)
    if not bool((d[away] > 0.0).all()):
        raise ValueError("distance between two regions must be positive")
    logs = np.log(np.where(away, d, 1.0))
    b = np.broadcast_to(as_array(decay, 0), (n,))
    flows: Array = o[:, :, None] * w[:, None, :] * np.exp(-b[:, None, None] * logs)
    flows[:, ~away] = 0.0
    return flows


def balance_flows(
    prior: ArrayLike,
    supply: ArrayLike,
    demand: ArrayLike,
    tolerance: float = 1e-8,
    max_iterations: int = 10_000,
) -> tuple[Array, int]:
    """Balance N matrices at once by RAS: ``X_i = diag(r_i) X0_i diag(s_i)``.

    Parameters
    ----------
    prior
        Shape (N, R, S), zero or more.
    supply, demand
        Wanted sums over buyers (N, R) and over sellers (N, S), with equal sums for each product.
    tolerance
        Largest accepted gap, relative to the largest total of the product.

    Returns
    -------
    tuple
        The flows (N, R, S) and the rounds needed. A product without trade has zero flows.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is negative or not finite, or sums differ (products named).
    ArithmeticError
        If a product does not converge: names it, the seller that is worst, and the gap.
    """
    x, u, v = as_array(prior, 3), as_array(supply, 2), as_array(demand, 2)
    if u.shape != x.shape[:2] or v.shape != (x.shape[0], x.shape[2]):
        raise ValueError(f"shapes do not fit: {x.shape}, {u.shape}, {v.shape}")
    for values, what in ((x, "prior"), (u, "supply"), (v, "demand")):
        require_non_negative(values, what)
        if not bool(np.isfinite(values).all()):
            raise ValueError(f"{what} must be finite")
    scale = np.maximum(u.max(axis=1), v.max(axis=1))
    scale = np.where(scale > 0.0, scale, 1.0)
    u, v = u / scale[:, None], v / scale[:, None]
    bad = np.flatnonzero(np.abs(u.sum(axis=1) - v.sum(axis=1)) > tolerance)
    if bad.size:
        raise ValueError(f"supply and demand differ in products {bad[:5].tolist()}")
    peak = x.max(axis=(1, 2))
    x = x / np.where(peak > 0.0, peak, 1.0)[:, None, None]
    r, s, rounds = _scale_factors(x, u, v, tolerance, max_iterations)
    flows: Array = (r * scale[:, None])[:, :, None] * x * s[:, None, :]
    return flows, rounds


def fit_decay(flows: ArrayLike, distance: ArrayLike, tolerance: float = 1e-9) -> Array:
    """Estimate the exponent of distance from observed flows, by product.

    The exponent b of the doubly constrained gravity model ``T[r, s] = A[r] B[s] d[r, s] ** -b``
    that has the observed sums and the observed mean log distance. That is the maximum of the
    Poisson likelihood with effects of sellers and of buyers.

    Parameters
    ----------
    flows
        Shape (N, R, R), zero or more, seller before buyer; the diagonal is not read.
    distance
        Shape (R, R), positive off the diagonal.
    tolerance
        Of balancing, see ``balance_flows``.

    Returns
    -------
    Array
        Shape (N,), within 0 and 5. NaN where flows leave it open: no flows, fewer than three
        regions that trade, or all distances alike.

    Raises
    ------
    ValueError
        If shapes do not fit, or a flow is negative or not finite.

    References
    ----------
    Hyman, G.M. (1969), Environment and Planning 1(1): 105-112 (the mean trip cost decides the
    parameter); Santos Silva, J.M.C. & Tenreyro, S. (2006), Review of Economics and Statistics
    88(4): 641-658 (Poisson likelihood).
    """
    x, d = as_array(flows, 3).copy(), as_array(distance, 2)
    r = x.shape[1]
    if x.shape[1:] != (r, r) or d.shape != (r, r):
        raise ValueError(f"shapes do not fit: {x.shape}, {d.shape}")
    require_non_negative(x, "flows")
    if not bool(np.isfinite(x).all()):
        raise ValueError("flows must be finite")
    own = np.eye(r, dtype=bool)
    x[:, own] = 0.0
    logs = np.log(np.where(own, 1.0, d))
    supply, demand = x.sum(axis=2), x.sum(axis=1)
    wanted = (x * logs).sum(axis=(1, 2))
    low, high = np.zeros(len(x)), np.full(len(x), _STEEPEST)

    def moment(decay: Array) -> Array:
        model, _ = balance_flows(gravity_prior(supply, demand, d, decay), supply, demand, tolerance)
        found: Array = (model * logs).sum(axis=(1, 2))
        return found

    trading = ((supply + demand) > 0.0).sum(axis=1) > 2
    spread = moment(low) - moment(high)
    open_ = trading & (spread > 1e-9 * np.abs(wanted))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        far = moment(middle) > wanted  # the model trades too far: decay must be steeper
        low, high = np.where(far, middle, low), np.where(far, high, middle)
    return np.where(open_, (low + high) / 2.0, np.nan)


def _scale_factors(
    x: Array, u: Array, v: Array, tolerance: float, max_iterations: int
) -> tuple[Array, Array, int]:
    """Return the factors of rows and columns; products that have converged leave the work."""
    factors_r, factors_s = np.zeros_like(u), np.ones_like(v)
    left = np.arange(len(x))
    r, s = factors_r, factors_s.copy()
    row = np.matmul(x, s[:, :, None])[:, :, 0]
    gap, missed = np.full_like(u, np.inf), np.full_like(v, np.inf)
    for rounds in range(1, max_iterations + 1):
        r = _over(u, row)
        column = np.matmul(r[:, None, :], x)[:, 0, :]
        s = _over(v, column)
        row = np.matmul(x, s[:, :, None])[:, :, 0]
        gap, missed = np.abs(r * row - u), np.abs(s * column - v)
        done = np.maximum(gap.max(axis=1, initial=0.0), missed.max(axis=1, initial=0.0))
        open_ = ~(done <= tolerance)
        if 4 * int(open_.sum()) <= 3 * len(left):  # copying pays only for a real part
            factors_r[left], factors_s[left] = r, s
            if not open_.any():
                return factors_r, factors_s, rounds
            left, x, u, v, r, s, row, gap, missed = (
                part[open_] for part in (left, x, u, v, r, s, row, gap, missed)
            )
    product, seller = np.unravel_index(int(gap.argmax()), gap.shape)
    side, place, size = "seller", int(seller), float(gap.max(initial=0.0))
    if float(missed.max(initial=0.0)) > size:
        product, buyer = np.unravel_index(int(missed.argmax()), missed.shape)
        side, place, size = "buyer", int(buyer), float(missed.max())
    raise ArithmeticError(
        f"no balance in {max_iterations} rounds: product {left[int(product)]}, {side} {place} is "
        f"off by {size:.3g} of the product's largest total (tolerance {tolerance:.3g})"
    )


def net_transit(
    use: ArrayLike, output: ArrayLike, inward: ArrayLike, outward: ArrayLike
) -> tuple[Array, Array, Array]:
    """Take goods that only pass through out of trade: inward and outward fall by one amount.

    ``t = max(inward - use, outward - output, 0)``, never more than the smaller of the two flows.
    Because ``output + inward = use + outward`` in a balanced table both excesses are equal.

    Parameters
    ----------
    use, output, inward, outward
        Domestic use, output, all that comes in and all that goes out, of one shape.

    Returns
    -------
    tuple
        Inward and outward without transit, and the transit taken out. NaN stays NaN.

    Raises
    ------
    ValueError
        If an inward or outward flow is negative.
    """
    m, e = np.asarray(inward, float), np.asarray(outward, float)
    require_non_negative(m, "inward")
    require_non_negative(e, "outward")
    excess = np.maximum(m - np.asarray(use, float), e - np.asarray(output, float))
    transit = np.minimum(np.maximum(excess, 0.0), np.minimum(m, e))
    return m - transit, e - transit, transit


def _over(wanted: Array, found: Array) -> Array:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0.0)
