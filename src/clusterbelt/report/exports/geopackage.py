"""The run for a GIS: areas, plan, members, indicators and regions as layers of one GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
import shapely.geometry

from clusterbelt.core.strings import LANGUAGES
from clusterbelt.io.geopackage import write_layers_geopackage
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import codes
from clusterbelt.report.common import frame_of

__all__ = ["geopackage_layers", "write_run_geopackage"]

CRS: Final = "EPSG:4326"  # GeoJSON knows no other
Shapes = Mapping[str, shapely.Geometry]


def _region_names(run: RunView, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    named = frame.copy()
    for language in LANGUAGES:
        named[f"{column}_{language}"] = [
            "; ".join(
                run.region_name(code, language) for code in codes(cell) if code in run.regions.index
            )
            for cell in frame[column]
        ]
    return named


def _industry_names(run: RunView, frame: pd.DataFrame) -> pd.DataFrame:
    named = frame.copy()
    for language in LANGUAGES:
        named[f"industry_{language}"] = [
            run.industry_name(str(code), language) if str(code) in run.industries.index else ""
            for code in frame["industry"]
        ]
    return named


def _union(shapes: Shapes, members: Sequence[str]) -> shapely.Geometry | None:
    """Return the union of the members' polygons; ``None`` when one of them has none."""
    if not members or any(code not in shapes for code in members):
        return None
    return shapely.union_all([shapes[code] for code in members])


def _layer(frame: pd.DataFrame, found: Sequence[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame.reset_index(drop=True), geometry=list(found), crs=CRS)


def _joined(run: RunView, need: str, shapes: Shapes) -> gpd.GeoDataFrame | None:
    """Return a table with a column ``members`` as a layer of the members' unions."""
    frame = frame_of(run, need)
    if frame is None:
        return None
    named = _region_names(run, _industry_names(run, frame), "members")
    return _layer(named, [_union(shapes, codes(cell)) for cell in frame["members"]])


def _placed(run: RunView, need: str, shapes: Shapes) -> gpd.GeoDataFrame | None:
    """Return a table with a column ``region`` as a layer of the regions' polygons."""
    frame = frame_of(run, need)
    if frame is None:
        return None
    named = _region_names(run, _industry_names(run, frame), "region")
    return _layer(named, [shapes.get(str(code)) for code in frame["region"]])


def _points(run: RunView, need: str) -> gpd.GeoDataFrame | None:
    """Return a table with columns ``lon`` and ``lat`` as a layer of points."""
    frame = frame_of(run, need)
    if frame is None:
        return None
    named = _industry_names(run, frame) if "industry" in frame.columns else frame.copy()
    named = _region_names(run, named, "region")
    found = [
        shapely.Point(lon, lat) if pd.notna(lon) and pd.notna(lat) else None
        for lon, lat in zip(frame["lon"], frame["lat"], strict=True)
    ]
    return _layer(named, found)


def _regions(run: RunView, shapes: Shapes) -> gpd.GeoDataFrame:
    frame = run.regions.reset_index()
    index = frame_of(run, "foundation.index")
    if index is not None:
        kept = [name for name in index.columns if name not in set(frame.columns) - {"region"}]
        frame = frame.merge(index[kept].astype({"region": str}), on="region", how="left")
    return _layer(frame, [shapes.get(str(code)) for code in frame["region"]])


def _indicators(run: RunView, shapes: Shapes) -> gpd.GeoDataFrame | None:
    """Return one row per region and one column per indicator, in the indicator's own unit."""
    frame = frame_of(run, "foundation.indicators")
    if frame is None:
        return None
    year = frame["year"].max()
    order = list(dict.fromkeys(frame["indicator"]))
    wide = frame[frame["year"] == year].pivot(index="region", columns="indicator", values="raw")
    wide = wide[[name for name in order if name in wide.columns]].reset_index()
    wide.columns.name = None
    wide.insert(1, "year", year)
    named = _region_names(run, wide, "region")
    return _layer(named, [shapes.get(str(code)) for code in wide["region"]])


def _legend(run: RunView) -> pd.DataFrame | None:
    specs = run.indicator_specs
    if specs is None:
        return None
    kept = ["name_zh", "name_en", "dimension", "unit", "direction", "grade", "source"]
    return specs.reset_index()[["indicator", *[name for name in kept if name in specs.columns]]]


def geopackage_layers(run: RunView) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers that the run has the tables for; none without boundaries."""
    if not run.boundaries:
        return {}
    shapes = {code: shapely.geometry.shape(one) for code, one in run.boundaries.items()}
    made = {
        "plan": _joined(run, "plan.clusters", shapes),
        "plan_members": _placed(run, "plan.assignments", shapes),
        "carriers": _points(run, "carriers.carriers"),
        "zone_areas": _points(run, "zones.area_zones"),
        "areas": _joined(run, "clusters.areas", shapes),
        "area_members": _placed(run, "clusters.members", shapes),
        "regions": _regions(run, shapes),
        "indicators": _indicators(run, shapes),
        "indicator_legend": _legend(run),
    }
    return {name: layer for name, layer in made.items() if layer is not None}


def write_run_geopackage(run: RunView, path: Path) -> tuple[str, ...]:
    """Write the layers of the run to ``path`` and return their names; nothing without boundaries.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    layers = geopackage_layers(run)
    if layers:
        write_layers_geopackage(layers, path)
    return tuple(layers)
