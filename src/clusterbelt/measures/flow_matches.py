"""Purchases outside the belt and room of suppliers, from inter-regional flows with intervals.

For product i, buyer r and supplier q of the belt, flows f of the inter-regional table::

    bought_outside[r] = imports[r] + sum of f[i, s, r] over sellers s outside the belt
    supplier_room[q]  = sum of f[i, q, s] over buyers s outside the belt

Ends of the intervals are sums of the ends of single flows: wider than the interval of the sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Result

__all__ = ["Crossing", "crossing_flows", "spare_output"]

_ENDS: Final = ("value", "low", "high")


@dataclass(frozen=True)
class Crossing:
    """Trade across the belt's border, region x industry; ``ends`` value, low, high."""

    outside: dict[str, pd.DataFrame]  # end -> bought outside
    abroad: pd.DataFrame
    room: dict[str, pd.DataFrame]  # end -> sold outside, inside the nation


def crossing_flows(belt: Belt, interregional: Result) -> Crossing | None:
    """Return the trade across the belt's border; None where the stage made no flows.

    Without regions outside the belt nothing crosses but imports.
    """
    if "flows" not in interregional.tables:
        return None
    flows = interregional.frame("flows")
    inside = belt.regions["in_belt"].to_dict()
    seller = flows["region_from"].map(inside).to_numpy(bool)
    buyer = flows["region_to"].map(inside).to_numpy(bool)
    margins = interregional.frame("margins")
    abroad = _wide(belt, margins, "region", "imports")
    bought = flows[~seller & buyer]
    sold = flows[seller & ~buyer]
    outside = {end: _wide(belt, bought, "region_to", end) + abroad for end in _ENDS}
    room = {end: _wide(belt, sold, "region_from", end) for end in _ENDS}
    return Crossing(outside, abroad, room)


def _wide(belt: Belt, frame: pd.DataFrame, region: str, column: str) -> pd.DataFrame:
    """Sum over partners, region x industry; a cell without a row is zero, NaN stays NaN."""
    summed = frame.groupby([region, "industry"])[column].agg(lambda part: part.sum(skipna=False))
    table: pd.DataFrame = summed.unstack("industry")
    industries = [str(code) for code in belt.industries.index]
    wanted = table.reindex(index=belt.belt_regions, columns=industries)
    known = pd.DataFrame(False, index=wanted.index, columns=wanted.columns)
    known.loc[wanted.index.isin(table.index), wanted.columns.isin(table.columns)] = True
    return wanted.where(known, 0.0)


def spare_output(belt: Belt, demand: Result, added: pd.DataFrame) -> pd.DataFrame | None:
    """Return attainable output of the last year that the plan does not use, region x industry.

    None where demand gives no ceiling by region. A plan beyond the ceiling leaves zero.
    """
    if "attainable" not in demand.tables:
        return None
    frame = demand.frame("attainable")
    last = frame[frame["year"] == frame["year"].max()]
    ceiling = last.pivot(index="region", columns="industry", values="ceiling")
    ceiling = ceiling.reindex(
        index=belt.belt_regions, columns=[str(code) for code in belt.industries.index]
    )
    used = (
        added["added_output"]
        .unstack("industry")
        .reindex(index=ceiling.index, columns=ceiling.columns)
    )
    left: pd.DataFrame = (ceiling - used.fillna(0.0)).clip(lower=0.0)
    return left.astype(np.float64)
