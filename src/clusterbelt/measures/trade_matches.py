"""Supply-demand matches inside the belt, from the regions' own trade accounts.

The accounts give what a region sells to and buys from other regions and abroad, by industry, not
from whom. Three steps, each an upper bound, hence grade C:

1. Transit is netted out. What a region buys outside (imports IM and inflow IF) cannot exceed what
   it uses (U); what it sells of its own (exports EX and outflow OF) cannot exceed its output (X).
   Both are scaled down where they do::

       b = IF * min(1, U / (IM + IF))    s = OF * min(1, X / (EX + OF))     imports likewise

2. Proportional sourcing: every buyer's inflow comes from the other regions in proportion to what
   they sell, every seller's outflow goes to the others in proportion to what they buy. So of what
   region r buys and q sells, this crosses the border of the belt::

       bought_outside[r] = imports + b[r] * (sum of s outside the belt) / (sum of s but r's)
       supplier_room[q]  = s[q] * (sum of b outside the belt) / (sum of b but q's)

   Exports abroad are not counted as room: foreign customers are not to be given up.
3. A match is an industry that q is specialised in, more so than r, and sells outside the belt
   while r buys it outside the belt; its value is the smaller of the two.

With an inter-regional table steps 1 and 2 are read from its flows (:mod:`flow_matches`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.coordination import CoordinationSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, ResultTable

__all__ = [
    "TRADE",
    "RegionalTrade",
    "across_the_border",
    "all_industries",
    "compared_industries",
    "has_variable",
    "match_at_once",
    "match_totals_table",
    "matches_table",
    "regional_trade",
    "trade_messages",
]

Numbers = NDArray[np.float64]
TRADE: Final = ("output", "exports", "imports", "outflow", "inflow")
_SLACK: Final = 1e-9  # relative: rounding of the accounts is not transit


@dataclass(frozen=True)
class RegionalTrade:
    """Trade of all regions in all industries, (R, I), before and after transit is netted out."""

    bought: Numbers  # b: from other regions, for own use
    imported: Numbers  # from abroad, for own use
    sold: Numbers  # s: to other regions, of own output
    sold_share: Numbers  # reported outflow over output
    transit: NDArray[np.bool_]  # purchases beyond use


def has_variable(belt: Belt, scope: Scope, variable: str) -> bool:
    """Say whether the base year has any figure of a variable."""
    if variable not in belt.activity["variable"].values:
        return False
    values = belt.activity.sel(year=scope.base_year, variable=variable)
    return not bool(values.isnull().all())


def compared_industries(belt: Belt) -> list[str]:
    """Industries whose duplication and trade are looked at."""
    chosen = belt.industries["advanced"].to_numpy(bool) | belt.industries["materials"].to_numpy(
        bool
    )
    return [str(code) for code in belt.industries.index[chosen]]


def all_industries(belt: Belt) -> list[str]:
    """Return the codes of all industries, in table order."""
    return [str(code) for code in belt.industries.index]


def regional_trade(belt: Belt, scope: Scope) -> RegionalTrade:
    """Return the trade of all regions in the base year without what only passes through."""
    cube = belt.activity.sel(
        year=scope.base_year,
        region=list(belt.regions.index),
        industry=list(belt.industries.index),
    )
    output, exports, imports, outflow, inflow = (
        cube.sel(variable=name).transpose("region", "industry").to_numpy() for name in TRADE
    )
    error = np.zeros_like(output)
    if has_variable(belt, scope, "statistical_error"):
        error = cube.sel(variable="statistical_error").transpose("region", "industry").to_numpy()
    use = output + imports + inflow - exports - outflow - error
    purchases, sales = imports + inflow, exports + outflow
    for_use, of_own = _part(use, purchases), _part(output, sales)
    return RegionalTrade(
        bought=inflow * for_use,
        imported=imports * for_use,
        sold=outflow * of_own,
        sold_share=ratio(outflow, output),
        transit=purchases > use + _SLACK * np.abs(purchases),
    )


def _part(limit: Numbers, wanted: Numbers) -> Numbers:
    """min(1, limit / wanted), not below 0; 1 where nothing is wanted; unknown stays unknown."""
    part = np.clip(ratio(limit, np.where(wanted == 0, 1.0, wanted)), 0.0, 1.0)
    return np.where(wanted == 0, 1.0, part)


def trade_messages(
    belt: Belt,
    trade: RegionalTrade,
    quotient: pd.DataFrame,
    section: CoordinationSection,
    scope: Scope,
) -> list[Message]:
    """Say where transit was netted out, whose sales look unrecorded, and what is lacking."""
    compared = belt.industries.index.isin(compared_industries(belt))
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    counts: dict[str, str | float | int] = {
        "year": scope.base_year,
        "cells": int(trade.transit.sum()),
        "of": trade.transit.size,
        "belt_cells": int(trade.transit[in_belt][:, compared].sum()),
        "belt_of": int(in_belt.sum() * compared.sum()),
    }
    messages = [Message("coordination.transit", counts)]
    silent = (quotient.to_numpy() > section.specialised_above) & (
        trade.sold_share[in_belt] < section.least_sales
    )
    silent &= compared[None, :]
    if silent.any():
        pairs = [
            f"{quotient.index[region]}-{quotient.columns[industry]}"
            for region, industry in np.argwhere(silent)
        ]
        params: dict[str, str | float | int] = {
            "count": len(pairs),
            "share": f"{section.least_sales:.0%}",
            "pairs": first_labels(pairs),
        }
        messages.append(Message("coordination.no_sales", params))
    if bool(in_belt.all()):
        messages.append(Message("coordination.no_outside"))
    if belt.distance_km is None:
        messages.append(Message("coordination.no_distance"))
    return messages


def across_the_border(
    belt: Belt, trade: RegionalTrade, scope: Scope
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Purchases from outside the belt (all, from abroad) and room of suppliers, region x industry.

    Without regions outside the belt in the data nothing says which part of the trade stays in it;
    all of it may cross (the message says so).
    """
    in_belt = belt.regions["in_belt"].to_numpy(bool)

    def crossing(partner: Numbers) -> Numbers:
        if bool(in_belt.all()):
            return np.ones_like(partner[in_belt])
        beyond = partner[~in_belt].sum(axis=0)
        return ratio(beyond, partner.sum(axis=0) - partner[in_belt])

    def table(values: Numbers) -> pd.DataFrame:
        return pd.DataFrame(values, index=belt.belt_regions, columns=all_industries(belt))

    abroad = trade.imported[in_belt]
    elsewhere = trade.bought[in_belt] * crossing(trade.sold)
    outside = {
        "bought_outside": table(abroad + elsewhere),
        "bought_abroad": table(abroad),
    }
    return outside, table(trade.sold[in_belt] * crossing(trade.bought))


def matches_table(
    belt: Belt,
    outside: dict[str, pd.DataFrame],
    room: dict[str, pd.DataFrame],
    quotient: pd.DataFrame,
    added: pd.DataFrame,
    section: CoordinationSection,
    spare: pd.DataFrame | None = None,
) -> ResultTable:
    """Return the largest matches.

    Parameters
    ----------
    outside
        ``bought_outside`` and ``bought_abroad``, region x industry; ``low`` and ``high``, the ends
        of the interval of ``bought_outside``, where known.
    room
        Room of suppliers under ``value``, and its ``low`` and ``high`` where known.
    quotient
        Location quotients.
    added
        Output that the plan adds.
    section
        The study's choices.
    spare
        Attainable output that the plan leaves; where known, a supplier without any is no match.
    """
    regions, industries = belt.belt_regions, compared_industries(belt)
    labels = [regions, regions, industries]
    rows = pd.MultiIndex.from_product(labels, names=["region_from", "region_to", "industry"])
    frame = rows.to_frame(index=False)
    shape = (len(regions), len(regions), len(industries))

    def spread(table: pd.DataFrame, axis: int) -> Numbers:
        values = np.expand_dims(table.loc[regions, industries].to_numpy(float), axis)
        return np.broadcast_to(values, shape).ravel()

    for name in ("bought_outside", "bought_abroad"):
        frame[name] = spread(outside[name], 0)
    frame["supplier_location_quotient"] = spread(quotient, 1)
    frame["buyer_location_quotient"] = spread(quotient, 0)
    frame["supplier_room"] = spread(room["value"], 1)
    frame["value"] = np.minimum(frame["bought_outside"], frame["supplier_room"])
    for end in ("low", "high"):
        known = end in outside and end in room
        frame[end] = np.minimum(spread(outside[end], 0), spread(room[end], 1)) if known else np.nan
    planned = added["added_output"].unstack("industry").reindex(index=regions, columns=industries)
    frame["supplier_added_output"] = spread(planned.fillna(0.0), 1)
    frame["supplier_spare"] = np.nan if spare is None else spread(spare, 1)
    frame["distance_km"] = np.nan
    if belt.distance_km is not None:
        distance = belt.distance_km.loc[regions, regions].to_numpy(float)[:, :, None]
        frame["distance_km"] = np.broadcast_to(distance, shape).ravel()
    frame["grade"] = "C"
    able = frame["supplier_location_quotient"] > np.maximum(
        frame["buyer_location_quotient"].fillna(0.0), section.specialised_above
    )
    if spare is not None:
        able &= ~(frame["supplier_spare"] <= 0.0)
    frame = frame[able & (frame["value"] > 0)]
    by = ["value", "region_from", "region_to", "industry"]
    frame = frame.sort_values(by, ascending=[False, True, True, True], kind="stable")
    money = (
        "bought_outside", "bought_abroad", "supplier_room", "value", "low", "high",
        "supplier_added_output", "supplier_spare",
    )  # fmt: skip
    ones = ("supplier_location_quotient", "buyer_location_quotient")
    units = dict.fromkeys(money, belt.money_unit) | dict.fromkeys(ones, "1")
    top = frame.head(section.top_matches).reset_index(drop=True)
    return ResultTable("matches", top, "C", units | {"distance_km": "km"})


def match_totals_table(
    belt: Belt,
    outside: dict[str, pd.DataFrame],
    room: pd.DataFrame,
    quotient: pd.DataFrame,
    section: CoordinationSection,
) -> ResultTable:
    """What can be matched at once, by industry.

    A buyer is served by the regions more specialised than itself. These sets are nested, so
    serving the most specialised buyer first, then the next, gives the largest total.
    """
    industries = compared_industries(belt)
    wanted = outside["bought_outside"][industries].to_numpy()
    lq = quotient[industries].fillna(0.0).to_numpy()
    offered = np.where(lq > section.specialised_above, room[industries].to_numpy(), 0.0)
    matched = np.array(
        [
            match_at_once(wanted[:, one], offered[:, one], lq[:, one])
            for one in range(len(industries))
        ]
    )
    all_wanted, all_offered = wanted.sum(axis=0), offered.sum(axis=0)
    frame = pd.DataFrame(
        {
            "industry": industries,
            "bought_outside": all_wanted,
            "bought_abroad": outside["bought_abroad"][industries].sum(skipna=False).to_numpy(),
            "supplier_room": all_offered,
            "matched_at_once": matched,
            "matched_share": ratio(matched, all_wanted),
        }
    )
    money = ("bought_outside", "bought_abroad", "supplier_room", "matched_at_once")
    units = dict.fromkeys(money, belt.money_unit) | {"matched_share": "1"}
    return ResultTable("match_totals", frame, "C", units)


def match_at_once(wanted: Numbers, offered: Numbers, quotient: Numbers) -> float:
    """Largest total that suppliers can give to less specialised buyers; (R,) each."""
    served = 0.0
    for buyer in np.argsort(-quotient, kind="stable"):
        reachable = offered[quotient > quotient[buyer]].sum() - served
        served += min(wanted[buyer], max(reachable, 0.0))
    return float(served)
