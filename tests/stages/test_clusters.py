"""The clusters stage on small belts whose answer can be seen, and on the Yangtze data."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from clusterbelt.config.clusters import ClustersSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels.graph import connected_sets, is_connected
from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.stages import clusters

REGIONS = ("A1", "A2", "A3", "A4", "Z9")  # a line A1-A2-A3-A4; Z9 lies outside the belt
INDUSTRIES = ("01", "02", "03")
SCOPE = Scope(classification="x", base_year=2017, earlier_year=None)
FREE = ClustersSection(area_cost_share=0.0)
# 01 is the rest of the economy; 02 sits at both ends of the line, with a weak region between.
ACTIVITY = np.array(
    [
        [50.0, 50.0, 0.0],
        [90.0, 10.0, 0.0],
        [60.0, 40.0, 0.0],
        [80.0, 0.0, 20.0],
        [400.0, 100.0, 100.0],
    ]
)


def small_belt(activity=ACTIVITY, **changes) -> Belt:
    regions = pd.DataFrame(
        {
            "name_zh": REGIONS,
            "name_en": REGIONS,
            "in_belt": [True, True, True, True, False],
            "reach": ["low", "low", "high", "high", ""],
        },
        index=pd.Index(REGIONS, name="region"),
    )
    industries = pd.DataFrame(
        {
            "name_zh": INDUSTRIES,
            "name_en": INDUSTRIES,
            "manufacturing": [False, True, True],
            "advanced": [False, True, False],
            "materials": [False, False, True],
        },
        index=pd.Index(INDUSTRIES, name="industry"),
    )
    cube = xr.DataArray(
        np.asarray(activity, dtype=float)[None, :, :, None],
        dims=("year", "region", "industry", "variable"),
        coords={
            "year": [2017],
            "region": list(REGIONS),
            "industry": list(INDUSTRIES),
            "variable": ["output"],
        },
    )
    neighbours = pd.DataFrame(False, index=list(REGIONS), columns=list(REGIONS))
    for a, b in (("A1", "A2"), ("A2", "A3"), ("A3", "A4"), ("A1", "Z9"), ("A4", "Z9")):
        neighbours.loc[a, b] = neighbours.loc[b, a] = True
    belt = Belt(
        name="small",
        title=Bilingual("小", "small"),
        classification="x",
        money_unit="1e8 CNY",
        regions=regions,
        industries=industries,
        activity=cube,
        neighbours=neighbours,
    )
    return dataclasses.replace(belt, **changes)


def codes(error):
    return [issue.code for issue in error.value.issues]


def run(belt, section=FREE, scope=SCOPE):
    return clusters.run(belt, {}, section, scope)


def test_an_area_crosses_a_weak_region_to_join_two_strong_ones():
    # Industry 02 is 200 of 1000. Excess: A1 50-20=30, A2 10-20=-10, A3 40-20=20, A4 -20.
    result = run(small_belt())
    area = result.frame("areas").iloc[0]
    assert area["area"] == "02-1"
    assert area["members"] == "A1;A2;A3"
    assert area["core_region"] == "A1"
    assert area["weight"] == pytest.approx(30 - 10 + 20)
    assert area["activity"] == 100.0
    assert area["belt_share"] == 1.0
    assert area["cross_border_share"] == pytest.approx(0.5)
    assert area["weight_within_borders"] == pytest.approx(30)
    assert area["border_cost_share"] == pytest.approx(1 - 30 / 40)
    assert bool(area["cross_border"])
    assert bool(area["proven_optimal"])
    members = result.frame("members")
    own = members[members["area"] == "02-1"].set_index("region")
    assert own["role"].to_dict() == {"A1": "core", "A2": "member", "A3": "member"}
    assert own["reach"].to_dict() == {"A1": "low", "A2": "low", "A3": "high"}
    assert own["excess"].to_dict() == pytest.approx({"A1": 30.0, "A2": -10.0, "A3": 20.0})


def test_a_dear_bridge_splits_the_area_in_two_and_a_dearer_one_leaves_one():
    # At 0.08 of 100 a region costs 8: the bridge A2 then costs 18 to gain 12.
    split = run(small_belt(), ClustersSection(area_cost_share=0.08)).frame("areas")
    assert split.loc[split["industry"] == "02", "members"].tolist() == ["A1", "A3"]
    assert split.loc[split["industry"] == "02", "weight"].tolist() == pytest.approx([22, 12])
    single = run(small_belt(), ClustersSection(area_cost_share=0.25)).frame("areas")
    assert single.loc[single["industry"] == "02", "members"].tolist() == ["A1"]
    none = run(small_belt(), ClustersSection(area_cost_share=0.35))
    assert "02" not in none.frame("areas")["industry"].tolist()
    message = next(m for m in none.messages if m.key == "clusters.message.no_area")
    assert message.params == {"count": 1, "industries": "02"}


def test_the_reference_area_changes_the_weights():
    # Within the belt (400) industry 02 is 100 of 400: A1 has 50 - 25, A2 10 - 25, A3 40 - 25.
    area = run(small_belt(), FREE, Scope(base_year=2017, reference="belt")).frame("areas").iloc[0]
    assert area["members"] == "A1"
    assert area["weight"] == pytest.approx(25.0)


def test_the_way_outside_the_belt_joins_nobody():
    # A1 and A4 touch only through Z9, which is not in the belt.
    activity = ACTIVITY.copy()
    activity[:4, 1] = [50.0, 0.0, 0.0, 50.0]
    areas = run(small_belt(activity)).frame("areas")
    assert areas.loc[areas["industry"] == "02", "members"].tolist() == ["A1", "A4"]


def test_rows_stand_by_industry_then_rank_and_members_in_table_order():
    result = run(small_belt(), ClustersSection(area_cost_share=0.08, industries=("03", "02")))
    assert result.frame("areas")["area"].tolist() == ["02-1", "02-2", "03-1"]
    assert result.frame("members")["region"].tolist() == ["A1", "A3", "A4"]
    assert result.frame("borders")["industry"].tolist() == ["02", "03"]


def test_only_the_industries_asked_for():
    result = run(small_belt(), ClustersSection(industries=("01",)))
    assert set(result.frame("areas")["industry"]) == {"01"}
    assert set(run(small_belt()).frame("areas")["industry"]) == {"02", "03"}


def test_the_number_of_areas_and_their_least_size():
    section = ClustersSection(area_cost_share=0.08, areas_per_industry=1)
    areas = run(small_belt(), section).frame("areas")
    assert areas["area"].tolist() == ["02-1", "03-1"]
    larger = run(small_belt(), ClustersSection(area_cost_share=0.0, minimum_regions=2))
    assert larger.frame("areas")["members"].tolist() == ["A1;A2;A3"]
    nothing = run(small_belt(), ClustersSection(minimum_regions=4))
    for name in ("areas", "members", "borders", "significance"):
        table = nothing.tables[name]
        assert len(table.frame) == 0, name
    assert nothing.values["areas"].value == 0
    assert nothing.values["border_cost_share"].value is None


def test_the_border_table_adds_up_the_areas():
    result = run(small_belt(), ClustersSection(area_cost_share=0.08))
    areas, borders = result.frame("areas"), result.frame("borders").set_index("industry")
    assert borders.at["02", "weight"] == pytest.approx(34.0)
    assert borders.at["02", "weight_within_borders"] == pytest.approx(34.0)
    assert borders.at["02", "border_cost_share"] == pytest.approx(0.0)
    assert result.values["areas"].value == len(areas)
    joined = run(small_belt()).frame("borders").set_index("industry")
    assert joined.at["02", "border_cost_share"] == pytest.approx(0.25)


def test_an_island_is_an_area_by_itself_and_is_named():
    belt = small_belt()
    neighbours = belt.neighbours.copy()
    neighbours.loc["A1", :] = neighbours.loc[:, "A1"] = False
    result = run(dataclasses.replace(belt, neighbours=neighbours))
    areas = result.frame("areas")
    assert areas.loc[areas["industry"] == "02", "members"].tolist() == ["A1", "A3"]
    message = next(m for m in result.messages if m.key == "clusters.message.islands")
    assert message.params["regions"] == "A1"


def test_one_region_is_a_belt():
    belt = small_belt()
    alone = belt.regions.assign(in_belt=[True, False, False, False, False])
    result = run(dataclasses.replace(belt, regions=alone))
    assert result.frame("areas")["members"].tolist() == ["A1"]
    assert result.frame("areas")["cross_border"].tolist() == [False]


def test_an_unknown_cell_keeps_its_region_out_of_that_industry_only():
    activity = ACTIVITY.copy()
    activity[1, 1] = np.nan  # the bridge
    result = run(small_belt(activity))
    areas = result.frame("areas")
    assert areas.loc[areas["industry"] == "02", "members"].tolist() == ["A1", "A3"]
    assert not areas.drop(columns="industry").isna().any().any()
    message = next(m for m in result.messages if m.key == "clusters.message.unknown")
    assert message.params == {"count": 1, "cells": "A2 × 02"}


def test_an_industry_nobody_has_gets_no_area():
    activity = ACTIVITY.copy()
    activity[:, 2] = 0.0
    result = run(small_belt(activity))
    assert set(result.frame("areas")["industry"]) == {"02"}
    message = next(m for m in result.messages if m.key == "clusters.message.no_area")
    assert message.params == {"count": 1, "industries": "03"}


def test_the_order_of_labels_changes_nothing():
    belt = small_belt()
    order = ["Z9", "A3", "A1", "A4", "A2"]
    shuffled = dataclasses.replace(
        belt,
        activity=belt.activity.sel(region=order, industry=["03", "01", "02"]),
        neighbours=belt.neighbours.loc[order, order[::-1]],
    )
    for name, table in run(belt).tables.items():
        pd.testing.assert_frame_equal(table.frame, run(shuffled).frame(name))


def test_the_unit_of_money_changes_no_area():
    for factor in (1e-6, 1e7):
        areas = run(small_belt(ACTIVITY * factor)).frame("areas")
        expected = run(small_belt()).frame("areas")
        assert areas["members"].tolist() == expected["members"].tolist()
        assert (areas["weight"] / factor).tolist() == pytest.approx(expected["weight"].tolist())


def test_tables_carry_units_of_columns_that_exist_and_messages_have_texts():
    result = run(small_belt())
    for table in result.tables.values():
        assert set(table.units) <= set(table.frame.columns)
        assert (table.frame["grade"] == "C").all()
    for message in result.messages:
        for language in LANGUAGES:
            assert text(message.key, language, **message.params)


def test_without_neighbours_it_says_what_to_add():
    with pytest.raises(InputError, match="no table of neighbours") as error:
        run(small_belt(neighbours=None))
    assert codes(error) == ["clusters_no_neighbours"]


def test_incomplete_and_one_way_neighbours_are_refused():
    belt = small_belt()
    short = belt.neighbours.drop(index="A2", columns="A2")
    with pytest.raises(InputError, match=r"lacks regions of the belt: A2\."):
        run(dataclasses.replace(belt, neighbours=short))
    one_way = belt.neighbours.copy()
    one_way.loc["A3", "A2"] = False
    with pytest.raises(InputError, match="A2 → A3"):
        run(dataclasses.replace(belt, neighbours=one_way))


def test_all_problems_are_said_at_once():
    section = ClustersSection(industries=("02", "7"))
    scope = Scope(base_year=2030, activity="employment")
    with pytest.raises(InputError) as error:
        run(small_belt(neighbours=None), section, scope)
    assert codes(error) == [
        "clusters_no_year",
        "clusters_no_variable",
        "clusters_no_neighbours",
        "clusters_unknown_industry",
    ]


def test_activity_that_cannot_be_used_is_refused():
    with pytest.raises(InputError, match="unknown or zero for every region"):
        run(small_belt(np.zeros((5, 3))))
    activity = ACTIVITY.copy()
    activity[4, 1] = -500.0
    with pytest.raises(InputError, match=r"less than zero in the reference area.*: 02\."):
        run(small_belt(activity))
    # One negative cell in a positive whole is value added that subsidies make up for.
    activity[4, 1] = -50.0
    assert run(small_belt(activity)).frame("areas")["members"].tolist()[0] == "A1;A2;A3"


def test_nothing_to_delineate_is_refused():
    belt = small_belt()
    unmarked = belt.industries.assign(advanced=False, materials=False)
    with pytest.raises(InputError) as error:
        run(dataclasses.replace(belt, industries=unmarked))
    assert codes(error) == ["clusters_no_industry"]
    nobody = belt.regions.assign(in_belt=False)
    with pytest.raises(InputError, match="No region belongs to the belt"):
        run(dataclasses.replace(belt, regions=nobody))


@pytest.fixture(scope="module")
def yangtze():
    return read_belt("yangtze", "io42")


def _members(areas, industry):
    rows = areas[areas["industry"] == industry]
    return [set(members.split(";")) for members in rows["members"]]


def test_the_belt_of_eleven_has_114_connected_sets_of_up_to_four(yangtze):
    inside = yangtze.belt_regions
    adjacency = yangtze.neighbours.loc[inside, inside].to_numpy(bool)
    assert len(inside) == 11
    assert is_connected(np.ones(11, dtype=bool), adjacency)
    assert len(connected_sets(adjacency, 4)) == 114


def test_yangtze_areas_are_the_best_of_all_connected_sets(yangtze):
    # The belt has few enough connected sets to try every one: the solver's answer must be it.
    result = run(yangtze, ClustersSection(), Scope())
    inside = yangtze.belt_regions
    sets = connected_sets(yangtze.neighbours.loc[inside, inside].to_numpy(bool), 11)
    output = yangtze.activity.sel(year=2017, variable="output").to_pandas()
    expected = np.outer(output.sum(axis=1), output.sum(axis=0)) / output.to_numpy().sum()
    above = (output - expected).loc[inside]
    areas = result.frame("areas")
    assert areas["proven_optimal"].all()
    first = areas[areas["rank"] == 1].set_index("industry")
    assert len(first) == 10
    for industry, area in first.iterrows():
        weights = (above[industry] - 0.01 * output.loc[inside, industry].sum()).to_numpy()
        best = max(sets, key=lambda members, w=weights: w[list(members)].sum())
        assert area["members"] == ";".join(inside[place] for place in best)
        assert area["weight"] == pytest.approx(weights[list(best)].sum())


def test_what_must_hold_of_the_yangtze_belt_in_2017(yangtze):
    result = run(yangtze, ClustersSection(), Scope())
    areas = result.frame("areas")
    # Electronics: the delta (Suzhou and Shanghai), and Chongqing's notebooks as an area apart.
    assert _members(areas, "20") == [{"310000", "320000"}, {"500000"}]
    # Vehicles: one corridor from Shanghai to Chongqing along the river, across five borders.
    assert _members(areas, "18") == [{"310000", "320000", "340000", "420000", "500000"}]
    # Electrical machinery and instruments are the delta's, with Jiangsu at the core.
    for industry in ("16", "19", "21"):
        assert {"320000", "330000"} <= _members(areas, industry)[0]
        assert areas.loc[areas["industry"] == industry, "core_region"].tolist() == ["320000"]
    # Building materials belong to the middle of the belt, not to the delta's core.
    assert not _members(areas, "13")[0] & {"310000", "320000", "330000"}
    assert areas.loc[areas["rank"] == 1, "cross_border"].all()
    # Where borders cost most, and least: vehicles are spread, electronics are not.
    borders = result.frame("borders").set_index("industry")["border_cost_share"]
    assert borders["18"] > 0.5
    assert borders["20"] < 0.15


def test_electronics_moved_inland_between_2012_and_2017(yangtze):
    shares = {
        year: run(yangtze, ClustersSection(industries=("20",)), Scope(base_year=year))
        .frame("areas")
        .set_index("core_region")["belt_share"]
        for year in (2012, 2017)
    }
    assert shares[2017]["320000"] < shares[2012]["320000"]
    assert shares[2017]["500000"] > 2 * shares[2012]["500000"]
