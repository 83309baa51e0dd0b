"""Inter-regional systems against explicit inverses, published tables and their own laws."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterbelt.kernels import (
    extraction_loss,
    factorise_leontief,
    forward_linkages,
    ghosh_row_sums,
    group_effects,
    hypothetical_extraction,
    interregional_matrix,
    interregional_multipliers,
    interregional_solve,
    solve_leontief,
)

GOLDEN = Path(__file__).parents[1] / "golden"


def _economy(regions, industries, seed, self_reliance=0.6):
    """Random shares (columns add to less than one: the rest is imported) and coefficients."""
    rng = np.random.default_rng(seed)
    shares = rng.random((industries, regions, regions))
    shares *= rng.random(shares.shape) < 0.7
    shares[:, np.arange(regions), np.arange(regions)] += regions * self_reliance
    shares *= rng.uniform(0.7, 1.0, (industries, 1, regions)) / shares.sum(1, keepdims=True)
    coefficients = rng.random((regions, industries, industries))
    coefficients *= rng.uniform(0.3, 0.8, (regions, 1, industries)) / coefficients.sum(
        1, keepdims=True
    )
    return shares, coefficients


def _inverse(shares, coefficients):
    matrix = interregional_matrix(shares, coefficients)
    return np.linalg.inv(np.eye(len(matrix)) - matrix)


def test_matrix_by_hand():
    shares = np.array([[[0.5, 0.2], [0.25, 0.7]]])
    coefficients = np.array([[[0.4]], [[0.1]]])
    expected = [[0.2, 0.02], [0.1, 0.07]]
    np.testing.assert_allclose(interregional_matrix(shares, coefficients), expected)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 10_000))
def test_multipliers_keep_their_bound(regions, industries, seed):
    shares, coefficients = _economy(regions, industries, seed)
    inverse = _inverse(shares, coefficients)
    v = np.random.default_rng(seed).normal(size=(regions, industries, 2))
    exact = (inverse.T @ v.reshape(-1, 2)).reshape(v.shape)
    for tolerance in (1e-2, 1e-6, 1e-12):
        found = interregional_multipliers(shares, coefficients, v, tolerance=tolerance)
        error = np.abs(found.values - exact).max(axis=(0, 1))
        assert (error <= found.bound + 1e-12).all()
        assert (found.bound <= tolerance * np.abs(found.values).max(axis=(0, 1)) * 1.5).all()
    ones = interregional_multipliers(shares, coefficients)
    np.testing.assert_allclose(ones.values.ravel(), inverse.sum(axis=0), rtol=1e-9)


def test_multipliers_do_not_care_for_units_or_order():
    shares, coefficients = _economy(4, 3, 5)
    v = np.random.default_rng(2).random((4, 3))
    base = interregional_multipliers(shares, coefficients, v).values
    scaled = interregional_multipliers(shares, coefficients, 1e9 * v).values
    np.testing.assert_allclose(scaled, 1e9 * base, rtol=1e-12)
    order = [2, 0, 3, 1]
    turned = interregional_multipliers(
        shares[:, order][:, :, order], coefficients[order], v[order]
    ).values
    np.testing.assert_allclose(turned, base[order], rtol=1e-9)


def test_multipliers_refuse_what_has_no_answer():
    shares, coefficients = _economy(2, 2, 1)
    with pytest.raises(ValueError, match="no convergence"):
        interregional_multipliers(shares, coefficients * 3, max_iterations=200)
    with pytest.raises(ValueError, match="zero or more"):
        interregional_multipliers(shares, -coefficients)
    with pytest.raises(ValueError, match="finite"):
        interregional_multipliers(shares, coefficients * np.nan)
    with pytest.raises(ValueError, match="shapes"):
        interregional_multipliers(shares[:1], coefficients)
    with pytest.raises(ValueError, match="per_output"):
        interregional_multipliers(shares, coefficients, np.ones((2, 3)))


def test_factors_solve_both_ways_and_agree_with_the_matrix_free_road():
    shares, coefficients = _economy(4, 3, 8)
    inverse = _inverse(shares, coefficients)
    factors = factorise_leontief(interregional_matrix(shares, coefficients))
    y = np.random.default_rng(1).random((12, 3))
    np.testing.assert_allclose(solve_leontief(factors, y), inverse @ y)
    np.testing.assert_allclose(solve_leontief(factors, y, transposed=True), inverse.T @ y)
    free = interregional_solve(shares, coefficients, y[:, 0].reshape(4, 3), tolerance=1e-13)
    np.testing.assert_allclose(free.ravel(), inverse @ y[:, 0])
    unknown = y.copy()
    unknown[0, 1] = np.nan
    answer = solve_leontief(factors, unknown)
    assert np.isnan(answer[:, 1]).any()
    np.testing.assert_allclose(answer[:, 0], inverse @ y[:, 0])
    with pytest.raises(ValueError, match="singular"):
        factorise_leontief(np.eye(2))
    with pytest.raises(ValueError, match="square"):
        factorise_leontief(np.ones((2, 3)))
    with pytest.raises(ValueError, match="finite"):
        factorise_leontief([[np.nan]])
    with pytest.raises(ValueError, match="fit"):
        solve_leontief(factors, [1.0])


def test_ghosh_rows_from_the_leontief_factors():
    shares, coefficients = _economy(3, 3, 4)
    matrix = interregional_matrix(shares, coefficients)
    x = _inverse(shares, coefficients) @ np.random.default_rng(3).random(9)
    allocation = matrix * x / x[:, None]
    rows = ghosh_row_sums(factorise_leontief(matrix), x)
    np.testing.assert_allclose(rows, forward_linkages(allocation, normalise=False))
    assert np.isnan(ghosh_row_sums(factorise_leontief(np.zeros((2, 2))), [1.0, 0.0])[1])


def test_extraction_equals_the_economy_without_the_sectors():
    shares, coefficients = _economy(4, 3, 11)
    matrix = interregional_matrix(shares, coefficients)
    y = np.random.default_rng(6).random(12)
    x = _inverse(shares, coefficients) @ y
    factors = factorise_leontief(matrix)
    for cut in ([3, 4, 5], [0, 3, 6, 9], list(range(12))):
        expected = hypothetical_extraction(matrix, y, cut)
        np.testing.assert_allclose(extraction_loss(factors, x, cut), expected, rtol=1e-9)


def test_effects_of_groups_add_up_to_all_output():
    shares, coefficients = _economy(5, 2, 7)
    matrix = interregional_matrix(shares, coefficients)
    y = np.random.default_rng(9).random(10)
    factors = factorise_leontief(matrix)
    groups = np.repeat([0, 1, 1, 2, 0], 2)
    effects = group_effects(matrix, factors, y, groups)
    x = solve_leontief(factors, y)
    total = effects.own.sum() + effects.feedback.sum() + effects.spillover.sum()
    assert total == pytest.approx(x.sum())
    assert (effects.feedback >= -1e-12).all()
    assert np.diag(effects.spillover).tolist() == [0, 0, 0]
    alone = group_effects(matrix, factors, y, np.zeros(10, int))
    assert alone.own[0] == pytest.approx(x.sum())
    assert alone.feedback[0] == pytest.approx(0.0, abs=1e-9)


# --- published tables


def test_germany_by_every_road():
    case = tomllib.loads((GOLDEN / "germany_1995.toml").read_text(encoding="utf-8"))
    output = np.array(case["output"], float)
    matrix = np.array(case["intermediate"], float) / output
    value_added = np.array(case["value_added"], float) / output
    printed = case["printed"]
    # One region that sells itself all it uses of domestic products.
    free = interregional_multipliers(
        np.ones((6, 1, 1)), matrix[None], np.stack([np.ones(6), value_added], axis=1)[None]
    ).values[0]
    factors = factorise_leontief(matrix)
    solved = solve_leontief(factors, np.stack([np.ones(6), value_added], axis=1), transposed=True)
    for found in (free, solved):
        np.testing.assert_allclose(found[:, 0], printed["backward"], atol=5.1e-5)
        np.testing.assert_allclose(found[:, 1], printed["value_added"], atol=5.1e-5)


def test_two_regions_of_the_textbook():
    case = tomllib.loads((GOLDEN / "miller_blair_regions.toml").read_text(encoding="utf-8"))
    flows, output = np.array(case["intermediate"], float), np.array(case["output"], float)
    matrix = flows / output
    np.testing.assert_allclose(matrix, case["printed_coefficients"], atol=5.1e-5)
    factors = factorise_leontief(matrix)
    inverse = solve_leontief(factors, np.eye(5))
    np.testing.assert_allclose(inverse, case["printed_inverse"], atol=case["tolerance"])
    made = solve_leontief(factors, case["new_demand"])
    np.testing.assert_allclose(made, case["printed_output"], atol=case["tolerance_output"])


def test_feedback_and_spillover_of_the_textbook():
    case = tomllib.loads((GOLDEN / "miller_blair_regions.toml").read_text(encoding="utf-8"))
    matrix = np.array(case["intermediate"], float) / np.array(case["output"], float)
    effects = group_effects(
        matrix, factorise_leontief(matrix), case["new_demand"], np.array([0, 0, 0, 1, 1])
    )
    alone = 100 * np.array(case["printed_inverse_alone"])[:, 0].sum()
    together = np.array(case["printed_output"])
    assert effects.own[0] == pytest.approx(alone, abs=0.015)
    assert effects.feedback[0] == pytest.approx(together[:3].sum() - alone, abs=0.03)
    assert effects.spillover[0].tolist() == pytest.approx([0, together[3:].sum()], abs=0.011)
    assert effects.own[1] == effects.feedback[1] == 0
