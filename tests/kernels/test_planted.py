"""Planted areas, how well they are found again, and the scan over penalties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from clusterbelt.kernels.areas_heuristic import csr_parts
from clusterbelt.kernels.areas_permutation import _drop_idle, _joints, area_significance
from clusterbelt.kernels.areas_scan import area_scan
from clusterbelt.kernels.graph import as_graph, connected_components, is_connected
from clusterbelt.kernels.planted import area_recovery, draw_planted_activity, plant_areas


def lattice(rows, columns):
    def line(size):
        return sparse.diags_array([1.0, 1.0], offsets=[-1, 1], shape=(size, size))

    across = sparse.kron(sparse.eye_array(rows), line(columns))
    return as_graph(sparse.csr_array(across + sparse.kron(line(rows), sparse.eye_array(columns))))


HALVES = np.repeat([0, 1], 72).reshape(2, 72).ravel()


def test_planted_areas_are_connected_and_lie_across_groups():
    graph = lattice(12, 12)
    planted = plant_areas(graph, HALVES, [6, 0, 10], seed=1)
    assert planted.sum(axis=0).tolist() == [6, 0, 10]
    for column in (0, 2):
        inside = planted[:, column]
        assert is_connected(inside, graph)
        assert np.bincount(HALVES[inside]).min() >= 0.25 * inside.sum()
    np.testing.assert_array_equal(planted, plant_areas(graph, HALVES, [6, 0, 10], seed=1))


def test_no_border_no_area():
    with pytest.raises(ValueError, match="no two groups"):
        plant_areas(lattice(3, 3), np.zeros(9), [2])
    with pytest.raises(ValueError, match="no area of 9"):
        plant_areas(lattice(3, 3), [0, *[1] * 8], [9])


def test_drawn_quotients_are_as_strong_as_planted():
    graph = lattice(12, 12)
    planted = plant_areas(graph, HALVES, [12, 0], seed=3)
    p = np.full(144, 1 / 144)
    x = draw_planted_activity(p, planted, [3.0, 1.0], [400_000, 500], evenness=np.inf, seed=4)
    assert x.sum(axis=0).tolist() == [400_000.0, 500.0]
    inside = x[planted[:, 0], 0].mean() / x[~planted[:, 0], 0].mean()
    assert inside == pytest.approx(3.0, rel=0.02)


def test_recovery_by_hand_and_where_nothing_is():
    found = np.array([[1, 0, 0], [1, 0, 1], [0, 0, 0]], dtype=bool)
    planted = np.array([[0, 0, 0], [1, 1, 0], [1, 0, 0]], dtype=bool)
    score = area_recovery(found, planted)
    np.testing.assert_allclose(score.precision, [0.5, np.nan, 0.0])
    np.testing.assert_allclose(score.recall, [0.5, 0.0, np.nan])
    np.testing.assert_allclose(score.f_score, [0.5, 0.0, 0.0])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_joints_are_what_the_set_falls_apart_without(seed):
    rng = np.random.default_rng(seed)
    graph = lattice(4, 5)
    kept = rng.random(20) < 0.6
    joint = _joints(kept, *csr_parts(graph))
    before = _parts(kept, graph)
    for vertex in np.flatnonzero(kept):
        rest = kept.copy()
        rest[vertex] = False
        assert joint[vertex] == (_parts(rest, graph) > before)
    assert not joint[~kept].any()


def _parts(kept, graph):
    inside = np.flatnonzero(kept)
    return 0 if inside.size == 0 else int(connected_components(graph[inside][:, inside]).max()) + 1


def test_idle_members_go_and_the_set_holds():
    graph = lattice(6, 6)
    weights = np.random.default_rng(2).normal(-0.2, 1.0, 36)
    kept = _drop_idle(np.ones(36, dtype=bool), weights, graph)
    assert is_connected(kept, graph)
    assert kept[weights > 0].all()


def test_one_penalty_is_the_plain_test():
    graph, rng = lattice(8, 8), np.random.default_rng(0)
    p = np.full(64, 1 / 64)
    x = rng.poisson(5.0, (64, 2)).astype(float)
    plain = area_significance(x, p, graph, cost_share=0.01, draws=99)
    scan = area_scan(x, p, graph, [(1.0, 0.01)], draws=99)
    np.testing.assert_array_equal(scan.members, plain.members)
    np.testing.assert_allclose(scan.p_value, plain.p_value)
    np.testing.assert_allclose(scan.weight, plain.statistic)


def test_the_scan_finds_a_planted_area_and_its_test_keeps_its_size():
    graph = lattice(12, 12)
    p = np.full(144, 1 / 144)
    planted = plant_areas(graph, HALVES, [10] + [0] * 39, seed=5)
    strength = np.r_[5.0, np.ones(39)]
    x = draw_planted_activity(p, planted, strength, [20_000] * 40, evenness=8.0, seed=6)
    x = np.column_stack([x, np.zeros(144)])
    penalties = [(1.5, 0.0), (2.0, 0.0)]
    scan = area_scan(x, p, graph, penalties, draws=99, seed=7)
    assert area_recovery(scan.members[:, :1], planted[:, :1]).f_score[0] > 0.8
    assert scan.p_value[0] == 0.01
    assert (scan.p_value[1:40] <= 0.1).mean() < 0.25
    assert scan.penalty[40] == -1
    assert np.isnan(scan.p_value[40])
    again = area_scan(1000.0 * x, p, graph, penalties, draws=99, seed=7, workers=2)
    np.testing.assert_array_equal(scan.members, again.members)
    np.testing.assert_allclose(scan.p_value, again.p_value)


def test_penalties_are_checked():
    for penalties in ([], [(1.0, -1.0)], [(np.nan, 0.0)]):
        with pytest.raises(ValueError, match="penalties"):
            area_scan(np.ones((4, 1)), np.ones(4), lattice(2, 2), penalties, draws=9)
