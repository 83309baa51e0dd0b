"""Benefit of the doubt: every unit is weighed in the way that shows it best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from clusterbelt.kernels.arithmetic import Array, as_array, require_non_negative

__all__ = ["Benefit", "benefit_of_the_doubt"]


class Benefit(NamedTuple):
    """What :func:`benefit_of_the_doubt` returns: scores (..., U) and weights (..., U, J)."""

    score: Array
    weights: Array


def benefit_of_the_doubt(
    values: ArrayLike, least_share: ArrayLike | None = None, most_share: ArrayLike | None = None
) -> Benefit:
    """Score every unit with the weights most favourable to it (data envelopment analysis).

    For each unit r a linear programme, solved by HiGHS: maximise ``sum_j w[j] v[r,j]`` subject to
    ``sum_j w[j] v[s,j] <= 1`` for every unit s, ``w >= 0``, and with bounds on shares
    ``least[j] sum_k w[k] v[r,k] <= w[j] v[r,j] <= most[j] sum_k w[k] v[r,k]``

    Parameters
    ----------
    values
        v, shape (..., U, J), zero or more, more is better.
    least_share, most_share
        Bounds on the share of each indicator in the unit's own score, 0-1, one number or shape
        (J,). Default: none; then a unit that is best in a single indicator reaches 1 by it alone.

    Returns
    -------
    Benefit
        (score, weights): score 0-1, the share of its best possible benchmark; weights in the unit
        1 / v, not unique where the programme has several solutions. A unit with a missing value
        has NaN and is no benchmark; so is a unit for which no weights satisfy the bounds.

    Raises
    ------
    ValueError
        If a value is negative, or a bound lies outside 0 to 1 or the bounds cannot add to one.

    References
    ----------
    Cherchye, L., Moesen, W., Rogge, N. and Van Puyenbroeck, T. (2007), An introduction to benefit
    of the doubt composite indicators, Social Indicators Research 82(1), 111-145.

    Examples
    --------
    >>> benefit_of_the_doubt([[2.0, 1.0], [1.0, 2.0], [1.0, 1.0]]).score.round(4).tolist()
    [1.0, 1.0, 0.6667]
    """
    v = as_array(values, 2)
    require_non_negative(v)
    least, most = _bounds(least_share, 0.0, v.shape[-1]), _bounds(most_share, 1.0, v.shape[-1])
    if bool(np.any(least > most)) or least.sum() > 1.0 + 1e-12 or most.sum() < 1.0 - 1e-12:
        raise ValueError("bounds on shares must leave room for shares that add to one")
    bounded = least_share is not None or most_share is not None
    score = np.full(v.shape[:-1], np.nan)
    weights = np.full(v.shape, np.nan)
    for lead in np.ndindex(v.shape[:-2]):
        table = v[lead]
        whole = np.flatnonzero(~np.isnan(table).any(axis=1))
        if len(whole) == 0:
            continue
        # A common scale per indicator keeps the programme well conditioned.
        scale = np.where(table[whole].max(axis=0) > 0.0, table[whole].max(axis=0), 1.0)
        scaled = table[whole] / scale
        peers = _undominated(scaled)
        for unit, row in zip(whole, scaled, strict=True):
            found = _one(row, peers, least, most, bounded)
            if found is not None:
                weights[(*lead, unit)] = found / scale
                score[(*lead, unit)] = min(float(found @ row), 1.0)
    return Benefit(score, weights)


def _bounds(given: ArrayLike | None, default: float, count: int) -> Array:
    found = np.broadcast_to(np.asarray(default if given is None else given, float), (count,))
    if bool(np.any((found < 0.0) | (found > 1.0))):
        raise ValueError("bounds on shares must lie between 0 and 1")
    return found


def _undominated(table: Array) -> Array:
    """Return the units that no other exceeds in all: only they can bind, since w >= 0."""
    kept: list[Array] = []
    for row in table[np.argsort(-table.sum(axis=1), kind="stable")]:
        if not kept or not bool((np.array(kept) >= row).all(axis=1).any()):
            kept.append(row)
    return np.array(kept)


def _one(row: Array, peers: Array, least: Array, most: Array, bounded: bool) -> Array | None:
    limits, right = peers, np.ones(len(peers))
    if bounded:
        own = np.diag(row)
        rows = np.vstack([np.outer(least, row) - own, own - np.outer(most, row)])
        limits = np.vstack([peers, rows])
        right = np.concatenate([right, np.zeros(len(rows))])
    # An indicator that all others lack would be free of limits: hold it where it adds nothing.
    upper = [None if bool((peers[:, j] > 0.0).any()) else 0.0 for j in range(len(row))]
    found = linprog(-row, A_ub=limits, b_ub=right, bounds=[(0.0, most) for most in upper])
    if not found.success:
        return None
    weights = np.asarray(found.x, dtype=np.float64)
    return None if bounded and not float(weights @ row) > 0.0 else weights
