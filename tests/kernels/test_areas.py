"""Cluster areas: brute force over all subsets is the oracle; properties on larger maps."""

import itertools
import math

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import Delaunay

from clusterbelt.kernels import areas_milp
from clusterbelt.kernels.areas import Area, best_areas, maximum_weight_connected_set
from clusterbelt.kernels.areas_milp import solve_rooted
from clusterbelt.kernels.areas_reduce import build_net, reduce_net
from clusterbelt.kernels.graph import as_graph, is_connected


@st.composite
def problems(draw, largest=10):
    """A random graph, sparse to dense, with weights of three kinds: whole (ties), real, planted."""
    size = draw(st.integers(1, largest))
    seed = draw(st.integers(0, 10**6))
    density = draw(st.sampled_from([0.15, 0.3, 0.5, 0.8]))
    kind = draw(st.sampled_from(["whole", "real", "few"]))
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((size, size)) < density, 1)
    weights = {
        "whole": rng.integers(-4, 4, size).astype(float),
        "real": rng.normal(-0.3, 1.0, size),
        "few": np.where(rng.random(size) < 0.4, rng.random(size) * 5, -rng.random(size) * 2),
    }[kind]
    return weights, upper | upper.T


def brute_force(weights, adjacency):
    size = len(weights)
    near = [sum(1 << int(u) for u in np.flatnonzero(row)) for row in adjacency]
    best = 0.0
    for mask in range(1, 1 << size):
        reached = mask & -mask
        while True:
            grown = reached
            for v in range(size):
                if reached >> v & 1:
                    grown |= near[v] & mask
            if grown == reached:
                break
            reached = grown
        if reached == mask:
            best = max(best, math.fsum(weights[v] for v in range(size) if mask >> v & 1))
    return best


def random_map(size, seed, mean=-0.5):
    rng = np.random.default_rng(seed)
    adjacency = np.zeros((size, size), dtype=bool)
    for triangle in Delaunay(rng.random((size, 2))).simplices:
        for a, b in itertools.permutations(triangle, 2):
            adjacency[a, b] = True
    return rng.normal(mean, 1.0, size), adjacency


def line(size):
    return networkx.to_numpy_array(networkx.path_graph(size), dtype=bool)


def check_area(area: Area, weights, adjacency):
    assert is_connected(area.members, adjacency)
    assert area.objective == math.fsum(weights[area.members])
    assert area.bound >= area.objective


@settings(max_examples=250)
@given(problems())
def test_it_is_the_optimum_of_brute_force(problem):
    weights, adjacency = problem
    area = maximum_weight_connected_set(weights, adjacency)
    check_area(area, weights, adjacency)
    assert area.proven
    assert area.objective == pytest.approx(brute_force(weights, adjacency), abs=1e-9)


# Maps of twelve that the reductions alone do not solve.
@pytest.mark.parametrize("seed", [5, 19, 25, 65, 95, 97, 121, 133])
def test_it_is_the_optimum_of_brute_force_where_the_programme_is_needed(seed):
    weights, adjacency = random_map(12, seed, mean=-1.0)
    weights[:5] += 2.5
    net = build_net(weights, as_graph(adjacency))
    reduce_net(net)
    assert sum(weight > 0.0 for weight in net.weight.values()) > 1
    area = maximum_weight_connected_set(weights, adjacency)
    assert area.proven
    assert area.objective == pytest.approx(brute_force(weights, adjacency), abs=1e-9)


@given(problems(largest=8), st.integers(0, 7))
def test_the_rooted_programme_alone_is_the_optimum_of_brute_force(problem, place):
    # Without reductions, so that cuts and not preparation carry the result.
    weights, adjacency = problem
    root = place % len(weights)
    weights = weights.copy()
    weights[root] = abs(weights[root]) + 100.0  # whoever is best holds the root
    labels = sorted(networkx.node_connected_component(networkx.from_numpy_array(adjacency), root))
    inside = adjacency[np.ix_(labels, labels)]
    if len(labels) == 1:
        return
    solution = solve_rooted(
        weights[labels],
        [np.flatnonzero(row).tolist() for row in inside],
        labels.index(root),
        incumbent=0.0,
        slack=0.0,
        node_limit=1000,
    )
    expected = brute_force(weights[labels], inside)
    assert math.fsum(weights[labels][list(solution.members)]) == pytest.approx(expected, abs=1e-8)
    assert solution.bound == pytest.approx(expected, abs=1e-6)


@given(problems())
def test_the_reductions_keep_the_optimum(problem):
    weights, adjacency = problem
    net = build_net(weights, as_graph(adjacency))
    reduce_net(net)
    left = sorted(net.weight)
    noted = max((math.fsum(weights[group]) for group in net.candidates), default=0.0)
    inside = np.array([[u in net.near[v] for u in left] for v in left], dtype=bool).reshape(
        len(left), len(left)
    )
    remaining = brute_force(np.array([net.weight[v] for v in left]), inside)
    assert max(noted, remaining) == pytest.approx(brute_force(weights, adjacency), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_a_tree_is_solved_by_the_reductions_alone(seed):
    tree = networkx.to_numpy_array(networkx.random_labeled_tree(40, seed=seed), dtype=bool)
    net = build_net(np.random.default_rng(seed).normal(-0.5, 1.0, 40), as_graph(tree))
    reduce_net(net)
    assert net.weight == {}


@given(problems(), st.randoms(use_true_random=False))
def test_labels_and_scale_do_not_change_the_objective(problem, random):
    weights, adjacency = problem
    area = maximum_weight_connected_set(weights, adjacency)
    order = list(range(len(weights)))
    random.shuffle(order)
    shuffled = maximum_weight_connected_set(weights[order], adjacency[np.ix_(order, order)])
    assert shuffled.objective == pytest.approx(area.objective, abs=1e-9)
    for factor in (1e-7, 1024.0, 3e8):
        scaled = maximum_weight_connected_set(weights * factor, adjacency)
        assert scaled.objective == pytest.approx(area.objective * factor, rel=1e-9, abs=1e-12)
        assert scaled.proven


def test_labels_do_not_change_the_members_when_the_optimum_is_unique():
    weights, adjacency = random_map(60, 4)
    members = maximum_weight_connected_set(weights, adjacency).members
    order = np.random.default_rng(1).permutation(60)
    shuffled = maximum_weight_connected_set(weights[order], adjacency[np.ix_(order, order)])
    assert np.array_equal(shuffled.members, members[order])


@pytest.mark.parametrize(("size", "mean"), [(31, -0.3), (80, -0.7), (150, -1.0), (250, -0.5)])
def test_no_single_addition_or_removal_is_better(size, mean):
    weights, adjacency = random_map(size, size, mean)
    area = maximum_weight_connected_set(weights, adjacency)
    check_area(area, weights, adjacency)
    assert area.proven
    assert area.members.sum() > 2
    for vertex in range(size):
        other = area.members.copy()
        other[vertex] = not other[vertex]
        if is_connected(other, adjacency):
            assert math.fsum(weights[other]) <= area.objective + 1e-9


def test_it_beats_greedy_growth():
    # Two riches joined by a poor bridge: growth by best neighbour never crosses it.
    weights = np.array([5.0, -2.0, -2.0, 6.0, -1.0])
    area = maximum_weight_connected_set(weights, line(5))
    assert area.members.tolist() == [True, True, True, True, False]
    assert area.objective == 7.0


def test_three_regions_joined_in_pairs_need_two_of_the_three_bridges():
    # A relaxation by vertices alone is content with half of each bridge and promises 3.5.
    weights = np.array([2.0, 2.0, 2.0, -1.0, -1.0, -1.0])
    edges = [(0, 3), (1, 3), (1, 4), (2, 4), (0, 5), (2, 5)]
    adjacency = np.zeros((6, 6), dtype=bool)
    for a, b in edges:
        adjacency[a, b] = adjacency[b, a] = True
    area = maximum_weight_connected_set(weights, adjacency)
    assert area.objective == 4.0
    assert area.bound == pytest.approx(4.0, abs=1e-9)


def test_nothing_above_zero_is_the_empty_area():
    for weights in ([-1.0, -2.0, -3.0], [0.0, 0.0, -1.0]):
        area = maximum_weight_connected_set(weights, line(3))
        assert not area.members.any()
        assert (area.objective, area.bound, area.proven) == (0.0, 0.0, True)
    assert best_areas([-1.0, 0.0], line(2), 3) == []
    nobody = maximum_weight_connected_set(np.zeros(0), np.zeros((0, 0), dtype=bool))
    assert nobody.members.shape == (0,)
    assert nobody.objective == 0.0


def test_zero_weight_joins_only_where_it_holds_the_area_together():
    weights = np.array([0.0, 2.0, 0.0, 3.0, 0.0])
    area = maximum_weight_connected_set(weights, line(5))
    assert area.members.tolist() == [False, True, True, True, False]


def test_an_island_can_be_an_area_and_ties_go_to_the_first():
    nobody_near = np.zeros((4, 4), dtype=bool)
    area = maximum_weight_connected_set([1.0, 3.0, 3.0, -1.0], nobody_near)
    assert area.members.tolist() == [False, True, False, False]
    # As heavy with fewer regions goes before as heavy with more.
    weights = np.array([2.0, -1.0, 1.0 + 2.0, -9.0, 4.0])
    assert maximum_weight_connected_set(weights, line(5)).members.tolist() == [
        False,
        False,
        False,
        False,
        True,
    ]


def test_two_calls_give_the_same_members():
    weights, adjacency = random_map(120, 9, -0.8)
    first = maximum_weight_connected_set(weights, adjacency)
    second = maximum_weight_connected_set(weights, adjacency)
    assert np.array_equal(first.members, second.members)
    assert first.objective == second.objective


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_unknown_weights_are_refused(bad):
    for call in (maximum_weight_connected_set, lambda w, a: best_areas(w, a, 2)):
        with pytest.raises(ValueError, match="finite; 1 of 3"):
            call([1.0, bad, 2.0], line(3))


def test_other_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="shape"):
        maximum_weight_connected_set([1.0, 2.0], line(3))
    with pytest.raises(ValueError, match="symmetric"):
        maximum_weight_connected_set([1.0, 2.0], np.array([[0, 1], [0, 0]], dtype=bool))
    with pytest.raises(ValueError, match="count"):
        best_areas([1.0], line(1), 0)


@given(problems(), st.integers(1, 4))
def test_best_areas_are_disjoint_falling_and_each_best_of_what_is_left(problem, count):
    weights, adjacency = problem
    areas = best_areas(weights, adjacency, count)
    left = np.ones(len(weights), dtype=bool)
    for area in areas:
        check_area(area, weights, adjacency)
        assert not (area.members & ~left).any()
        inside = np.flatnonzero(left)
        expected = brute_force(weights[inside], adjacency[np.ix_(inside, inside)])
        assert area.objective == pytest.approx(expected, abs=1e-9)
        left &= ~area.members
    objectives = [area.objective for area in areas]
    assert objectives == sorted(objectives, reverse=True)
    if len(areas) < count:
        assert not (weights[left] > 0).any()


def test_an_unfinished_search_says_so_and_its_bound_holds(monkeypatch):
    weights, adjacency = random_map(60, 2, -1.0)
    exact = maximum_weight_connected_set(weights, adjacency)
    monkeypatch.setattr(areas_milp, "MOST_ROUNDS_OF_RELAXATION", 1)
    monkeypatch.setattr(areas_milp, "MOST_ROUNDS_WITH_INTEGERS", 0)
    cut_short = maximum_weight_connected_set(weights, adjacency)
    assert not cut_short.proven
    assert cut_short.objective <= exact.objective < cut_short.bound
    check_area(cut_short, weights, adjacency)


def test_the_programme_with_integers_finishes_what_the_relaxation_leaves(monkeypatch):
    weights, adjacency = random_map(60, 2, -1.0)
    exact = maximum_weight_connected_set(weights, adjacency)
    monkeypatch.setattr(areas_milp, "MOST_ROUNDS_OF_RELAXATION", 1)
    whole = maximum_weight_connected_set(weights, adjacency)
    assert whole.proven
    assert whole.objective == pytest.approx(exact.objective, abs=1e-9)
