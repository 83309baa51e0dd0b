"""Contiguity from polygons and areas as a GeoPackage, read back."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Point, Polygon, box

from clusterbelt.io.contiguity import build_contiguity, find_islands
from clusterbelt.io.geopackage import write_layers_geopackage

CELLS = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(5, 5, 6, 6)]
CODES = ["31", "32", "33", "46"]


def test_rook_needs_a_line_and_queen_a_point():
    rook = build_contiguity(CELLS).toarray()
    queen = build_contiguity(CELLS, kind="queen").toarray()
    assert np.argwhere(np.triu(rook)).tolist() == [[0, 1], [1, 2]]
    assert np.argwhere(np.triu(queen)).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert (rook == rook.T).all()
    assert find_islands(build_contiguity(CELLS)).tolist() == [3]


def test_slivers_are_borders_only_when_long():
    overlap = [box(0, 0, 1, 1), box(0.9999, 0, 2, 1), box(0, 1, 0.0005, 2)]
    assert np.argwhere(np.triu(build_contiguity(overlap).toarray())).tolist() == [[0, 1]]
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(ValueError, match="invalid"):
        build_contiguity([bow])


def test_layers_come_back(tmp_path):
    areas = gpd.GeoDataFrame(
        {"area": ["39-1"], "name_zh": ["电子"], "p_value": [np.nan], "members": [["31", "32"]]},
        geometry=[box(0, 0, 2, 1)],
        crs="EPSG:4490",
    )
    points = gpd.GeoDataFrame({"zone": ["a"]}, geometry=[Point(1, 2)], crs="EPSG:4490")
    plain = pd.DataFrame({"region": CODES, "area": ["39-1", "39-1", None, None]})
    path = tmp_path / "areas.gpkg"
    layers = {"areas": areas, "zones": points, "members": plain}
    write_layers_geopackage(layers, path)
    assert [name for name, _ in pyogrio.list_layers(path)] == list(layers)
    info = pyogrio.read_info(path, layer="areas")
    assert (info["crs"], info["features"], info["geometry_type"]) == (
        "EPSG:4490",
        1,
        "MultiPolygon",
    )
    back = pyogrio.read_dataframe(path, layer="areas")
    assert back.geometry[0].equals(box(0, 0, 2, 1))
    assert back["name_zh"][0] == "电子"
    assert back["members"][0] == "['31', '32']"
    assert np.isnan(back["p_value"][0])
    assert pyogrio.read_dataframe(path, layer="zones").geometry[0] == Point(1, 2)
    rows = pyogrio.read_dataframe(path, layer="members")
    assert rows["region"].tolist() == CODES
    assert rows["area"].isna().tolist() == [False, False, True, True]
    again = tmp_path / "again.gpkg"
    write_layers_geopackage(layers, again)
    assert again.read_bytes() == path.read_bytes()
