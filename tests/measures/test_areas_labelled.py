"""Areas and partitions by label: order does not matter, unknown stays unknown, brute force."""

import numpy as np
import pytest
import xarray as xr

from clusterbelt.core.errors import AlignmentError
from clusterbelt.kernels.graph import connected_sets
from clusterbelt.measures.areas import area_chance, area_weight, cluster_area
from clusterbelt.measures.partition import regional_groups

REGIONS = list("abcdefgh")


def _neighbours(pairs):
    square = np.zeros((8, 8))
    for one, two in pairs:
        square[REGIONS.index(one), REGIONS.index(two)] = 1.0
    dims = ("region_from", "region_to")
    return xr.DataArray(square, dims=dims, coords=dict.fromkeys(dims, REGIONS))


LINE = _neighbours(zip("abcdefg", "bcdefgh", strict=True))


def _activity(seed=0):
    values = np.random.default_rng(seed).gamma(0.8, 10.0, (8, 3))
    return xr.DataArray(
        values, dims=("region", "industry"), coords={"region": REGIONS, "industry": list("xyz")}
    )


def test_no_connected_set_is_heavier():
    activity = _activity()
    area, weight = cluster_area(activity, LINE), area_weight(activity, LINE)
    s = (activity / activity.sum("region")).values
    p = (activity.sum("industry") / activity.sum()).values
    sets = connected_sets(LINE.values + LINE.values.T, 8)
    for column, industry in enumerate("xyz"):
        best = max((s[:, column] - p)[list(one)].sum() for one in sets)
        assert weight.sel(industry=industry).item() == pytest.approx(best)
        inside = area.sel(industry=industry).values == 1.0
        assert (s[:, column] - p)[inside].sum() == pytest.approx(best)


def test_order_of_labels_and_unit_do_not_matter():
    activity = _activity()
    turned = 100.0 * activity.isel(region=slice(None, None, -1), industry=[2, 0, 1])
    plain, moved = cluster_area(activity, LINE), cluster_area(turned, LINE.T)
    xr.testing.assert_equal(plain, moved.sel(region=REGIONS, industry=list("xyz")))
    second = area_weight(activity, LINE, rank=2)
    assert (second <= area_weight(activity, LINE)).all()


def test_unknown_is_in_no_area():
    activity = _activity()
    activity.loc["c", "x"] = np.nan
    area = cluster_area(activity, LINE)
    assert np.isnan(area.sel(region="c", industry="x"))
    assert not np.isnan(area.sel(region="c", industry="y"))
    nothing = activity * xr.where(activity.industry == "z", np.nan, 1.0)
    assert np.isnan(area_weight(nothing, LINE).sel(industry="z"))


def test_chance_is_small_for_what_stands_together():
    values = np.ones((8, 2))
    values[:, 1], values[:3, 0] = 5000.0, 50.0
    activity = xr.DataArray(
        values, dims=("region", "industry"), coords={"region": REGIONS, "industry": ["x", "y"]}
    )
    p = area_chance(activity, LINE, draws=199, null="arrangement")
    assert p.sel(industry="x") < 0.2
    assert ((p > 0.0) & (p <= 1.0)).all()


def test_groups_are_connected_and_unknown_values_refused():
    values = xr.DataArray(
        [[1.0, 7.0]] * 4 + [[9.0, 7.0]] * 4, dims=("region", "indicator"),
        coords={"region": REGIONS, "indicator": ["u", "flat"]},
    )  # fmt: skip
    assert regional_groups(values, LINE).values.tolist() == [0] * 4 + [1] * 4
    assert regional_groups(values, LINE, standardise=False).values.tolist() == [0] * 4 + [1] * 4
    with pytest.raises(AlignmentError, match="known values"):
        regional_groups(values.where(values < 9.0), LINE)


def test_neighbours_are_asked_for_and_checked():
    with pytest.raises(AlignmentError, match="neighbours"):
        cluster_area(_activity())
    strange = LINE.assign_coords(region_from=[*REGIONS[:7], "q"])
    with pytest.raises(AlignmentError, match="q"):
        cluster_area(_activity(), strange)
    part = LINE.isel(region_from=slice(0, 4), region_to=slice(0, 4))
    assert cluster_area(_activity(), part).sizes == {"region": 8, "industry": 3}
