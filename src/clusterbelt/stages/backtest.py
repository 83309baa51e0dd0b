"""Backtest: the plan made with the data of an earlier year, held against what followed.

For every year of the tables with one before it and one after it, the joint plan is made from what
was known then (``plan/backtest.py``) and scored on the next year (``plan/backtest_scores.py``).
Whatever comes out is reported. A plan of the past was never carried out: this tests whether the
evidence behind such plans points at what comes, not what a plan would have brought about.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from clusterbelt.config.backtest import BacktestSection
from clusterbelt.config.demand import DemandSection
from clusterbelt.config.plan import PlanSection
from clusterbelt.config.readiness import ReadinessSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.measures.history import History, known_classifications, longest_history
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.plan.backtest import PastPlan, Settings, belt_until, matrix, plan_in
from clusterbelt.plan.backtest_scores import Figure, Outcome, excess_share, score_plan
from clusterbelt.plan.problem import FloatArray

__all__ = ["run"]

_UNITS = dict.fromkeys(("value", "low", "high", "ahead", "ahead_low", "ahead_high"), "1")


def run(
    belt: Belt,
    results: Mapping[str, Result],
    section: BacktestSection,
    scope: Scope,
    *,
    plan: PlanSection,
    demand: DemandSection,
    readiness: ReadinessSection,
) -> Result:
    """Plan in every earlier year that allows it and score the plans.

    Tables: ``scores`` (year, until, kind, method, against, value with interval, and how far the
    plan is ahead of the method, with interval), ``pairs`` (every cell with what was known, planned
    and came). Empty of tables, with a message, where three years are lacking.

    Raises
    ------
    InputError
        If the classification is not one of the belt's, or study and data do not fit.
    """
    history = longest_history(belt, section.classification, scope)
    if history is None:
        params = {
            "classification": str(section.classification),
            "known": ", ".join(known_classifications(belt)),
        }
        place = Place(label="backtest.classification")
        raise InputError([Issue("readiness_classification", place, params)])
    if len(history.years) < 3:
        return Result("backtest", {}, {}, (Message("backtest.message.too_few_years"),))
    settings = Settings(plan, demand, scope, readiness.ridge)
    figures: list[tuple[PastPlan, Figure]] = []
    cells: list[pd.DataFrame] = []
    messages: list[Message] = []
    for now, horizon in zip(history.years[1:], history.years[2:], strict=False):
        past = belt_until(belt, history.activity, history.industries, history.classification, now)
        years: dict[str, str | float | int] = {"year": str(now), "until": str(horizon)}
        try:
            made = plan_in(past, horizon, settings)
        except ValueError:
            made = None
        if made is None or not made.planned.any():
            messages.append(Message("backtest.message.no_plan", years))
            continue
        outcome = _outcome(belt, history, made, scope)
        rng = np.random.default_rng([scope.seed, now])
        scored = score_plan(made, outcome, section.draws, section.random_plans, rng)
        figures += [(made, one) for one in scored]
        cells.append(_pairs(made, outcome))
    if not figures:
        return Result("backtest", {}, {}, tuple(messages))
    tables = {"scores": _scores(figures), "pairs": _pair_table(cells, belt.money_unit)}
    verdict = _verdict([one for _, one in figures])
    values = {name: ResultValue(count, "C") for name, count in verdict.items()}
    values["classification"] = ResultValue(history.classification, "A")
    return Result("backtest", tables, values, tuple(messages))


def _outcome(belt: Belt, history: History, plan: PastPlan, scope: Scope) -> Outcome:
    """What the tables of the horizon say; only here are they read."""
    after = belt_until(
        belt, history.activity, history.industries, history.classification, plan.horizon
    )
    regions = after.regions.index.get_indexer(pd.Index(plan.regions))
    industries = after.industries.index.get_indexer(pd.Index(plan.industries))

    def cut(values: FloatArray) -> FloatArray:
        return values[np.ix_(regions, industries)]

    rows = np.ones(len(after.regions), dtype=np.bool_)
    if scope.reference == "belt":
        rows = after.regions["in_belt"].to_numpy(dtype=np.bool_)
    value = {year: matrix(after, year, "value_added") for year in (plan.year, plan.horizon)}
    # Regions known in one of the two years only would change every share.
    both = np.isfinite(value[plan.year]).all(axis=1) & np.isfinite(value[plan.horizon]).all(axis=1)
    both &= rows
    share = {y: excess_share(np.where(both[:, None], v, np.nan)) for y, v in value.items()}
    output = np.maximum(matrix(after, plan.horizon, scope.activity), 0.0)
    output[~rows] = np.nan
    later = location_quotient(output, missing="skip")
    return Outcome(cut(share[plan.horizon] - share[plan.year]), cut(later))


def _scores(figures: list[tuple[PastPlan, Figure]]) -> ResultTable:
    frame = pd.DataFrame(
        [
            {
                "year": plan.year,
                "until": plan.horizon,
                "kind": one.kind,
                "method": one.method,
                "against": one.against,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "ahead": one.ahead,
                "ahead_low": one.ahead_low,
                "ahead_high": one.ahead_high,
                "count": one.count,
            }
            for plan, one in figures
        ]
    )
    return ResultTable("scores", frame, "C", _UNITS)


def _pairs(plan: PastPlan, outcome: Outcome) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [plan.regions, plan.industries], names=["region", "industry"]
    )
    return index.to_frame(index=False).assign(
        year=plan.year,
        until=plan.horizon,
        planned=plan.planned.ravel(),
        open=plan.open.ravel(),
        score=plan.score.ravel(),
        readiness=plan.readiness.ravel(),
        output=plan.output.ravel(),
        location_quotient=plan.quotient.ravel(),
        location_quotient_later=outcome.later.ravel(),
        excess_change=outcome.change.ravel(),
    )


def _pair_table(cells: list[pd.DataFrame], money: str) -> ResultTable:
    frame = pd.concat(cells, ignore_index=True)
    ones = ("score", "readiness", "location_quotient", "location_quotient_later", "excess_change")
    return ResultTable("pairs", frame, "C", dict.fromkeys(ones, "1") | {"output": money})


def _verdict(figures: list[Figure]) -> dict[str, int]:
    """Count the comparisons in which the plan is surely ahead, surely behind, or neither."""
    rivals = [one for one in figures if one.method != "plan"]
    ahead = sum(one.ahead_low > 0.0 for one in rivals)
    behind = sum(one.ahead_high < 0.0 for one in rivals)
    return {
        "comparisons": len(rivals),
        "plan_ahead": ahead,
        "plan_behind": behind,
        "undecided": len(rivals) - ahead - behind,
    }
