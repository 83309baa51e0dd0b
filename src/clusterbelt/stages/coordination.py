"""Coordination: how much the regions duplicate each other, and who could supply whom.

**Similarity** is the cosine of the regions' manufacturing structures (output): in the base year,
at the end of the plan without it (baseline) and with it (baseline plus added output). National
growth moves all structures alike; only the difference between the last two is the plan's.

**Matches.** The accounts give what a region sells to and buys from other regions and abroad, by
industry, not from whom. Three steps, each an upper bound, hence grade C:

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

Matches are alternatives: one purchase can be matched with several suppliers. What can be matched
at once is in ``match_totals``. An industry of 42 holds many products: chips bought abroad are not
replaced by handsets from next door, so what is bought abroad stands in its own column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.coordination import CoordinationSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InternalError, first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.structure import similarity
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

Numbers = NDArray[np.float64]
_TRADE: Final = ("output", "exports", "imports", "outflow", "inflow")
_CORE_ROLES: Final = ("lead", "partner")
_SLACK: Final = 1e-9  # relative: rounding of the accounts is not transit


@dataclass(frozen=True)
class _Trade:
    """Trade of all regions in all industries, (R, I), before and after transit is netted out."""

    bought: Numbers  # b: from other regions, for own use
    imported: Numbers  # from abroad, for own use
    sold: Numbers  # s: to other regions, of own output
    sold_share: Numbers  # reported outflow over output
    transit: NDArray[np.bool_]  # purchases beyond use


def run(
    belt: Belt, results: Mapping[str, Result], section: CoordinationSection, scope: Scope
) -> Result:
    """Return similarity, duplication, matches and what can be matched at once.

    Needs the results of ``advantage``, ``demand`` and ``plan``. Without trade of the regions the
    matches are left out and a message says so.
    """
    quotient = _location_quotients(results["advantage"], belt, scope)
    alike = _similarity(belt, results, scope)
    tables = [alike, _duplication(belt, results["plan"], quotient, section)]
    messages: list[Message] = []
    absent = [name for name in _TRADE if not _has(belt, scope, name)]
    if absent:
        messages.append(Message("coordination.no_trade", {"variables": ", ".join(absent)}))
    else:
        trade = _trade(belt, scope)
        messages += _trade_messages(belt, trade, quotient, section, scope)
        added = _added_output(results["plan"])
        outside, room = _across_the_border(belt, trade, scope)
        matches = _matches(belt, outside, room, quotient, added, section)
        tables += [matches, _match_totals(belt, outside, room, quotient, section)]
    return Result(
        stage="coordination",
        tables={table.name: table for table in tables},
        values=_mean_similarity(alike.frame),
        messages=tuple(messages),
    )


def _has(belt: Belt, scope: Scope, variable: str) -> bool:
    if variable not in belt.activity["variable"].values:
        return False
    values = belt.activity.sel(year=scope.base_year, variable=variable)
    return not bool(values.isnull().all())


def _compared(belt: Belt) -> list[str]:
    """Industries whose duplication and trade are looked at."""
    chosen = belt.industries["advanced"].to_numpy(bool) | belt.industries["materials"].to_numpy(
        bool
    )
    return [str(code) for code in belt.industries.index[chosen]]


def _all_industries(belt: Belt) -> list[str]:
    return [str(code) for code in belt.industries.index]


def _location_quotients(advantage: Result, belt: Belt, scope: Scope) -> pd.DataFrame:
    """Location quotients of the belt's regions, region x industry, against the reference area."""
    frame = advantage.frame("advantage")
    column = "location_quotient_belt" if scope.reference == "belt" else "location_quotient_all"
    wide = frame.pivot(index="region", columns="industry", values=column)
    table: pd.DataFrame = wide.reindex(index=belt.belt_regions, columns=_all_industries(belt))
    return table


# --- duplication


def _added_output(plan: Result) -> pd.DataFrame:
    """Added output in the last phase, one row per region and industry (index), one column."""
    trajectory = plan.frame("trajectory")
    last = trajectory[trajectory["end_year"] == trajectory["end_year"].max()]
    summed: pd.DataFrame = last.groupby(["region", "industry"])[["added_output"]].sum()
    return summed


def _last_year(results: Mapping[str, Result]) -> int:
    """Last year of the plan; of the baseline where the plan builds nothing."""
    years = results["demand"].frame("baseline")["year"]
    ends = results["plan"].frame("trajectory")["end_year"]
    last = int((ends if len(ends) else years).max())
    if last not in set(years):
        raise InternalError(f"the plan ends in {last}, a year without baseline")
    return last


def _similarity(belt: Belt, results: Mapping[str, Result], scope: Scope) -> ResultTable:
    regions = belt.belt_regions
    made = belt.industries["manufacturing"].to_numpy(bool)
    industries = [str(code) for code in belt.industries.index[made]]
    baseline = results["demand"].frame("baseline")
    last = _last_year(results)
    wide = baseline.pivot(index=["region", "industry"], columns="year", values="output")
    labels = pd.MultiIndex.from_product([regions, industries], names=["region", "industry"])
    shape = (len(regions), len(industries))
    before = wide.loc[labels, scope.base_year].to_numpy().reshape(shape)
    without = wide.loc[labels, last].to_numpy().reshape(shape)
    added = _added_output(results["plan"]).reindex(labels, fill_value=0.0)
    structures = {
        "before": before,
        "without_plan": without,
        "after": without + added["added_output"].to_numpy().reshape(shape),
    }
    first, second = np.triu_indices(len(regions), k=1)
    frame = pd.DataFrame(
        {
            "region_a": [regions[one] for one in first],
            "region_b": [regions[one] for one in second],
        }
    )
    for name, structure in structures.items():
        frame[name] = similarity(structure)[first, second]
    return ResultTable("similarity", frame, "D", dict.fromkeys(structures, "1"))


def _mean_similarity(frame: pd.DataFrame) -> dict[str, ResultValue]:
    """Mean over pairs of regions; the base year is measured, the horizon assumed."""
    means = {name: float(frame[name].mean()) for name in ("before", "without_plan", "after")}
    return {
        f"mean_similarity_{name}": ResultValue(
            mean if np.isfinite(mean) else None, "A" if name == "before" else "D"
        )
        for name, mean in means.items()
    }


def _duplication(
    belt: Belt, plan: Result, quotient: pd.DataFrame, section: CoordinationSection
) -> ResultTable:
    industries = _compared(belt)
    assignments = plan.frame("assignments")
    core = assignments[assignments["role"].isin(_CORE_ROLES)].groupby("industry")
    regions, clusters = core["region"].nunique(), core["cluster"].nunique()
    specialised = (quotient[industries] > section.specialised_above).sum()
    frame = pd.DataFrame(
        {
            "industry": industries,
            "specialised_regions_before": specialised.to_numpy(int),
            "core_regions_after": regions.reindex(industries, fill_value=0).to_numpy(int),
            "clusters_after": clusters.reindex(industries, fill_value=0).to_numpy(int),
        }
    )
    units = dict.fromkeys(frame.columns[1:], "1")
    return ResultTable("duplication", frame, "D", units)


# --- supply-demand matches


def _trade(belt: Belt, scope: Scope) -> _Trade:
    cube = belt.activity.sel(
        year=scope.base_year,
        region=list(belt.regions.index),
        industry=list(belt.industries.index),
    )
    output, exports, imports, outflow, inflow = (
        cube.sel(variable=name).transpose("region", "industry").to_numpy() for name in _TRADE
    )
    error = np.zeros_like(output)
    if _has(belt, scope, "statistical_error"):
        error = cube.sel(variable="statistical_error").transpose("region", "industry").to_numpy()
    use = output + imports + inflow - exports - outflow - error
    purchases, sales = imports + inflow, exports + outflow
    for_use, of_own = _part(use, purchases), _part(output, sales)
    return _Trade(
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


def _trade_messages(
    belt: Belt,
    trade: _Trade,
    quotient: pd.DataFrame,
    section: CoordinationSection,
    scope: Scope,
) -> list[Message]:
    compared = belt.industries.index.isin(_compared(belt))
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


def _across_the_border(
    belt: Belt, trade: _Trade, scope: Scope
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
        return pd.DataFrame(values, index=belt.belt_regions, columns=_all_industries(belt))

    abroad = trade.imported[in_belt]
    elsewhere = trade.bought[in_belt] * crossing(trade.sold)
    outside = {
        "bought_outside": table(abroad + elsewhere),
        "bought_abroad": table(abroad),
    }
    return outside, table(trade.sold[in_belt] * crossing(trade.bought))


def _matches(
    belt: Belt,
    outside: dict[str, pd.DataFrame],
    room: pd.DataFrame,
    quotient: pd.DataFrame,
    added: pd.DataFrame,
    section: CoordinationSection,
) -> ResultTable:
    regions, industries = belt.belt_regions, _compared(belt)
    labels = [regions, regions, industries]
    rows = pd.MultiIndex.from_product(labels, names=["region_from", "region_to", "industry"])
    frame = rows.to_frame(index=False)
    shape = (len(regions), len(regions), len(industries))

    def spread(table: pd.DataFrame, axis: int) -> Numbers:
        values = np.expand_dims(table.loc[regions, industries].to_numpy(float), axis)
        return np.broadcast_to(values, shape).ravel()

    for name, table in outside.items():
        frame[name] = spread(table, 0)
    frame["supplier_location_quotient"] = spread(quotient, 1)
    frame["buyer_location_quotient"] = spread(quotient, 0)
    frame["supplier_room"] = spread(room, 1)
    frame["value"] = np.minimum(frame["bought_outside"], frame["supplier_room"])
    planned = added["added_output"].unstack("industry").reindex(index=regions, columns=industries)
    frame["supplier_added_output"] = spread(planned.fillna(0.0), 1)
    frame["distance_km"] = np.nan
    if belt.distance_km is not None:
        distance = belt.distance_km.loc[regions, regions].to_numpy(float)[:, :, None]
        frame["distance_km"] = np.broadcast_to(distance, shape).ravel()
    frame["grade"] = "C"
    able = frame["supplier_location_quotient"] > np.maximum(
        frame["buyer_location_quotient"].fillna(0.0), section.specialised_above
    )
    frame = frame[able & (frame["value"] > 0)]
    by = ["value", "region_from", "region_to", "industry"]
    frame = frame.sort_values(by, ascending=[False, True, True, True], kind="stable")
    money = ("bought_outside", "bought_abroad", "supplier_room", "value", "supplier_added_output")
    ones = ("supplier_location_quotient", "buyer_location_quotient")
    units = dict.fromkeys(money, belt.money_unit) | dict.fromkeys(ones, "1")
    top = frame.head(section.top_matches).reset_index(drop=True)
    return ResultTable("matches", top, "C", units | {"distance_km": "km"})


def _match_totals(
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
    industries = _compared(belt)
    wanted = outside["bought_outside"][industries].to_numpy()
    lq = quotient[industries].fillna(0.0).to_numpy()
    offered = np.where(lq > section.specialised_above, room[industries].to_numpy(), 0.0)
    matched = np.array(
        [
            _match_at_once(wanted[:, one], offered[:, one], lq[:, one])
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


def _match_at_once(wanted: Numbers, offered: Numbers, quotient: Numbers) -> float:
    """Largest total that suppliers can give to less specialised buyers; (R,) each."""
    served = 0.0
    for buyer in np.argsort(-quotient, kind="stable"):
        reachable = offered[quotient > quotient[buyer]].sum() - served
        served += min(wanted[buyer], max(reachable, 0.0))
    return float(served)
