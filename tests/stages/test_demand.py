"""Demand: hand numbers, two roads to the same output, refusals, and the Yangtze figures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import text
from clusterbelt.stages import demand
from stages.accounts_belt import (
    CATEGORIES,
    DEMAND,
    FLOWS,
    IMPORTS,
    make_belt,
    national_table,
)

GROWTH = {
    "rural_consumption": (0.1, 0.0),
    "urban_consumption": (0.1, 0.0),
    "government_consumption": (0.2, 0.1),
    "fixed_capital_formation": (0.0, 0.0),
    "exports": (0.5, 0.0),
}


def _section(**changes):
    given = {
        "national_table": "2017_4",
        "years": (2018, 2019),
        "growth": GROWTH,
        "import_substitution": 0.2,
        "market_gain": 0.1,
    }
    return DemandSection(**(given | changes))


def _run(belt=None, **changes):
    return demand.run(belt or make_belt(), {}, _section(**changes), Scope())


def _required(result):
    return result.frame("required_output").pivot(index="industry", columns="year", values="output")


# --- hand numbers


def test_required_output_by_hand():
    output = _required(_run())
    # 001: 0.9 (80*1.1 + 10 + 10) + 30 = 127.2; 002: 0.5 * 44 + 15 = 37
    assert output.loc["10"].tolist() == pytest.approx([140, 164.2, 164.2])
    assert output.loc["20"].tolist() == pytest.approx([50, 50, 50])
    # 0.95 * 100 * 1.2, then * 1.1
    assert output.loc["30"].tolist() == pytest.approx([95, 114, 125.4])


def test_inventories_do_not_grow():
    demand_only_stock = national_table()
    growth = {name: (1.0, 1.0) for name in GROWTH}
    output = _required(_run(make_belt({"2017_4": demand_only_stock}), growth=growth))
    # All but the 10 of inventories double: 001 0.9 (180 + 10) + 40; 002 0.5 * 80 + 20
    assert output.loc["10", 2018] == pytest.approx(211 + 60)


def test_baseline_follows_the_national_index():
    frame = _run().frame("baseline").set_index(["region", "industry", "year"])
    assert frame.loc[("01", "10", 2017), "output"] == 30
    assert frame.loc[("01", "10", 2019), "output"] == pytest.approx(30 * 164.2 / 140)
    assert frame.loc[("02", "30", 2019), "output"] == pytest.approx(10 * 1.32)
    # Half of output is value added, in the base year and after.
    np.testing.assert_allclose(frame["value_added"], frame["output"] / 2)
    assert set(frame.index.get_level_values("region")) == {"01", "02"}
    assert frame["grade"].groupby("year").first().to_dict() == {2017: "A", 2018: "D", 2019: "D"}


def test_ceilings_by_hand():
    frame = _run().frame("ceilings").set_index(["industry", "year"])
    row = frame.loc[("10", 2019)]
    assert row["belt_share"] == 0.5
    assert row["imports_base_year"] == 30
    assert row["national_output"] == pytest.approx(100 * 164.2 / 140)
    assert row["baseline_output"] == pytest.approx(50 * 164.2 / 140)
    # Imports grow to 0.1 * 108 + 0.5 * 44 = 32.8.
    assert row["from_imports"] == pytest.approx(0.2 * 32.8 * 0.5)
    assert row["from_market"] == pytest.approx(0.1 * 50 * 164.2 / 140)
    assert row["ceiling"] == pytest.approx(row["from_imports"] + row["from_market"])
    assert row["attainable_output"] == pytest.approx(row["baseline_output"] + row["ceiling"])
    # Half of the way, half of the share; demand of 10 is the same in both years.
    assert frame.loc[("10", 2018), "ceiling"] == pytest.approx(row["ceiling"] / 2)


def test_imports_of_services_are_not_replaced():
    frame = _run().frame("ceilings").set_index(["industry", "year"])
    assert frame.loc[("30", 2019), "imports_base_year"] == 5
    assert frame.loc[("30", 2019), "from_imports"] == 0
    assert frame.loc[("30", 2019), "from_market"] > 0


def test_premium_of_a_sector_goes_before_that_of_its_industry():
    flat = {name: (0.0, 0.0) for name in GROWTH}
    output = _required(_run(growth=flat, growth_premium={"10": 0.1, "002": 0.0}))
    # 001 only: 0.9 (90 * 1.1 + 10) + 22 = 120.1
    assert output.loc["10", 2018] == pytest.approx(120.1 + 30)


def test_implied_growth_of_value_added():
    values = _run().values
    # Without inputs value added is output: 285, then 164.2 + 50 + 114.
    assert values["value_added_growth_2018"].value == pytest.approx(328.2 / 285 - 1)
    assert values["value_added_growth_2018"].grade == "D"


# --- with inputs: the same by an explicit inverse


def test_with_inputs_equals_the_explicit_inverse():
    output = _required(_run(make_belt({"2017_4": national_table(flows=True)})))
    x = FLOWS.sum(axis=1) + DEMAND.sum(axis=1) - IMPORTS
    a = FLOWS / x
    home = 1 - IMPORTS / (FLOWS.sum(axis=1) + DEMAND[:, :-1].sum(axis=1))
    inverse = np.linalg.inv(np.eye(4) - home[:, None] * a)
    grown = DEMAND * [1.1, 1.1, 1.2, 1.0, 1.0, 1.5]
    expected = inverse @ (home * grown[:, :-1].sum(axis=1) + grown[:, -1])
    assert output[2017].tolist() == pytest.approx([x[0] + x[1], x[2], x[3]])
    assert output[2018].tolist() == pytest.approx(
        [expected[0] + expected[1], expected[2], expected[3]]
    )


def test_no_growth_is_no_change():
    flat = {name: (0.0, 0.0) for name in GROWTH}
    belt = make_belt({"2017_4": national_table(flows=True)})
    result = demand.run(belt, {}, _section(growth=flat), Scope())
    np.testing.assert_allclose(result.frame("required_output")["index"], 1.0, rtol=1e-12)


# --- measured later tables


@pytest.fixture
def measured_belt():
    return make_belt({"2017_4": national_table(), "2018_4": national_table(2018, scale=2.0)})


def test_measured_year_is_deflated_and_carried_on(measured_belt):
    result = _run(measured_belt, price_change=0.25)
    frame = result.frame("required_output").set_index(["industry", "year"])
    assert frame["index"]["10", 2018] == pytest.approx(2 / 1.25)
    assert frame["grade"]["10", 2018] == "C"
    assert frame["index"]["30", 2019] == pytest.approx(2 / 1.25 * 1.1)
    assert frame["grade"]["30", 2019] == "D"
    ceilings = result.frame("ceilings").set_index(["industry", "year"])
    assert ceilings.loc[("10", 2018), "from_imports"] == pytest.approx(0.2 * 0.5 * 60 / 1.25 * 0.5)


def test_hindcast_by_hand(measured_belt):
    result = _run(measured_belt)
    frame = result.frame("hindcast").set_index("industry")
    # Inventories stay at 10 in the model, which were doubled in the later table.
    assert frame.loc["10", "index_modelled"] == pytest.approx(271 / 140)
    assert frame.loc["10", "index_measured"] == pytest.approx(2)
    modelled = result.values["hindcast_manufacturing_growth_modelled"].value
    assert modelled == pytest.approx((271 + 100) / 190 - 1)
    # 10 and 20 grew alike: no order to find.
    assert result.values["hindcast_rank_correlation"].value is None
    assert [one.key for one in result.messages] == [
        "demand.regional_totals",
        "demand.measured_years",
        "demand.thin",
    ]


def test_measured_tables_can_be_left_out(measured_belt):
    result = _run(measured_belt, measured_tables=())
    pd.testing.assert_frame_equal(_required(result), _required(_run()))
    assert "hindcast" not in result.tables


# --- order, absence, texts


def test_order_of_labels_does_not_matter():
    belt = make_belt({"2017_4": national_table(flows=True)})
    table = belt.national["2017_4"]
    back = [*reversed(table.sectors.index)]
    shuffled = replace(
        table,
        intermediate=table.intermediate.sel(sector_to=back).transpose("sector_to", "sector_from"),
        final_demand=table.final_demand.sel(sector=back, category=[*reversed(CATEGORIES)]),
        output=table.output.sel(sector=back),
        imports=table.imports.sel(sector=back),
    )
    again = replace(
        belt,
        national={"2017_4": shuffled},
        activity=belt.activity.sel(region=["03", "01", "02"], industry=["30", "10", "20"]),
    )
    first, second = _run(belt), _run(again)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table.frame, second.frame(name), rtol=1e-12)


def test_unknown_output_stays_unknown():
    belt = make_belt()
    activity = belt.activity.copy()
    activity.loc[{"region": "01", "industry": "10", "variable": "output"}] = np.nan
    result = _run(replace(belt, activity=activity))
    frame = result.frame("baseline").set_index(["region", "industry", "year"])["output"]
    assert frame["01", "10"].isna().all()
    assert frame["02", "10"].notna().all()
    ceilings = result.frame("ceilings").set_index("industry")
    assert ceilings.loc["10", "ceiling"].isna().all()
    assert ceilings.loc["20", "ceiling"].notna().all()


def _with_another_demand(belt):
    """The later table with more fixed capital formation of 20, so that industries differ."""
    table = belt.national["2018_4"]
    more = table.final_demand.copy()
    more.loc[{"sector": "003", "category": "fixed_capital_formation"}] += 60.0
    output = table.output.copy()
    output.loc[{"sector": "003"}] += 60.0
    value_added = table.value_added.copy()
    value_added.loc[{"sector": "003"}] += 60.0
    later = replace(table, final_demand=more, output=output, value_added=value_added)
    return replace(belt, national=belt.national | {"2018_4": later})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_messages_can_be_read(measured_belt, language):
    result = _run(_with_another_demand(measured_belt))
    messages = [text(one.key, language, **one.params) for one in result.messages]
    assert len(messages) == 4
    # 250 of the regions against 285 of the table; industry 10 is 100 against 140.
    assert "0.877" in messages[0]
    assert "0.71" in messages[0]
    # Modelled: 10 grows by 271/140 and 20 by 180/60; measured 2 and 160/50. Same order.
    assert "1.00" in messages[2]


# --- refusals


def _codes(belt=None, **changes):
    with pytest.raises(InputError) as caught:
        _run(belt, **changes)
    for issue in caught.value.issues:
        assert issue.describe("zh")
        assert issue.describe("en")
    return {issue.code for issue in caught.value.issues}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"years": (2019, 2018)}, "demand_years"),
        ({"years": (2017, 2018)}, "demand_years"),
        ({"years": (), "growth": {name: () for name in GROWTH}}, "demand_years"),
        ({"growth": GROWTH | {"exports": (0.1,)}}, "demand_growth_length"),
        ({"growth": GROWTH | {"exports": (0.1, -1.0)}}, "demand_growth_rate"),
        ({"growth": GROWTH | {"gifts": (0.1, 0.1)}}, "demand_growth_unknown"),
        ({"growth": {"exports": (0.1, 0.1)}}, "demand_growth_missing"),
        ({"growth_premium": {"99": 0.1}}, "demand_premium"),
        ({"national_table": "2002_4"}, "demand_table"),
        ({"measured_tables": ("2018_4",)}, "demand_table"),
    ],
)
def test_study_is_refused(changes, code):
    assert _codes(**changes) == {code}


def test_all_problems_come_at_once():
    wrong = {"years": (2019, 2018), "growth_premium": {"99": 0.1}, "measured_tables": ("none",)}
    assert _codes(**wrong) == {"demand_years", "demand_premium", "demand_table"}


def _changed(block, change):
    table = national_table(flows=True)
    values = getattr(table, block).copy(deep=True)
    change(values)
    return make_belt({"2017_4": replace(table, **{block: values})})


@pytest.mark.parametrize(
    ("block", "change", "code"),
    [
        ("output", lambda one: one.__setitem__(2, 51.0), "demand_unbalanced"),
        ("output", lambda one: one.__setitem__(2, np.nan), "demand_table_gaps"),
        ("output", lambda one: one.__setitem__(2, 0.0), "demand_inputs"),
        ("imports", lambda one: one.__setitem__(1, 100.0), "demand_imports"),
        (
            "sectors",
            lambda one: one.__setitem__("industry", ["10", "20", "30", "77"]),
            "demand_sector_industry",
        ),
        (
            "sectors",
            lambda one: one.__setitem__("industry", ["10", "10", "20", "20"]),
            "demand_industry_sector",
        ),
    ],
)
def test_national_table_is_refused(block, change, code):
    assert _codes(_changed(block, change)) == {code}


def test_national_table_of_another_year_is_refused():
    assert _codes(make_belt({"2017_4": national_table(2016)})) == {"demand_table_year"}
    both = {"2017_4": national_table(), "early": national_table(2012)}
    assert _codes(make_belt(both), measured_tables=("early",)) == {"demand_table_year"}


def test_belt_without_the_year_or_the_variables_is_refused():
    belt = make_belt()
    other = replace(belt, activity=belt.activity.assign_coords(year=[2012]))
    assert _codes(other) == {"demand_base_year"}
    bare = replace(belt, activity=belt.activity.sel(variable=["output"]))
    assert _codes(bare) == {"demand_variables"}


def test_belt_that_is_the_whole_nation_can_win_nothing_from_the_rest():
    belt = make_belt()
    belt = replace(belt, regions=belt.regions.assign(in_belt=True, reach="all"))
    frame = _run(belt).frame("ceilings")
    np.testing.assert_allclose(frame["from_market"], 0.0, atol=1e-12)
    np.testing.assert_allclose(frame["belt_share"], 1.0)
