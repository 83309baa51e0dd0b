"""The plan on the shipped figures with every default: what a planner would check first."""

import numpy as np
import pytest

from clusterbelt.config.study import Study
from clusterbelt.io.read_belt import read_belt
from clusterbelt.stages import advantage, demand, plan

STUDY = Study()


@pytest.fixture(scope="module")
def belt():
    return read_belt(STUDY.belt, STUDY.scope.classification)


@pytest.fixture(scope="module")
def result(belt):
    results = {
        "advantage": advantage.run(belt, {}, STUDY.advantage, STUDY.scope),
        "demand": demand.run(belt, {}, STUDY.demand, STUDY.scope),
    }
    return plan.run(belt, results, STUDY.plan, STUDY.scope)


def test_the_optimum_is_proven(result):
    assert result.values["status"].value == "optimal"
    assert result.values["gap"].value <= STUDY.plan.gap
    assert result.values["candidates"].value > 100


def test_every_region_has_core_industries_and_every_phase_starts_some(belt, result):
    frame = result.frame("assignments")
    counts = frame.groupby("region").size()
    assert set(counts.index) == set(belt.belt_regions)
    assert counts.between(1, STUDY.plan.maximum_core).all()
    assert set(frame["phase"]) == {phase.name for phase in STUDY.plan.phases}
    assert set(result.frame("reach_core")["reach"]) == {"lower", "middle", "upper"}


def test_ceilings_and_caps_bind_somewhere_but_not_everywhere(belt, result):
    counts = result.frame("binding").groupby("constraint").size()
    phases = len(STUDY.plan.phases)
    industries = result.frame("readiness").query("eligible")["industry"].nunique()
    assert 0 < counts["demand"] < industries * phases / 2
    assert 0 < counts["investment"] < len(belt.belt_regions) * phases / 2


def test_core_industries_that_anyone_would_expect(result):
    frame = result.frame("assignments")
    chosen = set(zip(frame["region"], frame["industry"], strict=True))
    expected = {
        ("310000", "18"),  # Shanghai: cars
        ("320000", "20"),  # Jiangsu: electronics
        ("500000", "18"),  # Chongqing: cars
        ("500000", "20"),  # Chongqing: computers
        ("430000", "17"),  # Hunan: construction machinery
        ("420000", "18"),  # Hubei: cars
    }
    assert expected <= chosen
    assert not {("530000", "20"), ("520000", "18")} & chosen  # no base, no cluster


def test_no_cluster_is_padded(result):
    frame = result.frame("assignments").merge(
        result.frame("readiness")[["region", "industry", "waived"]], on=["region", "industry"]
    )
    below = frame["readiness"] < STUDY.plan.minimum_readiness
    assert (below <= frame["waived"]).all()
    assert (frame["added_output"] > 0).all()


def test_price_of_fragmentation_and_its_parts(result):
    frame = result.frame("fragmentation").set_index("belief")
    parts = frame[["allocation", "overcapacity", "synergy"]].sum(axis=1)
    assert np.allclose(parts, frame["difference"])
    assert (frame["price_without_rules"] >= frame["price"]).all()
    assert frame.loc["own_share", "price_without_rules"] > 0
    assert frame.loc["own_share", "overcapacity"] == 0
    assert frame.loc["whole_market", "overcapacity"] > 0
    assert result.values["cost_of_rules"].value >= 0
