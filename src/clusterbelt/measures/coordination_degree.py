"""Coordination degree of foundation, industry and environment, by region and by reach.

Three subsystems between 0 and 1: foundation, the mean of the dimensions of the foundation index
that are not manufacturing; industry, the mean of those that are; environment, the mean of the
belt's environment indicators, each scaled over all regions so that 1 is the cleanest. Coupling C,
development T and coordination ``D = sqrt(C T)`` as in ``kernels.composite_coordination``, both
forms. A reach is the mean of its regions weighted by value added. Low and high are the extremes
when one dimension or one indicator at a time is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.scope import Scope
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.composite import coupling_coordination
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Result, ResultTable

__all__ = ["INDUSTRY_DIMENSIONS", "SUBSYSTEMS", "coordination_table"]

Array = NDArray[np.float64]
INDUSTRY_DIMENSIONS: Final = ("manufacturing", "advanced_manufacturing")
SUBSYSTEMS: Final = ("foundation", "industry", "environment")
_ENVIRONMENT: Final = "environment"


def coordination_table(belt: Belt, foundation: Result, scope: Scope) -> ResultTable | None:
    """Return the coordination degree of regions and reaches; None where a subsystem is lacking."""
    parts = _parts(belt, foundation, scope)
    if parts is None:
        return None
    labels, weights = _places(belt, scope)
    whole = _subsystems(parts, weights)
    found = coupling_coordination(whole)
    modified = coupling_coordination(whole, kind="modified")
    others = np.stack(
        [coupling_coordination(_subsystems(less, weights)).coordination for less in _without(parts)]
    )
    frame = labels.assign(
        **{name: whole[:, place] for place, name in enumerate(SUBSYSTEMS)},
        coupling=found.coupling,
        development=found.development,
        coordination=found.coordination,
        low=np.fmin(found.coordination, others.min(axis=0)),
        high=np.fmax(found.coordination, others.max(axis=0)),
        coordination_modified=modified.coordination,
        grade="C",
    )
    units = dict.fromkeys(frame.columns[2:-1], "1")
    return ResultTable("coordination_degree", frame, "C", units)


def _parts(belt: Belt, foundation: Result, scope: Scope) -> list[Array] | None:
    """The components of each subsystem, (components, regions of the belt) each."""
    if "dimensions" not in foundation.tables or belt.indicators is None:
        return None
    if belt.indicator_specs is None or scope.base_year not in belt.indicators["year"].values:
        return None
    specs = belt.indicator_specs
    names = [str(name) for name in specs.index[specs["dimension"] == _ENVIRONMENT]]
    frame = foundation.frame("dimensions")
    frame = frame[frame["year"] == scope.base_year]
    scores = frame.pivot(index="dimension", columns="region", values="score")
    scores = scores.reindex(columns=belt.belt_regions)
    is_industry = scores.index.isin(INDUSTRY_DIMENSIONS)
    if not names or not is_industry.any() or is_industry.all():
        return None
    values = belt.indicators.sel(
        year=scope.base_year, indicator=names, region=list(belt.regions.index)
    ).transpose("indicator", "region")
    raw = values.to_numpy().astype(np.float64)
    low = np.nanmin(raw, axis=1, keepdims=True)
    scaled = ratio(raw - low, np.nanmax(raw, axis=1, keepdims=True) - low)
    rising = specs.loc[names, "direction"].to_numpy(np.float64)[:, None] > 0
    clean = np.where(rising, scaled, 1.0 - scaled)[:, belt.regions["in_belt"].to_numpy(bool)]
    table = np.clip(scores.to_numpy(np.float64), 0.0, 1.0)
    return [table[~is_industry], table[is_industry], clean]


def _without(parts: list[Array]) -> Iterator[list[Array]]:
    """Each component left out in turn, where its subsystem has another."""
    for place, part in enumerate(parts):
        for number in range(len(part)):
            if len(part) > 1:
                yield [*parts[:place], np.delete(part, number, axis=0), *parts[place + 1 :]]


def _subsystems(parts: list[Array], weights: Array) -> Array:
    """Mean of the components of each region, then of the regions of each place: (places, 3)."""
    by_region = np.stack([part.mean(axis=0) for part in parts], axis=1)
    found: Array = weights @ by_region
    return found


def _places(belt: Belt, scope: Scope) -> tuple[pd.DataFrame, Array]:
    """Level and name of each place, and its weights over the belt's regions."""
    regions = belt.belt_regions
    cube = belt.activity.sel(year=scope.base_year, variable="value_added", region=regions)
    size = cube.sum("industry", skipna=False).to_numpy().astype(np.float64)
    reach = belt.regions.loc[regions, "reach"].astype(str).to_numpy()
    names = [name for name in belt.reaches if (reach == name).any()]
    rows = np.array([np.where(reach == name, size, 0.0) for name in names]).reshape(-1, len(size))
    weights = np.vstack([np.eye(len(regions)), ratio(rows, rows.sum(axis=1, keepdims=True))])
    labels = pd.DataFrame(
        {
            "level": ["region"] * len(regions) + ["reach"] * len(names),
            "place": [*regions, *names],
        }
    )
    return labels, weights
