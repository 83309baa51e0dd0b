"""Are cluster areas more than chance? Monte-Carlo nulls for the heaviest connected set.

Everything is in shares of the industry's activity in the reference area: s[r] is what region r
has of it, p[r] what it has of all activity. A region weighs ``s[r] - p[r] - c * sum s`` in an
area (its excess less the area cost), and the statistic is the weight of the heaviest connected
set. Two nulls:

``dispersed``    s ~ Dirichlet(k p): the industry spreads over regions by their size, as unevenly
                 as the ordinary industry does (k from :func:`dispersion`), and independently of
                 what adjoins what. The area is more than chance if no arrangement of an ordinary
                 industry is as heavy. For counts of plants this would be the Dirichlet-multinomial;
                 money has no counts, hence its limit.
``arrangement``  the location quotients s[r] / p[r] are dealt to the regions anew and scaled to
                 keep the belt's total: the industry is as uneven as it is, and only *where* its
                 strengths lie is tested.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.areas import maximum_weight_connected_set
from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.graph import Graph, connected_sets

__all__ = [
    "area_p_value",
    "area_power",
    "arrangement_draws",
    "connected_set_matrix",
    "dispersed_draws",
    "dispersion",
    "heaviest_set",
    "heaviest_weights",
]

Sets = NDArray[np.bool_]
_CHUNK = 2_000_000  # weights of sets held at a time


def connected_set_matrix(adjacency: Graph, *, limit: int = 20_000) -> Sets | None:
    """Return every connected set of the graph as a row, shape (M, R); None above ``limit`` sets.

    Rows stand by size, then by positions, so that the first of the heaviest has fewest regions.
    """
    count = int(adjacency.shape[0])
    if count == 0:
        return np.zeros((0, 0), dtype=np.bool_)
    try:
        sets = connected_sets(adjacency, count, limit=limit)
    except ValueError as error:
        if "connected sets" in str(error):
            return None
        raise
    matrix = np.zeros((len(sets), count), dtype=np.bool_)
    rows = np.repeat(np.arange(len(sets)), [len(members) for members in sets])
    matrix[rows, np.concatenate([np.asarray(members) for members in sets])] = True
    return matrix


def heaviest_set(weights: ArrayLike, sets: Sets) -> tuple[NDArray[np.bool_], float]:
    """Return the heaviest of the sets (M, R) and its weight; the empty set if none is above 0.

    Of sets within 1e-12 of the sum of absolute weights, the first is taken. A region with an
    unknown weight is in no set.
    """
    w = as_array(weights)
    unknown = np.isnan(w)
    sums = sets @ np.where(unknown, 0.0, w)
    if bool(unknown.any()):
        sums = np.where(sets[:, unknown].any(axis=1), -np.inf, sums)
    best = float(sums.max(initial=0.0))
    edge = 1e-12 * float(np.nansum(np.abs(w)))
    if best <= edge:
        return np.zeros(w.size, dtype=np.bool_), 0.0
    place = int(np.flatnonzero(sums >= best - edge)[0])
    return sets[place].copy(), float(w[sets[place]].sum())


def heaviest_weights(weights: ArrayLike, adjacency: Graph, sets: Sets | None = None) -> Array:
    """Return, for every row of weights (P, R), what the heaviest connected set weighs, shape (P,).

    With ``sets`` (see :func:`connected_set_matrix`) all are summed in matrix products; without,
    each row is solved on its own. Zero where no weight is above zero. Weights are finite.
    """
    w = as_array(weights, 2)
    if sets is None:
        solved = [maximum_weight_connected_set(row, adjacency).objective for row in w]
        return np.asarray(solved, dtype=np.float64)
    indicator = sets.astype(np.float64).T
    step = max(1, _CHUNK // max(1, sets.shape[0]))
    found = np.zeros(w.shape[0])
    for start in range(0, w.shape[0], step):
        found[start : start + step] = (w[start : start + step] @ indicator).max(axis=1, initial=0.0)
    return found


def dispersion(shares: ArrayLike, expected: ArrayLike) -> float:
    """Estimate k of ``s ~ Dirichlet(k p)`` by moments: how evenly ordinary industries spread.

    Per industry ``k[i] = sum_r p[r](1 - p[r]) / sum_r (s[r,i] - p[r])^2 - 1``; the result is the
    median over industries, so that a few clustered ones do not set it. Large k: industries follow
    size closely.

    Parameters
    ----------
    shares
        s, shape (R, I), adding to one over the regions; industries with an unknown share are left
        out.
    expected
        p, shape (R,), adding to one.

    Returns
    -------
    float
        NaN if no industry is known; infinite if the median industry follows size exactly.
    """
    s, p = as_array(shares, 2), as_array(expected)
    if p.shape != (s.shape[0],):
        raise ValueError(f"expected has shape {p.shape}, shares {s.shape}")
    known = np.isfinite(s).all(axis=0)
    apart = ((s[:, known] - p[:, None]) ** 2).sum(axis=0)
    each = ratio((p * (1.0 - p)).sum(), apart) - 1.0
    return float(np.median(each)) if each.size else float("nan")


def dispersed_draws(expected: ArrayLike, concentration: float, count: int, seed: int) -> Array:
    """Draw shares under the dispersed null, shape (count, R).

    ``expected`` p (R,) may add to less than one: the rest of the reference area is one more part
    that is drawn and left out. A region with p = 0 gets nothing.

    Raises
    ------
    ValueError
        If p is negative or adds to more than one, or ``concentration`` is not above zero.
    """
    p = as_array(expected)
    rest = 1.0 - float(p.sum())
    if bool(np.any(p < 0.0)) or rest < -1e-9:
        raise ValueError("expected shares are zero or more and add to at most one")
    if not (np.isfinite(concentration) and concentration > 0.0):
        raise ValueError(f"concentration must be above zero and finite, not {concentration}")
    generator = np.random.default_rng(seed)
    parts = np.concatenate([p, [max(rest, 0.0)]])
    gamma = generator.standard_gamma(concentration * parts, size=(count, parts.size))
    return np.asarray((gamma / gamma.sum(axis=1, keepdims=True))[:, :-1])


def arrangement_draws(shares: ArrayLike, expected: ArrayLike, count: int, seed: int) -> Array:
    """Draw shares under the arrangement null, shape (count, R).

    Location quotients are dealt to regions anew; each draw is scaled to the sum of the shares.
    Known shares and expected shares above zero.
    """
    s, p = as_array(shares), as_array(expected)
    generator = np.random.default_rng(seed)
    dealt = generator.permuted(np.tile(ratio(s, p), (count, 1)), axis=1) * p
    return np.asarray(dealt * ratio(s.sum(), dealt.sum(axis=1, keepdims=True)))


def area_p_value(observed: float, drawn: ArrayLike) -> float:
    """``(1 + number of draws at least as heavy) / (1 + draws)``; NaN if unknown."""
    weights = as_array(drawn)
    if not np.isfinite(observed) or not bool(np.isfinite(weights).all()):
        return float("nan")
    return float((1 + (weights >= observed * (1.0 - 1e-12)).sum()) / (1 + weights.size))


def area_power(
    expected: ArrayLike,
    planted: ArrayLike,
    factor: float,
    concentration: float,
    adjacency: Graph,
    *,
    cost_share: float,
    sets: Sets | None = None,
    draws: int = 999,
    level: float = 0.05,
    seed: int = 0,
) -> float:
    """Power of the area test (dispersed null) against a planted connected area.

    In every draw the location quotients of the ``planted`` regions (R,) are multiplied by
    ``factor`` (the industry's total in the reference area grows by what that adds and shares are
    taken anew). The result is the share of draws whose heaviest set has a p-value up to
    ``level``; with factor 1 about ``level``.
    """
    p = as_array(expected)
    chosen = np.asarray(planted, dtype=np.bool_)
    null = dispersed_draws(p, concentration, draws, seed)
    other = dispersed_draws(p, concentration, draws, seed + 1)
    raised = other * np.where(chosen, factor, 1.0)
    raised /= 1.0 + (raised - other).sum(axis=1, keepdims=True)

    def statistics(s: Array) -> Array:
        weights = s - p - cost_share * s.sum(axis=1, keepdims=True)
        return heaviest_weights(weights, adjacency, sets)

    critical = float(np.quantile(statistics(null), 1.0 - level, method="higher"))
    return float((statistics(raised) > critical).mean())
