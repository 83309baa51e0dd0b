"""Demand on the inter-regional table of the shipped figures: identities, sums, and the plan's view."""

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.demand import DemandAdjustment, DemandSection
from clusterbelt.config.study import Study
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import text
from clusterbelt.io.read_belt import read_belt
from clusterbelt.measures.interregional_change import FACTORS
from clusterbelt.measures.interregional_method import interregional_from_result
from clusterbelt.model.result import Result
from clusterbelt.stages import demand, interregional

STUDY = Study()
SCOPE = STUDY.scope
FEW_DRAWS = STUDY.interregional.model_copy(update={"draws": 2})


@pytest.fixture(scope="module")
def belt():
    return read_belt("yangtze", "io42")


@pytest.fixture(scope="module")
def flows(belt):
    return interregional.run(belt, {}, FEW_DRAWS, SCOPE)


@pytest.fixture(scope="module")
def demanded(belt, flows):
    return demand.run(belt, {"interregional": flows}, STUDY.demand, SCOPE, FEW_DRAWS)


def test_identities_hold_on_real_data(demanded):
    for name in ("identity_output", "identity_unit", "identity_total"):
        assert demanded.values[name].value < 1e-8


def test_every_yuan_ends_as_value_added_or_imports(demanded):
    frame = demanded.frame("multipliers").dropna(subset=["output"])
    assert len(frame) > 440
    np.testing.assert_allclose(frame["value_added"] + frame["imports"], 1.0, atol=1e-8)
    for name in ("output", "value_added"):
        assert (frame[f"{name}_own"] <= frame[f"{name}_belt"] + 1e-12).all()
        assert (frame[f"{name}_belt"] <= frame[name] + 1e-12).all()
    assert (frame["output"] >= 1.0).all()
    assert (frame["income"] < frame["value_added"]).all()
    # Electricity emits most for each yuan of demand.
    assert frame.groupby("industry")["co2"].mean().idxmax() == "24"


def test_value_added_adds_up_to_the_accounts(belt, demanded):
    frame = demanded.frame("value_added_trade")
    made = frame.groupby("region_from")["value_added"].sum()
    cube = belt.activity.sel(year=2017, variable="value_added", region=belt.belt_regions)
    np.testing.assert_allclose(
        made.loc[belt.belt_regions], cube.sum("industry").to_numpy(), rtol=1e-6
    )
    reaches = demanded.frame("value_added_reaches")
    np.testing.assert_allclose(reaches.groupby("group_from")["share"].sum(), 1.0, rtol=1e-10)


def test_effects_and_decomposition_add_up(belt, flows, demanded):
    table = interregional_from_result(belt, flows, FEW_DRAWS)
    effects = demanded.frame("reach_effects")
    assert effects["output"].sum() == pytest.approx(table.output.sum(), rel=1e-10)
    change = demanded.frame("decomposition")
    total = change["output_to"] - change["output_from"]
    np.testing.assert_allclose(change[list(FACTORS)].sum(axis=1), total, atol=1e-8 * 1e5)


def test_attainable_is_what_the_plan_reads(belt, demanded):
    frame = demanded.frame("attainable")
    assert len(frame) == 11 * 42 * len(STUDY.demand.years)
    assert not frame[["baseline", "ceiling", "attainable", "low", "high"]].isna().any(axis=None)
    assert (frame["ceiling"] >= 0).all()
    assert (frame["low"] <= frame["high"]).all()
    # The base runs through both tables alike.
    base = demanded.frame("baseline").set_index(["region", "industry", "year"])["output"]
    mine = frame.set_index(["region", "industry", "year"])["baseline"]
    np.testing.assert_allclose(base.loc[mine.index], mine, rtol=1e-12)
    made = belt.activity.sel(year=2017, variable="output", region=belt.belt_regions)
    first = base.xs(2017, level="year").to_xarray().sel(region=belt.belt_regions)
    np.testing.assert_array_equal(first, made.sel(industry=first["industry"].values))


def test_ceilings_of_the_belt_and_of_its_regions(demanded):
    ceilings = demanded.frame("ceilings").set_index(["industry", "year"])
    regions = demanded.frame("attainable").groupby(["industry", "year"])
    np.testing.assert_allclose(
        regions["from_imports"].sum() + regions["from_market"].sum(),
        ceilings["ceiling"].sort_index(),
        rtol=1e-9,
    )
    most = regions["ceiling"].max()
    assert (most <= np.maximum(ceilings["ceiling"].sort_index(), 0) + 1e-6).all()
    advanced = ceilings.loc[["12", "16", "17", "18", "19", "20", "21"]]
    assert (advanced["ceiling"] > 0).all()
    # Growth by industry is the national model's, whatever the regions do.
    index = demanded.frame("required_output").set_index(["industry", "year"])["index"]
    national = ceilings["national_output"].unstack("year")
    grown = national[2035] / national[2025]
    expected = index.unstack("year")[2035] / index.unstack("year")[2025]
    np.testing.assert_allclose(grown, expected.loc[grown.index], rtol=1e-8)


def test_messages_can_be_read(demanded):
    for language in ("zh", "en"):
        said = [text(one.key, language, **one.params) for one in demanded.messages]
        assert all(said)
    keys = {one.key for one in demanded.messages}
    assert {"demand.attainable", "demand.no_employment", "demand.current_prices"} <= keys
    assert "demand.thin" not in keys


def test_unknown_labels_of_the_study_are_refused_together(belt, flows):
    section = DemandSection(
        adjustments=(DemandAdjustment(region="99", category="tips", rate=0.01),),
        technology_change={"coal": -0.01},
    )
    with pytest.raises(InputError) as caught:
        demand.run(belt, {"interregional": flows}, section, SCOPE, FEW_DRAWS)
    codes = {issue.code for issue in caught.value.issues}
    assert codes == {
        "demand_unknown_regions",
        "demand_unknown_industries",
        "demand_unknown_categories",
    }


def test_without_flows_the_thin_way_is_said(belt):
    result = demand.run(belt, {"interregional": Result("interregional")}, STUDY.demand, SCOPE)
    assert "demand.thin" in {one.key for one in result.messages}
    assert "attainable" not in result.tables
    thin = demand.run(belt, {}, STUDY.demand, SCOPE)
    pd.testing.assert_frame_equal(thin.frame("ceilings"), result.frame("ceilings"))
