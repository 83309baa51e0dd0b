"""Confidence intervals of location quotients: by hand, by simulation, and what has none."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.intervals import location_quotient_interval
from clusterbelt.kernels.specialisation import location_quotient

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "advantage.toml").read_text("utf-8"))
METHODS = ("delta_log", "fieller")
counts = arrays(np.int64, (3, 4), elements=st.integers(1, 5000))


@pytest.mark.parametrize("method", METHODS)
def test_by_hand(method):
    case = GOLDEN["interval"]
    low, high = location_quotient_interval([case["region"], case["rest"]], method=method)
    assert [low[0, 0], high[0, 0]] == pytest.approx(case[method], abs=2e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_nation_around_the_belt_is_the_same_as_all_its_regions(method):
    belt, rest = [[30, 70], [20, 40]], [[30, 310]]
    inside = location_quotient_interval(belt, np.sum(belt + rest, axis=0), method=method)
    together = location_quotient_interval(belt + rest, method=method)
    for one, two in zip(inside, together, strict=True):
        np.testing.assert_allclose(one, two[:2])
    apart = location_quotient_interval(belt, [80, 420], method=method, inside=False)
    assert (apart.upper - apart.lower > inside.upper - inside.lower)[0].all()


@pytest.mark.parametrize("method", METHODS)
def test_the_interval_covers_as_often_as_it_says(method):
    rng = np.random.default_rng(7)
    n, m, p, q = 400, 1600, 0.15, 0.1
    x, y = rng.binomial(n, p, 4000), rng.binomial(m, q, 4000)
    table = np.stack([np.stack([x, n - x], -1), np.stack([y, m - y], -1)], -2)
    low, high = location_quotient_interval(table, level=0.9, method=method)
    true = p / ((n * p + m * q) / (n + m))
    covered = ((low[:, 0, 0] <= true) & (true <= high[:, 0, 0])).mean()
    assert covered == pytest.approx(0.9, abs=0.02)


@given(counts, st.sampled_from(METHODS))
def test_the_quotient_lies_inside_and_more_sure_is_wider(table, method):
    quotient = location_quotient(table)
    low, high = location_quotient_interval(table, method=method)
    known = ~np.isnan(low)
    slack = 1e-9 * quotient[known]
    assert (low[known] <= quotient[known] + slack).all()
    assert (high[known] >= quotient[known] - slack).all()
    wide_low, wide_high = location_quotient_interval(table, level=0.99, method=method)
    both = known & ~np.isnan(wide_low)
    assert (wide_low[both] <= low[both] + 1e-12).all()
    assert (wide_high[both] >= high[both] - 1e-12).all()


@given(counts)
def test_the_two_methods_agree_on_large_counts(table):
    many = table * 1_000_000
    one, two = (location_quotient_interval(many, method=method) for method in METHODS)
    np.testing.assert_allclose(one.lower, two.lower, rtol=1e-3)
    np.testing.assert_allclose(one.upper, two.upper, rtol=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_where_there_is_no_interval(method):
    low, high = location_quotient_interval([[0, 10, 0], [5, 5, 0], [np.nan, 2, 0]], method=method)
    assert np.isnan(low).all()  # the unknown count makes every total unknown
    low, high = location_quotient_interval([[0, 10, 2], [5, 5, 0], [8, 0, 0]], method=method)
    assert np.isnan([low[0, 0], high[0, 0]]).all()  # none of it
    assert np.isnan([low[2, 0], high[2, 0]]).all()  # nothing but it
    assert np.isfinite([low[0, 1], high[0, 1]]).all()
    alone = location_quotient_interval([[3, 4]], method=method)
    assert np.isnan(alone.lower).all()


def test_money_has_no_confidence_interval():
    with pytest.raises(ValueError, match="counts"):
        location_quotient_interval([[3.5, 4.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match="counts"):
        location_quotient_interval([[3.0, 4.0]], [10.5, 20.0])
    with pytest.raises(ValueError, match="counts"):
        location_quotient_interval([[np.inf, 4.0], [1.0, 2.0]])


@pytest.mark.parametrize(
    ("arguments", "options", "match"),
    [
        (([[1, 2]], [1, 2, 3]), {}, "industries"),
        (([[5, 2]], [4, 20]), {}, "inside"),
        (([[1, 2]],), {"level": 1.0}, "level"),
        (([[1, 2]],), {"method": "bootstrap"}, "method"),
        (([[-1, 2]],), {}, "negative"),
    ],
)
def test_what_is_refused(arguments, options, match):
    with pytest.raises(ValueError, match=match):
        location_quotient_interval(*arguments, **options)
