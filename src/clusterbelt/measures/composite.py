"""Composite indices: labelled."""

from __future__ import annotations

import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import composite as kernel
from clusterbelt.kernels.arithmetic import Array, Missing
from clusterbelt.measures.align import beside, core_values, label
from clusterbelt.model.dims import INDICATOR, REGION

__all__ = [
    "aggregate_arithmetic",
    "competition_rank",
    "normalise_minmax",
    "topsis",
    "weight_critic",
    "weight_entropy",
    "weight_equal",
]

_TABLE = (REGION, INDICATOR)


def _spec(name: str, needs: tuple[str, ...], gives: tuple[str, ...], source: str) -> MeasureSpec:
    unit = "rank" if name == "competition_rank" else "1"
    return MeasureSpec(
        name=name, family="composite", needs=needs, gives=gives, unit=unit, source=source
    )


def _weights(values: Array, table: xr.DataArray, name: str) -> xr.DataArray:
    return label(values, table, [(INDICATOR, INDICATOR)], dropped=2, name=name, unit="1")


def _scores(values: Array, table: xr.DataArray, name: str) -> xr.DataArray:
    return label(values, table, [(REGION, REGION)], dropped=2, name=name, unit="1")


@register(_spec("normalise_minmax", _TABLE, _TABLE, "OECD and JRC (2008)"))
def normalise_minmax(values: xr.DataArray, direction: xr.DataArray | None = None) -> xr.DataArray:
    """Min-max over regions; see :func:`clusterbelt.kernels.composite.normalise_minmax`.

    ``direction`` (indicator) is 1 or -1.
    """
    table = core_values(values, _TABLE)
    found = kernel.normalise_minmax(table.values, beside(direction, table, INDICATOR, _TABLE))
    dims = [(REGION, REGION), (INDICATOR, INDICATOR)]
    return label(found, table, dims, dropped=2, name="normalise_minmax", unit="1")


@register(_spec("weight_equal", _TABLE, (INDICATOR,), "OECD and JRC (2008)"))
def weight_equal(values: xr.DataArray) -> xr.DataArray:
    """Equal weights; see :func:`clusterbelt.kernels.composite.weight_equal`."""
    table = core_values(values, _TABLE)
    return _weights(kernel.weight_equal(table.values), table, "weight_equal")


@register(_spec("weight_entropy", _TABLE, (INDICATOR,), "Zeleny (1982)"))
def weight_entropy(values: xr.DataArray, *, missing: Missing = "propagate") -> xr.DataArray:
    """Entropy weights; see :func:`clusterbelt.kernels.composite.weight_entropy`."""
    table = core_values(values, _TABLE)
    found = kernel.weight_entropy(table.values, missing=missing)
    return _weights(found, table, "weight_entropy")


@register(_spec("weight_critic", _TABLE, (INDICATOR,), "Diakoulaki et al. (1995)"))
def weight_critic(values: xr.DataArray) -> xr.DataArray:
    """CRITIC weights; see :func:`clusterbelt.kernels.composite.weight_critic`."""
    table = core_values(values, _TABLE)
    return _weights(kernel.weight_critic(table.values), table, "weight_critic")


@register(_spec("aggregate_arithmetic", _TABLE, (REGION,), "OECD and JRC (2008)"))
def aggregate_arithmetic(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Weighted mean; see :func:`clusterbelt.kernels.composite.aggregate_arithmetic`."""
    table = core_values(values, _TABLE)
    found = kernel.aggregate_arithmetic(
        table.values, beside(weights, table, INDICATOR, _TABLE), missing=missing
    )
    return _scores(found, table, "aggregate_arithmetic")


@register(_spec("topsis", _TABLE, (REGION,), "Hwang and Yoon (1981)"))
def topsis(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    direction: xr.DataArray | None = None,
) -> xr.DataArray:
    """TOPSIS score; see :func:`clusterbelt.kernels.composite.topsis`."""
    table = core_values(values, _TABLE)
    found = kernel.topsis(
        table.values,
        beside(weights, table, INDICATOR, _TABLE),
        beside(direction, table, INDICATOR, _TABLE),
    )
    return _scores(found, table, "topsis")


@register(_spec("competition_rank", (REGION,), (REGION,), "standard competition ranking"))
def competition_rank(scores: xr.DataArray) -> xr.DataArray:
    """Rank of every region; see :func:`clusterbelt.kernels.composite.competition_rank`."""
    table = core_values(scores, (REGION,))
    found = kernel.competition_rank(table.values)
    return label(found, table, [(REGION, REGION)], dropped=1, name="competition_rank", unit="rank")
