"""Regional input coefficients from a national table, without a survey (location quotients)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative

__all__ = ["cross_industry_quotient", "regional_coefficients", "regionalisation_quotient"]

Method = Literal["slq", "cilq", "flq", "aflq"]


def cross_industry_quotient(region: ArrayLike, nation: ArrayLike) -> Array:
    """Return the cross-industry location quotients of one region.

    ``CILQ[i, j] = (x_i / X_i) / (x_j / X_j)``, with SLQ_i on the diagonal: a product's own
    industry says nothing by comparison with itself.

    Parameters
    ----------
    region, nation
        x and X, output or employment by industry, shape (N,), zero or more.

    Returns
    -------
    Array
        Shape (N, N), selling industry in rows. 0/0 is NaN; a buyer without activity gives inf.

    Raises
    ------
    ValueError
        If shapes differ or a value is negative.
    """
    x, y = _activity(region, nation)
    share = ratio(x, y)
    quotient = ratio(share[:, None], share[None, :])
    np.fill_diagonal(quotient, ratio(share, ratio(x.sum(), y.sum())))
    return quotient


def regionalisation_quotient(
    region: ArrayLike, nation: ArrayLike, method: Method = "flq", delta: float | None = None
) -> Array:
    """Return the quotient that turns national into regional input coefficients, not yet capped.

    - ``slq``: ``(x_i / x) / (X_i / X)``, the same in every column.
    - ``cilq``: see ``cross_industry_quotient``.
    - ``flq``: ``CILQ * lambda``, ``lambda = (log2(1 + x / X)) ** delta``, SLQ on the diagonal.
    - ``aflq``: ``FLQ * log2(1 + SLQ_j)`` where ``SLQ_j > 1``, else FLQ.

    Parameters
    ----------
    region, nation
        Shape (N,), zero or more, the same unit.
    delta
        Exponent of FLQ and AFLQ, at least 0 and below 1. There is no default: studies differ.

    Returns
    -------
    Array
        Shape (N, N). 0/0 is NaN.

    Raises
    ------
    ValueError
        If shapes differ, a value is negative, the method is unknown, or delta is missing, out of
        range, or given to a method that has none.

    References
    ----------
    Flegg, A.T. & Webber, C.D. (1997), Regional Studies 31(8): 795-805; (2000), 34(6): 563-569.
    """
    x, y = _activity(region, nation)
    if method not in ("slq", "cilq", "flq", "aflq"):
        raise ValueError(f"method must be slq, cilq, flq or aflq, not {method!r}")
    flexible = method in ("flq", "aflq")
    if flexible and (delta is None or not 0.0 <= delta < 1.0):
        raise ValueError(f"{method} needs delta in [0, 1), got {delta}")
    if not flexible and delta is not None:
        raise ValueError(f"{method} has no delta")
    size = ratio(x.sum(), y.sum())
    simple = ratio(ratio(x, y), size)
    if method == "slq":
        return np.repeat(simple[:, None], len(x), axis=1)
    quotient = cross_industry_quotient(x, y)
    if flexible and delta is not None:
        quotient = quotient * np.log2(1.0 + size) ** delta
    if method == "aflq":
        factor = np.log2(1.0 + simple)
        with np.errstate(invalid="ignore"):  # a buyer without activity: inf times 0 is NaN
            raised = quotient * factor[None, :]
        quotient = np.where(simple[None, :] > 1.0, raised, quotient)
    return quotient


def regional_coefficients(national: ArrayLike, quotient: ArrayLike, cap: bool = True) -> Array:
    """Return regional input coefficients ``r_ij = a_ij * min(q_ij, 1)``.

    What is left, ``a_ij - r_ij``, is bought outside the region.

    Parameters
    ----------
    national
        A, shape (N, N), input of i per output of j from all the nation, zero or more.
    quotient
        q, shape (N, N), of ``regionalisation_quotient``. NaN gives NaN.
    cap
        Whether q above one counts as one. With False an AFLQ above one raises r above a.

    Raises
    ------
    ValueError
        If shapes differ or a coefficient is negative.
    """
    a, q = as_array(national, 2), as_array(quotient, 2)
    if a.shape != q.shape or a.shape[0] != a.shape[1]:
        raise ValueError(f"needs two square arrays of one shape, got {a.shape} and {q.shape}")
    require_non_negative(a, "national coefficients")
    result: Array = a * (np.minimum(q, 1.0) if cap else q)
    return result


def _activity(region: ArrayLike, nation: ArrayLike) -> tuple[Array, Array]:
    x, y = as_array(region), as_array(nation)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"region and nation need one shape (N,), got {x.shape} and {y.shape}")
    require_non_negative(x, "region")
    require_non_negative(y, "nation")
    return x, y
