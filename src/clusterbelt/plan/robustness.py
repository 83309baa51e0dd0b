"""How often every choice of the plan survives when everything uncertain is drawn anew.

Each draw (see ``draws.py``) changes the problem; eligibility and candidates are worked out anew
and the programme is solved again, knowing nothing of the plan. Then over the draws that have a
plan

``frequency[r,i]  = share of draws in which r has i as a core industry``
``exact[k]        = share in which the very cluster k (industry and members) is chosen``
``together[k]     = share in which one cluster of the industry holds all members of k``

A choice is *no-regret* from ``no_regret_share`` on, *fragile* below ``fragile_share``, between the
two *contingent*: it hangs on what is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from scipy.stats import false_discovery_control, norm, rankdata

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.plan.again import Question, answer_question
from clusterbelt.plan.alone import BELIEFS, Belief, solve_alone
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.draws import SCALARS, Draw, apply_draw, draw_assumptions
from clusterbelt.plan.evaluate import evaluate_plan
from clusterbelt.plan.fragmentation import measure_fragmentation
from clusterbelt.plan.problem import BoolArray, FloatArray, IntArray, PlannedCluster, Problem

__all__ = [
    "PRICE_PARTS",
    "Flip",
    "Outcome",
    "Standing",
    "chosen_starts",
    "class_of",
    "find_flips",
    "rank_correlation",
    "read_outcome",
    "solve_draw",
    "solve_draws",
    "together_frequency",
    "write_outcome",
]

Standing = Literal["no_regret", "contingent", "fragile"]
PRICE_PARTS: Final = ("price", "allocation", "overcapacity", "synergy")  # shares of joint value


@dataclass(frozen=True)
class Outcome:
    """The plan of one draw; no clusters and a NaN value where there is none."""

    number: int
    status: str
    gap: float
    value: float
    clusters: tuple[PlannedCluster, ...]
    prices: Mapping[Belief, tuple[float, ...]]  # PRICE_PARTS; empty where not asked for


def solve_draw(problem: Problem, settings: RobustnessSection, seed: int, number: int) -> Outcome:
    """Solve draw ``number``; among the first ``price_draws`` every region alone, too."""
    drawn = apply_draw(problem, draw_assumptions(problem, settings, seed, number))
    drawn = replace(drawn, section=drawn.section.model_copy(update={"gap": settings.gap}))
    eligible = build_eligibility(drawn).eligible
    again = answer_question(Question(drawn, eligible), settings, seed)
    prices: dict[Belief, tuple[float, ...]] = {}
    if again.evaluation is not None and number < settings.price_draws:
        for belief in BELIEFS:
            plan = solve_alone(drawn, eligible, belief, seed=seed)
            alone = evaluate_plan(drawn, plan.added, plan.clusters)
            found = measure_fragmentation(drawn, again.evaluation, alone, again.evaluation)
            scale = found.joint_value if found.joint_value > 0 else float("nan")
            parts = (found.allocation, found.overcapacity, found.synergy)
            prices[belief] = (found.price, *(part / scale for part in parts))
    return Outcome(number, again.status, again.gap, again.value, again.clusters, prices)


def solve_draws(
    problem: Problem, settings: RobustnessSection, seed: int, numbers: Sequence[int]
) -> list[Outcome]:
    """Solve several draws, one after the other: what one process is given at a time."""
    return [solve_draw(problem, settings, seed, number) for number in numbers]


def _plain(figure: float) -> float | None:
    return figure if np.isfinite(figure) else None


def _figure(plain: float | None) -> float:
    return float("nan") if plain is None else float(plain)


def write_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain data, for a file."""
    return {
        "number": outcome.number,
        "status": outcome.status,
        "gap": _plain(outcome.gap),
        "value": _plain(outcome.value),
        "clusters": [[c.industry, list(c.members), c.start] for c in outcome.clusters],
        "prices": {name: [_plain(x) for x in parts] for name, parts in outcome.prices.items()},
    }


def read_outcome(plain: Mapping[str, Any]) -> Outcome:
    """Return the outcome that :func:`write_outcome` wrote."""
    return Outcome(
        int(plain["number"]),
        str(plain["status"]),
        _figure(plain["gap"]),
        _figure(plain["value"]),
        tuple(PlannedCluster(i, tuple(members), q) for i, members, q in plain["clusters"]),
        {
            belief: tuple(_figure(x) for x in plain["prices"][belief])
            for belief in BELIEFS
            if belief in plain["prices"]
        },
    )


def chosen_starts(problem: Problem, plans: Sequence[Sequence[PlannedCluster]]) -> IntArray:
    """Start phase of every region and industry in every plan, shape (N, R, I); -1: not chosen."""
    starts = np.full((len(plans), *problem.output.shape), -1, dtype=np.int64)
    for number, clusters in enumerate(plans):
        for cluster in clusters:
            starts[number, list(cluster.members), cluster.industry] = cluster.start
    return starts


def together_frequency(
    cluster: PlannedCluster, plans: Sequence[Sequence[PlannedCluster]]
) -> tuple[float, float]:
    """Return ``exact`` and ``together`` of one cluster; NaN without plans."""
    if not plans:
        return float("nan"), float("nan")
    members = set(cluster.members)
    exact = together = 0
    for clusters in plans:
        same = [set(c.members) for c in clusters if c.industry == cluster.industry]
        exact += members in same
        together += any(members <= other for other in same)
    return exact / len(plans), together / len(plans)


def class_of(frequency: float, settings: RobustnessSection) -> Standing | None:
    """Return how a choice stands; None where the frequency is unknown."""
    if np.isnan(frequency):
        return None
    if frequency >= settings.no_regret_share:
        return "no_regret"
    return "fragile" if frequency < settings.fragile_share else "contingent"


@dataclass(frozen=True)
class Flip:
    """How one assumption moves one choice."""

    region: int
    industry: int
    assumption: str
    frequency_low: float  # share of draws with the choice, assumption in its lower half
    frequency_high: float
    correlation: float  # Spearman, between the assumption and the choice
    p_value: float
    significant: bool


def rank_correlation(values: FloatArray, chosen: BoolArray) -> FloatArray:
    """Spearman correlation of drawn figures (N, K) with choices (N,), shape (K); NaN if constant.

    Pearson correlation of mid-ranks, so that ties are handled.
    """
    ranks = rankdata(values, axis=0) - (len(values) + 1) / 2.0
    choice = chosen - chosen.mean()
    below = np.sqrt((ranks**2).sum(axis=0) * (choice**2).sum())
    none = np.full(ranks.shape[1], np.nan)
    found = np.divide(ranks.T @ choice, below, out=none, where=below > 0)
    return np.asarray(found, dtype=np.float64)


def _assumptions(draws: Sequence[Draw], region: int, industry: int) -> tuple[list[str], FloatArray]:
    """Names and figures (N, K) of what can move one choice: for the belt, and its own."""
    names = [*SCALARS, "own_demand", "own_readiness", "own_output", "own_ratio"]
    rows = [
        [
            *(draw.scalars[name] for name in SCALARS),
            draw.demand[industry] / draw.scalars["demand"],
            draw.readiness[region, industry],
            draw.output[region, industry],
            draw.ratio[region, industry],
        ]
        for draw in draws
    ]
    return names, np.array(rows, dtype=np.float64)


def find_flips(
    draws: Sequence[Draw], selected: BoolArray, settings: RobustnessSection
) -> list[Flip]:
    """Find what moves every choice that is made in some draws and not in others.

    ``selected`` (N, R, I), in the order of ``draws``. Significance of the rank correlation by its
    normal approximation ``rho sqrt(N - 1)``, all choices and assumptions together under the false
    discovery rate of Benjamini and Hochberg.
    """
    count = len(draws)
    if count < 3:
        return []
    found: list[Flip] = []
    for region, industry in np.argwhere(selected.any(axis=0) & ~selected.all(axis=0)):
        chosen = selected[:, region, industry]
        names, values = _assumptions(draws, int(region), int(industry))
        correlations = rank_correlation(values, chosen)
        for name, column, rho in zip(names, values.T, correlations, strict=True):
            if np.isnan(rho):
                continue
            low = column <= np.median(column)
            tail = 2.0 * float(norm.sf(abs(rho) * np.sqrt(count - 1)))
            halves = float(chosen[low].mean()), float(chosen[~low].mean())
            found.append(Flip(int(region), int(industry), name, *halves, float(rho), tail, False))
    if not found:
        return []
    adjusted = false_discovery_control([flip.p_value for flip in found])
    return [
        replace(flip, significant=bool(level <= settings.false_discovery))
        for flip, level in zip(found, adjusted, strict=True)
    ]
