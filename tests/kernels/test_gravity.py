"""Gravity flows: single-product RAS, hand cases and laws."""

import numpy as np
import pytest

from clusterbelt.kernels.gravity import balance_flows, fit_decay, gravity_prior, net_transit
from clusterbelt.kernels.input_output import ras


def test_prior_by_hand():
    prior = gravity_prior([[2.0, 3.0]], [[5.0, 7.0]], [[0.0, 4.0], [4.0, 0.0]], [0.5])
    np.testing.assert_allclose(prior, [[[0.0, 7.0], [7.5, 0.0]]])


def test_all_products_at_once_are_each_alone():
    rng = np.random.default_rng(3)
    target = rng.random((4, 6, 6)) + 0.05
    target[:, np.arange(6), np.arange(6)] = 0.0
    u, v = target.sum(2), target.sum(1)
    distance = rng.random((6, 6)) + 1.0
    prior = gravity_prior(u, v, distance, [0.5, 1.0, 1.5, 2.0])
    flows, rounds = balance_flows(prior, u, v, 1e-12)
    assert rounds > 1
    for i in range(4):
        np.testing.assert_allclose(flows[i], ras(prior[i], u[i], v[i], 1e-12), rtol=1e-8)
    np.testing.assert_allclose(balance_flows(prior * 7, u, v, 1e-12)[0], flows, rtol=1e-8)


def test_no_trade_is_zero_and_unreachable_is_named():
    flows, _ = balance_flows(np.ones((1, 2, 2)), np.zeros((1, 2)), np.zeros((1, 2)))
    assert (flows == 0.0).all()
    with pytest.raises(ArithmeticError, match="product 0"):
        balance_flows(np.eye(2)[None], [[2.0, 1.0]], [[1.0, 2.0]], max_iterations=20)
    with pytest.raises(ValueError, match=r"products \[0\]"):
        balance_flows(np.ones((1, 2, 2)), [[2.0, 1.0]], [[1.0, 1.0]])


def test_transit_by_hand():
    inward, outward, transit = net_transit([10.0, 10.0], [5.0, 8.0], [12.0, 4.0], [7.0, 2.0])
    np.testing.assert_allclose(transit, [2.0, 0.0])
    np.testing.assert_allclose(inward, [10.0, 4.0])
    np.testing.assert_allclose(outward, [5.0, 2.0])


def test_the_exponent_of_distance_comes_back_from_flows_made_with_it():
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 1000, (9, 2))
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    supply, demand = rng.uniform(1, 9, (3, 9)), rng.uniform(1, 9, (3, 9))
    flows = gravity_prior(supply, demand, distance, [0.3, 0.9, 2.0])
    found = fit_decay(np.concatenate([flows, 0 * flows[:1]]), distance)
    np.testing.assert_allclose(found[:3], [0.3, 0.9, 2.0], rtol=1e-6)
    assert np.isnan(found[3])  # without flows nothing can be said
    np.testing.assert_allclose(fit_decay(1000 * flows, distance), found[:3], rtol=1e-6)


def test_products_that_converge_at_different_speed_are_all_balanced():
    rng = np.random.default_rng(8)
    prior = rng.uniform(0.1, 1, (40, 6, 6)) ** np.linspace(1, 8, 40)[:, None, None]
    target = prior * rng.uniform(0.2, 5, (40, 6, 1)) * rng.uniform(0.2, 5, (40, 1, 6))
    found, rounds = balance_flows(prior, target.sum(axis=2), target.sum(axis=1), 1e-10)
    np.testing.assert_allclose(found, target, rtol=1e-6)
    alone = [
        balance_flows(prior[[k]], target[[k]].sum(axis=2), target[[k]].sum(axis=1), 1e-10)
        for k in (0, 39)
    ]
    np.testing.assert_allclose(found[[0, 39]], [one[0][0] for one in alone], rtol=1e-9)
    assert rounds >= max(one[1] for one in alone)
