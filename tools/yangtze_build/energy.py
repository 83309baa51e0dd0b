"""CO2 by province and sector (CEADs rows) brought to the industries of the tables, in tonnes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from yangtze_build.accounts import Accounts
from yangtze_build.common import Log, read_table

_TOTALS = ("Total Consumption", "Total Emissions", "TotalEmissions")


def read_co2(source: Path, log: Log) -> pd.DataFrame:
    """Read the sector rows (totals dropped once they agree with the sum), tonnes."""
    raw = pd.read_csv(source / "environment" / "co2_by_sector.csv", dtype={"region": str})
    is_total = raw["sector"].isin(_TOTALS)
    total = raw[is_total].set_index(["year", "region"])["co2_mt"]
    rows = raw[~is_total]
    summed = rows.groupby(["year", "region"])["co2_mt"].sum()
    gap = (summed / total - 1).abs()
    log.require(bool(gap.max() < 1e-9), f"CO2: sectors do not add up to the total: {gap.max()}")
    log.require(total.index.is_unique, "CO2: a total stands twice")
    twice = rows.duplicated(["year", "region", "sector"])
    log.require(not twice.any(), "CO2: a province-sector stands twice")
    mapped = set(read_table("co2_mapping.csv")["sector"])
    found = set(rows["sector"])
    log.require(found == mapped, f"CO2: sectors without mapping {sorted(found ^ mapped)}")
    log.table("co2_totals", (summed.groupby("year").sum()).rename("Mt").reset_index())
    return rows.assign(value=rows["co2_mt"] * 1e6)[["year", "region", "sector", "value"]]


def co2_by_industry(rows: pd.DataFrame, accounts: Accounts, column: str) -> pd.DataFrame:
    """Long table of CO2 in the classification ``column`` for the year of ``accounts``.

    A row that covers several industries is divided among them in proportion to their output in
    the province (grade C). Households (urban, rural) are no industry and are not in the result.
    """
    mapping = read_table("co2_mapping.csv")
    targets = {
        row.sector: getattr(row, column).split(";")
        for row in mapping.itertuples()
        if getattr(row, column)
    }
    output = accounts.activity["output"]
    parts = []
    year_rows = rows[(rows["year"] == accounts.year) & rows["sector"].isin(list(targets))]
    for row in year_rows.itertuples():
        industries = targets[row.sector]
        weight = output.loc[row.region].reindex(industries)
        share = weight / weight.sum() if len(industries) > 1 else weight * 0 + 1.0
        for industry, part in share.items():
            parts.append((accounts.year, row.region, industry, row.value * part))
    long = pd.DataFrame(parts, columns=["year", "region", "industry", "value"])
    long = long.groupby(["year", "region", "industry"], as_index=False)["value"].sum()
    long["value"] = long["value"].round(1)
    return long.assign(variable="co2")[["year", "region", "industry", "variable", "value"]]


def households_and_total(rows: pd.DataFrame) -> pd.DataFrame:
    """Series of CO2 in all and of households, all years of the source."""
    mapping = read_table("co2_mapping.csv")
    household = set(mapping.loc[mapping["io42"] == "", "sector"]) & {"Urban", "Rural"}
    total = rows.groupby(["region", "year"], as_index=False)["value"].sum()
    homes = rows[rows["sector"].isin(household)]
    homes = homes.groupby(["region", "year"], as_index=False)["value"].sum()
    series = pd.concat(
        [total.assign(variable="co2_total"), homes.assign(variable="co2_households")]
    )
    series["value"] = series["value"].round(1)
    return series[["region", "year", "variable", "value"]]
