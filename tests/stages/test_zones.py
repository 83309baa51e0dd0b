"""The stage on zones: areas across borders, what words are worth, cities, by hand and on China."""

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.scope import Scope
from clusterbelt.config.zones import ZonesSection
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import check_belt
from clusterbelt.measures.zone_concentration import orientation_correlations
from clusterbelt.measures.zone_downscaling import place_output
from clusterbelt.measures.zone_list import list_zones
from clusterbelt.measures.zones import (
    orient_zones,
    oriented_by,
    plane_km,
    zone_frame,
    zone_parts,
)
from clusterbelt.stages.zones import run
from stages.zones_belt import zones_belt


def _run(belt=None, **settings):
    section = ZonesSection(**{"simulations": 19, "area_cost": 0.1, "placing_draws": 20, **settings})
    return run(belt or zones_belt(), {}, section, Scope())


def test_orientation_by_hand():
    oriented = orient_zones(zones_belt()).set_index(["zone", "industry"])["oriented"]
    assert oriented["a2", "16"] == 30.0
    assert oriented["b3", "16"] == 20.0  # the other half goes to a word nobody knows
    assert ("b3", "20") not in oriented.index


def test_an_area_takes_counties_on_both_sides_of_a_border():
    areas = _run(area_cost=0.02).frame("areas").set_index("area")
    area = areas.loc["20-1"]
    assert area["members"] == "A1;A2;B1"
    assert area["regions"] == "A;B"
    assert area["cross_border"]
    assert np.isclose(area["outside_share"], 50.0 / 188.0)
    assert area["gateway_zones"] == 3  # a2, a3 and b1
    # O = 188 ha of T = 288 ha in counties (b3 has none); three counties have any.
    mix, cost = 188.0 / 288.0, 0.02 * 188.0 / 3
    weights = [100 - 100 * mix - cost, 38 - 68 * mix - cost, 50 - 50 * mix - cost]
    assert np.isclose(area["weight"], sum(weights))
    assert np.isclose(area["missed_share"], 1 - weights[0] / sum(weights))
    assert area["proven"]


def test_places_without_pairs_give_no_areas_and_a_remark():
    result = _run(zones_belt(place_neighbours=None))
    assert result.frame("areas").empty
    assert "zones.message.no_places" in {message.key for message in result.messages}
    assert _run(zones_belt(zones=None)).tables == {}


def test_cities_reproduce_every_region():
    result = _run()
    cities = result.frame("cities")
    summed = cities.groupby(["region", "industry"])["output"].sum()
    assert summed["A", "20"] == 20.0
    assert summed["C", "16"] == 50.0
    assert set(cities["grade"]) == {"C"}
    errors = result.frame("placing_errors").set_index("industry")
    # Machines of B stand in a zone without a city: they are not placed, and it is said.
    assert np.isclose(errors.at["16", "unplaced_share"], 30.0 / 90.0)
    assert ("B", "16") not in summed.index


def test_intervals_hold_the_estimate_and_totals_hold_in_every_draw():
    belt = zones_belt()
    split = pd.DataFrame(
        {
            "term": ["电子", "机械", "机械", "软件"],
            "industry": ["20", "16", "20", "31"],
            "weight": [1.0, 0.6, 0.4, 1.0],
            "grade": ["B", "D", "D", "B"],
        }
    )
    changed = zones_belt(zone_terms=split)
    frame, _ = place_output(
        changed, zone_parts(changed), zone_frame(belt), ["16", "20"],
        year=2017, variable="output", draws=200, seed=3,
    )  # fmt: skip
    alone = frame[frame.groupby(["region", "industry"])["city"].transform("size") == 1]
    assert np.allclose(alone["low"], alone["output"])
    known = frame.dropna(subset=["low"])
    assert (known["low"] <= known["high"] + 1e-12).all()
    # Of the two cities of B only one has a zone for electronics: there is nothing to draw.
    lonely = frame[(frame["region"] == "B") & (frame["industry"] == "20")]
    assert lonely["low"].isna().all()
    assert lonely["output"].tolist() == [40.0, 0.0]


def test_plane_keeps_short_distances():
    points = np.array([[110.0, 30.0], [110.1, 30.0], [110.0, 30.1]])
    plane = plane_km(points)
    assert np.isclose(np.hypot(*(plane[2] - plane[0])), 11.1195, rtol=1e-3)


def test_listing_filters_and_order():
    belt = zones_belt()
    assert list_zones(belt, industry="Electronics")["zone"].tolist() == ["a1", "b1", "a2", "a3"]
    near = list_zones(belt, near="County A2", radius_km=25.0)
    assert near["zone"].tolist() == ["a2", "a3", "b1"]
    assert list_zones(belt, region=["B"], level="national")["zone"].tolist() == ["b2"]
    by_point = list_zones(belt, near="110.0,30.0", radius_km=1.0)
    assert by_point["zone"].tolist() == ["a1"]


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"industry": "Electronic"}, "zones_industry_unknown"),
        ({"region": ["Z"]}, "zones_region_unknown"),
        ({"level": "galactic"}, "zones_level_unknown"),
        ({"near": "Atlantis"}, "zones_near_unknown"),
        ({"near": "30.0,110.0"}, "zones_near_unknown"),
    ],
)
def test_a_filter_that_names_nothing_says_what_is_near(filters, code):
    with pytest.raises(InputError) as caught:
        list_zones(zones_belt(), **filters)
    assert caught.value.issues[0].code == code
    assert caught.value.issues[0].describe("zh")


def test_orientation_of_the_chinese_catalogue_is_informative():
    _, belt = check_belt("yangtze", "io42")
    made = [str(code) for code in belt.industries.index[belt.industries["manufacturing"]]]
    parts = zone_parts(belt)
    oriented = oriented_by(parts[parts["industry"].isin(made)], "industry", belt)
    table = orientation_correlations(belt, oriented, made, 2017, "output")
    found = table.set_index("industry")["area_activity"]
    for industry, least in (("20", 0.86), ("18", 0.87), ("07", 0.81), ("16", 0.85), ("12", 0.65)):
        assert found[industry] >= least
