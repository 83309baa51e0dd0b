"""How sure the flows are: the table estimated again with other assumptions, and intervals.

Drawn are the exponent of distance of every product (half of its variance common to all products),
the reliability of outflow against inflow, the two quantiles of cross-hauling, and an error of
every margin. Not drawn: output, use, imports and exports. So an interval says what the assumptions
leave open; it does not hold what the source may have wrong in what is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.kernels.gravity import gravity_prior
from clusterbelt.measures.interregional_estimate import (
    Estimate,
    balance_signed,
    decay_of,
    known_prior,
    reconcile,
)

__all__ = ["INTERVAL", "Draws", "draw_flows", "interval"]

Array = NDArray[np.float64]

INTERVAL: Final = (0.05, 0.95)
_BATCH: Final = 2_000_000  # flows balanced at a time: bounds memory, not results


@dataclass(frozen=True)
class Draws:
    """The flows of every draw, (D, N, R, R), with own supply on the diagonal."""

    flows: Array
    iterations: int


def draw_flows(
    estimate: Estimate,
    section: InterregionalSection,
    rng: np.random.Generator,
    prior: Array | None = None,
) -> Draws:
    """Estimate the table ``section.draws`` times with drawn assumptions.

    Parameters
    ----------
    estimate
        The table as estimated from the stated assumptions.
    section
        The study's choices: how far each assumption is drawn.
    rng
        Source of all randomness.
    prior
        Known flows, as for the estimate; their products keep that prior in every draw.

    Raises
    ------
    InputError
        If a draw does not converge.
    """
    accounts, cleaned = estimate.accounts, estimate.cleaned
    d, (n, r) = section.draws, accounts.output.shape
    if d == 0:
        return Draws(np.zeros((0, n, r, r)), 0)
    common, single = rng.standard_normal((d, 1)), rng.standard_normal((d, n))
    shift = section.decay_error * np.sqrt(0.5) * (common + single)
    decay = np.maximum(decay_of(accounts, section, prior) + shift, 0.0)
    swing = section.weight_range * rng.uniform(-1.0, 1.0, (3, d))
    weight = np.clip(section.outflow_weight + swing[0], 0.05, 0.95)
    typical = np.clip(section.typical_share + swing[1], 0.0, 1.0)
    transit = np.clip(section.transit_share + swing[2], 0.0, 1.0)
    repaired = cleaned.passing | cleaned.net_only
    error = np.where(repaired, section.repaired_error, section.margin_error)
    noise = np.exp(rng.standard_normal((2, d, n, r)) * error - error**2 / 2.0)
    margins = reconcile(cleaned, typical, transit, weight, section, (noise[0], noise[1]))
    size = max(1, _BATCH // max(n * r * r, 1))
    parts: list[Array] = []
    rounds = 0
    for start in range(0, d, size):
        step = slice(start, start + size)
        sold, bought = margins.outflow[step], margins.inflow[step]
        flows, used = _balance(estimate, sold, bought, decay[step], section, prior)
        rounds = max(rounds, used)
        parts.append(_with_own(estimate, flows))
    return Draws(np.concatenate(parts), rounds)


def _balance(
    estimate: Estimate,
    sold: Array,
    bought: Array,
    decay: Array,
    section: InterregionalSection,
    prior: Array | None,
) -> tuple[Array, int]:
    d, n, r = sold.shape
    flat = (d * n, r)
    start = gravity_prior(
        sold.reshape(flat), bought.reshape(flat), estimate.accounts.distance, decay.reshape(-1)
    )
    if prior is not None:
        repeated = np.broadcast_to(prior, (d, *prior.shape)).reshape(d * n, r, r)
        start = known_prior(start, repeated)
    flows, rounds = balance_signed(start, sold.reshape(flat), bought.reshape(flat), section)
    return flows.reshape(d, n, r, r), rounds


def _with_own(estimate: Estimate, flows: Array) -> Array:
    """Put own supply on the diagonal: use less imports less what others sell."""
    demand = estimate.cleaned.demand
    bought = flows.sum(axis=2)
    over = bought > demand
    shrink = np.divide(demand, bought, out=np.ones_like(bought), where=over)
    flows = flows * shrink[:, :, None, :]
    own = np.arange(demand.shape[1])
    flows[:, :, own, own] = np.maximum(demand - flows.sum(axis=2), 0.0)
    return flows


def interval(draws: Array) -> tuple[Array, Array]:
    """Return the 5 % and 95 % quantile over draws (first axis); NaN without draws."""
    if len(draws) == 0:
        absent = np.full(draws.shape[1:], np.nan)
        return absent, absent.copy()
    low, high = np.quantile(draws, INTERVAL, axis=0)
    return low, high
