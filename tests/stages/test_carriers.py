"""Carriers of planned clusters, worked out by hand on six counties in a row."""

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.carriers import CarriersSection
from clusterbelt.config.scope import Scope
from clusterbelt.stages.carriers import run
from stages.zones_belt import planned, zones_belt


def _run(belt=None, **settings):
    section = CarriersSection(**{"partner_zones": 1, "gateway_zones": 1, **settings})
    return run(belt or zones_belt(), {"plan": planned()}, section, Scope())


def test_roles_by_hand():
    carriers = _run().frame("carriers").set_index("zone")
    # a2 is national and has 30 ha of electronics, more than a quarter of the largest (100 ha).
    assert carriers["role"].to_dict() == {
        "a2": "lead", "a1": "partner", "b1": "partner", "c1": "lead",
    }  # fmt: skip
    assert carriers.at["a2", "oriented_area"] == 30.0
    assert carriers.at["a2", "gateway_to"] == "B"
    assert carriers.at["b1", "gateway_to"] == "A"
    assert carriers.at["c1", "gateway_to"] == ""  # its neighbour B is in no cluster with it
    assert np.isclose(carriers.at["a2", "region_share"], 30.0 / 138.0)


def test_a_first_level_too_small_does_not_come_first():
    carriers = _run(first_level_share=0.5).frame("carriers").set_index("zone")
    assert carriers.at["a1", "role"] == "lead"
    always = _run(first_level_share=0.0, minimum_oriented_area=0.0).frame("carriers")
    assert always.loc[always["cluster"] == "20a", "zone"].tolist()[:2] == ["a2", "a3"]


def test_pairs_across_the_border():
    pair = _run().frame("pairs").iloc[0]
    assert (pair["zone_from"], pair["zone_to"], pair["border"]) == ("a2", "b1", "A|B")
    # 0.2 degrees of longitude at 30 degrees north.
    assert np.isclose(pair["distance_km"], 6371.0088 * np.radians(0.2) * np.cos(np.radians(30)),
                      rtol=1e-4)  # fmt: skip
    assert pair["within"]
    assert pair["shared_industries"] == "20"


def test_a_border_without_a_near_pair_gives_the_nearest_and_says_so():
    pairs = _run(pair_distance_km=5.0).frame("pairs")
    assert pairs["within"].tolist() == [False]
    assert pairs["zone_from"].tolist() == ["a2"]


def test_status_of_every_zone():
    roles = _run().frame("roles").set_index("zone")
    assert roles["status"].to_dict() == {
        "a1": "carrier", "a2": "carrier", "a3": "reserve", "b1": "carrier",
        "b2": "no_industry", "b3": "unsupported", "c1": "carrier",
    }  # fmt: skip
    assert roles.at["a2", "supported_share"] == 0.5  # machines are not core in A
    assert np.isnan(roles.at["b2", "supported_share"])


def test_coverage_and_values():
    result = _run()
    coverage = result.frame("coverage").set_index(["cluster", "region"])
    assert coverage.at[("20a", "A"), "oriented_area"] == 138.0
    assert np.isclose(coverage.at[("20a", "B"), "belt_share"], 50.0 / 188.0)
    assert coverage.at[("20a", "A"), "zones"] == 3
    assert result.values["first_level_without_role"].value == 2
    assert {message.key for message in result.messages} == {"carriers.message.unplaced"}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_zones_does_not_matter(seed):
    belt = zones_belt()
    shuffled = belt.zones.sample(frac=1.0, random_state=seed)
    once, again = _run(belt), _run(zones_belt(zones=shuffled))
    for name in ("carriers", "pairs", "coverage"):
        pd.testing.assert_frame_equal(once.frame(name), again.frame(name))


def test_the_unit_of_area_does_not_matter():
    belt = zones_belt()
    larger = belt.zones.assign(area=100.0 * belt.zones["area"])
    again = _run(zones_belt(zones=larger), minimum_oriented_area=1000.0)
    assert again.frame("carriers")["zone"].tolist() == _run().frame("carriers")["zone"].tolist()


def test_no_zones_and_no_carrier_are_said():
    assert _run(zones_belt(zones=None)).tables == {}
    assert _run(zones_belt(zones=None)).messages[0].key == "carriers.message.no_zones"
    gone = zones_belt().zones.drop("c1")
    result = _run(zones_belt(zones=gone))
    assert ("carriers.message.no_carrier", {"clusters": "16a"}) in [
        (message.key, dict(message.params)) for message in result.messages
    ]


def test_unknown_area_carries_nothing():
    zones = zones_belt().zones
    unknown = zones.assign(area=zones["area"].where(zones.index != "a1"))
    result = _run(zones_belt(zones=unknown))
    assert "a1" not in result.frame("carriers")["zone"].tolist()
    assert "carriers.message.no_area" in {message.key for message in result.messages}
