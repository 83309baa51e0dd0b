"""Ellison-Glaeser, Litzenberger-Sternberg and shift-share against printed examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.agglomeration import ellison_glaeser, litzenberger, plant_herfindahl
from clusterbelt.kernels.growth import shift_share

# Farhauer and Kroell (2014), plants of one industry in three Austrian cities.
PLANTS = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
PLANT_REGION = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2]
TOTAL = [500_000, 400_000, 100_000]


def _plants(order):
    sizes, regions = np.array(PLANTS)[order], np.array(PLANT_REGION)[order]
    activity = np.bincount(regions, weights=sizes, minlength=3)[:, None]
    return activity, plant_herfindahl(sizes, np.zeros(10, int), 1)


def test_ellison_glaeser_printed():
    activity, h = _plants(np.arange(10))
    assert ellison_glaeser(activity, h, TOTAL) == pytest.approx([0.05990628], abs=5e-9)


@given(st.permutations(range(10)))
def test_ellison_glaeser_does_not_depend_on_the_order_of_plants(order):
    activity, h = _plants(np.array(order))
    assert ellison_glaeser(activity, h, TOTAL) == pytest.approx([0.05990628], abs=5e-9)


def test_ellison_glaeser_of_a_dartboard_is_zero_on_average():
    rng = np.random.default_rng(1)
    expected = np.array([0.5, 0.3, 0.2])
    found = []
    for _ in range(4000):
        where = rng.choice(3, size=20, p=expected)
        activity = np.bincount(where, minlength=3)[:, None]
        found.append(ellison_glaeser(activity, [1 / 20], expected)[0])
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(len(found))


def test_ellison_glaeser_edges():
    activity = [[1.0, 0.0], [0.0, 0.0]]
    assert np.isnan(ellison_glaeser(activity, [1.0, 0.5], [1.0, 1.0])).all()
    assert np.isnan(plant_herfindahl([1.0], [0], 2)[1])
    with pytest.raises(ValueError, match="negative"):
        ellison_glaeser([[-1.0], [2.0]], [0.1])


def test_litzenberger_by_hand():
    # Region 0: density (10/2)/(40/8) = 1, stock (10/5)/(40/10) = 0.5, size (10/5)/(40/8) = 0.4
    found = litzenberger([[10.0], [30.0]], [2.0, 6.0], [5.0, 5.0], [[5.0], [3.0]])
    # Region 1: density (30/6)/5 = 1, stock (30/5)/4 = 1.5, size (30/3)/5 = 2
    np.testing.assert_allclose(found, [[1.25], [0.75]])


def test_litzenberger_without_plants_is_nan():
    found = litzenberger([[10.0], [0.0]], [1, 1], [1, 1], [[2.0], [0.0]])
    assert np.isnan(found[1, 0])


def test_shift_share_printed():
    # Farhauer and Kroell (2013), region A.
    parts = shift_share(
        [[90, 20, 10, 60]],
        [[100, 40, 10, 55]],
        nation_start=[400, 150, 150, 400],
        nation_end=[440, 210, 135, 480],
    )
    totals = [part.sum() for part in parts]
    np.testing.assert_allclose(totals, [27.0, 1.0, -3.0, 0.0, 25.0])


ACTIVITY = arrays(np.float64, (3, 4), elements=st.floats(0.5, 100))


@given(ACTIVITY, ACTIVITY, st.sampled_from(["classic", "esteban_marquillas"]))
def test_shift_share_adds_up(x0, x1, method):
    parts = shift_share(x0, x1, method=method)
    np.testing.assert_allclose(sum(parts[:4]), parts.change, atol=1e-9)
    # Over the regions of a closed nation nobody gains from being a region.
    regional = (parts.regional + parts.allocation).sum(axis=0)
    np.testing.assert_allclose(regional, 0, atol=1e-9)
    np.testing.assert_allclose(parts.mix.sum(), 0, atol=1e-8)


@given(arrays(np.float64, (4, 3, 4), elements=st.floats(0.5, 100)))
def test_dynamic_shift_share_adds_up_over_the_whole_time(series):
    parts = shift_share(series[:-1], series[1:], method="dynamic")
    np.testing.assert_allclose(parts.change, series[-1] - series[0], atol=1e-9)
    np.testing.assert_allclose(sum(parts[:4]), parts.change, atol=1e-8)


def test_dynamic_with_one_step_is_classic():
    x0, x1 = np.array([[3.0, 5.0], [4.0, 1.0]]), np.array([[4.0, 4.0], [6.0, 2.0]])
    dynamic = shift_share(x0[None], x1[None], method="dynamic")
    for one, two in zip(dynamic, shift_share(x0, x1), strict=True):
        np.testing.assert_allclose(one, two)


def test_an_industry_new_to_the_region_and_one_new_to_the_nation():
    parts = shift_share([[0.0, 0.0], [2.0, 0.0]], [[1.0, 1.0], [2.0, 0.0]])
    # Industry 0 grows from 2 to 3 in the nation; the region had none: all of it is regional.
    assert parts.regional[0, 0] == 1.0
    assert parts.national[0, 0] == 0.0
    assert np.isnan([part[0, 1] for part in parts[:4]]).all()
    assert parts.change[0, 1] == 1.0


def test_esteban_marquillas_by_hand():
    parts = shift_share(
        [[10.0, 10.0]],
        [[12.0, 10.0]],
        method="esteban_marquillas",
        nation_start=[30.0, 10.0],
        nation_end=[33.0, 11.0],
    )
    # Nation grows 10 % everywhere; regional effect 12 - 11 = 1 on 10, so 0.1 a unit.
    # Homothetic 20 * 30/40 = 15: competitive 1.5, allocation -0.5.
    assert parts.regional[0, 0] == pytest.approx(1.5)
    assert parts.allocation[0, 0] == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (([[1.0]], [[1.0, 2.0]]), "shape"),
        (([[1.0]], [[1.0]], "fancy"), "method"),
        (([[1.0]], [[1.0]], "dynamic"), "series"),
    ],
)
def test_shift_share_refuses(arguments, match):
    start, end, *method = arguments
    with pytest.raises(ValueError, match=match):
        shift_share(start, end, **({"method": method[0]} if method else {}))
