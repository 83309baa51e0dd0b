"""Relatedness and complexity: labelled."""

from __future__ import annotations

import numpy as np
import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import complexity as kernel
from clusterbelt.measures.align import beside, core_values, label, match
from clusterbelt.measures.stacked import Array, by_slice
from clusterbelt.model.dims import INDUSTRY, INDUSTRY_FROM, INDUSTRY_TO, REGION

__all__ = [
    "complexity_outlook",
    "eci",
    "fitness",
    "fitness_complexity",
    "pci",
    "proximity",
    "rca",
    "relatedness_density",
]

_TABLE = (REGION, INDUSTRY)
_PAIR = (INDUSTRY_FROM, INDUSTRY_TO)
_PLACE = [(REGION, REGION), (INDUSTRY, INDUSTRY)]


def _spec(name: str, gives: tuple[str, ...], source: str) -> MeasureSpec:
    return MeasureSpec(
        name=name, family="complexity", needs=_TABLE, gives=gives, unit="1", source=source
    )


@register(_spec("rca", _TABLE, "Balassa (1965)"))
def rca(values: xr.DataArray, reference: xr.DataArray | None = None) -> xr.DataArray:
    """Revealed comparative advantage; see :func:`clusterbelt.kernels.complexity.rca`.

    ``reference`` (industry) is the trade of the reference area; without it, the sum of the regions.
    """
    table = core_values(values, _TABLE)
    found = kernel.rca(table.values, beside(reference, table, INDUSTRY, _TABLE))
    return label(found, table, _PLACE, dropped=2, name="rca", unit="1")


def _complexity(
    activity: xr.DataArray, least_diversity: int, least_ubiquity: int, side: int
) -> tuple[Array, xr.DataArray]:
    table = core_values(activity, _TABLE)
    found = by_slice(
        kernel.rca(table.values),
        lambda one: kernel.eci_pci(
            one, least_diversity=least_diversity, least_ubiquity=least_ubiquity
        )[side],
    )
    return found, table


@register(_spec("eci", (REGION,), "Hidalgo and Hausmann (2009)"))
def eci(
    activity: xr.DataArray, *, least_diversity: int = 1, least_ubiquity: int = 1
) -> xr.DataArray:
    """Economic complexity of regions, from activity; see :func:`~.kernels.complexity.eci_pci`."""
    found, table = _complexity(activity, least_diversity, least_ubiquity, 0)
    return label(found, table, [(REGION, REGION)], dropped=2, name="eci", unit="1")


@register(_spec("pci", (INDUSTRY,), "Hidalgo and Hausmann (2009)"))
def pci(
    activity: xr.DataArray, *, least_diversity: int = 1, least_ubiquity: int = 1
) -> xr.DataArray:
    """Complexity of industries, from activity; see :func:`~.kernels.complexity.eci_pci`."""
    found, table = _complexity(activity, least_diversity, least_ubiquity, 1)
    return label(found, table, [(INDUSTRY, INDUSTRY)], dropped=2, name="pci", unit="1")


@register(_spec("fitness", (REGION,), "Tacchella et al. (2012)"))
def fitness(activity: xr.DataArray, *, iterations: int = 20) -> xr.DataArray:
    """Fitness of regions, from activity; see :func:`clusterbelt.kernels.complexity.fitness`."""
    table = core_values(activity, _TABLE)
    found = by_slice(
        kernel.rca(table.values), lambda one: kernel.fitness(one, iterations=iterations)[0]
    )
    return label(found, table, [(REGION, REGION)], dropped=2, name="fitness", unit="1")


@register(_spec("fitness_complexity", (INDUSTRY,), "Tacchella et al. (2012)"))
def fitness_complexity(activity: xr.DataArray, *, iterations: int = 20) -> xr.DataArray:
    """Complexity of industries by the fitness map; see :func:`~.kernels.complexity.fitness`."""
    table = core_values(activity, _TABLE)
    found = by_slice(
        kernel.rca(table.values), lambda one: kernel.fitness(one, iterations=iterations)[1]
    )
    dims = [(INDUSTRY, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="fitness_complexity", unit="1")


@register(_spec("proximity", _PAIR, "Hidalgo et al. (2007)"))
def proximity(activity: xr.DataArray) -> xr.DataArray:
    """Proximity of industries, from activity; see :func:`~.kernels.complexity.proximity`."""
    table = core_values(activity, _TABLE)
    found = by_slice(kernel.rca(table.values), kernel.proximity)
    dims = [(INDUSTRY_FROM, INDUSTRY), (INDUSTRY_TO, INDUSTRY)]
    return label(found, table, dims, dropped=2, name="proximity", unit="1")


def _relatedness(given: xr.DataArray | None, table: xr.DataArray) -> Array | None:
    if given is None:
        return None
    square = core_values(given, _PAIR).transpose(*_PAIR)
    for end in _PAIR:
        square = match(square.rename({end: INDUSTRY}), table, [INDUSTRY]).rename({INDUSTRY: end})
    values: Array = square.transpose(*_PAIR).values
    return values


@register(_spec("relatedness_density", _TABLE, "Hidalgo et al. (2007)"))
def relatedness_density(
    activity: xr.DataArray,
    relatedness: xr.DataArray | None = None,
    *,
    include_self: bool = False,
    nearest: int | None = None,
) -> xr.DataArray:
    """Relatedness density, from activity; see :func:`~.kernels.complexity.relatedness_density`.

    ``relatedness`` (industry_from, industry_to) are weights; without them, the proximity.
    """
    table = core_values(activity, _TABLE)
    weights = _relatedness(relatedness, table)
    found = by_slice(
        kernel.rca(table.values),
        lambda one: kernel.relatedness_density(
            one, weights, include_self=include_self, nearest=nearest
        ),
    )
    return label(found, table, _PLACE, dropped=2, name="relatedness_density", unit="1")


@register(_spec("complexity_outlook", (REGION,), "Hausmann et al. (2014)"))
def complexity_outlook(activity: xr.DataArray) -> xr.DataArray:
    """How near a region is to complex industries it lacks, all from one table of activity.

    See :func:`clusterbelt.kernels.complexity.complexity_outlook`.
    """
    table = core_values(activity, _TABLE)

    def outlook(advantage: Array) -> Array:
        density = kernel.relatedness_density(advantage)
        return kernel.complexity_outlook(advantage, density, kernel.eci_pci(advantage)[1])

    found = np.asarray(by_slice(kernel.rca(table.values), outlook))
    return label(found, table, [(REGION, REGION)], dropped=2, name="complexity_outlook", unit="1")
