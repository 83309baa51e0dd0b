"""``sources.csv`` and the concordance as they are published with the dataset."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from yangtze_build.accounts import Accounts
from yangtze_build.common import Log, read_table

_COMPILATIONS = {  # file of yearly series -> compilation and its licence
    "panel": ("xxyyluo/WD, commit 3814111", "figures only; no licence stated"),
    "endowment": ("common2016/FactorandIndustry, commit a4f7d8a", "figures only; none stated"),
    "yearbook": ("huhuaping/techme, commit 9ad60a1", "figures only; the compilation is MIT"),
}


def build_sources(specs: pd.DataFrame, series: dict[str, pd.DataFrame], log: Log) -> pd.DataFrame:
    """Return one row per variable: who published it, when, in what unit, how it was converted."""
    inputs = read_table("inputs.csv")
    table = inputs.rename(columns={"input": "variable"})
    table["years"] = [_spans(series[name]) for name in inputs["input"]]
    table["compiled_from"] = [_COMPILATIONS[name][0] for name in inputs["file"]]
    table["licence_note"] = [_COMPILATIONS[name][1] for name in inputs["file"]]
    others = read_table("sources.csv")
    sources = pd.concat([others, table[others.columns]], ignore_index=True)
    log.require(sources["variable"].is_unique, "sources: a variable stands twice")
    groups = ("_manufacturing", "_advanced", "_services", "_education")
    known = set(sources["variable"]) | {"household_consumption"}
    for column in ("numerator", "denominator"):
        for name in specs[column]:
            base = name
            for group in groups:
                base = base.removesuffix(group) if base not in known else base
            log.require(not name or base in known, f"sources: nothing about {name}")
    return sources


def _spans(series: pd.DataFrame) -> str:
    """Years with values, as ranges: ``2010-2016; 2018-2023``."""
    years = [int(year) for year in series.columns[series.notna().any().to_numpy()]]
    starts = [year for year in years if year - 1 not in years]
    ends = [year for year in years if year + 1 not in years]
    pairs = zip(starts, ends, strict=True)
    return "; ".join(str(a) if a == b else f"{a}-{b}" for a, b in pairs)


def build_concordance(share: pd.Series, later: Accounts) -> pd.DataFrame:
    """Return the concordance with the share of each target; national where provinces differ."""
    table = read_table("concordance.csv")
    output = later.activity["output"].unstack("code").sum()
    national = float(output["35"] / (output["35"] + output["36"]))
    split = table.duplicated(["year", "code"], keep=False)
    table["share"] = 1.0
    table.loc[split, "share"] = [round(national, 6), round(1 - national, 6)]
    return table[
        ["year", "code", "name_zh", "io42", "common", "share", "grade", "note_zh", "note_en"]
    ]


def build_split(share: pd.Series) -> pd.DataFrame:
    """Return the share of R&D (35) by which each province's 36 of 2012 was split."""
    return pd.DataFrame({"region": share.index, "share_35": share.round(6).to_numpy()})


def build_national_employment(source: Path, log: Log) -> pd.DataFrame:
    """Return national employment by industry of ``io42``, persons, 1990 to 2018."""
    raw = pd.read_csv(source / "people" / "national_employment_by_industry.csv").set_index("Code")
    years = [name for name in raw.columns if name.isdigit()]
    mapping = read_table("employment_mapping.csv").set_index("code")["industry"]
    log.require(set(mapping.index) <= set(raw.index), "employment: codes not in the source")
    grouped = raw.loc[mapping.index, years].groupby(mapping).sum() * 1e4
    gap = (grouped.sum() / (raw.loc["TOT", years].astype(float) * 1e4) - 1).abs().max()
    log.require(bool(gap < 1e-3), f"employment: industries and total differ by {gap:.2%}")
    log.require(len(grouped) == 42, f"employment: {len(grouped)} industries, not 42")
    long = grouped.stack().rename("value").reset_index()
    long.columns = ["industry", "year", "value"]
    long["year"] = long["year"].astype(int)
    long["value"] = long["value"].round(0)
    return long.sort_values(["year", "industry"])[["year", "industry", "value"]]
