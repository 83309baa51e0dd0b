"""Further tables of the advantage stage, on the Yangtze data and on a small belt by hand."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from clusterbelt.config.scope import Scope
from clusterbelt.config.study import Study
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels.concentration import theil_t
from clusterbelt.measures.advantage_tables import advantage_tables
from clusterbelt.stages.advantage import run
from stages.evidence_belt import make_belt


@pytest.fixture(scope="module")
def yangtze():
    study = Study()
    belt = read_belt("yangtze", "io42")
    return belt, run(belt, {}, study.advantage, study.scope)


def _frame(extra, name):
    return next(table.frame for table in extra.tables if table.name == name)


def test_growth_adds_up_and_the_nation_gains_nothing_from_regions(yangtze):
    frame = yangtze[1].frame("shift_share")
    parts = frame[["national", "mix", "regional"]].sum(axis=1)
    known = frame["national"].notna()
    np.testing.assert_allclose(parts[known], frame["change"][known], rtol=1e-9, atol=1e-6)
    assert frame["regional"].sum() == pytest.approx(0, abs=1e-3)


def test_inequality_is_split_by_reach(yangtze):
    belt, result = yangtze
    frame = result.frame("inequality").set_index(["indicator", "index"])
    row = frame.loc[("gdp_per_head", "T")]
    values = belt.indicators.sel(year=2017, indicator="gdp_per_head", region=belt.belt_regions)
    assert row["total"] == pytest.approx(float(theil_t(values.values)))
    assert row["between"] + row["within"] == pytest.approx(row["total"])


def test_every_national_table_answers_the_claims(yangtze):
    belt, result = yangtze
    frame = result.frame("reach_factor_tables")
    assert set(frame["table"]) == set(belt.national)
    main = result.frame("reach_factor").set_index(["reach", "factor"])["difference"]
    same = frame[frame["table"] == "2017_42"].set_index(["reach", "factor"])["difference"]
    np.testing.assert_allclose(same, main.loc[same.index])
    answers = frame.groupby(["reach", "factor"])["verdict"].nunique()
    assert (answers == 1).all()  # the tables agree
    fine = result.frame("factor_intensity_fine")
    assert set(fine["table"]) == {"2020_153"}
    assert fine["technology"].notna().all()


def test_no_confidence_interval_on_money(yangtze):
    for table in yangtze[1].tables.values():
        assert not {"interval_low", "interval_high", "lower", "upper"} & set(table.frame.columns)


def test_complexity_says_how_little_it_rests_on(yangtze):
    _, result = yangtze
    said = {message.key: message.params for message in result.messages}
    params = said["advantage.complexity_power"]
    assert params["regions"] == 31
    assert 0 <= result.values["eci_stability_least"].value <= 1
    assert all(text("advantage.complexity_power", language, **params) for language in LANGUAGES)


def test_by_hand_on_a_small_belt():
    belt = make_belt()
    extra = advantage_tables(belt, Scope())
    structure = _frame(extra, "region_structure").set_index("region")
    assert structure.at["01", "hhi"] == pytest.approx(0.1**2 + 0.1**2 + 0.6**2 + 0.2**2)
    concentration = _frame(extra, "concentration").set_index("industry")
    # Electronics 60 10 0 30 of 100 in regions of equal size: (.35 + .15 + .25 + .05) / 2.
    assert concentration.at["20", "hoover"] == pytest.approx(0.4)
    shift = _frame(extra, "shift_share")
    assert shift["change"].abs().max() == 0  # both years are the same


def test_gradient_and_trade_with_their_parts():
    belt = make_belt()
    value = belt.activity.sel(variable="value_added")
    output = belt.activity.sel(variable="output")
    layers = {
        "compensation": value * 0.5, "depreciation": value * 0.1,
        "outflow": output * 0.2, "exports": output * 0.1,
    }  # fmt: skip
    more = [layer.assign_coords(variable=name) for name, layer in layers.items()]
    cube = xr.concat([belt.activity, *more], dim="variable").transpose(*belt.activity.dims)
    extra = advantage_tables(replace(belt, activity=cube), Scope())
    gradient = _frame(extra, "gradient").dropna()
    # Everybody equally productive: the coefficient is the quotient.
    np.testing.assert_allclose(gradient["gradient"], gradient["location_quotient"])
    trade = _frame(extra, "trade_advantage").set_index(["region", "industry"])
    # A: 60 of 70 of its manufacturing is electronics, of all 100 of 240.
    assert trade.at[("01", "20"), "rca"] == pytest.approx((60 / 70) / (100 / 240))


def test_what_is_lacking_is_said():
    extra = advantage_tables(make_belt(indicators=None), Scope(earlier_year=None))
    keys = {message.key for message in extra.messages}
    assert {"advantage.no_earlier_year", "advantage.no_gradient", "advantage.no_trade"} <= keys
    assert "inequality" not in {table.name for table in extra.tables}
