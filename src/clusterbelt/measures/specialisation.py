"""Specialisation of regions in industries: labelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import intervals
from clusterbelt.kernels import specialisation as kernel
from clusterbelt.kernels.arithmetic import Array, Missing
from clusterbelt.measures.align import beside, core_values, label
from clusterbelt.measures.stacked import require, same_table, stack_parts
from clusterbelt.model.dims import INDUSTRY, REGION

__all__ = [
    "excess",
    "gradient",
    "location_quotient",
    "location_quotient_interval",
    "standardised_lq",
    "symmetric_lq",
]

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


def _spec(name: str, gives: tuple[str, ...], source: str) -> MeasureSpec:
    return MeasureSpec(
        name=name, family="specialisation", needs=_TABLE, gives=gives, unit="1", source=source
    )


@register(_spec("standardised_lq", _TABLE, "O'Donoghue and Gleave (2004)"))
def standardised_lq(
    activity: xr.DataArray, reference: xr.DataArray | None = None, *, log: bool = False
) -> xr.DataArray:
    """Standardised quotient; see :func:`clusterbelt.kernels.specialisation.standardised_lq`."""
    table = core_values(activity, _TABLE)
    against = beside(reference, table, INDUSTRY, _TABLE)
    values = kernel.standardised_lq(table.values, against, log=log)
    dims = [(REGION, REGION), (INDUSTRY, INDUSTRY)]
    return label(values, table, dims, dropped=2, name="standardised_lq", unit="1")


@register(
    _spec("location_quotient_interval", ("bound", *_TABLE), "Moineddin, Beyene and Boyle (2003)")
)
def location_quotient_interval(
    activity: xr.DataArray,
    reference: xr.DataArray | None = None,
    *,
    level: float = 0.95,
    method: Literal["delta_log", "fieller"] = "delta_log",
) -> xr.DataArray:
    """Confidence interval of the quotient, for counts only.

    See :func:`clusterbelt.kernels.intervals.location_quotient_interval`.
    """
    table = core_values(activity, _TABLE)
    against = beside(reference, table, INDUSTRY, _TABLE)
    found = intervals.location_quotient_interval(table.values, against, level=level, method=method)
    dims, name = [(REGION, REGION), (INDUSTRY, INDUSTRY)], "location_quotient_interval"
    parts = [label(one, table, dims, dropped=2, name=name, unit="1") for one in found]
    lead = [str(dim) for dim in parts[0].dims[:-2]]
    return stack_parts(parts, found._fields, "bound").transpose(*lead, "bound", *_TABLE)


@register(_spec("gradient", _TABLE, "Dai, Tian and Chen (2003)"))
def gradient(
    activity: xr.DataArray,
    labour: xr.DataArray | None = None,
    capital: xr.DataArray | None = None,
    reference: xr.DataArray | None = None,
) -> xr.DataArray:
    """Industrial gradient; see :func:`clusterbelt.kernels.specialisation.gradient`.

    ``labour`` (region, industry) must be given, ``capital`` may be.
    """
    table = core_values(activity, _TABLE)
    persons = same_table(require(labour, "labour", _TABLE), table, _TABLE)
    stock = None if capital is None else same_table(capital, table, _TABLE)
    against = beside(reference, table, INDUSTRY, _TABLE)
    values = kernel.gradient(table.values, persons, stock, against)
    dims = [(REGION, REGION), (INDUSTRY, INDUSTRY)]
    return label(values, table, dims, dropped=2, name="gradient", unit="1")
