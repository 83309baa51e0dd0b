"""What keeps regional tables from being joined is said with place, size and remedy, all at once."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import read_belt
from clusterbelt.measures.interregional_accounts import read_accounts
from clusterbelt.measures.interregional_estimate import estimate_interregional, estimate_with_report


@cache
def yangtze():
    return read_belt("yangtze", "io42")


def changed(activity=None, intermediate=None, **more):
    """The Yangtze belt of 2017 with some cells set; keys are labels, a None takes all."""
    belt = yangtze()
    cube, use = belt.activity.sel(year=[2017]).copy(), belt.intermediate.sel(year=[2017]).copy()
    for (variable, region, industry), value in (activity or {}).items():
        at = {"variable": variable, "region": region, "industry": industry}
        place = {key: label for key, label in at.items() if label is not None}
        cube.loc[place] = value(cube.loc[place]) if callable(value) else value
    for (region, seller, buyer), value in (intermediate or {}).items():
        at = {"region": region, "industry_from": seller, "industry_to": buyer}
        place = {key: label for key, label in at.items() if label is not None}
        use.loc[place] = value(use.loc[place]) if callable(value) else value
    return replace(belt, activity=cube, intermediate=use, **more)


def issues_of(belt, section=None, year=2017):
    with pytest.raises(InputError) as caught:
        estimate_interregional(belt, year, section or InterregionalSection())
    for issue in caught.value.issues:
        for language in ("en", "zh"):
            assert issue.what(language)
            assert issue.remedy(language)
    return {issue.code.removeprefix("interregional_"): issue for issue in caught.value.issues}


def test_an_unbalanced_table_says_which_cell_and_by_how_much():
    found = issues_of(changed({("output", "320000", "18"): lambda v: 1.2 * v}))
    assert set(found) == {"unbalanced_columns", "unbalanced_rows"}
    assert found["unbalanced_rows"].params["labels"] == "320000 / 18"
    output = float(
        yangtze().activity.sel(year=2017, variable="output", region="320000", industry="18")
    )
    assert float(found["unbalanced_rows"].params["worst"]) == pytest.approx(0.2 * output, rel=1e-3)


def test_negative_purchases_and_several_problems_are_told_at_once():
    belt = changed(
        {("outflow", "310000", "20"): -5.0},
        {("320000", "14", "18"): -3000.0},
    )
    found = issues_of(belt)
    assert found["negative_use"].params["labels"] == "320000 / 14"
    assert found["negative_use"].params["worst"] == "3000"
    assert found["negative_trade"].params["variable"] == "outflow"
    assert {"unbalanced_columns", "unbalanced_rows"} <= set(found)


def test_an_industry_without_output_that_buys_is_named():
    found = issues_of(changed({("output", "420000", "20"): 0.0}))
    assert found["inputs_without_output"].params["labels"] == "420000 / 20"


def test_a_region_without_a_table_is_named():
    found = issues_of(changed({(None, "540000", None): np.nan}))
    assert set(found) == {"region_missing"}
    assert found["region_missing"].params["labels"] == "540000"
    found = issues_of(changed(intermediate={("540000", None, None): 0.0}))
    assert set(found) == {"region_missing"}


def test_regions_of_other_classifications_are_named():
    found = issues_of(changed({(None, "310000", "23"): np.nan, (None, "310000", "22"): np.nan}))
    assert found["classification"].params["labels"] == "310000 / 22, 310000 / 23"


def test_single_gaps_are_named():
    found = issues_of(changed({("inflow", "310000", "20"): np.nan}))
    assert found["gaps"].params["variable"] == "inflow"
    assert found["gaps"].params["labels"] == "310000 / 20"


def test_a_region_in_another_unit_is_told_from_a_table_that_does_not_balance():
    found = issues_of(changed(intermediate={("500000", None, None): lambda v: 1e4 * v}))
    assert found["units"].params["region"] == "500000"
    assert "unbalanced_columns" not in found


def test_a_label_twice_is_refused():
    belt = yangtze()
    order = [*belt.industries.index, "20"]
    found = issues_of(replace(belt, industries=belt.industries.loc[order]))
    assert found["twice"].params["labels"] == "20"


def test_what_is_not_there_is_asked_for():
    belt = yangtze()
    found = issues_of(replace(belt, distance_km=None, intermediate=None))
    assert found["no_table"].params["table"] == "distance"
    found = issues_of(belt, year=2015)
    assert "2012, 2017" in found["year"].params["known"]
    names = [str(v) for v in belt.activity["variable"].values if v != "inflow"]
    found = issues_of(replace(belt, activity=belt.activity.sel(variable=names)))
    assert found["variables"].params["labels"] == "inflow"


def test_no_convergence_says_where_and_how_far_off():
    found = issues_of(yangtze(), InterregionalSection(max_iterations=3))
    assert "product" in found["no_balance"].params["detail"]
    assert "off by" in found["no_balance"].params["detail"]


def test_transit_stops_where_it_may_not_be_taken_out():
    found = issues_of(yangtze(), InterregionalSection(net_transit=False))
    assert found["transit"].params["count"] == "134"


def test_an_unknown_industry_of_the_study_is_named():
    found = issues_of(yangtze(), InterregionalSection(decay_by_industry={"99": 1.0}))
    assert found["decay"].params["labels"] == "99"


def test_a_region_of_zeros_and_one_that_sells_everything_are_no_problem():
    zero = {(None, "540000", None): 0.0}
    belt = changed(zero, {("540000", None, None): 0.0})
    with pytest.raises(InputError):  # all zero in the intermediate table counts as missing
        read_accounts(belt, 2017)
    accounts = read_accounts(yangtze(), 2017)
    found = estimate_with_report(yangtze(), 2017, InterregionalSection(restore_cross_hauling=False))
    assert "cross_hauling_restored" not in set(found.repairs["rule"])
    assert found.table.output.sum() == pytest.approx(accounts.output.sum())
