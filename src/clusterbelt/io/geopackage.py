"""Cluster areas as a GeoPackage: a layer of areas and a layer of regions."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from clusterbelt.io.atomic import write_bytes_atomic

__all__ = ["write_areas_geopackage", "write_layers_geopackage"]

_DATE: Final = "2000-01-01T00:00:00.000Z"  # written as time of change, so that bytes repeat


def write_areas_geopackage(
    areas: pd.DataFrame,
    members: pd.DataFrame,
    polygons: Mapping[str, shapely.Geometry],
    path: Path,
    *,
    names: pd.DataFrame | None = None,
    crs: str = "EPSG:4490",
) -> None:
    """Write layers ``areas`` and ``regions`` to ``path``; an old file is replaced whole.

    Parameters
    ----------
    areas, members
        Tables of the clusters stage, with columns ``area``, and ``area`` and ``region``. All their
        columns become attributes; lists and other objects as text, unknown figures as NULL.
    polygons
        Polygon of every region by code. An area is the union of its members; the layer of regions
        has one row per membership, and regions in no area with ``area`` NULL, by code.
    names
        Optional, indexed by region code, with ``name_en`` and ``name_zh``, joined to the regions.
    crs
        Coordinate system of the polygons, stated and not converted: EPSG:4490 (China 2000) or
        EPSG:4326 (WGS 84).

    Raises
    ------
    ValueError
        If a member has no polygon or name, an area has no member, or columns are missing.
    InputError
        If the file cannot be written.
    """
    _check(areas, members, polygons, names)
    inside = members.astype({"region": str})
    shapes = {
        area: shapely.union_all([polygons[code] for code in own["region"]])
        for area, own in inside.groupby("area", sort=False)
    }
    first = gpd.GeoDataFrame(
        _plain(areas), geometry=[shapes[area] for area in areas["area"]], crs=crs
    )
    rest = pd.DataFrame({"region": sorted(set(polygons) - set(inside["region"]))}, dtype=str)
    table = pd.concat([inside, rest], ignore_index=True)
    if names is not None:
        table = table.join(names[["name_en", "name_zh"]], on="region")
    second = gpd.GeoDataFrame(
        _plain(table), geometry=[polygons[code] for code in table["region"]], crs=crs
    )
    _write({"areas": first, "regions": second}, path)


def write_layers_geopackage(
    layers: Mapping[str, gpd.GeoDataFrame | pd.DataFrame], path: Path
) -> None:
    """Write layers in order to ``path``; an old file is replaced whole.

    A frame with polygons becomes a layer of multipolygons, a plain frame a table without shapes.
    Objects that are not text become text, unknown figures NULL. The same layers give the same
    bytes.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    plain = {
        name: gpd.GeoDataFrame(
            _plain(pd.DataFrame(frame.drop(columns="geometry"))),
            geometry=list(frame.geometry), crs=frame.crs,
        )
        if isinstance(frame, gpd.GeoDataFrame)
        else _plain(frame)
        for name, frame in layers.items()
    }  # fmt: skip
    _write(plain, path)


def _check(
    areas: pd.DataFrame,
    members: pd.DataFrame,
    polygons: Mapping[str, shapely.Geometry],
    names: pd.DataFrame | None,
) -> None:
    if "area" not in areas or not {"area", "region"} <= set(members):
        raise ValueError("areas need a column area, members need area and region")
    codes = sorted({str(code) for code in members["region"]})
    absent = [code for code in codes if code not in polygons]
    if absent:
        raise ValueError(f"regions without a polygon: {absent[:5]}")
    if names is not None:
        absent = [code for code in polygons if code not in names.index]
        if absent:
            raise ValueError(f"regions without a name: {absent[:5]}")
    empty = sorted(set(areas["area"]) ^ set(members["area"]))
    if empty:
        raise ValueError(f"areas in only one of the two tables: {empty[:5]}")


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return columns a GeoPackage can hold; an object that is not text becomes text."""
    plain = table.reset_index(drop=True).copy()
    for column in plain.columns:
        if plain[column].dtype == object:
            known = plain[column].notna()
            plain[column] = plain[column].where(~known, plain[column].astype(str))
    return plain


def _kind(frame: gpd.GeoDataFrame | pd.DataFrame) -> str | None:
    """Return the kind of geometry of a layer: points, polygons, or none for a plain table."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return None
    known = frame.geometry[frame.geometry.notna()]
    return "Point" if len(known) and bool((known.geom_type == "Point").all()) else "MultiPolygon"


def _write(layers: Mapping[str, gpd.GeoDataFrame | pd.DataFrame], path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "areas.gpkg")
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
        try:
            for number, (name, frame) in enumerate(layers.items()):
                pyogrio.write_dataframe(
                    frame,
                    file,
                    layer=name,
                    driver="GPKG",
                    append=number > 0,
                    promote_to_multi=_kind(frame) == "MultiPolygon",
                    geometry_type=_kind(frame),
                )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        write_bytes_atomic(path, file.read_bytes())
