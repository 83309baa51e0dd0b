"""What else can be wrong with places: coordinates, shapes, a belt of one, gaps."""

import json

import pytest

from bad_input.workshop import Case, both, check_case, copy_toy, drop_table, each, edit, put, swap
from clusterbelt.io.read_belt import check_belt, read_belt

R, B, D = "regions.csv", "boundaries.geojson", "distance.csv"


def _features(change):
    def harm(folder):
        path = folder / B
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content["features"])
        path.write_text(json.dumps(content), encoding="utf-8")

    return harm


def _shape(coordinates, kind="Polygon"):
    def change(features):
        features[0]["geometry"] = {"type": kind, "coordinates": coordinates}

    return _features(change)


def _swap_coordinates(frame):
    lon = frame["lon"].astype(float) + 150  # to the east of 90 degrees, as China is
    return frame.assign(lon=frame["lat"], lat=lon.astype(str))


CASES = [
    Case("longitude and latitude exchanged", edit(R, _swap_coordinates), "coordinates_swapped",
         ("exchanged", "101", "Exchange the columns lon and lat"), R, 2, "lat", "101"),
    Case("coordinates in metres", put(R, 4, "lat", "3432100"), "coordinates_odd",
         ("201", "not degrees"), R, 4, "lat", "201"),
    Case("only one in the belt", edit(R, lambda f: f.assign(
         in_belt=(f["region"] == "101").astype(int).astype(str))), "single_belt_region",
         ("Only 101", "plan jointly"), R, column="in_belt", severity="warning"),
    Case("a pair without distance", edit(D, lambda f: f[~(
         f["region_from"].isin(["101", "302"]) & f["region_to"].isin(["101", "302"]))]),
         "distance_missing", ("101 - 302", "1 pair(s)"), D, column="km", severity="warning"),
    Case("no region in the shapes", _features(lambda f: [one.update(properties={"code": "1"})
         for one in f[:1]]), "boundaries_no_region",
         ("Feature number 1", "no property region", "There are: code"), B, column="region"),
    Case("region with two shapes", _features(lambda f: f.append(f[0])), "boundaries_twice",
         ("101", "MultiPolygon"), B, label="101"),
    Case("region without shape", _features(lambda f: f.pop(0)), "boundaries_missing",
         ("1 region(s)", "101", "maps leave"), B, severity="warning"),
    Case("ring of two points", _shape([[[0, 0], [1, 1]]]), "boundaries_broken",
         ("101", "cannot be read"), B, label="101"),
    Case("shape without coordinates", _shape([]), "boundaries_broken", ("101",), B, label="101"),
    Case("projected shapes", _shape([[[4e5, 3e6], [5e5, 3e6], [5e5, 4e6], [4e5, 3e6]]]),
         "boundaries_not_degrees", ("101", "WGS 84"), B, label="101"),
    Case("distances in metres", edit(D, lambda f: f.assign(
         km=(f["km"].astype(float) * 1000).astype(str))), "distance_too_far",
         ("unit: m",), D, 3, "km"),
    Case("variable empty", put("activity.csv", 2, "variable", ""), "variable_empty",
         ("Fill in the variable",), "activity.csv", 2, "variable"),
    Case("industry empty", put("activity.csv", 2, "industry", ""), "industry_empty",
         ("Fill in the industry",), "activity.csv", 2, "industry"),
    Case("indicator empty", put("indicators.csv", 2, "indicator", ""), "indicator_empty",
         ("Fill in the indicator",), "indicators.csv", 2, "indicator"),
    Case("reach of a claim empty", put("roadmap.csv", 2, "reach", ""), "reach_empty",
         ("Fill in the reach",), "roadmap.csv", 2, "reach"),
    Case("block empty", put("national.csv", 2, "block", ""), "block_empty",
         ("Fill in the block",), "national.csv", 2, "block"),
]  # fmt: skip


@each(CASES)
def test_what_is_said(case, tmp_path):
    check_case(case, tmp_path)


def test_distances_in_metres_when_declared(tmp_path):
    belt = copy_toy(tmp_path)
    edit(D, lambda f: f.assign(km=(f["km"].astype(float) * 1000).astype(str)))(belt)
    swap("belt.yaml", "file: distance.csv", "file: distance.csv, unit: m")(belt)
    mine, toy = read_belt(str(belt), "toy8").distance_km, read_belt("toy", "toy8").distance_km
    assert abs(mine - toy).to_numpy().max() < 1e-9


def test_distance_from_coordinates_agrees_with_the_table(tmp_path):
    belt = copy_toy(tmp_path)
    drop_table("distance")(belt)
    mine, toy = read_belt(str(belt), "toy8").distance_km, read_belt("toy", "toy8").distance_km
    assert abs(mine - toy).to_numpy().max() < 0.06  # the table is rounded to 0.1 km


def test_a_pair_given_once_holds_both_ways(tmp_path):
    belt = copy_toy(tmp_path)
    edit(D, lambda f: f[f["region_from"] <= f["region_to"]])(belt)
    mine, toy = read_belt(str(belt), "toy8").distance_km, read_belt("toy", "toy8").distance_km
    assert mine.equals(toy)


def test_neighbours_from_boundaries_are_those_of_the_table(tmp_path):
    belt = copy_toy(tmp_path)
    drop_table("neighbours")(belt)
    assert read_belt(str(belt), "toy8").neighbours.equals(read_belt("toy", "toy8").neighbours)


@pytest.mark.parametrize("content", ["[]", "null", '{"features": [1, null, {}]}', "[" * 5000])
def test_json_that_is_no_map(tmp_path, content):
    belt = copy_toy(tmp_path)
    both(drop_table("neighbours"))(belt)
    (belt / B).write_text(content)
    issues, found = check_belt(str(belt), "toy8")
    assert found is None
    assert {issue.place.file for issue in issues} == {B}
