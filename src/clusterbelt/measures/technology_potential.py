"""Potential of technology contracts between regions: who could sell technology to whom.

Nobody publishes technology contracts by pair of provinces. What a region buys is shared out over
all other regions of the nation by what they have to offer::

    weight[p, q] = (contracts sold by p)^a * (knowledge of p)^(1-a) * linkage[p, q] * km[p, q]^-b
    potential[p, q] = bought[q] * weight[p, q] / sum over p' of weight[p', q]

``knowledge`` is the geometric mean of R&D spending and valid patents. ``linkage`` says how near
two regions' manufacturing is: with output shares s and W the industry linkages (1 on the diagonal,
larger of the four buying and selling shares elsewhere), ``s_p' W s_q`` over the geometric mean of
``s_p' W s_p`` and ``s_q' W s_q``. A potential and no flow (grade C): where technology was sold is
not known. Low and high are the extremes over ``a`` in 0, 1/2, 1 and ``b`` in none, half, all and
twice the decay of the study.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.scope import Scope
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.linkage import io_linkage
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import ResultTable

__all__ = ["industry_nearness", "potential_flows", "technology_table"]

Array = NDArray[np.float64]
_INDICATORS: Final = (
    "technology_sold_per_gdp",
    "technology_bought_per_gdp",
    "rd_intensity",
    "patents_valid_per_head",
    "gdp_per_head",
)
_MIXES: Final = (0.0, 0.5, 1.0)
_DECAYS: Final = (0.0, 0.5, 1.0, 2.0)
_YUAN: Final = 1e8  # of the belt's money unit


def industry_nearness(output: Array, linkage: Array) -> Array:
    """Return how near the industries of two regions are, (R, R), 1 on the diagonal.

    Parameters
    ----------
    output
        (R, N), zero or more.
    linkage
        W (N, N), symmetric, 1 on the diagonal.
    """
    shares = ratio(output, output.sum(axis=1, keepdims=True))
    near = shares @ linkage @ shares.T
    own = np.sqrt(np.diag(near))
    return ratio(near, own[:, None] * own[None, :])


def potential_flows(
    offered: Array, bought: Array, nearness: Array, distance: Array, decay: float
) -> Array:
    """Return each region's purchases shared out over all others, (R, R), seller before buyer.

    Columns add to ``bought``; none is bought at home. A region without a possible seller has NaN.
    """
    away = ~np.eye(len(bought), dtype=bool)
    far = np.where(away, np.where(distance > 0.0, distance, np.nan), 1.0)
    weight = np.where(away, offered[:, None] * nearness * far**-decay, 0.0)
    flows: Array = ratio(weight, weight.sum(axis=0)) * bought
    return flows


def technology_table(belt: Belt, scope: Scope, decay: float) -> ResultTable | None:
    """Return the potential between the belt's regions; None where the belt lacks what it needs."""
    needed = _needed(belt, scope)
    if needed is None or belt.distance_km is None:
        return None
    sold, bought, knowledge = needed
    regions = [str(code) for code in belt.regions.index]
    nearness = industry_nearness(*_structure(belt, scope))
    distance = belt.distance_km.loc[regions, regions].to_numpy(np.float64)
    variants = np.stack(
        [
            potential_flows(sold**a * knowledge ** (1.0 - a), bought, nearness, distance, b * decay)
            for a in _MIXES
            for b in _DECAYS
        ]
    )
    middle = variants[_MIXES.index(0.5) * len(_DECAYS) + _DECAYS.index(1.0)]
    inside = np.flatnonzero(belt.regions["in_belt"].to_numpy(bool))
    pairs = [(p, q) for p in inside for q in inside if p != q]
    seller, buyer = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    frame = pd.DataFrame(
        {
            "region_from": [regions[p] for p in seller],
            "region_to": [regions[q] for q in buyer],
            "potential": middle[seller, buyer],
            "low": variants.min(axis=0)[seller, buyer],
            "high": variants.max(axis=0)[seller, buyer],
            "share_of_bought": ratio(middle[seller, buyer], bought[buyer]),
            "bought": bought[buyer],
            "sold": sold[seller],
            "nearness": nearness[seller, buyer],
            "distance_km": distance[seller, buyer],
        }
    )
    order = ["potential", "region_from", "region_to"]
    frame = frame.sort_values(order, ascending=[False, True, True], kind="stable")
    frame = frame.reset_index(drop=True).assign(grade="C")
    money = dict.fromkeys(("potential", "low", "high", "bought", "sold"), belt.money_unit)
    ones = dict.fromkeys(("share_of_bought", "nearness"), "1")
    return ResultTable("technology_potential", frame, "C", money | ones | {"distance_km": "km"})


def _needed(belt: Belt, scope: Scope) -> tuple[Array, Array, Array] | None:
    """Contracts sold and bought, and knowledge, of every region (R,), money of the belt."""
    if belt.indicators is None or scope.base_year not in belt.indicators["year"].values:
        return None
    if not set(_INDICATORS) <= set(belt.indicators["indicator"].values.tolist()):
        return None
    if "value_added" not in belt.activity["variable"].values:
        return None
    regions = list(belt.regions.index)
    values = belt.indicators.sel(year=scope.base_year, region=regions)
    sold, bought, intensity, patents, per_head = (
        values.sel(indicator=name).to_numpy().astype(np.float64) for name in _INDICATORS
    )
    cube = belt.activity.sel(year=scope.base_year, variable="value_added", region=regions)
    product = cube.sum("industry", skipna=False).to_numpy().astype(np.float64)
    people = ratio(product * _YUAN, per_head)
    knowledge = np.sqrt(intensity * product * patents * people)
    return sold * product, bought * product, knowledge


def _structure(belt: Belt, scope: Scope) -> tuple[Array, Array]:
    """Manufacturing output (R, N) and linkages W (N, N), from all regions' inputs together."""
    made = [str(code) for code in belt.industries.index[belt.industries["manufacturing"]]]
    cube = belt.activity.sel(year=scope.base_year, variable="output", industry=made)
    cube = cube.sel(region=list(belt.regions.index)).transpose("region", "industry")
    output = cube.to_numpy().astype(np.float64)
    linkage = np.eye(len(made))
    table = belt.intermediate
    if table is not None and scope.base_year in table["year"].values:
        every = [str(code) for code in belt.industries.index]
        flows = table.sel(year=scope.base_year).sum("region")
        flows = flows.sel(industry_from=every, industry_to=every)
        flows = flows.transpose("industry_from", "industry_to")
        place = [every.index(code) for code in made]
        found = io_linkage(flows.to_numpy().astype(np.float64))[np.ix_(place, place)]
        linkage = np.where(np.eye(len(made), dtype=bool), 1.0, np.nan_to_num(found))
    return output, linkage
