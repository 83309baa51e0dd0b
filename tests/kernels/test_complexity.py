"""The complexity family against an established package and against its own properties."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.complexity import (
    complexity_outlook,
    eci_pci,
    fitness,
    presence,
    proximity,
    rca,
    relatedness_density,
)

ORACLE = Path(__file__).parents[3] / "shared" / "oracle" / "trade_1998_2000"
MATRICES = arrays(
    np.float64,
    st.tuples(st.integers(3, 8), st.integers(3, 8)),
    elements=st.sampled_from([0.0, 1.0]),
)


@pytest.fixture(scope="module")
def trade():
    if not ORACLE.is_dir():
        pytest.skip("the downloaded 1998-2000 trade matrix is not on this machine")
    table = pd.read_csv(ORACLE / "trade.csv.gz", dtype={"product": str})
    return table.pivot(index="country", columns="product", values="value").fillna(0.0)


def _expected(name):
    return pd.read_csv(ORACLE / name, index_col=0, dtype={0: str})


def test_rca_against_the_package(trade):
    expected = _expected("expected_balassa.csv.gz").loc[trade.index, trade.columns]
    assert np.array_equal(presence(rca(trade.to_numpy())), expected.to_numpy())


def test_proximity_of_countries_against_the_package(trade):
    expected = _expected("expected_proximity_country.csv.gz").loc[trade.index, trade.index]
    found = proximity(rca(trade.to_numpy()), of="regions")
    assert np.abs(found - expected.to_numpy()).max() < 1e-9  # printed with ten digits


def test_fitness_against_the_package(trade):
    f, q = fitness(rca(trade.to_numpy()), iterations=20)
    country = _expected("expected_fitness_country.csv.gz")["fitness"].loc[trade.index]
    product = _expected("expected_fitness_product.csv.gz")["complexity"].loc[trade.columns]
    np.testing.assert_allclose(f, country, rtol=1e-9)
    np.testing.assert_allclose(q, product, rtol=1e-9)


def test_eci_of_the_trade_matrix(trade):
    # Printed in the design: the symmetric form, standardised with the population deviation.
    eci, _ = eci_pci(rca(trade.to_numpy()))
    found = pd.Series(eci, index=trade.index).nlargest(4)
    assert list(found.index) == ["sgs", "jpn", "hmd", "gbr"]
    np.testing.assert_allclose(found, [2.3399, 2.2626, 1.9896, 1.9242], atol=5e-5)


def test_trimming_removes_the_tiny_unit(trade):
    advantage = rca(trade.to_numpy())
    eci, _ = eci_pci(advantage, least_diversity=20)
    ranking = pd.Series(eci, index=trade.index)
    diversity = pd.Series(presence(advantage).sum(axis=1), index=trade.index)
    assert ranking[diversity < 20].isna().all()
    assert ranking.idxmax() == "jpn"


def test_eci_is_the_second_eigenvector_of_the_plain_form():
    m = np.random.default_rng(3).random((7, 9)) < 0.5
    m = m.astype(float)
    eci, pci = eci_pci(m)
    transition = (m / m.sum(axis=1, keepdims=True)) @ (m / m.sum(axis=0, keepdims=True)).T
    values, vectors = np.linalg.eig(transition)
    plain = np.real(vectors[:, np.argsort(-np.real(values))[1]])
    plain = (plain - plain.mean()) / plain.std()
    plain *= np.sign(np.corrcoef(plain, m.sum(axis=1))[0, 1])
    np.testing.assert_allclose(eci, plain, atol=1e-9)
    averaged = (m.T @ plain) / m.sum(axis=0)
    np.testing.assert_allclose(pci, (averaged - averaged.mean()) / averaged.std(), atol=1e-9)


@pytest.mark.parametrize("shape", [(6, 12), (12, 6)])
def test_both_sides_give_the_same(shape):
    m = (np.random.default_rng(5).random(shape) < 0.4).astype(float)
    eci, pci = eci_pci(m)
    assert abs(np.nanmean(eci)) < 1e-12
    assert abs(np.nanstd(pci) - 1) < 1e-12


def test_a_separate_part_has_no_complexity():
    m = np.zeros((6, 6))
    m[:4, :4] = np.triu(np.ones((4, 4)))
    m[4:, 4:] = np.eye(2)
    eci, pci = eci_pci(m)
    assert np.isnan(eci[4:]).all()
    assert np.isnan(pci[4:]).all()
    assert np.isfinite(eci[:4]).all()


@pytest.mark.parametrize("m", [np.zeros((3, 4)), np.ones((3, 4)), np.ones((1, 4)), np.eye(3)])
def test_nothing_to_compare_is_nan(m):
    eci, pci = eci_pci(m)
    assert np.isnan(eci).all()
    assert np.isnan(pci).all()


@given(MATRICES, st.randoms(use_true_random=False))
def test_eci_follows_the_labels(m, random):
    eci, pci = eci_pci(m)
    rows, columns = list(range(m.shape[0])), list(range(m.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    again, again_pci = eci_pci(m[np.ix_(rows, columns)])
    # Ties between parts or eigenvalues leave the vector open; then only its size is determined.
    transition = _second_gap(m)
    if transition > 1e-6:
        np.testing.assert_allclose(again, eci[rows], atol=1e-6)
        np.testing.assert_allclose(again_pci, pci[columns], atol=1e-6)


def _second_gap(m):
    k, u = m.sum(axis=1), m.sum(axis=0)
    if (k == 0).any() or (u == 0).any():
        return 0.0
    scaled = m / np.sqrt(k)[:, None] / np.sqrt(u)
    values = np.sort(np.linalg.svd(scaled, compute_uv=False) ** 2)[::-1]
    if len(values) < 3 or values[1] > 1 - 1e-9:
        return 0.0
    regions = np.linalg.svd(scaled)[0][:, 1] / np.sqrt(k)
    # The sign, too, is open when the vector does not correlate with diversity.
    if abs(np.dot(regions - regions.mean(), k)) < 1e-6:
        return 0.0
    return values[1] - values[2]


@given(MATRICES)
def test_proximity_is_symmetric_and_bounded(m):
    phi = proximity(m)
    np.testing.assert_array_equal(phi, phi.T)
    seen = m.sum(axis=0) > 0
    assert np.array_equal(np.isnan(np.diag(phi)), ~seen)
    known = phi[~np.isnan(phi)]
    assert ((known >= 0) & (known <= 1)).all()
    assert np.allclose(np.diag(phi)[seen], 1.0)


@given(MATRICES)
def test_density_is_a_share(m):
    density = relatedness_density(m)
    known = density[~np.isnan(density)]
    assert ((known >= -1e-12) & (known <= 1 + 1e-12)).all()


def test_density_by_hand():
    m = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]])
    # ubiquity 2, 2, 1; together: (0,1) once, (0,2) once, (1,2) never
    np.testing.assert_allclose(proximity(m), [[1, 0.5, 0.5], [0.5, 1, 0], [0.5, 0, 1]])
    expected = [[0.5, 1.0, 1.0], [0.5, 1.0, 1.0], [0.5, 0.0, 0.0]]
    np.testing.assert_allclose(relatedness_density(m), expected)
    with_self = relatedness_density(m, include_self=True)
    np.testing.assert_allclose(with_self[0], [0.75, 1.0, 1 / 3])


def test_density_uses_the_weights_given():
    m = np.array([[1, 0, 0], [0, 1, 1]])
    weights = np.array([[0, 3, 1], [3, 0, 0], [1, 0, 0]])
    np.testing.assert_allclose(relatedness_density(m, weights)[1], [1.0, 0.0, 0.0])
    weights[0, 1] = 1
    np.testing.assert_allclose(relatedness_density([[1, 1, 0]], weights)[0, 0], 0.5)


def test_density_leaves_the_weights_as_they_are():
    weights = np.ones((3, 3))
    relatedness_density(np.eye(3), weights)
    assert weights.sum() == 9


def test_density_refuses_weights_of_another_size():
    with pytest.raises(ValueError, match="relatedness"):
        relatedness_density(np.eye(3), np.ones((2, 2)))


def test_outlook_by_hand():
    m = [[1, 0, 0]]
    density = [[0.9, 0.5, 0.2]]
    assert complexity_outlook(m, density, [5.0, 1.0, -1.0]) == pytest.approx([0.3])
    assert complexity_outlook(m, density, [5.0, 1.0, np.nan]) == pytest.approx([0.5])


def test_nan_is_not_presence():
    assert presence([[np.nan, 1.0, 0.99, np.inf]]).tolist() == [[0.0, 1.0, 0.0, 1.0]]


def test_fitness_of_nobody():
    f, q = fitness([[1, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert f[2] == 0.0
    assert np.isnan(q[2])
    assert f[0] > f[1]
    with pytest.raises(ValueError, match="iterations"):
        fitness([[1]], iterations=0)
