"""Linkages of industries: labelled."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from clusterbelt.core.errors import AlignmentError, first_labels
from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import industry_groups as groups_kernel
from clusterbelt.kernels import linkage as kernel
from clusterbelt.kernels.arithmetic import Array
from clusterbelt.measures.align import core_values, label
from clusterbelt.model.dims import INDUSTRY, INDUSTRY_FROM, INDUSTRY_TO, REGION

__all__ = ["colocation", "industry_groups", "io_linkage"]

_PAIR = (INDUSTRY_FROM, INDUSTRY_TO)


def _square(table: xr.DataArray, name: str) -> xr.DataArray:
    """Return a table by pairs with the columns in the order of the rows."""
    given = core_values(table, _PAIR)
    rows, columns = given.get_index(INDUSTRY_FROM), given.get_index(INDUSTRY_TO)
    if not rows.symmetric_difference(columns).empty:
        raise AlignmentError(f"{name} must have the same industries on both sides")
    return given.sel({INDUSTRY_TO: rows})


@register(
    MeasureSpec(
        name="io_linkage",
        family="linkage",
        needs=_PAIR,
        gives=_PAIR,
        unit="1",
        source="Ellison, Glaeser and Kerr (2010); Delgado, Porter and Stern (2016)",
    )
)
def io_linkage(intermediate: xr.DataArray) -> xr.DataArray:
    """Linkage by trade, rows sell; see :func:`clusterbelt.kernels.linkage.io_linkage`."""
    table = _square(intermediate, "intermediate")
    dims = [(INDUSTRY_FROM, INDUSTRY_FROM), (INDUSTRY_TO, INDUSTRY_TO)]
    values = kernel.io_linkage(table.values)
    return label(values, table, dims, dropped=2, name="io_linkage", unit="1")


@register(
    MeasureSpec(
        name="colocation",
        family="linkage",
        needs=(REGION, INDUSTRY),
        gives=_PAIR,
        unit="1",
        source="Delgado, Porter and Stern (2016)",
    )
)
def colocation(
    activity: xr.DataArray, *, kind: Literal["activity", "share", "lq"] = "lq"
) -> xr.DataArray:
    """Locational correlation; see :func:`clusterbelt.kernels.linkage.colocation`."""
    table = core_values(activity, (REGION, INDUSTRY))
    dims = [(INDUSTRY_FROM, INDUSTRY), (INDUSTRY_TO, INDUSTRY)]
    values = kernel.colocation(table.values, kind=kind)
    return label(values, table, dims, dropped=2, name="colocation", unit="1")


@register(
    MeasureSpec(
        name="industry_groups",
        family="linkage",
        needs=(REGION, INDUSTRY),
        gives=(INDUSTRY,),
        unit="1",
        source="Delgado, Porter and Stern (2016)",
    )
)
def industry_groups(
    activity: xr.DataArray,
    intermediate: xr.DataArray | None = None,
    *,
    count: int = 2,
    method: groups_kernel.Method = "hierarchical",
    seed: int = 0,
) -> xr.DataArray:
    """Groups of linked industries, numbered from 0 by the first of their sorted codes.

    Linkage is co-location; with ``intermediate`` (industry_from, industry_to) that and trade, put
    on one scale and averaged. See
    :func:`clusterbelt.kernels.industry_groups.group_industries`.
    """
    table = core_values(activity, (REGION, INDUSTRY)).sortby(INDUSTRY)
    codes = table.get_index(INDUSTRY)
    layers: list[Array] = []
    if intermediate is not None:
        flows = _square(intermediate, "intermediate")
        apart = flows.get_index(INDUSTRY_FROM).symmetric_difference(codes)
        if len(apart):
            raise AlignmentError(f"only one of the two has these industries: {first_labels(apart)}")
        ordered = flows.sel({INDUSTRY_FROM: codes, INDUSTRY_TO: codes})
        layers.append(kernel.io_linkage(ordered.values))
    flat = table.values.reshape(-1, *table.shape[-2:])
    found = []
    for slice_ in flat:
        linkages = [*layers, kernel.colocation(slice_)]
        linkage = kernel.combined_linkage(linkages) if layers else linkages[0]
        found.append(groups_kernel.group_industries(linkage, count, method=method, seed=seed))
    values = np.array(found, dtype=np.float64).reshape(*table.shape[:-2], len(codes))
    dims = [(INDUSTRY, INDUSTRY)]
    return label(values, table, dims, dropped=2, name="industry_groups", unit="1")
