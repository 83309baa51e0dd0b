"""Gradient, standardised quotient, bounds, co-agglomeration, Arcelus: by hand and by loops."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.agglomeration import (
    coagglomeration,
    ellison_glaeser,
    ellison_glaeser_bounds,
    litzenberger,
    plant_herfindahl,
)
from clusterbelt.kernels.growth import shift_share, shift_share_arcelus
from clusterbelt.kernels.specialisation import (
    gradient,
    gradient_parts,
    location_quotient,
    standardised_lq,
)

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "advantage.toml").read_text("utf-8"))
ACTIVITY = arrays(np.float64, (3, 4), elements=st.integers(1, 1000).map(float))


def test_litzenberger_printed():
    case = GOLDEN["litzenberger"]

    def both(name):
        return [case[name], case[f"{name}_all"] - case[name]]

    found = litzenberger(
        np.array(both("employment"))[:, None],
        both("area"),
        both("population"),
        np.array(both("plants"))[:, None],
    )
    assert found[0, 0] == pytest.approx(case["printed"], abs=5e-6)


def test_esteban_marquillas_of_the_textbook_region():
    case = GOLDEN["esteban_marquillas"]
    parts = shift_share(
        [case["start"]],
        [case["end"]],
        case["nation_start"],
        case["nation_end"],
        method="esteban_marquillas",
    )
    for name in ("national", "mix", "regional", "allocation"):
        assert getattr(parts, name).sum() == pytest.approx(case[name], abs=1e-9)


def test_gradient_by_hand():
    case = GOLDEN["gradient"]
    found = gradient(case["value_added"], case["persons"])
    np.testing.assert_allclose(found, case["without_capital"], atol=1e-9)
    found = gradient(case["value_added"], case["persons"], case["capital"])
    np.testing.assert_allclose(found, case["with_capital"], atol=1e-9)
    parts = gradient_parts(case["value_added"], case["persons"], case["capital"])
    np.testing.assert_allclose(parts.coefficient, np.prod(parts[1:], axis=0))


def test_gradient_of_nothing_and_of_the_unknown():
    found = gradient([[1.0, 0.0], [1.0, 2.0]], [[1.0, 0.0], [1.0, 2.0]])
    assert np.isnan(found[0, 1])
    found = gradient([[1.0, 2.0], [1.0, 2.0]], [[1.0, np.nan], [1.0, 2.0]], missing="skip")
    assert np.isnan(found[0, 1])
    assert found[1, 1] == pytest.approx(1.0)  # compared with itself, not with an unknown partner
    with pytest.raises(ValueError, match="shape"):
        gradient([[1.0, 2.0]], [[1.0]])
    with pytest.raises(ValueError, match="negative"):
        gradient([[1.0, 2.0]], [[1.0, -1.0]])


@given(ACTIVITY, ACTIVITY, ACTIVITY, st.floats(1e-3, 1e3))
def test_gradient_is_free_of_units(value, labour, capital, factor):
    wanted = gradient(value, labour, capital)
    found = gradient(value * factor, labour / factor, capital * factor)
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    # Everybody equally productive: only the quotient is left.
    np.testing.assert_allclose(gradient(value, value * 2, value * 3), location_quotient(value))


def _standardised_by_loop(quotient):
    found = np.full(quotient.shape, np.nan)
    for i in range(quotient.shape[1]):
        known = [value for value in quotient[:, i] if np.isfinite(value)]
        if len(known) == 0 or np.std(known) < 1e-9:
            continue
        for r in range(quotient.shape[0]):
            if np.isfinite(quotient[r, i]):
                found[r, i] = (quotient[r, i] - np.mean(known)) / np.std(known)
    return found


@given(arrays(np.float64, (4, 3), elements=st.integers(0, 50).map(float)))
def test_standardised_quotient_by_loop(table):
    quotient = location_quotient(table)
    np.testing.assert_allclose(standardised_lq(table), _standardised_by_loop(quotient), atol=1e-7)
    with np.errstate(divide="ignore"):
        logs = _standardised_by_loop(np.log(quotient))
    np.testing.assert_allclose(standardised_lq(table, log=True), logs, atol=1e-7)


def test_standardised_quotient_at_the_edges():
    assert np.isnan(standardised_lq([[1.0, 2.0]])).all()
    assert np.isnan(standardised_lq([[1.0, 2.0], [2.0, 4.0]])).all()
    # An industry the reference lacks is infinite, and stays out.
    assert np.isnan(standardised_lq([[1.0, 1.0], [2.0, 1.0]], [0.0, 5.0])[:, 0]).all()


PLANTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 100)), min_size=2, max_size=12
)  # region, size


@given(PLANTS, st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_the_true_index_lies_within_its_bounds(plants, reference):
    region, size = np.array(plants).T
    activity = np.bincount(region, weights=size, minlength=3)[:, None]
    number = np.bincount(region, minlength=3)[:, None]
    true = ellison_glaeser(activity, plant_herfindahl(size, np.zeros(len(size), int), 1), reference)
    for known in (None, number):
        low, high = ellison_glaeser_bounds(activity, known, reference)
        assert low[0] - 1e-9 <= true[0] <= high[0] + 1e-9
    # Plant numbers never widen the bounds.
    loose = ellison_glaeser_bounds(activity, None, reference)
    tight = ellison_glaeser_bounds(activity, number, reference)
    assert tight.lower[0] >= loose.lower[0] - 1e-9
    assert tight.upper[0] <= loose.upper[0] + 1e-9


def test_bounds_by_hand_and_at_the_edges():
    # Shares .75 .25 against .5 .5: G = .125, room .5, G/room = .25; H at most .625.
    low, high = ellison_glaeser_bounds([[3.0], [1.0]], reference=[1.0, 1.0])
    assert low[0] == pytest.approx((0.25 - 0.625) / 0.375)
    assert high[0] == pytest.approx(0.25)
    # With 3 and 1 plants, all alike in a region, H is at least .1875 + .0625.
    low, high = ellison_glaeser_bounds([[3.0], [1.0]], [[3], [1]], [1.0, 1.0])
    assert high[0] == pytest.approx(0.0)
    # All in one region: a single plant would leave the index open; between halves it is always 1.
    assert ellison_glaeser_bounds([[3.0], [0.0]], reference=[1.0, 3.0]).upper[0] == np.inf
    assert ellison_glaeser_bounds([[3.0], [0.0]], reference=[3.0, 1.0]).lower[0] == -np.inf
    assert [end[0] for end in ellison_glaeser_bounds([[3.0], [0.0]], reference=[1, 1])] == [1, 1]
    assert np.isnan(ellison_glaeser_bounds([[0.0], [0.0]], reference=[1.0, 1.0]).upper[0])
    assert np.isnan(ellison_glaeser_bounds([[3.0], [1.0]], [[0], [1]], [1.0, 1.0]).lower[0])
    with pytest.raises(ValueError, match="regions"):
        ellison_glaeser_bounds([[3.0], [1.0]], reference=[1.0])


@given(ACTIVITY, arrays(np.float64, 3, elements=st.integers(1, 100).map(float)))
def test_coagglomeration_by_the_group_formula(activity, sizes):
    """The pair form equals the group index of 1997 for two industries, whatever the plants."""
    pairs = coagglomeration(activity, sizes)
    x = sizes / sizes.sum()
    room = 1 - (x**2).sum()
    herfindahl = np.array([0.05, 0.2])
    two = activity[:, :2]
    w = two.sum(axis=0) / two.sum()
    s = two / two.sum(axis=0)
    raw = ((s @ w - x) ** 2).sum() / room - (w**2 * herfindahl).sum()
    own = (w**2 * ellison_glaeser(two, herfindahl, sizes) * (1 - herfindahl)).sum()
    assert pairs[0, 1] == pytest.approx((raw - own) / (1 - (w**2).sum()), abs=1e-9)
    np.testing.assert_allclose(pairs, pairs.T, atol=1e-12)
    assert np.isnan(coagglomeration(activity[:1])).all()


@given(ACTIVITY, ACTIVITY)
def test_arcelus_adds_up_and_refines_the_classic_form(x0, x1):
    parts, classic = shift_share_arcelus(x0, x1), shift_share(x0, x1)
    np.testing.assert_allclose(sum(parts[:8]), parts.change, atol=1e-8)
    national = parts.national_homothetic + parts.national_specialised
    np.testing.assert_allclose(national, classic.national, atol=1e-9)
    mix = parts.mix_homothetic + parts.mix_specialised
    np.testing.assert_allclose(mix, classic.mix, atol=1e-9)
    np.testing.assert_allclose(sum(parts[4:8]), classic.regional, atol=1e-8)


def test_arcelus_by_hand():
    # The region 10 10 -> 15 10 grows by a quarter, the nation 30 10 -> 33 11 by a tenth all over.
    parts = shift_share_arcelus([[10.0, 10.0]], [[15.0, 10.0]], [30.0, 10.0], [33.0, 11.0])
    assert parts.national_homothetic[0] == pytest.approx([1.5, 0.5])  # of 15 and 5
    assert parts.national_specialised[0] == pytest.approx([-0.5, 0.5])
    assert parts.region_homothetic[0] == pytest.approx([15 * 0.15, 5 * 0.15])
    assert parts.interaction_homothetic[0] == pytest.approx([15 * 0.25, 5 * -0.25])
    assert np.isnan([part[0, 0] for part in shift_share_arcelus([[0.0, 1]], [[1.0, 1]])[:8]]).all()


def test_a_whole_series_is_the_same_as_its_steps():
    series = np.random.default_rng(2).uniform(1, 9, (4, 3, 5))
    whole = shift_share(series, method="dynamic")
    steps = shift_share(series[:-1], series[1:], method="dynamic")
    for one, two in zip(whole, steps, strict=True):
        np.testing.assert_array_equal(one, two)
    nation = series.sum(axis=1) * 2
    inside = shift_share(series, None, nation, method="dynamic")
    np.testing.assert_allclose(inside.regional, whole.regional)
    for arguments, match in (
        ((series[0],), "axes"),
        ((series[:1],), "two years"),
        ((series, None, nation, nation), "one series"),
    ):
        with pytest.raises(ValueError, match=match):
            shift_share(*arguments, method="dynamic")
    with pytest.raises(ValueError, match="needs the end"):
        shift_share(series[0])
    with pytest.raises(ValueError, match="industries"):
        shift_share(series[0], series[1], [1.0, 2.0])
