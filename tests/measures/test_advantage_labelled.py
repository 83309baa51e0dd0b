"""Measures with several tables or several results: labels, parts, what is refused."""

import numpy as np
import pytest
import xarray as xr

from clusterbelt.core.errors import AlignmentError
from clusterbelt.kernels import complexity as kernel
from clusterbelt.measures import agglomeration, complexity, concentration, growth, specialisation

REGIONS, INDUSTRIES = ["31", "08", "52", "11"], ["06", "20", "13"]


def _table(values, dims=("region", "industry")):
    labels = {"region": REGIONS, "industry": INDUSTRIES, "year": [2012, 2017]}
    return xr.DataArray(values, dims=dims, coords={dim: labels[dim] for dim in dims})


def _activity():
    return _table([[30.0, 10, 2], [20, 40, 5], [10, 10, 9], [1, 7, 30]])


def test_shift_share_takes_the_first_and_the_last_year():
    start = _activity()
    end = start * 1.1 + _table(np.eye(4, 3) * 5)
    series = xr.concat([end, start], dim="year").assign_coords(year=[2017, 2012])
    found = growth.shift_share(series)
    assert found.sel(component="change").values == pytest.approx((end - start).values)
    parts = found.sel(component=["national", "mix", "regional", "allocation"]).sum("component")
    assert parts.values == pytest.approx((end - start).values)
    for method in ("esteban_marquillas", "dynamic", "arcelus"):
        other = growth.shift_share(series, method=method)
        rest = other.sel(component=[c for c in other["component"].values if c != "change"])
        assert rest.sum("component").values == pytest.approx((end - start).values)
    with pytest.raises(AlignmentError, match="two years"):
        growth.shift_share(series.isel(year=[0]))


def test_a_nation_around_the_regions():
    start = _activity()
    series = xr.concat([start, start * 1.2], dim="year").assign_coords(year=[2012, 2017])
    nation = (series.sum("region") * xr.DataArray([2.0, 3.0], dims="year")).sel(
        industry=["20", "13", "06"]
    )
    found = growth.shift_share(series, nation)
    # The nation grows from 2 to 3.6 times: 0.8.
    assert found.sel(component="national").values == pytest.approx((start * 0.8).values)


def test_density_matches_weights_by_label():
    weights = xr.DataArray(
        [[0, 3.0, 1], [3, 0, 2], [1, 2, 0]],
        dims=("industry_to", "industry_from"),
        coords={"industry_to": INDUSTRIES, "industry_from": INDUSTRIES},
    )
    found = complexity.relatedness_density(_activity(), weights)
    turned = weights.sel(industry_to=["13", "06", "20"], industry_from=["20", "13", "06"])
    xr.testing.assert_allclose(found, complexity.relatedness_density(_activity(), turned))
    wanted = kernel.relatedness_density(kernel.rca(_activity().values), weights.values)
    assert found.values == pytest.approx(wanted)
    with pytest.raises(AlignmentError, match="industry"):
        complexity.relatedness_density(_activity(), weights.isel(industry_to=[0, 1]))


def test_bounds_and_intervals_have_two_ends():
    bounds = agglomeration.ellison_glaeser_bounds(_activity())
    assert bounds["bound"].values.tolist() == ["lower", "upper"]
    assert (bounds.sel(bound="lower") <= bounds.sel(bound="upper")).all()
    interval = specialisation.location_quotient_interval(_activity())
    quotient = specialisation.location_quotient(_activity())
    assert (interval.sel(bound="lower") <= quotient).all()
    with pytest.raises(ValueError, match="counts"):
        specialisation.location_quotient_interval(_activity() + 0.5)


def test_labels_of_further_tables_must_fit():
    with pytest.raises(AlignmentError, match="differ"):
        specialisation.gradient(_activity(), _activity().isel(region=[0, 1]))
    found = specialisation.gradient(_activity(), _activity().isel(region=[3, 1, 0, 2]))
    xr.testing.assert_allclose(found, specialisation.location_quotient(_activity()))


def test_inequality_between_and_within_groups_adds_to_the_whole():
    values = _activity().sel(industry="06", drop=True)
    people = xr.DataArray([1.0, 3, 2, 4], dims="region", coords={"region": REGIONS})
    groups = xr.DataArray(
        ["upper", "lower", "lower", "upper"], dims="region", coords={"region": REGIONS[::-1]}
    )
    for kind, whole in (("t", concentration.theil_t), ("l", concentration.theil_l)):
        found = concentration.theil_decomposition(values, groups, people, kind=kind)
        assert found["component"].values.tolist() == ["between", "within"]
        assert float(found.sum()) == pytest.approx(float(whole(values, people)))
    alone = xr.DataArray([1.0, 2, 3, 4], dims="region", coords={"region": REGIONS})
    assert concentration.theil_decomposition(values, alone).sel(component="within") == 0.0
    with pytest.raises(AlignmentError, match="groups"):
        concentration.theil_decomposition(values)
