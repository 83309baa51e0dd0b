"""Cluster areas and their significance: labelled.

Activity (region, industry) and ``neighbours`` (region_from, region_to; above zero: they touch) have
the same regions in any order. With s a region's share of the industry and p its share of all
activity, regions weigh ``s - quotient p - cost_share``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels.areas_permutation import area_significance, large_areas
from clusterbelt.kernels.arithmetic import Array, ratio
from clusterbelt.measures.align import core_values, label
from clusterbelt.measures.stacked import by_slice
from clusterbelt.measures.touching import touching
from clusterbelt.model.dims import INDUSTRY, REGION

__all__ = ["area_chance", "area_weight", "cluster_area"]

_SOURCE = "Álvarez-Miranda, Ljubić and Mutzel (2013)"


def _spec(name: str, gives: tuple[str, ...], source: str) -> MeasureSpec:
    return MeasureSpec(
        name=name, family="spatial", needs=(REGION, INDUSTRY), gives=gives, unit="1", source=source
    )


def _heaviest(
    values: Array, graph: NDArray[np.bool_], quotient: float, cost_share: float, rank: int
) -> tuple[Array, Array]:
    """Return members (R, I) and weights (I,) of the areas of a rank; unknown cells are NaN."""
    size = np.nansum(values, axis=1)
    p = ratio(size, size.sum())
    s = ratio(values, np.nansum(values, axis=0))
    members = np.where(np.isnan(s), np.nan, 0.0)
    weight = np.full(values.shape[1], np.nan)
    for column in range(values.shape[1]):
        known = np.flatnonzero(np.isfinite(s[:, column]) & np.isfinite(p))
        if known.size == 0:
            continue
        w = s[known, column] - quotient * p[known] - cost_share
        areas = large_areas(w, graph[np.ix_(known, known)], rank)
        weight[column] = 0.0
        if len(areas) == rank:
            members[known[areas[-1].members], column] = 1.0
            weight[column] = areas[-1].objective
    return members, weight


@register(_spec("cluster_area", (REGION, INDUSTRY), _SOURCE))
def cluster_area(
    activity: xr.DataArray,
    neighbours: xr.DataArray | None = None,
    *,
    quotient: float = 1.0,
    cost_share: float = 0.0,
    rank: int = 1,
) -> xr.DataArray:
    """1 for regions in the industry's area of this rank, 0 for others, NaN where unknown.

    See :func:`clusterbelt.kernels.areas_permutation.large_areas`.
    """
    table = core_values(activity, (REGION, INDUSTRY))
    graph = touching(table, neighbours)
    found = by_slice(table.values, lambda x: _heaviest(x, graph, quotient, cost_share, rank)[0])
    dims = [(REGION, REGION), (INDUSTRY, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="cluster_area", unit="1")


@register(_spec("area_weight", (INDUSTRY,), _SOURCE))
def area_weight(
    activity: xr.DataArray,
    neighbours: xr.DataArray | None = None,
    *,
    quotient: float = 1.0,
    cost_share: float = 0.0,
    rank: int = 1,
) -> xr.DataArray:
    """Weight of the industry's area of this rank, a share of the industry; 0 without an area.

    See :func:`clusterbelt.kernels.areas_permutation.large_areas`.
    """
    table = core_values(activity, (REGION, INDUSTRY))
    graph = touching(table, neighbours)
    found = by_slice(table.values, lambda x: _heaviest(x, graph, quotient, cost_share, rank)[1])
    dims = [(INDUSTRY, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="area_weight", unit="1")


@register(_spec("area_chance", (INDUSTRY,), "Kulldorff (1997); this project"))
def area_chance(
    activity: xr.DataArray,
    neighbours: xr.DataArray | None = None,
    *,
    cost_share: float = 0.0,
    null: Literal["arrangement", "multinomial"] = "arrangement",
    draws: int = 999,
    seed: int = 0,
) -> xr.DataArray:
    """p-value of the industry's area by Monte Carlo; activity known everywhere, zero or more.

    See :func:`clusterbelt.kernels.areas_permutation.area_significance`. Regions and industries are
    drawn in the order of their labels, so that the order of a table does not matter.
    """
    table = core_values(activity, (REGION, INDUSTRY)).sortby([REGION, INDUSTRY])
    graph = touching(table, neighbours)

    def test(x: Array) -> Array:
        found = area_significance(
            x, x.sum(axis=1), graph, cost_share=cost_share, null=null, draws=draws, seed=seed
        )
        return found.p_value

    dims = [(INDUSTRY, INDUSTRY)]
    return label(by_slice(table.values, test), table, dims, dropped=2, name="area_chance", unit="1")
