"""Groups by density against a plain search over neighbours."""

import numpy as np
import pytest

from clusterbelt.kernels.points_groups import density_groups


def _plain(points, weights, radius, least):
    """Components of dense points within the radius of each other, as sets."""
    near = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) <= radius
    dense = near @ weights >= least * (1 - 1e-12)
    seen, groups = set(), []
    for start in np.flatnonzero(dense):
        if start in seen:
            continue
        group, queue = set(), [start]
        while queue:
            k = queue.pop()
            if k in group:
                continue
            group.add(k)
            queue.extend(np.flatnonzero(near[k] & dense))
        seen |= group
        groups.append(frozenset(int(k) for k in group))
    return groups, near, dense


@pytest.mark.parametrize("seed", range(6))
def test_groups_are_the_components_of_dense_points(seed):
    rng = np.random.default_rng(seed)
    points, weights = rng.random((80, 2)), rng.random(80)
    found = density_groups(points, weights, radius=0.12, least=2.0)
    groups, near, dense = _plain(points, weights, 0.12, 2.0)
    mine = {
        frozenset(int(k) for k in np.flatnonzero((found == g) & dense))
        for g in range(found.max() + 1)
    }
    assert mine == set(groups)
    border = ~dense & (near & dense[None]).any(axis=1)
    assert ((found >= 0) == (dense | border)).all()
    sizes = [weights[found == g].sum() for g in range(found.max() + 1)]
    assert sizes == sorted(sizes, reverse=True)


def test_weights_in_another_unit_and_points_in_another_order():
    rng = np.random.default_rng(1)
    points, weights = rng.random((60, 2)), rng.random(60)
    order = rng.permutation(60)
    once = density_groups(points, weights, radius=0.15, least=2.0)
    scaled = density_groups(points, 1000 * weights, radius=0.15, least=2000.0)
    assert once.tolist() == scaled.tolist()
    again = density_groups(points[order], weights[order], radius=0.15, least=2.0)
    assert (once[order] >= 0).tolist() == (again >= 0).tolist()


def test_nothing_and_nothing_dense():
    assert density_groups(np.zeros((0, 2)), [], radius=1.0, least=1.0).tolist() == []
    assert density_groups([[0, 0], [5, 5]], [1, 1], radius=1.0, least=2.0).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("points", "weights", "radius"),
    [
        ([[0, 0]], [1, 2], 1.0),
        ([[0, np.nan]], [1], 1.0),
        ([[0, 0]], [-1], 1.0),
        ([[0, 0]], [1], 0.0),
    ],
)
def test_what_does_not_fit_raises(points, weights, radius):
    with pytest.raises(ValueError, match=r"points|radius"):
        density_groups(points, weights, radius=radius, least=1.0)
