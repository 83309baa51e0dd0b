"""Specialisation of regions in industries: labelled."""

from __future__ import annotations

from collections.abc import Callable

import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import specialisation as kernel
from clusterbelt.kernels.arithmetic import Array, Missing
from clusterbelt.measures.align import beside, core_values, label
from clusterbelt.model.dims import INDUSTRY, REGION

__all__ = ["excess", "location_quotient", "symmetric_lq"]

_TABLE = (REGION, INDUSTRY)


def _measure(
    function: Callable[..., Array],
    activity: xr.DataArray,
    reference: xr.DataArray | None,
    missing: Missing,
    unit: str,
) -> xr.DataArray:
    table = core_values(activity, _TABLE)
    against = beside(reference, table, INDUSTRY, _TABLE)
    values = function(table.values, against, missing=missing)
    dims = [(REGION, REGION), (INDUSTRY, INDUSTRY)]
    return label(values, table, dims, dropped=2, name=function.__name__, unit=unit)


@register(
    MeasureSpec(
        name="location_quotient",
        family="specialisation",
        needs=_TABLE,
        gives=_TABLE,
        unit="1",
        source="Florence (1939)",
    )
)
def location_quotient(
    activity: xr.DataArray,
    reference: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Location quotient; see :func:`clusterbelt.kernels.specialisation.location_quotient`.

    ``reference`` (industry) is the reference area's activity; without it, the sum of the regions.
    """
    return _measure(kernel.location_quotient, activity, reference, missing, "1")


@register(
    MeasureSpec(
        name="symmetric_lq",
        family="specialisation",
        needs=_TABLE,
        gives=_TABLE,
        unit="1",
        source="Laursen (2015)",
    )
)
def symmetric_lq(
    activity: xr.DataArray,
    reference: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Symmetric location quotient; see :func:`clusterbelt.kernels.specialisation.symmetric_lq`."""
    return _measure(kernel.symmetric_lq, activity, reference, missing, "1")


@register(
    MeasureSpec(
        name="excess",
        family="specialisation",
        needs=_TABLE,
        gives=_TABLE,
        unit="",
        source="difference form of the location quotient; this project",
    )
)
def excess(
    activity: xr.DataArray,
    reference: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Excess activity, in its own unit; see :func:`clusterbelt.kernels.specialisation.excess`."""
    return _measure(kernel.excess, activity, reference, missing, "")
