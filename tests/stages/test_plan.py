"""The plan stage on a small belt: what it hands on, what it says, what it refuses."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from clusterbelt.config.plan import PhaseSpec, PlanSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InfeasibleError, InputError
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.model.result import GRADES, Result, ResultTable
from clusterbelt.stages.plan import run

REGIONS = ["08", "11", "20", "31", "42", "90"]  # the last lies outside the belt
REACHES = ["lower", "lower", "middle", "upper", "upper", ""]
INDUSTRIES = ["01", "06", "12", "18", "20"]  # farming, food, and three that may become core
EDGES = [("08", "11"), ("11", "20"), ("20", "31"), ("31", "42"), ("20", "90")]
YEARS = [2012, 2017]
ENDS = [2020, 2025, 2030]
PHASES = (PhaseSpec(name="near", end_year=2025), PhaseSpec(name="far", end_year=2030))
SECTION = PlanSection(
    phases=PHASES, maximum_new_per_phase=(1,), maximum_core=2, minimum_belt_share=0.05
)
VARIABLES = ["output", "value_added", "fixed_capital_formation"]
COLUMNS = {
    "readiness": "region industry readiness location_quotient grade",
    "clusters": "cluster industry phase start_phase reaches members lead regions cross_border "
    "cross_reach value added_output added_value_added grade",
    "assignments": "cluster region reach industry role phase start_phase readiness "
    "location_quotient baseline_output added_output grade",
    "trajectory": "cluster region industry phase end_year added_output added_value_added "
    "investment grade",
    "reach_core": "reach industry cluster phase lead partners grade",
    "alone": "belief region industry phase end_year added_output grade",
    "fragmentation": "belief joint_value alone_value difference price allocation overcapacity "
    "synergy allocation_share overcapacity_share synergy_share grade",
    "fragmentation_reach": "belief joint_value alone_value difference price allocation "
    "overcapacity synergy allocation_share overcapacity_share synergy_share grade",
    "binding": "constraint subject limit used",
    "suppliers": "cluster industry region reach input_share grade",
    "needs": "cluster region reach industry phase end_year added_output capital labour water co2 "
    "grade",
    "chains": "cluster industry kind partner share in_plan grade",
}


def _activity():
    random = np.random.default_rng(3)
    shape = (len(REGIONS), len(INDUSTRIES))
    later = random.uniform(200, 2000, shape).round()
    earlier = (later * random.uniform(0.4, 0.9, shape)).round()
    output = np.stack([earlier, later])
    value = output * random.uniform(0.2, 0.3, shape)
    formation = np.broadcast_to(later.sum(axis=1, keepdims=True) * 0.1, shape)
    cube = np.stack([output, value, np.stack([formation, formation])], axis=3)
    return xr.DataArray(
        cube,
        dims=("year", "region", "industry", "variable"),
        coords={
            "year": YEARS,
            "region": REGIONS,
            "industry": INDUSTRIES,
            "variable": VARIABLES,
        },
    )


def make_belt(**changes):
    regions = pd.DataFrame(
        {
            "name_zh": REGIONS,
            "name_en": REGIONS,
            "in_belt": [True] * 5 + [False],
            "reach": REACHES,
        },
        index=pd.Index(REGIONS, name="region"),
    )
    core = [False, False, True, True, True]
    industries = pd.DataFrame(
        {
            "name_zh": INDUSTRIES,
            "name_en": INDUSTRIES,
            "manufacturing": [False, True, True, True, True],
            "advanced": core,
            "materials": False,
        },
        index=pd.Index(INDUSTRIES, name="industry"),
    )
    neighbours = pd.DataFrame(False, index=REGIONS, columns=REGIONS)
    for a, b in EDGES:
        neighbours.loc[a, b] = neighbours.loc[b, a] = True
    flows = np.random.default_rng(4).uniform(0, 50, (1, 6, 5, 5))
    belt = Belt(
        name="small",
        title=Bilingual("小带", "Small belt"),
        classification="five",
        money_unit="1e8 CNY",
        regions=regions,
        industries=industries,
        activity=_activity(),
        intermediate=xr.DataArray(
            flows,
            dims=("year", "region", "industry_from", "industry_to"),
            coords={
                "year": [2017],
                "region": REGIONS,
                "industry_from": INDUSTRIES,
                "industry_to": INDUSTRIES,
            },
        ),
        neighbours=neighbours,
        reaches={name: Bilingual(name, name) for name in ("lower", "middle", "upper")},
    )
    return replace(belt, **changes)


def make_results(belt, *, ceiling=0.05):
    output = belt.activity.sel(year=2017, variable="output").to_numpy()
    value = belt.activity.sel(year=2017, variable="value_added").to_numpy()
    inside = belt.regions["in_belt"].to_numpy(bool)
    against_all = location_quotient(output)
    against_belt = np.full(output.shape, np.nan)
    against_belt[inside] = location_quotient(output[inside])
    codes = [(r, i) for r in belt.regions.index for i in belt.industries.index]
    advantage = pd.DataFrame(codes, columns=["region", "industry"])
    advantage["location_quotient_all"] = against_all.ravel()
    advantage["location_quotient_belt"] = against_belt.ravel()
    baseline, ceilings = [], []
    for year in (2017, *ENDS):
        growth = 1.05 ** (year - 2017)
        for r in np.nonzero(inside)[0]:
            for i, industry in enumerate(belt.industries.index):
                row = (belt.regions.index[r], industry, year, output[r, i], value[r, i])
                baseline.append((*row[:3], row[3] * growth, row[4] * growth))
        if year > 2017:
            total = output[inside].sum(axis=0) * growth
            ceilings += [
                (industry, year, ceiling * total[i])
                for i, industry in enumerate(belt.industries.index)
            ]
    frames = {
        "baseline": pd.DataFrame(
            baseline, columns=["region", "industry", "year", "output", "value_added"]
        ),
        "ceilings": pd.DataFrame(ceilings, columns=["industry", "year", "ceiling"]),
    }
    demand = {name: ResultTable(name, frame, "D") for name, frame in frames.items()}
    return {
        "advantage": Result("advantage", {"advantage": ResultTable("advantage", advantage, "A")}),
        "demand": Result("demand", demand),
    }


def _run(belt=None, section=SECTION, results=None, **scope):
    belt = belt or make_belt()
    settings = {"base_year": 2017, "earlier_year": 2012} | scope
    return run(belt, results or make_results(belt), section, Scope(**settings))


def _keys(result):
    return {message.key for message in result.messages}


def test_all_tables_of_the_contract():
    result = _run()
    for name, columns in COLUMNS.items():
        table = result.tables[name]
        assert set(columns.split()) <= set(table.frame.columns), name
        assert table.grade in GRADES
        assert len(table.frame) > 0
        if "grade" in table.frame:
            assert set(table.frame["grade"]) <= set(GRADES)
        for code in {"region", "industry", "lead"} & set(table.frame.columns):
            assert all(isinstance(value, str) for value in table.frame[code])
    wanted = {
        "joint_value",
        "price_of_fragmentation_own_share",
        "price_of_fragmentation_whole_market",
        "candidates",
        "gap",
    }
    assert wanted <= set(result.values)


def test_tables_agree_with_one_another():
    result = _run()
    clusters = result.frame("clusters").set_index("cluster")
    assignments = result.frame("assignments")
    for name, cluster in clusters.iterrows():
        own = assignments[assignments["cluster"] == name]
        assert set(own["region"]) == set(cluster["members"].split(";"))
        assert own[own["role"] == "lead"]["region"].tolist() == [cluster["lead"]]
        assert own["added_output"].sum() == pytest.approx(cluster["added_output"])
        assert cluster["cross_border"] == (cluster["regions"] > 1)
        assert set(own["reach"]) == set(cluster["reaches"].split(";"))
    assert clusters["value"].sum() == pytest.approx(result.values["joint_value"].value)
    trajectory = result.frame("trajectory")
    last = trajectory[trajectory["end_year"] == 2030]
    assert last["added_output"].sum() == pytest.approx(clusters["added_output"].sum())
    assert last["added_value_added"].sum() == pytest.approx(clusters["added_value_added"].sum())
    # Capital 1.2 per output, all of it built in some phase.
    assert trajectory["investment"].sum() == pytest.approx(1.2 * last["added_output"].sum())
    core = result.frame("reach_core")
    assert set(core["cluster"]) == set(clusters.index)
    assert len(core) == sum(len(reaches.split(";")) for reaches in clusters["reaches"])


def test_limits_hold_in_the_tables():
    counts = _run().frame("assignments").groupby("region").size()
    assert set(counts.index) == set(REGIONS[:5])
    assert counts.between(1, 2).all()


def test_fragmentation_adds_up():
    frame = _run().frame("fragmentation")
    assert frame["belief"].tolist() == ["own_share", "whole_market"]
    parts = frame[["allocation", "overcapacity", "synergy"]].sum(axis=1)
    assert np.allclose(parts, frame["difference"])
    assert np.allclose(frame["price"], 1 - frame["alone_value"] / frame["joint_value"])


def test_same_input_same_bytes():
    first, second = _run(), _run()
    for name, table in first.tables.items():
        assert table.frame.to_json() == second.frame(name).to_json()
    assert first.values == second.values


def test_labels_in_another_order_change_nothing():
    belt = make_belt()
    order, kinds = ["90", "42", "08", "31", "20", "11"], ["20", "01", "18", "06", "12"]
    shuffled = replace(
        belt,
        regions=belt.regions.loc[order],
        industries=belt.industries.loc[kinds],
        activity=belt.activity.sel(region=order, industry=kinds),
        neighbours=belt.neighbours.loc[order, order],
    )
    first, second = _run(belt), _run(shuffled)
    for name in ("clusters", "assignments", "trajectory", "reach_core", "alone", "fragmentation"):
        pd.testing.assert_frame_equal(first.frame(name), second.frame(name), rtol=1e-9)
    assert second.frame("readiness")["region"].unique().tolist() == ["42", "08", "31", "20", "11"]


def test_readiness_covers_all_manufacturing_of_the_belt():
    frame = _run().frame("readiness")
    assert len(frame) == 5 * 4
    assert frame["readiness"].between(0, 1).all()
    assert not frame.loc[frame["industry"] == "06", "eligible"].any()
    assert set(frame["grade"]) == {"C"}


@pytest.mark.parametrize("scope", [{"earlier_year": None}, {"earlier_year": 2007}])
def test_without_an_earlier_year_readiness_is_an_assumption(scope):
    result = _run(**scope)
    frame = result.frame("readiness")
    expected = frame["location_quotient"] / (1 + frame["location_quotient"])
    assert np.allclose(frame["readiness"], expected)
    assert set(frame["grade"]) == {"D"}
    assert "plan.message.no_earlier_year" in _keys(result)
    assert "readiness_slope" not in result.values


def test_reference_area_changes_the_quotient():
    against_all = _run().frame("readiness")["location_quotient"]
    against_belt = _run(reference="belt").frame("readiness")["location_quotient"]
    assert not np.allclose(against_all, against_belt)


def test_a_belt_where_every_quotient_is_one_teaches_nothing():
    belt = make_belt()
    flat = belt.activity.copy()
    flat.loc[{"year": 2012, "variable": "output"}] = 100.0
    result = _run(replace(belt, activity=flat))
    assert "plan.message.nothing_learnt" in _keys(result)


def test_without_capital_formation_there_is_no_cap():
    belt = make_belt()
    without = replace(belt, activity=belt.activity.sel(variable=["output", "value_added"]))
    result = _run(without)
    assert "plan.message.no_investment" in _keys(result)
    assert "investment" not in set(result.frame("binding")["constraint"])
    assert result.values["joint_value"].value >= _run().values["joint_value"].value - 1e-6


def test_investment_cap_holds_and_binds():
    result = _run(section=SECTION.model_copy(update={"investment_share": 0.005}))
    spent = result.frame("trajectory").groupby(["region", "end_year"])["investment"].sum()
    formation = make_belt().activity.sel(year=2017, variable="fixed_capital_formation")
    yearly = formation.sum("industry")
    for (region, _), amount in spent.items():
        assert amount <= 5 * 0.005 * float(yearly.sel(region=region)) + 1e-6
    binding = result.frame("binding")
    caps = binding[binding["constraint"] == "investment"]
    assert len(caps) > 0
    assert (caps["shadow"] >= 0).all()
    assert (caps["shadow"] > 0).any()


def test_capital_formation_unknown_for_one_region():
    belt = make_belt()
    cube = belt.activity.copy()
    cube.loc[{"region": "11", "variable": "fixed_capital_formation"}] = np.nan
    result = _run(replace(belt, activity=cube))
    said = [m for m in result.messages if m.key == "plan.message.investment_partly"]
    assert said[0].params["regions"] == "11"


def test_without_neighbours_clusters_are_single_regions():
    result = _run(make_belt(neighbours=None))
    assert "plan.message.no_neighbours" in _keys(result)
    assert (result.frame("clusters")["regions"] == 1).all()
    assert (result.frame("fragmentation")["synergy"] == 0).all()


def test_without_flows_there_are_no_suppliers():
    assert "suppliers" not in _run(make_belt(intermediate=None)).tables


def test_shrinking_demand_allows_no_added_output():
    belt = make_belt()
    results = make_results(belt)
    frame = results["demand"].frame("ceilings")
    frame.loc[frame["industry"] == "18", "ceiling"] = -5.0
    result = _run(belt, results=results)
    assert "plan.message.shrinking" in _keys(result)
    added = result.frame("assignments")
    assert (added.loc[added["industry"] == "18", "added_output"] == 0).all()


def test_region_below_the_thresholds_enters_and_it_is_said():
    section = SECTION.model_copy(update={"minimum_readiness": 1.0})
    result = _run(section=section)
    said = [m for m in result.messages if m.key == "plan.message.waived"]
    assert said[0].params["count"] == 5
    assert result.frame("readiness")["waived"].sum() == 5


def test_unknown_output_is_no_candidate():
    belt = make_belt()
    results = make_results(belt)
    frame = results["demand"].frame("baseline")
    where = (frame["region"] == "20") & (frame["industry"] == "20")
    frame.loc[where, "output"] = np.nan
    readiness = _run(belt, results=results).frame("readiness").set_index(["region", "industry"])
    assert not readiness.loc[("20", "20"), "eligible"]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("plan_industry_unknown", {"industries": ("18", "77")}),
        ("plan_no_industries", {"industries": ()}),
        ("plan_phases_order", {"phases": tuple(reversed(PHASES))}),
        ("plan_phase_year", {"phases": (PhaseSpec(name="near", end_year=2026),)}),
        (
            "plan_phase_names",
            {"phases": tuple(PhaseSpec(name="same", end_year=year) for year in (2025, 2030))},
        ),
        ("plan_start_year", {"start_year": 2015}),
        ("plan_start_year", {"start_year": 2025}),
        ("plan_pair_unknown", {"required": (("90", "18"),)}),
        ("plan_core_limits", {"minimum_core": 3}),
    ],
)
def test_bad_settings_are_named(code, changes):
    with pytest.raises(InputError) as caught:
        _run(section=SECTION.model_copy(update=changes))
    assert code in {issue.code for issue in caught.value.issues}
    for issue in caught.value.issues:
        assert all(issue.describe(language) for language in LANGUAGES)


def test_all_problems_at_once():
    changes = {"industries": ("77",), "start_year": 2015}
    with pytest.raises(InputError) as caught:
        _run(section=SECTION.model_copy(update=changes))
    assert {issue.code for issue in caught.value.issues} == {
        "plan_industry_unknown",
        "plan_start_year",
    }


@pytest.mark.parametrize(
    ("table", "code"), [("ceilings", "plan_no_ceiling"), ("baseline", "plan_no_baseline")]
)
def test_holes_in_the_demand_scenario(table, code):
    belt = make_belt()
    results = make_results(belt)
    frame = results["demand"].frame(table)
    keep = frame["industry"] != "18" if table == "ceilings" else frame["year"] != 2025
    tables = dict(results["demand"].tables)
    tables[table] = replace(tables[table], frame=frame[keep])
    results["demand"] = replace(results["demand"], tables=tables)
    with pytest.raises(InputError) as caught:
        _run(belt, results=results)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_a_study_without_a_plan_is_explained():
    # Five regions, one industry, one cluster of one region: four must go without.
    changes = {"industries": ("18",), "maximum_regions": 1, "clusters_per_industry": 5}
    with pytest.raises(InfeasibleError) as caught:
        _run(section=SECTION.model_copy(update=changes))
    conflict, *relaxed = caught.value.issues
    assert conflict.code == "plan_conflict"
    amounts = [int(issue.params["amount"]) for issue in relaxed]
    # Two reaches have two regions each: one of each pair is too many.
    assert sum(amounts) == 2


def test_one_region_alone_is_its_own_joint_plan():
    belt = make_belt()
    regions = belt.regions.copy()
    regions["in_belt"] = regions.index == "20"
    single = replace(belt, regions=regions)
    section = SECTION.model_copy(update={"clusters_per_industry": 5})
    result = _run(single, section)
    assert np.allclose(result.frame("fragmentation")["price"], 0)


def test_messages_have_words():
    results = [
        _run(make_belt(neighbours=None), earlier_year=None),
        _run(section=SECTION.model_copy(update={"minimum_readiness": 1.0})),
    ]
    for result in results:
        for message in result.messages:
            for language in LANGUAGES:
                assert text(message.key, language, **message.params)


def test_limits_have_names():
    for constraint in set(_run().frame("binding")["constraint"]):
        for language in LANGUAGES:
            assert text(f"plan.constraint.{constraint}", language)


def test_a_price_of_nothing_is_unknown_not_a_number():
    belt = make_belt()
    results = make_results(belt, ceiling=0.0)
    result = _run(belt, results=results)
    assert result.values["joint_value"].value < 0  # programmes that add nothing still cost
    assert result.values["price_of_fragmentation_own_share"].value is None
    assert result.frame("fragmentation")["price"].isna().all()
