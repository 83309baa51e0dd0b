"""Linkages and groups of industries against worked cases, independent code and properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterbelt.kernels.industry_groups import (
    adjusted_rand,
    bootstrap_stability,
    group_industries,
    group_relatedness,
    validation_scores,
)
from clusterbelt.kernels.linkage import (
    colocation,
    combined_linkage,
    io_linkage,
    trade_shares,
)

BLOCKS = np.kron(np.eye(3), np.ones((4, 4)))


def _pairs(matrix):
    return matrix[~np.eye(matrix.shape[0], dtype=bool)]


def test_the_larger_of_four_shares_by_hand():
    # 0 sells 10 of its 40 to 1, which buys 50; 1 sells 6 of its 24 to 0, which buys 20.
    flows = np.array([[4.0, 10.0, 26.0], [6.0, 8.0, 10.0], [10.0, 32.0, 1.0]])
    buying, selling = trade_shares(flows)
    assert buying[:, 0].tolist() == pytest.approx([0.2, 0.3, 0.5])
    assert selling[0].tolist() == pytest.approx([0.1, 0.25, 0.65])
    found = io_linkage(flows)
    assert found[0, 1] == found[1, 0] == pytest.approx(max(10 / 50, 6 / 20, 10 / 40, 6 / 24))
    assert np.isnan(np.diagonal(found)).all()


def test_outer_totals_and_an_industry_that_buys_nothing():
    flows = np.array([[0.0, 3.0], [0.0, 1.0]])
    assert io_linkage(flows)[0, 1] == 1.0  # all that 0 sells goes to 1
    assert io_linkage(flows, bought=[5.0, 10.0], sold=[10.0, 10.0])[0, 1] == pytest.approx(0.3)
    assert np.isnan(io_linkage(np.zeros((2, 2)))).all()
    with pytest.raises(ValueError, match="negative"):
        io_linkage([[0.0, -1.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match="square"):
        io_linkage(np.ones((2, 3)))


def test_colocation_is_numpys_correlation():
    x = np.random.default_rng(1).gamma(2.0, size=(31, 6))
    found = colocation(x, kind="activity")
    assert _pairs(found) == pytest.approx(_pairs(np.corrcoef(x, rowvar=False)))
    assert _pairs(colocation(x, kind="lq")) == pytest.approx(_pairs(colocation(x, kind="share")))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1e6))
def test_colocation_is_bounded_and_free_of_scale_and_order(seed, factor):
    generator = np.random.default_rng(seed)
    x = generator.gamma(0.5, size=(9, 5))
    found = colocation(x)
    assert np.all(np.abs(_pairs(found)) <= 1.0)
    assert np.allclose(found, colocation(x * factor), equal_nan=True)
    regions, industries = generator.permutation(9), generator.permutation(5)
    again = colocation(x[regions][:, industries])
    assert np.allclose(again, found[np.ix_(industries, industries)], equal_nan=True)


def test_unknown_and_constant_industries_have_no_colocation():
    x = np.random.default_rng(2).gamma(2.0, size=(8, 4))
    x[:, 1] = 3.0
    x[2, 3] = np.nan
    found = colocation(x, kind="activity")
    assert np.isnan(found[1]).all()
    assert np.isnan(found[3]).all()
    assert np.isfinite(found[0, 2])
    assert np.isnan(colocation(x[:1], kind="activity")).all()
    with pytest.raises(ValueError, match="kind"):
        colocation(x, kind="other")


def test_combining_puts_layers_on_one_scale():
    generator = np.random.default_rng(4)
    one, two = generator.random((2, 6, 6))
    one, two = one + one.T, 1000.0 * (two + two.T)
    found = combined_linkage([one, two])
    upper = np.triu_indices(6, 1)
    z = [(m[upper] - m[upper].mean()) / m[upper].std() for m in (one, two)]
    assert found[upper] == pytest.approx((z[0] + z[1]) / 2)
    assert np.allclose(found, found.T, equal_nan=True)
    assert combined_linkage([one, two], [1, 0])[upper] == pytest.approx(z[0])
    ranks = combined_linkage([two], scale="rank")[upper]
    assert sorted(ranks) == pytest.approx(np.arange(1, 16) / 15 - 0.5 / 15)
    assert combined_linkage([two], scale="minmax")[upper].max() == 1.0
    one[0, 1] = one[1, 0] = np.nan
    assert np.isnan(combined_linkage([one, two])[0, 1])
    with pytest.raises(ValueError, match="symmetric"):
        combined_linkage([np.arange(4.0).reshape(2, 2)])
    with pytest.raises(ValueError, match="weights"):
        combined_linkage([two], [0.0])
    with pytest.raises(ValueError, match="at least one"):
        combined_linkage([])


@pytest.mark.parametrize("method", ["hierarchical", "spectral", "kmeans"])
def test_planted_blocks_are_found(method):
    noise = np.random.default_rng(5).random((12, 12)) * 0.2
    linkage = BLOCKS + noise + noise.T
    order = np.random.default_rng(6).permutation(12)
    found = group_industries(linkage[np.ix_(order, order)], 3, method=method, seed=1)
    assert adjusted_rand(found, np.repeat([0, 1, 2], 4)[order]) == 1.0
    assert found[0] == 0
    assert group_industries(linkage, 1).max() == 0
    assert group_industries(linkage, 12).tolist() == list(range(12))


def test_grouping_refuses_what_it_cannot_group():
    with pytest.raises(ValueError, match="count"):
        group_industries(BLOCKS, 13)
    with pytest.raises(ValueError, match="method"):
        group_industries(BLOCKS, 2, method="other")
    with pytest.raises(ValueError, match="NaN"):
        group_industries(np.full((3, 3), np.nan), 2)


def test_relatedness_and_scores_against_loops():
    generator = np.random.default_rng(7)
    linkage = generator.random((9, 9))
    linkage = linkage + linkage.T
    groups = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2])
    industry, group = group_relatedness(linkage, groups)
    passed = passed_groups = best = 0
    for i in range(9):
        means = [
            np.mean([linkage[i, j] for j in range(9) if j != i and groups[j] == g])
            for g in range(3)
        ]
        assert industry[i].tolist() == pytest.approx(means)
        own = means[groups[i]]
        rest = [means[g] for g in range(3) if g != groups[i]]
        passed += own > np.mean(rest)
        best += own > max(rest)
    for g in range(3):
        mean = [
            np.mean(
                [
                    linkage[i, j]
                    for i in range(9)
                    for j in range(9)
                    if i != j and groups[i] == g and groups[j] == h
                ]
            )
            for h in range(3)
        ]
        assert group[g].tolist() == pytest.approx(mean)
        passed_groups += mean[g] > np.mean([mean[h] for h in range(3) if h != g])
    scores = validation_scores(linkage, groups)
    assert scores.industries_mean == pytest.approx(passed / 9)
    assert scores.best_placed == pytest.approx(best / 9)
    assert scores.groups_mean == pytest.approx(passed_groups / 3)


def test_groups_of_one_do_not_score_and_one_group_has_no_score():
    scores = validation_scores(BLOCKS, np.arange(12))
    assert scores.overall == 0.0
    assert np.isnan(validation_scores(BLOCKS, np.zeros(12, dtype=int)).overall)
    assert validation_scores(BLOCKS, np.repeat([0, 1, 2], 4)).overall == 1.0
    with pytest.raises(ValueError, match="gap"):
        validation_scores(BLOCKS, np.repeat([0, 1, 3], 4))


def test_stability_of_planted_and_of_random_groups():
    generator = np.random.default_rng(8)
    drivers = generator.gamma(1.0, size=(40, 3))
    x = np.repeat(drivers, 4, axis=1) + 0.05 * generator.random((40, 12))
    planted = np.repeat([0, 1, 2], 4)
    found = bootstrap_stability(x, [], planted, draws=20, seed=1, kind="activity")
    assert found.min() == 1.0
    noise = generator.gamma(1.0, size=(40, 12))
    chance = bootstrap_stability(noise, [], planted, draws=20, seed=1, kind="activity")
    assert np.nanmean(chance) < 0.3
    again = bootstrap_stability(noise, [], planted, draws=20, seed=1, kind="activity")
    assert np.array_equal(chance, again, equal_nan=True)
