"""Margins of trade between regions: worked by hand, and what must hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.trade_margins import (
    cap_dominant,
    cross_hauling_share,
    net_through_trade,
    reconcile_margins,
)

AMOUNTS = arrays(float, (2, 4), elements=st.floats(0.0, 100.0).map(lambda v: round(v, 3)))


def _balanced(use, supply, exports, imports, inflow):
    outflow = supply + imports + inflow - use - exports
    return use, supply, exports, imports, outflow, inflow


def test_goods_from_and_for_other_regions_leave_both_sides():
    # Use 10, supply 4: of 30 that come in 20 go on; of what is left all is used here.
    through = net_through_trade(*(np.array([[v]]) for v in _balanced(10.0, 4.0, 0.0, 0.0, 30.0)))
    assert through.domestic.item() == 20.0
    assert through.inflow.item() == 10.0
    assert through.outflow.item() == 4.0


def test_imports_for_other_regions_are_given_to_the_buyers():
    # Region 0 imports 50 and uses 10; regions 1 and 2 buy 30 and 10 from others.
    use = np.array([[10.0, 40.0, 15.0]])
    supply = np.array([[0.0, 10.0, 5.0]])
    imports = np.array([[50.0, 0.0, 0.0]])
    inflow = np.array([[0.0, 30.0, 10.0]])
    zero = np.zeros((1, 3))
    through = net_through_trade(use, supply, zero, imports, np.array([[40.0, 0, 0]]), inflow)
    assert through.imported.tolist() == [[40.0, 0.0, 0.0]]
    assert through.imports.tolist() == [[10.0, 30.0, 10.0]]
    assert through.inflow.tolist() == [[0.0, 0.0, 0.0]]
    assert through.imports.sum() == imports.sum()


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_nothing_comes_in_that_is_not_used_and_nothing_goes_out_that_is_not_made(u, y, e, m, i):
    outflow = y + m + i - u - e
    i = i + np.maximum(-outflow, 0.0)  # what is short is bought
    outflow = np.maximum(outflow, 0.0)
    found = net_through_trade(u, y, e, m, outflow, i)
    assert (found.imports + found.inflow <= u + 1e-9).all()
    assert (found.exports + found.outflow <= y + 1e-9).all()
    for part in (found.exports, found.imports, found.outflow, found.inflow):
        assert (part >= -1e-12).all()
    before = y + m + i - u - e - outflow
    after = y + found.imports + found.inflow - u - found.exports - found.outflow
    np.testing.assert_allclose(after, before, atol=1e-9)  # net trade stays


def test_a_negative_or_missing_figure_is_refused():
    one = np.ones((1, 2))
    with pytest.raises(ValueError, match="imports"):
        net_through_trade(one, one, one, -one, one, one)
    with pytest.raises(ValueError, match="inflow must be finite"):
        net_through_trade(one, one, one, one, one, one * np.nan)


def test_usual_share_is_the_median_of_sound_regions_and_zero_without_enough_of_them():
    outflow = np.array([[2.0, 5.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    inflow = np.array([[4.0, 4.0, 3.0, 9.0], [1.0, 1.0, 1.0, 1.0]])
    room = np.full((2, 4), 10.0)
    sound = np.minimum(outflow, inflow) > 0
    found = cross_hauling_share(outflow, inflow, room, sound, [0.0, 0.5])
    np.testing.assert_allclose(found, [[0.1, 0.0], [0.2, 0.0]])


def test_equal_weights_meet_at_the_geometric_mean():
    outflow, inflow = reconcile_margins([[30.0, 10.0]], [[6.0, 4.0]])
    np.testing.assert_allclose(outflow.sum(), np.sqrt(40.0 * 10.0))
    np.testing.assert_allclose(outflow, [[15.0, 5.0]])
    np.testing.assert_allclose(inflow, [[12.0, 8.0]])


def test_a_margin_without_freedom_stays():
    outflow, inflow = reconcile_margins([30.0, 10.0], [6.0, 4.0], 0.0, 1.0)
    np.testing.assert_allclose(outflow, [30.0, 10.0])
    np.testing.assert_allclose(inflow, [24.0, 16.0])


def test_limits_hold_and_give_way_only_where_they_must():
    outflow, inflow = reconcile_margins(
        [10.0, 10.0], [30.0, 30.0], 1.0, 1.0, [12.0, 100.0], 100.0, [0.0, 25.0]
    )
    assert outflow[0] == 12.0
    assert inflow[1] >= 25.0
    np.testing.assert_allclose(outflow.sum(), inflow.sum())
    outflow, inflow = reconcile_margins([1.0, 1.0], [9.0, 9.0], 1.0, 1.0, 1.0, 9.0, 8.0)
    np.testing.assert_allclose(outflow.sum(), inflow.sum())
    np.testing.assert_allclose(outflow, [8.0, 8.0])


def test_a_product_with_one_side_only_is_not_traded():
    outflow, inflow = reconcile_margins([[1.0, 2.0]], [[0.0, 0.0]])
    assert outflow.sum() == inflow.sum() == 0.0


@given(
    arrays(float, (3, 5), elements=st.floats(0.1, 1e4)),
    arrays(float, (3, 5), elements=st.floats(0.1, 1e4)),
)
def test_reconciled_margins_agree_and_scale_with_their_unit(o, i):
    out, inn = reconcile_margins(o, i, 1.0, 2.0)
    np.testing.assert_allclose(out.sum(axis=1), inn.sum(axis=1), rtol=1e-12)
    thousand, _ = reconcile_margins(1000 * o, 1000 * i, 1.0, 2.0)
    np.testing.assert_allclose(thousand, 1000 * out, rtol=1e-9)
    order = [4, 2, 0, 1, 3]
    moved, _ = reconcile_margins(o[:, order], i[:, order], 1.0, 2.0)
    np.testing.assert_allclose(moved, out[:, order], rtol=1e-9)


@given(arrays(float, (2, 4), elements=st.floats(0.0, 1e3)))
def test_no_region_has_to_trade_with_itself(o):
    i = o[:, ::-1].copy()
    out, inn, taken = cap_dominant(o, i, 0.9)
    total = out.sum(axis=1, keepdims=True)
    assert (out + inn <= total * (1 + 1e-9)).all()
    np.testing.assert_allclose(out - inn, o - i, atol=1e-9)  # net trade stays
    assert (taken >= 0).all()


def test_two_regions_that_only_trade_with_each_other_are_left_alone():
    out, inn, taken = cap_dominant([3.0, 5.0, 0.0], [5.0, 3.0, 0.0])
    assert out.tolist() == [3.0, 5.0, 0.0]
    assert inn.tolist() == [5.0, 3.0, 0.0]
    assert taken.sum() == 0.0
