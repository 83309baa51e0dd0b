"""Linkages, extraction, value added in trade and decomposition against brute force."""

import numpy as np
import pytest

from clusterbelt.kernels import (
    backward_linkages,
    forward_linkages,
    hypothetical_extraction,
    interregional_solve,
    sensitivity_of_dispersion,
    structural_decomposition,
    value_added_in_trade,
)

Z = np.array([[150.0, 500.0], [200.0, 100.0]])
X = np.array([1000.0, 2000.0])
A = Z / X
INVERSE = np.array([[1.2541, 0.3300], [0.2640, 1.1221]])  # printed, Miller and Blair, chapter 2


def test_linkages_of_the_printed_example():
    assert backward_linkages(A, normalise=False) == pytest.approx(INVERSE.sum(0), abs=1e-4)
    assert sensitivity_of_dispersion(A, normalise=False) == pytest.approx(INVERSE.sum(1), abs=1e-4)
    ghosh = np.linalg.inv(np.eye(2) - Z / X[:, None])
    assert forward_linkages(Z / X[:, None], normalise=False) == pytest.approx(ghosh.sum(1))
    assert backward_linkages(A).mean() == pytest.approx(1.0)


def test_stacked_systems_and_nan():
    stacked = backward_linkages(np.stack([A, A * 0.5]))
    assert stacked[1] == pytest.approx(backward_linkages(A * 0.5))
    assert np.isnan(backward_linkages(A * np.nan)).all()


def test_extraction():
    y = X - Z.sum(1)
    lost = hypothetical_extraction(A, y, [0])
    assert lost == pytest.approx([1000.0, 2000.0 - 1700.0 / 0.95])
    assert hypothetical_extraction(A, y, [0], share=0.0) == pytest.approx([0.0, 0.0])
    with pytest.raises(ValueError, match="share"):
        hypothetical_extraction(A, y, [0], share=2.0)


def test_value_added_is_final_demand():
    y = np.array([[200.0, 150.0], [1000.0, 700.0]])
    parts = value_added_in_trade(A, 1 - A.sum(0), y)
    assert parts.sum(0) == pytest.approx(y.sum(0))
    assert parts.sum(1) == pytest.approx(X * (1 - A.sum(0)))


def test_decomposition_adds_up():
    rng = np.random.default_rng(1)
    a0, a1 = rng.random((2, 5, 5)) / 8
    y0, y1 = rng.random((2, 5))
    technology, demand = structural_decomposition((a0, y0), (a1, y1))
    change = np.linalg.solve(np.eye(5) - a1, y1) - np.linalg.solve(np.eye(5) - a0, y0)
    assert technology + demand == pytest.approx(change, rel=1e-12)


def test_matrix_free_solution_is_the_dense_one():
    rng = np.random.default_rng(2)
    regions, industries = 3, 4
    t = rng.random((industries, regions, regions))
    t /= t.sum(1, keepdims=True)
    a = rng.random((regions, industries, industries)) / 6
    y = rng.random((regions, industries))
    dense = np.einsum("irs,sij->risj", t, a).reshape(12, 12)
    expected = np.linalg.solve(np.eye(12) - dense, y.ravel()).reshape(3, 4)
    assert interregional_solve(t, a, y, 1e-13) == pytest.approx(expected, rel=1e-10)
    with pytest.raises(ValueError, match="convergence"):
        interregional_solve(t, a, y, max_iterations=2)
    with pytest.raises(ValueError, match="finite"):
        interregional_solve(t, a, y * np.nan)
