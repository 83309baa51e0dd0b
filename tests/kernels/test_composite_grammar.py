"""Treatment, normalisations, weights, means, hierarchy, audit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from clusterbelt.kernels import composite_aggregate as aggregates
from clusterbelt.kernels.composite import (
    aggregate_copeland,
    aggregate_geometric,
    aggregate_harmonic,
    denominate,
    impute,
    kurtosis,
    log_transform,
    normalise,
    normalise_distance_to_best,
    normalise_goalpost,
    normalise_minmax,
    normalise_rank,
    normalise_zscore,
    positive_scale,
    skewness,
    treat_outliers,
    weight_pca,
    weight_user,
)
from clusterbelt.kernels.composite_audit import (
    correlations,
    cronbach_alpha,
    effective_weights,
    left_out_changes,
)
from clusterbelt.kernels.composite_bod import benefit_of_the_doubt
from clusterbelt.kernels.composite_hierarchy import aggregate_hierarchy, levels_of

NAN = math.nan
RNG = np.random.default_rng(7)
TABLE = RNG.lognormal(size=(12, 5))
holed = arrays(
    np.float64, (7, 3), elements=st.one_of(st.just(NAN), st.integers(0, 40).map(float))
)  # fmt: skip


def test_moments_are_those_of_scipy():
    assert skewness(TABLE) == pytest.approx(stats.skew(TABLE, bias=False))
    assert kurtosis(TABLE) == pytest.approx(stats.kurtosis(TABLE, bias=False))
    assert np.isnan(skewness([[0.1]] * 5)).all()
    assert np.isnan(kurtosis([[1.0], [2.0], [4.0]])).all()


def test_one_far_value_is_moved_to_the_next():
    series = np.array([1.0, 2, 3, 4, 5, 6, 7, 100])[:, None]
    found = treat_outliers(series)
    assert found.values.ravel().tolist() == [1, 2, 3, 4, 5, 6, 7, 7]
    assert (found.points, found.logged, found.passed) == (1, False, True)
    low = treat_outliers(-series)
    assert low.values.ravel().tolist() == [-1, -2, -3, -4, -5, -6, -7, -7]


def test_logarithms_where_points_run_out():
    series = np.exp(np.arange(20.0))[:, None]
    found = treat_outliers(series, most_points=1)
    assert found.logged.all()
    assert found.points.tolist() == [0]
    assert found.values == pytest.approx(log_transform(series))
    kept = treat_outliers(series, most_points=1, log=False)
    assert not kept.passed.any()
    assert kept.values.max() == pytest.approx(np.exp(18.0))


@given(holed)
def test_treatment_keeps_holes_and_order(values):
    found = treat_outliers(values).values
    assert (np.isnan(found) == np.isnan(values)).all()
    for before, after in zip(values.T, found.T, strict=True):
        held = ~np.isnan(before)
        order = np.argsort(before[held], kind="stable")
        assert (np.diff(after[held][order]) >= 0).all()


def test_imputing_by_group():
    values = [[1.0], [3.0], [NAN], [10.0], [NAN]]
    assert impute(values, ["a", "a", "a", "b", "b"]).ravel().tolist() == [1, 3, 2, 10, 10]
    assert impute(values, kind="median").ravel().tolist() == [1, 3, 3, 10, 3]
    assert np.isnan(impute([[1.0], [NAN]], ["a", "b"])[1, 0])
    assert np.isnan(denominate([[1.0, 0.0]], [[0.0, 0.0]])).all()


@given(holed)
def test_ranks_are_those_of_scipy(values):
    found = normalise_rank(values)
    for before, after in zip(values.T, found.T, strict=True):
        held = before[~np.isnan(before)]
        if len(set(held.tolist())) < 2:
            assert np.isnan(after).all()
            continue
        wanted = (stats.rankdata(held) - 1) / (len(held) - 1)
        assert after[~np.isnan(before)] == pytest.approx(wanted)


@pytest.mark.parametrize("kind", ["minmax", "zscore", "rank", "distance_to_best"])
def test_normalisations_forget_the_unit_and_keep_nan(kind):
    direction = [1, -1, 1, -1, 1]
    found = normalise(TABLE, kind, direction)
    assert normalise(TABLE * 7.0, kind, direction) == pytest.approx(found)
    order = RNG.permutation(12)
    assert normalise(TABLE[order], kind, direction) == pytest.approx(found[order])
    missing = TABLE.copy()
    missing[3, 2] = NAN
    assert np.isnan(normalise(missing, kind, direction)[3, 2])
    assert np.isnan(normalise(np.ones((4, 2)), kind)).all()
    assert (found[:, 1].argmax(), found[:, 0].argmax()) == (
        TABLE[:, 1].argmin(),
        TABLE[:, 0].argmax(),
    )


def test_goalposts_and_relations_by_hand():
    # Life expectancy index of the HDI: posts 20 and 85 years.
    assert normalise_goalpost([[72.0]], 20, 85) == pytest.approx(0.8)
    assert normalise_goalpost([[90.0, 90.0]], 20, 85, [1, -1]).tolist() == [[1.0, 0.0]]
    assert normalise_goalpost([[98.0]], 20, 85, clip=False) == pytest.approx(1.2)
    with pytest.raises(ValueError, match="below"):
        normalise_goalpost([[1.0]], 2, 2)
    with pytest.raises(ValueError, match="negative"):
        normalise_distance_to_best([[-1.0], [2.0]])
    assert normalise_zscore([[1.0], [3.0]]).ravel().tolist() == [-1, 1]
    with pytest.raises(ValueError, match="goalpost needs"):
        normalise([[1.0]], "goalpost")
    with pytest.raises(ValueError, match="no normalisation"):
        normalise([[1.0]], "other")


def test_weights_of_components():
    correlation = np.corrcoef(TABLE.T)
    roots, vectors = np.linalg.eigh(correlation)
    assert weight_pca(TABLE) == pytest.approx(vectors[:, -1] ** 2)
    large = roots >= 1
    wanted = (vectors[:, large] ** 2 @ roots[large]) / roots[large].sum()
    assert weight_pca(TABLE, kind="kaiser") == pytest.approx(wanted)
    assert np.isnan(weight_pca([[1.0, 2.0], [1.0, 3.0]])).all()
    assert weight_user([1, 3]).tolist() == [0.25, 0.75]


def test_means_by_hand_and_their_order():
    values = positive_scale(normalise_minmax(TABLE))
    weights = [1, 2, 3, 4, 5]
    geometric = aggregate_geometric(values, weights)
    assert geometric == pytest.approx(stats.gmean(values, weights=weights, axis=1))
    harmonic = aggregate_harmonic(values, weights)
    assert harmonic == pytest.approx(stats.hmean(values, weights=weights, axis=1))
    arithmetic = values @ np.array(weights) / 15
    assert (harmonic <= geometric + 1e-12).all()
    assert (geometric <= arithmetic + 1e-12).all()
    enough = aggregate_geometric([[4.0, NAN]], [3, 1], missing="skip", least_known=0.75)
    assert enough.tolist() == [4.0]
    assert np.isnan(aggregate_geometric([[4.0, NAN]], [1, 3], missing="skip", least_known=0.5))
    assert np.isnan(aggregate_harmonic([[4.0, NAN]]))


def _copeland(values, weights):
    scores = []
    for one in range(len(values)):
        net = 0
        for other in range(len(values)):
            margin = sum(
                w * np.sign(values[one, j] - values[other, j]) for j, w in enumerate(weights)
            )
            net += 0 if abs(margin) < 1e-12 else np.sign(margin)
        scores.append((1 + net / (len(values) - 1)) / 2)
    return scores


@settings(max_examples=40)
@given(
    arrays(np.float64, (9, 4), elements=st.integers(0, 30).map(float)),
    arrays(np.float64, 4, elements=st.integers(1, 9).map(float)),
)
def test_copeland_is_all_duels(values, weights):
    assert aggregate_copeland(values, weights) == pytest.approx(_copeland(values, weights))
    apart = values + np.arange(9)[:, None] * 1e-3 * np.arange(1, 5)
    assert aggregate_copeland(apart, weights) == pytest.approx(_copeland(apart, weights))


def test_duels_in_small_numbers_are_the_same():
    values = RNG.random((200, 6))
    for weights in (np.ones(6), RNG.random(6), np.array([3.0, 1, 1, 1, 0, 0])):
        small = aggregates._small_weights(weights)
        assert small is not None
        plain = aggregates._net_wins(values, weights, np.ones(200, dtype=bool))
        assert (aggregates._net_wins_coded(values, small) == plain).all()


def test_benefit_of_the_doubt_by_hand():
    values = [[2.0, 1.0], [1.0, 2.0], [1.0, 1.0], [NAN, 3.0]]
    found = benefit_of_the_doubt(values)
    assert found.score[:3] == pytest.approx([1, 1, 2 / 3])
    assert np.isnan(found.score[3])
    bounded = benefit_of_the_doubt(values, 0.5, 0.5)
    # With half of the score from each: w = s/2 / v; the best peer then binds.
    assert bounded.score[2] == pytest.approx(2 / 3)
    assert (bounded.score[:2] <= found.score[:2] + 1e-12).all()
    with pytest.raises(ValueError, match="bounds"):
        benefit_of_the_doubt(values, 0.6, 0.7)


def test_a_tree_of_any_depth():
    values = normalise_minmax(RNG.random((6, 4)))
    # 4 = (0, 1); 5 = (4, 2); top 6 = (5, 3): an uneven tree.
    parent = [4, 4, 5, 6, 5, 6, -1]
    found = aggregate_hierarchy(values, parent)
    inner = (values[:, :2].mean(axis=1) + values[:, 2]) / 2
    assert found.scores[:, 2] == pytest.approx((inner + values[:, 3]) / 2)
    assert found.shares.tolist() == [0.125, 0.125, 0.25, 0.5]
    assert levels_of(parent, 4).tolist() == [0, 0, 0, 0, 1, 2, 3]
    mixed = aggregate_hierarchy(
        values, [4, 4, 5, 5, 6, 6, -1], weights=["entropy", "user"], user=[0] * 4 + [1, 3, 0],
        aggregation=["arithmetic", "copeland"],
    )  # fmt: skip
    assert mixed.shares.sum() == pytest.approx(1)
    assert mixed.weights[4:6].tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("parent", "message"),
    [([1, 2, 1], "loop|top"), ([2, 2, -1, -1], "one top"), ([1, 2, -1], "indicator"),
     ([2, 2, -1, 2], "child"), ([9, 2, -1], "name a node"), ([2, 2, 3, 4, 3, -1], "loop|child")],
)  # fmt: skip
def test_what_is_no_tree(parent, message):
    with pytest.raises(ValueError, match=message):
        levels_of(parent, 2)


def test_correlations_and_alpha():
    assert correlations(TABLE) == pytest.approx(np.corrcoef(TABLE.T))
    wanted = stats.spearmanr(TABLE).statistic
    assert correlations(TABLE, kind="spearman") == pytest.approx(wanted)
    part = TABLE.copy()
    part[2, 0] = NAN
    held = np.arange(12) != 2
    assert correlations(part)[0, 1] == pytest.approx(np.corrcoef(TABLE[held].T)[0, 1])
    covariance = np.cov(TABLE.T)
    alpha = 5 / 4 * (1 - np.trace(covariance) / covariance.sum())
    assert cronbach_alpha(TABLE) == pytest.approx(alpha)
    matrix = np.corrcoef(TABLE.T)
    middle = (matrix.sum() - 5) / 20
    assert cronbach_alpha(TABLE, standardised=True) == pytest.approx(5 * middle / (1 + 4 * middle))
    assert np.isnan(cronbach_alpha(TABLE[:, :1]))


def test_what_an_indicator_really_counts():
    x = RNG.random((400, 2))
    index = x[:, 0] * 3 + x[:, 1]  # independent and uniform: shares 9/10 and 1/10
    for kind in ("linear", "smooth"):
        assert effective_weights(x, index, kind=kind) == pytest.approx([0.9, 0.1], abs=0.06)
    changes = left_out_changes(np.array([[1.0, 0.5], [0.5, 0.5], [0.0, 0.5]]))
    assert changes[1].tolist() == [0, 0, 0]  # it never matters
    assert changes[0].tolist() == [0, -1, -2]  # all are tied without it
