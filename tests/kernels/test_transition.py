"""Features of transitions: by hand on a small belt, invariances, and no sight of outcomes."""

import numpy as np
import pytest

from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.kernels.transition import (
    industry_rate,
    profile_similarity,
    similar_outcomes,
    transition_features,
)

RNG = np.random.default_rng(5)
ACTIVITY = RNG.lognormal(size=(9, 7)) * (RNG.random((9, 7)) < 0.8) + np.eye(9, 7)
RING = (np.abs(np.subtract.outer(range(9), range(9))) % 7 == 1).astype(float)
LEVELS = {"top": list("aabbccc")}


def features(activity=ACTIVITY, neighbours=RING, levels=LEVELS):
    return transition_features(activity, neighbours=neighbours, levels=levels, nearest=3)


def test_by_hand():
    x = np.array([[8.0, 2.0], [2.0, 8.0]])
    found = transition_features(x, neighbours=1 - np.eye(2), levels={"all": ["m", "m"]})
    np.testing.assert_allclose(found["log_lq"], np.log([[1.6, 0.4], [0.4, 1.6]]))
    np.testing.assert_allclose(found["size"], np.log(10.0))
    np.testing.assert_allclose(found["expected"], np.log(5.0))
    np.testing.assert_allclose(found["concentration"], np.log(0.68))
    np.testing.assert_allclose(found["neighbours"], np.log([[0.4, 1.6], [1.6, 0.4]]))
    # The sibling of an industry is the other one: 0.4 / 1.4 and 1.6 / 2.6.
    np.testing.assert_allclose(found["siblings_all"][0], [0.4 / 1.4, 1.6 / 2.6])
    np.testing.assert_allclose(found["similar_regions"][0], [0.4 / 1.4, 1.6 / 2.6])
    np.testing.assert_allclose(found["density"], 0.0)  # never present together


def test_scale_changes_sizes_only():
    one, other = features(), features(10 * ACTIVITY)
    for name, values in one.items():
        shift = np.log(10) if name in {"size", "expected"} else 0.0
        np.testing.assert_allclose(other[name], values + shift, atol=1e-10, err_msg=name)


def test_order_of_regions_does_not_matter():
    order = np.random.default_rng(1).permutation(9)
    moved = features(ACTIVITY[order], RING[np.ix_(order, order)])
    for name, values in features().items():
        np.testing.assert_allclose(moved[name], values[order], atol=1e-10, err_msg=name)


def test_everything_is_finite_and_of_one_shape():
    lonely = RING.copy()
    lonely[0], lonely[:, 0] = 0.0, 0.0
    for name, values in features(neighbours=lonely).items():
        assert values.shape == ACTIVITY.shape, name
        assert np.isfinite(values).all(), name
    assert (features(neighbours=lonely)["neighbours"][0] == 0.0).all()


def test_own_presence_is_not_in_the_relatedness():
    # A region whose only activity is one industry knows nothing of it from others.
    x = np.vstack([ACTIVITY, [5.0, 0, 0, 0, 0, 0, 0]])
    found = transition_features(x, nearest=3, levels={"own": list("abcdefg")})
    assert found["density"][-1, 0] == 0.0
    assert found["colocation"][-1, 0] == 0.0
    assert (found["siblings_own"] == 0.0).all()


@pytest.mark.parametrize("bad", [np.nan, -1.0])
def test_bad_activity_is_refused(bad):
    x = ACTIVITY.copy()
    x[2, 3] = bad
    with pytest.raises(ValueError, match="activity"):
        transition_features(x)
    with pytest.raises(ValueError, match="neighbours"):
        transition_features(ACTIVITY, neighbours=np.eye(3))


def test_outcomes_of_unknown_regions_are_never_used():
    known = np.arange(9) < 6
    outcome = (location_quotient(ACTIVITY) > 1).astype(float)
    other = outcome.copy()
    other[~known] = 1 - other[~known]
    similar = profile_similarity(ACTIVITY)
    risk = np.ones_like(outcome, dtype=bool)
    for first, second in (
        (similar_outcomes(similar, outcome, known), similar_outcomes(similar, other, known)),
        (industry_rate(outcome, risk, known), industry_rate(other, risk, known)),
    ):
        np.testing.assert_array_equal(first, second)
    # Nor a region's own outcome.
    own = outcome.copy()
    own[0] = 1 - own[0]
    changed = similar_outcomes(similar, own, known)
    np.testing.assert_array_equal(changed[0], similar_outcomes(similar, outcome, known)[0])


def test_rate_by_hand():
    outcome = np.array([[1, 0], [1, 0], [0, 0], [1, 1]])
    found = industry_rate(outcome, np.ones((4, 2), bool), [True, True, True, False], prior=3.0)
    np.testing.assert_allclose(found, np.log([(2 + 1) / 6, (0 + 1) / 6]))
