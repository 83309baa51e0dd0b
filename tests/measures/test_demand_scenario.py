"""The scenario on the inter-regional model: explicit inverses, limits, and laws of the gains."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from clusterbelt.config.demand import DemandAdjustment, DemandSection
from clusterbelt.measures.demand_scenario import (
    ScenarioSetting,
    attainable_demand,
    draw_attainable,
    gain_shares,
)
from clusterbelt.measures.interregional_model import build_interregional_model
from measures.interregional_case import make_table

BELT = np.array([True, True, False, False])
GOODS = np.array([True, True, False])
NAMES = ("consumption", "investment", "inventory_change", "exports")


@pytest.fixture(scope="module")
def model():
    return build_interregional_model(make_table())


def _setting(model, index=None, growth=None, **changes):
    given = {"years": (2020, 2025), "import_substitution": 0.2, "market_gain": 0.1} | changes
    growth = growth or dict.fromkeys(NAMES, np.ones(2))
    return ScenarioSetting(
        section=DemandSection(**given),
        base_year=2017,
        growth=growth,
        index=np.ones((3, 2)) if index is None else index,
        measured=np.array([3.0, 8.0]),
        belt=BELT,
        goods=GOODS,
    )


def _inverse_output(model, shares, use, rest, inputs=None):
    inputs = model.coefficients if inputs is None else inputs
    matrix = np.einsum("irs,sij->risj", shares, inputs).reshape(12, 12)
    demand = np.einsum("irs,si->ri", shares, use) + rest
    return np.linalg.solve(np.eye(12) - matrix, demand.ravel()).reshape(4, 3)


# --- gains


def test_gains_move_what_they_say(model):
    shares, output = model.shares, model.table.output
    gained, moved = gain_shares(shares, output, BELT, GOODS, 0.2, 0.1)
    missing = 1.0 - shares.sum(axis=1)
    np.testing.assert_allclose(
        1.0 - gained.sum(axis=1), missing * np.where(GOODS, 0.8, 1.0)[:, None]
    )
    # A market changes hands; nothing is added to it.
    np.testing.assert_allclose(moved.sum(axis=1), gained.sum(axis=1))
    np.testing.assert_allclose(moved[:2, ~BELT], 0.9 * gained[:2, ~BELT])
    np.testing.assert_array_equal(moved[2], shares[2])
    # Sellers of the belt share the gain as they share the market.
    np.testing.assert_allclose(
        moved[0, 0] / moved[0, :2].sum(axis=0), gained[0, 0] / gained[0, :2].sum(axis=0)
    )


def test_where_the_belt_does_not_sell_output_decides(model):
    shares = model.shares.copy()
    shares[0, :2, 3] = 0.0
    output = model.table.output
    _, moved = gain_shares(shares, output, BELT, GOODS, 0.0, 0.1)
    won = moved[0, :2, 3]
    np.testing.assert_allclose(won / won.sum(), output[:2, 0] / output[:2, 0].sum())
    idle = output.copy()
    idle[:2, 0] = 0.0
    shares[0, :2] = 0.0
    _, still = gain_shares(shares, idle, BELT, GOODS, 0.0, 0.1)
    np.testing.assert_array_equal(still[0], shares[0])


# --- output


def test_no_growth_and_no_gain_is_the_base_year(model):
    found = attainable_demand(model, _setting(model, import_substitution=0.0, market_gain=0.0))
    for year in range(2):
        np.testing.assert_allclose(found.baseline[:, :, year], model.table.output, rtol=1e-9)
    assert np.abs(found.from_imports).max() < 1e-6
    assert np.abs(found.ceiling[:2]).max() < 1e-6
    assert np.isnan(found.ceiling[2:]).all()
    np.testing.assert_allclose(sum(found.by_category.values()), model.table.output, rtol=1e-12)


def test_industries_follow_the_national_index(model):
    index = np.array([[1.1, 1.5], [0.9, 0.8], [1.0, 1.3]])
    growth = dict(zip(NAMES, np.array([[1.2, 1.4], [1.0, 2.0], [1, 1], [1.5, 1.6]]), strict=True))
    found = attainable_demand(model, _setting(model, index=index, growth=growth))
    made = found.baseline.sum(axis=0) / model.table.output.sum(axis=0)[:, None]
    np.testing.assert_allclose(made, index, rtol=1e-9)
    # Regions differ: they do not sell to the same categories.
    assert np.ptp(found.baseline[:, 0, 1] / model.table.output[:, 0]) > 0.01


def test_gains_equal_the_explicit_inverse(model):
    table = model.table
    found = attainable_demand(model, _setting(model))
    use, rest = table.use_final.sum(axis=2), table.exports + table.discrepancy
    gained, moved = gain_shares(model.shares, table.output, BELT, GOODS, 0.2, 0.1)
    made = [_inverse_output(model, one, use, rest) for one in (model.shares, gained, moved)]
    np.testing.assert_allclose(found.from_imports[:, :, 1], made[1] - made[0], atol=1e-7)
    np.testing.assert_allclose(found.from_market[:, :, 1], made[2] - made[1], atol=1e-7)
    gains = (made[2] - made[0])[BELT].sum(axis=0)
    np.testing.assert_allclose(found.belt_ceiling[:, 1], gains, atol=1e-7)
    # Three of eight years: three eighths of the shares.
    assert found.from_imports[0, 0, 0] == pytest.approx(
        found.from_imports[0, 0, 1] * 3 / 8, rel=0.1
    )


def test_adjustments_come_on_top(model):
    lines = (
        DemandAdjustment(region="a", category="consumption", rate=0.02),
        DemandAdjustment(industry="20", rate=0.01),
    )
    found = attainable_demand(model, _setting(model, adjustments=lines))
    table = model.table
    rates = np.zeros((4, 3, 3))
    rates[0, :, 0] += 0.02
    rates[:, 1, :2] += 0.01
    use = (table.use_final * (1 + rates) ** 8).sum(axis=2)
    exports = table.exports * np.array([1.0, 1.01**8, 1.0])
    expected = _inverse_output(model, model.shares, use, exports + table.discrepancy)
    np.testing.assert_allclose(found.baseline[:, :, 1], expected, rtol=1e-9)


def test_technology_changes_inputs(model):
    found = attainable_demand(model, _setting(model, technology_change={"10": -0.03}))
    table = model.table
    inputs = model.coefficients * np.array([0.97**8, 1.0, 1.0])[:, None]
    rest = table.exports + table.discrepancy
    expected = _inverse_output(model, model.shares, table.use_final.sum(axis=2), rest, inputs)
    np.testing.assert_allclose(found.baseline[:, :, 1], expected, rtol=1e-9)
    assert (found.baseline[:, 0, 1] < table.output[:, 0]).all()


# --- ceilings of regions


def test_with_present_parts_the_ceilings_add_up_to_the_belts(model):
    found = attainable_demand(model, _setting(model, concentration=1.0))
    assert (found.ceiling[BELT][:, :2] > 0).all()
    np.testing.assert_allclose(
        found.ceiling[BELT][:, :2].sum(axis=0), found.belt_ceiling[:2], rtol=1e-6
    )


def test_concentration_widens_up_to_the_belts_ceiling(model):
    ceilings = [
        attainable_demand(model, _setting(model, concentration=one)).ceiling[BELT][:, :2]
        for one in (1.0, 1.5, 3.0, 1e6)
    ]
    for narrow, wide in pairwise(ceilings):
        assert (wide >= narrow - 1e-9).all()
    belt = attainable_demand(model, _setting(model)).belt_ceiling[:2]
    assert (ceilings[-1] <= belt + 1e-9).all()


# --- draws


def test_draws_without_spread_are_the_result(model):
    setting = _setting(model, growth_error=0.0, spread=0.0, draws=3)
    found = attainable_demand(model, setting)
    drawn = draw_attainable(found, setting, np.random.default_rng(1))
    for end in ("low", "high"):
        np.testing.assert_allclose(drawn[f"baseline_{end}"], found.baseline[BELT], rtol=1e-9)
        np.testing.assert_allclose(drawn[f"ceiling_{end}"], found.ceiling[BELT], rtol=1e-6)


def test_draws_hold_the_middle_and_repeat(model):
    setting = _setting(model, draws=60)
    found = attainable_demand(model, setting)
    first, again = (draw_attainable(found, setting, np.random.default_rng(7)) for _ in range(2))
    for name in ("baseline", "ceiling", "attainable"):
        assert (first[f"{name}_low"] <= first[f"{name}_high"]).all()
        np.testing.assert_array_equal(first[f"{name}_low"], again[f"{name}_low"])
    middle = found.baseline[BELT]
    assert (first["baseline_low"] < middle).all()
    assert (middle < first["baseline_high"]).all()
    # A measured year has no error of growth.
    known = replace(setting, measured=np.array([0.0, 5.0]))
    drawn = draw_attainable(found, known, np.random.default_rng(7))
    np.testing.assert_allclose(
        drawn["baseline_low"][:, :, 0], drawn["baseline_high"][:, :, 0], rtol=1e-9
    )
