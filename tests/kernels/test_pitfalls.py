"""Mistakes that established packages make, or that their users make with them: one test each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterbelt.kernels.agglomeration import (
    coagglomeration,
    ellison_glaeser,
    ellison_glaeser_bounds,
    plant_herfindahl,
)
from clusterbelt.kernels.complexity import (
    complexity_outlook,
    eci_pci,
    fitness,
    presence,
    proximity,
    rca,
    relatedness_density,
)
from clusterbelt.kernels.composite import entropy_weights
from clusterbelt.kernels.concentration import hhi, krugman, locational_gini, theil_l, theil_t
from clusterbelt.kernels.specialisation import gradient, location_quotient, symmetric_lq
from clusterbelt.kernels.structure import similarity


@given(st.permutations(range(8)))
def test_ellison_glaeser_does_not_depend_on_the_order_of_rows(order):
    """REAT sorts plants by region and leaves region totals as they came."""
    sizes = np.array([5.0, 9, 1, 30, 7, 7, 2, 12])[list(order)]
    region = np.array([2, 0, 1, 1, 0, 2, 2, 0])[list(order)]
    industry = np.array([0, 0, 0, 0, 1, 1, 1, 1])[list(order)]
    activity = np.zeros((3, 2))
    np.add.at(activity, (region, industry), sizes)
    herfindahl = plant_herfindahl(sizes, industry, 2)
    found = ellison_glaeser(activity, herfindahl, [50.0, 30.0, 20.0])
    # Industry 0: shares .2 31/45 .1111 against .5 .3 .2; plants 5 9 1 30 of 45; the
    # other 19 0 9 of 28, plants 7 7 2 12.
    shares = np.array([[9 / 45, 31 / 45, 5 / 45], [19 / 28, 0, 9 / 28]])
    own = np.array([(25 + 81 + 1 + 900) / 45**2, (49 + 49 + 4 + 144) / 28**2])
    raw = ((shares - [0.5, 0.3, 0.2]) ** 2).sum(axis=1)
    np.testing.assert_allclose(found, (raw - 0.62 * own) / (0.62 * (1 - own)), rtol=1e-12)
    # Regions in another order, their totals with them.
    turned = ellison_glaeser(activity[[2, 0, 1]], herfindahl, [20.0, 50.0, 30.0])
    np.testing.assert_allclose(turned, found, rtol=1e-12)
    bounds = ellison_glaeser_bounds(activity, reference=[50.0, 30.0, 20.0])
    again = ellison_glaeser_bounds(activity[[2, 0, 1]], reference=[20.0, 50.0, 30.0])
    np.testing.assert_allclose(bounds, again, rtol=1e-12)


def test_nothing_over_nothing_is_unknown_not_zero():
    """EconGeo turns 0/0 into 0: a region without data looks like one without specialisation."""
    table = np.array([[4.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 4.0]])
    for measure in (location_quotient, symmetric_lq, rca):
        found = measure(table)
        assert np.isnan(found[1]).all()
        assert np.isnan(found[:, 1]).all()
        assert np.isfinite(found[np.ix_([0, 2], [0, 2])]).all()
    assert np.isnan(similarity(table)[1]).all()
    assert np.isnan(krugman(table)[1]).all()
    assert np.isnan(hhi(table)[1])
    assert np.isnan(gradient(table, table)[1]).all()
    assert np.isnan(coagglomeration(table)[1]).all()
    assert np.isnan(np.diag(proximity(rca(table)))).tolist() == [False, True, False]


@given(arrays(np.float64, (4, 6), elements=st.sampled_from([0.0, 1.0])), st.integers(1, 7))
def test_k_nearest_density_uses_the_weights(m, nearest):
    """ecomplexity's k-nearest density counts the neighbours and drops how near they are."""
    phi = np.random.default_rng(3).uniform(0.05, 1, (6, 6))
    found = relatedness_density(m, phi, nearest=nearest)
    for r in range(4):
        for i in range(6):
            near = sorted((j for j in range(6) if j != i), key=lambda j: -phi[i, j])[:nearest]
            weight = sum(phi[i, j] for j in near)
            wanted = sum(phi[i, j] * m[r, j] for j in near) / weight
            assert found[r, i] == pytest.approx(wanted, abs=1e-12)
    everything = relatedness_density(m, phi)
    np.testing.assert_allclose(relatedness_density(m, phi, nearest=5), everything)


def test_nearest_must_be_one_at_least():
    with pytest.raises(ValueError, match="nearest"):
        relatedness_density(np.eye(3), nearest=0)


def test_the_reference_area_changes_the_number():
    """A belt inside a nation: the same region is specialised against one and not the other."""
    belt, rest = np.array([[60.0, 40.0], [90.0, 10.0]]), np.array([[20.0, 180.0]])
    nation = (belt.sum(axis=0) + rest[0]).tolist()
    against_belt, against_nation = location_quotient(belt), location_quotient(belt, nation)
    assert against_belt[0, 0] < 1 < against_nation[0, 0]
    np.testing.assert_allclose(against_nation, location_quotient(np.vstack([belt, rest]))[:2])


@pytest.mark.parametrize("seed", range(12))
def test_the_sign_of_eci_follows_diversity(seed):
    """An eigenvector has no sign: a library may return Japan first or last."""
    rng = np.random.default_rng(seed)
    able = rng.uniform(0, 1, 12)
    m = (able[:, None] + rng.normal(0, 0.25, (12, 20)) > rng.uniform(0, 1, 20)).astype(float)
    eci, pci = eci_pci(m)
    known = ~np.isnan(eci)
    assert np.corrcoef(eci[known], m.sum(axis=1)[known])[0, 1] > 0
    # Industries take the sign with them: their index is the mean of the regions that have them.
    seen = ~np.isnan(pci)
    mean = (m[known][:, seen].T @ eci[known]) / m[known][:, seen].sum(axis=0)
    assert np.corrcoef(mean, pci[seen])[0, 1] > 0.999


def test_a_tiny_unit_takes_the_eigenvector_unless_the_core_is_trimmed():
    """An island with two rare exports: the index tells it from the rest and says nothing else."""
    rng = np.random.default_rng(0)
    able, need = np.linspace(1, 0, 30), np.linspace(0, 1, 60)
    m = (able[:, None] + rng.normal(0, 0.15, (30, 60)) > need).astype(float)
    island = np.zeros((1, 60))
    island[0, [56, 59]] = 1.0
    whole = np.vstack([m, island])
    eci, _ = eci_pci(whole)
    assert abs(eci[30]) > 5
    assert np.abs(eci[:30]).max() < 1
    trimmed, pci = eci_pci(whole, least_diversity=4)
    assert np.isnan(trimmed[30])
    known = ~np.isnan(trimmed[:30])
    assert np.corrcoef(trimmed[:30][known], able[known])[0, 1] > 0.9
    assert np.isfinite(pci).any()


def test_trimming_goes_on_until_nothing_more_falls():
    m = np.zeros((5, 5))
    m[:4, :4] = [[1, 1, 1, 0], [1, 1, 0, 1], [1, 1, 1, 1], [1, 0, 0, 1]]
    m[4, 4] = m[4, 0] = 1.0  # industry 4 in one region only; without it region 4 is too small
    eci, pci = eci_pci(m, least_diversity=2, least_ubiquity=2)
    assert np.isnan(eci[4])
    assert np.isnan(pci[4])
    assert np.isfinite(eci[:4]).all()


def test_entropy_weights_with_a_zero():
    """0 ln 0 is 0 in the entropy: one zero must not make every weight NaN."""
    weights = entropy_weights([[0.0, 1.0], [1.0, 1.5], [3.0, 1.2]])
    assert np.isfinite(weights).all()
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > weights[1]


def test_what_reat_calls_theil_is_theil_l():
    """REAT's ``theil`` prints 0.2326302, which is L; T of the same values is another number."""
    values = [10.0, 10, 10, 20, 50]
    assert theil_l(values) == pytest.approx(0.2326302, abs=5e-8)
    assert theil_t(values) == pytest.approx(0.2502012, abs=5e-8)


def test_two_ginis_under_one_name():
    """Unweighted and Lorenz-weighted locational Gini differ as soon as regions differ in size."""
    industry = np.array([[500.0], [500], [1000], [7000], [1000]])
    size = [20000, 15000, 20000, 40000, 5000]
    assert locational_gini(industry, size)[0] == pytest.approx(0.4068966, abs=5e-8)
    assert locational_gini(industry, size, kind="lorenz")[0] == pytest.approx(0.3725)
    same = [7.0] * 5
    alike = [locational_gini(industry, same, kind=kind)[0] for kind in ("unweighted", "lorenz")]
    assert alike[0] == pytest.approx(alike[1])


def _naive_complexity(x):
    """Loops over definitions: advantage, proximity, density, outlook, fitness after ten rounds."""
    regions, industries = x.shape
    m = np.zeros(x.shape)
    for r in range(regions):
        for i in range(industries):
            share = x[r, i] / x[r].sum()
            m[r, i] = float(share / (x[:, i].sum() / x.sum()) >= 1)
    phi = np.zeros((industries, industries))
    for i in range(industries):
        for j in range(industries):
            both = sum(m[r, i] * m[r, j] for r in range(regions))
            phi[i, j] = both / max(m[:, i].sum(), m[:, j].sum())
    density = np.zeros(x.shape)
    for r in range(regions):
        for i in range(industries):
            others = [j for j in range(industries) if j != i]
            near = sum(phi[i, j] for j in others)
            density[r, i] = sum(phi[i, j] * m[r, j] for j in others) / near
    f, q = [1.0] * regions, [1.0] * industries
    for _ in range(9):
        new_f = [sum(m[r, i] * q[i] for i in range(industries)) for r in range(regions)]
        new_q = [1 / sum(m[r, i] / f[r] for r in range(regions)) for i in range(industries)]
        f = [value / np.mean(new_f) for value in new_f]
        q = [value / np.mean(new_q) for value in new_q]
    return m, phi, density, f, q


def test_the_family_against_plain_loops():
    x = np.random.default_rng(11).lognormal(0, 1, (9, 14))
    m, phi, density, f, q = _naive_complexity(x)
    advantage = rca(x)
    assert np.array_equal(presence(advantage), m)
    np.testing.assert_allclose(proximity(advantage), phi, rtol=1e-12)
    np.testing.assert_allclose(relatedness_density(advantage), density, rtol=1e-12)
    found_f, found_q = fitness(advantage, iterations=10)
    np.testing.assert_allclose(found_f, f, rtol=1e-9)
    np.testing.assert_allclose(found_q, q, rtol=1e-9)
    _, pci = eci_pci(advantage)
    wanted = [sum(density[r, i] * (1 - m[r, i]) * pci[i] for i in range(14)) for r in range(9)]
    np.testing.assert_allclose(complexity_outlook(advantage, density, pci), wanted, rtol=1e-9)
