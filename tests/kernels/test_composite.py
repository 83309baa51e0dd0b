"""Normalise, weight, aggregate, rank, couple."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusterbelt.kernels.composite import (
    aggregate_arithmetic,
    competition_rank,
    coupling_coordination,
    critic_weights,
    entropy_weights,
    normalise_minmax,
    standardise,
    topsis,
    weight_critic,
    weight_entropy,
    weight_equal,
)

NAN = math.nan
tables = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=6),
    elements=st.integers(0, 1000).map(float),
)
holed = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=6),
    elements=st.one_of(st.just(NAN), st.integers(-50, 50).map(float)),
)


def test_minmax_by_hand():
    values = [[1.0, 5.0, 4.0], [2.0, 9.0, 4.0], [5.0, NAN, 4.0], [3.0, 7.0, 4.0]]
    wanted = [[0, 1, NAN], [0.25, 0, NAN], [1, NAN, NAN], [0.5, 0.5, NAN]]
    found = normalise_minmax(values, [1, -1, 1])
    assert found == pytest.approx(np.array(wanted), nan_ok=True)


def test_minmax_of_nothing_known():
    assert np.isnan(normalise_minmax([[NAN], [NAN]])).all()
    assert np.isnan(normalise_minmax([[NAN], [3.0]])).all()


@pytest.mark.parametrize("direction", [[1], [1, 0], [1, 2], [[1, 1]]])
def test_directions_are_one_or_minus_one(direction):
    with pytest.raises(ValueError, match="direction"):
        normalise_minmax([[1.0, 2.0], [3.0, 4.0]], direction)


@given(holed, st.floats(0.1, 10), st.floats(-100, 100))
def test_minmax_bounds_and_invariance(values, factor, shift):
    found = normalise_minmax(values)
    assert np.isnan(found[np.isnan(values)]).all()
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    moved = normalise_minmax(values * factor + shift)
    # A shift may turn equal values into values that differ by rounding, never the other way.
    both = ~np.isnan(found)
    assert moved[both] == pytest.approx(found[both], abs=1e-9)
    turned = normalise_minmax(values, -np.ones(values.shape[-1]))
    assert turned == pytest.approx(1 - found, abs=1e-12, nan_ok=True)


def test_standardise_by_hand():
    # Mean 5, deviation 2: the classic example.
    values = np.array([2.0, 4, 4, 4, 5, 5, 7, 9])
    wanted = [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]
    assert standardise(values, axis=0) == pytest.approx(wanted)
    with_hole = standardise(np.array([1.0, NAN, 3.0]), axis=0)
    assert with_hole == pytest.approx([-1, NAN, 1], nan_ok=True)
    assert np.isnan(standardise(np.full(3, 0.1), axis=0)).all()
    assert np.isnan(standardise(np.array([NAN, 2.0]), axis=0)).all()


def test_entropy_weights_by_hand():
    # Columns: equal (e = 1); all in one (e = 0); 1/4 3/4 (e = .8112781 bits, of at most 1).
    values = [[1.0, 0.0, 1.0], [1.0, 5.0, 3.0]]
    rest = 1 - 0.8112781244591328
    wanted = [0, 1 / (1 + rest), rest / (1 + rest)]
    assert weight_entropy(values) == pytest.approx(wanted)
    assert entropy_weights is weight_entropy


def test_entropy_weights_of_a_longer_table_by_hand():
    # p = .5 .25 .25 0: entropy 1.5 bits of 2, spread .25; p = .5 .5 0 0: 1 of 2, spread .5.
    values = [[2.0, 7.0], [1.0, 7.0], [1.0, 0.0], [0.0, 0.0]]
    assert weight_entropy(values) == pytest.approx([1 / 3, 2 / 3])


def test_entropy_weights_with_holes():
    values = [[2.0, 7.0], [1.0, 7.0], [1.0, 0.0], [0.0, 0.0], [NAN, NAN]]
    assert np.isnan(weight_entropy(values)).all()
    assert weight_entropy(values, missing="skip") == pytest.approx([1 / 3, 2 / 3])
    nothing_known = [[2.0, NAN], [1.0, NAN]]
    assert np.isnan(weight_entropy(nothing_known, missing="skip")).all()


@pytest.mark.parametrize("missing", ["propagate", "skip"])
def test_entropy_weights_that_do_not_exist(missing):
    assert np.isnan(weight_entropy([[1.0, 2.0], [1.0, 2.0]], missing=missing)).all()  # all equal
    assert np.isnan(weight_entropy([[1.0, 2.0]], missing=missing)).all()  # one unit
    assert np.isnan(weight_entropy([[0.0, 2.0], [0.0, 1.0]], missing=missing)).all()  # zeros
    with pytest.raises(ValueError, match="negative"):
        weight_entropy([[-1.0, 2.0], [1.0, 3.0]], missing=missing)


@given(tables, st.randoms(use_true_random=False), st.floats(1e-2, 1e2))
def test_weights_add_to_one_whatever_the_order_and_scale(values, random, factor):
    rows = random.sample(range(values.shape[-2]), values.shape[-2])
    columns = random.sample(range(values.shape[-1]), values.shape[-1])
    changed = values[..., rows, :][..., columns]
    for weigh, scale in ((weight_entropy, factor), (weight_critic, factor), (weight_equal, 1.0)):
        weights = weigh(values)
        known = ~np.isnan(weights).any(axis=-1)
        assert (weights[known] >= 0).all()
        assert weights[known].sum(axis=-1) == pytest.approx(1.0)
        assert weigh(changed * scale) == pytest.approx(
            weights[..., columns], rel=1e-6, abs=1e-9, nan_ok=True
        )


def test_critic_weights_by_hand():
    # Second = 10 - 2 * first (correlation -1), third uncorrelated with both; deviations over the
    # four units a 1.118034, 2a, and .5. Conflict 3, 3, 2.
    values = [[1.0, 8.0, 1.0], [2.0, 6.0, 0.0], [3.0, 4.0, 0.0], [4.0, 2.0, 1.0]]
    a = 1.118033988749895
    content = np.array([a * 3, 2 * a * 3, 0.5 * 2])
    assert critic_weights(values) == pytest.approx(content / content.sum())
    assert critic_weights is weight_critic


def test_critic_weights_that_do_not_exist():
    assert np.isnan(critic_weights([[1.0, 3.0], [2.0, 3.0]])).all()  # a constant
    assert np.isnan(critic_weights([[1.0, 2.0], [2.0, 4.0]])).all()  # one repeats the other
    assert np.isnan(critic_weights([[1.0], [2.0]])).all()
    assert np.isnan(critic_weights([[1.0, NAN], [2.0, 4.0]])).all()


def test_arithmetic_by_hand():
    values = [[0.2, 0.4, 0.9], [NAN, 0.4, 0.9], [NAN, NAN, NAN]]
    assert aggregate_arithmetic(values)[0] == pytest.approx(0.5)
    assert np.isnan(aggregate_arithmetic(values)[1:]).all()
    weights = [1.0, 2.0, 2.0]
    found = aggregate_arithmetic(values, weights, missing="skip")
    assert found == pytest.approx([0.56, 0.65, NAN], nan_ok=True)
    assert np.isnan(aggregate_arithmetic(values, [1.0, 0.0, 0.0], missing="skip")[1])
    with pytest.raises(ValueError, match="negative"):
        aggregate_arithmetic(values, [1.0, -1.0, 1.0])
    with pytest.raises(ValueError, match="weights"):
        aggregate_arithmetic(values, [1.0, 1.0])
    with pytest.raises(ValueError, match="propagate"):
        aggregate_arithmetic(values, weights, missing="zero")


@given(holed)
def test_a_mean_lies_between_its_parts(values):
    found = aggregate_arithmetic(values, missing="skip")
    known = ~np.isnan(values)
    assert np.array_equal(np.isnan(found), ~known.any(axis=-1))
    low, high = np.fmin.reduce(values, axis=-1), np.fmax.reduce(values, axis=-1)
    defined = ~np.isnan(found)
    assert (found[defined] >= low[defined] - 1e-9).all()
    assert (found[defined] <= high[defined] + 1e-9).all()
    strict = aggregate_arithmetic(values)
    assert np.array_equal(np.isnan(strict), ~known.all(axis=-1))


def test_ranks_by_hand():
    assert competition_rank([5.0, 7.0, NAN, 7.0, 1.0]).tolist()[:2] == [3.0, 1.0]
    found = competition_rank([[5.0, 7.0, NAN, 7.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.0]])
    wanted = [[3, 1, NAN, 1, 4], [1, 1, 1, 1, 5]]
    assert np.array_equal(found, np.array(wanted), equal_nan=True)


@given(holed)
def test_a_rank_counts_the_better(scores):
    found = competition_rank(scores)
    better = (scores[..., None, :] > scores[..., :, None]).sum(axis=-1) + 1.0
    assert np.array_equal(found, np.where(np.isnan(scores), NAN, better), equal_nan=True)


def test_topsis_by_hand():
    # Lengths 5 and 5. Scaled, weighted by a half: .3 .4 | .4 .3 | 0 0; best .4 .4, worst 0 0.
    values = [[3.0, 4.0], [4.0, 3.0], [0.0, 0.0]]
    near = 0.1 / (0.1 + 0.5)
    assert topsis(values) == pytest.approx([1 - near, 1 - near, 0.0])
    # Less is better in the second: best .4 0, worst 0 .4; d+ .4123 .3 .4, d- .3 .4123 .4.
    far, close = math.hypot(0.1, 0.4), 0.3
    wanted = [close / (far + close), far / (far + close), 0.5]
    assert topsis(values, [3, 3], [1, -1]) == pytest.approx(wanted)
    assert np.isnan(topsis([[1.0, NAN], [2.0, 1.0]])).all()
    assert np.isnan(topsis([[1.0, 1.0], [1.0, 1.0]])).all()


@given(tables, st.floats(1e-2, 1e2))
def test_topsis_bounds_and_scale(values, factor):
    found = topsis(values)
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    assert topsis(values * factor) == pytest.approx(found, rel=1e-6, abs=1e-9, nan_ok=True)


def test_coupling_classic_by_hand():
    # 2 sqrt(.36) / 1.3, .65, root of the product.
    found = coupling_coordination([0.9, 0.4])
    wanted = (1.2 / 1.3, 0.65, math.sqrt(1.2 / 1.3 * 0.65))
    assert [part.item() for part in found] == pytest.approx(wanted)
    weighted = coupling_coordination([0.9, 0.4], [3, 1])
    assert weighted.development == pytest.approx(0.775)
    assert weighted.coupling == pytest.approx(1.2 / 1.3)


def test_coupling_modified_by_hand():
    # Pairs apart .5 .4 .1, mean 1/3; product .9 * .4 * .5 over the cube of .9, root of it.
    found = coupling_coordination([0.9, 0.4, 0.5], kind="modified")
    relative = (0.4 / 0.9) * (0.5 / 0.9)
    assert found.coupling == pytest.approx(math.sqrt(2 / 3 * math.sqrt(relative)))


def test_coupling_at_the_edges():
    for kind in ("classic", "modified"):
        assert coupling_coordination([0.2, 0.2, 0.2], kind=kind).coupling == pytest.approx(1.0)
        assert coupling_coordination([0.0, 0.5], kind=kind).coupling == pytest.approx(0.0)
        assert np.isnan(coupling_coordination([0.0, 0.0], kind=kind).coupling)
        assert np.isnan(coupling_coordination([NAN, 0.5], kind=kind).coordination)
    classic = coupling_coordination([0.9, 0.4]).coupling
    assert coupling_coordination([0.9, 0.4], kind="modified").coupling < classic
    assert coupling_coordination([0.4]).coupling == pytest.approx(1.0)
    assert np.isnan(coupling_coordination([0.4], kind="modified").coupling)


def test_coupling_refuses_what_is_no_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        coupling_coordination([1.2, 0.5])
    with pytest.raises(ValueError, match="kind"):
        coupling_coordination([0.2, 0.5], kind="new")


@given(
    arrays(
        np.float64,
        array_shapes(min_dims=1, max_dims=2, min_side=2, max_side=5),
        elements=st.integers(0, 100).map(lambda value: value / 100),
    ),
    st.sampled_from(["classic", "modified"]),
)
def test_coupling_bounds_and_order(subsystems, kind):
    found = coupling_coordination(subsystems, kind=kind)
    for part in found:
        known = part[~np.isnan(part)]
        assert ((known >= 0) & (known <= 1 + 1e-12)).all()
    turned = coupling_coordination(subsystems[..., ::-1], kind=kind)
    assert turned.coupling == pytest.approx(found.coupling, abs=1e-7, nan_ok=True)
