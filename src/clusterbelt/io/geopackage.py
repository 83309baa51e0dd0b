"""Layers of shapes and plain tables as one GeoPackage."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio

from clusterbelt.io.atomic import write_bytes_atomic

__all__ = ["write_layers_geopackage"]

_DATE: Final = "2000-01-01T00:00:00.000Z"  # written as time of change, so that bytes repeat


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
