"""What the trade margins of the provincial tables look like: for the report, nothing is changed."""

from __future__ import annotations

import pandas as pd

from yangtze_build.accounts import FINAL_DEMAND, Accounts

_LARGE = 50.0  # 1e8 CNY of output: trade surely exists in most industries above it
_GOODS = tuple(f"{number:02d}" for number in range(1, 23))  # io42: farming, mining, manufacturing


def trade_ratios(accounts: dict[int, Accounts]) -> pd.DataFrame:
    """Outflow over inflow, summed over all provinces, by industry and year."""
    columns = {}
    for year, one in accounts.items():
        total = one.activity[["outflow", "inflow"]].groupby(level="industry").sum()
        columns[f"outflow_to_inflow_{year}"] = total["outflow"] / total["inflow"]
    return pd.DataFrame(columns).rename_axis("industry").reset_index()


def trade_cells(accounts: dict[int, Accounts]) -> pd.DataFrame:
    """Count cells with goods in transit, and list provinces without any recorded trade in goods."""
    rows = []
    for year, one in accounts.items():
        activity = one.activity
        demand = activity[list(FINAL_DEMAND.values())].sum(axis="columns")
        use = one.intermediate.sum(axis="columns").to_numpy() + demand
        transit = activity["imports"] + activity["inflow"] > use + 1e-6
        silent = (activity["outflow"] == 0) & (activity["inflow"] == 0)
        goods = activity.index.get_level_values("industry").isin(_GOODS)
        missing = silent & goods & (activity["output"] > _LARGE)
        listed = missing.groupby(level="region").sum()
        rows.append(
            {
                "year": year,
                "cells_with_transit": int(transit.sum()),
                "large_goods_cells_without_outflow_and_inflow": int(missing.sum()),
                "by_province": "; ".join(
                    f"{region}: {count}" for region, count in listed[listed > 0].items()
                ),
            }
        )
    return pd.DataFrame(rows)
