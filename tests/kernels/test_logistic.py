"""Ridge logistic regression: against a direct minimisation, numeric derivatives and draws."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from clusterbelt.kernels.logistic import fit_logistic_ridge, logistic_draws, predict_logistic


def sample(count=300, seed=3):
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=count), 5 + 20 * rng.normal(size=count)])
    y = (rng.random(count) < expit(-0.5 + x[:, 0] - 0.03 * x[:, 1])).astype(float)
    return x, y


@pytest.mark.parametrize("ridge", [0.0, 1.0, 30.0])
def test_is_the_minimum_of_the_penalised_loss(ridge):
    x, y = sample()
    z = (x - x.mean(axis=0)) / x.std(axis=0)

    def loss(c):
        linear = c[0] + z @ c[1:]
        return np.sum(np.logaddexp(0, linear) - y * linear) + ridge / 2 * np.sum(c[1:] ** 2)

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8}).x
    model = fit_logistic_ridge(x, y, ridge=ridge)
    expected = expit(best[0] + z @ best[1:])
    np.testing.assert_allclose(predict_logistic(model, x), expected, atol=1e-5)


def test_units_of_a_feature_do_not_matter():
    x, y = sample()
    groups = np.arange(y.size) % 30
    one = fit_logistic_ridge(x, y, groups=groups)
    other = fit_logistic_ridge(x * [1, 1000], y, groups=groups)
    np.testing.assert_allclose(other.coefficients[2] * 1000, one.coefficients[2], rtol=1e-5)
    np.testing.assert_allclose(other.covariance[2, 2] * 1e6, one.covariance[2, 2], rtol=1e-4)


def test_covariance_is_that_of_repeated_samples():
    truth, found, claimed = [], [], []
    for seed in range(150):
        x, y = sample(400, seed)
        model = fit_logistic_ridge(x, y, ridge=0.0)
        found.append(model.coefficients)
        claimed.append(np.diag(model.covariance))
    truth = np.var(found, axis=0)
    np.testing.assert_allclose(np.mean(claimed, axis=0), truth, rtol=0.35)


def test_a_group_counted_twice_widens_the_covariance():
    x, y = sample(200)
    twice = np.concatenate([x, x]), np.concatenate([y, y])
    groups = np.tile(np.arange(200), 2)
    alone = fit_logistic_ridge(x, y, ridge=0.0)
    known = fit_logistic_ridge(*twice, ridge=0.0, groups=groups)
    blind = fit_logistic_ridge(*twice, ridge=0.0)
    np.testing.assert_allclose(known.covariance, alone.covariance, rtol=0.02)
    assert np.diag(blind.covariance).sum() < 0.6 * np.diag(known.covariance).sum()


def test_a_constant_feature_gets_nothing():
    x, y = sample()
    model = fit_logistic_ridge(np.column_stack([x, np.full(y.size, 7.0)]), y)
    assert model.coefficients[3] == 0.0
    assert np.isfinite(model.covariance).all()


def test_draws_move_around_the_fit_and_keep_nan():
    x, y = sample()
    model = fit_logistic_ridge(x, y)
    points = np.array([[[0.0, 5.0], [1.0, 5.0]], [[np.nan, 0.0], [-1.0, 30.0]]])
    drawn = logistic_draws(model, points, 2000, np.random.default_rng(0))
    assert drawn.shape == (2000, 2, 2)
    fit = predict_logistic(model, points)
    assert np.isnan(drawn[:, 1, 0]).all()
    assert np.isnan(fit[1, 0])
    known = ~np.isnan(fit)
    np.testing.assert_allclose(np.median(drawn, axis=0)[known], fit[known], atol=0.01)
    assert ((drawn[:, known] > 0) & (drawn[:, known] < 1)).all()
    again = logistic_draws(model, points, 2000, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn, again)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[1.0], [2.0]], [1.0, 1.0], "0 and 1"),
        ([[1.0], [np.nan]], [1.0, 0.0], "finite"),
        ([[1.0], [2.0]], [1.0], "rows"),
    ],
)
def test_what_cannot_be_fitted(x, y, message):
    with pytest.raises(ValueError, match=message):
        fit_logistic_ridge(x, y)
    model = fit_logistic_ridge(*sample())
    with pytest.raises(ValueError, match="features"):
        predict_logistic(model, [[1.0]])
    with pytest.raises(ValueError, match="features"):
        logistic_draws(model, [[1.0]], 2, np.random.default_rng(0))
