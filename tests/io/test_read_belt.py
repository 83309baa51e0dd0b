"""Reading belts: figures, order, fingerprint, speed, and that nothing ever ends in a traceback."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bad_input.workshop import copy_toy, declare, edit
from clusterbelt.core.strings import LANGUAGES
from clusterbelt.io.read_belt import check_belt, read_belt

LONG = ("activity.csv", "intermediate.csv", "national.csv", "indicators.csv", "neighbours.csv",
        "distance.csv")  # fmt: skip
SHUFFLED = (*LONG, "boundaries.geojson")
CUBES = ("activity", "intermediate", "indicators", "indicator_years")
BLOCKS = ("intermediate", "final_demand", "imports", "output", "value_added")


@pytest.fixture(scope="module")
def yangtze():
    return read_belt("yangtze", "io42")


@pytest.fixture(scope="module")
def toy():
    return read_belt("toy", "toy8")


def test_yangtze_has_its_official_value_added(yangtze):
    added = yangtze.activity.sel(year=2017, variable="value_added").sum("industry")
    assert float(added.sel(region=yangtze.belt_regions).sum()) == pytest.approx(374_300, rel=1e-3)
    assert float(added.sel(region="320000")) == pytest.approx(85_870, rel=1e-3)
    assert float(added.sel(region="520000")) == pytest.approx(13_540, rel=1e-3)


def test_yangtze_is_whole(yangtze):
    assert dict(yangtze.activity.sizes)["region"] == len(yangtze.regions) == 31
    assert len(yangtze.belt_regions) == 11
    assert list(yangtze.reaches) == ["lower", "middle", "upper"]
    assert [int(year) for year in yangtze.activity["year"].to_numpy()] == [2012, 2017]
    assert set(yangtze.national) >= {"2017_42", "2018_42", "2020_42", "2017_149"}
    assert yangtze.intermediate.notnull().all()
    assert yangtze.boundaries.keys() == set(yangtze.regions.index)
    assert (
        yangtze.distance_km.loc["310000", "320000"] == yangtze.distance_km.loc["320000", "310000"]
    )


def test_the_other_classification_has_four_years():
    common = read_belt("yangtze", "common")
    assert [int(year) for year in common.activity["year"].to_numpy()] == [2002, 2007, 2012, 2017]
    assert common.national == {}  # its sectors belong to io42


def test_no_error_and_no_warning_in_what_ships():
    for name, classification in (("yangtze", "io42"), ("toy", "toy8")):
        issues, _ = check_belt(name, classification)
        assert [issue for issue in issues if issue.severity != "note"] == []


def test_labels_are_in_the_order_of_their_tables(toy):
    assert list(toy.activity["region"].to_numpy()) == list(toy.regions.index)
    assert list(toy.activity["industry"].to_numpy()) == list(toy.industries.index)
    assert list(toy.indicators["indicator"].to_numpy()) == list(toy.indicator_specs.index)
    assert list(toy.neighbours.index) == list(toy.neighbours.columns) == list(toy.regions.index)


def test_the_toy_accounts_balance(toy):
    cube = toy.activity.to_dataset("variable")
    made = toy.intermediate.sum("industry_from").rename(industry_to="industry")
    np.testing.assert_allclose(made + cube.value_added, cube.output, atol=1e-6)
    used = toy.intermediate.sum("industry_to").rename(industry_from="industry")
    final = cube.rural_consumption + cube.urban_consumption + cube.government_consumption
    final = final + cube.fixed_capital_formation + cube.inventory_change
    rest = cube.exports + cube.outflow - cube.imports - cube.inflow
    np.testing.assert_allclose(used + final + rest, cube.output, atol=0.02)
    trade = (cube.outflow - cube.inflow).sum("region")
    np.testing.assert_allclose(trade, 0.0, atol=1e-6)  # what one region sends another receives
    nation = toy.national["2017_toy"].output.to_numpy()
    np.testing.assert_allclose(cube.output.sel(year=2017).sum("region"), nation, atol=1e-6)


@pytest.mark.parametrize("name", ["activity.csv", "boundaries.geojson", "belt.yaml"])
def test_the_fingerprint_changes_with_every_file(tmp_path, toy, name):
    belt = copy_toy(tmp_path)
    assert read_belt(str(belt), "toy8").fingerprint == toy.fingerprint
    with (belt / name).open("ab") as stream:
        stream.write(b"\n")
    assert read_belt(str(belt), "toy8").fingerprint != toy.fingerprint


def test_the_fingerprint_is_that_of_the_classification(yangtze):
    assert read_belt("yangtze", "common").fingerprint != yangtze.fingerprint


def _shuffle(folder, name, seed):
    if name.endswith(".geojson"):
        content = json.loads((folder / name).read_text())
        np.random.default_rng(seed).shuffle(content["features"])
        (folder / name).write_text(json.dumps(content))
    else:
        edit(name, lambda frame: frame.sample(frac=1, random_state=seed))(folder)


@settings(max_examples=20)
@given(st.sets(st.sampled_from(SHUFFLED), min_size=1), st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, names, seed):
    belt = copy_toy(tmp_path_factory.mktemp("shuffled"))
    for name in sorted(names):
        _shuffle(belt, name, seed)
    plain, shuffled = read_belt("toy", "toy8"), read_belt(str(belt), "toy8")
    for cube in CUBES:
        assert getattr(plain, cube).identical(getattr(shuffled, cube)), cube
    for table in ("neighbours", "distance_km", "regions", "industries"):
        pd.testing.assert_frame_equal(getattr(plain, table), getattr(shuffled, table))
    for block in BLOCKS:
        mine, other = (getattr(one.national["2017_toy"], block) for one in (plain, shuffled))
        assert mine.identical(other), block
    assert list(plain.boundaries.items()) == list(shuffled.boundaries.items())


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_the_order_of_regions_and_industries_is_only_an_order(tmp_path_factory, seed):
    belt = copy_toy(tmp_path_factory.mktemp("reordered"))
    for name in ("regions.csv", "industries.csv"):
        _shuffle(belt, name, seed)
    plain, other = read_belt("toy", "toy8"), read_belt(str(belt), "toy8")
    assert list(other.activity["region"].to_numpy()) == list(other.regions.index)
    aligned = other.activity.reindex_like(plain.activity)
    assert aligned.identical(plain.activity)
    codes = plain.regions.index
    assert plain.neighbours.equals(other.neighbours.loc[codes, codes])


FILES = ("belt.yaml", "regions.csv", "industries.csv", "activity.csv", "national.csv",
         "national_sectors.csv", "indicators.csv", "variables.csv", "neighbours.csv",
         "distance.csv", "boundaries.geojson", "roadmap.csv", "roadmap_claims.csv",
         "sources.csv")  # fmt: skip


def _read_without_traceback(belt):
    """Check a harmed belt: issues or a belt, texts that render, and never another exception."""
    issues, found = check_belt(str(belt), None)
    errors = [issue for issue in issues if issue.severity == "error"]
    assert (found is None) <= bool(errors)
    for issue in issues:
        for language in LANGUAGES:
            assert issue.describe(language)


@settings(max_examples=60)
@given(st.sampled_from(FILES), st.floats(0, 1), st.binary(max_size=12), st.integers(0, 40))
def test_damaged_bytes_never_end_in_a_traceback(tmp_path_factory, name, where, new, cut):
    belt = copy_toy(tmp_path_factory.mktemp("damaged"))
    data = (belt / name).read_bytes()
    at = int(where * len(data))
    (belt / name).write_bytes(data[:at] + new + data[at + cut :])
    _read_without_traceback(belt)


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", " ", "-1", "0", "1e400", "1e308", "99999999999999999999", "nan", "NULL",
                     "TRUE", "合计", "101", "01", "01.0", "2017", "１", "#N/A", "=A1", "{x}", "%s",
                     "1_000", "0x10", "²", "٣", "½", "\u200b", "-0", "+", "e", "."]),
)  # fmt: skip


@settings(max_examples=80)
@given(st.sampled_from(FILES[1:10] + FILES[11:]), st.integers(0, 10**6), st.integers(0, 9), CELLS)
def test_no_cell_ends_in_a_traceback(tmp_path_factory, name, row, column, cell):
    belt = copy_toy(tmp_path_factory.mktemp("cell"))

    def change(frame):
        frame.iloc[row % len(frame), column % frame.shape[1]] = cell

    edit(name, change)(belt)
    _read_without_traceback(belt)


@settings(max_examples=40)
@given(
    st.sampled_from(["regions", "activity", "indicators", "distance", "boundaries", "roadmap"]),
    st.sampled_from(["shape", "wide_dimension", "unit", "units", "columns", "constants", "sheet",
                     "header_row", "encoding", "delimiter", "thousands", "decimal", "absent_is",
                     "absent_markers", "classification", "file"]),
    st.one_of(st.text(max_size=4), st.integers(-2, 3), st.sampled_from(
        ["wide", "year", "value", "region", "zero", "t", "1e4 CNY", "\t", "utf-16", "%",
         {"value": "year"}, {"year": 2017}, {"co2": "kt"}, ["1"], [], {}, None, True, 0.5,
         ".", "..", "belt.yaml"])),
)  # fmt: skip
def test_no_declaration_ends_in_a_traceback(tmp_path_factory, role, key, value):
    belt = copy_toy(tmp_path_factory.mktemp("declared"))
    declare(role, **{key: value})(belt)
    _read_without_traceback(belt)
