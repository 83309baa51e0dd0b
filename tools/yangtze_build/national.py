"""National tables 2017, 2018, 2020: 149 or 153 sectors, and 42 aggregated from them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from yangtze_build.accounts import FINAL_DEMAND, VALUE_ADDED
from yangtze_build.common import Log, money, read_table

FINE = {2017: "149", 2018: "153", 2020: "153"}
_DEMAND = {**FINAL_DEMAND, "EX": "exports"}
_TOLERANCE = 1e-6  # of output


def parents(classes: str) -> dict[str, str]:
    """Fine sector -> industry of ``io42``, for the tables with ``classes`` sectors."""
    rows = read_table("national_parents.csv")
    return {
        f"{number:03d}": row.industry
        for row in rows[rows["table"] == classes].itertuples()
        for number in range(int(row.first), int(row.last) + 1)
    }


def build_national(source: Path, log: Log) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the long table of all national tables and the table of their sectors."""
    industries = read_table("industries_io42.csv")
    names = read_table("national_sectors.csv").set_index(["table", "sector"])
    blocks, sectors, balances = [], [], []
    for year, classes in FINE.items():
        parent = parents(classes)
        raw = pd.read_csv(source / "io" / f"national_{year}_{classes}.csv", dtype={"Code": str})
        raw = raw.set_index("Code")
        codes = [name for name in raw.columns if name.isdigit()]
        log.require(codes == list(parent), f"national {year}: sectors and parents differ")
        fine = _parts(raw, codes)
        coarse = _aggregate(fine, parent)
        _check_against_42(source, year, coarse, log)
        for name, table in ((f"{year}_{classes}", fine), (f"{year}_42", coarse)):
            rounded = {block: frame.apply(money) for block, frame in table.items()}
            balances.append(_balance(name, rounded, log))
            blocks.append(_long(name, rounded))
        listed = pd.DataFrame({"table": f"{year}_{classes}", "sector": codes})
        listed["name_zh"] = raw.loc[codes, "DescriptionInChinese"].to_numpy()
        listed["name_en"] = [names.at[(classes, code), "name_en"] for code in codes]
        listed["industry"] = [parent[code] for code in codes]
        of42 = industries.rename(columns={"industry": "sector"})[["sector", "name_zh", "name_en"]]
        of42 = of42.assign(table=f"{year}_42", industry=of42["sector"])
        sectors.extend([listed, of42[listed.columns]])
    log.table("national_balances", pd.DataFrame(balances))
    return pd.concat(blocks, ignore_index=True), pd.concat(sectors, ignore_index=True)


def _parts(raw: pd.DataFrame, codes: list[str]) -> dict[str, pd.DataFrame]:
    return {
        "intermediate": raw.loc[codes, codes].astype(float),
        "final_demand": raw.loc[codes, list(_DEMAND)].astype(float).rename(columns=_DEMAND),
        "imports": raw.loc[codes, ["IM"]].astype(float).rename(columns={"IM": "imports"}),
        "output": raw.loc[codes, ["GO"]].astype(float).rename(columns={"GO": "output"}),
        "value_added": raw.loc[list(VALUE_ADDED), codes].astype(float).rename(index=VALUE_ADDED),
    }


def _aggregate(fine: dict[str, pd.DataFrame], parent: dict[str, str]) -> dict[str, pd.DataFrame]:
    coarse = {}
    for block, frame in fine.items():
        grouped = frame if block == "value_added" else frame.groupby(parent).sum()
        if block in {"intermediate", "value_added"}:
            grouped = grouped.T.groupby(parent).sum().T
        coarse[block] = grouped
    return coarse


def _check_against_42(source: Path, year: int, coarse: dict[str, pd.DataFrame], log: Log) -> None:
    """The published 42-sector table must be the fine one aggregated.

    It shows domestic and imported goods apart: their sum is total use, and what the imported rows
    call output (GO) is the imports. It does not split consumption, which the fine one does.
    """
    raw = pd.read_csv(source / "io" / f"national_{year}_42.csv", dtype={"Code": str})
    domestic, imported, total = (
        raw[raw["Origin"] == origin].set_index("Code") for origin in ("Domestic", "Imports", "TOT")
    )
    codes = [name for name in raw.columns if name.isdigit()]
    consumption = coarse["final_demand"].iloc[:, :3].sum(axis="columns")
    pairs = {
        "intermediate": (coarse["intermediate"], domestic[codes] + imported[codes]),
        "consumption": (consumption, domestic["TC"] + imported["TC"]),
        "imports": (coarse["imports"]["imports"], imported["GO"]),
        "output": (coarse["output"]["output"], domestic["GO"]),
        "exports": (coarse["final_demand"]["exports"], domestic["EX"] + imported["EX"]),
        "value added": (
            coarse["value_added"].set_axis(list(VALUE_ADDED)),
            total.loc[list(VALUE_ADDED), codes],
        ),
    }
    for name, (mine, published) in pairs.items():
        gap = float((mine - published).abs().to_numpy().max())
        log.require(gap < 1.0, f"national {year}: {name} of the 42 sectors is off by {gap}")


def _balance(name: str, table: dict[str, pd.DataFrame], log: Log) -> dict[str, object]:
    output = table["output"]["output"]
    used = table["intermediate"].sum(axis="columns") + table["final_demand"].sum(axis="columns")
    row = (used - table["imports"]["imports"] - output).abs() / output
    made = table["intermediate"].sum() + table["value_added"].sum()
    column = (made - output).abs() / output
    for kind, gap in (("row", row), ("column", column)):
        log.require(
            bool(gap.max() < _TOLERANCE), f"national {name}: {kind} balance off {gap.max()}"
        )
    return {
        "table": name,
        "sectors": len(output),
        "output": output.sum(),
        "value_added": table["value_added"].sum(axis=None),
        "imports": table["imports"].sum(axis=None),
        "worst_row": row.max(),
        "worst_column": column.max(),
    }


def _long(name: str, table: dict[str, pd.DataFrame]) -> pd.DataFrame:
    parts = []
    for block, frame in table.items():
        rows, columns = frame.index.to_list(), frame.columns.to_list()
        part = pd.DataFrame(
            {
                "table": name,
                "block": block,
                "row": [row for row in rows for _ in columns],
                "column": columns * len(rows),
                "value": frame.to_numpy(float).ravel(),
            }
        )
        parts.append(part[part["value"] != 0] if block == "intermediate" else part)
    return pd.concat(parts, ignore_index=True)
