"""How alike regions are: labelled."""

from __future__ import annotations

import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import structure as kernel
from clusterbelt.measures.align import core_values, label
from clusterbelt.model.dims import INDUSTRY, REGION, REGION_FROM, REGION_TO

__all__ = ["similarity"]


@register(
    MeasureSpec(
        name="similarity",
        family="similarity",
        needs=(REGION, INDUSTRY),
        gives=(REGION_FROM, REGION_TO),
        unit="1",
        source="UNIDO (1979)",
    )
)
def similarity(activity: xr.DataArray) -> xr.DataArray:
    """Similarity of structures; see :func:`clusterbelt.kernels.structure.similarity`."""
    table = core_values(activity, (REGION, INDUSTRY))
    dims = [(REGION_FROM, REGION), (REGION_TO, REGION)]
    values = kernel.similarity(table.values)
    return label(values, table, dims, dropped=2, name="similarity", unit="1")
