"""Write docs/zones.md: how the development zones were placed, and how much their words tell.

``python tools/describe_zones.py [--check]``; with ``--check`` nothing is written, and the exit
code says whether the page is up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from scipy.stats import spearmanr

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src" / "clusterbelt" / "data" / "yangtze"
PAGE = ROOT / "docs" / "zones.md"
TEXT = {"region": str, "county": str, "city": str, "industry": str, "zone": str}


def orientation(zones: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Area of zones oriented to each industry by region: a zone's area in equal parts by term."""
    listed = zones["industries_zh"].str.split("、")
    spread = zones.assign(term=listed, part=zones["area_ha"] / listed.str.len()).explode("term")
    joined = spread.merge(terms[["term", "industry", "weight"]], on="term", how="left")
    joined["oriented"] = joined["part"] * joined["weight"]
    return joined.pivot_table("oriented", "region", "industry", "sum", fill_value=0.0)


def correlations(zones: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Rank correlation over 31 provinces of oriented area with output, and of both in shares."""
    activity = pd.read_parquet(DATA / "activity_io42.parquet")
    chosen = (activity["year"] == 2017) & (activity["variable"] == "output")
    output = activity[chosen].pivot(index="region", columns="industry", values="value").fillna(0.0)
    names = pd.read_csv(DATA / "industries_io42.csv", dtype=TEXT).set_index("industry")
    codes = list(names.index[names["manufacturing"] == 1])
    area = orientation(zones, terms).reindex(index=output.index, columns=codes, fill_value=0.0)
    output = output[codes]
    rows = []
    shares = [table.div(table.sum(axis=1), axis=0) for table in (area, output)]
    for code in codes:
        size = spearmanr(area[code], output[code]).statistic
        shape = spearmanr(shares[0][code], shares[1][code]).statistic
        rows.append((code, names.at[code, "name_en"], f"{size:.2f}", f"{shape:.2f}"))
    columns = ["code", "industry", "area and output", "share of area and share of output"]
    return pd.DataFrame(rows, columns=columns)


def _table(frame: pd.DataFrame) -> str:
    lines = ["| " + " | ".join(map(str, frame.columns)) + " |", "|" + " --- |" * frame.shape[1]]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in frame.itertuples(index=False)]
    return "\n".join(lines)


def page() -> str:
    """Return the page."""
    zones = pd.read_csv(DATA / "zones.csv", dtype=TEXT, keep_default_na=False)
    zones["area_ha"] = zones["area_ha"].astype(float)
    terms = pd.read_csv(DATA / "zone_terms.csv", dtype=TEXT, keep_default_na=False)
    regions = pd.read_csv(DATA / "regions.csv", dtype=TEXT)
    belt = zones["region"].isin(regions.loc[regions["in_belt"] == 1, "region"])
    placed = zones.assign(belt=belt).groupby(["location", "location_grade"], as_index=False)
    counts = placed.agg(zones=("zone", "size"), in_belt=("belt", "sum"))
    named = zones["county"] != ""
    agree = (zones["location"] == "name and coordinates").sum()
    by_name = agree + (zones["location"] == "county name").sum()
    hand = pd.read_csv(ROOT / "tools/yangtze_build/tables/zone_places.csv", dtype=str)
    columns = ["zone", "name_zh", "name_en"]
    lost = zones.loc[zones["location"] == "province", [*columns, "region"]]
    city = zones.loc[(zones["location"] == "city name") & belt, [*columns, "city"]]
    single = terms.groupby("term")["grade"].first().value_counts()
    return f"""# Development zones

Written by `python tools/describe_zones.py`; every figure below is printed by it.

The 2018 catalogue lists {len(zones):,} zones, {int(belt.sum()):,} of them in the belt. Each has one
decided place in `zones.csv`: {int(named.sum()):,} a county, {int((zones["city"] != "").sum()):,} at
least a city, {len(lost)} only a province. Nothing is moved silently: `location` says how the place
was decided, `source_distance_km` how far it is from the coordinate that the source gives.

{_table(counts)}

Where the name gives the county, the source's coordinate lies in that county in {agree:,} of
{by_name:,} cases ({agree / by_name:.0%}). A coordinate that three or more zones of a province share
is the geocoder's default and is not used.

## Decided by hand

{_table(hand)}

## Not placed below the province

{_table(lost)}

## In the belt, placed in a city only

{_table(city)}

## What the words mean

{terms["term"].nunique():,} terms in `zone_terms.csv`, each with the sectors it stands for: one
sector (B) {int(single.get("B", 0)):,}, several (C) {int(single.get("C", 0)):,}, a broad word whose
split is assumed (D) {int(single.get("D", 0)):,}. A zone's area goes to its terms in equal parts.

Rank correlation over the 31 provinces with output of 2017:

{_table(correlations(zones, terms))}

A zone's words are orientation, not output: B as orientation, C where they place output.
"""


def main() -> int:
    """Write the page or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
