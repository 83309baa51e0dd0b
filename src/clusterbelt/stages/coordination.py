"""Coordination: how much the regions duplicate each other, who could supply whom, how they fit.

**Similarity** is the cosine of the regions' manufacturing structures (output): in the base year,
at the end of the plan without it (baseline) and with it (baseline plus added output). National
growth moves all structures alike; only the difference between the last two is the plan's.

**Matches** are an industry that one region of the belt is specialised in, more so than another,
and sells outside the belt while the other buys it outside the belt; the value is the smaller of
the two. Both come from the inter-regional flows where the run has them (``measures/flow_matches``,
with intervals, and only suppliers with attainable demand to spare), else from the regions' own
trade accounts (``measures/trade_matches``). Matches are alternatives: one purchase can be matched
with several suppliers. What can be matched at once is in ``match_totals``. An industry of 42 holds
many products: chips bought abroad are not replaced by handsets from next door, so what is bought
abroad stands in its own column.

**Technology potential** between regions: ``measures/technology_potential``. **Coordination
degree** of foundation, industry and environment: ``measures/coordination_degree``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.coordination import CoordinationSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InternalError
from clusterbelt.kernels.structure import similarity
from clusterbelt.measures.coordination_degree import coordination_table
from clusterbelt.measures.flow_matches import crossing_flows, spare_output
from clusterbelt.measures.technology_potential import technology_table
from clusterbelt.measures.trade_matches import (
    TRADE,
    across_the_border,
    all_industries,
    compared_industries,
    has_variable,
    match_totals_table,
    matches_table,
    regional_trade,
    trade_messages,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

Numbers = NDArray[np.float64]
_CORE_ROLES: Final = ("lead", "partner")


def run(
    belt: Belt, results: Mapping[str, Result], section: CoordinationSection, scope: Scope
) -> Result:
    """Return similarity, duplication, matches, technology potential and coordination degree.

    Needs the results of ``advantage``, ``demand`` and ``plan``; reads those of ``foundation`` and
    ``interregional`` where there are. What the belt lacks data for is left out, and a message says
    so.
    """
    quotient = _location_quotients(results["advantage"], belt, scope)
    alike = _similarity(belt, results, scope)
    tables = [alike, _duplication(belt, results["plan"], quotient, section)]
    matches, messages = _all_matches(belt, results, quotient, section, scope)
    more, said = _fit(belt, results, section, scope)
    tables += [*matches, *more]
    return Result(
        stage="coordination",
        tables={table.name: table for table in tables},
        values=_mean_similarity(alike.frame),
        messages=(*messages, *said),
    )


def _all_matches(
    belt: Belt,
    results: Mapping[str, Result],
    quotient: pd.DataFrame,
    section: CoordinationSection,
    scope: Scope,
) -> tuple[list[ResultTable], list[Message]]:
    """Return the tables of matches, from flows where the run has them, else from accounts."""
    absent = [name for name in TRADE if not has_variable(belt, scope, name)]
    if absent:
        return [], [Message("coordination.no_trade", {"variables": ", ".join(absent)})]
    trade = regional_trade(belt, scope)
    messages = trade_messages(belt, trade, quotient, section, scope)
    added = _added_output(results["plan"])
    flows = results.get("interregional")
    crossing = None if flows is None else crossing_flows(belt, flows)
    spare = spare_output(belt, results["demand"], added)
    if crossing is None:
        outside, own = across_the_border(belt, trade, scope)
        room = {"value": own}
        messages.append(Message("coordination.matches_from_accounts"))
    else:
        outside = {
            "bought_outside": crossing.outside["value"],
            "bought_abroad": crossing.abroad,
            "low": crossing.outside["low"],
            "high": crossing.outside["high"],
        }
        room = crossing.room
        messages.append(Message("coordination.matches_from_flows"))
    tables = [
        matches_table(belt, outside, room, quotient, added, section, spare),
        match_totals_table(belt, outside, room["value"], quotient, section),
    ]
    return tables, messages


def _fit(
    belt: Belt, results: Mapping[str, Result], section: CoordinationSection, scope: Scope
) -> tuple[list[ResultTable], list[Message]]:
    """Return technology potential and coordination degree, and what is lacking for them."""
    tables, messages = [], []
    technology = technology_table(belt, scope, section.technology_decay)
    if technology is None:
        messages.append(Message("coordination.no_technology"))
    else:
        tables.append(technology)
    foundation = results.get("foundation")
    degree = None if foundation is None else coordination_table(belt, foundation, scope)
    if degree is None:
        messages.append(Message("coordination.no_degree"))
    else:
        tables.append(degree)
    return tables, messages


def _location_quotients(advantage: Result, belt: Belt, scope: Scope) -> pd.DataFrame:
    """Location quotients of the belt's regions, region x industry, against the reference area."""
    frame = advantage.frame("advantage")
    column = "location_quotient_belt" if scope.reference == "belt" else "location_quotient_all"
    wide = frame.pivot(index="region", columns="industry", values=column)
    table: pd.DataFrame = wide.reindex(index=belt.belt_regions, columns=all_industries(belt))
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
    industries = compared_industries(belt)
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
