"""Labels: exact, kept, never matched by position."""

import numpy as np
import pytest
import xarray as xr

from clusterbelt.core.errors import AlignmentError
from clusterbelt.measures import composite, concentration, similarity, specialisation
from clusterbelt.measures.catalogue import all_measures

REGIONS, INDUSTRIES, YEARS = ["31", "08", "52"], ["06", "20"], [2012, 2017]
FIGURES = np.array([[30.0, 10.0], [20.0, 40.0], [10.0, 10.0]])


def _activity():
    return xr.DataArray(
        FIGURES,
        dims=("region", "industry"),
        coords={"region": REGIONS, "industry": INDUSTRIES},
        attrs={"unit": "1e8 CNY"},
    )


def _panel():
    years = [_activity(), 2 * _activity().isel(industry=[1, 0]).assign_coords(industry=INDUSTRIES)]
    panel = xr.concat(years, dim="year").assign_coords(year=YEARS)
    return panel.transpose("industry", "year", "region")


def _sample(needs):
    axes = {"region": REGIONS, "industry": INDUSTRIES, "indicator": ["a", "b", "c"]}
    axes |= {"industry_from": INDUSTRIES, "industry_to": INDUSTRIES, "year": YEARS}
    axes |= {"region_from": REGIONS, "region_to": REGIONS}
    shape = [len(axes[dim]) for dim in needs]
    values = np.resize([5.0, 1, 3, 2, 8, 1, 7, 4, 2, 6, 3], int(np.prod(shape))).reshape(shape)
    return xr.DataArray(values, dims=needs, coords={dim: axes[dim] for dim in needs})


# Measures that cannot do without further tables, and the dimensions of those.
_TOUCHING = {"neighbours": ("region_from", "region_to")}
FURTHER = {
    "area_chance": _TOUCHING,
    "area_weight": _TOUCHING,
    "cluster_area": _TOUCHING,
    "ellison_glaeser": {"herfindahl": ("industry",)},
    "gradient": {"labour": ("region", "industry")},
    "litzenberger": {
        "area": ("region",),
        "population": ("region",),
        "plants": ("region", "industry"),
    },
    "regional_groups": _TOUCHING,
    "theil_decomposition": {"groups": ("region",)},
}


def _further(measure):
    tables = FURTHER.get(measure.spec.name, {})
    made = {name: 1 / _sample(dims) for name, dims in tables.items()}
    if "neighbours" in made:
        made["neighbours"] = xr.ones_like(made["neighbours"])  # all touch all
    return made


def test_quotient_by_hand_with_labels():
    found = specialisation.location_quotient(_activity())
    # Shares of the three together: .5 .5.
    assert found.sel(region="08", industry="20") == pytest.approx(4 / 3)
    assert found.sel(region="31", industry="06") == pytest.approx(1.5)
    assert found.attrs["unit"] == "1"
    assert found.name == "location_quotient"


def test_excess_keeps_the_unit_of_the_activity():
    found = specialisation.excess(_activity())
    assert found.attrs["unit"] == "1e8 CNY"
    assert found.sel(region="31", industry="06") == pytest.approx(10.0)


def test_the_reference_is_matched_by_label():
    nation = xr.DataArray([300.0, 100.0], dims="industry", coords={"industry": ["20", "06"]})
    found = specialisation.location_quotient(_activity(), nation)
    assert found.sel(region="31", industry="06") == pytest.approx(3.0)
    assert found.sel(region="08", industry="20") == pytest.approx(8 / 9)


def test_a_reference_by_year():
    panel = _panel()
    nation = xr.DataArray(
        [[300.0, 100.0], [100.0, 100.0]],
        dims=("year", "industry"),
        coords={"year": [2012, 2017], "industry": ["20", "06"]},
    )
    found = specialisation.location_quotient(panel, nation)
    assert found.dims == ("year", "region", "industry")
    assert found.sel(year=2012, region="31", industry="06") == pytest.approx(3.0)
    # In 2017 the two industries have changed places and the nation has halves.
    assert found.sel(year=2017, region="31", industry="06") == pytest.approx(0.5)
    turned = specialisation.location_quotient(panel, nation.sel(year=[2017, 2012]))
    xr.testing.assert_allclose(found, turned)


@pytest.mark.parametrize("measure", all_measures().values(), ids=lambda item: item.spec.name)
def test_the_order_of_labels_changes_nothing(measure):
    data = _sample(measure.spec.needs)
    further = _further(measure)
    wanted = measure.function(data, **further)
    turned = measure.function(
        data.isel({dim: slice(None, None, -1) for dim in data.dims}), **further
    )
    if wanted.ndim:
        turned = turned.sel({dim: wanted.get_index(dim) for dim in wanted.dims})
    xr.testing.assert_allclose(wanted, turned)
    assert wanted.dims == measure.spec.gives
    assert wanted.name == measure.spec.name


@pytest.mark.parametrize("measure", all_measures().values(), ids=lambda item: item.spec.name)
def test_leading_dimensions_lead(measure):
    data = _sample(measure.spec.needs)
    further = _further(measure)
    both = xr.concat([data, data + 1], dim="draw").assign_coords(draw=[0, 1])
    found = measure.function(both.transpose(..., "draw"), **further)
    assert found.dims == ("draw", *measure.spec.gives)
    xr.testing.assert_allclose(found.sel(draw=0, drop=True), measure.function(data, **further))


@pytest.mark.parametrize("name", FURTHER)
def test_a_further_table_that_is_needed_is_named(name):
    measure = all_measures()[name]
    sample = _sample(measure.spec.needs)
    with pytest.raises(
        AlignmentError, match=f"needs the further table {next(iter(FURTHER[name]))}"
    ):
        measure.function(sample)


def test_labels_that_differ_raise_and_are_named():
    nation = xr.DataArray([1.0, 2.0], dims="industry", coords={"industry": ["06", "21"]})
    with pytest.raises(AlignmentError, match=r"first: 20; only in the second: 21"):
        specialisation.location_quotient(_activity(), nation)
    sizes = xr.DataArray([1.0, 2.0], dims="region", coords={"region": ["31", "08"]})
    with pytest.raises(AlignmentError, match="region differ"):
        concentration.locational_gini(_activity(), sizes)
    weights = xr.DataArray([1.0], dims="indicator", coords={"indicator": ["a"]})
    with pytest.raises(AlignmentError, match="indicator differ"):
        composite.aggregate_arithmetic(_sample(("region", "indicator")), weights)


def test_sizes_and_weights_are_matched_by_label():
    sizes = xr.DataArray([9.0, 1.0, 2.0], dims="region", coords={"region": ["52", "31", "08"]})
    found = concentration.hoover(_activity(), sizes)
    # Industry 06: shares 1/2 1/3 1/6 against 1/12 2/12 9/12.
    assert found.sel(industry="06") == pytest.approx(0.5 * (5 / 12 + 2 / 12 + 7 / 12))
    weights = xr.DataArray([0.0, 1.0, 0.0], dims="indicator", coords={"indicator": ["c", "b", "a"]})
    table = _sample(("region", "indicator"))
    found = composite.aggregate_arithmetic(table, weights)
    assert found.values == pytest.approx(table.sel(indicator="b").values)


def test_dimensions_that_do_not_fit():
    with pytest.raises(AlignmentError, match="absent: industry"):
        specialisation.location_quotient(_activity().rename(industry="sector"))
    with pytest.raises(AlignmentError, match="no labels"):
        similarity.similarity(_activity().drop_vars("region"))
    twice = _activity().assign_coords(region=["31", "31", "52"])
    with pytest.raises(AlignmentError, match="twice: 31"):
        similarity.similarity(twice)
    by_year = _panel().sum("region")
    with pytest.raises(AlignmentError, match="year"):
        specialisation.location_quotient(_activity(), by_year)


def test_pairs_have_two_ends():
    found = similarity.similarity(_activity())
    assert found.dims == ("region_from", "region_to")
    assert found.sel(region_from="31", region_to="52") == pytest.approx(4 / np.sqrt(20))
    against = concentration.krugman(_activity(), against="mean_of_others")
    assert against.dims == ("region",)
