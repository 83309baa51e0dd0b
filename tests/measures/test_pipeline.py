"""Long tables in and out; the complexity family in one pass against its kernels."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from clusterbelt.kernels import complexity as kernel
from clusterbelt.kernels.complexity_fast import complexity_family
from clusterbelt.measures.pipeline import complexity_from_long, from_long, to_long


def _table(regions, industries, seed=1, filled=0.6):
    rng = np.random.default_rng(seed)
    values = rng.lognormal(0, 1.5, (regions, industries)) * rng.lognormal(0, 1, regions)[:, None]
    return values * (rng.random((regions, industries)) < filled)


def _long(values):
    rows, columns = np.nonzero(values)
    frame = pd.DataFrame(
        {
            "region": [f"r{k:04d}" for k in rows],
            "industry": [f"i{k:04d}" for k in columns],
            "value": values[rows, columns],
        }
    )
    return frame.sample(frac=1, random_state=3).reset_index(drop=True)


CASES = {
    "wide": _table(31, 42),
    "tall": _table(60, 20),
    "iterated by region": _table(230, 300),
    "iterated by industry": _table(300, 230),
    "larger than the cache": _table(900, 600),
    "empty region and industry": _table(12, 9) * (np.arange(12) > 0)[:, None] * (np.arange(9) > 0),
    "two parts": np.kron(np.eye(2), _table(6, 5, filled=1.0)),
    "one region": _table(1, 5, filled=1.0),
    "two regions": _table(2, 7, filled=1.0),
    "all alike": np.ones((5, 4)),
    "nothing": np.zeros((4, 3)),
    "unknown cell": np.where(
        np.arange(12).reshape(4, 3) == 5, np.nan, 1.0 + np.arange(12).reshape(4, 3)
    ),
}


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
@pytest.mark.parametrize("include_self", [False, True])
def test_one_pass_gives_what_the_kernels_give(values, include_self):
    found = complexity_family(values, include_self=include_self)
    advantage = kernel.rca(values)
    eci, pci = kernel.eci_pci(advantage)
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_array_equal(found.rca, advantage)
    np.testing.assert_array_equal(found.presence, kernel.presence(advantage))
    np.testing.assert_allclose(found.proximity, kernel.proximity(advantage), **close)
    density = kernel.relatedness_density(advantage, include_self=include_self)
    np.testing.assert_allclose(found.density, density, **close)
    np.testing.assert_allclose(found.eci, eci, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found.pci, pci, rtol=1e-8, atol=1e-8)


def test_from_a_long_table_in_any_order():
    values = _table(31, 42)
    tables = complexity_from_long(_long(values), absent="zero")
    found = complexity_family(values)
    wide = tables.cells.pivot(index="region", columns="industry", values="density")
    np.testing.assert_array_equal(wide.to_numpy(), found.density)
    np.testing.assert_array_equal(tables.eci.to_numpy(), found.eci)
    assert tables.cells["presence"].dtype == bool
    first = tables.cells.iloc[43]
    assert (first["region"], first["industry"]) == ("r0001", "i0001")
    assert first["eci"] == tables.eci["r0001"]
    assert first["pci"] == tables.pci["i0001"]


def test_absent_is_said():
    frame = _long(_table(5, 4))
    with pytest.raises(TypeError, match="absent"):
        complexity_from_long(frame)
    assert complexity_from_long(frame, absent="missing").cells["rca"].isna().all()
    with pytest.raises(ValueError, match="absent must be"):
        from_long(frame, absent="nothing")


@pytest.mark.parametrize("kind", ["str", "object", "category"])
def test_labels_of_any_kind(kind):
    frame = _long(_table(6, 5))
    array = from_long(frame, absent="zero")
    xr.testing.assert_identical(
        from_long(frame.astype({"region": kind, "industry": kind}), absent="zero").astype(float),
        array,
    )


def test_there_and_back():
    frame = pd.DataFrame(
        {
            "place": ["b", "a", "a"],
            "trade": ["x", "y", "x"],
            "when": [2012, 2012, 2017],
            "sum": [1.0, 2.0, 3.0],
        }
    )
    array = from_long(
        frame, {"year": "when", "region": "place", "industry": "trade"}, value="sum", unit="t"
    )
    assert array.dims == ("year", "region", "industry")
    assert array.attrs["unit"] == "t"
    assert np.isnan(array.sel(year=2017, region="b", industry="x"))
    back = to_long(array, "sum").dropna()
    assert back.to_numpy().tolist() == [
        [2012, "a", "y", 2.0], [2012, "b", "x", 1.0], [2017, "a", "x", 3.0],
    ]  # fmt: skip
    assert to_long(array.sum()).shape == (1, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.rename(columns={"value": "x"}), "no column value; there are region"),
        (lambda f: pd.concat([f, f.head(2)]), "2 rows stand twice: r"),
        (lambda f: f.assign(region=f["region"].where(f.index > 0)), "region: 1 rows have no label"),
    ],
)
def test_tables_that_cannot_be_used(change, message):
    with pytest.raises(ValueError, match=message):
        from_long(change(_long(_table(4, 4))))


def test_negative_values_raise():
    with pytest.raises(ValueError, match="negative"):
        complexity_family([[1.0, -1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="shape"):
        complexity_family(np.ones((2, 2, 2)))
