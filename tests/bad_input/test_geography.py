"""What is wrong with places: regions, reaches, neighbours, distances, boundaries; and order."""

import json
from pathlib import Path

import pandas as pd
import pytest

from bad_input.workshop import Case, add, check_case, copy_toy, drop_table, each, edit, put
from clusterbelt.core.errors import InputError
from clusterbelt.io.belt_folder import shipped_folder
from clusterbelt.io.read_belt import check_belt, read_belt

R, N, D, B = "regions.csv", "neighbours.csv", "distance.csv", "boundaries.geojson"


def _row_after(name: str) -> int:
    """Return the row that an added line gets, as a spreadsheet shows it."""
    lines = (shipped_folder("toy") / name).read_text(encoding="utf-8").splitlines()
    return len(lines) + 1


def _features(change):
    def harm(folder):
        path = folder / B
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return harm


def _geometry(kind, coordinates):
    def change(content):
        content["features"][0]["geometry"] = {"type": kind, "coordinates": coordinates}

    return _features(change)


def _write(name, content):
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


def _isolate(code):
    return edit(N, lambda f: f[(f["region_from"] != code) & (f["region_to"] != code)])


CASES = [
    Case("reach unknown", put(R, 2, "reach", "lowest"), "reach_unknown", ("lowest", "lower"),
         R, 2, "reach"),
    Case("reach missing", put(R, 2, "reach", ""), "reach_missing", ("101",), R, 2, "reach"),
    Case("no belt region", edit(R, lambda f: f.assign(in_belt="0")), "no_belt_region", (), R,
         column="in_belt"),
    Case("neighbour of itself", add(N, region_from="101", region_to="101"), "neighbour_of_itself",
         ("101",), N, _row_after(N), "region_to", severity="warning"),
    Case("neighbour unknown", put(N, 2, "region_to", "109"), "region_unknown", ("109",), N, 2,
         "region_to"),
    Case("neighbour twice", add(N), "neighbour_twice", ("101",), N, _row_after(N), "region_to",
         severity="warning"),
    Case("neighbours one way", edit(N, lambda f: f.drop(index=0)), "neighbours_one_way", ("101",),
         N, 4, "region_to", severity="note"),
    Case("a region without neighbours", _isolate("302"), "region_isolated", ("302",), N,
         column="region_from", label="302", severity="warning"),
    Case("negative distance", put(D, 3, "km", "-5"), "distance_negative", ("-5",), D, 3, "km"),
    Case("distance around the world", put(D, 3, "km", "90000"), "distance_too_far", ("90000",), D,
         3, "km"),
    Case("distance not the same back", put(D, 3, "km", "500"), "distance_differs", ("101 - 102",),
         D, column="km", severity="warning"),
    Case("boundaries broken", _write(B, "{"), "json_broken", (), B, 1),
    Case("boundaries without features", _write(B, "{}"), "boundaries_no_features", (), B),
    Case("boundary of a point", _geometry("Point", [1, 1]), "boundaries_not_polygon",
         ("Point", "101"), B, label="101"),
    Case("boundary that crosses itself", _geometry("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1],
         [0, 0]]]), "boundaries_crossing", ("101",), B, label="101", severity="warning"),
]  # fmt: skip


@each(CASES)
def test_what_is_said(case, tmp_path):
    check_case(case, tmp_path)


def test_boundary_of_an_unknown_region(tmp_path):
    belt = copy_toy(tmp_path)
    _features(lambda c: c["features"][0]["properties"].update(region="777"))(belt)
    issues, _ = check_belt(str(belt), "toy8")
    assert "boundaries_unknown_region" in {issue.code for issue in issues}


def test_without_neighbours_and_boundaries_it_is_said(tmp_path):
    belt = copy_toy(tmp_path)
    drop_table("neighbours")(belt)
    drop_table("boundaries")(belt)
    issues, found = check_belt(str(belt), "toy8")
    assert found is not None
    assert "neighbours_none" in {issue.code for issue in issues}


def test_a_single_region(tmp_path):
    belt = copy_toy(tmp_path)
    for path in belt.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in ("region", "region_from", "region_to"):
            if column in frame:
                frame = frame[frame[column] == "101"]
        frame.to_csv(path, index=False)
    _features(lambda c: c.update(features=c["features"][:1]))(belt)
    with pytest.raises(InputError) as caught:
        read_belt(str(belt), "toy8")
    issue = next(one for one in caught.value.issues if one.code == "single_region")
    assert "101" in issue.describe("en")
    assert Path(issue.place.file).name == "regions.csv"


TABLES = ["activity.csv", "intermediate.csv", "national.csv", "indicators.csv", N, D]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", TABLES)
def test_the_order_of_rows_changes_nothing(tmp_path, name, seed):
    belt = copy_toy(tmp_path)
    edit(name, lambda frame: frame.sample(frac=1.0, random_state=seed))(belt)
    plain, shuffled = read_belt("toy", "toy8"), read_belt(str(belt), "toy8")
    for part in ("activity", "intermediate", "indicators"):
        assert getattr(plain, part).identical(getattr(shuffled, part)), part
    for part in ("neighbours", "distance_km"):
        pd.testing.assert_frame_equal(getattr(plain, part), getattr(shuffled, part))
    assert plain.national["2017_toy"].intermediate.identical(
        shuffled.national["2017_toy"].intermediate
    )
