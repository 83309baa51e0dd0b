"""Provincial input-output tables: read, repair as decided, bring to the two classifications."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from yangtze_build.common import IO42_YEARS, YEARS, Log, money, read_table

FINAL_DEMAND = {
    "FU101": "rural_consumption",
    "FU102": "urban_consumption",
    "FU103": "government_consumption",
    "FU201": "fixed_capital_formation",
    "FU202": "inventory_change",
}
VALUE_ADDED = {
    "VA001": "compensation",
    "VA002": "net_production_tax",
    "VA003": "depreciation",
    "VA004": "operating_surplus",
}
GROSS_TRADE = {"FU302": "outflow_all", "FU304": "inflow_all"}  # 2007: with abroad inside
# Where the parts are in the older order, each name finds its figures under this one.
_OLDER_ORDER = ("VA002", "VA003", "VA001", "VA004")
_PUBLIC_SERVICES = ("39", "40", "41", "42")  # education, health, culture, administration, any year
TRADE = {"EX": "exports", "IM": "imports", "OF": "outflow", "IF": "inflow"}
BALANCE_TOLERANCE = 1e-4  # of the sector's output
SMALLEST_GAP = 1e-5  # 1e8 CNY: 1,000 yuan, the rounding of trade in sectors without output
DUST = 1.0  # 10,000 yuan: an "output" below this is an artefact of arithmetic
_ORDER = (
    "output",
    "value_added",
    *VALUE_ADDED.values(),
    *FINAL_DEMAND.values(),
    *TRADE.values(),
    "net_outflow",
    "statistical_error",
)


@dataclass(frozen=True)
class Accounts:
    """One year in one classification: long tables in 1e8 CNY."""

    year: int
    activity: pd.DataFrame  # index (region, industry), columns variables
    intermediate: pd.DataFrame  # index (region, industry_from), columns industry_to


def read_accounts(source: Path, year: int, log: Log) -> Accounts:
    """Read one year as published (10,000 yuan), with the decided repairs, in its own codes."""
    published = pd.read_csv(
        source / "io" / f"province_sector_{year}.csv", dtype={"region": str, "code": str}
    )
    flows = pd.read_csv(source / "io" / f"intermediate_{year}.csv.gz", dtype={"region": str})
    sectors = [name for name in flows.columns if name.startswith("sec")]
    flows = flows[flows["row"].isin(sectors)]
    flows = flows.assign(code=flows["row"].str[3:]).set_index(["region", "code"])[sectors]
    flows.columns = pd.Index([name[3:] for name in sectors], name="industry_to")
    published = published.set_index(["region", "code"]).sort_index()
    flows = flows.sort_index()
    log.require(published.index.is_unique, f"{year}: a province-sector stands twice")
    log.require(
        published.index.equals(flows.index), f"{year}: the two files have other provinces or codes"
    )
    log.require(not flows.isna().any(axis=None), f"{year}: empty cells among intermediate flows")
    published = _repair(published, year, log)
    return Accounts(year, _name_variables(published, year), flows)


def read_names(source: Path, year: int) -> pd.Series:
    """Names of the sectors as the table of that year gives them."""
    path = source / "io" / f"province_sector_{year}.csv"
    listed = pd.read_csv(path, dtype={"code": str}).drop_duplicates("code")
    return listed.set_index("code")["sector_cn"]


def odd_cells(published: dict[int, Accounts]) -> pd.DataFrame:
    """List published cells with a sign or size that asks for care; they are kept as published."""
    rows = []
    for year, one in published.items():
        activity = one.activity
        tests = {
            "negative value added": activity["value_added"] < 0,
            "negative depreciation": activity["depreciation"] < 0,
            "negative fixed capital formation": activity["fixed_capital_formation"] < -DUST,
            "net production tax over 80 % of value added": (
                activity["net_production_tax"] > 0.8 * activity["value_added"]
            )
            & (activity["value_added"] > 0),
        }
        for finding, where in tests.items():
            rows.extend((year, *cell, finding) for cell in activity.index[where])
        flows = one.intermediate.stack()
        rows.extend(
            (year, region, f"{seller}>{buyer}", "negative intermediate use")
            for region, seller, buyer in flows.index[flows < 0]
        )
    return pd.DataFrame(rows, columns=["year", "region", "code", "finding"])


def odd_growth(earlier: Accounts, later: Accounts) -> pd.DataFrame:
    """List large cells whose value added grew over 4 or under 1/4 times the sector's median."""
    before, after = earlier.activity["value_added"], later.activity["value_added"]
    growth = after / before.where(before > 0)
    median = growth.groupby(level="industry").transform("median")
    large = pd.concat([before, after], axis="columns").max(axis="columns") > 100
    odd = large & ((growth > 4 * median) | (growth < median / 4))
    return pd.DataFrame(
        {"before": before[odd], "after": after[odd], "growth_to_median": (growth / median)[odd]}
    ).reset_index()


def _repair(published: pd.DataFrame, year: int, log: Log) -> pd.DataFrame:
    """Apply the decisions of ``decisions_accounts.csv``; a decision that finds nothing fails."""
    decisions = read_table("decisions_accounts.csv")
    published = published.copy()
    for row in decisions[decisions["year"] == str(year)].itertuples():
        cell = (row.region, row.code)
        found = published.at[cell, row.column]
        expected = float(row.published) if row.published else np.nan
        same = (np.isnan(found) and np.isnan(expected)) or np.isclose(found, expected, rtol=1e-9)
        log.require(bool(same), f"{year} {cell} {row.column}: the decision expects {expected}")
        published.at[cell, row.column] = float(row.used)
    for row in read_table("decisions_order.csv").itertuples():
        if row.year == str(year):
            of_region = published.index.get_level_values("region") == row.region
            of_code = published.index.get_level_values("code") == row.code
            cells = of_region if row.code == "*" else of_region & of_code
            log.require(bool(cells.any()), f"{year} {row.region} {row.code}: not in the table")
            total = published.loc[cells].sum(numeric_only=True)
            log.require(
                total["VA002"] > 3 * total["VA001"],
                f"{year} {row.region} {row.code}: the parts of value added are in order already",
            )
            older = published.loc[cells, list(_OLDER_ORDER)].to_numpy()
            published.loc[cells, list(VALUE_ADDED)] = older
    _check_order(published, year, log)
    dust = published["GO"].abs() < DUST
    published.loc[dust, "GO"] = 0.0
    number = published.select_dtypes("number")
    log.require(not number.isna().any(axis=None), f"{year}: empty cells in province_sector")
    return published


def _check_order(published: pd.DataFrame, year: int, log: Log) -> None:
    """Public services pay wages and hardly any tax: otherwise the parts are mixed up."""
    public = published[published.index.get_level_values("code").isin(_PUBLIC_SERVICES)]
    mixed = (public["VA002"] > 0.3 * public["TVA"]) & (public["VA001"] < 0.3 * public["TVA"])
    for cell in public.index[mixed]:
        log.require(False, f"{year} {cell}: compensation and net production tax look mixed up")


def _name_variables(published: pd.DataFrame, year: int) -> pd.DataFrame:
    named = published[[*FINAL_DEMAND, *VALUE_ADDED]].rename(columns={**FINAL_DEMAND, **VALUE_ADDED})
    named.insert(0, "output", published["GO"])
    named.insert(1, "value_added", published["TVA"])
    if year == 2002:
        named["net_outflow"] = published["NOF"]
    elif year == 2007:
        # FU302 and FU304 are the only trade columns, and rows balance with their difference:
        # they hold trade with other provinces and with abroad together.
        named["net_outflow"] = published["FU302"] - published["FU304"]
        named["statistical_error"] = published["ERR"]
        named = named.assign(**published[list(GROSS_TRADE)].rename(columns=GROSS_TRADE))
    else:
        named = named.assign(**published[list(TRADE)].rename(columns=TRADE))
        named["net_outflow"] = (
            named["exports"] + named["outflow"] - named["imports"] - named["inflow"]
        )
        named["statistical_error"] = published["ERR"]
    return named[[name for name in (*_ORDER, *GROSS_TRADE.values()) if name in named]]


def split_shares(later: Accounts) -> pd.Series:
    """Share of R&D (35) in 35 + 36, by province, from the outputs of 2017."""
    output = later.activity["output"].unstack("code")
    return output["35"] / (output["35"] + output["36"])


def reclassify(accounts: Accounts, column: str, share: pd.Series | None = None) -> Accounts:
    """Bring a year to ``io42`` or ``common`` by the concordance; money in 1e8 CNY.

    Where one code has two targets (2012's 36 in ``io42``), every row and every column item is
    split by one share of the province, so that all balances hold.
    """
    concordance = read_table("concordance.csv")
    concordance = concordance[concordance["year"] == str(accounts.year)]
    links = concordance[["code", column]].drop_duplicates()
    twice = links["code"].duplicated(keep=False)
    activity, flows = [], []
    for region, block in accounts.activity.groupby(level="region", sort=True):
        weights = np.ones(len(links))
        if twice.any():
            first = float(share.loc[region]) if share is not None else np.nan
            weights[twice.to_numpy()] = [first, 1.0 - first]
        matrix = pd.DataFrame({"code": links["code"], "to": links[column], "weight": weights})
        matrix = matrix.pivot_table(index="to", columns="code", values="weight", fill_value=0.0)
        codes = block.index.get_level_values("code")
        matrix = matrix.reindex(columns=codes)
        values = block.droplevel("region")
        activity.append(_with_region(matrix @ values, str(region), "industry"))
        use = accounts.intermediate.loc[region].reindex(index=codes, columns=codes)
        moved = matrix @ use @ matrix.T
        flows.append(_with_region(moved, str(region), "industry_from"))
    return Accounts(accounts.year, pd.concat(activity).apply(money), pd.concat(flows).apply(money))


def _with_region(frame: pd.DataFrame, region: str, level: str) -> pd.DataFrame:
    frame = frame.copy()
    frame.index = pd.MultiIndex.from_product([[region], frame.index], names=["region", level])
    return frame


def check_accounts(accounts: Accounts, label: str, log: Log) -> pd.DataFrame:
    """Check row, column, and output balances; return the worst of each (share of output)."""
    activity, flows = accounts.activity, accounts.intermediate
    output = activity["output"]
    demand = activity[list(FINAL_DEMAND.values())].sum(axis="columns")
    error = activity.get("statistical_error", pd.Series(0.0, index=activity.index))
    row = flows.sum(axis="columns").to_numpy() + demand + activity["net_outflow"] + error
    bought = flows.T.groupby(level=0).sum().T.groupby(level="region").sum().stack()
    column = bought.to_numpy() + activity[list(VALUE_ADDED.values())].sum(axis="columns")
    parts = activity[list(VALUE_ADDED.values())].sum(axis="columns")
    rows = []
    gaps = {
        "row": row - output,
        "column": column - output,
        "value added parts": parts - activity["value_added"],
    }
    for name, gap in gaps.items():
        allowed = (BALANCE_TOLERANCE * output.abs()).clip(lower=SMALLEST_GAP)
        worst = (gap.abs() / output.abs().clip(lower=1e-2)).idxmax()
        bad = gap.abs() > allowed
        for cell in gap.index[bad]:
            log.require(False, f"{label}: {name} balance of {cell} is off by {gap[cell]:.6g}")
        rows.append(
            {
                "table": label,
                "balance": name,
                "worst_cell": " ".join(worst),
                "worst_share_of_output": abs(gap[worst]) / max(abs(output[worst]), 1e-2),
                "worst_1e8_CNY": gap.abs().max(),
            }
        )
    return pd.DataFrame(rows)


def check_totals(before: Accounts, after: Accounts, label: str, log: Log) -> None:
    """Every province total of every variable survives the reclassification."""
    total_before = before.activity.groupby(level="region").sum() / 1e4
    total_after = after.activity.groupby(level="region").sum()
    difference = (total_after - total_before).abs() / total_before.abs().clip(lower=1.0)
    log.require(bool(difference.max(axis=None) < 1e-6), f"{label}: province totals changed")
    flows_before = before.intermediate.sum(axis=None) / 1e4
    flows_after = after.intermediate.sum(axis=None)
    log.require(abs(flows_after / flows_before - 1) < 1e-8, f"{label}: intermediate total changed")


def check_concordance(source_codes: dict[int, pd.Series], log: Log) -> None:
    """Every code of every year once, under the name the table of that year gives it."""
    concordance = read_table("concordance.csv")
    for year in YEARS:
        rows = concordance[concordance["year"] == str(year)]
        names = rows.drop_duplicates("code").set_index("code")["name_zh"]
        log.require(
            names.sort_index().equals(source_codes[year].sort_index().rename("name_zh")),
            f"concordance {year}: codes or names differ from the table",
        )
        repeated = rows["code"].duplicated(keep=False)
        split = rows.loc[repeated, "code"].unique().tolist()
        log.require(
            split == (["36"] if year == 2012 else []),
            f"concordance {year}: codes with two rows are {split}",
        )
        common = rows.groupby("code")["common"].nunique()
        log.require(bool((common == 1).all()), f"concordance {year}: common splits a sector")
        if year in IO42_YEARS:
            log.require(bool((rows["io42"] != "").all()), f"concordance {year}: io42 is missing")


def long_activity(accounts: list[Accounts]) -> pd.DataFrame:
    """Year, region, industry, variable, value; absent variables have no rows."""
    parts = []
    for one in accounts:
        variables = [name for name in one.activity.columns if name in _ORDER]
        frame = one.activity.reset_index().melt(
            id_vars=["region", "industry"], value_vars=variables, var_name="variable"
        )
        frame.insert(0, "year", one.year)
        parts.append(frame)
    long = pd.concat(parts, ignore_index=True)
    long["variable"] = pd.Categorical(long["variable"], categories=[*_ORDER, "co2"], ordered=True)
    long = long.dropna(subset=["value"])
    long = long.sort_values(["variable", "year", "region", "industry"], kind="stable")
    return long.astype({"variable": str}).reset_index(drop=True)


def gross_trade(year_2007: Accounts) -> pd.DataFrame:
    """Outflow and inflow of 2007, each with trade abroad inside; no such thing in other years."""
    columns = list(GROSS_TRADE.values())
    return year_2007.activity[columns].reset_index()[["region", "industry", *columns]]


def long_intermediate(accounts: list[Accounts]) -> pd.DataFrame:
    """Year, region, industry_from, industry_to, value; zeros are left out."""
    parts = []
    for one in accounts:
        frame = one.intermediate.stack().rename("value").reset_index()
        frame.columns = ["region", "industry_from", "industry_to", "value"]
        frame.insert(0, "year", one.year)
        parts.append(frame)
    long = pd.concat(parts, ignore_index=True)
    return long[long["value"] != 0].reset_index(drop=True)
