"""Labels align exactly or raise; results carry their labels and unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.core.errors import AlignmentError, first_labels

__all__ = ["beside", "core_values", "label", "match"]


def core_values(array: xr.DataArray, dims: Sequence[str]) -> xr.DataArray:
    """Return ``array`` as float with ``dims`` last, in that order.

    Raises
    ------
    AlignmentError
        If a dimension is absent, has no labels, or has a label twice.
    """
    absent = [dim for dim in dims if dim not in array.dims]
    if absent:
        raise AlignmentError(
            f"needs the dimensions {', '.join(dims)}; absent: {', '.join(absent)}; "
            f"there are {', '.join(str(dim) for dim in array.dims) or 'none'}"
        )
    for dim in dims:
        if dim not in array.coords:
            raise AlignmentError(f"dimension {dim} has no labels; give it a coordinate")
        index = array.get_index(dim)
        if not index.is_unique:
            raise AlignmentError(
                f"{dim} has labels twice: {first_labels(index[index.duplicated()].unique())}"
            )
    return array.transpose(..., *dims).astype(np.float64)


def match(other: xr.DataArray, to: xr.DataArray, dims: Sequence[str]) -> xr.DataArray:
    """Return ``other`` with the labels of ``to`` in the order of ``to`` along ``dims``.

    Another order of the same labels is no difference; a label that only one side has is.

    Raises
    ------
    AlignmentError
        If the labels differ along any of ``dims``, or the first has no such dimension.
    """
    foreign = [dim for dim in dims if dim not in to.dims]
    if foreign:
        raise AlignmentError(f"has dimensions the first has not: {', '.join(foreign)}")
    for dim in dims:
        here, there = to.get_index(dim), other.get_index(dim)
        only_here, only_there = here.difference(there), there.difference(here)
        if len(only_here) or len(only_there):
            raise AlignmentError(
                f"labels of {dim} differ; only in the first: {first_labels(only_here) or 'none'}; "
                f"only in the second: {first_labels(only_there) or 'none'}; "
                "select the common labels on both sides first"
            )
        other = other.sel({dim: here})
    return other


def beside(
    other: xr.DataArray | None, table: xr.DataArray, dim: str, core: Sequence[str]
) -> NDArray[np.float64] | None:
    """Return ``other`` as plain values that broadcast against ``table``, ``dim`` last.

    ``core`` are the dimensions of ``table`` that the kernel works on; the others lead. ``other``
    has ``dim`` and any of the leading ones.

    Raises
    ------
    AlignmentError
        If labels differ or ``other`` has a dimension that does not lead in ``table``.
    """
    if other is None:
        return None
    given = core_values(other, (dim,))
    outer = [str(name) for name in given.dims if name != dim]
    lead = table.isel({name: 0 for name in core if name != dim}, drop=True)
    given = match(given, lead, [*outer, dim])
    if outer:
        order = [str(name) for name in table.dims if name not in core]
        given = given.broadcast_like(lead).transpose(*order, dim)
    values: NDArray[np.float64] = given.values
    return values


def label(
    values: NDArray[np.float64],
    like: xr.DataArray,
    dims: Sequence[tuple[str, str]],
    *,
    dropped: int,
    name: str,
    unit: str,
) -> xr.DataArray:
    """Label ``values``: leading dimensions of ``like``, then ``dims``.

    ``dropped`` is how many trailing dimensions of ``like`` the kernel took; ``dims`` are pairs
    (dimension of the result, dimension of ``like`` whose labels it has).
    """
    lead = [str(dim) for dim in like.dims[: like.ndim - dropped]]
    coords = {dim: like.get_index(dim) for dim in lead if dim in like.coords}
    coords |= {dim: like.get_index(source).rename(dim) for dim, source in dims}
    return xr.DataArray(
        values,
        dims=[*lead, *(dim for dim, _ in dims)],
        coords=coords,
        name=name,
        attrs={"unit": unit or str(like.attrs.get("unit", ""))},
    )
