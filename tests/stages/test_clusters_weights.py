"""Spatial statistics by distance or travel time: whose neighbour one is, and what is lacking."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.clusters import ClustersSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels import spatial
from clusterbelt.stages import clusters


@pytest.fixture(scope="module")
def yangtze():
    return read_belt("yangtze", "io42")


def _section(**fields):
    return ClustersSection(permutations=99, group_draws=0, **fields)


def test_distance_weights_reach_the_statistics_and_leave_the_areas(yangtze):
    plain = clusters.run(yangtze, {}, _section(), Scope())
    found = clusters.run(yangtze, {}, _section(weights="distance", weights_power=2.0), Scope())
    pd.testing.assert_frame_equal(plain.frame("areas"), found.frame("areas"))
    codes = yangtze.belt_regions
    apart = yangtze.distance_km.loc[codes, codes].to_numpy(float)
    weights = spatial.row_standardise(spatial.distance_weights(apart, kind="inverse", power=2.0))
    table = found.frame("local_statistics")
    own = table[(table["scope"] == "belt") & (table["industry"] == "19")]
    expected = spatial.moran(own["quotient"], weights, permutations=9).statistic
    told = found.frame("spatial_statistics").query(
        "scope == 'belt' and industry == '19' and statistic == 'moran'"
    )
    assert told["value"].item() == pytest.approx(float(expected), rel=1e-12)
    assert set(own["neighbours"]) == {len(codes) - 1}
    assert "clusters.message.weights_distance" in {item.key for item in found.messages}


def test_travel_times_are_asked_for_and_islands_named(yangtze):
    section = _section(weights="travel_time", weights_threshold=100.0)
    with pytest.raises(InputError) as error:
        clusters.run(yangtze, {}, section, Scope())
    assert [issue.code for issue in error.value.issues] == ["clusters_no_weights"]
    codes = yangtze.belt_regions
    minutes = pd.DataFrame(60.0, index=yangtze.regions.index, columns=yangtze.regions.index)
    minutes.loc[codes[0], :] = minutes.loc[:, codes[0]] = 500.0
    found = clusters.run(replace(yangtze, travel_minutes=minutes), {}, section, Scope())
    (alone,) = [m for m in found.messages if m.key == "clusters.message.weights_islands"]
    assert alone.params["regions"] == codes[0]
    local = found.frame("local_statistics")
    own = local[(local["region"] == codes[0]) & (local["scope"] == "belt")]
    assert own["local_moran"].isna().all()
    minutes.loc[codes[1], codes[2]] = 0.0
    with pytest.raises(InputError) as error:
        clusters.run(replace(yangtze, travel_minutes=minutes), {}, section, Scope())
    assert [issue.code for issue in error.value.issues] == ["clusters_weights_zero"]


def test_a_region_without_any_figure_has_no_neighbour(yangtze):
    minutes = pd.DataFrame(np.nan, index=yangtze.regions.index, columns=yangtze.regions.index)
    section = _section(weights="travel_time")
    found = clusters.run(replace(yangtze, travel_minutes=minutes), {}, section, Scope())
    table = found.frame("spatial_statistics")
    assert table.loc[table["statistic"] == "moran", "value"].isna().all()
