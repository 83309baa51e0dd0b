"""Attainable demand by region and industry, from the inter-regional model.

For every scenario year t, with A, T, final demand F by buyer, exports e (see
``interregional_model``) and growth g by category::

    F_t = sum_k g_k(t) F_k          x_t = (I - M_t)^-1 (T F_t + g_e(t) e + g_d(t) d)

d, what the accounts do not balance, grows as final demand does altogether; inventories stay. The
national path says how fast each industry grows, the model where: ``baseline = x_t * c(i,t)`` with
c the national index over the model's own. Adjustments of the study come on top of both.

Gains, for goods only, with ramp from 0 in the base year to 1 in the last year::

    imports   T gains  substitution * ramp * (import share), split over sellers as they sell there
    market    the belt's sellers gain  market_gain * ramp  of what regions outside the belt sell
              in a market, split among them as they sell there

``from_imports`` and ``from_market`` are the differences of output of every region that follow,
suppliers included: with the first change, and with both. Where nobody (or nobody of the belt)
sells in a market yet, output decides the split.

A region's own ceiling does not tie it to its present part: in each market it can reach
``min(1, concentration * part of the belt's sales)`` of what the belt gains directly there, plus
what it gains as supplier, never more than the belt gains in all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.demand import DemandAdjustment, DemandSection
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.input_output_linkages import interregional_solve
from clusterbelt.measures.demand_checks import CONSTANT
from clusterbelt.measures.interregional_model import (
    InterregionalModel,
    final_demand_from,
    output_of,
)
from clusterbelt.measures.national_model import EXPORTS
from clusterbelt.model.interregional import InterregionalTable

__all__ = [
    "Attainable",
    "ScenarioSetting",
    "attainable_demand",
    "draw_attainable",
    "frame_of_years",
    "gain_shares",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
_TOLERANCE = 1e-11
_QUANTILES = (0.05, 0.95)


@dataclass(frozen=True)
class ScenarioSetting:
    """What a scenario takes from study and belt, aligned with the table."""

    section: DemandSection
    base_year: int
    growth: Mapping[str, Array]  # category -> factor (Y,), exports and inventories too
    index: Array  # national index of output, (N, Y)
    measured: Array  # years since the last measured table, (Y,); what is drawn grows with it
    belt: Mask  # (R,)
    goods: Mask  # (N,)

    @property
    def ramp(self) -> Array:
        """From 0 in the base year to 1 in the last year, (Y,)."""
        years = np.array(self.section.years, dtype=np.float64)
        ramp: Array = (years - self.base_year) / (years[-1] - self.base_year)
        return ramp


@dataclass(frozen=True)
class Attainable:
    """Output by region, industry and year, all (R, N, Y), and what draws need."""

    baseline: Array
    from_imports: Array
    from_market: Array
    ceiling: Array  # of each region alone
    belt_ceiling: Array  # (N, Y)
    pool_imports: Array  # what the belt gains directly in each market, (N, S, Y)
    pool_market: Array
    belt_part: Array  # part of the belt's sales in each market, (N, R, S)
    by_category: Mapping[str, Array]  # category -> output it calls for in the base year, (R, N)


def gain_shares(
    shares: Array, output: Array, belt: Mask, goods: Mask, imports: float, market: float
) -> tuple[Array, Array]:
    """Return sourcing with imports replaced, and with the belt's gain of market besides.

    Parameters
    ----------
    shares
        T, (N, R, S); sums over sellers below one where the rest is imported.
    output
        (R, N), the split where there is no seller yet.
    belt, goods
        Sellers of the belt (R,); products that may be gained (N,).
    imports, market
        Parts of imports, and of the sales of regions outside the belt, that are gained.

    Returns
    -------
    tuple
        Both (N, R, S); sums over sellers rise by ``imports`` of what was missing to one, and stay.
    """
    every = np.ones_like(belt)
    missing = np.maximum(1.0 - shares.sum(axis=1), 0.0) * goods[:, None]
    missing = np.where(shares.sum(axis=1) > 0.0, missing, 0.0)  # nothing used: nothing to gain
    gained = shares + imports * missing[:, None, :] * _parts(shares, output, every)
    outside = gained[:, ~belt].sum(axis=1) * goods[:, None] * market
    able = (output[belt].sum(axis=0) > 0.0)[:, None]  # what the belt does not make it cannot sell
    outside = np.where(able, outside, 0.0)
    taken = np.where((goods[:, None] & able)[:, :, None], market, 0.0) * gained * ~belt[:, None]
    moved = gained - taken + outside[:, None, :] * _parts(gained, output, belt)
    return gained, moved


def _parts(shares: Array, output: Array, sellers: Mask) -> Array:
    """Parts of the named sellers in their own sales in each market; by output where none."""
    chosen = shares * sellers[:, None]
    sold = chosen.sum(axis=1, keepdims=True)
    size = np.where(sellers[:, None], output, 0.0).T  # (N, R)
    by_output = np.nan_to_num(ratio(size, size.sum(axis=1, keepdims=True)))[:, :, None]
    return np.where(sold > 0.0, ratio(chosen, np.where(sold > 0.0, sold, 1.0)), by_output)


def attainable_demand(model: InterregionalModel, setting: ScenarioSetting) -> Attainable:
    """Return baseline, gains and ceilings of every region, industry and scenario year."""
    section, table = setting.section, model.table
    by_category = _by_category(model)
    factors = _all_factors(setting, table)
    plain = np.stack([factors[name] for name in by_category], axis=0)  # (K, Y)
    parts = np.stack(list(by_category.values()), axis=0)  # (K, R, N)
    made = np.einsum("ky,krn->rny", plain, parts)
    level = ratio(made.sum(axis=0), table.output.sum(axis=0)[:, None])
    scale = np.where(level > 0.0, ratio(setting.index, np.where(level > 0.0, level, 1.0)), 1.0)
    results = [_year(model, setting, factors, place) for place in range(len(section.years))]
    baseline, imports, market, pool_i, pool_m = (
        np.stack([one[number] for one in results], axis=2) for number in range(5)
    )
    from_imports, from_market = imports * scale, market * scale
    pool_i, pool_m = pool_i * scale[:, None], pool_m * scale[:, None]
    part = _parts(model.shares, table.output, setting.belt)
    gains = from_imports + from_market
    belt_ceiling = gains[setting.belt].sum(axis=0)
    ceiling = _ceilings(gains, pool_i + pool_m, part, section.concentration, belt_ceiling)
    return Attainable(
        # A region without the industry stays without: what is left there is rounding.
        baseline=np.where(table.output[:, :, None] == 0.0, 0.0, baseline * scale),
        from_imports=from_imports,
        from_market=from_market,
        ceiling=np.where(setting.belt[:, None, None], ceiling, np.nan),
        belt_ceiling=belt_ceiling,
        pool_imports=pool_i,
        pool_market=pool_m,
        belt_part=part,
        by_category=by_category,
    )


def _by_category(model: InterregionalModel) -> dict[str, Array]:
    """Output that each category calls for in the base year: their sum is output."""
    table = model.table
    demand = {
        name: final_demand_from(model.shares, table.use_final[:, :, place]).sum(axis=1)
        for place, name in enumerate(table.categories)
    }
    demand |= {EXPORTS: table.exports.ravel(), "": table.discrepancy.ravel()}
    made = output_of(model, np.column_stack(list(demand.values())))
    return {name: made[:, k].reshape(model.size) for k, name in enumerate(demand)}


def _all_factors(setting: ScenarioSetting, table: InterregionalTable) -> dict[str, Array]:
    """Growth by category, and under "" that of what the accounts do not balance."""
    totals = dict(zip(table.categories, table.use_final.sum(axis=(0, 1)), strict=True))
    totals[EXPORTS] = table.exports.sum()
    whole = sum(setting.growth[name] * total for name, total in totals.items())
    return {**setting.growth, "": whole / sum(totals.values())}


def _year(
    model: InterregionalModel, setting: ScenarioSetting, factors: Mapping[str, Array], place: int
) -> tuple[Array, Array, Array, Array, Array]:
    """Output, gains from imports and market (R, N), direct gains of the belt (N, S) in one year."""
    section, table = setting.section, model.table
    years = section.years[place] - setting.base_year
    use, exports = _demand(setting, table, factors, place, years)
    rate = [section.technology_change.get(code, 0.0) for code in table.industries]
    inputs = model.coefficients * ((1.0 + np.array(rate)) ** years)[:, None]
    rest = exports + factors[""][place] * table.discrepancy

    def solve(shares: Array) -> Array:
        bought = final_demand_from(shares, use).sum(axis=1).reshape(model.size)
        return interregional_solve(shares, inputs, bought + rest, _TOLERANCE)

    ramp = setting.ramp[place]
    gained, moved = gain_shares(
        model.shares,
        table.output,
        setting.belt,
        setting.goods,
        section.import_substitution * ramp,
        section.market_gain * ramp,
    )
    base, with_imports, with_both = solve(model.shares), solve(gained), solve(moved)
    used = (np.einsum("sij,sj->si", inputs, base) + use).T  # (N, S)
    belt = setting.belt
    pool_imports = (gained - model.shares)[:, belt].sum(axis=1) * used
    pool_market = (moved - gained)[:, belt].sum(axis=1) * used
    return base, with_imports - base, with_both - with_imports, pool_imports, pool_market


def _demand(
    setting: ScenarioSetting,
    table: InterregionalTable,
    factors: Mapping[str, Array],
    place: int,
    years: int,
) -> tuple[Array, Array]:
    """Final demand by buyer and exports by seller, (R, N) each, with the study's adjustments."""
    use = np.zeros_like(table.output)
    for number, name in enumerate(table.categories):
        grown = factors[name][place] * table.use_final[:, :, number]
        if name != CONSTANT:
            grown = grown * _adjusted(setting.section.adjustments, table, name, years)
        use = use + grown
    more = _adjusted(setting.section.adjustments, table, EXPORTS, years)
    return use, factors[EXPORTS][place] * table.exports * more


def _adjusted(
    lines: tuple[DemandAdjustment, ...], table: InterregionalTable, category: str, years: int
) -> Array:
    rates = np.zeros_like(table.output)
    for line in lines:
        if line.category in (None, category):
            rows = [line.region in (None, region) for region in table.regions]
            columns = [line.industry in (None, industry) for industry in table.industries]
            rates[np.ix_(rows, columns)] += line.rate
    grown: Array = (1.0 + rates) ** years
    return grown


def _ceilings(
    gains: Array, pool: Array, part: Array, concentration: float, belt_ceiling: Array
) -> Array:
    """Each region's own ceiling: what it can reach directly, and what it gains as supplier."""
    direct = np.einsum("isy,irs->riy", pool, part)
    reached = np.einsum("isy,irs->riy", pool, np.minimum(1.0, concentration * part))
    most = np.maximum(belt_ceiling, 0.0)[None]
    ceiling: Array = np.clip(gains - direct + reached, 0.0, most)
    return ceiling


def draw_attainable(
    found: Attainable, setting: ScenarioSetting, rng: np.random.Generator
) -> dict[str, Array]:
    """Return 5 % and 95 % quantiles of baseline, ceiling and attainable output of the belt.

    Keys ``baseline_low``, ``ceiling_high`` and so on, each (regions of the belt, N, Y). Drawn: the
    rate of each category (a normal error, the same in all years), the two gains and the
    concentration. Output is linear in the categories, the gains move with it and with their
    shares. Sourcing is held: its uncertainty is that of the inter-regional table.
    """
    section, belt = setting.section, setting.belt
    categories = [name for name in setting.growth if name in found.by_category]
    parts = np.stack([found.by_category[name] for name in categories])[:, belt]
    plain = np.stack([setting.growth[name] for name in categories])
    rest = found.by_category[""][belt][:, :, None] * np.ones(len(section.years))
    middle = np.einsum("ky,krn->rny", plain, parts) + rest
    free = np.array([name != CONSTANT for name in categories])
    own, sold = found.baseline[belt], found.belt_part[:, belt]
    drawn: dict[str, list[Array]] = {"baseline": [], "ceiling": [], "attainable": []}
    for _ in range(section.draws):
        errors = rng.normal(0.0, section.growth_error, len(categories)) * free
        imports, market, wide = rng.uniform(1.0 - section.spread, 1.0 + section.spread, 3)
        grown = plain * np.exp(errors[:, None] * setting.measured)
        change = ratio(np.einsum("ky,krn->rny", grown, parts) + rest, middle)
        change = np.where(np.isfinite(change), change, 1.0)
        gains = imports * found.from_imports[belt] + market * found.from_market[belt]
        gains = gains * change
        pool = imports * found.pool_imports + market * found.pool_market
        pool = pool * change.mean(axis=0)[:, None]
        concentration = 1.0 + (section.concentration - 1.0) * wide
        ceiling = _ceilings(gains, pool, sold, concentration, gains.sum(axis=0))
        drawn["baseline"].append(own * change)
        drawn["ceiling"].append(ceiling)
        drawn["attainable"].append(own * change + ceiling)
    result: dict[str, Array] = {}
    for name, values in drawn.items():
        low, high = np.quantile(np.stack(values), _QUANTILES, axis=0)
        result |= {f"{name}_low": low, f"{name}_high": high}
    return result


def frame_of_years(
    values: Mapping[str, Array], regions: list[str], industries: list[str], years: tuple[int, ...]
) -> pd.DataFrame:
    """Return arrays (R, N, Y) as columns of a long table: region, industry, year."""
    rows = pd.MultiIndex.from_product(
        [regions, industries, list(years)], names=["region", "industry", "year"]
    )
    frame = rows.to_frame(index=False)
    for name, array in values.items():
        frame[name] = array.ravel()
    return frame
