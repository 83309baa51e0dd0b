"""Advantage: a small belt worked out by hand, the national table followed link by link."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from clusterbelt.config.advantage import AdvantageSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.stages.advantage import run
from stages.evidence_belt import INDUSTRIES, REGIONS, SECTORS, make_belt, national_table

NAN = math.nan
EXTRA_TABLES = {
    "concentration",
    "industry_complexity",
    "region_complexity",
    "region_structure",
    "relatedness",
    "shift_share",
}
EXTRA_MESSAGES = {
    "advantage.complexity_power",
    "advantage.current_prices",
    "advantage.no_gradient",
    "advantage.no_trade",
}
SECTION = AdvantageSection(
    national_table="2017_six",
    technology_sectors=("s",),
    abundance={
        "labour": {"unemployment": 1},
        "capital": {"gdp": 1},
        "technology": {"schools": 1, "robots": 1},
    },
)


def _run(belt=None, section=SECTION, **scope):
    return run(belt or make_belt(), {}, section, Scope(**scope))


def _cell(result, region, industry, column):
    frame = result.frame("advantage").set_index(["region", "industry"])
    return frame.loc[(region, industry), column]


def test_quotients_shares_and_excess_by_hand():
    result = _run()
    # A makes 60 of the 100 of electronics; every region makes 100 of 400 in all.
    assert _cell(result, "01", "20", "share_region") == pytest.approx(0.6)
    assert _cell(result, "01", "20", "share_reference") == pytest.approx(0.6)
    assert _cell(result, "01", "20", "location_quotient_all") == pytest.approx(2.4)
    # Within the belt 70 of 300 are electronics.
    assert _cell(result, "01", "20", "location_quotient_belt") == pytest.approx(0.6 * 300 / 70)
    assert _cell(result, "08", "06", "location_quotient_all") == pytest.approx(0.5 / 0.225)
    assert math.isnan(_cell(result, "52", "20", "location_quotient_belt"))
    # A has 40 of 191 of value added: 15 - 40 * 27 / 191.
    assert _cell(result, "01", "20", "excess_value_added") == pytest.approx(9.345550, abs=1e-6)
    assert _cell(result, "31", "20", "location_quotient_all") == 0


def test_the_reference_is_the_study_s():
    result = _run(reference="belt")
    assert _cell(result, "01", "20", "share_reference") == pytest.approx(60 / 70)
    assert math.isnan(_cell(result, "52", "20", "share_reference"))
    assert _cell(result, "01", "20", "location_quotient_all") == pytest.approx(2.4)
    assert result.values["reference"].value == "belt"


def test_factor_intensity_by_hand():
    # Services per unit: food .1; electronics 1 .2 + .1 * .1 = .21; electronics 2 .1 + .25 * .21 =
    # .1525; minerals .3 * .1525; electronics together (.21 * 100 + .1525 * 200) / 300.
    frame = _run().frame("factor_intensity").set_index("industry")
    making = ["06", "13", "20"]
    assert frame.loc[making, "labour"].tolist() == pytest.approx([60 / 90, 20 / 70, 70 / 200])
    assert frame.loc[making, "capital"].tolist() == pytest.approx([20 / 90, 40 / 70, 115 / 200])
    assert frame.loc[making, "technology"].tolist() == pytest.approx([0.1, 0.04575, 0.515 / 3])
    # Nobody sells to farming; services buy nothing, and their own unit is no purchase.
    assert frame.loc[["01", "31"], "technology"].tolist() == [0, 0]


def test_scores_are_those_of_manufacturing():
    frame = _run().frame("factor_intensity").set_index("industry")
    making = ["06", "13", "20"]
    assert frame.loc[making, "labour_z"].tolist() == pytest.approx([1.396537, -0.891305, -0.505232])
    assert frame.loc[making, "capital_z"].tolist() == pytest.approx([-1.414159, 0.696287, 0.717871])
    assert frame.loc[making, "technology_z"].tolist() == pytest.approx(
        [-0.112579, -1.164569, 1.277147], abs=1e-6
    )
    assert frame.loc[making, "strongest"].tolist() == ["labour", "capital", "technology"]
    assert frame.loc[["01", "31"], "labour_z"].isna().all()
    assert frame.loc[["01", "31"], "strongest"].tolist() == ["", ""]


def test_abundance_by_hand():
    frame = _run().frame("factor_abundance")
    table = frame.pivot(index="region", columns="factor", values="abundance").loc[REGIONS]
    assert table["labour"].tolist() == pytest.approx([0.169031, -0.507093, -1.183216, 1.521278])
    assert table["capital"].tolist() == pytest.approx([-1.183216, -0.507093, 0.169031, 1.521278])
    assert table["technology"].tolist() == pytest.approx(
        [-0.707107, -0.707107, 1.414214, NAN], nan_ok=True
    )
    assert frame["factor"].unique().tolist() == ["labour", "capital", "technology"]
    assert set(frame.loc[frame["factor"] == "technology", "components"]) == {"schools"}


def test_two_components_count_the_same_with_their_sign():
    section = SECTION.model_copy(
        update={"abundance": {"labour": {"unemployment": -1, "gdp": 1}, "capital": {}}}
    )
    result = _run(section=section)
    frame = result.frame("factor_abundance").set_index("region")
    assert frame["factor"].unique().tolist() == ["labour"]
    assert frame.at["01", "abundance"] == pytest.approx((-0.169031 - 1.183216) / 2)
    keys = {message.key for message in result.messages}
    assert {
        "advantage.factor_left_out.capital",
        "advantage.factor_left_out.technology",
    } <= keys
    # The fit then rests on labour alone: where labour is scarce, food (labour-intensive) fits less.
    assert _cell(result, "01", "06", "fit") < _cell(result, "01", "13", "fit")


def test_fit_by_hand():
    result = _run()
    wanted = {
        "01": [1.332724, -0.101209, -1.231515],
        "08": [0.059329, 0.618055, -0.677384],
        "31": [-1.374090, -0.318050, 1.692140],
    }
    for region, values in wanted.items():
        found = [_cell(result, region, industry, "fit") for industry in ("06", "13", "20")]
        assert found == pytest.approx(values, abs=1e-6)
    # D's technology is unknown, and services are no manufacturing.
    assert math.isnan(_cell(result, "52", "20", "fit"))
    assert math.isnan(_cell(result, "01", "31", "fit"))
    fit = result.frame("advantage")["fit"].dropna()
    assert fit.mean() == pytest.approx(0, abs=1e-12)
    assert fit.std(ddof=0) == pytest.approx(1)


def test_claims_about_reaches_by_hand():
    # Lower: food 60, minerals 10, electronics 70; upper: 20, 20, 0; nation: 90, 50, 100.
    frame = _run().frame("reach_factor").set_index(["reach", "factor"])
    order = [(reach, factor) for reach in ("lower", "upper") for factor in SECTION.abundance]
    assert frame.index.tolist() == order
    assert frame["intensity"].tolist() == pytest.approx(
        [0.282235, -0.197397, 0.507142, 0.252616, -0.358936, -0.638574], abs=1e-6
    )
    assert frame["national"].tolist() == pytest.approx(
        [0.127500, -0.086137, 0.247309] * 2, abs=1e-6
    )
    assert frame["claim"].tolist() == [-1, 0, 1, 1, 1, 0]
    assert frame["verdict"].tolist() == [
        "not_supported",
        "no_claim",
        "supported",
        "supported",
        "not_supported",
        "no_claim",
    ]
    assert (frame["grade"] == "C").all()
    assert frame.at[("lower", "capital"), "abundance"] == pytest.approx(-0.845154, abs=1e-6)


def test_the_reach_s_own_accounts_are_the_second_road():
    belt = make_belt()
    parts = ["compensation", "net_production_tax", "depreciation", "operating_surplus"]
    share = dict(zip(parts, [0.5, 0.1, 0.1, 0.3], strict=True))
    value_added = belt.activity.sel(variable="value_added")
    layers = [(value_added * share[name]).assign_coords(variable=name) for name in parts]
    # A pays more in electronics: 12 of 15 instead of 7.5.
    layers[0].loc[{"region": "01", "industry": "20"}] = 12.0
    layers[3].loc[{"region": "01", "industry": "20"}] = 0.0
    cube = xr.concat([belt.activity, *layers], dim="variable").transpose(*belt.activity.dims)
    frame = _run(replace(belt, activity=cube)).frame("reach_factor")
    own = frame.set_index(["reach", "factor"])["own_share"]
    # Lower: value added 3 + 15 and 15 + 3 + 3; pay half of 24 and 12; capital .4 of 24 and 1.5.
    assert own["lower", "labour"] == pytest.approx(24 / 39)
    assert own["lower", "capital"] == pytest.approx((0.4 * 24 + 1.5) / (39))
    assert own["upper", "labour"] == pytest.approx(0.5)
    assert math.isnan(own["upper", "technology"])
    assert _run(belt).frame("reach_factor")["own_share"].isna().all()


def test_whether_fit_shows_in_what_is_there():
    # Ranks of fit and quotient over the nine cells of A, B and C.
    fit = [1.332724, -0.101209, -1.231515, 0.059329, 0.618055, -0.677384, -1.37409, -0.31805, 1.69]
    quotient = [10 / 22.5, 0, 2.4, 50 / 22.5, 0.8, 0.4, 20 / 22.5, 1.6, 0]
    a, b = pd.Series(fit).rank(), pd.Series(quotient).rank()
    assert _run().values["fit_rank_correlation"].value == pytest.approx(a.corr(b))
    assert "fit_rank_correlation" not in _run(make_belt(national={})).values


def test_the_tolerance_decides():
    # The upper reach's labour is .125 above the nation's.
    strict = _run(section=SECTION.model_copy(update={"claim_tolerance": 0.2}))
    frame = strict.frame("reach_factor").set_index(["reach", "factor"])
    assert frame.at[("upper", "labour"), "verdict"] == "not_supported"
    assert frame.at[("lower", "technology"), "verdict"] == "supported"


def test_claims_that_clash_are_none():
    belt = make_belt()
    extra = belt.roadmap_claims.iloc[[0]].assign(direction=-1)
    both = pd.concat([belt.roadmap_claims, extra], ignore_index=True)
    frame = _run(replace(belt, roadmap_claims=both)).frame("reach_factor")
    lower = frame[(frame["reach"] == "lower") & (frame["factor"] == "technology")]
    assert lower["verdict"].tolist() == ["no_claim"]
    without = _run(replace(belt, roadmap_claims=None)).frame("reach_factor")
    assert (without["claim"] == 0).all()


def test_shares_add_to_one():
    frame = _run().frame("advantage")
    assert frame.groupby("region")["share_region"].sum().tolist() == pytest.approx([1] * 4)
    assert frame.groupby("industry")["share_reference"].sum().tolist() == pytest.approx([1] * 5)
    assert frame.groupby("region")["excess_value_added"].sum().tolist() == pytest.approx(
        [0] * 4, abs=1e-12
    )


def test_order_and_columns():
    frame = _run().frame("advantage")
    assert frame["region"].tolist() == [region for region in REGIONS for _ in INDUSTRIES]
    assert frame["industry"].tolist() == INDUSTRIES * 4
    for column in ("region", "reach", "industry", "grade"):
        assert pd.api.types.is_string_dtype(frame[column])
    assert frame["in_belt"].dtype == bool


def test_shuffled_labels_change_nothing():
    belt = make_belt()
    table = national_table()
    order = [5, 2, 0, 4, 1, 3]
    shuffled = replace(
        belt,
        activity=belt.activity.isel(region=[3, 1, 0, 2], industry=[4, 2, 0, 1, 3]),
        indicators=belt.indicators.isel(region=[2, 3, 1, 0]),
        national={
            "2017_six": replace(
                table,
                intermediate=table.intermediate.isel(sector_from=order, sector_to=order[::-1]),
                value_added=table.value_added.isel(sector=order, variable=[3, 2, 1, 0]),
                output=table.output.isel(sector=order[::-1]),
            )
        },
    )
    for name, wanted in _run(belt).tables.items():
        pd.testing.assert_frame_equal(wanted.frame, _run(shuffled).frame(name))


def test_technology_by_class_instead_of_sector():
    by_class = _run(section=SECTION.model_copy(update={"technology_sectors": ("31",)}))
    pd.testing.assert_frame_equal(by_class.frame("advantage"), _run().frame("advantage"))


def test_every_message_has_its_text():
    result = _run()
    keys = [message.key for message in result.messages]
    assert keys[:2] == ["advantage.no_capital_output", "advantage.components_absent"]
    assert set(keys[2:]) == EXTRA_MESSAGES
    assert result.messages[1].params["indicators"] == "robots"
    for message in result.messages:
        assert all(text(message.key, language, **message.params) for language in LANGUAGES)


def test_without_a_national_table_or_indicators():
    result = _run(make_belt(national={}))
    assert set(result.tables) - EXTRA_TABLES == {"advantage", "factor_abundance"}
    assert result.frame("advantage")["fit"].isna().all()
    assert "advantage.no_national_table" in {message.key for message in result.messages}
    result = _run(make_belt(indicators=None))
    kept = set(result.tables) - EXTRA_TABLES
    assert kept == {
        "advantage",
        "factor_intensity",
        "factor_intensity_fine",
        "reach_factor",
        "reach_factor_tables",
    }
    assert result.frame("advantage")["fit"].isna().all()
    assert "advantage.no_indicators" in {message.key for message in result.messages}
    assert result.frame("reach_factor")["abundance"].isna().all()


def test_missing_cells_stay_missing_and_are_counted():
    belt = make_belt()
    belt.activity.loc[{"region": "08", "industry": "13", "variable": "output"}] = NAN
    result = _run(belt)
    assert math.isnan(_cell(result, "08", "13", "location_quotient_all"))
    # B's known total is 90 of 390.
    assert _cell(result, "08", "06", "location_quotient_all") == pytest.approx(
        (50 / 90) / (90 / 390)
    )
    said = {message.key: message.params for message in result.messages}
    assert said["advantage.activity_missing"] == {"count": 1, "of": 20}


def test_an_industry_nobody_has():
    belt = make_belt()
    belt.activity.loc[{"industry": "13", "variable": "output"}] = 0.0
    result = _run(belt)
    assert math.isnan(_cell(result, "01", "13", "location_quotient_all"))
    assert _cell(result, "01", "13", "share_region") == 0
    assert math.isnan(_cell(result, "01", "13", "share_reference"))


def test_a_reach_without_manufacturing_is_not_tested():
    belt = make_belt()
    belt.activity.loc[{"region": "31", "industry": ["06", "13", "20"], "variable": "output"}] = 0.0
    result = _run(belt)
    assert set(result.frame("reach_factor")["reach"]) == {"lower"}
    said = {message.key: message.params for message in result.messages}
    assert said["advantage.reaches_not_tested"]["count"] == 3


def test_industries_and_sectors_without_a_partner():
    table = national_table()
    table.sectors.loc["m", "industry"] = "99"
    result = _run(make_belt(national={"2017_six": table}))
    frame = result.frame("factor_intensity").set_index("industry")
    assert frame.loc["13", ["labour", "capital", "technology"]].isna().all()
    assert frame.at["13", "strongest"] == ""
    said = {message.key: message.params for message in result.messages}
    assert said["advantage.industries_without_sector"]["industries"] == "13"
    assert said["advantage.sectors_without_industry"]["sectors"] == "m"


def test_a_sector_that_makes_nothing():
    table = national_table()
    output = table.output.copy()
    output.loc[{"sector": "a"}] = 0.0
    parts = table.value_added.copy()
    parts.loc[{"sector": "a"}] = 0.0
    belt = make_belt(national={"2017_six": replace(table, output=output, value_added=parts)})
    frame = _run(belt).frame("factor_intensity").set_index("industry")
    assert frame.loc["01", ["labour", "capital", "technology"]].isna().all()
    assert frame.at["20", "technology"] == pytest.approx(0.515 / 3)


def test_activity_that_cannot_be_used():
    with pytest.raises(InputError) as caught:
        _run(base_year=1999, activity="jobs")
    assert {issue.code for issue in caught.value.issues} == {
        "advantage_no_year",
        "advantage_no_variable",
    }
    empty = make_belt()
    empty.activity.loc[{"variable": "output"}] = 0.0
    with pytest.raises(InputError, match="unknown or zero for every"):
        _run(empty)
    below = make_belt()
    below.activity.loc[{"region": "08", "industry": "20", "variable": "output"}] = -1.0
    with pytest.raises(InputError, match="negative in 08 × 20"):
        _run(below)


def test_a_national_table_that_cannot_be_used():
    with pytest.raises(InputError, match="no national table 2017_42"):
        _run(section=SECTION.model_copy(update={"national_table": "2017_42"}))
    with pytest.raises(InputError, match="no sector or class 35, 36"):
        _run(section=SECTION.model_copy(update={"technology_sectors": ("31", "35", "36")}))
    table = national_table()
    less = replace(table, value_added=table.value_added.sel(variable=["compensation"]))
    with pytest.raises(InputError, match="depreciation, operating_surplus"):
        _run(make_belt(national={"2017_six": less}))
    unknown = replace(table, intermediate=table.intermediate.copy())
    unknown.intermediate.loc[{"sector_from": "s", "sector_to": "f"}] = NAN
    with pytest.raises(InputError, match="cannot be solved"):
        _run(make_belt(national={"2017_six": unknown}))


def test_no_value_added():
    belt = make_belt()
    result = _run(replace(belt, activity=belt.activity.sel(variable=["output"])))
    assert result.frame("advantage")["excess_value_added"].isna().all()
    assert "advantage.no_value_added" in {message.key for message in result.messages}
    assert _cell(result, "01", "20", "location_quotient_all") == pytest.approx(2.4)


def test_one_region():
    belt = make_belt()
    alone = replace(belt, regions=belt.regions.iloc[[0]])
    result = _run(alone)
    quotient = result.frame("advantage")["location_quotient_all"]
    assert quotient.dropna().tolist() == pytest.approx([1.0] * 4)
    assert "factor_abundance" in result.tables
    assert result.frame("advantage")["fit"].isna().all()


def test_labour_and_capital_and_tax_make_value_added():
    frame = _run().frame("factor_intensity").set_index("industry")
    assert frame.at["06", "labour"] + frame.at["06", "capital"] == pytest.approx(1 - 10 / 90)
    assert len(SECTORS) == 6
    assert not np.isnan(frame.loc["20", "labour"])
