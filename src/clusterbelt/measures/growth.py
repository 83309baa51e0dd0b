"""Shift-share analysis: labelled."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from clusterbelt.core.errors import AlignmentError
from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import growth as kernel
from clusterbelt.measures.align import beside, core_values, label
from clusterbelt.measures.stacked import stack_parts
from clusterbelt.model.dims import INDUSTRY, REGION, YEAR

__all__ = ["shift_share"]

_SERIES = (YEAR, REGION, INDUSTRY)
_COMPONENT = "component"


@register(
    MeasureSpec(
        name="shift_share",
        family="growth",
        needs=_SERIES,
        gives=(_COMPONENT, REGION, INDUSTRY),
        unit="",
        source="Dunn (1960), Esteban-Marquillas (1972), Arcelus (1984), Barff and Knight (1988)",
    )
)
def shift_share(
    activity: xr.DataArray,
    nation: xr.DataArray | None = None,
    *,
    method: Literal["classic", "esteban_marquillas", "dynamic", "arcelus"] = "classic",
) -> xr.DataArray:
    """Split growth from the first year to the last; see :func:`~.kernels.growth.shift_share`.

    ``nation`` (year, industry) is what surrounds the regions; without it, their sum. Years are
    put in order; ``dynamic`` takes every step, the others the two ends.
    """
    table = core_values(activity.sortby(YEAR), _SERIES)
    if table.sizes[YEAR] < 2:
        raise AlignmentError("shift-share needs two years at least")
    whole = None
    if nation is not None:
        around = nation.transpose(..., YEAR, INDUSTRY)
        whole = beside(around, table, INDUSTRY, (REGION, INDUSTRY))
    x = table.values
    n = x.sum(axis=-2) if whole is None else np.asarray(whole)
    if method == "dynamic":
        parts = kernel.shift_share(x, None, n, method="dynamic")
    elif method == "arcelus":
        ends = (x[..., 0, :, :], x[..., -1, :, :], n[..., 0, :], n[..., -1, :])
        return _labelled(kernel.shift_share_arcelus(*ends), table)
    else:
        ends = (x[..., 0, :, :], x[..., -1, :, :], n[..., 0, :], n[..., -1, :])
        parts = kernel.shift_share(*ends, method=method)
    return _labelled(parts, table)


def _labelled(
    parts: kernel.ShiftShare | kernel.ArcelusShiftShare, table: xr.DataArray
) -> xr.DataArray:
    dims = [(REGION, REGION), (INDUSTRY, INDUSTRY)]
    found = [label(one, table, dims, dropped=3, name="shift_share", unit="") for one in parts]
    lead = [str(dim) for dim in found[0].dims[:-2]]
    joined = stack_parts(found, parts._fields, _COMPONENT)
    return joined.transpose(*lead, _COMPONENT, REGION, INDUSTRY)
