"""How a plan of the past did, beside what a planner could have done without one.

Cells are belt regions x manufacturing industries. What happened is measured twice:

* ``change``: the change of excess value added from the year of the plan to the horizon, as a share
  of the nation's value added, so that prices do not matter: ``e[r,i] = v[r,i]/v - v[r,.] v[.,i] /
  v^2``;
* ``later``: the location quotient at the horizon (``specialised`` where it exceeds 1).

Intervals (5-95 %) come from drawing the belt's regions anew with all their cells; with eleven
regions they are wide, and honest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.prediction import group_bootstrap, rank_correlation
from clusterbelt.plan.backtest import PastPlan, random_plans
from clusterbelt.plan.problem import BoolArray, FloatArray

__all__ = ["HITS", "METHODS", "Figure", "Outcome", "excess_share", "score_plan", "top_pairs"]

METHODS: Final = ("plan", "largest_output", "highest_lq", "random")
HITS: Final = ("specialised", "entered", "gained")
_INTERVAL: Final = (0.05, 0.95)


@dataclass(frozen=True)
class Outcome:
    """What happened by the horizon, on the cells of the plan (R, J)."""

    change: FloatArray  # of the share of excess value added
    later: FloatArray  # location quotient


@dataclass(frozen=True)
class Figure:
    """One figure with its interval; ``ahead`` is plan less this method, on the same draws."""

    kind: str  # "correlation" or "precision"
    method: str
    against: str
    value: float
    low: float
    high: float
    ahead: float
    ahead_low: float
    ahead_high: float
    count: int  # cells, or pairs named by the method


def excess_share(value_added: FloatArray) -> FloatArray:
    """Excess value added as a share of the total, all regions x industries (R, I).

    ``v[r,i]/v - (v[r,.]/v) (v[.,i]/v)``. Regions with an unknown value are left out of all sums
    and get NaN.
    """
    known = np.asarray(np.isfinite(value_added).all(axis=1))
    v = np.where(known[:, None], value_added, 0.0)
    share = ratio(v, v.sum())
    found = share - share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    return np.where(known[:, None], found, np.nan)


def top_pairs(score: FloatArray, among: BoolArray, count: int) -> BoolArray:
    """The ``count`` highest cells among those allowed; of equals those that stand first."""
    flat = np.where(among & np.isfinite(score), score, -np.inf).ravel()
    order = np.argsort(-flat, kind="stable")[:count]
    chosen = np.zeros(flat.size, dtype=np.bool_)
    chosen[order[np.isfinite(flat[order])]] = True
    return chosen.reshape(score.shape)


def _hits(plan: PastPlan, outcome: Outcome) -> Mapping[str, FloatArray]:
    known = np.isfinite(outcome.later) & np.isfinite(outcome.change)
    table = {
        "specialised": outcome.later > 1.0,
        "entered": (outcome.later > 1.0) & (plan.quotient <= 1.0),
        "gained": outcome.change > 0.0,
    }
    return {
        name: np.where(known, values.astype(np.float64), np.nan) for name, values in table.items()
    }


def _figure(
    kind: str,
    method: str,
    against: str,
    measure: Callable[[FloatArray], float],
    of_plan: Callable[[FloatArray], float],
    rows: list[FloatArray],
    count: int,
) -> Figure:
    everything: Any = slice(None)
    drawn = np.array([measure(one) for one in rows])
    ahead = np.array([of_plan(one) for one in rows]) - drawn
    low, high = _ends(drawn)
    ahead_low, ahead_high = _ends(ahead)
    whole = measure(everything)
    return Figure(
        kind, method, against, whole, low, high,
        of_plan(everything) - whole, ahead_low, ahead_high, count,
    )  # fmt: skip


def _ends(drawn: FloatArray) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, _INTERVAL)
    return float(low), float(high)


def _share_of_hits(chosen: list[BoolArray], hit: FloatArray) -> Callable[[FloatArray], float]:
    """Mean over the plans given of the share of named cells that were hits."""
    named = np.array([one.ravel() for one in chosen], dtype=np.float64)
    flat = hit.ravel()
    known = np.isfinite(flat)
    value = np.where(known, flat, 0.0)

    def measure(rows: FloatArray) -> float:
        size = (named[:, rows] * known[rows]).sum(axis=1)
        shares = ratio((named[:, rows] * value[rows]).sum(axis=1), size)
        seen = np.isfinite(shares)  # a draw of regions may hold none of the pairs named
        return float(shares[seen].mean()) if seen.any() else float("nan")

    return measure


def score_plan(
    plan: PastPlan, outcome: Outcome, draws: int, random_count: int, rng: np.random.Generator
) -> list[Figure]:
    """Score the plan and every baseline: rank correlations over all cells, precision of pairs.

    The baselines name as many pairs as the plan, among the industries it could choose from: the
    largest outputs, the highest quotients, and random plans (their mean).
    """
    regions = np.repeat(np.arange(len(plan.regions)), len(plan.industries))
    rows = group_bootstrap(regions, draws, rng)
    figures = []
    scores = {
        "plan": plan.score, "largest_output": plan.output, "highest_lq": plan.quotient,
    }  # fmt: skip
    for against, truth in (("change", outcome.change), ("later", outcome.later)):
        flat = truth.ravel()
        measures = {name: _correlates(score.ravel(), flat) for name, score in scores.items()}
        figures += [
            _figure("correlation", name, against, one, measures["plan"], rows, flat.size)
            for name, one in measures.items()
        ]
    size = int(plan.planned.sum())
    choosable = np.broadcast_to(np.asarray(plan.open.any(axis=0))[None, :], plan.open.shape)
    chosen = {
        "plan": [plan.planned],
        "largest_output": [top_pairs(plan.output, choosable, size)],
        "highest_lq": [top_pairs(plan.quotient, choosable, size)],
        "random": random_plans(plan, random_count, rng),
    }
    for against, hit in _hits(plan, outcome).items():
        shares = {name: _share_of_hits(pairs, hit) for name, pairs in chosen.items()}
        figures += [
            _figure("precision", name, against, one, shares["plan"], rows, size)
            for name, one in shares.items()
        ]
    return figures


def _correlates(score: FloatArray, truth: FloatArray) -> Callable[[FloatArray], float]:
    return lambda rows: rank_correlation(score[rows], truth[rows])
