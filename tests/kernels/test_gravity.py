"""Gravity flows: single-product RAS, hand cases and laws."""

import numpy as np
import pytest

from clusterbelt.kernels.gravity import balance_flows, gravity_prior, net_transit
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
