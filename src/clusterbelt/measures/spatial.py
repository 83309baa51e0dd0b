"""Spatial statistics: labelled.

Values (region) and weights (region_from, region_to) have the same regions in any order; without
weights everybody is everybody's neighbour. ``of`` says what to return: the statistic, or its
``z`` or ``p_value`` by permutation (regions in the order of the values).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
import xarray as xr

from clusterbelt.core.errors import AlignmentError, first_labels
from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import spatial as kernel
from clusterbelt.kernels.arithmetic import Array
from clusterbelt.kernels.spatial import Alternative, SpatialTest
from clusterbelt.measures.align import core_values, label
from clusterbelt.model.dims import REGION, REGION_FROM, REGION_TO

__all__ = ["getis_ord", "local_getis_ord", "local_moran", "moran"]


Of = Literal["statistic", "z", "p_value"]


def _spec(name: str, gives: tuple[str, ...], source: str) -> MeasureSpec:
    return MeasureSpec(
        name=name, family="spatial", needs=(REGION,), gives=gives, unit="1", source=source
    )


def _pair(values: xr.DataArray, weights: xr.DataArray | None) -> tuple[xr.DataArray, Array]:
    """Return values and weights in one order; without weights everybody is a neighbour."""
    given = core_values(values, (REGION,))
    regions = given.get_index(REGION)
    if weights is None:
        return given, 1.0 - np.eye(len(regions))
    table = core_values(weights, (REGION_FROM, REGION_TO))
    for dim in (REGION_FROM, REGION_TO):
        apart = table.get_index(dim).symmetric_difference(regions)
        if len(apart):
            raise AlignmentError(
                f"values and weights have different regions: {first_labels(apart)}; "
                "select the common ones on both sides first"
            )
    return given, table.sel({REGION_FROM: regions, REGION_TO: regions}).values


def _run(
    test: Callable[[Array, Array], SpatialTest],
    values: xr.DataArray,
    weights: xr.DataArray | None,
    of: Of,
    name: str,
    *,
    local: bool,
) -> xr.DataArray:
    """Apply a kernel to every slice of the leading dimensions."""
    given, w = _pair(values, weights)
    flat = given.values.reshape(-1, given.shape[-1])
    found = np.array([getattr(test(row, w), of) for row in flat])
    shape = given.shape if local else given.shape[:-1]
    dims = [(REGION, REGION)] if local else []
    return label(found.reshape(shape), given, dims, dropped=1, name=name, unit="1")


@register(_spec("moran", (), "Moran (1950)"))
def moran(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    of: Of = "statistic",
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> xr.DataArray:
    """Moran's I; see :func:`clusterbelt.kernels.spatial.moran`."""
    test = partial(kernel.moran, permutations=permutations, seed=seed, alternative=alternative)
    return _run(test, values, weights, of, "moran", local=False)


@register(_spec("local_moran", (REGION,), "Anselin (1995)"))
def local_moran(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    of: Of = "statistic",
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> xr.DataArray:
    """Local Moran; see :func:`clusterbelt.kernels.spatial.local_moran`."""
    test = partial(
        kernel.local_moran, permutations=permutations, seed=seed, alternative=alternative
    )
    return _run(test, values, weights, of, "local_moran", local=True)


@register(_spec("getis_ord", (), "Getis and Ord (1992)"))
def getis_ord(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    of: Of = "statistic",
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> xr.DataArray:
    """General G; see :func:`clusterbelt.kernels.spatial.getis_ord`."""
    test = partial(kernel.getis_ord, permutations=permutations, seed=seed, alternative=alternative)
    return _run(test, values, weights, of, "getis_ord", local=False)


@register(_spec("local_getis_ord", (REGION,), "Ord and Getis (1995)"))
def local_getis_ord(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    star: bool = True,
    of: Of = "statistic",
    permutations: int = 999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> xr.DataArray:
    """Gi* or Gi; see :func:`clusterbelt.kernels.spatial.local_getis_ord`."""
    test = partial(
        kernel.local_getis_ord,
        star=star,
        permutations=permutations,
        seed=seed,
        alternative=alternative,
    )
    return _run(test, values, weights, of, "local_getis_ord", local=True)
