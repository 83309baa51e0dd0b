"""The zones as they ship: complete, placed, their words mapped; the page about them true."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "clusterbelt" / "data" / "yangtze"


@pytest.fixture(scope="module")
def tables():
    return {
        name: pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("zones", "zone_terms", "counties", "cities", "county_neighbours", "regions")
    }


def test_totals_are_those_of_the_announcement(tables):
    zones = tables["zones"]
    assert zones["zone"].is_unique
    assert zones["level"].value_counts().to_dict() == {"provincial": 1991, "national": 552}
    assert (zones["region"] == "310000").sum() == 59
    belt = tables["regions"].loc[tables["regions"]["in_belt"] == "1", "region"]
    assert zones["region"].isin(belt).sum() == 1122


def test_every_place_lies_in_the_zones_own_province(tables):
    zones, counties = tables["zones"], tables["counties"].set_index("county")
    placed = zones[zones["county"] != ""]
    assert (counties.loc[placed["county"], "region"].to_numpy() == placed["region"]).all()
    assert (counties.loc[placed["county"], "city"].to_numpy() == placed["city"]).all()
    cities = tables["cities"].set_index("city")
    in_city = zones[zones["city"] != ""]
    assert (cities.loc[in_city["city"], "region"].to_numpy() == in_city["region"]).all()


def test_the_belt_is_placed_to_the_city_everywhere(tables):
    belt = tables["regions"].loc[tables["regions"]["in_belt"] == "1", "region"]
    zones = tables["zones"][tables["zones"]["region"].isin(belt)]
    assert (zones["city"] != "").all()
    assert (zones["lon"] != "").all()
    assert (zones["county"] != "").mean() > 0.97


def test_every_term_is_mapped_and_its_weights_are_a_whole_or_nothing(tables):
    terms = tables["zone_terms"]
    used = set(tables["zones"]["industries_zh"].str.split("、").explode())
    assert used == set(terms["term"])
    total = terms.assign(weight=terms["weight"].astype(float)).groupby("term")["weight"].sum()
    assert (((total - 1).abs() < 1e-3) | (total <= 1)).all()
    unspecified = terms.loc[terms["industry"] == "", "term"]
    assert {"加工贸易", "在建", "出口加工"} <= set(unspecified)
    assert terms.loc[terms["term"] == "集成电路", "industry"].tolist() == ["20"]
    assert terms.loc[terms["term"] == "物流", "industry"].tolist() == ["29"]


def test_borders_of_counties_are_pairs_of_known_counties(tables):
    pairs, counties = tables["county_neighbours"], set(tables["counties"]["county"])
    assert set(pairs["county_from"]) | set(pairs["county_to"]) <= counties
    assert (pairs["county_from"] < pairs["county_to"]).all()
    assert not pairs.duplicated().any()
    known = set(map(tuple, pairs.to_numpy()))
    assert ("310114", "320583") in known  # Jiading and Kunshan, over the border of Shanghai
    assert ("310115", "320583") not in known


def test_the_page_says_what_the_data_say():
    run = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "describe_zones.py"), "--check"], check=False
    )
    assert run.returncode == 0, "write it anew: python tools/describe_zones.py"
