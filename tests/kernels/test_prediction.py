"""Scores of predictions: cases by hand, scikit-learn and scipy as the second road, and bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, roc_auc_score

from clusterbelt.kernels.prediction import (
    area_under_curve,
    brier_score,
    calibration,
    group_bootstrap,
    precision_at,
    rank_correlation,
)

SCORES = arrays(np.float64, 20, elements=st.floats(0, 1, width=16))
OUTCOMES = arrays(np.float64, 20, elements=st.sampled_from([0.0, 1.0]))


@given(SCORES, OUTCOMES)
def test_area_and_brier_agree_with_scikit_learn(score, outcome):
    if 0 < outcome.sum() < outcome.size:
        assert area_under_curve(score, outcome) == pytest.approx(roc_auc_score(outcome, score))
        assert brier_score(score, outcome) == pytest.approx(brier_score_loss(outcome, score))
    else:
        assert np.isnan(area_under_curve(score, outcome))


@given(SCORES, OUTCOMES)
def test_area_keeps_under_monotone_change_and_turns_with_the_sign(score, outcome):
    area = area_under_curve(score, outcome)
    assert area_under_curve(3 * score + 1, outcome) == pytest.approx(area, nan_ok=True)
    assert area_under_curve(-score, outcome) == pytest.approx(1 - area, nan_ok=True)


@given(SCORES, SCORES)
def test_rank_correlation_agrees_with_scipy(one, other):
    if np.ptp(one) > 0 and np.ptp(other) > 0:
        assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other)[0])
    else:
        assert np.isnan(rank_correlation(one, other))


def test_unknown_places_are_left_out_and_nothing_gives_nan():
    assert area_under_curve([0.2, np.nan, 0.9], [0, 1, 1]) == 1.0
    assert np.isnan(brier_score([np.nan], [1.0]))
    assert np.isnan(rank_correlation([1.0], [2.0]))
    with pytest.raises(ValueError, match="lengths"):
        area_under_curve([1.0], [1.0, 0.0])


def test_precision_shares_ties_at_the_margin():
    assert precision_at([3, 2, 2, 1], [1, 1, 0, 1], 2) == pytest.approx(0.75)
    assert np.isnan(precision_at([1.0, np.nan], [1.0, 1.0], 2))
    with pytest.raises(ValueError, match="at least 1"):
        precision_at([1.0], [1.0], 0)


def test_calibration_by_hand():
    found = calibration([0.05, 0.15, 0.15, 1.0], [0, 0, 1, 1], bins=10)
    assert found.predicted.tolist() == pytest.approx([0.05, 0.15, 1.0])
    assert found.observed.tolist() == [0.0, 0.5, 1.0]
    assert found.count.tolist() == [1.0, 2.0, 1.0]
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration([1.2], [1])


@given(SCORES, OUTCOMES, st.integers(1, 12))
def test_calibration_loses_no_cell_and_keeps_the_mean(score, outcome, bins):
    found = calibration(score, outcome, bins=bins)
    assert found.count.sum() == score.size
    assert (found.count @ found.observed) == pytest.approx(outcome.sum())


def test_groups_are_drawn_whole():
    rows = group_bootstrap(["a", "b", "a", "c"], 20, np.random.default_rng(1))
    for drawn in rows:
        counts = np.bincount(drawn, minlength=4)
        assert counts[0] == counts[2]
        assert counts[0] + counts[1] + counts[3] == 3
