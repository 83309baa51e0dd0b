"""Partitions of regions: cuts against brute force on trees, connectedness, floors."""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from clusterbelt.kernels.graph import as_graph, connected_components, is_connected
from clusterbelt.kernels.partition import partition_regions, within_ssd


def line(size):
    return as_graph(
        sparse.csr_array(sparse.diags_array([1.0, 1.0], offsets=[-1, 1], shape=(size, size)))
    )


def lattice(side):
    one = sparse.eye_array(side)
    return as_graph(sparse.csr_array(sparse.kron(one, line(side)) + sparse.kron(line(side), one)))


def test_the_first_cut_is_the_best_of_all():
    rng = np.random.default_rng(0)
    for _ in range(20):
        x = rng.normal(size=(9, 2))
        found = partition_regions(x, line(9), 2)
        every = [within_ssd(x, (np.arange(9) > k).astype(int)) for k in range(8)]
        assert found.ssd == pytest.approx(min(every), rel=1e-12)


def test_three_groups_are_no_better_than_the_best_cuts():
    x = np.random.default_rng(2).normal(size=(10, 1))
    place = np.arange(10)
    every = [
        within_ssd(x, (place > a).astype(int) + (place > b)) for a, b in combinations(range(9), 2)
    ]
    found = partition_regions(x, line(10), 3)
    assert min(every) - 1e-12 <= found.ssd <= within_ssd(x, np.zeros(10, dtype=int))


def test_groups_are_connected_cover_everything_and_follow_order_and_scale():
    graph, rng = lattice(12), np.random.default_rng(1)
    x = rng.normal(size=(144, 3))
    found = partition_regions(x, graph, 9)
    assert found.groups == 9
    assert all(is_connected(found.labels == k, graph) for k in range(9))
    order = rng.permutation(144)
    moved = partition_regions(8.0 * x[order] + 3.0, as_graph(graph[order][:, order]), 9)
    assert moved.ssd == pytest.approx(64.0 * found.ssd, rel=1e-9)
    same = found.labels[order][:, None] == found.labels[order]
    np.testing.assert_array_equal(moved.labels[:, None] == moved.labels, same)


def test_planted_halves_are_found():
    x = np.repeat([0.0, 4.0], 72)[:, None] + np.random.default_rng(4).normal(0, 0.1, (144, 1))
    np.testing.assert_array_equal(
        partition_regions(x, lattice(12), 2).labels, np.repeat([0, 1], 72)
    )


def test_floors_hold_and_components_stay_apart():
    x, people = np.random.default_rng(3).normal(size=(144, 2)), np.full(144, 2.0)
    found = partition_regions(x, lattice(12), floor_of=people, floor=20.0, least_regions=5)
    assert found.groups > 3
    assert np.bincount(found.labels).min() >= 10
    apart = np.zeros((4, 4), dtype=bool)
    apart[0, 1] = apart[1, 0] = True
    found = partition_regions(np.zeros((4, 1)), apart, 2)
    np.testing.assert_array_equal(found.labels, connected_components(apart))


def test_errors_say_what():
    with pytest.raises(ValueError, match="state the number"):
        partition_regions(np.zeros((3, 1)), line(3))
    with pytest.raises(ValueError, match="finite"):
        partition_regions([[np.nan], [0.0], [0.0]], line(3), 2)
