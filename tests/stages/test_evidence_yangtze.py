"""Foundation and advantage on the shipped figures: facts that any statistician would expect."""

import pytest

from clusterbelt.config.advantage import AdvantageSection
from clusterbelt.config.foundation import FoundationSection
from clusterbelt.config.scope import Scope
from clusterbelt.io.read_belt import read_belt
from clusterbelt.stages import advantage, foundation

SHANGHAI, JIANGSU, ZHEJIANG, GUIZHOU, YUNNAN = "310000", "320000", "330000", "520000", "530000"


@pytest.fixture(scope="module")
def belt():
    return read_belt("yangtze", "io42")


@pytest.fixture(scope="module")
def founded(belt):
    return foundation.run(belt, {}, FoundationSection(), Scope())


@pytest.fixture(scope="module")
def advantages(belt):
    return advantage.run(belt, {}, AdvantageSection(), Scope())


def test_the_delta_leads_and_the_south_west_trails(founded):
    index = founded.frame("index").set_index("region")
    for kind in ("equal", "entropy"):
        rank = index[f"belt_rank_{kind}"]
        assert set(rank.nsmallest(3).index) == {SHANGHAI, JIANGSU, ZHEJIANG}
        assert rank[SHANGHAI] == 1
        assert rank[GUIZHOU] >= 9
        assert rank[YUNNAN] == 11
    assert index["in_belt"].sum() == 11
    assert index["rank_equal"].max() <= 31


def test_six_dimensions_with_at_least_four_indicators(founded):
    frame = founded.frame("indicators").drop_duplicates("indicator")
    counts = frame.groupby("dimension").size()
    assert len(counts) == 6
    assert counts.min() >= 4
    assert frame["weight_equal"].sum() == pytest.approx(1)
    assert frame["weight_entropy"].sum() == pytest.approx(1)


def test_what_provinces_are_known_for(advantages):
    frame = advantages.frame("advantage").set_index(["region", "industry"])
    quotient = frame["location_quotient_all"]
    assert quotient[JIANGSU, "20"] > 1  # electronics
    assert quotient[ZHEJIANG, "07"] > 2  # textiles
    assert quotient[SHANGHAI, "18"] > 1.5  # cars
    assert quotient["500000", "18"] > 2  # Chongqing: cars, motorcycles
    assert quotient[YUNNAN, "20"] < 0.5
    assert frame.loc[(JIANGSU, "20"), "excess_value_added"] > 0


def test_shares_add_to_one(advantages):
    frame = advantages.frame("advantage")
    assert len(frame) == 31 * 42
    for column, key in (("share_region", "region"), ("share_reference", "industry")):
        assert frame.groupby(key)[column].sum().to_numpy() == pytest.approx(1.0)


def test_factor_intensity_is_plausible(advantages):
    frame = advantages.frame("factor_intensity").set_index("industry")
    assert frame["technology_z"].idxmax() == "20"
    assert frame["labour_z"].idxmax() == "08"  # clothing, footwear
    assert frame.loc["14", "strongest"] == "capital"  # metals
    assert (frame["labour"] + frame["capital"]).max() < 1.2


def test_the_roadmap_s_claims_have_an_answer(advantages):
    frame = advantages.frame("reach_factor").set_index(["reach", "factor"])
    assert len(frame) == 9
    assert frame.at[("lower", "technology"), "verdict"] == "supported"
    # What the upper reach makes is not labour-intensive, though labour is abundant there.
    assert frame.at[("upper", "labour"), "verdict"] == "not_supported"
    assert frame.at[("upper", "labour"), "abundance"] > 0


def test_no_component_of_the_default_study_is_absent(advantages):
    keys = {message.key for message in advantages.messages}
    assert "advantage.components_absent" not in keys
    assert not any(key.startswith("advantage.factor_left_out") for key in keys)
