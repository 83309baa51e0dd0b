"""Robustness as tables. Rows stand in a stated order; codes are strings, absent is NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.model.result import ResultTable
from clusterbelt.plan.again import Answer
from clusterbelt.plan.alone import BELIEFS
from clusterbelt.plan.borders import Border
from clusterbelt.plan.draws import SCALARS, draw_assumptions
from clusterbelt.plan.frontier import (
    added_per_head,
    emissions_of,
    equity_levels,
    gini,
    reach_names,
)
from clusterbelt.plan.problem import FloatArray, IntArray, PlannedCluster, Problem
from clusterbelt.plan.robustness import (
    PRICE_PARTS,
    Flip,
    Outcome,
    class_of,
    together_frequency,
)

__all__ = [
    "border_table",
    "cluster_survival_table",
    "draw_table",
    "flip_table",
    "frontier_table",
    "price_draw_table",
    "price_interval_table",
    "reach_price_table",
    "regret_table",
    "selection_table",
]

Answers = Mapping[tuple[str, Any], Answer]
_POINT: Final = {  # quantity of the interval -> column of the table of the point estimate
    "price": "price",
    "allocation": "allocation_share",
    "overcapacity": "overcapacity_share",
    "synergy": "synergy_share",
}


def _table(
    name: str, rows: Sequence[Mapping[str, Any]], columns: str, units: Mapping[str, str]
) -> ResultTable:
    frame = pd.DataFrame(list(rows), columns=[*columns.split(), "grade"])
    return ResultTable(name, frame.assign(grade="D"), "D", units)


def selection_table(
    problem: Problem,
    clusters: Sequence[PlannedCluster],
    starts: IntArray,
    settings: RobustnessSection,
) -> ResultTable:
    """Frequency of every pair over draws; ``usual_phase`` is the most frequent start.

    ``standing`` is that of a choice of the plan; of a pair outside the plan it says how often the
    draws would have it. ``starts`` (N, R, I), -1 where not chosen.
    """
    inside = {(region, c.industry) for c in clusters for region in c.members}
    count = len(starts)
    rows = []
    for r, region in enumerate(problem.regions):
        for i, industry in enumerate(problem.industries):
            mine = starts[:, r, i]
            chosen = mine[mine >= 0]
            frequency = chosen.size / count if count else float("nan")
            usual = int(np.bincount(chosen).argmax()) if chosen.size else -1
            rows.append(
                {
                    "region": region,
                    "industry": industry,
                    "in_plan": (r, i) in inside,
                    "frequency": frequency,
                    "standing": class_of(frequency, settings),
                    "usual_phase": problem.phases[usual] if usual >= 0 else None,
                }
            )
    columns = "region industry in_plan frequency standing usual_phase"
    return _table("selection", rows, columns, {"frequency": "1"})


def cluster_survival_table(
    problem: Problem,
    names: Sequence[str],
    clusters: Sequence[PlannedCluster],
    plans: Sequence[Sequence[PlannedCluster]],
    settings: RobustnessSection,
) -> ResultTable:
    """How often every planned cluster survives: as it is, and with all its members together.

    ``weakest`` is the share of draws in which its least frequent member has the industry at all.
    The standing is that of ``together``.
    """
    rows = []
    for name, cluster in zip(names, clusters, strict=True):
        exact, together = together_frequency(cluster, plans)
        has = [
            [any(c.industry == cluster.industry and r in c.members for c in plan) for plan in plans]
            for r in cluster.members
        ]
        rows.append(
            {
                "cluster": name,
                "industry": problem.industries[cluster.industry],
                "members": ";".join(problem.regions[r] for r in cluster.members),
                "exact": exact,
                "together": together,
                "weakest": min(float(np.mean(row)) for row in has) if plans else float("nan"),
                "standing": class_of(together, settings),
            }
        )
    columns = "cluster industry members exact together weakest standing"
    units = dict.fromkeys(("exact", "together", "weakest"), "1")
    return _table("cluster_survival", rows, columns, units)


def flip_table(problem: Problem, flips: Sequence[Flip]) -> ResultTable:
    """Assumption by choice: frequency of the choice in either half, strongest first by choice."""
    ordered = sorted(flips, key=lambda f: (f.region, f.industry, -abs(f.correlation)))
    rows = [
        {
            "region": problem.regions[flip.region],
            "industry": problem.industries[flip.industry],
            "assumption": flip.assumption,
            "frequency_low": flip.frequency_low,
            "frequency_high": flip.frequency_high,
            "rank_correlation": flip.correlation,
            "p_value": flip.p_value,
            "significant": flip.significant,
        }
        for flip in ordered
    ]
    columns = (
        "region industry assumption frequency_low frequency_high rank_correlation p_value "
        "significant"
    )
    shares = ("frequency_low", "frequency_high", "rank_correlation", "p_value")
    return _table("flips", rows, columns, dict.fromkeys(shares, "1"))


def draw_table(
    problem: Problem,
    settings: RobustnessSection,
    seed: int,
    outcomes: Sequence[Outcome],
    money: str,
) -> ResultTable:
    """One row per draw: what was drawn for the whole belt, and what the plan is then worth."""
    rows = []
    for outcome in outcomes:
        draw = draw_assumptions(problem, settings, seed, outcome.number)
        rows.append(
            {
                "draw": outcome.number,
                **draw.scalars,
                "status": outcome.status,
                "gap": outcome.gap,
                "value": outcome.value,
                "clusters": len(outcome.clusters),
            }
        )
    columns = f"draw {' '.join(SCALARS)} status gap value clusters"
    units = dict.fromkeys((*SCALARS, "gap", "clusters"), "1") | {"value": money}
    return _table("draws", rows, columns, units)


def price_draw_table(outcomes: Sequence[Outcome]) -> ResultTable:
    """Price of fragmentation and its parts, as shares of the joint value, draw by draw."""
    rows = [
        {"draw": outcome.number, "belief": belief, **dict(zip(PRICE_PARTS, parts, strict=True))}
        for outcome in outcomes
        for belief, parts in outcome.prices.items()
    ]
    columns = f"draw belief {' '.join(PRICE_PARTS)}"
    return _table("price_draws", rows, columns, dict.fromkeys(PRICE_PARTS, "1"))


def price_interval_table(outcomes: Sequence[Outcome], point: pd.DataFrame) -> ResultTable:
    """Price and parts: the study's own figure, and the 5, 50 and 95 % points over the draws."""
    rows = []
    for belief in BELIEFS:
        found = [o.prices[belief] for o in outcomes if belief in o.prices]
        drawn = np.array(found, dtype=np.float64).reshape(-1, len(PRICE_PARTS))
        drawn = drawn[np.isfinite(drawn).all(axis=1)]
        own = point[point["belief"] == belief]
        for place, part in enumerate(PRICE_PARTS):
            if not len(drawn):
                continue
            low, middle, high = np.quantile(drawn[:, place], [0.05, 0.5, 0.95])
            rows.append(
                {
                    "belief": belief,
                    "part": part,
                    "point": float(own[_POINT[part]].iloc[0]) if len(own) else float("nan"),
                    "p05": float(low),
                    "p50": float(middle),
                    "p95": float(high),
                    "draws": len(drawn),
                }
            )
    units = dict.fromkeys(("point", "p05", "p50", "p95", "draws"), "1")
    return _table("price_interval", rows, "belief part point p05 p50 p95 draws", units)


def reach_price_table(
    problem: Problem, joint: FloatArray, alone: Mapping[str, FloatArray], money: str
) -> ResultTable:
    """Value by reach under the joint plan and with every region alone, per belief.

    ``joint`` and ``alone`` are values by region (R). A negative price: the reach would fare better
    without the joint plan. NaN where the reach has no positive value jointly.
    """
    rows = []
    for belief, values in alone.items():
        for reach in reach_names(problem):
            mine = np.array([name == reach for name in problem.reaches])
            together, apart = float(joint[mine].sum()), float(values[mine].sum())
            rows.append(
                {
                    "belief": belief,
                    "reach": reach,
                    "joint_value": together,
                    "alone_value": apart,
                    "difference": together - apart,
                    "price": 1.0 - apart / together if together > 0 else float("nan"),
                }
            )
    columns = "belief reach joint_value alone_value difference price"
    units = dict.fromkeys(("joint_value", "alone_value", "difference"), money) | {"price": "1"}
    return _table("reach_price", rows, columns, units)


def border_table(
    problem: Problem, borders: Sequence[Border], answers: Answers, value: float, money: str
) -> ResultTable:
    """What every border is worth; ``closing_error`` is what the solver left open.

    Closing a border that the plan does not cross costs nothing, which needs no solving.
    """
    none = answers.get(("open", None))
    rows = []
    for border in borders:
        opened, closed = answers.get(("open", border)), answers.get(("close", border))
        if border.crossed == 0:
            loss, unsure = 0.0, 0.0
        elif closed is None:
            loss, unsure = float("nan"), float("nan")
        else:
            loss, unsure = max(value - closed.value, 0.0), closed.bound - closed.value
        gain = float("nan") if opened is None or none is None else opened.value - none.value
        rows.append(
            {
                "region_from": problem.regions[border.first],
                "region_to": problem.regions[border.second],
                "crossed": border.crossed,
                "closing": loss,
                "closing_error": unsure,
                "opening": max(gain, 0.0) if np.isfinite(gain) else gain,
                "opening_error": float("nan")
                if opened is None or none is None
                else max(opened.bound - opened.value, 0.0) + max(none.bound - none.value, 0.0),
            }
        )
    columns = "region_from region_to crossed closing closing_error opening opening_error"
    units = dict.fromkeys(("closing", "closing_error", "opening", "opening_error"), money)
    return _table("borders", rows, columns, units | {"crossed": "1"})


def regret_table(
    problem: Problem,
    answers: Answers,
    bounds: Mapping[tuple[int, int], float],
    value: float,
    money: str,
) -> ResultTable:
    """Cost of forcing in what was rejected: at least, at most (NaN: only bounded), by pair.

    A pair that no plan can hold has ``possible`` false and no figures.
    """
    rows = []
    found = {label[1]: answer for label, answer in answers.items() if label[0] == "regret"}
    for pair in [*found, *bounds]:
        answer = found.get(pair)
        if answer is None:
            bound, most = bounds[pair], float("nan")
            possible, how = bool(np.isfinite(bound)), "bounded"
        else:
            bound, most = answer.bound, value - answer.value
            possible, how = answer.evaluation is not None, "solved"
        rows.append(
            {
                "region": problem.regions[pair[0]],
                "industry": problem.industries[pair[1]],
                "readiness": problem.readiness[pair],
                "method": how,
                "possible": possible,
                "regret_least": max(value - bound, 0.0) if possible else float("nan"),
                "regret_most": max(most, 0.0) if np.isfinite(most) else float("nan"),
            }
        )
    columns = "region industry readiness method possible regret_least regret_most"
    units = {"readiness": "1", "regret_least": money, "regret_most": money}
    return _table("regret", rows, columns, units)


def frontier_table(
    problem: Problem,
    answers: Answers,
    people: FloatArray | None,
    value: float,
    money: str,
) -> ResultTable:
    """Points of both frontiers, in the order in which they were asked for, and the joint plan.

    ``level`` is the epsilon asked for; ``share`` the value as a share of the joint plan's;
    ``equity`` (of the reach that gets least per head, against the belt), ``gini`` over regions of
    added value added per head, and ``co2`` are those of the plan found.
    """
    intensity = problem.intensities.get("co2")
    rows = []
    for (kind, level), answer in answers.items():
        if kind not in ("joint", "equity", "co2"):
            continue
        plan = answer.evaluation
        equity = spread = emitted = float("nan")
        if plan is not None and people is not None:
            equity = float(equity_levels(problem, plan, people).min())
            spread = gini(np.maximum(added_per_head(problem, plan, people), 0.0))
        if plan is not None and intensity is not None:
            emitted = emissions_of(plan, intensity[:, :, -1])
        rows.append(
            {
                "frontier": kind,
                "level": level,
                "possible": plan is not None,
                "value": answer.value,
                "share": answer.value / value if value > 0 else float("nan"),
                "equity": equity,
                "gini": spread,
                "co2": emitted,
                "gap": answer.gap,
            }
        )
    columns = "frontier level possible value share equity gini co2 gap"
    units = {"value": money, "share": "1", "equity": "1", "gini": "1"}
    return _table("frontier", rows, columns, units)
