"""Location quotient, its symmetric form and excess activity."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusterbelt.kernels.arithmetic import ratio, share, total
from clusterbelt.kernels.specialisation import excess, location_quotient, symmetric_lq

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "textbook.toml").read_text("utf-8"))

tables = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=6),
    elements=st.integers(0, 1000).map(float),
)


def test_location_quotient_of_the_textbook():
    case = GOLDEN["location_quotient"]
    own, size = case["region_industry"], case["region_total"]
    everywhere, all_of_it = case["industry_total"], case["total"]
    table = [[own, size - own], [everywhere - own, all_of_it - everywhere - size + own]]
    assert location_quotient(table)[0, 0] == pytest.approx(case["printed"], abs=5e-8)
    # The same from one region and an explicit reference.
    alone = location_quotient([[own, size - own]], [everywhere, all_of_it - everywhere])
    assert alone[0, 0] == pytest.approx(case["printed"], abs=5e-8)


def test_a_belt_inside_a_nation_by_hand():
    belt = [[30.0, 10.0], [20.0, 40.0]]
    nation = [100.0, 300.0]
    # Shares .75 .25 and 1/3 2/3 over the nation's .25 .75.
    assert location_quotient(belt, nation) == pytest.approx(np.array([[3, 1 / 3], [4 / 3, 8 / 9]]))
    # Expected 40 * .25 = 10 and 60 * .25 = 15.
    assert excess(belt, nation) == pytest.approx(np.array([[20.0, -20], [5, -5]]))
    assert symmetric_lq(belt, nation)[0] == pytest.approx([0.5, -0.5])
    # Against the belt itself it is another number.
    assert location_quotient(belt)[0, 0] == pytest.approx(1.5)


def test_nothing_over_nothing_is_nan():
    table = [[1.0, 0.0, 3.0], [0.0, 0.0, 0.0], [2.0, 0.0, 4.0]]
    quotient = location_quotient(table)
    assert np.isnan(quotient[1]).all()
    assert np.isnan(quotient[:, 1]).all()
    assert np.isfinite(quotient[np.ix_([0, 2], [0, 2])]).all()
    assert np.isnan(location_quotient(np.zeros((2, 3)))).all()
    assert np.isnan(symmetric_lq(table)[1]).all()
    assert np.isnan(excess(np.zeros((2, 3)))).all()
    assert excess(table)[1] == pytest.approx([0, 0, 0])


def test_a_zero_is_a_zero():
    assert location_quotient([[0.0, 5.0], [5.0, 5.0]])[0, 0] == 0.0
    assert symmetric_lq([[0.0, 5.0], [5.0, 5.0]])[0, 0] == -1.0


def test_an_industry_the_reference_lacks():
    assert location_quotient([[1.0, 1.0]], [0.0, 5.0])[0, 0] == np.inf
    assert symmetric_lq([[1.0, 1.0]], [0.0, 5.0])[0, 0] == 1.0


def test_one_region_is_like_itself():
    assert location_quotient([[2.0, 6.0]]) == pytest.approx(np.ones((1, 2)))


def test_missing_values_spread_or_are_skipped():
    table = np.array([[1.0, np.nan, 3.0], [2.0, 2.0, 4.0]])
    assert np.isnan(location_quotient(table)).all()
    skipped = location_quotient(table, missing="skip")
    # Totals of what is known: rows 4 and 8, columns 3 2 7, all 12.
    wanted = np.array([[1.0, np.nan, 9 / 7], [1.0, 1.5, 6 / 7]])
    assert skipped == pytest.approx(wanted, nan_ok=True)
    with pytest.raises(ValueError, match="propagate"):
        location_quotient(table, missing="fill")


def test_negative_activity_is_refused_except_for_the_excess():
    table = [[-1.0, 5.0], [3.0, 3.0]]
    with pytest.raises(ValueError, match="negative"):
        location_quotient(table)
    with pytest.raises(ValueError, match="negative"):
        symmetric_lq(table)
    # Rows 4 and 6, columns 2 and 8: expected 4 * .2 = .8.
    assert excess(table)[0, 0] == pytest.approx(-1.8)


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="industries"):
        location_quotient([[1.0, 2.0]], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="axes"):
        location_quotient([1.0, 2.0])
    with pytest.raises(ValueError, match="reference"):
        excess([[1.0, 2.0]], [-1.0, 2.0])


@given(tables, st.floats(1e-3, 1e3))
def test_scale_does_not_matter(table, factor):
    assert location_quotient(table * factor) == pytest.approx(
        location_quotient(table), rel=1e-9, nan_ok=True
    )
    assert symmetric_lq(table * factor) == pytest.approx(
        symmetric_lq(table), rel=1e-9, abs=1e-12, nan_ok=True
    )


@given(tables, st.randoms(use_true_random=False))
def test_order_does_not_matter(table, random):
    rows = random.sample(range(table.shape[-2]), table.shape[-2])
    columns = random.sample(range(table.shape[-1]), table.shape[-1])
    shuffled = table[..., rows, :][..., columns]
    for measure in (location_quotient, symmetric_lq, excess):
        wanted = measure(table)[..., rows, :][..., columns]
        assert measure(shuffled) == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)


@given(tables)
def test_bounds_and_adding_up(table):
    quotient = location_quotient(table)
    known = ~np.isnan(quotient)
    assert (quotient[known] >= 0).all()
    symmetric = symmetric_lq(table)
    assert (np.abs(symmetric[~np.isnan(symmetric)]) <= 1).all()
    # Two roads: the symmetric form from the quotient.
    assert symmetric == pytest.approx((quotient - 1) / (quotient + 1), abs=1e-12, nan_ok=True)
    beyond = excess(table)
    assume(not np.isnan(beyond).any())
    assert beyond.sum(axis=-1) == pytest.approx(np.zeros(beyond.shape[:-1]), abs=1e-8)
    assert beyond.sum(axis=-2) == pytest.approx(
        np.zeros((*beyond.shape[:-2], beyond.shape[-1])), abs=1e-8
    )


@given(tables)
def test_its_weighted_mean_is_one(table):
    weights = share(total(table, -1), axis=-2)
    mean = (weights * location_quotient(table)).sum(axis=-2)
    assert mean[~np.isnan(mean)] == pytest.approx(1.0)


@given(tables, st.data())
def test_missing_never_becomes_a_number(table, data):
    row = data.draw(st.integers(0, table.shape[-2] - 1))
    column = data.draw(st.integers(0, table.shape[-1] - 1))
    holed = table.copy()
    holed[..., row, column] = np.nan
    for measure in (location_quotient, symmetric_lq, excess):
        for missing in ("propagate", "skip"):
            assert np.isnan(measure(holed, missing=missing)[..., row, column]).all()


@given(tables)
def test_shares_add_to_one(table):
    summed = share(table).sum(axis=-1)
    empty = table.sum(axis=-1) == 0
    assert np.isnan(summed[empty]).all()
    assert summed[~empty] == pytest.approx(1.0)


def test_ratio_and_total():
    assert np.isnan(ratio(0.0, 0.0))
    assert ratio(1.0, 0.0) == np.inf
    assert np.isnan(total(np.array([np.nan, np.nan]), -1, "skip"))
    assert total(np.array([np.nan, 2.0]), -1, "skip") == 2.0
    assert np.isnan(total(np.array([np.nan, 2.0]), -1))
