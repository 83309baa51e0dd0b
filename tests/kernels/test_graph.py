"""Graphs: components, connectedness, connected sets against brute force and networkx."""

import itertools
import os
import subprocess
import sys

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from clusterbelt.kernels.graph import as_graph, connected_components, connected_sets, is_connected


@st.composite
def graphs(draw, largest=9):
    size = draw(st.integers(0, largest))
    pairs = list(itertools.combinations(range(size), 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    adjacency = np.zeros((size, size), dtype=bool)
    for a, b in edges:
        adjacency[a, b] = adjacency[b, a] = True
    return adjacency


def grid(rows, columns):
    graph = networkx.convert_node_labels_to_integers(networkx.grid_2d_graph(rows, columns))
    return networkx.to_numpy_array(graph, dtype=bool)


def brute_force(adjacency, largest):
    graph = networkx.from_numpy_array(adjacency)
    return [
        members
        for size in range(1, largest + 1)
        for members in itertools.combinations(range(len(adjacency)), size)
        if networkx.is_connected(graph.subgraph(members))
    ]


@given(graphs(), st.integers(1, 10))
def test_connected_sets_are_those_of_brute_force_in_the_stated_order(adjacency, largest):
    assert connected_sets(adjacency, largest) == brute_force(adjacency, largest)


@given(graphs())
def test_components_are_those_of_networkx(adjacency):
    labels = connected_components(adjacency)
    graph = networkx.from_numpy_array(adjacency)
    expected = sorted(sorted(component) for component in networkx.connected_components(graph))
    found = [np.flatnonzero(labels == c).tolist() for c in range(len(set(labels.tolist())))]
    assert found == expected


@given(graphs(), st.data())
def test_is_connected_agrees_with_networkx(adjacency, data):
    size = len(adjacency)
    members = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    inside = networkx.from_numpy_array(adjacency).subgraph(np.flatnonzero(members).tolist())
    expected = len(inside) == 0 or networkx.is_connected(inside)
    assert is_connected(members, adjacency) is expected


def test_known_numbers_of_connected_sets():
    path, complete, empty = (
        networkx.to_numpy_array(graph, dtype=bool)
        for graph in (networkx.path_graph(7), networkx.complete_graph(6), networkx.empty_graph(5))
    )
    assert len(connected_sets(path, 7)) == 7 * 8 // 2
    assert len(connected_sets(complete, 6)) == 2**6 - 1
    assert connected_sets(empty, 4) == [(0,), (1,), (2,), (3,), (4,)]
    # A square grid has as many fixed placements of each polyomino as fit; of 2 x 2: all but two.
    assert len(connected_sets(grid(2, 2), 4)) == 13


def test_a_sparse_graph_gives_the_same_sets_as_a_dense_one():
    dense = grid(4, 5)
    assert connected_sets(sparse.csr_array(dense), 4) == connected_sets(dense, 4)
    assert is_connected(np.arange(20) < 5, sparse.csr_array(dense))
    assert not is_connected((np.arange(20) == 0) | (np.arange(20) == 19), sparse.csr_array(dense))


def test_loops_are_ignored():
    path = networkx.to_numpy_array(networkx.path_graph(4), dtype=bool)
    assert connected_sets(path | np.eye(4, dtype=bool), 4) == connected_sets(path, 4)
    assert as_graph(path | np.eye(4, dtype=bool)).diagonal().sum() == 0


def test_the_limit_names_the_number():
    sets = connected_sets(grid(5, 5), 4)
    assert connected_sets(grid(5, 5), 4, limit=len(sets)) == sets
    with pytest.raises(ValueError, match=f"more than {len(sets) - 1} connected sets of up to 4"):
        connected_sets(grid(5, 5), 4, limit=len(sets) - 1)


@pytest.mark.parametrize(
    ("adjacency", "message"),
    [
        (np.zeros((2, 3), dtype=bool), "square"),
        (np.array([[0, 1], [0, 0]], dtype=bool), "not symmetric"),
        (np.array([[0.0, np.nan], [np.nan, 0.0]]), "NaN"),
    ],
)
def test_bad_graphs_are_refused(adjacency, message):
    for call in (as_graph, connected_components, lambda graph: connected_sets(graph, 2)):
        with pytest.raises(ValueError, match=message):
            call(adjacency)


def test_bad_sizes_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        connected_sets(grid(2, 2), 0)
    with pytest.raises(ValueError, match="shape"):
        is_connected(np.ones(3, dtype=bool), grid(2, 2))


def test_the_order_does_not_depend_on_the_hash_seed():
    program = (
        "import numpy as np; from clusterbelt.kernels.graph import connected_sets;"
        "a = np.triu(np.random.default_rng(5).random((14, 14)) < 0.3, 1);"
        "print(hash('x'), hash(tuple(connected_sets(a | a.T, 4))))"
    )
    seen = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert seen[0][0] != seen[1][0]  # the seeds did differ
    assert seen[0][1] == seen[1][1]
