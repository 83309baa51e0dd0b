"""From long tables to labelled arrays and back; the complexity family from a long table at once.

A long table has one value a row: region, industry (and year ...), value. Labels are factorised
once; only the different labels are sorted, never the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.core.errors import first_labels
from clusterbelt.kernels.complexity_fast import complexity_family
from clusterbelt.model.dims import INDUSTRY, REGION, VALUE

__all__ = ["Absent", "ComplexityTables", "complexity_from_long", "from_long", "to_long"]

Absent = Literal["missing", "zero"]


@dataclass(frozen=True)
class ComplexityTables:
    """The complexity family of a long table.

    ``cells`` has a row per region and industry (``rca``, ``presence``, ``density`` and the
    region's ``eci`` and the industry's ``pci``); ``proximity`` is (industry, industry).
    """

    cells: pd.DataFrame
    eci: pd.Series
    pci: pd.Series
    proximity: pd.DataFrame


def _codes(column: pd.Series, name: str) -> tuple[NDArray[np.intp], pd.Index]:
    """Return every row's position among the sorted different labels, and those."""
    codes, labels = pd.factorize(column)
    if len(codes) and int(codes.min()) < 0:
        raise ValueError(f"{name}: {int((codes < 0).sum())} rows have no label")
    index = pd.Index(labels)
    order = index.argsort()
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return place[codes], index[order]


def _cube(
    frame: pd.DataFrame, columns: Mapping[str, str], value: str, absent: Absent
) -> tuple[NDArray[np.float64], dict[str, pd.Index]]:
    if absent not in ("missing", "zero"):
        raise ValueError(f"absent must be 'missing' or 'zero', not {absent!r}")
    lost = [name for name in (*columns.values(), value) if name not in frame.columns]
    if lost:
        raise ValueError(
            f"no column {', '.join(lost)}; there are {first_labels(frame.columns, 12)}"
        )
    found = {dim: _codes(frame[column], column) for dim, column in columns.items()}
    labels = {dim: index.rename(dim) for dim, (_, index) in found.items()}
    shape = tuple(len(index) for index in labels.values())
    flat = np.zeros(len(frame), dtype=np.intp)
    for size, (codes, _) in zip(shape, found.values(), strict=True):
        flat *= size
        flat += codes
    cube = np.full(int(np.prod(shape)), 0.0 if absent == "zero" else np.nan)
    seen = np.zeros(len(cube), dtype=bool)
    seen[flat] = True
    if int(np.count_nonzero(seen)) < len(flat):
        raise ValueError(_doubles(frame, columns))
    cube[flat] = frame[value].to_numpy(dtype=np.float64, na_value=np.nan)
    return cube.reshape(shape), labels


def _doubles(frame: pd.DataFrame, columns: Mapping[str, str]) -> str:
    names = list(columns.values())
    double = frame.loc[frame.duplicated(names), names]
    shown = [" / ".join(str(item) for item in row) for row in double.head(5).to_numpy()]
    return f"{len(double)} rows stand twice: {first_labels(shown)}"


def from_long(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    *,
    value: str = VALUE,
    absent: Absent = "missing",
    unit: str = "",
) -> xr.DataArray:
    """Return a long table as a labelled array, which every registered measure takes.

    ``columns`` names the column of each dimension, in order (default: region and industry under
    their own names). Cells without a row are NaN, or zero if the table leaves zeros out.

    Raises
    ------
    ValueError
        If a column is not there, a label is empty, or two rows have the same labels.

    Examples
    --------
    >>> frame = pd.DataFrame({"region": ["b", "a"], "industry": ["x", "x"], "value": [2.0, 1.0]})
    >>> from_long(frame).sel(region="a", industry="x").item()
    1.0
    """
    wanted = {REGION: REGION, INDUSTRY: INDUSTRY} if columns is None else columns
    cube, labels = _cube(frame, wanted, value, absent)
    return xr.DataArray(cube, dims=list(labels), coords=dict(labels), attrs={"unit": unit})


def to_long(array: xr.DataArray, value: str | None = None) -> pd.DataFrame:
    """Return a labelled array as a long table: a column per dimension, then the value.

    The value's column has the array's name unless ``value`` says another.
    """
    name = value or str(array.name or VALUE)
    if not array.ndim:
        return pd.DataFrame({name: [float(array)]})
    index = [array.get_index(dim) for dim in array.dims]
    grid = np.indices(array.shape).reshape(array.ndim, -1)
    data: dict[str, Any] = {
        str(dim): labels.take(codes)
        for dim, labels, codes in zip(array.dims, index, grid, strict=True)
    }
    data[name] = array.to_numpy().reshape(-1)
    return pd.DataFrame(data)


def complexity_from_long(
    frame: pd.DataFrame,
    *,
    region: str = REGION,
    industry: str = INDUSTRY,
    value: str = VALUE,
    absent: Absent,
    threshold: float = 1.0,
    include_self: bool = False,
) -> ComplexityTables:
    """Revealed advantage, ECI, PCI, proximity and relatedness density of a long table.

    The figures are those of the functions of :mod:`clusterbelt.kernels.complexity`. ``absent``
    has no default: whether a cell without a row is nothing or not known changes every share.

    Raises
    ------
    ValueError
        As :func:`from_long`; or if a value is negative.
    """
    cube, labels = _cube(frame, {REGION: region, INDUSTRY: industry}, value, absent)
    found = complexity_family(cube, threshold=threshold, include_self=include_self)
    regions, industries = labels[REGION], labels[INDUSTRY]
    count = len(industries)
    rows = np.repeat(np.arange(len(regions), dtype=np.int32), count)
    columns = np.tile(np.arange(count, dtype=np.int32), len(regions))
    cells = pd.DataFrame(
        {
            region: pd.Categorical.from_codes(rows, regions, validate=False),
            industry: pd.Categorical.from_codes(columns, industries, validate=False),
            "rca": found.rca.reshape(-1),
            "presence": found.presence.reshape(-1),
            "density": found.density.reshape(-1),
            "eci": np.repeat(found.eci, count),
            "pci": np.tile(found.pci, len(regions)),
        },
        copy=False,
    )
    return ComplexityTables(
        cells,
        pd.Series(found.eci, index=regions, name="eci"),
        pd.Series(found.pci, index=industries, name="pci"),
        pd.DataFrame(found.proximity, index=industries, columns=industries, copy=False),
    )
