"""Coordination: hand numbers of trade, duplication and similarity; laws; refusals of silence."""

from dataclasses import replace
from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from clusterbelt.config.coordination import CoordinationSection
from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InternalError
from clusterbelt.core.strings import text
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.measures.trade_matches import match_at_once
from clusterbelt.model.result import Result, ResultTable
from clusterbelt.stages import coordination, demand
from stages.accounts_belt import INDUSTRIES, REGIONS, make_belt

FLAT = {
    "rural_consumption": (0.0,),
    "urban_consumption": (0.0,),
    "government_consumption": (0.0,),
    "fixed_capital_formation": (0.0,),
    "exports": (0.0,),
}


def _advantage(belt):
    output = belt.activity.sel(year=2017, variable="output")
    output = (
        output.sel(region=REGIONS, industry=INDUSTRIES).transpose("region", "industry").to_numpy()
    )
    rows = pd.MultiIndex.from_product([REGIONS, INDUSTRIES], names=["region", "industry"])
    frame = rows.to_frame(index=False)
    frame["location_quotient_all"] = location_quotient(output).ravel()
    belt_only = np.full(output.shape, np.nan)
    belt_only[:2] = location_quotient(output[:2])
    frame["location_quotient_belt"] = belt_only.ravel()
    return Result("advantage", {"advantage": ResultTable("advantage", frame, "A")})


def _plan(added=(("20a", "01", "20", 2019, 10.0),), roles=(("20a", "01", "20", "lead"),)):
    trajectory = pd.DataFrame(
        added, columns=["cluster", "region", "industry", "end_year", "added_output"]
    )
    assignments = pd.DataFrame(roles, columns=["cluster", "region", "industry", "role"])
    return Result(
        "plan",
        {
            "trajectory": ResultTable("trajectory", trajectory, "D"),
            "assignments": ResultTable("assignments", assignments, "D"),
        },
    )


def _run(belt=None, plan=None, scope=None, **changes):
    belt, scope = belt or make_belt(), scope or Scope()
    section = DemandSection(national_table="2017_4", years=(2019,), growth=FLAT)
    results = {
        "advantage": _advantage(belt),
        "demand": demand.run(belt, {}, section, scope),
        "plan": plan or _plan(),
    }
    return coordination.run(belt, results, CoordinationSection(**changes), scope)


# --- similarity and duplication


def test_similarity_by_hand():
    row = _run().frame("similarity").iloc[0]
    assert (row["region_a"], row["region_b"]) == ("01", "02")
    # Manufacturing only: (30, 0) and (20, 10); services do not count.
    assert row["before"] == pytest.approx(20 / np.sqrt(500))
    assert row["without_plan"] == pytest.approx(row["before"])
    # (30, 10) and (20, 10)
    assert row["after"] == pytest.approx(700 / np.sqrt(1000 * 500))


def test_only_the_last_phase_counts():
    early = ("20a", "01", "20", 2018, 999.0)
    plan = _plan(added=(early, ("20a", "01", "20", 2019, 10.0)))
    pd.testing.assert_frame_equal(_run(plan=plan).frame("similarity"), _run().frame("similarity"))


def test_empty_plan_changes_nothing():
    result = _run(plan=_plan(added=(), roles=()))
    row = result.frame("similarity").iloc[0]
    assert row["after"] == row["without_plan"]
    assert (result.frame("duplication")["clusters_after"] == 0).all()


def test_plan_beyond_the_baseline_is_a_fault():
    with pytest.raises(InternalError, match="2050"):
        _run(plan=_plan(added=(("20a", "01", "20", 2050, 1.0),)))


def test_duplication_by_hand():
    roles = (
        ("10a", "01", "10", "lead"),
        ("10a", "02", "10", "partner"),
        ("10b", "02", "10", "supplier"),
        ("20a", "01", "20", "lead"),
    )
    frame = _run(plan=_plan(roles=roles)).frame("duplication").set_index("industry")
    # Quotients: 01 in 10 1.875, 02 in 10 1.25, 02 in 20 1.25.
    assert frame.loc["10"].tolist() == [2, 2, 1]
    assert frame.loc["20"].tolist() == [1, 1, 1]
    assert list(frame.index) == ["10", "20"]


# --- matches


def test_matches_by_hand():
    frame = _run().frame("matches")
    assert len(frame) == 1
    row = frame.iloc[0]
    assert (row["region_from"], row["region_to"], row["industry"]) == ("01", "02", "10")
    # 02 imports 2 and has 9 from 01 (sells 8) and 03 (sells 4): 2 + 9 * 4/12.
    assert row["bought_outside"] == pytest.approx(5)
    assert row["bought_abroad"] == pytest.approx(2)
    # 01 sells 8 to 02 (buys 9) and 03 (buys 6).
    assert row["supplier_room"] == pytest.approx(8 * 6 / 15)
    assert row["value"] == pytest.approx(3.2)
    assert row["supplier_location_quotient"] == pytest.approx(1.875)
    assert row["buyer_location_quotient"] == pytest.approx(1.25)
    assert row["distance_km"] == 100
    assert row["supplier_added_output"] == 0
    assert row["grade"] == "C"


def test_transit_is_netted_out():
    totals = _run().frame("match_totals").set_index("industry")
    # 02 in 20 takes in 30 and uses 20: purchases count two thirds; all inflow comes from 03.
    assert totals.loc["20", "bought_outside"] == pytest.approx(20)
    assert totals.loc["20", "bought_abroad"] == pytest.approx(5 * 2 / 3)
    # It sells 20 and makes 10.
    assert totals.loc["20", "supplier_room"] == pytest.approx(10)


def test_totals_count_no_purchase_twice():
    totals = _run().frame("match_totals").set_index("industry")
    # 01 buys 1 + 1 * 4/5 outside, 02 buys 5; only 02 has a more specialised supplier, with 3.2.
    assert totals.loc["10", "bought_outside"] == pytest.approx(6.8)
    assert totals.loc["10", "matched_at_once"] == pytest.approx(3.2)
    assert totals.loc["10", "matched_share"] == pytest.approx(3.2 / 6.8)
    assert totals.loc["20", "matched_at_once"] == 0


def test_no_match_below_the_threshold():
    assert len(_run(specialised_above=1.9).frame("matches")) == 0
    assert len(_run(specialised_above=1.8).frame("matches")) == 1


def test_reference_area_decides_the_quotient():
    # Within the belt region 01 has a quotient of (30/40) / (50/80) = 1.2 in 10.
    row = _run(scope=Scope(reference="belt")).frame("matches").iloc[0]
    assert row["supplier_location_quotient"] == pytest.approx(1.2)


def test_unknown_trade_gives_no_match():
    belt = make_belt()
    activity = belt.activity.copy()
    activity.loc[{"region": "02", "industry": "10", "variable": "inflow"}] = np.nan
    result = _run(replace(belt, activity=activity))
    assert len(result.frame("matches")) == 0
    assert np.isnan(result.frame("match_totals").set_index("industry").loc["10", "bought_outside"])


@given(
    # Quarters: the oracle's own preflow algorithm stumbles over the smallest floats.
    st.lists(
        st.tuples(*(st.integers(0, top).map(lambda n: n / 4) for top in (200, 200, 12))),
        min_size=1,
        max_size=6,
    )
)
def test_match_at_once_is_the_largest_flow(drawn):
    wanted, offered, quotient = (np.array(column) for column in zip(*drawn, strict=True))
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for one in range(len(wanted)):
        graph.add_edge("source", f"s{one}", capacity=offered[one])
        graph.add_edge(f"b{one}", "sink", capacity=wanted[one])
    for supplier, buyer in permutations(range(len(wanted)), 2):
        if quotient[supplier] > quotient[buyer]:
            graph.add_edge(f"s{supplier}", f"b{buyer}")
    expected = nx.maximum_flow_value(graph, "source", "sink")
    found = match_at_once(wanted, offered, quotient)
    assert found == pytest.approx(expected, abs=1e-9)


# --- order, absence, texts


def test_order_of_labels_does_not_matter():
    belt = make_belt()
    shuffled = belt.activity.sel(region=["03", "02", "01"], industry=["20", "30", "10"])
    again = replace(belt, activity=shuffled.transpose("variable", "industry", "region", "year"))
    first, second = _run(belt), _run(again)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table.frame, second.frame(name))


def test_money_at_stake_follows_the_scale_of_the_accounts():
    belt = make_belt()
    scaled = _run(replace(belt, activity=belt.activity * 1000))
    before, after = _run(belt).frame("matches"), scaled.frame("matches")
    np.testing.assert_allclose(after["value"], 1000 * before["value"])


def _keys(result):
    for message in result.messages:
        assert text(message.key, "zh", **message.params)
        assert text(message.key, "en", **message.params)
    return [message.key for message in result.messages]


def test_transit_is_counted():
    message = _run().messages[0]
    assert message.key == "coordination.transit"
    assert (message.params["cells"], message.params["of"]) == (1, 9)
    assert (message.params["belt_cells"], message.params["belt_of"]) == (1, 4)


def test_statistical_error_is_no_use():
    belt = make_belt()
    error = xr.zeros_like(belt.activity.sel(variable=["output"]))
    error = error.assign_coords(variable=["statistical_error"])
    error.loc[{"region": "02", "industry": "10"}] = 25.0
    belt = replace(belt, activity=xr.concat([belt.activity, error], dim="variable"))
    # Use falls from 30 to 5, purchases of 11 now exceed it.
    assert _run(belt).messages[0].params["cells"] == 2


def test_missing_trade_is_said():
    result = _run(make_belt(trade=False))
    assert "matches" not in result.tables
    assert set(result.tables) == {"similarity", "duplication"}
    assert _keys(result) == [
        "coordination.no_trade",
        "coordination.no_technology",
        "coordination.no_degree",
    ]


def test_specialised_region_that_reports_no_sales_is_named():
    belt = make_belt()
    activity = belt.activity.copy()
    activity.loc[{"region": "01", "industry": "10", "variable": "outflow"}] = 0.0
    result = _run(replace(belt, activity=activity))
    assert "coordination.no_sales" in _keys(result)
    params = result.messages[1].params
    # Region 02 sells 1 of its 20: not less than 5 %.
    assert (params["count"], params["pairs"]) == (1, "01-10")


def test_belt_without_outside_or_distances_says_so():
    belt = make_belt()
    alone = replace(belt, regions=belt.regions.assign(in_belt=True, reach="all"), distance_km=None)
    result = _run(alone)
    assert {"coordination.no_outside", "coordination.no_distance"} <= set(_keys(result))
    assert result.frame("matches")["distance_km"].isna().all()


def test_single_region_has_nobody_to_resemble_or_to_supply():
    belt = make_belt()
    result = _run(replace(belt, regions=belt.regions.assign(in_belt=[True, False, False])))
    assert len(result.frame("similarity")) == 0
    assert len(result.frame("matches")) == 0
    assert result.values["mean_similarity_after"].value is None
    assert (result.frame("match_totals")["matched_at_once"] == 0).all()


# --- flows in place of accounts


def _flows(low=0.5, high=2.0):
    """Region 01 sells 8 of 10 to region 03; 02 buys 9 of it from 03 and imports 2."""
    rows = [("10", "01", "03", 8.0), ("10", "03", "02", 9.0), ("10", "01", "01", 20.0)]
    flows = pd.DataFrame(rows, columns=["industry", "region_from", "region_to", "value"])
    flows["low"], flows["high"] = low * flows["value"], high * flows["value"]
    margins = pd.MultiIndex.from_product([REGIONS, INDUSTRIES], names=["region", "industry"])
    margins = margins.to_frame(index=False).assign(imports=0.0)
    margins.loc[(margins["region"] == "02") & (margins["industry"] == "10"), "imports"] = 2.0
    return Result(
        "interregional",
        {
            "flows": ResultTable("flows", flows, "C"),
            "margins": ResultTable("margins", margins, "C"),
        },
    )


def _run_with_flows(flows, ceiling=None):
    belt, section = make_belt(), DemandSection(national_table="2017_4", years=(2019,), growth=FLAT)
    demanded = demand.run(belt, {}, section, Scope())
    if ceiling is not None:
        frame = pd.DataFrame(
            [("01", "10", 2019, ceiling)], columns=["region", "industry", "year", "ceiling"]
        )
        tables = {**demanded.tables, "attainable": ResultTable("attainable", frame, "D")}
        demanded = replace(demanded, tables=tables)
    results = {
        "advantage": _advantage(belt),
        "demand": demanded,
        "plan": _plan(added=(("10a", "01", "10", 2019, 3.0),)),
        "interregional": flows,
    }
    return coordination.run(belt, results, CoordinationSection(), Scope())


def test_matches_from_flows_by_hand():
    result = _run_with_flows(_flows())
    assert "coordination.matches_from_flows" in _keys(result)
    row = result.frame("matches").iloc[0]
    assert (row["region_from"], row["region_to"], row["industry"]) == ("01", "02", "10")
    assert (row["bought_outside"], row["bought_abroad"], row["supplier_room"]) == (11, 2, 8)
    assert (row["low"], row["value"], row["high"]) == (4, 8, 16)
    assert np.isnan(row["supplier_spare"])


def test_a_supplier_needs_demand_to_spare():
    assert _run_with_flows(_flows(), 5.0).frame("matches").iloc[0]["supplier_spare"] == 2.0
    assert len(_run_with_flows(_flows(), 3.0).frame("matches")) == 0
