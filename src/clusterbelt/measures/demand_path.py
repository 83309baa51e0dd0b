"""The national economy by year: measured where there is a table, modelled from the last before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.measures.demand_checks import CONSTANT
from clusterbelt.measures.national_model import (
    NationalModel,
    solve_national_model,
    sum_by_industry,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import ResultTable

__all__ = [
    "NationalPath",
    "baseline_table",
    "category_growth",
    "ceilings_table",
    "national_path",
    "path_index",
    "regional_base",
    "required_output_table",
    "year_grades",
]

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class NationalPath:
    """The national economy by year, in the purchasing power of the base year."""

    output: pd.DataFrame  # industry x year
    imports: pd.DataFrame  # industry x year
    value_added: pd.Series  # by year
    measured: frozenset[int]


def _factors(
    model: NationalModel, section: DemandSection, scope: Scope, year: int
) -> dict[str, Numbers]:
    """Growth of every category of final demand from the model's year to ``year``, by sector."""
    premium = np.array(
        [
            section.growth_premium.get(sector, section.growth_premium.get(industry, 0.0))
            for sector, industry in zip(model.sectors, model.industry, strict=True)
        ]
    )
    factors = {str(name): np.ones(len(premium)) for name in model.final_demand}
    for period, (start, end) in enumerate(pairwise([scope.base_year, *section.years])):
        if start < model.year or end > year:
            continue
        for category in factors:
            if category != CONSTANT:
                rate = section.growth[category][period] + premium
                factors[category] = factors[category] * (1 + rate) ** (end - start)
    return factors


def national_path(
    models: list[NationalModel], belt: Belt, section: DemandSection, scope: Scope
) -> NationalPath:
    """Measured where there is a table, modelled from the last table before where there is none."""
    industries = [str(code) for code in belt.industries.index]
    output, imports, value_added = {}, {}, {}
    for year in (scope.base_year, *section.years):
        model = next(one for one in reversed(models) if one.year <= year)
        if model.year == year:
            made, bought = model.output, model.imports
        else:
            made, bought = solve_national_model(model, _factors(model, section, scope, year))
        prices = (1 + section.price_change) ** (model.year - scope.base_year)
        output[year] = sum_by_industry(model, made / prices, industries)
        imports[year] = sum_by_industry(model, bought / prices, industries)
        per_output = np.nan_to_num(ratio(model.value_added, model.output))
        value_added[year] = float((per_output * made).sum() / prices)
    return NationalPath(
        output=pd.DataFrame(output),
        imports=pd.DataFrame(imports),
        value_added=pd.Series(value_added),
        measured=frozenset(model.year for model in models),
    )


def regional_base(belt: Belt, scope: Scope) -> dict[str, pd.DataFrame]:
    """Output and value added of all regions in the base year, region x industry."""
    base = belt.activity.sel(year=scope.base_year).transpose("variable", "region", "industry")
    base = base.sel(region=list(belt.regions.index), industry=list(belt.industries.index))
    return {
        variable: pd.DataFrame(
            base.sel(variable=variable).to_numpy(),
            index=belt.regions.index.astype(str),
            columns=belt.industries.index.astype(str),
        )
        for variable in ("output", "value_added")
    }


def category_growth(section: DemandSection, scope: Scope) -> dict[str, Numbers]:
    """Return the growth of each category since the base year, (Y,) by scenario year.

    Without premiums of products, which are not known for a category as a whole.
    """
    spans = np.diff([scope.base_year, *section.years])
    grown = {
        name: np.cumprod((1.0 + np.array(rates)) ** spans) for name, rates in section.growth.items()
    }
    return grown | {CONSTANT: np.ones(len(section.years))}


def path_index(path: NationalPath) -> pd.DataFrame:
    """Output of each industry over its base year, industry x year."""
    base = path.output.iloc[:, [0]].to_numpy()
    return pd.DataFrame(
        ratio(path.output.to_numpy(), base), index=path.output.index, columns=path.output.columns
    )


def year_grades(years: pd.Series, path: NationalPath, base: str) -> list[str]:
    """``base`` in the base year; measured later years need a price index (C); the rest is D."""
    first = path.output.columns[0]
    return [base if year == first else "C" if year in path.measured else "D" for year in years]


def required_output_table(path: NationalPath, money: str) -> ResultTable:
    """Return national output and its index by year and industry."""
    labels = [list(path.output.columns), list(path.output.index)]
    rows = pd.MultiIndex.from_product(labels, names=["year", "industry"])
    frame = rows.to_frame(index=False)
    frame["output"] = path.output.to_numpy().T.ravel()
    frame["index"] = path_index(path).to_numpy().T.ravel()
    frame["grade"] = year_grades(frame["year"], path, "A")
    units = {"output": money, "index": "1"}
    return ResultTable("required_output", frame, "D", units)


def baseline_table(
    path: NationalPath, belt: Belt, regional: dict[str, pd.DataFrame]
) -> ResultTable:
    """Return output and value added of the belt's regions, all growing with their industry."""
    regions, industries = belt.belt_regions, list(path.output.index)
    index = path_index(path)
    labels = [regions, industries, list(index.columns)]
    rows = pd.MultiIndex.from_product(labels, names=["region", "industry", "year"])
    frame = rows.to_frame(index=False)
    for variable, table in regional.items():
        grown = table.loc[regions, industries].to_numpy()[:, :, None] * index.to_numpy()[None]
        frame[variable] = grown.ravel()
    frame["grade"] = year_grades(frame["year"], path, "A")
    units = dict.fromkeys(regional, belt.money_unit)
    return ResultTable("baseline", frame, "D", units)


def ceilings_table(
    path: NationalPath, belt: Belt, output: pd.DataFrame, section: DemandSection, scope: Scope
) -> ResultTable:
    """Return what the belt can attain of every industry, by national shares (the thin way)."""
    industries, years = list(path.output.index), list(section.years)
    growth = path_index(path)[years].to_numpy()
    in_belt = output.loc[belt.belt_regions, industries].sum(skipna=False).to_numpy()
    everywhere = output[industries].sum(skipna=False).to_numpy()
    baseline = in_belt[:, None] * growth
    national = everywhere[:, None] * growth
    share = ratio(in_belt, everywhere)[:, None]
    ramp = (np.array(years) - scope.base_year) / (years[-1] - scope.base_year)
    made_here = belt.industries.loc[industries, "manufacturing"].to_numpy(bool)[:, None]
    from_imports = (
        section.import_substitution * ramp * path.imports[years].to_numpy() * share * made_here
    )
    from_market = section.market_gain * ramp * (national - baseline)
    columns = {
        "national_output": national,
        "belt_share": share + 0.0 * national,
        "baseline_output": baseline,
        "from_imports": from_imports,
        "from_market": from_market,
        "attainable_output": baseline + from_imports + from_market,
        "ceiling": from_imports + from_market,
    }
    rows = pd.MultiIndex.from_product([industries, years], names=["industry", "year"])
    frame = rows.to_frame(index=False)
    for name, values in columns.items():
        frame[name] = values.ravel()
    frame["imports_base_year"] = np.repeat(path.imports[scope.base_year].to_numpy(), len(years))
    frame["grade"] = "D"
    units = dict.fromkeys([*columns, "imports_base_year"], belt.money_unit) | {"belt_share": "1"}
    return ResultTable("ceilings", frame, "D", units)
