"""A made-up past of the synthetic run, and the stages that learn from it, run on it."""

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.config.backtest import BacktestSection
from clusterbelt.config.demand import DemandSection
from clusterbelt.config.plan import PlanSection
from clusterbelt.config.readiness import ReadinessSection
from clusterbelt.config.scope import Scope
from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.stages.backtest import run as run_backtest
from clusterbelt.stages.readiness import run as run_readiness

YEARS = (2002, 2007, 2012, 2017)


def past_activity(regions, industries, years=YEARS, seed=3):
    """Output and value added that drift from year to year, so that the past tells something."""
    rng = np.random.default_rng(seed)
    shape = (len(regions), len(industries))
    level = rng.normal(size=shape) + 0.8 * rng.normal(size=(shape[0], 1))
    cubes = []
    for step in range(len(years)):
        level = level + 0.35 * rng.normal(size=shape)
        output = 100 * np.exp(level + 0.5 * step)
        worth = output * np.clip(rng.normal(0.3, 0.03, shape), 0.1, 0.6)
        cubes.append(np.stack([output, worth], axis=-1))
    return xr.DataArray(
        np.stack(cubes),
        dims=("year", "region", "industry", "variable"),
        coords={
            "year": list(years),
            "region": [str(code) for code in regions.index],
            "industry": [str(code) for code in industries.index],
            "variable": ["output", "value_added"],
        },
    )


def past_belt(regions, industries, years=YEARS, seed=3):
    """Return a belt with that past; its regions stand in a ring."""
    size = len(regions)
    apart = np.abs(np.subtract.outer(range(size), range(size)))
    ring = pd.DataFrame((apart == 1) | (apart == size - 1), regions.index, regions.index)
    return Belt(
        name="made",
        title=Bilingual("虚构", "Made up"),
        classification="x",
        money_unit="1e8 CNY",
        regions=regions,
        industries=industries,
        activity=past_activity(regions, industries, years, seed),
        neighbours=ring,
    )


def past_results(regions, industries):
    """Readiness and backtest of the made-up past."""
    belt, scope = past_belt(regions, industries), Scope(classification="x")
    readiness = ReadinessSection(draws=20, interval_draws=20)
    sections = {"plan": PlanSection(), "demand": DemandSection(), "readiness": readiness}
    backtest = BacktestSection(draws=20, random_plans=10)
    return (
        run_readiness(belt, {}, readiness, scope),
        run_backtest(belt, {}, backtest, scope, **sections),
    )
