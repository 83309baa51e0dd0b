"""The committed dataset: indicators, sources, roadmap, geography, size."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import shapely
import yaml

import clusterbelt
from clusterbelt.core.units import is_unit

DATA = Path(clusterbelt.__file__).parent / "data" / "yangtze"
LEAST = {
    "resources": 4,
    "economy": 4,
    "education": 4,
    "science_technology": 4,
    "manufacturing": 4,
    "advanced_manufacturing": 4,
    "environment": 3,
}


def _read(name):
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


def test_the_whole_is_small():
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= 5_000_000
    assert (DATA / "boundaries.geojson").stat().st_size < 400_000


def test_every_file_of_the_manifest_is_there():
    manifest = yaml.safe_load((DATA / "belt.yaml").read_text(encoding="utf-8"))
    assert [
        table["file"] for table in manifest["tables"] if not (DATA / table["file"]).exists()
    ] == []
    assert list(manifest["reaches"]) == ["lower", "middle", "upper"]
    roles = {table["role"] for table in manifest["tables"]}
    assert {"sources", "concordance", "series", "roadmap", "boundaries"} <= roles


def test_codes_are_text_of_full_length():
    pattern = {"region": r"\d{6}", "industry": r"\d{2}|c\d{2}", "sector": r"\d{2,3}"}
    for path in sorted(DATA.glob("*.csv")):
        table = _read(path.name)
        for column in table.columns:
            kind = re.sub(r"_(from|to)$", "", column)
            if kind in pattern and path.name != "co2_mapping.csv":
                codes = table[column]
                if path.name == "zone_terms.csv":  # a term need not stand for an industry
                    codes = codes[codes != ""]
                assert codes.str.fullmatch(pattern[kind]).all(), (path.name, column)
    for path in sorted(DATA.glob("*.parquet")):
        table = pd.read_parquet(path)
        for column in ("region", "industry", "industry_from", "row"):
            if column in table:
                assert table[column].map(type).eq(str).all()


def test_regions():
    regions = _read("regions.csv")
    belt = regions[regions["in_belt"] == "1"].groupby("reach")["name_en"].apply(list).to_dict()
    assert belt == {
        "lower": ["Shanghai", "Jiangsu", "Zhejiang", "Anhui"],
        "middle": ["Jiangxi", "Hubei", "Hunan"],
        "upper": ["Chongqing", "Sichuan", "Guizhou", "Yunnan"],
    }
    assert len(regions) == 31
    assert (regions.loc[regions["in_belt"] == "0", "reach"] == "").all()


def test_every_indicator_is_specified_and_sourced():
    specs = _read("variables.csv").set_index("indicator")
    values = pd.read_csv(DATA / "indicators.csv", dtype={"region": str})
    assert len(specs) >= 30
    assert specs.index.is_unique
    assert set(values["indicator"]) == set(specs.index)
    for dimension, least in LEAST.items():
        assert (specs["dimension"] == dimension).sum() >= least, dimension
    assert set(specs["dimension"]) == set(LEAST)
    assert specs["unit"].map(is_unit).all()
    assert set(specs["direction"]) == {"1", "-1"}
    assert set(specs["grade"]) <= {"A", "B", "C"}
    for column in ("name_zh", "name_en", "source", "numerator"):
        assert (specs[column] != "").all()


def test_every_dimension_is_covered_in_both_years():
    specs = _read("variables.csv").set_index("indicator")
    values = pd.read_csv(DATA / "indicators.csv", dtype={"region": str})
    assert not values.duplicated(["year", "region", "indicator"]).any()
    assert set(values["year"]) == {2012, 2017}
    assert (values["year"] - values["observed_year"]).abs().max() <= 2
    values["dimension"] = values["indicator"].map(specs["dimension"])
    count = values.groupby(["year", "region", "dimension"])["indicator"].nunique()
    full = count.drop("540000", level="region").unstack("dimension")
    for dimension, least in LEAST.items():
        assert (full[dimension] >= least).all(), dimension


def test_shares_are_shares():
    specs = _read("variables.csv").set_index("indicator")
    values = pd.read_csv(DATA / "indicators.csv", dtype={"region": str})
    shares = values[values["indicator"].map(specs["unit"]) == "1"]
    assert shares["value"].between(-0.2, 1.0).all()


@pytest.mark.parametrize(
    ("indicator", "region", "year", "value"),
    [
        ("gdp_per_head", "320000", 2017, 85869.76e8 / 8029e4),
        ("urban_share", "310000", 2017, 2121 / 2418),
        ("rd_intensity", "320000", 2017, 0.0263),
        ("waterway_density", "320000", 2017, None),
    ],
)
def test_single_values(indicator, region, year, value):
    values = pd.read_csv(DATA / "indicators.csv", dtype={"region": str})
    row = values[
        (values["indicator"] == indicator) & (values["region"] == region) & (values["year"] == year)
    ].iloc[0]
    if value is None:
        # The 2016 column of the source is shifted by one province; Jiangsu leads the nation.
        assert row["observed_year"] == 2015
        peers = values[(values["indicator"] == indicator) & (values["year"] == year)]
        assert row["value"] > 4 * peers["value"].median()
    else:
        assert row["value"] == pytest.approx(value, rel=1e-4)


def test_every_variable_has_a_source():
    sources = _read("sources.csv")
    assert sources["variable"].is_unique
    for column in ("name_zh", "name_en", "publication", "publisher", "unit", "conversion"):
        assert (sources[column] != "").all(), column
    known = set(sources["variable"])
    for name in ("activity_io42.parquet", "activity_common.parquet"):
        assert set(pd.read_parquet(DATA / name)["variable"]) <= known
    assert set(_read("series.csv")["variable"]) <= known
    groups = re.compile("_(manufacturing|advanced|services|education)$")
    specs = _read("variables.csv")
    for column in ("numerator", "denominator"):
        named = {groups.sub("", name) if name not in known else name for name in specs[column]}
        assert named - {""} <= known | {"household_consumption"}


def test_industries_state_their_reasons():
    for name, count in (("io42", 42), ("common", 37)):
        table = _read(f"industries_{name}.csv").set_index("industry")
        assert len(table) == count
        assert table.index.is_unique
        assert (table[["name_zh", "name_en", "reason_zh", "reason_en"]] != "").all(axis=None)
        flags = table[["manufacturing", "advanced", "materials"]]
        assert flags.isin(["0", "1"]).all(axis=None)
        assert (table.loc[table["advanced"] == "1", "manufacturing"] == "1").all()
    io42 = _read("industries_io42.csv").set_index("industry")
    assert io42.index[io42["manufacturing"] == "1"].tolist() == [f"{k:02d}" for k in range(6, 23)]
    assert {"16", "17", "18", "19", "20", "21"} <= set(io42.index[io42["advanced"] == "1"])


def test_roadmap_has_fourteen_industries():
    roadmap = _read("roadmap.csv")
    assert roadmap.groupby("reach")["cluster"].nunique().to_dict() == {
        "lower": 5,
        "middle": 4,
        "upper": 5,
    }
    weight = roadmap["weight"].astype(float).groupby(roadmap["cluster"]).sum()
    assert weight.to_numpy() == pytest.approx(1.0)
    assert set(roadmap["grade"]) == {"A", "B", "C"}
    assert set(roadmap.loc[roadmap["cluster"] == "artificial_intelligence", "grade"]) == {"C"}
    sectors = _read("national_sectors.csv")
    for column, table in (("sectors", "2017_149"), ("sectors_153", "2020_153")):
        parent = sectors[sectors["table"] == table].set_index("sector")["industry"]
        for row in roadmap.to_dict("records"):
            assert {parent[code] for code in row[column].split(";")} == {row["industry"]}
    claims = _read("roadmap_claims.csv")
    assert set(zip(claims["reach"], claims["factor"], claims["direction"], strict=True)) == {
        ("lower", "capital", "1"),
        ("lower", "technology", "1"),
        ("upper", "labour", "1"),
    }


def test_series_know_people_and_capital():
    series = pd.read_csv(DATA / "series.csv", dtype={"region": str})
    assert not series.duplicated(["region", "year", "variable"]).any()
    wide = series.pivot_table(index=["region", "year"], columns="variable", values="value")
    at_2017 = wide.xs(2017, level="year")
    assert at_2017.loc["320000", "population"] == 80_290_000
    assert at_2017["employment"].notna().all()
    ratio = at_2017["capital_stock"] / at_2017["gdp"]
    assert ratio.between(1, 8).all()
    assert wide.xs(2019, level="year").loc["320000", "co2_total"] == pytest.approx(
        804.6e6, rel=1e-3
    )


def _boundaries():
    text = json.loads((DATA / "boundaries.geojson").read_text(encoding="utf-8"))
    return {
        feature["properties"]["region"]: shapely.geometry.shape(feature["geometry"])
        for feature in text["features"]
    }


def test_boundaries_are_whole():
    shapes = _boundaries()
    assert list(shapes) == _read("regions.csv")["region"].tolist()
    assert all(one.is_valid and not one.is_empty for one in shapes.values())
    assert shapely.coverage_is_valid(list(shapes.values()))
    for one in shapes.values():
        for part in shapely.get_parts(one):
            assert part.exterior.is_ccw
    regions = _read("regions.csv").set_index("region")
    for code, one in shapes.items():
        capital = shapely.Point(float(regions.at[code, "lon"]), float(regions.at[code, "lat"]))
        assert one.distance(capital) < 0.05, code


def test_neighbours_are_what_the_boundaries_say():
    table = _read("neighbours.csv")
    pairs = set(zip(table["region_from"], table["region_to"], strict=True))
    assert pairs == {pair[::-1] for pair in pairs}
    shapes = _boundaries()
    touching = {
        (one, other)
        for one in shapes
        for other in shapes
        if one != other and shapes[one].intersection(shapes[other]).length > 0
    }
    assert pairs == touching
    assert ("320000", "340000") in pairs
    assert ("320000", "360000") not in pairs
    assert not any("460000" in pair for pair in pairs)


def test_distances():
    table = pd.read_csv(DATA / "distance.csv", dtype={"region_from": str, "region_to": str})
    wide = table.pivot(index="region_from", columns="region_to", values="km")
    assert wide.shape == (31, 31)
    assert (wide.to_numpy() == wide.to_numpy().T).all()
    assert (wide.to_numpy().diagonal() == 0).all()
    assert wide.at["310000", "320000"] == pytest.approx(270, rel=0.03)
    assert wide.at["310000", "510000"] == pytest.approx(1660, rel=0.03)
