"""Analysis of an inter-regional model against explicit inverses and the identities of accounts."""

import numpy as np
import pytest

from clusterbelt.measures.interregional import identity_gaps
from clusterbelt.measures.interregional_analysis import (
    ABROAD,
    REST,
    Groups,
    extraction_frame,
    linkage_frame,
    multiplier_frame,
    reach_effect_frame,
    value_added_frame,
    value_added_group_frame,
)
from clusterbelt.measures.interregional_change import (
    FACTORS,
    change_frame,
    decompose_output_change,
)
from clusterbelt.measures.interregional_model import (
    build_interregional_model,
    final_demand_by_buyer,
    model_gaps,
)
from measures.interregional_case import make_table

GROUPS = Groups(("a", "b", "c"), {"a": "east", "b": "east", "c": "west", "d": REST})


@pytest.fixture(scope="module")
def model():
    return build_interregional_model(make_table())


@pytest.fixture(scope="module")
def inverse(model):
    return np.linalg.inv(np.eye(12) - model.matrix)


def test_the_case_is_sound(model):
    assert max(identity_gaps(model.table).values()) < 1e-12
    assert max(model_gaps(model).values()) < 1e-12


def test_multipliers(model, inverse):
    co2 = np.random.default_rng(1).random((4, 3)) * model.table.output
    frame = multiplier_frame(model, GROUPS, {"co2": co2})
    np.testing.assert_allclose(frame["output"], inverse.sum(axis=0)[:9])
    assert frame["output_own"].iloc[4] == pytest.approx(inverse[3:6, 4].sum())
    assert frame["output_belt"].iloc[4] == pytest.approx(inverse[:9, 4].sum())
    # Every yuan of final demand ends as value added or as imported inputs.
    np.testing.assert_allclose(frame["value_added"] + frame["imports"], 1.0, rtol=1e-12)
    expected = (co2 / model.table.output).ravel() @ inverse
    np.testing.assert_allclose(frame["co2"], expected[:9])


def test_an_idle_sector_has_no_multiplier():
    table = make_table()
    for part in (table.output, table.exports, table.discrepancy):
        part[0, 0] = 0.0
    table.value_added[0, :, 0] = 0.0
    table.use_intermediate[0, :, 0] = 0.0
    frame = multiplier_frame(build_interregional_model(table), GROUPS, {})
    assert frame.iloc[0][["output", "value_added", "imports"]].isna().all()
    assert frame.iloc[1:]["output"].notna().all()


def test_linkages(model, inverse):
    frame = linkage_frame(model, GROUPS)
    x = model.table.output.ravel()
    ghosh = np.linalg.inv(np.eye(12) - model.matrix * x / x[:, None])
    np.testing.assert_allclose(frame["backward"], inverse.sum(axis=0)[:9])
    np.testing.assert_allclose(frame["forward"], ghosh.sum(axis=1)[:9])
    np.testing.assert_allclose(
        frame["dispersion"], (inverse.sum(axis=0) / inverse.sum(axis=0).mean())[:9]
    )
    np.testing.assert_allclose(frame["direct_backward"], model.matrix.sum(axis=0)[:9])
    assert (frame["key"] == ((frame["dispersion"] > 1) & (frame["forward_normalised"] > 1))).all()


def test_value_added_serves_all_final_demand(model, inverse):
    frame = value_added_frame(model, GROUPS)
    added = model.table.value_added.sum(axis=(1, 2))
    sums = frame.groupby("region_from")["value_added"].sum()
    np.testing.assert_allclose(sums, added[:3], rtol=1e-12)
    np.testing.assert_allclose(frame.groupby("region_from")["share"].sum(), 1.0)
    v = (model.table.value_added.sum(axis=1) / model.table.output).ravel()
    expected = (v[:, None] * (inverse @ final_demand_by_buyer(model)))[3:6].sum(axis=0)
    b = frame[frame["region_from"] == "b"].set_index("consumer")["value_added"]
    assert b["a"] == pytest.approx(expected[0])
    assert b[REST] == pytest.approx(expected[3])
    assert b[ABROAD] == pytest.approx(expected[4])


def test_groups_add_up_and_balances_mirror(model):
    frame = value_added_group_frame(model, GROUPS).set_index(["group_from", "group_to"])
    added = model.table.value_added.sum(axis=(1, 2))
    sums = frame["value_added"].groupby("group_from").sum()
    assert sums["east"] == pytest.approx(added[:2].sum())
    assert sums.sum() == pytest.approx(added.sum())
    assert frame.loc[("east", REST), "balance"] == pytest.approx(
        -frame.loc[(REST, "east"), "balance"]
    )
    assert np.isnan(frame.loc[("east", ABROAD), "balance"])


def test_extraction_is_the_economy_without(model):
    frame = extraction_frame(model, GROUPS, ["20"]).set_index(["kind", "subject"])
    x = model.table.output.ravel()
    y = final_demand_by_buyer(model).sum(axis=1)
    keep = np.r_[0:3, 6:12]
    without = np.linalg.solve(np.eye(9) - model.matrix[np.ix_(keep, keep)], y[keep])
    lost = x[keep] - without
    row = frame.loc[("region", "b")]
    assert row["output"] == pytest.approx(x[3:6].sum())
    assert row["output_lost_belt"] == pytest.approx(lost[:6].sum())
    assert row["output_lost_rest"] == pytest.approx(lost[6:].sum())
    industry = frame.loc[("industry", "20")]
    assert industry["output"] == pytest.approx(x[[1, 4, 7]].sum())
    assert industry["output_lost_rest"] > 0


def test_effects_of_reaches_make_all_output(model):
    frame = reach_effect_frame(model, GROUPS)
    assert frame["output"].sum() == pytest.approx(model.table.output.sum())
    assert (frame.loc[frame["effect"] == "feedback", "output"] > 0).all()
    assert set(frame["group"]) == {"east", "west", REST}


def test_decomposition_adds_up_in_every_cell(model):
    later = build_interregional_model(make_table(seed=8))
    parts = decompose_output_change(model, later)
    np.testing.assert_allclose(
        sum(parts.values()), later.table.output - model.table.output, rtol=1e-9, atol=1e-9
    )
    same = decompose_output_change(model, model)
    assert max(np.abs(part).max() for part in same.values()) < 1e-9
    frame = change_frame(model, later, ["c", "a"])
    change = frame["output_to"] - frame["output_from"]
    np.testing.assert_allclose(frame[list(FACTORS)].sum(axis=1), change, rtol=1e-9, atol=1e-9)
    other = build_interregional_model(make_table(regions=("a", "b"), seed=1))
    with pytest.raises(ValueError, match="same regions"):
        decompose_output_change(model, other)
