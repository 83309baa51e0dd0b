"""Input-output kernels against printed examples, hand sums and their own laws."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.input_output import (
    competitive_import_output,
    leontief_solve,
    multipliers,
    ras,
    technical_coefficients,
)

GOLDEN = Path(__file__).parents[1] / "golden"


def _golden(name):
    return tomllib.loads((GOLDEN / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def germany():
    return _golden("germany_1995")


@pytest.fixture(scope="module")
def miller_blair():
    return _golden("miller_blair")


# --- printed examples


def test_miller_blair_coefficients_and_inverse(miller_blair):
    a = technical_coefficients(miller_blair["intermediate"], miller_blair["output"])
    np.testing.assert_allclose(a, miller_blair["printed_coefficients"], rtol=1e-12)
    inverse = leontief_solve(a, np.eye(2))
    np.testing.assert_array_equal(
        inverse.round(miller_blair["decimals"]), miller_blair["printed_inverse"]
    )


def test_miller_blair_final_demand_gives_back_output(miller_blair):
    a = technical_coefficients(miller_blair["intermediate"], miller_blair["output"])
    demand = np.array(miller_blair["output"]) - np.sum(miller_blair["intermediate"], axis=1)
    np.testing.assert_allclose(leontief_solve(a, demand), miller_blair["output"], rtol=1e-12)


def test_germany_multipliers(germany):
    output = np.array(germany["output"], dtype=float)
    a = technical_coefficients(germany["intermediate"], output)
    decimals = germany["printed"]["decimals"]
    np.testing.assert_array_equal(multipliers(a).round(decimals), germany["printed"]["backward"])
    value_added = multipliers(a, np.array(germany["value_added"]) / output)
    np.testing.assert_array_equal(value_added.round(decimals), germany["printed"]["value_added"])


def test_germany_every_euro_of_demand_is_value_added_imports_or_tax(germany):
    output = np.array(germany["output"], dtype=float)
    a = technical_coefficients(germany["intermediate"], output)
    parts = np.array([germany[key] for key in ("value_added", "imports", "net_tax_products")])
    sums = multipliers(a, (parts / output).T).sum(axis=1)
    np.testing.assert_allclose(sums, 1.0, atol=1e-12)


def test_germany_final_use_gives_back_output(germany):
    a = technical_coefficients(germany["intermediate"], germany["output"])
    demand = np.array(list(germany["final_use"].values())).sum(axis=0)
    np.testing.assert_allclose(leontief_solve(a, demand), germany["output"], rtol=1e-12)


# --- coefficients


def test_idle_sector_has_a_zero_column():
    a = technical_coefficients([[1.0, 0.0], [1.0, 0.0]], [4.0, 0.0])
    assert a.tolist() == [[0.25, 0.0], [0.25, 0.0]]


def test_inputs_without_output_are_refused_and_named():
    with pytest.raises(ValueError, match="without output have inputs: 1"):
        technical_coefficients([[1.0, 2.0], [1.0, 0.0]], [4.0, 0.0])


def test_unknown_flow_stays_unknown_in_its_cell():
    a = technical_coefficients([[np.nan, 1.0], [1.0, 1.0]], [2.0, 4.0])
    assert np.isnan(a).tolist() == [[True, False], [False, False]]


def test_coefficients_of_a_stack_are_those_of_each():
    z = np.arange(8.0).reshape(2, 2, 2)
    x = np.array([[10.0, 20.0], [30.0, 40.0]])
    stacked = technical_coefficients(z, x)
    for one in range(2):
        np.testing.assert_array_equal(stacked[one], technical_coefficients(z[one], x[one]))


@pytest.mark.parametrize(("z", "x"), [(np.ones((2, 3)), [1, 2]), (np.ones((2, 2)), [1, 2, 3])])
def test_coefficients_refuse_shapes_that_do_not_fit(z, x):
    with pytest.raises(ValueError, match="shapes do not fit"):
        technical_coefficients(z, x)


# --- the Leontief system


def test_singular_system_is_refused():
    with pytest.raises(ValueError, match="singular"):
        leontief_solve([[1.0]], [1.0])
    with pytest.raises(ValueError, match="singular"):
        leontief_solve(scipy.sparse.csc_array([[1.0]]), [1.0])


def test_economy_that_uses_more_than_it_makes_is_refused():
    with pytest.raises(ValueError, match=r"Hawkins-Simon.*sectors 0"):
        leontief_solve([[1.5, 0.0], [0.0, 0.1]], [1.0, 1.0])


def test_negative_demand_is_allowed():
    np.testing.assert_allclose(leontief_solve([[0.5]], [-1.0]), [-2.0])


@pytest.mark.parametrize(
    ("a", "y", "message"),
    [
        ([[np.nan]], [1.0], "coefficients.*not finite"),
        ([[0.5]], [np.nan], "right-hand side.*not finite"),
        ([[0.5]], [1.0, 2.0], "shapes do not fit"),
        ([[0.5, 0.1]], [1.0], "must be square"),
    ],
)
def test_solve_refuses_what_has_no_answer(a, y, message):
    with pytest.raises(ValueError, match=message):
        leontief_solve(a, y)


def _productive(size):
    """A >= 0 whose columns add to less than one."""
    cells = arrays(np.float64, (size, size), elements=st.floats(0, 1))
    return cells.map(lambda one: 0.9 * one / max(1.0, one.sum(axis=0).max()))


matrices = st.integers(1, 6).flatmap(
    lambda size: st.tuples(_productive(size), arrays(np.float64, size, elements=st.floats(0, 1e6)))
)


@given(matrices)
def test_solve_is_the_explicit_inverse_and_keeps_the_identity(drawn):
    a, y = drawn
    x = leontief_solve(a, y)
    tolerance = 1e-9 * max(1.0, y.max())
    np.testing.assert_allclose(x, np.linalg.inv(np.eye(len(y)) - a) @ y, atol=tolerance)
    np.testing.assert_allclose(x, a @ x + y, atol=tolerance)


@given(matrices)
def test_sparse_and_dense_agree(drawn):
    a, y = drawn
    sparse = scipy.sparse.csr_array(a)
    tolerance = 1e-9 * max(1.0, y.max())
    np.testing.assert_allclose(leontief_solve(sparse, y), leontief_solve(a, y), atol=tolerance)
    np.testing.assert_allclose(multipliers(sparse), multipliers(a), rtol=1e-9)


@given(matrices)
def test_multipliers_are_at_least_one_and_dual_to_output(drawn):
    a, y = drawn
    m = multipliers(a)
    assert (m >= 1 - 1e-12).all()
    # Two roads: demand times multipliers is the sum of all output.
    np.testing.assert_allclose(m @ y, leontief_solve(a, y).sum(), rtol=1e-9, atol=1e-9)


def test_sparse_coefficients_agree_with_dense():
    z = np.array([[150.0, 500.0], [0.0, 100.0]])
    x = [1000.0, 2000.0]
    sparse = technical_coefficients(scipy.sparse.csr_array(z), x)
    np.testing.assert_allclose(sparse.toarray(), technical_coefficients(z, x))
    with pytest.raises(ValueError, match="without output"):
        technical_coefficients(scipy.sparse.csr_array(z), [0.0, 2000.0])


def test_many_demands_at_once_equal_one_at_a_time():
    a = np.array([[0.1, 0.3], [0.2, 0.1]])
    y = np.array([[1.0, 0.0, 5.0], [0.0, 2.0, 7.0]])
    together = leontief_solve(a, y)
    for one in range(3):
        np.testing.assert_allclose(together[:, one], leontief_solve(a, y[:, one]))


# --- competitive imports


def test_competitive_imports_by_hand():
    # x = 0.8 (0.5 x + 10) + 4  ->  0.6 x = 12
    assert competitive_import_output([[0.5]], [0.2], [10.0], [4.0]) == pytest.approx([20.0])


@given(matrices, st.data())
def test_competitive_imports_close_the_account(drawn, data):
    a, demand = drawn
    size = len(demand)
    share = data.draw(arrays(np.float64, size, elements=st.floats(0, 1)))
    exports = data.draw(arrays(np.float64, size, elements=st.floats(0, 1e6)))
    x = competitive_import_output(a, share, demand, exports)
    domestic_use = a @ x + demand
    imports = share * domestic_use
    scale = max(1.0, demand.max(), exports.max())
    np.testing.assert_allclose(x + imports, domestic_use + exports, atol=1e-9 * scale)
    sparse = competitive_import_output(scipy.sparse.csr_array(a), share, demand, exports)
    np.testing.assert_allclose(sparse, x, atol=1e-9 * scale)


def test_import_share_above_one_is_refused():
    with pytest.raises(ValueError, match="above 1: sectors 1"):
        competitive_import_output(np.zeros((2, 2)), [0.5, 1.2], [1.0, 1.0], [0.0, 0.0])


# --- RAS


def test_ras_by_hand():
    found = ras([[1.0, 1.0], [1.0, 1.0]], [3.0, 1.0], [2.0, 2.0])
    np.testing.assert_allclose(found, [[1.5, 1.5], [0.5, 0.5]])


margins = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(
        arrays(np.float64, shape, elements=st.floats(0.1, 10)),
        arrays(np.float64, shape, elements=st.floats(0.1, 10)),
        arrays(np.bool_, shape),
    )
)


@given(margins, st.floats(1e-6, 1e6))
def test_ras_meets_totals_keeps_zeros_and_follows_scale(drawn, factor):
    prior, target, zero = drawn
    # The target has its zeros where the prior has them, so that the totals can be met.
    prior, target = np.where(zero, 0.0, prior), np.where(zero, 0.0, target)
    rows, columns = target.sum(axis=1), target.sum(axis=0)
    found = ras(prior, rows, columns)
    largest = max(rows.max(), columns.max(), 1e-300)
    np.testing.assert_allclose(found.sum(axis=1), rows, atol=2e-10 * largest)
    np.testing.assert_allclose(found.sum(axis=0), columns, atol=2e-10 * largest)
    assert (found[zero] == 0).all()
    np.testing.assert_allclose(ras(prior * factor, rows, columns), found, rtol=1e-9)
    scaled = ras(prior, rows * factor, columns * factor)
    np.testing.assert_allclose(scaled, found * factor, rtol=1e-6)


@given(margins)
def test_ras_keeps_cross_ratios(drawn):
    prior, target, _ = drawn
    found = ras(prior, target.sum(axis=1), target.sum(axis=0))
    ratio = found / prior
    # Biproportional: the factor of a cell is a row factor times a column factor.
    np.testing.assert_allclose(ratio * ratio[0, 0], np.outer(ratio[:, 0], ratio[0]), rtol=1e-6)


def test_ras_leaves_a_balanced_matrix_alone():
    prior = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(ras(prior, [3.0, 7.0], [4.0, 6.0]), prior, rtol=1e-12)


def test_ras_of_nothing_is_nothing():
    assert ras([[0.0, 1.0]], [0.0], [0.0, 0.0]).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(
    ("prior", "rows", "columns", "message"),
    [
        ([[0, 0], [1, 1]], [1, 1], [1, 1], "rows without entries have positive totals: 0"),
        ([[0, 1], [0, 1]], [1, 1], [1, 1], "columns without entries have positive totals: 0"),
        ([[1, 1], [1, 1]], [1, 1], [1, 2], "row totals add to 2, column totals to 3"),
        ([[1, -1], [1, 1]], [1, 1], [1, 1], "prior must not be negative"),
        ([[1, np.nan], [1, 1]], [1, 1], [1, 1], "prior: values that are not finite in rows 0"),
        ([[1, 1], [1, 1]], [1, -1], [0, 0], "row totals must not be negative"),
        ([[1, 1]], [1, 1], [1, 1], "shapes do not fit"),
    ],
)
def test_ras_refuses(prior, rows, columns, message):
    with pytest.raises(ValueError, match=message):
        ras(np.array(prior, dtype=float), rows, columns)


def test_ras_that_cannot_converge_says_how_far_it_is():
    # Row 0 can only fill column 0, which wants less than row 0 has.
    with pytest.raises(ArithmeticError, match=r"50 rounds.*gap is 0\.5"):
        ras([[1.0, 0.0], [1.0, 1.0]], [2.0, 1.0], [1.0, 2.0], max_iterations=50)
