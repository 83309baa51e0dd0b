"""Agglomeration with plants, area and population: labelled."""

from __future__ import annotations

import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import agglomeration as kernel
from clusterbelt.measures.align import beside, core_values, label
from clusterbelt.measures.stacked import beside_required, require, same_table, stack_parts
from clusterbelt.model.dims import INDUSTRY, INDUSTRY_FROM, INDUSTRY_TO, REGION

__all__ = ["coagglomeration", "ellison_glaeser", "ellison_glaeser_bounds", "litzenberger"]

_TABLE = (REGION, INDUSTRY)


def _spec(name: str, gives: tuple[str, ...], source: str) -> MeasureSpec:
    return MeasureSpec(
        name=name, family="agglomeration", needs=_TABLE, gives=gives, unit="1", source=source
    )


@register(_spec("ellison_glaeser", (INDUSTRY,), "Ellison and Glaeser (1997)"))
def ellison_glaeser(
    activity: xr.DataArray,
    herfindahl: xr.DataArray | None = None,
    reference: xr.DataArray | None = None,
) -> xr.DataArray:
    """Ellison-Glaeser index; see :func:`clusterbelt.kernels.agglomeration.ellison_glaeser`.

    ``herfindahl`` (industry), of plant sizes, must be given (bounds without it:
    :func:`ellison_glaeser_bounds`); ``reference`` (region) is the size of every region.
    """
    table = core_values(activity, _TABLE)
    plants = beside_required(herfindahl, "herfindahl", table, INDUSTRY, _TABLE)
    found = kernel.ellison_glaeser(table.values, plants, beside(reference, table, REGION, _TABLE))
    dims = [(INDUSTRY, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="ellison_glaeser", unit="1")


@register(_spec("ellison_glaeser_bounds", ("bound", INDUSTRY), "this project"))
def ellison_glaeser_bounds(
    activity: xr.DataArray,
    plants: xr.DataArray | None = None,
    reference: xr.DataArray | None = None,
) -> xr.DataArray:
    """Bounds of the index without plant sizes; see the kernel of the same name.

    ``plants`` (region, industry) are plant numbers, where known.
    """
    table = core_values(activity, _TABLE)
    number = None if plants is None else same_table(plants, table, _TABLE)
    found = kernel.ellison_glaeser_bounds(
        table.values, number, beside(reference, table, REGION, _TABLE)
    )
    parts = [
        label(
            part, table, [(INDUSTRY, INDUSTRY)], dropped=2, name="ellison_glaeser_bounds", unit="1"
        )
        for part in found
    ]
    lead = [str(dim) for dim in parts[0].dims if dim != INDUSTRY]
    return stack_parts(parts, found._fields, "bound").transpose(*lead, "bound", INDUSTRY)


@register(_spec("coagglomeration", (INDUSTRY_FROM, INDUSTRY_TO), "Ellison et al. (2010)"))
def coagglomeration(activity: xr.DataArray, reference: xr.DataArray | None = None) -> xr.DataArray:
    """Co-agglomeration of pairs; see :func:`clusterbelt.kernels.agglomeration.coagglomeration`."""
    table = core_values(activity, _TABLE)
    found = kernel.coagglomeration(table.values, beside(reference, table, REGION, _TABLE))
    dims = [(INDUSTRY_FROM, INDUSTRY), (INDUSTRY_TO, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="coagglomeration", unit="1")


@register(_spec("litzenberger", _TABLE, "Litzenberger and Sternberg (2006)"))
def litzenberger(
    activity: xr.DataArray,
    area: xr.DataArray | None = None,
    population: xr.DataArray | None = None,
    plants: xr.DataArray | None = None,
) -> xr.DataArray:
    """Cluster index; see :func:`clusterbelt.kernels.agglomeration.litzenberger`.

    ``area`` and ``population`` (region) and ``plants`` (region, industry) must all be given.
    """
    table = core_values(activity, _TABLE)
    a = beside_required(area, "area", table, REGION, _TABLE)
    p = beside_required(population, "population", table, REGION, _TABLE)
    b = same_table(require(plants, "plants", _TABLE), table, _TABLE)
    found = kernel.litzenberger(table.values, a, p, b)
    dims = [(REGION, REGION), (INDUSTRY, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="litzenberger", unit="1")
