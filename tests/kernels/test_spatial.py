"""Spatial statistics against esda, exact enumeration, and properties."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from clusterbelt.kernels.spatial import (
    benjamini_hochberg,
    contiguity_weights,
    distance_weights,
    getis_ord,
    islands,
    local_getis_ord,
    local_moran,
    moran,
    moran_power,
    row_standardise,
    smallest_p,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import esda
    from libpysal.graph import Graph


def _map(count, seed, share=0.3):
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.random((count, count)) < share, 1)
    adjacency = upper | upper.T
    adjacency[np.arange(count - 1), np.arange(1, count)] = True
    return contiguity_weights(adjacency | adjacency.T), generator.gamma(2.0, size=count)


def _graph(weights):
    return Graph.from_sparse(sparse.coo_array(weights))


def _quietly(function, *given, **named):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*given, **named)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("standardised", [False, True])
def test_statistics_are_those_of_esda(seed, standardised):
    weights, values = _map(12, seed)
    if standardised:
        weights = row_standardise(weights)
    graph = _graph(weights)
    known = _quietly(esda.Moran, values, graph, transformation="o", permutations=0)
    found = moran(values, weights, permutations=4999, seed=1)
    assert found.statistic == pytest.approx(known.I, rel=1e-12)
    assert found.expected == pytest.approx(known.EI, abs=0.02)
    assert found.spread == pytest.approx(np.sqrt(known.VI_rand), rel=0.06)
    local = _quietly(esda.Moran_Local, values, graph, transformation="o", permutations=0)
    assert local_moran(values, weights, permutations=9).statistic == pytest.approx(local.Is)
    whole = _quietly(esda.G, values, _graph((weights > 0).astype(float)), permutations=0)
    assert getis_ord(values, weights > 0, permutations=9).statistic == pytest.approx(whole.G)


def test_local_getis_ord_is_that_of_esda():
    weights, values = _map(12, 5)
    plain = _quietly(esda.G_Local, values, _graph(weights), transform="B", permutations=0)
    found = local_getis_ord(values, weights, star=False, permutations=9)
    assert found.statistic == pytest.approx(plain.Gs)
    starred = local_getis_ord(values, weights, permutations=9).statistic
    assert starred == pytest.approx((values + weights @ values) / values.sum())


@pytest.mark.long
def test_pseudo_p_values_are_those_of_esda():
    weights, values = _map(20, 6)
    known = _quietly(
        esda.Moran_Local, values, _graph(weights), transformation="o", permutations=9999, seed=1,
        n_jobs=1,
    )  # fmt: skip
    found = local_moran(values, weights, permutations=9999, seed=2)
    # esda counts the nearer tail only; two sides are twice that.
    assert found.p_value / 2 == pytest.approx(known.p_sim, abs=0.02)


def test_moran_p_value_against_all_permutations():
    weights, values = _map(7, 7)
    z = values - values.mean()
    every = np.array(list(itertools.permutations(z)))
    statistic = ((every @ weights.T) * every).sum(axis=1)
    observed = z @ weights @ z
    exact = (statistic >= observed - 1e-12).mean()
    found = moran(values, weights, permutations=9999, seed=3, alternative="greater")
    assert found.p_value == pytest.approx(exact, abs=0.015)
    assert (7 * statistic / (weights.sum() * (z @ z))).mean() == pytest.approx(-1 / 6)


def test_local_moran_p_value_against_all_deals():
    weights, values = _map(8, 8)
    z = values - values.mean()
    found = local_moran(values, weights, permutations=9999, seed=3, alternative="greater")
    for region in range(8):
        others = np.delete(z, region)
        k = int(weights[region].sum())
        sums = [z[region] * sum(deal) for deal in itertools.combinations(others, k)]
        exact = np.mean(np.array(sums) >= z[region] * (weights[region] @ z) - 1e-12)
        assert found.p_value[region] == pytest.approx(exact, abs=0.02)
        assert exact >= smallest_p(8, k) - 1e-12


def test_islands_unknown_and_constant_values():
    weights = np.zeros((4, 4))
    weights[0, 1] = weights[1, 0] = weights[1, 2] = weights[2, 1] = 1.0
    assert islands(weights).tolist() == [False, False, False, True]
    assert row_standardise(weights).sum(axis=1).tolist() == [1.0, 1.0, 1.0, 0.0]
    found = local_moran([1.0, 2.0, 4.0, 8.0], weights)
    for column in (found.statistic, found.expected, found.z, found.p_value):
        assert np.isnan(column).tolist() == [False, False, False, True]
    assert np.isnan(local_getis_ord([1.0, 2.0, 4.0, 8.0], weights).p_value[3])
    for test in (moran, local_moran, getis_ord, local_getis_ord):
        assert np.isnan(test([1.0, np.nan, 2.0, 3.0], weights).statistic).all()
    assert np.isnan(moran([3.3] * 4, weights).p_value)
    assert np.isnan(getis_ord([0.0] * 4, weights).statistic)
    assert np.isnan(moran([1.0, 2.0, 3.0], np.zeros((3, 3))).statistic)
    assert np.isnan(moran([1.0], np.zeros((1, 1))).statistic)
    nobody = np.zeros((0, 0))
    assert np.isnan(moran([], nobody).statistic)
    assert np.isnan(getis_ord([], nobody).statistic)
    assert local_moran([], nobody).statistic.shape == (0,)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100.0), st.floats(-50.0, 50.0))
def test_invariance(seed, factor, shift):
    weights, values = _map(9, seed)
    found = moran(values, weights, permutations=9)
    assert moran(factor * values + shift, weights, permutations=9).statistic == pytest.approx(
        found.statistic
    )
    order = np.random.default_rng(seed).permutation(9)
    local = local_moran(values, weights, permutations=9).statistic
    moved = local_moran(values[order], weights[np.ix_(order, order)], permutations=9).statistic
    assert moved == pytest.approx(local[order])
    assert local.sum() * 9 / 8 == pytest.approx(found.statistic * weights.sum())
    assert np.all((found.p_value > 0.0) & (found.p_value <= 1.0))


def test_weights_from_distances_and_travel_times():
    hours = np.array([[0.0, 1.0, 3.0], [2.0, 0.0, np.nan], [3.0, 4.0, 0.0]])
    assert distance_weights(hours, threshold=2.0).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    inverse = distance_weights(hours, kind="inverse", power=2.0)
    assert inverse[0].tolist() == pytest.approx([0.0, 1.0, 1.0 / 9.0])
    assert inverse[1].tolist() == [0.25, 0.0, 0.0]
    nearest = distance_weights(hours, kind="nearest", nearest=1)
    assert nearest.tolist() == [[0, 1, 0], [1, 0, 0], [1, 0, 0]]
    with pytest.raises(ValueError, match="infinite"):
        distance_weights(np.zeros((2, 2)), kind="inverse")
    with pytest.raises(ValueError, match="negative"):
        distance_weights([[0.0, -1.0], [1.0, 0.0]])
    with pytest.raises(ValueError, match="square"):
        distance_weights(np.ones((2, 3)))
    with pytest.raises(ValueError, match="kind"):
        distance_weights(hours, kind="other")


def test_false_discovery_is_scipys_and_knows_absence():
    p = np.random.default_rng(9).random(50) ** 2
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p))
    with_gap = np.insert(p, 3, np.nan)
    assert np.isnan(benjamini_hochberg(with_gap)[3])
    assert np.delete(benjamini_hochberg(with_gap), 3) == pytest.approx(benjamini_hochberg(p))
    assert benjamini_hochberg([]).size == 0
    with pytest.raises(ValueError, match="between"):
        benjamini_hochberg([1.5])


def test_power_rises_with_the_contrast_and_is_the_level_without():
    weights, _ = _map(31, 10, share=0.08)
    planted = np.arange(31) < 6
    powers = [moran_power(weights, planted, c, seed=1) for c in (0.0, 1.0, 3.0)]
    assert powers[0] == pytest.approx(0.05, abs=0.02)
    assert powers[0] < powers[1] < powers[2]
    assert smallest_p(11, 10) == 1.0
    with pytest.raises(ValueError, match="neighbours"):
        smallest_p(11, 11)
