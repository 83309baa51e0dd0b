"""The plan as it would have been made in an earlier year, from that year's data and none later.

The joint programme is built and solved by the same code as the plan itself. What it needs beside
the tables is made from the past alone:

* **readiness**: logistic regression on the log location quotient, fitted on the transitions that
  had ended by then (``plan/readiness_model.py``);
* **baseline** at the horizon h: ``x[r,i,t] * g_i^((h - t) / (t - s))`` with ``g_i = x[.,i,t] /
  x[.,i,s]``, the growth of the industry in the nation since the table before, s: every region
  keeps its share;
* **ceilings**: the national tables begin later, so there is no demand model. The belt can win the
  share of the rest of the nation's output that ``market_gain`` of the demand scenario gives for as
  many years; replaced imports are left out.

Caps on labour and water and the supply of inputs are left out too: their data begin later. The cap
on investment stays. Money is in current prices of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.plan import PhaseSpec, PlanSection
from clusterbelt.config.scope import Scope
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.logistic import LogisticModel, logistic_draws, predict_logistic
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, REGION, VARIABLE, YEAR
from clusterbelt.model.result import Result, ResultTable
from clusterbelt.plan.build import build_problem
from clusterbelt.plan.candidates import build_candidates, build_eligibility
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.priority import priority_score
from clusterbelt.plan.problem import BoolArray, FloatArray, Problem, core_limits
from clusterbelt.plan.programme import assemble_programme, build_columns
from clusterbelt.plan.readiness_model import FULL, build_panel, fit_model, model_features
from clusterbelt.plan.solve import read_clusters, solve_programme

__all__ = ["PastPlan", "Settings", "belt_until", "matrix", "plan_in", "random_plans"]


@dataclass(frozen=True)
class Settings:
    """What the study says, as far as a plan in the past reads it."""

    plan: PlanSection
    demand: DemandSection
    scope: Scope
    ridge: float


@dataclass(frozen=True)
class PastPlan:
    """What would have been planned in ``year``; cells are belt regions x manufacturing (R, J)."""

    year: int
    horizon: int
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    planned: BoolArray  # core by the joint plan
    open: BoolArray  # eligible in the programme
    score: FloatArray  # priority
    readiness: FloatArray
    output: FloatArray
    quotient: FloatArray
    maximum_core: FloatArray  # (R)


def belt_until(
    belt: Belt, activity: xr.DataArray, industries: pd.DataFrame, name: str, year: int
) -> Belt:
    """Return the belt as it was known in ``year``: no later activity, nothing else that is dated.

    Borders, neighbours and reaches stay; indicators, national and intermediate tables, zones and
    roadmap go.
    """
    return replace(
        belt,
        classification=name,
        industries=industries,
        activity=activity.sel({YEAR: activity[YEAR] <= year}),
        indicators=None,
        indicator_specs=None,
        indicator_years=None,
        intermediate=None,
        national={},
        roadmap=None,
        roadmap_claims=None,
        zones=None,
        zone_terms=None,
        histories={},
    )


def matrix(belt: Belt, year: int, variable: str) -> FloatArray:
    """Return all regions x industries of one year; NaN where unknown."""
    values = belt.activity.sel({YEAR: year, VARIABLE: variable}).transpose(REGION, INDUSTRY)
    return values.to_numpy().astype(np.float64)


def plan_in(belt: Belt, horizon: int, settings: Settings) -> PastPlan | None:
    """Plan in the last year of the belt's activity for ``horizon``; None where no plan exists.

    Raises
    ------
    ValueError
        If there are fewer than two years, or the past does not differ enough to learn from.
    """
    years = [int(year) for year in belt.activity[YEAR].values]
    if len(years) < 2:
        raise ValueError("a plan needs two years of data")
    year = years[-1]
    scope = settings.scope.model_copy(update={"base_year": year, "earlier_year": years[-2]})
    section = _section(settings.plan, year, horizon)
    results = {
        "advantage": _advantage(belt, scope),
        "readiness": _readiness(belt, scope, settings.ridge),
        "demand": _demand(belt, scope, horizon, settings.demand),
    }
    made = belt.industries["manufacturing"].astype(bool)
    every = tuple(str(code) for code in belt.industries.index[made])
    wide, _, _ = build_problem(
        belt, results, section.model_copy(update={"industries": every}), scope
    )
    problem, _, _ = build_problem(belt, results, section, scope)
    planned, eligible = _solve(problem, scope.seed)
    if planned is None:
        return None
    place = [wide.industries.index(code) for code in problem.industries]
    masks = []
    for mask in (planned, eligible):
        spread = np.zeros(wide.output.shape, dtype=np.bool_)
        spread[:, place] = mask
        masks.append(spread)
    return PastPlan(
        year,
        horizon,
        wide.regions,
        wide.industries,
        masks[0],
        masks[1],
        priority_score(wide),
        wide.readiness,
        wide.output,
        wide.location_quotient,
        core_limits(problem)[1],
    )


def _section(plan: PlanSection, year: int, horizon: int) -> PlanSection:
    """One phase up to the horizon; what names codes of the study's classification is left out."""
    return plan.model_copy(
        update={
            "industries": None,
            "start_year": year,
            "phases": (PhaseSpec(name="backtest", end_year=horizon),),
            "maximum_new_per_phase": (plan.maximum_core,),
            "core_limits": {},
            "capital_output_by_industry": {},
            "investment_caps": {},
            "labour_caps": {},
            "water_caps": {},
            "supply_share": None,
            "required": (),
            "forbidden": (),
            "precedence": (),
        }
    )


def _solve(problem: Problem, seed: int) -> tuple[BoolArray | None, BoolArray]:
    eligibility = build_eligibility(problem)
    planned = np.zeros(problem.output.shape, dtype=np.bool_)
    columns = build_columns(problem, build_candidates(problem, eligibility.eligible))
    programme = assemble_programme(columns, define_all(columns))
    section = problem.section
    solution = solve_programme(programme, seed=seed, time_limit=section.time_limit, gap=section.gap)
    if not solution.has_plan:
        return None, eligibility.eligible
    for cluster in read_clusters(columns, solution.values):
        planned[list(cluster.members), cluster.industry] = True
    return planned, eligibility.eligible


def _long(belt: Belt, rows: list[str], columns: Mapping[str, FloatArray]) -> pd.DataFrame:
    """One row per region x industry, all industries, with the columns given (R, I)."""
    codes = [str(code) for code in belt.industries.index]
    index = pd.MultiIndex.from_product([rows, codes], names=["region", "industry"])
    return index.to_frame(index=False).assign(
        **{name: values.ravel() for name, values in columns.items()}
    )


def _result(stage: str, **frames: pd.DataFrame) -> Result:
    tables = {name: ResultTable(name, frame, "C") for name, frame in frames.items()}
    return Result(stage, tables)


def _advantage(belt: Belt, scope: Scope) -> Result:
    x = np.maximum(matrix(belt, scope.base_year, scope.activity), 0.0)
    inside = belt.regions["in_belt"].to_numpy(dtype=np.bool_)
    own = np.full(x.shape, np.nan)
    own[inside] = location_quotient(x[inside], missing="skip")
    frame = _long(
        belt,
        [str(code) for code in belt.regions.index],
        {
            "location_quotient_all": location_quotient(x, missing="skip"),
            "location_quotient_belt": own,
        },
    )
    return _result("advantage", advantage=frame)


def _fit(belt: Belt, scope: Scope, ridge: float, rows: BoolArray) -> LogisticModel:
    made = belt.industries["manufacturing"].to_numpy(dtype=np.bool_)
    years = [int(year) for year in belt.activity[YEAR].values]
    panel = build_panel(
        {year: matrix(belt, year, scope.activity)[rows] for year in years}, made, None
    )
    return fit_model(panel, "log_lq", ridge)


def _readiness(belt: Belt, scope: Scope, ridge: float) -> Result:
    inside = belt.regions["in_belt"].to_numpy(dtype=np.bool_)
    rows = inside if scope.reference == "belt" else np.ones(inside.size, dtype=np.bool_)
    made = belt.industries["manufacturing"].to_numpy(dtype=np.bool_)
    fit = _fit(belt, scope, ridge, rows)
    x = matrix(belt, scope.base_year, scope.activity)[rows]
    log_lq = model_features(x, made, None)[:, :, [FULL.index("log_lq")]]
    drawn = logistic_draws(fit, log_lq, 200, np.random.default_rng(scope.seed))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    index = pd.MultiIndex.from_product(
        [belt.regions.index[rows].astype(str), belt.industries.index[made].astype(str)],
        names=["region", "industry"],
    )
    frame = index.to_frame(index=False).assign(
        readiness=predict_logistic(fit, log_lq).ravel(),
        readiness_low=low.ravel(),
        readiness_high=high.ravel(),
    )
    return _result("readiness", readiness=frame)


def _demand(belt: Belt, scope: Scope, horizon: int, demand: DemandSection) -> Result:
    inside = belt.regions["in_belt"].to_numpy(dtype=np.bool_)
    before, now = scope.earlier_year, scope.base_year
    assert before is not None
    output = np.maximum(matrix(belt, now, "output"), 0.0)
    value_added = matrix(belt, now, "value_added")
    # Growth over the regions known in both years: a region that enters the tables is no growth.
    first = np.maximum(matrix(belt, before, "output"), 0.0)
    both = np.isfinite(output).all(axis=1) & np.isfinite(first).all(axis=1)
    growth = ratio(output[both].sum(axis=0), first[both].sum(axis=0))
    path = np.nan_to_num(growth ** ((horizon - now) / (now - before)), nan=1.0, posinf=1.0)
    later = output * path[None, :]
    rest = np.nansum(later[~inside], axis=0)
    won = demand.market_gain * (horizon - now) / max(demand.years[-1] - _scenario_base(demand), 1)
    regions = [str(code) for code in belt.regions.index[inside]]
    baseline = pd.concat(
        [
            _long(belt, regions, {"output": values[inside], "value_added": worth[inside]}).assign(
                year=year
            )
            for year, values, worth in (
                (now, output, value_added),
                (horizon, later, value_added * path[None, :]),
            )
        ],
        ignore_index=True,
    )
    codes = [str(code) for code in belt.industries.index]
    ceilings = pd.DataFrame({"industry": codes, "year": horizon, "ceiling": won * rest})
    return _result("demand", baseline=baseline, ceilings=ceilings)


def _scenario_base(demand: DemandSection) -> int:
    """Year from which the scenario's ``market_gain`` is spread: that of its national table."""
    head = demand.national_table.split("_")[0]
    return int(head) if head.isdigit() else demand.years[0]


def random_plans(plan: PastPlan, count: int, rng: np.random.Generator) -> list[BoolArray]:
    """Draw plans of as many pairs from those open to the programme, at random.

    Pairs enter in random order as long as their region has room for another core industry. The
    rules on duplication are not applied: they bind clusters, not pairs.
    """
    pairs = np.argwhere(plan.open)
    size = int(plan.planned.sum())
    plans = []
    for _ in range(count):
        room = plan.maximum_core.copy()
        drawn = np.zeros(plan.open.shape, dtype=np.bool_)
        left = size
        for r, i in rng.permutation(pairs):
            if left and room[r] >= 1:
                drawn[r, i] = True
                room[r] -= 1
                left -= 1
        plans.append(drawn)
    return plans
