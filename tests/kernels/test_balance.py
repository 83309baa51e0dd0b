"""GRAS against RAS, its own laws and impossible totals."""

import numpy as np
import pytest

from clusterbelt.kernels.balance import gras
from clusterbelt.kernels.input_output import ras


def test_without_negatives_it_is_ras():
    rng = np.random.default_rng(1)
    prior, target = rng.random((5, 4)) + 0.1, rng.random((5, 4))
    rows, columns = target.sum(1), target.sum(0)
    np.testing.assert_allclose(gras(prior, rows, columns, 1e-12), ras(prior, rows, columns, 1e-12))


def test_signs_zeros_and_totals_are_kept():
    prior = np.array([[7.0, 3.0, 5.0, -3.0], [2.0, 9.0, 8.0, 1.0], [-2.0, 0.0, 2.0, 1.0]])
    rows, columns = np.array([15.0, 26.0, -1.0]), np.array([9.0, 16.0, 17.0, -2.0])
    found = gras(prior, rows, columns)
    np.testing.assert_allclose(found.sum(1), rows, atol=1e-6)
    np.testing.assert_allclose(found.sum(0), columns, atol=1e-6)
    assert (np.sign(found) == np.sign(prior)).all()
    np.testing.assert_allclose(gras(prior * 10, rows, columns).sum(0), columns, atol=1e-6)


def test_balanced_prior_stays():
    prior = np.array([[3.0, -1.0], [2.0, 4.0]])
    np.testing.assert_allclose(gras(prior, prior.sum(1), prior.sum(0)), prior)


def test_impossible_and_unequal_totals_are_named():
    with pytest.raises(ValueError, match=r"row \[0\]"):
        gras([[0.0, 0.0], [1.0, 1.0]], [1.0, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="totals differ"):
        gras([[1.0]], [1.0], [2.0])
    with pytest.raises(ArithmeticError, match="row"):
        gras([[1.0, 0.0], [1.0, 1.0]], [2.0, 1.0], [1.0, 2.0], max_iterations=50)
