"""Yearly series by province: people, money, capital stock, emissions."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pandas as pd

from yangtze_build.common import Log, significant

DEPRECIATION = 0.096  # a year, of the capital stock (Zhang, Wu and Zhang 2004)
FIRST_GROWTH_YEARS = 10  # real growth over so many years gives the stock of the first year
PRICE_YEAR = 2017
LAST_YEAR = 2017  # later investment in the source does not follow the published series
_PANEL = (
    "population",
    "population_urban",
    "employment",
    "gdp",
    "gross_fixed_capital_formation",
    "public_education_expenditure",
    "wage_average",
    "so2",
    "effluent",
)
_YEARBOOK = (
    "rd_spending",
    "rd_staff",
    "patents_granted",
    "technology_sold",
    "technology_bought",
    "hightech_revenue",
    "budget_total",
    "budget_science",
    "budget_education",
)


def build_series(
    source: Path, inputs: dict[str, pd.DataFrame], co2: pd.DataFrame, log: Log
) -> pd.DataFrame:
    """Return region, year, variable, value; panel to 2017, yearbook to its last year."""
    parts = [_long(inputs[name].loc[:, inputs[name].columns <= LAST_YEAR], name) for name in _PANEL]
    parts += [_long(inputs[name], name) for name in _YEARBOOK]
    parts += [capital_stock(source, inputs["gross_fixed_capital_formation"], log), co2]
    series = pd.concat(parts, ignore_index=True)
    series["value"] = significant(series["value"], 8)
    return series[["region", "year", "variable", "value"]]


def _long(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    frame = frame.rename_axis(index="region", columns="year")
    long = frame.stack().rename("value").reset_index()
    return long.assign(variable=name)


def capital_stock(source: Path, panel: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Capital stock at prices of 2017 by perpetual inventory (grade C), 2000 to 2017.

    K(t) = (1 - d) K(t-1) + I(t) p(2017) / p(t); the stock of the first year is I / (d + g), g the
    real growth of investment over the ten years after it. Chongqing starts in 1996, all others in
    1978.
    """
    raw = pd.read_csv(source / "capital" / "investment.csv", dtype={"region": str})
    raw["yr"] = raw["yr"].astype(int)
    log.require(not raw.duplicated(["region", "yr"]).any(), "investment: a value stands twice")
    invest = raw.pivot(index="region", columns="yr", values="invest").loc[:, :LAST_YEAR]
    price = raw.pivot(index="region", columns="yr", values="InvestPrice").loc[:, :LAST_YEAR]
    change = price / price.shift(axis="columns")
    recent = change.loc[:, 2000:]
    log.require(bool(recent.stack().between(0.9, 1.15).all()), "investment prices: a jump")
    odd = change[(change > 1.35) | (change < 0.85)].stack().rename("change").reset_index()
    log.table("investment_prices", odd)
    years = [year for year in panel.columns if year <= LAST_YEAR]
    gap = (invest[years] / panel.loc[invest.index, years] - 1).abs()
    differing = gap[gap > 0.1].stack().rename("gap").reset_index()
    log.table("investment_against_panel", differing.set_axis(["region", "year", "gap"], axis=1))
    real = invest * price[[PRICE_YEAR]].to_numpy() / price
    stocks = {str(region): _accumulate(row.dropna(), log) for region, row in real.iterrows()}
    frame = pd.DataFrame(stocks).T.loc[:, 2000:]
    log.require(not frame.isna().any(axis=None), "capital stock: missing values")
    return _long(frame, "capital_stock")


def _accumulate(real: pd.Series, log: Log) -> pd.Series:
    """Perpetual inventory of one province, from its first to its last year."""
    years = [int(year) for year in real.index]
    log.require(years == list(range(years[0], LAST_YEAR + 1)), "investment: years are missing")
    growth = (real.iloc[FIRST_GROWTH_YEARS] / real.iloc[0]) ** (1 / FIRST_GROWTH_YEARS) - 1
    stock = {years[0]: real.iloc[0] / (DEPRECIATION + growth)}
    for before, year in pairwise(years):
        stock[year] = (1 - DEPRECIATION) * stock[before] + real[year]
    return pd.Series(stock)
