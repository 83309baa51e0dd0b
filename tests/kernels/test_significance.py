"""The Monte-Carlo nulls of cluster areas against the solver and planted cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterbelt.kernels.areas import maximum_weight_connected_set
from clusterbelt.kernels.graph import is_connected
from clusterbelt.kernels.significance import (
    area_p_value,
    area_power,
    arrangement_draws,
    connected_set_matrix,
    dispersed_draws,
    dispersion,
    heaviest_set,
    heaviest_weights,
)


def _lattice(rows, columns):
    size = rows * columns
    adjacency = np.zeros((size, size), dtype=bool)
    for place in range(size):
        if place % columns < columns - 1:
            adjacency[place, place + 1] = adjacency[place + 1, place] = True
        if place + columns < size:
            adjacency[place, place + columns] = adjacency[place + columns, place] = True
    return adjacency


MAP = _lattice(3, 4)
SETS = connected_set_matrix(MAP)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_sums_over_sets_are_the_solvers(seed):
    weights = np.random.default_rng(seed).normal(size=12)
    members, objective = heaviest_set(weights, SETS)
    solved = maximum_weight_connected_set(weights, MAP)
    assert objective == pytest.approx(solved.objective)
    assert np.array_equal(members, solved.members)
    assert is_connected(members, MAP)
    rows = np.vstack([weights, -np.abs(weights)])
    assert heaviest_weights(rows, MAP, SETS) == pytest.approx([solved.objective, 0.0])
    assert heaviest_weights(rows, MAP) == pytest.approx([solved.objective, 0.0])


def test_above_the_limit_there_is_no_matrix_and_no_region_gives_none():
    assert connected_set_matrix(MAP, limit=50) is None
    assert connected_set_matrix(np.zeros((0, 0), dtype=bool)).shape == (0, 0)
    assert connected_set_matrix(np.zeros((1, 1), dtype=bool)).tolist() == [[True]]


def test_an_unknown_region_is_in_no_set():
    weights = np.full(12, 1.0)
    weights[5] = np.nan
    members, objective = heaviest_set(weights, SETS)
    assert objective == 11.0
    assert not members[5]


def test_draws_have_the_moments_of_their_null():
    p = np.array([0.1, 0.2, 0.3])
    drawn = dispersed_draws(p, 20.0, 40_000, 1)
    assert drawn.mean(axis=0) == pytest.approx(p, abs=0.003)
    assert drawn.var(axis=0) == pytest.approx(p * (1 - p) / 21.0, rel=0.05)
    assert dispersed_draws(p, 20.0, 5, 1) == pytest.approx(dispersed_draws(p, 20.0, 5, 1))
    s = np.array([0.5, 0.1, 0.1])
    dealt = arrangement_draws(s, p, 200, 2)
    assert dealt.sum(axis=1) == pytest.approx(np.full(200, 0.7))
    assert np.allclose(np.sort(dealt / p, axis=1)[:, 2] / np.sort(dealt / p, axis=1)[:, 0], 15.0)
    with pytest.raises(ValueError, match="at most one"):
        dispersed_draws([0.9, 0.3], 5.0, 3, 1)
    with pytest.raises(ValueError, match="concentration"):
        dispersed_draws(p, 0.0, 3, 1)


def test_dispersion_recovers_what_was_drawn():
    p = np.random.default_rng(3).dirichlet(np.full(31, 3.0))
    shares = np.random.default_rng(4).dirichlet(50.0 * p, size=400).T
    assert dispersion(shares, p) == pytest.approx(50.0, rel=0.15)
    shares[0, 0] = np.nan
    assert np.isfinite(dispersion(shares, p))
    assert np.isnan(dispersion(np.full((31, 2), np.nan), p))
    assert np.isinf(dispersion(p[:, None], p))


def test_p_values():
    assert area_p_value(5.0, np.arange(99.0)) == pytest.approx(95 / 100)
    assert area_p_value(1000.0, np.arange(99.0)) == 1 / 100
    assert np.isnan(area_p_value(np.nan, np.arange(9.0)))


def test_the_test_has_its_level_and_power_rises():
    p = np.full(12, 1 / 12)
    planted = np.isin(np.arange(12), [0, 1, 4, 5])
    powers = [
        area_power(p, planted, f, 30.0, MAP, cost_share=0.01, sets=SETS, draws=999, seed=1)
        for f in (1.0, 1.5, 4.0)
    ]
    assert powers[0] == pytest.approx(0.05, abs=0.025)
    assert powers[0] < powers[1] < powers[2]
    assert powers[2] > 0.7
