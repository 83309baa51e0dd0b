"""Demand and coordination on the shipped figures; also the evidence that the defaults quote."""

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.advantage import AdvantageSection
from clusterbelt.config.coordination import CoordinationSection
from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels.input_output import leontief_solve, multipliers, technical_coefficients
from clusterbelt.model.result import Result, ResultTable
from clusterbelt.stages import advantage, coordination, demand

ADVANCED = ["12", "13", "14", "15", "16", "17", "18", "19", "20", "21"]
JIANGSU, ZHEJIANG, CHONGQING = "320000", "330000", "500000"


@pytest.fixture(scope="module")
def belt():
    return read_belt("yangtze", "io42")


@pytest.fixture(scope="module")
def demanded(belt):
    return demand.run(belt, {}, DemandSection(), Scope())


@pytest.fixture(scope="module")
def earlier(belt, demanded):
    nothing = {
        "trajectory": "cluster region industry end_year added_output",
        "assignments": "cluster region industry role",
    }
    tables = {
        name: ResultTable(name, pd.DataFrame(columns=columns.split()), "D")
        for name, columns in nothing.items()
    }
    advantages = advantage.run(belt, {}, AdvantageSection(), Scope())
    return {"advantage": advantages, "demand": demanded, "plan": Result("plan", tables)}


@pytest.fixture(scope="module")
def coordinated(belt, earlier):
    return coordination.run(belt, earlier, CoordinationSection(), Scope())


def _manufacturing(belt):
    return belt.industries.index[belt.industries["manufacturing"]].tolist()


# --- the model


def test_national_tables_obey_the_leontief_laws(belt):
    for key in ("2017_42", "2017_149", "2018_153", "2020_42"):
        table = belt.national[key]
        output = table.output.to_numpy()
        a = technical_coefficients(table.intermediate.to_numpy(), output)
        net = table.final_demand.sum("category").to_numpy() - table.imports.to_numpy()
        np.testing.assert_allclose(leontief_solve(a, net), output, rtol=1e-8)
        value_added = table.value_added.sum("variable").to_numpy() / output
        # Every yuan of final demand ends as value added: inputs + value added = output.
        np.testing.assert_allclose(multipliers(a, value_added), 1.0, rtol=1e-8)


def test_base_year_is_given_back(belt, demanded):
    required = demanded.frame("required_output").set_index(["year", "industry"])
    table = belt.national["2017_42"].output.to_series()
    np.testing.assert_allclose(required.loc[2017, "output"], table, rtol=1e-12)
    baseline = demanded.frame("baseline").set_index(["year", "region", "industry"])
    base = baseline.sort_index().loc[2017].to_xarray()
    for variable in ("output", "value_added"):
        data = belt.activity.sel(year=2017, variable=variable, region=belt.belt_regions)
        np.testing.assert_array_equal(base[variable].sel(region=belt.belt_regions), data)
    # 37.43 trillion yuan
    assert float(base["value_added"].sum()) == pytest.approx(374300, rel=1e-3)


def test_ceilings_are_positive_rising_and_of_a_plausible_size(demanded):
    frame = demanded.frame("ceilings").set_index(["industry", "year"]).loc[ADVANCED]
    for _, path in frame.groupby("industry"):
        assert (path["ceiling"] > 0).all()
        assert path["ceiling"].is_monotonic_increasing
    assert frame["belt_share"].between(0.35, 0.65).all()
    last = frame.xs(2035, level="year")
    assert (last["ceiling"] / last["baseline_output"]).between(0.03, 0.15).all()
    # What the nation imports most of: electronics, chemicals, metals.
    assert last["imports_base_year"].nlargest(3).index.tolist() == ["20", "12", "14"]


def test_other_tables_of_the_base_year_agree_on_the_direction(belt, demanded):
    fine = demand.run(
        belt,
        {},
        DemandSection(national_table="2017_149", measured_tables=("2020_153",)),
        Scope(),
    )
    frames = [
        one.frame("required_output").query("year == 2035").set_index("industry")["index"]
        for one in (demanded, fine)
    ]
    assert np.corrcoef(frames[0], frames[1])[0, 1] > 0.95
    assert (frames[0] / frames[1] - 1).abs().max() < 0.1


# --- the evidence that the defaults quote


def test_first_rates_are_those_of_the_tables(belt):
    section = DemandSection()
    first, last = (belt.national[f"{year}_42"].final_demand.sum("sector") for year in (2017, 2020))
    for category, rates in section.growth.items():
        measured = float((last / first).sel(category=category)) ** (1 / 3) - 1
        assert rates[0] == pytest.approx(measured - section.price_change, abs=3e-3)


def test_value_added_grows_as_stated(demanded):
    values = {name: value.value for name, value in demanded.values.items()}
    assert values["value_added_growth_2020"] == pytest.approx(0.050, abs=0.001)
    growth = [values[f"value_added_growth_{year}"] for year in (2025, 2030, 2035)]
    assert np.prod(np.array(growth) + 1) ** 5 == pytest.approx(2.0, abs=0.05)


def test_imports_of_manufactures_moved_as_stated(belt):
    shares = []
    for key in ("2017_42", "2020_42"):
        table = belt.national[key]
        use = table.intermediate.sum("sector_to").rename(sector_from="sector")
        use = use + table.final_demand.sum("category")
        use = use - table.final_demand.sel(category="exports", drop=True)
        shares.append(
            {one: table.imports.sel(sector=one) / use.sel(sector=one) for one in ADVANCED}
        )
        made = {"sector": _manufacturing(belt)}
        shares[-1]["all"] = table.imports.sel(made).sum() / use.sel(made).sum()
    assert [float(one["all"]) for one in shares] == pytest.approx([0.100, 0.103], abs=5e-4)
    fell = {one: bool(shares[1][one] < shares[0][one]) for one in ("18", "14", "20", "17")}
    assert fell == {"18": True, "14": True, "20": False, "17": False}


def test_belt_won_market_as_stated(belt):
    output = belt.activity.sel(variable="output", industry=_manufacturing(belt)).sum("industry")
    everywhere = output.sum("region")
    share = output.sel(region=belt.belt_regions).sum("region") / everywhere
    before, after = (float(share.sel(year=year)) for year in (2012, 2017))
    won = (after - before) / (1 - before)
    assert won == pytest.approx(0.016, abs=5e-4)
    assert 18 / 5 * won == pytest.approx(0.057, abs=2e-3)


def test_key_industries_grew_less_than_the_average(belt):
    first, last = (
        belt.national[f"{year}_42"].final_demand.sum("category") for year in (2017, 2020)
    )
    average = float(last.sum() / first.sum())
    assert float((last / first).sel(sector=["18", "19", "20", "21"]).max()) < average


def test_hindcast_shows_no_skill_among_manufacturing_industries(demanded):
    # A fact about the method that the report must state; better demand by product will move it.
    values = demanded.values
    assert values["hindcast_rank_correlation"].value < 0
    modelled = values["hindcast_manufacturing_growth_modelled"].value
    measured = values["hindcast_manufacturing_growth_measured"].value
    assert modelled > 2 * measured > 0.1


# --- coordination


def test_transit_is_what_was_measured(coordinated):
    message = next(one for one in coordinated.messages if one.key == "coordination.transit")
    assert (message.params["cells"], message.params["of"]) == (134, 1302)


def test_structures_and_matches_are_plausible(coordinated, belt):
    frame = coordinated.frame("similarity")
    assert len(frame) == 55
    assert frame[["before", "after"]].min(axis=None) > 0.3
    assert frame["before"].mean() == pytest.approx(0.783, abs=0.002)
    matches = coordinated.frame("matches")
    assert len(matches) == 40
    assert matches["value"].is_monotonic_decreasing
    assert (matches["region_from"] != matches["region_to"]).all()
    assert {JIANGSU, CHONGQING} <= set(matches["region_from"])
    bought = matches["bought_outside"]
    assert (matches["value"] <= bought).all()
    assert (matches["bought_abroad"] <= bought).all()
    totals = coordinated.frame("match_totals")
    assert totals["industry"].tolist() == ADVANCED
    for limit in ("bought_outside", "supplier_room"):
        assert (totals["matched_at_once"] <= totals[limit] + 1e-6).all()
