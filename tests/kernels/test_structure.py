"""Similarity of industrial structures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusterbelt.kernels.structure import similarity

tables = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=6),
    elements=st.integers(0, 1000).map(float),
)


def test_by_hand():
    table = [[3.0, 4.0, 0.0], [4.0, 3.0, 0.0], [0.0, 0.0, 7.0], [6.0, 8.0, 0.0]]
    wanted = [[1, 0.96, 0, 1], [0.96, 1, 0, 0.96], [0, 0, 1, 0], [1, 0.96, 0, 1]]
    assert similarity(table) == pytest.approx(np.array(wanted, dtype=float), abs=1e-12)


def test_a_coarser_class_level_is_never_less_alike():
    fine = [[5.0, 1.0, 4.0], [1.0, 5.0, 4.0]]
    coarse = [[6.0, 4.0], [6.0, 4.0]]
    assert similarity(fine)[0, 1] < 1
    assert similarity(coarse)[0, 1] == pytest.approx(1.0)


def test_a_region_without_activity_is_like_nobody():
    matrix = similarity([[1.0, 2.0], [0.0, 0.0], [2.0, 1.0]])
    assert np.isnan(matrix[1]).all()
    assert np.isnan(matrix[:, 1]).all()
    assert matrix[0, 2] == pytest.approx(0.8)


def test_missing_stays_missing():
    matrix = similarity([[1.0, np.nan], [1.0, 1.0], [1.0, 3.0]])
    assert np.isnan(matrix[0]).all()
    assert np.isnan(matrix[:, 0]).all()
    assert np.isfinite(matrix[1:, 1:]).all()


def test_very_large_and_very_small_figures():
    assert similarity([[3e200, 4e200], [4e-200, 3e-200]])[0, 1] == pytest.approx(0.96)


def test_negative_is_refused():
    with pytest.raises(ValueError, match="negative"):
        similarity([[1.0, -1.0]])


@given(tables)
def test_symmetric_within_bounds_and_one_on_the_diagonal(table):
    matrix = similarity(table)
    assert np.array_equal(matrix, np.swapaxes(matrix, -1, -2), equal_nan=True)
    known = ~np.isnan(matrix)
    assert ((matrix[known] >= 0) & (matrix[known] <= 1)).all()
    diagonal = np.diagonal(matrix, axis1=-2, axis2=-1)
    empty = table.sum(axis=-1) == 0
    assert np.isnan(diagonal[empty]).all()
    assert diagonal[~empty] == pytest.approx(1.0)


@given(tables, st.randoms(use_true_random=False), st.floats(1e-3, 1e3))
def test_order_and_scale_do_not_matter(table, random, factor):
    rows = random.sample(range(table.shape[-2]), table.shape[-2])
    columns = random.sample(range(table.shape[-1]), table.shape[-1])
    changed = table[..., rows, :][..., columns].copy()
    changed[..., 0, :] *= factor
    wanted = similarity(table)[..., rows, :][..., rows]
    assert similarity(changed) == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)
