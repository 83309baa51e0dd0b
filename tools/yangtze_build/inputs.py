"""Yearly series by province from the yearbooks: read, checked for outliers, decided, converted.

Every suspicious value of an input in a year that the dataset uses must stand in
``decisions_inputs.csv`` with what is done about it, or the build fails; so must every decision
find what it decides about.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from yangtze_build.common import Log, read_table

JUMP = 1.8  # a change this many times the year's median change is suspicious
SHIFTED_ROWS = 6  # this many non-zero values equal to the row above a year earlier: rows shifted
CHECKED_YEARS = (2012, 2013, 2016, 2017)  # changes into the years used, and out of 2012
LAST_PANEL_YEAR = 2017  # 2018 mixes revised and unrevised GDP, and repeats the effluent of 2017
_SUMS = {
    "RDSource": ("合计", ("政府资金", "企业资金", "国外资金", "其他资金")),
    "RDActivity": ("合计", ("基础研究", "应用研究", "试验发展")),
    "RDLaborHour": ("合计", ("基础研究", "应用研究", "试验发展")),
    "RDPatentAuthority": ("合计", ("发明", "实用新型", "外观设计")),
    "RDPatentValid": ("合计", ("发明", "实用新型", "外观设计")),
}


@dataclass(frozen=True)
class Sources:
    """The three files of yearly series, and the inputs drawn from them (region x year)."""

    yearbook: pd.DataFrame
    panel: pd.DataFrame
    endowment: pd.DataFrame
    inputs: dict[str, pd.DataFrame]


def read_sources(source: Path, regions: list[str], log: Log) -> Sources:
    """Read the series, check them, apply the decisions, convert the units."""
    code = {"region": str}
    yearbook = pd.read_csv(source / "science" / "yearbook.csv.gz", dtype=code)
    panel = pd.read_csv(source / "people" / "province_panel.csv", dtype=code)
    endowment = pd.read_csv(source / "resources" / "factor_endowment.csv", dtype=code)
    endowment["year"] = endowment["year"].astype(int)
    inputs = {}
    for row in read_table("inputs.csv").itertuples():
        if row.file == "yearbook":
            part = yearbook[(yearbook["table"] == row.table) & (yearbook["item"] == row.item)]
        elif row.file == "panel":
            part = panel[(panel["variable"] == row.item) & (panel["year"] <= LAST_PANEL_YEAR)]
        else:
            part = endowment.rename(columns={row.item: "value"})
        log.require(
            not part.duplicated(["region", "year"]).any(), f"{row.input}: a value stands twice"
        )
        series = part.pivot(index="region", columns="year", values="value").reindex(regions)
        log.require(bool(len(series.columns)), f"{row.input}: not found in the source")
        inputs[row.input] = series
    flagged = _suspicious(inputs)
    _compare_sums(yearbook, log)
    _compare_intensity(inputs, log)
    decided = _decide(inputs, flagged, log)
    factors = read_table("inputs.csv").set_index("input")["factor"].astype(float)
    return Sources(
        yearbook,
        panel,
        endowment,
        {name: series * factors[name] for name, series in decided.items()},
    )


def _suspicious(inputs: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """List jumps, shifted rows and repeated years; ``region`` is ``*`` for a whole year."""
    found = []
    for name, series in inputs.items():
        years = [int(year) for year in series.columns]
        for before, year in pairwise(years):
            if year not in CHECKED_YEARS:
                continue
            old, new = series[before], series[year]
            above = (new.iloc[1:].to_numpy() == old.iloc[:-1].to_numpy()) & (new.iloc[1:] != 0)
            if int(above.sum()) >= SHIFTED_ROWS:
                found.append((name, year, "*", "rows shifted", float(above.sum())))
                continue
            if new.notna().any() and new.equals(old.rename(year)):
                found.append((name, year, "*", "same as the year before", float(before)))
                continue
            found.extend(
                (name, year, str(region), "jump", float(change))
                for region, change in _jumps(old, new).items()
            )
    return pd.DataFrame(found, columns=["input", "year", "region", "finding", "size"])


def _jumps(old: pd.Series, new: pd.Series) -> pd.Series:
    usable = (old > 0) & (new > 0)
    change = np.log(new[usable] / old[usable])
    relative = change - change.median()
    return np.exp(relative[relative.abs() > np.log(JUMP)])


def _compare_sums(yearbook: pd.DataFrame, log: Log) -> None:
    rows = []
    for table, (total, parts) in _SUMS.items():
        wide = yearbook[yearbook["table"] == table].pivot(
            index=["region", "year"], columns="item", values="value"
        )
        gap = wide[list(parts)].fillna(0.0).sum(axis="columns") / wide[total] - 1
        for (region, year), value in gap[gap.abs() > 1e-3].items():
            rows.append({"table": table, "region": region, "year": year, "gap": value})
    log.table("sums", pd.DataFrame(rows, columns=["table", "region", "year", "gap"]))


def _compare_intensity(inputs: dict[str, pd.DataFrame], log: Log) -> None:
    """R&D intensity as printed against R&D spending over GDP of the panel."""
    rows = []
    for year in (2012, 2016, 2017):
        computed = inputs["rd_spending"][year] / inputs["gdp"][year] * 100
        gap = computed / inputs["rd_intensity"][year] - 1
        for region, value in gap[gap.abs() > 0.03].items():
            rows.append({"region": region, "year": year, "gap": value})
    log.table("intensity", pd.DataFrame(rows, columns=["region", "year", "gap"]))


def _decide(
    inputs: dict[str, pd.DataFrame], flagged: pd.DataFrame, log: Log
) -> dict[str, pd.DataFrame]:
    decisions = read_table("decisions_inputs.csv").astype({"year": int})
    keys = ["input", "year", "region"]
    whole = {(row.input, row.year) for row in decisions.itertuples() if row.region == "*"}
    merged = flagged.merge(decisions, on=keys, how="outer", indicator=True)
    for row in merged[merged["_merge"] == "left_only"].itertuples():
        log.require(
            (row.input, row.year) in whole,
            f"{row.input} {row.year} {row.region}: {row.finding} ({row.size:.3g}) is not decided",
        )
    late = merged[(merged["_merge"] == "right_only") & (merged["region"] != "*")]
    log.require(late.empty, f"decisions about what is no longer found: {late[keys].to_numpy()}")
    log.table("decisions_inputs", merged.drop(columns="_merge"))
    decided = {name: series.copy() for name, series in inputs.items()}
    for row in decisions.itertuples():
        log.require(row.action in {"keep", "drop"}, f"decision {row.action!r} is not known")
        if row.action == "drop":
            where = slice(None) if row.region == "*" else row.region
            decided[row.input].loc[where, row.year] = np.nan
    return decided
