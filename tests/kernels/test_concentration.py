"""Concentration, inequality and difference of structure."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusterbelt.kernels.concentration import (
    equivalent_number,
    gini,
    hhi,
    hoover,
    krugman,
    locational_gini,
    theil_decomposition,
    theil_l,
    theil_t,
)

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "textbook.toml").read_text("utf-8"))
figures = st.integers(0, 1000).map(float)
tables = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=6), elements=figures
)
series = arrays(np.float64, st.integers(2, 8), elements=st.integers(1, 1000).map(float))
OF_SERIES = (hhi, gini, theil_t, theil_l, equivalent_number)
OF_TABLES = (locational_gini, hoover, lambda x: locational_gini(x, kind="lorenz"))


def test_textbook_krugman():
    pair = GOLDEN["krugman_pair"]
    assert krugman([pair["a"], pair["b"]])[0, 1] == pair["printed"]
    case = GOLDEN["krugman_mean_of_others"]
    index = krugman([case["region"], *case["others"]], against="mean_of_others")
    assert index[0] == pytest.approx(case["printed"], abs=5e-5)


def test_textbook_hhi_and_gini():
    case = GOLDEN["hhi"]
    assert hhi(case["values"]) == pytest.approx(case["printed_raw"])
    assert hhi(case["values"], normalised=True) == pytest.approx(case["printed_normalised"])
    assert equivalent_number(case["values"]) == pytest.approx(case["printed_equivalent"], abs=5e-3)
    case = GOLDEN["gini"]
    assert gini(case["values"]) == pytest.approx(case["printed_raw"])
    assert gini(case["values"], normalised=True) == pytest.approx(case["printed_normalised"])


def test_textbook_theil():
    case = GOLDEN["theil_l"]
    assert theil_l(case["values"]) == pytest.approx(case["printed"], abs=5e-8)
    assert theil_t(case["values"]) == pytest.approx(GOLDEN["theil_t"]["by_hand"], abs=1e-10)


def test_the_two_locational_ginis():
    case = GOLDEN["locational_gini_unweighted"]
    industry = np.array(case["industry"], dtype=float)[:, None]
    unweighted = locational_gini(industry, case["reference"])
    assert unweighted[0] == pytest.approx(case["printed"], abs=5e-8)
    lorenz = locational_gini(industry, case["reference"], kind="lorenz")
    assert lorenz[0] == pytest.approx(GOLDEN["locational_gini_lorenz"]["by_hand"])
    # The same with the rest of the economy as a second industry and no explicit reference.
    rest = np.array(case["reference"], dtype=float)[:, None] - industry
    both = np.hstack([industry, rest])
    assert locational_gini(both)[0] == pytest.approx(case["printed"], abs=5e-8)


def test_krugman_by_hand():
    table = [[5.0, 5.0], [2.0, 8.0], [1.0, 0.0]]
    # Shares .5 .5, .2 .8, 1 0.
    wanted = np.array([[0, 0.6, 1.0], [0.6, 0, 1.6], [1.0, 1.6, 0]])
    assert krugman(table) == pytest.approx(wanted)
    # Means of the others .6 .4, .75 .25, .35 .65; all together 8/21 13/21.
    assert krugman(table, against="mean_of_others") == pytest.approx([0.2, 1.1, 1.3])
    together = [2 * abs(s - 8 / 21) for s in (0.5, 0.2, 1.0)]
    assert krugman(table, against="total") == pytest.approx(together)


def test_krugman_of_empty_single_and_unknown_regions():
    assert np.isnan(krugman([[1.0, 2.0]], against="mean_of_others")).all()
    pairs = krugman([[1.0, 1.0], [0.0, 0.0], [1.0, 3.0]])
    assert np.isnan(pairs[1]).all()
    assert np.isnan(pairs[:, 1]).all()
    assert pairs[0, 2] == pytest.approx(0.5)
    with pytest.raises(ValueError, match="against"):
        krugman([[1.0, 2.0]], against="everyone")


def test_hhi_over_either_axis():
    table = [[1.0, 1.0], [3.0, 0.0]]
    assert hhi(table) == pytest.approx([0.5, 1.0])
    assert hhi(table, axis=-2) == pytest.approx([0.625, 1.0])
    assert np.isnan(hhi([5.0], normalised=True))


def test_a_region_of_size_zero():
    table = np.array([[1.0, 4.0], [2.0, 1.0], [0.0, 0.0]])
    assert np.isnan(locational_gini(table)).all()
    assert locational_gini(table, kind="lorenz") == pytest.approx(
        locational_gini(table[:2], kind="lorenz")
    )
    with pytest.raises(ValueError, match="kind"):
        locational_gini(table, kind="gini")
    with pytest.raises(ValueError, match="regions"):
        locational_gini(table, [1.0, 2.0])


def test_hoover_by_hand():
    # Industry shares .25 .75, regions' sizes .5 .5.
    assert hoover([[1.0, 3.0], [3.0, 1.0]]) == pytest.approx([0.25, 0.25])


def test_theil_with_zeros_and_weights():
    assert theil_t([0.0, 2.0]) == pytest.approx(np.log(2))
    assert theil_l([0.0, 2.0]) == np.inf
    assert theil_l([0.0, 2.0], [0.0, 1.0]) == pytest.approx(0.0)
    # A unit of weight two is two units.
    assert theil_t([1.0, 4.0], [2, 1]) == pytest.approx(float(theil_t([1.0, 1.0, 4.0])))
    assert theil_l([1.0, 4.0], [2, 1]) == pytest.approx(float(theil_l([1.0, 1.0, 4.0])))


@pytest.mark.parametrize("measure", OF_SERIES)
def test_nothing_and_unknown_are_nan(measure):
    assert np.isnan(measure([0.0, 0.0]))
    assert np.isnan(measure([1.0, np.nan, 2.0]))
    with pytest.raises(ValueError, match="negative"):
        measure([1.0, -2.0])


@pytest.mark.parametrize("measure", OF_TABLES)
def test_an_industry_nobody_has_and_an_unknown_one(measure):
    assert np.isnan(measure([[1.0, 0.0], [2.0, 0.0]])[1])
    assert np.isnan(measure([[1.0, np.nan], [2.0, 1.0]])).all()


@given(series)
def test_bounds(values):
    n = len(values)
    slack = 1e-12
    assert 1 / n - slack <= hhi(values) <= 1 + slack
    assert -slack <= hhi(values, normalised=True) <= 1 + slack
    assert 0 <= gini(values) <= 1 - 1 / n + slack
    assert 0 <= theil_t(values) <= np.log(n) + slack
    assert theil_l(values) >= 0


@given(st.integers(2, 8), figures.filter(bool))
def test_equal_is_equal(count, value):
    same = np.full(count, value)
    assert hhi(same) == pytest.approx(1 / count)
    assert gini(same) == pytest.approx(0, abs=1e-12)
    assert theil_t(same) == pytest.approx(0, abs=1e-12)
    assert theil_l(same) == pytest.approx(0, abs=1e-12)


@given(series)
def test_gini_by_its_other_road(values):
    differences = np.abs(values[:, None] - values[None, :]).mean()
    assert gini(values) == pytest.approx(differences / (2 * values.mean()), abs=1e-12)


@given(series, st.randoms(use_true_random=False), st.floats(1e-3, 1e3))
def test_order_and_scale_of_series(values, random, factor):
    shuffled = np.array(random.sample(list(values), len(values))) * factor
    for measure in OF_SERIES:
        assert measure(shuffled) == pytest.approx(measure(values), rel=1e-9, abs=1e-12)


@given(tables)
def test_lorenz_by_its_other_road(table):
    for block in np.ndindex(table.shape[:-2]):
        x = table[block]
        if x.sum() == 0:
            continue
        w = x.sum(axis=1) / x.sum()
        for i in range(x.shape[1]):
            found = locational_gini(x, kind="lorenz")[i]
            if x[:, i].sum() == 0:
                assert np.isnan(found)
                continue
            s = x[:, i] / x[:, i].sum()
            assert found == pytest.approx(
                0.5 * np.abs(np.outer(s, w) - np.outer(w, s)).sum(), abs=1e-10
            )


@given(tables, st.randoms(use_true_random=False), st.floats(1e-3, 1e3))
def test_order_and_scale_of_tables(table, random, factor):
    rows = random.sample(range(table.shape[-2]), table.shape[-2])
    columns = random.sample(range(table.shape[-1]), table.shape[-1])
    changed = table[..., rows, :][..., columns] * factor
    for measure in OF_TABLES:
        found, wanted = measure(changed), measure(table)[..., columns]
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)
        known = found[~np.isnan(found)]
        assert ((known >= 0) & (known < 1)).all()
    pairs = krugman(changed)
    wanted = krugman(table)[..., rows, :][..., rows]
    assert pairs == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)
    known = pairs[~np.isnan(pairs)]
    assert ((known >= 0) & (known <= 2 + 1e-12)).all()


@given(series, st.data(), st.sampled_from("tl"), st.booleans())
def test_between_and_within_add_up(values, data, kind, weighted):
    n = len(values)
    groups = np.array(data.draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n)))
    weights = data.draw(arrays(np.float64, n, elements=st.integers(1, 9))) if weighted else None
    between, within = theil_decomposition(values, groups, weights, kind=kind)
    whole = (theil_t if kind == "t" else theil_l)(values, weights)
    assert between + within == pytest.approx(whole, abs=1e-10)
    assert between >= 0
    assert within >= 0


def test_decomposition_by_hand_and_at_the_edges():
    # Groups a: 1 1, b: 4 4: nothing within; between is T of 1 and 4, mean 2.5.
    between, within = theil_decomposition([1.0, 1, 4, 4], ["a", "a", "b", "b"])
    assert within == pytest.approx(0, abs=1e-12)
    assert between == pytest.approx(0.5 * (0.4 * np.log(0.4) + 1.6 * np.log(1.6)))
    between, within = theil_decomposition([0.0, 0, 4, 4], ["a", "a", "b", "b"])
    assert within == pytest.approx(0, abs=1e-12)
    assert between == pytest.approx(np.log(2))
    assert np.isnan(theil_decomposition([1.0, np.nan], ["a", "b"])).all()
    with pytest.raises(ValueError, match="groups"):
        theil_decomposition([1.0, 2.0], ["a"])
    with pytest.raises(ValueError, match="kind"):
        theil_decomposition([1.0, 2.0], ["a", "b"], kind="gini")
