"""Concentration, inequality and difference of structure: labelled."""

from __future__ import annotations

from typing import Literal

import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import concentration as kernel
from clusterbelt.kernels.arithmetic import Array
from clusterbelt.measures.align import beside, core_values, label, match
from clusterbelt.measures.stacked import require, stack_parts
from clusterbelt.model.dims import INDUSTRY, REGION, REGION_FROM, REGION_TO

__all__ = [
    "equivalent_number",
    "gini",
    "hhi",
    "hoover",
    "krugman",
    "locational_gini",
    "theil_decomposition",
    "theil_l",
    "theil_t",
]

_TABLE = (REGION, INDUSTRY)
_COMPONENT = "component"


def _spec(name: str, needs: tuple[str, ...], gives: tuple[str, ...], source: str) -> MeasureSpec:
    return MeasureSpec(
        name=name, family="concentration", needs=needs, gives=gives, unit="1", source=source
    )


def _per_region(values: Array, table: xr.DataArray, name: str) -> xr.DataArray:
    return label(values, table, [(REGION, REGION)], dropped=2, name=name, unit="1")


def _per_industry(values: Array, table: xr.DataArray, name: str) -> xr.DataArray:
    return label(values, table, [(INDUSTRY, INDUSTRY)], dropped=2, name=name, unit="1")


@register(_spec("krugman", _TABLE, (REGION_FROM, REGION_TO), "Krugman (1991)"))
def krugman(
    activity: xr.DataArray, *, against: Literal["pairs", "mean_of_others", "total"] = "pairs"
) -> xr.DataArray:
    """Krugman index; see :func:`clusterbelt.kernels.concentration.krugman`.

    Over pairs the result has (region_from, region_to); otherwise (region).
    """
    table = core_values(activity, _TABLE)
    values = kernel.krugman(table.values, against=against)
    if against != "pairs":
        return _per_region(values, table, "krugman")
    dims = [(REGION_FROM, REGION), (REGION_TO, REGION)]
    return label(values, table, dims, dropped=2, name="krugman", unit="1")


@register(_spec("hhi", _TABLE, (REGION,), "Hirschman (1964)"))
def hhi(activity: xr.DataArray, *, normalised: bool = False) -> xr.DataArray:
    """How specialised every region is; see :func:`clusterbelt.kernels.concentration.hhi`."""
    table = core_values(activity, _TABLE)
    return _per_region(kernel.hhi(table.values, normalised=normalised), table, "hhi")


@register(_spec("equivalent_number", _TABLE, (REGION,), "Hirschman (1964)"))
def equivalent_number(activity: xr.DataArray) -> xr.DataArray:
    """How many equal industries would give a region's Hirschman-Herfindahl index: ``1 / H``."""
    table = core_values(activity, _TABLE)
    return _per_region(kernel.equivalent_number(table.values), table, "equivalent_number")


@register(_spec("locational_gini", _TABLE, (INDUSTRY,), "Krugman (1991)"))
def locational_gini(
    activity: xr.DataArray,
    reference: xr.DataArray | None = None,
    *,
    kind: Literal["unweighted", "lorenz"] = "unweighted",
) -> xr.DataArray:
    """Locational Gini; see :func:`clusterbelt.kernels.concentration.locational_gini`.

    ``reference`` (region) is the size of every region; without it, its sum over the industries.
    """
    table = core_values(activity, _TABLE)
    values = kernel.locational_gini(
        table.values, beside(reference, table, REGION, _TABLE), kind=kind
    )
    return _per_industry(values, table, "locational_gini")


@register(_spec("hoover", _TABLE, (INDUSTRY,), "Hoover (1936)"))
def hoover(activity: xr.DataArray, reference: xr.DataArray | None = None) -> xr.DataArray:
    """Hoover index; see :func:`clusterbelt.kernels.concentration.hoover`."""
    table = core_values(activity, _TABLE)
    values = kernel.hoover(table.values, beside(reference, table, REGION, _TABLE))
    return _per_industry(values, table, "hoover")


@register(_spec("gini", (REGION,), (), "Gini (1912)"))
def gini(values: xr.DataArray, *, normalised: bool = False) -> xr.DataArray:
    """Inequality between regions; see :func:`clusterbelt.kernels.concentration.gini`."""
    table = core_values(values, (REGION,))
    found = kernel.gini(table.values, normalised=normalised)
    return label(found, table, [], dropped=1, name="gini", unit="1")


@register(_spec("theil_t", (REGION,), (), "Theil (1967)"))
def theil_t(values: xr.DataArray, weights: xr.DataArray | None = None) -> xr.DataArray:
    """Theil's T between regions; see :func:`clusterbelt.kernels.concentration.theil_t`.

    ``weights`` (region) is the population; without it every region counts the same.
    """
    table = core_values(values, (REGION,))
    found = kernel.theil_t(table.values, beside(weights, table, REGION, (REGION,)))
    return label(found, table, [], dropped=1, name="theil_t", unit="1")


@register(_spec("theil_l", (REGION,), (), "Theil (1967)"))
def theil_l(values: xr.DataArray, weights: xr.DataArray | None = None) -> xr.DataArray:
    """Theil's L between regions; see :func:`clusterbelt.kernels.concentration.theil_l`."""
    table = core_values(values, (REGION,))
    found = kernel.theil_l(table.values, beside(weights, table, REGION, (REGION,)))
    return label(found, table, [], dropped=1, name="theil_l", unit="1")


@register(_spec("theil_decomposition", (REGION,), (_COMPONENT,), "Theil (1967), Shorrocks (1980)"))
def theil_decomposition(
    values: xr.DataArray,
    groups: xr.DataArray | None = None,
    weights: xr.DataArray | None = None,
    *,
    kind: Literal["t", "l"] = "t",
) -> xr.DataArray:
    """Inequality between and within groups.

    See :func:`clusterbelt.kernels.concentration.theil_decomposition`.
    ``groups`` (region) is the group of every region, a number or a word; ``weights`` (region) the
    population. The two components add up to the whole.
    """
    table = core_values(values, (REGION,))
    member = match(require(groups, "groups", (REGION,)), table, [REGION]).to_numpy()
    parts = kernel.theil_decomposition(
        table.values, member, beside(weights, table, REGION, (REGION,)), kind=kind
    )
    found = [
        label(one, table, [], dropped=1, name="theil_decomposition", unit="1") for one in parts
    ]
    lead = [str(dim) for dim in found[0].dims]
    return stack_parts(found, ("between", "within"), _COMPONENT).transpose(*lead, _COMPONENT)
