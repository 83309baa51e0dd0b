"""Distance-based concentration against naive sums over all pairs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from clusterbelt.kernels.points import (
    EARTH_RADIUS_KM,
    besag_l,
    k_density,
    k_density_bandwidth,
    marcon_puech_m,
    marcon_puech_m_density,
    pair_histogram,
    ripley_k,
)
from clusterbelt.kernels.points_envelope import (
    global_band,
    k_density_envelope,
    marcon_puech_envelope,
)

RADII = np.linspace(0.0, 0.5, 11)


def _points(count=120, seed=3):
    rng = np.random.default_rng(seed)
    return rng.random((count, 2)), rng.random(count) + 0.1, rng.random(count) < 0.4


def _naive_density(distances, mass, radii, h):
    reach = (np.asarray(radii)[:, None] - distances) / h
    mirrored = (np.asarray(radii)[:, None] + distances) / h
    both = np.exp(-0.5 * reach**2) + np.exp(-0.5 * mirrored**2)
    return (both * mass).sum(axis=1) / (h * math.sqrt(2 * math.pi) * mass.sum())


def test_k_density_is_the_sum_over_pairs():
    points, weights, _ = _points()
    first, second = np.triu_indices(len(points), 1)
    expected = _naive_density(pdist(points), weights[first] * weights[second], RADII, 0.05)
    assert k_density(points, RADII, weights, bandwidth=0.05) == pytest.approx(expected, rel=1e-3)


def test_k_density_on_the_sphere_uses_great_circle_distances():
    rng = np.random.default_rng(5)
    points = np.column_stack([rng.uniform(97, 122, 80), rng.uniform(21, 35, 80)])
    first, second = np.triu_indices(80, 1)
    lon, lat = np.radians(points).T
    half = (
        np.sin((lat[first] - lat[second]) / 2) ** 2
        + np.cos(lat[first]) * np.cos(lat[second]) * np.sin((lon[first] - lon[second]) / 2) ** 2
    )
    distances = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    radii = np.arange(100.0, 1500.0, 100.0)
    expected = _naive_density(distances, np.ones(distances.size), radii, 80.0)
    found = k_density(points, radii, bandwidth=80.0, metric="great_circle")
    assert found == pytest.approx(expected, rel=2e-3)


def test_k_density_integrates_to_one():
    points, _, _ = _points()
    at = np.linspace(0.0, 2.5, 5001)
    assert np.trapezoid(k_density(points, at), at) == pytest.approx(1.0, abs=1e-4)


def test_bandwidth_is_silvermans_of_all_distances():
    points, _, _ = _points()
    distances = pdist(points)
    spread = np.subtract(*np.percentile(distances, [75, 25])) / 1.34
    expected = 0.9 * min(distances.std(ddof=1), spread) * distances.size**-0.2
    assert k_density_bandwidth(points) == pytest.approx(expected, rel=1e-4)


def _naive_m(points, weights, reference, neighbour, radii):
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    found = []
    for radius in radii:
        observed = expected = 0.0
        for i in np.flatnonzero(reference):
            near = apart[i] <= radius
            near[i] = False
            if near.any():
                rest = weights[neighbour].sum() - (weights[i] if neighbour[i] else 0.0)
                observed += weights[near & neighbour].sum() / weights[near].sum()
                expected += rest / (weights.sum() - weights[i])
        found.append(observed / expected if expected else math.nan)
    return np.array(found)


@pytest.mark.parametrize("other", [False, True], ids=["within", "between"])
def test_m_is_the_mean_over_reference_points(other):
    points, weights, reference = _points()
    neighbour = ~reference if other else reference
    expected = _naive_m(points, weights, reference, neighbour, RADII)
    found = marcon_puech_m(points, reference, RADII, weights, neighbour=neighbour)
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert math.isnan(found[0])


def test_m_counts_a_point_exactly_at_the_radius():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    found = marcon_puech_m(points, np.array([True, True, False]), [0.5, 1.0, 2.0])
    # Within 1 each of the two has only the other: 1 / (1 / 2). Within 2 the second still has one
    # neighbour (the third is sqrt(5) away), the first has both.
    assert found == pytest.approx([math.nan, 2.0, 1.5], nan_ok=True)


def test_m_of_everything_is_one():
    points, weights, _ = _points()
    found = marcon_puech_m(points, np.ones(len(points), dtype=bool), RADII[1:], weights)
    assert found == pytest.approx(np.ones(10))


def test_m_density_weighs_every_pair():
    points, weights, reference = _points(40)
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    kernel = np.exp(-0.5 * ((0.2 - apart) / 0.05) ** 2) * weights
    np.fill_diagonal(kernel, 0.0)
    rest = (weights[reference].sum() - weights) / (weights.sum() - weights)
    ratios = kernel[:, reference].sum(axis=1) / kernel.sum(axis=1)
    expected = ratios[reference].sum() / rest[reference].sum()
    found = marcon_puech_m_density(points, reference, [0.2], weights, bandwidth=0.05)
    assert found == pytest.approx([expected])


def test_histogram_holds_all_pairs():
    points, weights, _ = _points()
    _, found = pair_histogram(points, weights, largest=0.5)
    first, second = np.triu_indices(len(points), 1)
    assert found.sum() == pytest.approx((weights[first] * weights[second]).sum())
    beyond = pdist(points) > 0.5
    assert found[-1] == pytest.approx((weights[first] * weights[second])[beyond].sum(), rel=1e-3)


def test_isotropic_correction_is_the_share_of_the_circle():
    # The share is measured on 100,000 points of each circle.
    points = np.array([[0.1, 0.2], [0.5, 0.15], [0.95, 0.9]])
    turn = np.linspace(0, 2 * math.pi, 100_001)[:-1]
    total = 0.0
    for i in range(3):
        for j in range(3):
            if i != j:
                radius = math.dist(points[i], points[j])
                x = points[i, 0] + radius * np.cos(turn)
                y = points[i, 1] + radius * np.sin(turn)
                inside = (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
                total += (radius <= 0.6) / inside.mean()
    assert ripley_k(points, [0.6], (0, 1, 0, 1))[0] == pytest.approx(total / 6, rel=1e-4)


def test_translation_correction_by_hand():
    points = np.array([[0.25, 0.5], [0.75, 0.5]])
    found = ripley_k(points, [0.4, 0.5], (0, 1, 0, 1), edge="translation")
    assert found == pytest.approx([0.0, 2.0])  # each pair counts 1 / (1 - 0.5)


def test_l_is_about_zero_under_randomness():
    rng = np.random.default_rng(7)
    found = [besag_l(rng.random((200, 2)), [0.05, 0.1, 0.2], (0, 1, 0, 1)) for _ in range(40)]
    assert np.mean(found, axis=0) == pytest.approx(np.zeros(3), abs=2e-3)


@given(st.permutations(range(30)), st.floats(0.1, 10.0))
@settings(max_examples=20, deadline=None)
def test_order_of_points_and_scale_of_weights_do_not_matter(order, scale):
    points, weights, reference = _points(30)
    order = np.array(order)
    base = marcon_puech_m(points, reference, RADII[1:], weights)
    moved = marcon_puech_m(points[order], reference[order], RADII[1:], scale * weights[order])
    assert moved == pytest.approx(base, nan_ok=True)
    density = k_density(points, RADII, weights, bandwidth=0.1)
    again = k_density(points[order], RADII, scale * weights[order], bandwidth=0.1)
    assert again == pytest.approx(density)


def test_bad_input_is_refused():
    points, weights, reference = _points(10)
    with pytest.raises(ValueError, match="swapped"):
        k_density(
            np.array([[30.0, 120.0], [31.0, 121.0], [32.0, 119.0]]), [1], metric="great_circle"
        )
    with pytest.raises(ValueError, match="finite"):
        k_density(np.array([[np.nan, 1.0], [0.0, 1.0]]), [1.0])
    with pytest.raises(ValueError, match="not negative"):
        k_density(points, [0.1], -weights)
    with pytest.raises(ValueError, match="rise"):
        marcon_puech_m(points, reference, [0.2, 0.1])
    with pytest.raises(ValueError, match="outside"):
        ripley_k(points, [0.1], (0, 0.1, 0, 0.1))


def test_too_few_points_give_nan():
    assert np.isnan(k_density(np.array([[0.0, 0.0]]), [0.1], bandwidth=1.0)).all()
    assert np.isnan(ripley_k(np.array([[0.5, 0.5]]), [0.1], (0, 1, 0, 1))).all()


# --- envelopes


def _planted():
    rng = np.random.default_rng(11)
    sites = rng.random((200, 2))
    sites[:30] = 0.5 + 0.04 * rng.standard_normal((30, 2))
    return sites, np.arange(200) < 30


def test_planted_concentration_leaves_the_band_and_random_labels_do_not():
    sites, member = _planted()
    radii = np.linspace(0.05, 0.4, 8)
    for measure in (k_density_envelope, marcon_puech_envelope):
        found = measure(sites, member, radii, simulations=99, seed=1)
        assert found.concentrated
        assert found.p_value == pytest.approx(0.01)
        assert (found.global_lower <= found.local_lower).all()
        assert (found.global_upper >= found.local_upper).all()
    mixed = np.random.default_rng(2).permutation(member)
    assert not marcon_puech_envelope(sites, mixed, radii, simulations=99, seed=1).concentrated


def test_same_seed_gives_the_same_bytes():
    sites, member = _planted()
    first, second = (
        k_density_envelope(sites, member, [0.1, 0.2], simulations=19, seed=4) for _ in range(2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_false_alarms_keep_to_the_level():
    rng = np.random.default_rng(8)
    curves = rng.standard_normal((999, 20)).cumsum(axis=1)
    low, high = global_band(curves, 0.05)
    fresh = rng.standard_normal((2000, 20)).cumsum(axis=1)
    left = ((fresh < low) | (fresh > high)).any(axis=1).mean()
    assert 0.03 < left < 0.08


def test_envelopes_refuse_what_tells_nothing():
    sites, _ = _planted()
    with pytest.raises(ValueError, match="not all"):
        k_density_envelope(sites, np.ones(200, dtype=bool), [0.1], seed=1)
