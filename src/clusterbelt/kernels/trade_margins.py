"""Margins of trade between regions: goods passing through, cross-hauling, reconciliation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, require_non_negative

__all__ = [
    "ThroughTrade",
    "cap_dominant",
    "cross_hauling_share",
    "net_through_trade",
    "reconcile_margins",
]

_HALVINGS = 80
_REACH = 60.0  # largest exponent: exp(60) changes any margin beyond sense


@dataclass(frozen=True)
class ThroughTrade:
    """Trade of N products in R regions without what only passes through; all (N, R).

    The last four are what was taken out: goods from and for other regions (``domestic``), imports
    for other regions (``imported``), other regions' exports (``exported``), imports that leave the
    nation again (``entrepot``).
    """

    exports: Array
    imports: Array
    outflow: Array
    inflow: Array
    domestic: Array
    imported: Array
    exported: Array
    entrepot: Array


def net_through_trade(
    use: ArrayLike,
    supply: ArrayLike,
    exports: ArrayLike,
    imports: ArrayLike,
    outflow: ArrayLike,
    inflow: ArrayLike,
) -> ThroughTrade:
    """Take out of trade what cannot be used or made in the region, four pairs in turn.

    ``t = max(imports + inflow - use, exports + outflow - supply, 0)`` is taken, as far as each
    pair reaches, from (inflow, outflow), (imports, outflow), (inflow, exports) and
    (imports, exports). Imports that went on to other regions are given to the regions that bought
    from others, in proportion to their inflow, which falls by as much; exports of other regions'
    goods are given to the regions that sold, in proportion to their outflow. So the nation's
    imports and exports change only by ``entrepot`` and by what finds no taker.

    Parameters
    ----------
    use, supply
        Use of the product in the region, and output less the discrepancy, shape (N, R), zero or
        more. In a balanced row ``supply + imports + inflow = use + exports + outflow``.
    exports, imports, outflow, inflow
        Shape (N, R), zero or more.

    Raises
    ------
    ValueError
        If shapes differ or a value is negative or not finite.
    """
    parts = [as_array(part, 2) for part in (use, supply, exports, imports, outflow, inflow)]
    names = ("use", "supply", "exports", "imports", "outflow", "inflow")
    for name, part in zip(names, parts, strict=True):
        if part.shape != parts[0].shape:
            raise ValueError(f"shapes differ: use {parts[0].shape}, {name} {part.shape}")
        require_non_negative(part, name)
        if not bool(np.isfinite(part).all()):
            raise ValueError(f"{name} must be finite")
    u, y, e, m, o, i = parts
    excess = np.maximum(np.maximum(m + i - u, e + o - y), 0.0)
    domestic = np.minimum(excess, np.minimum(i, o))
    i, o, excess = i - domestic, o - domestic, excess - domestic
    imported = np.minimum(excess, np.minimum(m, o))
    m, o, excess = m - imported, o - imported, excess - imported
    exported = np.minimum(excess, np.minimum(i, e))
    i, e, excess = i - exported, e - exported, excess - exported
    entrepot = np.minimum(excess, np.minimum(m, e))
    m, e = m - entrepot, e - entrepot
    bought = _spread(imported, i)
    sold = _spread(exported, o)
    return ThroughTrade(
        e + sold, m + bought, o - sold, i - bought, domestic, imported, exported, entrepot
    )


def _spread(amount: Array, room: Array) -> Array:
    """Give the sum of a product's amounts to regions in proportion to their room, at most all."""
    total = room.sum(axis=1, keepdims=True)
    given = np.minimum(amount.sum(axis=1, keepdims=True), total)
    share = np.divide(room, total, out=np.zeros_like(room), where=total > 0.0)
    result: Array = share * given
    return result


def cross_hauling_share(
    outflow: ArrayLike, inflow: ArrayLike, room: ArrayLike, sound: ArrayLike, quantile: ArrayLike
) -> Array:
    """Return how much of what a region could both sell and buy it does both sell and buy.

    The quantile over sound regions of ``min(outflow, inflow) / room``, by product.

    Parameters
    ----------
    outflow, inflow, room
        Shape (N, R); room is the smaller of what could leave and what could come.
    sound
        Shape (N, R), bool: regions that count. At least half of the regions with room must, else
        the product has no typical share and the result is zero.
    quantile
        Shape (...), within 0 and 1.

    Returns
    -------
    Array
        Shape (..., N), within 0 and 1.
    """
    o, i, w = as_array(outflow, 2), as_array(inflow, 2), as_array(room, 2)
    counts = np.asarray(sound, dtype=bool) & (w > 0.0)
    q = np.asarray(quantile, dtype=float)
    enough = 2 * counts.sum(axis=1) >= np.maximum((w > 0.0).sum(axis=1), 1)
    found = np.zeros((*q.shape, len(o)))
    for product in np.flatnonzero(enough):
        kept = counts[product]
        share = np.minimum(o[product], i[product])[kept] / w[product][kept]
        found[..., product] = np.quantile(np.minimum(share, 1.0), q)
    return found


def reconcile_margins(
    outflow: ArrayLike,
    inflow: ArrayLike,
    outflow_freedom: ArrayLike = 1.0,
    inflow_freedom: ArrayLike = 1.0,
    outflow_limit: ArrayLike = np.inf,
    inflow_limit: ArrayLike = np.inf,
    inflow_floor: ArrayLike = 0.0,
) -> tuple[Array, Array]:
    """Change what regions sell to and buy from each other until both add up to the same.

    Minimum relative change, weighted by reliability: minimise
    ``sum (O ln(O / O0) - O + O0) / a + sum (I ln(I / I0) - I + I0) / b`` subject to
    ``sum O = sum I``, ``O <= limit`` and ``floor <= I <= limit``. The answer is
    ``O = min(O0 exp(-l a), limit)``, ``I = min(max(I0 exp(l b), floor), limit)`` with one l per
    product. Where the floors add up to more than the limits of outflow allow, those limits are
    raised, all by one factor.

    Parameters
    ----------
    outflow, inflow
        O0 and I0, shape (..., R), zero or more. Zero stays zero.
    outflow_freedom, inflow_freedom
        a and b, broadcast to (..., R), zero or more: the less reliable, the larger. With 0 a
        margin stays as it is.
    outflow_limit, inflow_limit, inflow_floor
        Largest and smallest values, broadcast to (..., R).

    Returns
    -------
    tuple
        O and I, with equal sums over regions. Where one side is all zero both become zero.

    Raises
    ------
    ValueError
        If a value is negative or not finite, or no change within reason makes the sums equal.
    """
    o0, i0 = np.broadcast_arrays(as_array(outflow), as_array(inflow))
    for values, name in ((o0, "outflow"), (i0, "inflow")):
        require_non_negative(values, name)
        if not bool(np.isfinite(values).all()):
            raise ValueError(f"{name} must be finite")
    a, b = np.asarray(outflow_freedom, float), np.asarray(inflow_freedom, float)
    most = np.broadcast_to(np.asarray(outflow_limit, float), o0.shape)
    top = np.broadcast_to(np.asarray(inflow_limit, float), o0.shape)
    floor = np.minimum(np.broadcast_to(np.asarray(inflow_floor, float), o0.shape), top)
    traded = (np.minimum(o0, most).sum(axis=-1) > 0) & (np.minimum(i0, top).sum(axis=-1) > 0)
    keep = traded[..., None]
    o0, i0, floor = (np.where(keep, part, 0.0) for part in (o0, i0, floor))
    most = _raised(most, o0, floor)
    positive = np.concatenate([part[part > 0.0].ravel() for part in (a, b)])
    if positive.size == 0:
        raise ValueError("at least one margin must be free to change")

    def moved(step: Array) -> tuple[Array, Array]:
        size = step[..., None]
        fewer, more = (np.exp(np.clip(x, -_REACH, _REACH)) for x in (-size * a, size * b))
        return np.minimum(o0 * fewer, most), np.minimum(np.maximum(i0 * more, floor), top)

    low = np.full(o0.shape[:-1], -_REACH / float(positive.min()))
    high = -low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        o, i = moved(middle)
        above = o.sum(axis=-1) > i.sum(axis=-1)
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    o, i = moved((low + high) / 2.0)
    sums_o, sums_i = o.sum(axis=-1), i.sum(axis=-1)
    bad = np.argwhere(np.abs(sums_o - sums_i) > 1e-9 * np.maximum(sums_o, sums_i))
    if bad.size:
        raise ValueError(f"margins cannot be made equal in products {bad[:5].tolist()}")
    scale = np.divide(sums_o, sums_i, out=np.ones_like(sums_o), where=sums_i > 0.0)
    return o, i * scale[..., None]


def _raised(most: Array, outflow: Array, floor: Array) -> Array:
    """Raise limits so that what can be sold is a quarter above what must be bought."""
    room = np.where(outflow > 0.0, most, 0.0).sum(axis=-1, keepdims=True)
    wanted = 1.25 * floor.sum(axis=-1, keepdims=True)
    short = (room > 0.0) & (wanted > room)
    factor = np.divide(wanted, room, out=np.ones_like(room), where=short)
    result: Array = most * factor
    return result


def cap_dominant(
    outflow: ArrayLike, inflow: ArrayLike, share: float = 0.98, rounds: int = 50
) -> tuple[Array, Array, Array]:
    """Lower both margins of a region that would have to trade with itself.

    A region can sell no more than the others buy: ``O_r + I_r <= sum O``. Where it exceeds
    ``share`` of that, both are lowered by the same amount, so that its net trade stays. Where only
    two regions trade, each sells to the other and nothing is changed.

    Parameters
    ----------
    outflow, inflow
        Shape (..., R), zero or more, with equal sums.
    share
        Above 0, at most 1; below 1 leaves room for balancing to converge fast.
    rounds
        Most passes: lowering one region's trade lowers the total that the others are held to.

    Returns
    -------
    tuple
        Outflow, inflow, and by how much both were lowered.
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"share must be above 0 and at most 1, not {share}")
    o, i = as_array(outflow).copy(), as_array(inflow).copy()
    taken = np.zeros_like(o)
    many = ((o + i) > 0.0).sum(axis=-1, keepdims=True) > 2
    for _ in range(rounds):
        total = o.sum(axis=-1, keepdims=True)
        over = np.maximum(o + i - share * total, 0.0) / (2.0 - share)
        cut = np.where(many, np.minimum(over, np.minimum(o, i)), 0.0)
        if float(cut.sum()) <= 1e-13 * float(total.sum()):
            break
        o, i, taken = o - cut, i - cut, taken + cut
    return o, i, taken
