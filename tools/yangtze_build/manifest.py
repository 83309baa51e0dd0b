"""``belt.yaml``: what the dataset is and which file plays which role."""

from __future__ import annotations

from pathlib import Path

_HEAD = """\
format: 1
name: yangtze
title: {zh: 长江经济带, en: Yangtze River Economic Belt}
money_unit: 1e8 CNY
reaches:
  lower: {zh: 下游, en: Lower reach}
  middle: {zh: 中游, en: Middle reach}
  upper: {zh: 上游, en: Upper reach}
classifications:
  io42: {zh: 42部门（2017年投入产出分类）, en: 42 sectors of the 2017 input-output tables}
  common: {zh: 37部门（四个年份通用）, en: "37 sectors common to 2002, 2007, 2012, 2017"}
tables:
"""
_TABLES = (
    "{role: regions, file: regions.csv}",
    "{role: industries, classification: io42, file: industries_io42.csv}",
    "{role: industries, classification: common, file: industries_common.csv}",
    "{role: activity, classification: io42, file: activity_io42.parquet, shape: long,"
    " unit: 1e8 CNY, units: {co2: t}}",
    "{role: activity, classification: common, file: activity_common.parquet, shape: long,"
    " unit: 1e8 CNY, units: {co2: t}}",
    "{role: intermediate, classification: io42, file: intermediate_io42.parquet,"
    " unit: 1e8 CNY, absent_is: zero}",
    "{role: intermediate, classification: common, file: intermediate_common.parquet,"
    " unit: 1e8 CNY, absent_is: zero}",
    "{role: national, classification: io42, file: national.parquet, unit: 1e8 CNY,"
    " absent_is: zero}",
    "{role: national_sectors, file: national_sectors.csv}",
    "{role: indicators, file: indicators.csv}",
    "{role: indicator_specs, file: variables.csv}",
    "{role: neighbours, file: neighbours.csv}",
    "{role: distance, file: distance.csv}",
    "{role: boundaries, file: boundaries.geojson}",
    "{role: roadmap, file: roadmap.csv}",
    "{role: roadmap_claims, file: roadmap_claims.csv}",
    "{role: sources, file: sources.csv}",
    "{role: concordance, file: concordance.csv}",
    "{role: series, file: series.csv}",
    "{role: places, file: counties.csv, columns: {place: county, group: city}}",
    "{role: place_groups, file: cities.csv, columns: {place: city}}",
    "{role: place_neighbours, file: county_neighbours.csv,"
    " columns: {place_from: county_from, place_to: county_to}}",
    "{role: zones, file: zones.csv,"
    " columns: {place: county, group: city, area: area_ha, industries: industries_zh}}",
    "{role: zone_terms, classification: io42, file: zone_terms.csv}",
)


def write_manifest(out: Path) -> None:
    """Write ``belt.yaml``."""
    lines = "".join(f"  - {table}\n" for table in _TABLES)
    (out / "belt.yaml").write_text(_HEAD + lines, encoding="utf-8")
