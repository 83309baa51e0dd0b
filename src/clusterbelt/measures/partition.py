"""Partition of all regions into connected groups that are alike: labelled."""

from __future__ import annotations

import numpy as np
import xarray as xr

from clusterbelt.core.errors import AlignmentError
from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import partition as kernel
from clusterbelt.kernels.arithmetic import Array, ratio
from clusterbelt.measures.align import core_values, label
from clusterbelt.measures.stacked import by_slice
from clusterbelt.measures.touching import touching
from clusterbelt.model.dims import INDICATOR, REGION

__all__ = ["regional_groups"]


@register(
    MeasureSpec(
        name="regional_groups",
        family="spatial",
        needs=(REGION, INDICATOR),
        gives=(REGION,),
        unit="1",
        source="Assunção et al. (2006)",
    )
)
def regional_groups(
    values: xr.DataArray,
    neighbours: xr.DataArray | None = None,
    *,
    groups: int = 2,
    least_regions: int = 1,
    standardise: bool = True,
) -> xr.DataArray:
    """Number of each region's group, from 0 in the order of the groups' first regions.

    Values are put on one scale (mean 0, standard deviation 1) unless ``standardise`` is false; an
    indicator that does not vary counts nothing then. See
    :func:`clusterbelt.kernels.partition.partition_regions`.

    Raises
    ------
    AlignmentError
        If a value is unknown: impute or drop it first.
    """
    table = core_values(values, (REGION, INDICATOR))
    if not bool(np.isfinite(table.values).all()):
        raise AlignmentError("regional_groups needs known values; impute or drop what is unknown")
    graph = touching(table, neighbours)

    def cut(x: Array) -> Array:
        if standardise:
            apart = x - x.mean(axis=0)
            x = np.nan_to_num(ratio(apart, x.std(axis=0)))
        found = kernel.partition_regions(x, graph, groups, least_regions=least_regions)
        return found.labels.astype(np.float64)

    dims = [(REGION, REGION)]
    return label(
        by_slice(table.values, cut), table, dims, dropped=2, name="regional_groups", unit="1"
    )
