"""How far chance reaches: envelopes of distance measures under random labelling.

The null: the industry's points could be any of the actual sites. Each simulation draws as many
sites as the industry has points, without replacement; a site's weight goes with it. Local bands
hold at each radius by itself; the global band is the narrowest pair of pointwise ranks that at
most ``level`` of the simulations leave at any radius (Duranton and Overman 2005, p. 1087).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array
from clusterbelt.kernels.points import (
    Metric,
    k_density,
    k_density_bandwidth,
    marcon_puech_m,
)

__all__ = ["Envelope", "global_band", "k_density_envelope", "marcon_puech_envelope"]


class Envelope(NamedTuple):
    """A measure at each radius, what chance gives, and whether it is left."""

    observed: Array
    expected: Array  # mean of the simulations
    local_lower: Array
    local_upper: Array
    global_lower: Array
    global_upper: Array
    concentrated: bool  # above the global band at some radius
    dispersed: bool  # never above it, below it at some radius
    p_value: float  # of a curve as extreme as this one, over all radii


def global_band(simulated: Array, level: float) -> tuple[Array, Array]:
    """Return the narrowest band of equal pointwise ranks that holds 1 - level of the curves.

    ``simulated`` (S, D) without NaN. The k-th least and k-th largest value at each radius make the
    band; k is the largest for which at most ``level`` of the curves leave it anywhere.
    """
    ordered = np.sort(simulated, axis=0)
    count = len(ordered)
    best = 0
    for k in range(1, (count - 1) // 2 + 1):
        beyond = (simulated < ordered[k]) | (simulated > ordered[count - 1 - k])
        if float(beyond.any(axis=1).mean()) > level:
            break
        best = k
    return ordered[best], ordered[count - 1 - best]


def _rank_p_value(curves: Array) -> float:
    """Return how many of the curves are at least as extreme as the first, as a share of all.

    Extreme rank length (Myllymaki et al. 2017, JRSS B 79(2), p. 390): the pointwise ranks of a
    curve from the nearer end, in rising order, are compared as words are in a dictionary.
    """
    order = curves.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    ranks = np.sort(np.minimum(order, len(curves) - 1 - order), axis=1)
    sequence = np.lexsort(ranks.T[::-1])
    place = int(np.flatnonzero(sequence == 0)[0])
    while place + 1 < len(curves) and (ranks[sequence[place + 1]] == ranks[0]).all():
        place += 1
    return (place + 1) / len(curves)


def _envelope(observed: Array, simulated: Array, level: float) -> Envelope:
    lower, upper = np.quantile(simulated, [level / 2.0, 1.0 - level / 2.0], axis=0)
    low, high = global_band(simulated, level)
    above = bool((observed > high).any())
    return Envelope(
        observed=observed,
        expected=np.asarray(simulated.mean(axis=0), dtype=np.float64),
        local_lower=np.asarray(lower, dtype=np.float64),
        local_upper=np.asarray(upper, dtype=np.float64),
        global_lower=low,
        global_upper=high,
        concentrated=above,
        dispersed=bool((observed < low).any()) and not above,
        p_value=_rank_p_value(np.vstack([observed, simulated])),
    )


def _simulate(draw: Callable[[np.random.Generator], Array], simulations: int, seed: int) -> Array:
    # Each simulation has a seed of its own, so the result does not depend on how many run at once.
    seeds = np.random.SeedSequence(seed).spawn(simulations)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = list(pool.map(lambda one: draw(np.random.default_rng(one)), seeds))
    return np.stack(drawn)


def _checked(sites: ArrayLike, member: ArrayLike, simulations: int, level: float) -> int:
    count = len(np.asarray(sites))
    chosen = np.asarray(member)
    if chosen.shape != (count,) or chosen.dtype != np.bool_:
        raise ValueError(f"member must be {count} true or false values")
    size = int(chosen.sum())
    if size < 3 or size >= count:
        raise ValueError(f"{size} of {count} sites: at least three, and not all, must belong")
    if simulations < 19 or not 0.0 < level < 1.0:
        raise ValueError("at least 19 simulations and a level between 0 and 1 are needed")
    return size


def k_density_envelope(
    sites: ArrayLike,
    member: ArrayLike,
    radii: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    simulations: int = 999,
    level: float = 0.05,
    seed: int,
    bandwidth: float | None = None,
    metric: Metric = "euclidean",
) -> Envelope:
    """Duranton-Overman density of the sites of an industry with its envelopes.

    ``sites`` (N, 2) are all places where the industry could be, ``member`` (N,) those where it is.
    The bandwidth is that of the observed points and the same in every simulation.
    """
    size = _checked(sites, member, simulations, level)
    every, chosen = np.asarray(sites, dtype=np.float64), np.asarray(member)
    mass = np.ones(len(every)) if weights is None else np.asarray(weights, dtype=np.float64)
    h = k_density_bandwidth(every[chosen], metric=metric) if bandwidth is None else bandwidth

    def density(rows: NDArray[np.int64]) -> Array:
        return k_density(every[rows], radii, mass[rows], bandwidth=h, metric=metric)

    observed = density(np.flatnonzero(chosen))
    simulated = _simulate(
        lambda generator: density(generator.choice(len(every), size, replace=False)),
        simulations,
        seed,
    )
    return _envelope(observed, simulated, level)


def marcon_puech_envelope(
    sites: ArrayLike,
    member: ArrayLike,
    radii: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    simulations: int = 999,
    level: float = 0.05,
    seed: int,
    metric: Metric = "euclidean",
) -> Envelope:
    """Marcon-Puech M of an industry with its envelopes; arguments as in k_density_envelope.

    Radii so small that some simulation has no neighbour at all raise: the band would rest on the
    others only.
    """
    size = _checked(sites, member, simulations, level)
    every, chosen = np.asarray(sites, dtype=np.float64), np.asarray(member)

    def measure(belongs: NDArray[np.bool_]) -> Array:
        return marcon_puech_m(every, belongs, radii, weights, metric=metric)

    def draw(generator: np.random.Generator) -> Array:
        belongs = np.zeros(len(every), dtype=np.bool_)
        belongs[generator.choice(len(every), size, replace=False)] = True
        return measure(belongs)

    observed = measure(chosen)
    simulated = _simulate(draw, simulations, seed)
    if np.isnan(observed).any() or np.isnan(simulated).any():
        raise ValueError("the least radius is too small: no point has a neighbour within it")
    return _envelope(observed, simulated, level)
