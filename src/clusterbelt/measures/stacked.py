"""Helpers of labelled measures whose kernels return several arrays or take one table at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.core.errors import AlignmentError
from clusterbelt.measures.align import beside, core_values, match

__all__ = ["beside_required", "by_slice", "require", "same_table", "stack_parts"]

Array = NDArray[np.float64]


def require(given: xr.DataArray | None, name: str, dims: Sequence[str]) -> xr.DataArray:
    """Return a further input that a measure cannot do without.

    Raises
    ------
    AlignmentError
        If it is not given.
    """
    if given is None:
        raise AlignmentError(f"needs the further table {name} ({', '.join(dims)})")
    return given


def beside_required(
    given: xr.DataArray | None, name: str, table: xr.DataArray, dim: str, core: Sequence[str]
) -> Array:
    """Return a further input that must be given, as :func:`clusterbelt.measures.align.beside`."""
    values = beside(require(given, name, (dim,)), table, dim, core)
    return np.asarray(values, dtype=np.float64)


def same_table(given: xr.DataArray, table: xr.DataArray, dims: Sequence[str]) -> Array:
    """Return ``given`` with the labels of ``table`` in their order; ``dims`` last.

    Raises
    ------
    AlignmentError
        If labels differ, or it has dimensions that ``table`` has not.
    """
    other = core_values(given, dims)
    outer = [str(dim) for dim in other.dims if dim not in dims]
    other = match(other, table, [*outer, *dims])
    values: Array = other.broadcast_like(table).transpose(*table.dims).values
    return values


def by_slice(values: Array, kernel: Callable[[Array], Array]) -> Array:
    """Apply a kernel that takes one (R, I) table to every table of (..., R, I)."""
    lead, core = values.shape[:-2], values.shape[-2:]
    parts = [kernel(one) for one in values.reshape(-1, *core)]
    stacked = np.stack(parts)
    return stacked.reshape(*lead, *stacked.shape[1:])


def stack_parts(parts: Sequence[xr.DataArray], names: Sequence[str], dim: str) -> xr.DataArray:
    """Stack labelled parts along a new dimension that stands before those of the measure."""
    joined: xr.DataArray = xr.concat(list(parts), dim=dim, join="exact")
    joined = joined.assign_coords({dim: list(names)})
    joined.name = parts[0].name
    joined.attrs = dict(parts[0].attrs)
    return joined
