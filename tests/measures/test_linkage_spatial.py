"""Linkages and spatial statistics with labels."""

import numpy as np
import pytest
import xarray as xr

from clusterbelt.core.errors import AlignmentError
from clusterbelt.kernels import spatial as kernel
from clusterbelt.measures import linkage, spatial

CODES = ["01", "02", "03", "04"]
REGIONS = ["a", "b", "c", "d", "e"]


def _flows():
    values = np.random.default_rng(1).random((4, 4))
    return xr.DataArray(
        values,
        dims=("industry_from", "industry_to"),
        coords={"industry_from": CODES, "industry_to": CODES},
    )


def _values_and_weights():
    values = xr.DataArray([1.0, 5.0, 2.0, 8.0, 9.0], dims="region", coords={"region": REGIONS})
    adjacency = np.eye(5, k=1) + np.eye(5, k=-1)
    weights = xr.DataArray(
        adjacency,
        dims=("region_from", "region_to"),
        coords={"region_from": REGIONS, "region_to": REGIONS},
    )
    return values, weights


def test_linkage_goes_by_labels():
    flows = _flows()
    shuffled = flows.sel(industry_to=CODES[::-1]).transpose("industry_to", "industry_from")
    assert linkage.io_linkage(shuffled).equals(linkage.io_linkage(flows))
    with pytest.raises(AlignmentError, match="same industries"):
        linkage.io_linkage(flows.isel(industry_to=slice(3)))


def test_groups_of_two_linkages():
    activity = xr.DataArray(
        np.random.default_rng(2).random((5, 4)),
        dims=("region", "industry"),
        coords={"region": REGIONS, "industry": CODES},
    )
    flows = _flows()
    found = linkage.industry_groups(activity, flows, count=2)
    assert found.dims == ("industry",)
    assert set(found.values) == {0.0, 1.0}
    shuffled = activity.isel(industry=[2, 0, 3, 1])
    again = linkage.industry_groups(shuffled, flows.isel(industry_to=[3, 1, 0, 2]), count=2)
    assert found.equals(again)
    with pytest.raises(AlignmentError, match="04"):
        linkage.industry_groups(activity.isel(industry=slice(3)), flows)


@pytest.mark.parametrize("name", spatial.__all__)
def test_spatial_statistics_go_by_labels(name):
    values, weights = _values_and_weights()
    found = getattr(spatial, name)(values, weights)
    moved = getattr(spatial, name)(values, weights.sel(region_to=REGIONS[::-1]))
    assert found.equals(moved)
    direct = getattr(kernel, name)(values.values, weights.values)
    assert found.values == pytest.approx(direct.statistic)
    p_values = getattr(spatial, name)(values, weights, of="p_value")
    assert p_values.values == pytest.approx(direct.p_value)
    with pytest.raises(AlignmentError, match="different regions"):
        getattr(spatial, name)(values.isel(region=slice(4)), weights)


def test_without_weights_everybody_is_a_neighbour():
    values, _ = _values_and_weights()
    assert float(spatial.moran(values)) == pytest.approx(-1 / 4)
