"""Technology potential and coordination degree: hand numbers, sums and what is lacking."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.scope import Scope
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels import coupling_coordination
from clusterbelt.measures.coordination_degree import coordination_table
from clusterbelt.measures.technology_potential import (
    industry_nearness,
    potential_flows,
    technology_table,
)
from clusterbelt.model.result import Result, ResultTable

KM = np.array([[0.0, 100.0, 400.0], [100.0, 0.0, 200.0], [400.0, 200.0, 0.0]])


def test_nearness_by_hand():
    output = np.array([[3.0, 1.0], [1.0, 3.0], [30.0, 10.0]])
    near = industry_nearness(output, np.eye(2))
    assert near[0, 1] == pytest.approx(6 / 10)
    assert near[0, 2] == pytest.approx(1.0)
    linked = industry_nearness(output, np.array([[1.0, 0.5], [0.5, 1.0]]))
    assert linked[0, 1] > near[0, 1]
    np.testing.assert_allclose(np.diag(linked), 1.0)


def test_potential_by_hand():
    offered, bought, near = np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]), np.ones((3, 3))
    flows = potential_flows(offered, bought, near, KM, 0.0)
    np.testing.assert_allclose(flows[:, 0], [0, 4, 6])
    np.testing.assert_allclose(flows.sum(axis=0), bought)
    far = potential_flows(offered, bought, near, KM, 1.0)
    # Region 0 buys in proportion to 2/100 and 3/400.
    np.testing.assert_allclose(far[:, 0], 10 * np.array([0, 8, 3]) / 11)
    scaled = potential_flows(5 * offered, bought, near, 7 * KM, 1.0)
    np.testing.assert_allclose(scaled, far)
    assert np.isnan(potential_flows(offered * 0, bought, near, KM, 1.0)).any()


@pytest.fixture(scope="module")
def belt():
    return read_belt("yangtze", "io42")


def test_technology_between_provinces(belt):
    frame = technology_table(belt, Scope(), 0.5).frame
    assert len(frame) == 11 * 10
    assert (frame["low"] <= frame["potential"]).all()
    assert (frame["potential"] <= frame["high"]).all()
    assert frame["potential"].is_monotonic_decreasing
    bought = frame.groupby("region_to").agg({"potential": "sum", "bought": "first"})
    # The rest is bought from outside the belt.
    assert (bought["potential"] < bought["bought"]).all()
    without = replace(belt, distance_km=None)
    assert technology_table(without, Scope(), 0.5) is None


def test_coordination_degree(belt):
    from_stage = _foundation(belt)
    frame = coordination_table(belt, from_stage, Scope()).frame
    assert (frame["level"] == "reach").sum() == 3
    assert frame["coordination"].between(0, 1).all()
    assert (frame["low"] <= frame["coordination"]).all()
    assert (frame["coordination"] <= frame["high"]).all()
    row = frame.iloc[0]
    expected = coupling_coordination([row["foundation"], row["industry"], row["environment"]])
    assert row["coordination"] == pytest.approx(expected.coordination.item())
    # A reach lies between its regions.
    reach = frame.set_index("place")
    lower = belt.regions.index[belt.regions["reach"] == "lower"]
    assert (
        reach.loc[lower, "industry"].min()
        < reach.loc["lower", "industry"]
        < reach.loc[lower, "industry"].max()
    )
    assert coordination_table(belt, Result("foundation"), Scope()) is None


def _foundation(belt):
    rng = np.random.default_rng(4)
    rows = [
        (region, 2017, dimension, float(score))
        for dimension in ("resources", "economy", "manufacturing", "advanced_manufacturing")
        for region, score in zip(belt.belt_regions, rng.random(11), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["region", "year", "dimension", "score"])
    return Result("foundation", {"dimensions": ResultTable("dimensions", frame, "C")})
