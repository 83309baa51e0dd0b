"""Contiguity from polygons and areas as a GeoPackage, read back."""

import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Polygon, box

from clusterbelt.io.contiguity import build_contiguity, find_islands
from clusterbelt.io.geopackage import write_areas_geopackage

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


def _tables():
    areas = pd.DataFrame(
        {"area": ["39-1"], "name_zh": ["电子"], "weight": [2.5], "p_value": [np.nan]}
    )
    members = pd.DataFrame(
        {"area": ["39-1"] * 2, "region": ["31", "32"], "role": ["core", "member"]}
    )
    names = pd.DataFrame(
        {
            "name_en": ["Shanghai", "Jiangsu", "Zhejiang", "Hainan"],
            "name_zh": ["上海", "江苏", "浙江", "海南"],
        },
        index=CODES,
    )
    return areas, members, dict(zip(CODES, CELLS, strict=True)), names


def test_both_layers_come_back(tmp_path):
    areas, members, polygons, names = _tables()
    path = tmp_path / "areas.gpkg"
    write_areas_geopackage(areas, members, polygons, path, names=names)
    assert [name for name, _ in pyogrio.list_layers(path)] == ["areas", "regions"]
    info = pyogrio.read_info(path, layer="areas")
    assert (info["crs"], info["features"]) == ("EPSG:4490", 1)
    back = pyogrio.read_dataframe(path, layer="areas")
    assert back.geometry[0].equals(box(0, 0, 2, 1))
    assert back["name_zh"][0] == "电子"
    assert np.isnan(back["p_value"][0])
    regions = pyogrio.read_dataframe(path, layer="regions")
    assert regions["region"].tolist() == CODES
    assert regions["area"].isna().tolist() == [False, False, True, True]
    assert regions["name_en"].tolist() == names["name_en"].tolist()
    again = tmp_path / "again.gpkg"
    write_areas_geopackage(areas, members, polygons, again, names=names)
    assert again.read_bytes() == path.read_bytes()


def test_what_does_not_fit_is_named(tmp_path):
    areas, members, polygons, _ = _tables()
    del polygons["32"]
    with pytest.raises(ValueError, match="32"):
        write_areas_geopackage(areas, members, polygons, tmp_path / "x.gpkg")
