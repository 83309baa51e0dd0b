"""Areas of large graphs against brute force and the exact solver; the size of their test."""

import numpy as np
import pytest
from scipy import sparse

from clusterbelt.kernels.areas import maximum_weight_connected_set
from clusterbelt.kernels.areas_heuristic import csr_parts, heavy_connected_set, heavy_set
from clusterbelt.kernels.areas_permutation import area_significance, large_areas
from clusterbelt.kernels.graph import as_graph, connected_sets, is_connected


def lattice(rows, columns):
    """Return the graph of a grid of squares that share edges."""

    def line(size):
        return sparse.diags_array([1.0, 1.0], offsets=[-1, 1], shape=(size, size))

    across = sparse.kron(sparse.eye_array(rows), line(columns))
    return as_graph(sparse.csr_array(across + sparse.kron(line(rows), sparse.eye_array(columns))))


def test_brute_force_lies_between_the_set_and_its_bound():
    graph, rng = lattice(3, 4), np.random.default_rng(0)
    sets = [list(members) for members in connected_sets(graph, 12)]
    for _ in range(60):
        weights = rng.normal(-0.3, 1.0, 12)
        best = max(0.0, max(weights[members].sum() for members in sets))
        members, bound = heavy_connected_set(weights, graph)
        assert is_connected(members, graph)
        assert weights[members].sum() <= best + 1e-9
        assert bound >= best - 1e-9
        assert weights[members].sum() >= 0.9 * best


@pytest.mark.parametrize("shift", [0.2, 0.5, 1.0])
def test_near_the_exact_optimum(shift):
    graph = lattice(12, 12)
    weights = np.random.default_rng(3).normal(-shift, 1.0, 144)
    exact = maximum_weight_connected_set(weights, graph).objective
    (area,) = large_areas(weights, graph, exact_up_to=0)
    assert 0.95 * exact <= area.objective <= exact + 1e-9 <= area.bound + 2e-9


def test_areas_are_connected_disjoint_and_cannot_gain_by_one_region():
    graph = lattice(15, 15)
    weights = np.random.default_rng(5).normal(-0.8, 1.0, 225)
    areas = large_areas(weights, graph, 3, exact_up_to=0)
    assert len(areas) == 3
    assert np.sum([area.members for area in areas], axis=0).max() == 1
    free = np.ones(225, dtype=bool)
    for area in areas:
        assert is_connected(area.members, graph)
        around = (graph @ area.members.astype(float) > 0) & ~area.members & free
        assert not (weights[around] > 0).any()
        for vertex in np.flatnonzero(area.members & (weights < 0)):
            rest = area.members.copy()
            rest[vertex] = False
            assert not is_connected(rest, graph)
        free &= ~area.members


def test_order_and_scale_do_not_matter():
    graph, rng = lattice(10, 10), np.random.default_rng(1)
    weights = rng.normal(-0.6, 1.0, 100)
    order = rng.permutation(100)
    members, value = heavy_set(weights, *csr_parts(graph))
    shuffled = as_graph(graph[order][:, order])
    moved, again = heavy_set(weights[order], *csr_parts(shuffled))
    np.testing.assert_array_equal(moved, members[order])
    assert again == pytest.approx(value, rel=1e-12)
    scaled, _ = heavy_set(8.0 * weights, *csr_parts(graph))
    np.testing.assert_array_equal(scaled, members)


def test_nothing_to_find():
    graph = lattice(2, 2)
    assert large_areas(-np.ones(4), graph) == []
    members, bound = heavy_connected_set(-np.ones(4), graph)
    assert not members.any()
    assert bound == 0.0
    with pytest.raises(ValueError, match="finite"):
        large_areas([np.nan, 1.0, 1.0, 1.0], graph)


def _counts(graph, industries, seed):
    rng = np.random.default_rng(seed)
    expected = rng.lognormal(0.0, 0.5, graph.shape[0])
    return rng.multinomial(600, expected / expected.sum(), size=industries).T, expected


def test_p_values_keep_their_level_under_the_null():
    graph = lattice(8, 8)
    counts, expected = _counts(graph, 150, 11)
    found = area_significance(
        counts, expected, graph, cost_share=0.004, null="multinomial", draws=99, seed=2
    )
    assert 0.0 <= (found.p_value <= 0.1).mean() <= 0.18


@pytest.mark.parametrize("null", ["arrangement", "dispersed", "multinomial"])
def test_a_planted_area_is_found_whatever_the_threads(null):
    graph = lattice(8, 8)
    counts, expected = _counts(graph, 2, 4)
    planted = np.array([9, 10, 11, 17, 18, 19])
    counts[planted, 0] *= 6
    options = {"cost_share": 0.004, "null": null, "concentration": 200.0, "draws": 199}
    one = area_significance(counts, expected, graph, **options)
    two = area_significance(counts, expected, graph, workers=2, **options)
    assert one.p_value[0] <= 0.01
    assert one.members[planted, 0].all()
    np.testing.assert_array_equal(one.p_value, two.p_value)


def test_an_absent_industry_has_no_statistic():
    graph = lattice(2, 2)
    found = area_significance(np.zeros((4, 1)), np.ones(4), graph, cost_share=0.0, draws=9)
    assert np.isnan(found.p_value).all()
    with pytest.raises(ValueError, match="counts"):
        area_significance(
            np.full((4, 1), 0.5), np.ones(4), graph, cost_share=0.0, null="multinomial"
        )
