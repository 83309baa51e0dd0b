"""Indicators of the foundation: a numerator, a denominator, the nearest year that has both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterbelt.core.units import convert_factor, parse_unit
from yangtze_build.accounts import Accounts
from yangtze_build.common import IO42_YEARS, Log, read_table, significant

FARTHEST = 2  # years between the year asked for and the year observed
DIMENSIONS = {  # at least so many indicators
    "resources": 4,
    "economy": 4,
    "education": 4,
    "science_technology": 4,
    "manufacturing": 4,
    "advanced_manufacturing": 4,
    "environment": 3,
}
_MONEY = "1e8 CNY"
_SERVICES_FROM = "28"  # io42: trade and everything after it


def account_inputs(accounts: dict[int, Accounts], co2: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Aggregates of the accounts that indicators use (region x year)."""
    industries = read_table("industries_io42.csv").set_index("industry")
    manufacturing = industries.index[industries["manufacturing"] == "1"]
    advanced = industries.index[industries["advanced"] == "1"]
    services = industries.index[industries.index >= _SERVICES_FROM]
    groups = {
        "value_added": ("value_added", industries.index),
        "value_added_manufacturing": ("value_added", manufacturing),
        "value_added_advanced": ("value_added", advanced),
        "value_added_services": ("value_added", services),
        "value_added_education": ("value_added", pd.Index(["39"])),
        "output_manufacturing": ("output", manufacturing),
        "output_advanced": ("output", advanced),
        "operating_surplus_manufacturing": ("operating_surplus", manufacturing),
        "exports": ("exports", industries.index),
        "exports_manufacturing": ("exports", manufacturing),
        "exports_advanced": ("exports", advanced),
    }
    made = {
        name: pd.DataFrame(
            {
                year: one.activity[variable].unstack("industry")[list(members)].sum(axis="columns")
                for year, one in accounts.items()
            }
        )
        for name, (variable, members) in groups.items()
    }
    made["household_consumption"] = pd.DataFrame(
        {
            year: one.activity[["rural_consumption", "urban_consumption"]]
            .sum(axis="columns")
            .groupby(level="region")
            .sum()
            for year, one in accounts.items()
        }
    )
    for name, members in (("co2", industries.index), ("co2_manufacturing", manufacturing)):
        part = co2[co2["industry"].isin(members)]
        made[name] = part.pivot_table(index="region", columns="year", values="value", aggfunc="sum")
    return made


def _units() -> dict[str, str]:
    units = read_table("inputs.csv").set_index("input")["unit"].to_dict()
    tonnes = dict.fromkeys(("co2", "co2_manufacturing"), "t")
    return {**units, **tonnes, "area": "km2"}


def build_indicators(
    inputs: dict[str, pd.DataFrame], regions: list[str], log: Log
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the long table of indicators and the table that specifies them."""
    specs = read_table("indicators.csv")
    decisions = read_table("decisions_indicators.csv")
    log.table("decisions_indicators", decisions)
    units = _units()
    parts = []
    for spec in specs.itertuples():
        by_year = _evaluate(spec, inputs, units, log).reindex(regions)
        for row in decisions[decisions["indicator"] == spec.indicator].itertuples():
            log.require(row.action == "drop", f"decision {row.action!r} is not known")
            by_year.loc[row.region, int(row.year)] = np.nan
        for year in IO42_YEARS:
            value, observed = _nearest(by_year, year)
            part = pd.DataFrame({"region": regions, "value": value, "observed_year": observed})
            parts.append(part.assign(year=year, indicator=spec.indicator))
    long = pd.concat(parts, ignore_index=True).dropna(subset=["value"])
    long["value"] = significant(long["value"])
    long["observed_year"] = long["observed_year"].astype(int)
    long = long[["year", "region", "indicator", "value", "observed_year"]]
    _check(long, specs, log)
    return long, _specifications(specs)


def _evaluate(
    spec: object, inputs: dict[str, pd.DataFrame], units: dict[str, str], log: Log
) -> pd.DataFrame:
    top, bottom, unit = spec.numerator, spec.denominator, spec.unit  # type: ignore[attr-defined]
    numerator = _trailing_mean(inputs[top], int(spec.window))  # type: ignore[attr-defined]
    if not bottom:
        return numerator * convert_factor(units.get(top, _MONEY), unit)
    ratio = numerator / inputs[bottom].reindex(columns=numerator.columns)
    source = f"{units.get(top, _MONEY)} / {units.get(bottom, _MONEY)}"
    if unit != "1":
        return ratio * convert_factor(source, unit)
    sides = [parse_unit(units.get(name, _MONEY)) for name in (top, bottom)]
    log.require(sides[0].dimension == sides[1].dimension, f"{top} / {bottom} is not a share")
    return ratio * (sides[0].factor / sides[1].factor)


def _trailing_mean(series: pd.DataFrame, window: int) -> pd.DataFrame:
    """Mean of the years up to each year that are at most ``window - 1`` years older."""
    if window == 1:
        return series
    years = [int(year) for year in series.columns]
    means = {
        year: series[[one for one in years if year - window < one <= year]].mean(axis="columns")
        for year in years
    }
    return pd.DataFrame(means).where(series.notna())


def _nearest(by_year: pd.DataFrame, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Value and year of the nearest year that has a value; of two as near, the earlier."""
    value = np.full(len(by_year), np.nan)
    observed = np.full(len(by_year), np.nan)
    order = sorted((int(one) for one in by_year.columns), key=lambda one: (abs(one - year), one))
    for candidate in order:
        if abs(candidate - year) <= FARTHEST:
            found = by_year[candidate].to_numpy(float)
            take = np.isnan(value) & np.isfinite(found)
            value[take], observed[take] = found[take], candidate
    return value, observed


def _check(long: pd.DataFrame, specs: pd.DataFrame, log: Log) -> None:
    count = specs.groupby("dimension")["indicator"].nunique()
    for dimension, least in DIMENSIONS.items():
        log.require(count.get(dimension, 0) >= least, f"indicators: too few of {dimension}")
    log.require(len(specs) >= 30, "indicators: fewer than 30")
    log.require(specs["indicator"].is_unique, "indicators: one stands twice")
    shares = set(specs.loc[specs["unit"] == "1", "indicator"])
    off = long[long["indicator"].isin(shares) & ~long["value"].between(-0.2, 1.0)]
    log.require(off.empty, f"indicators: not shares: {off.to_numpy().tolist()[:5]}")
    coverage = long.groupby(["indicator", "year"]).agg(
        regions=("region", "nunique"),
        first_observed=("observed_year", "min"),
        last_observed=("observed_year", "max"),
    )
    log.table("indicators", coverage.reset_index())


def _specifications(specs: pd.DataFrame) -> pd.DataFrame:
    """``variables.csv``: the specification with its sources."""
    sources = read_table("inputs.csv").set_index("input")["publication"]

    def cite(row: pd.Series) -> str:
        named = [sources.get(name, "") for name in (row["numerator"], row["denominator"])]
        if row["numerator"].startswith("co2"):
            named[0] = "中国碳核算数据库省级排放清单 / CEADs provincial emission inventories"
        elif not named[0]:
            named[0] = "地区投入产出表 / Regional input-output tables"
        return "; ".join(dict.fromkeys(name for name in named if name))

    table = specs.copy()
    table["source"] = table.apply(cite, axis="columns")
    described = ["indicator", "name_zh", "name_en", "dimension", "unit", "direction"]
    return table[[*described, "denominator", "grade", "source", "numerator", "window"]]
