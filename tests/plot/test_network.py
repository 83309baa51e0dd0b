"""The ring of industries: names cannot touch, the same each time."""

from itertools import pairwise

import pytest

from clusterbelt.plot.network import place_nodes


@pytest.mark.parametrize("count", [1, 2, 5, 17, 40])
def test_names_of_a_side_stand_a_step_apart(count):
    codes = [f"{place:02d}" for place in range(count)]
    found = place_nodes(codes)
    assert set(found) == set(codes)
    for side in (True, False):
        heights = sorted(y for _, y, right in found.values() if right is side)
        assert all(below - above >= 20 for above, below in pairwise(heights))
    assert found == place_nodes(codes)
