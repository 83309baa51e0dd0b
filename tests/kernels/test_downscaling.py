"""Regional totals shared out over places: sums kept, by hand, and what cannot be placed said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from clusterbelt.kernels.downscaling import allocate, allocation_errors, spread_errors

REGION = np.array([0, 0, 1, 1, 1])
AMOUNTS = st.floats(0.1, 100.0)


def _sums(values, region, count):
    found = np.zeros((count, values.shape[1]))
    np.add.at(found, region, values)
    return found


@settings(max_examples=40, deadline=None)
@given(arrays(float, (2, 3), elements=AMOUNTS), arrays(float, (5, 3), elements=AMOUNTS))
def test_every_regional_total_is_reproduced(totals, prior):
    found = allocate(totals, REGION, prior)
    assert np.allclose(_sums(found.values, REGION, 2), totals, rtol=1e-12)
    assert not found.unplaced.any()
    assert (found.values >= 0).all()


@settings(max_examples=30, deadline=None)
@given(
    arrays(float, (2, 3), elements=AMOUNTS),
    arrays(float, (5, 3), elements=AMOUNTS),
    arrays(float, 5, elements=AMOUNTS),
)
def test_both_sums_are_met_where_the_prior_allows_it(totals, prior, wanted):
    found = allocate(totals, REGION, prior, wanted)
    assert np.allclose(_sums(found.values, REGION, 2), totals, rtol=1e-9)
    for code in (0, 1):
        rows = code == REGION
        share = wanted[rows] / wanted[rows].sum()
        assert np.allclose(found.values[rows].sum(axis=1), share * totals[code].sum(), rtol=1e-6)
    assert np.abs(found.gap).max() < 1e-6


def test_the_order_of_places_and_the_unit_of_the_prior_do_not_matter():
    rng = np.random.default_rng(4)
    totals, prior, wanted = rng.random((2, 3)), rng.random((5, 3)), rng.random(5)
    order = rng.permutation(5)
    once = allocate(totals, REGION, prior, wanted).values
    again = allocate(totals, REGION[order], 7.0 * prior[order], 3.0 * wanted[order]).values
    assert np.allclose(once[order], again, rtol=1e-8)


def test_it_is_the_table_of_least_information():
    rng = np.random.default_rng(9)
    totals, prior, wanted = rng.random((1, 2)) + 0.5, rng.random((3, 2)) + 0.1, rng.random(3) + 0.2
    rows = wanted / wanted.sum() * totals.sum()

    def divergence(flat):
        return float((flat * np.log(flat / prior.ravel()) - flat + prior.ravel()).sum())

    held = [
        {"type": "eq", "fun": lambda y, k=k: y.reshape(3, 2)[:, k].sum() - totals[0, k]}
        for k in (0, 1)
    ] + [{"type": "eq", "fun": lambda y, k=k: y.reshape(3, 2)[k].sum() - rows[k]} for k in (0, 1)]
    start = np.outer(rows, totals[0]) / totals.sum()
    best = minimize(
        divergence, start.ravel(), bounds=[(1e-9, None)] * 6, constraints=held, tol=1e-14
    )
    found = allocate(totals, [0, 0, 0], prior, wanted).values
    assert np.allclose(found.ravel(), best.x, atol=1e-4)


def test_no_zone_is_named_and_never_filled():
    found = allocate([[5.0, 3.0], [2.0, 0.0]], [0, 0, 1], [[1.0, 0.0], [3.0, 0.0], [1.0, 0.0]])
    assert found.unplaced.tolist() == [[False, True], [False, False]]
    assert found.values[:, 0].tolist() == [1.25, 3.75, 2.0]
    assert np.isnan(found.values[:2, 1]).all()
    assert found.values[2, 1] == 0.0


def test_an_unknown_total_stays_unknown():
    found = allocate([[np.nan, 4.0]], [0, 0], [[1.0, 1.0], [1.0, 3.0]])
    assert np.isnan(found.values[:, 0]).all()
    assert found.values[:, 1].tolist() == [1.0, 3.0]
    assert not found.unplaced.any()


def test_sums_that_cannot_be_met_are_said():
    # The first place has no second industry, so it cannot make more than all of the first.
    found = allocate([[1.0, 9.0]], [0, 0], [[1.0, 0.0], [1.0, 1.0]], [8.0, 2.0])
    assert np.allclose(found.values.sum(axis=0), [1.0, 9.0])
    assert found.gap[0] < -0.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[1.0]], [0, 1], [[1.0], [1.0]]), "positions"),
        (([[1.0]], [0, 0], [[1.0], [-1.0]]), "prior"),
        (([[1.0, 2.0]], [0], [[1.0]]), "totals"),
        (([[1.0]], [0, 0], [[1.0], [1.0]], [1.0, np.nan]), "1 of 2"),
        (([[1.0]], [0, 0], [[1.0], [1.0]], [1.0, -1.0]), "zero or more"),
    ],
)
def test_what_does_not_fit_raises(arguments, words):
    with pytest.raises(ValueError, match=words):
        allocate(*arguments)


def test_errors_one_level_up_by_hand():
    # Shares of output 0.5 0.3 0.2 against shares of area 0.25 0.5 0.25; the fourth has no area.
    totals = np.array([[5.0], [3.0], [2.0], [9.0]])
    errors = allocation_errors(totals, [[1.0], [2.0], [1.0], [0.0]])
    assert np.allclose(errors[:3, 0], np.log([2.0, 0.6, 0.8]))
    assert np.isnan(errors[3, 0])


def test_spread_leaves_the_region_itself_out():
    errors = np.array([[0.1], [-0.2], [0.4], [9.0]])
    found = spread_errors(errors)
    assert np.isclose(found[3, 0], np.std([0.1, -0.2, 0.4], ddof=1))
    assert found[0, 0] > 4.0
    weighted = spread_errors(errors, np.array([[1.0], [1.0], [2.0], [5.0]]))
    mean = (0.1 - 0.2 + 0.8) / 4
    by_hand = ((0.1 - mean) ** 2 + (0.2 + mean) ** 2 + 2 * (0.4 - mean) ** 2) / 4 * 3 / 2
    assert np.isclose(weighted[3, 0] ** 2, by_hand)
    assert np.isnan(spread_errors(errors[:3])).all()
