"""Clusters: connected areas of excess activity, whatever province they lie in.

Region r weighs ``e[r,i] - c * sum over the belt of x[.,i]`` in industry i: its excess activity
(what it has above the reference area's structure) less what a region costs in an area. An area is
the connected set of belt regions with the largest sum of weights, proved best; the next one is
sought in what is left. So an area may take in a region without strength of its own, but only where
that region joins others at less than they bring.

Whether an area is more than chance is tested by Monte Carlo (table ``significance``), how much it
rests on the area cost is shown over a grid, and industries are grouped by their linkages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.clusters import ClustersSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.areas import Area, best_areas
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.specialisation import excess
from clusterbelt.measures.linkage_evidence import evidence_tables, weight_messages
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, REGION, VARIABLE, YEAR
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

Array = NDArray[np.float64]
_SHOWN: Final = 10
_AREA_COLUMNS: Final = (
    "area",
    "industry",
    "rank",
    "weight",
    "regions",
    "members",
    "core_region",
    "activity",
    "belt_share",
    "cross_border",
    "cross_border_share",
    "objective_bound",
    "proven_optimal",
    "weight_within_borders",
    "border_cost_share",
    "grade",
)
_MEMBER_COLUMNS: Final = (
    "area",
    "industry",
    "region",
    "reach",
    "activity",
    "excess",
    "weight",
    "role",
    "grade",
)
_BORDER_COLUMNS: Final = (
    "industry",
    "areas",
    "weight",
    "weight_within_borders",
    "border_cost_share",
    "grade",
)


@dataclass(frozen=True)
class _Map:
    """Belt regions in table order and what they have of the chosen industries."""

    regions: list[str]  # R
    reaches: list[str]  # R
    industries: list[str]  # I, in table order
    activity: Array  # (R, I)
    excess: Array  # (R, I)
    cost: Array  # (I)
    adjacency: NDArray[np.bool_]  # (R, R)


def run(
    belt: Belt, results: Mapping[str, Result], section: ClustersSection, scope: Scope
) -> Result:
    """Delineate cluster areas of each advanced or materials industry in the base year.

    Tables: ``areas`` (industries in table order, then by rank), ``members`` (in the same order,
    regions in table order), ``borders`` (one row per industry that has an area: what its areas
    weigh, and what the best single region of each would weigh alone) and those of
    :mod:`clusterbelt.measures.linkage_evidence`. A region whose activity in
    an industry is unknown is in no area of it, and a message says so.

    Raises
    ------
    InputError
        If the belt has no table of neighbours, or one that lacks regions or is not symmetric; if
        year, variable or industries do not exist; if activity is negative; if there is no
        industry to delineate.
    """
    issues = [
        *_activity_issues(belt, scope),
        *_neighbour_issues(belt),
        *_industry_issues(belt, section),
        *_weight_issues(belt, section),
    ]
    if issues:
        raise InputError(issues)
    data = _read_map(belt, section, scope)
    found = [_find_areas(data, column, section) for column in range(len(data.industries))]
    areas, members = _tables(data, found)
    borders = _border_table(areas)
    weight = float(areas["weight"].sum())
    within = float(areas["weight_within_borders"].sum())
    values = {
        "reference": ResultValue(scope.reference, "D"),
        "activity": ResultValue(scope.activity, "D"),
        "area_cost_share": ResultValue(section.area_cost_share, "D"),
        "areas": ResultValue(len(areas), "C"),
        "cross_border_areas": ResultValue(int(areas["cross_border"].sum()), "C"),
        "border_cost_share": ResultValue(1.0 - within / weight if weight > 0.0 else None, "C"),
    }
    money = belt.money_unit
    weighed = dict.fromkeys(("weight", "weight_within_borders"), money)
    units = {**weighed, "activity": money, "objective_bound": money}
    evidence = evidence_tables(belt, _slice(belt, scope), scope, section, areas, data.industries)
    values |= _evidence_values(evidence, section)
    tables = (
        ResultTable("areas", areas, "C", units),
        ResultTable(
            "members", members, "C", dict.fromkeys(("activity", "excess", "weight"), money)
        ),
        ResultTable("borders", borders, "C", weighed),
        *(ResultTable(name, frame, "C") for name, frame in evidence.items()),
    )
    messages = (
        *_evidence_messages(evidence, section),
        *weight_messages(belt, section),
        *_messages(data, areas),
    )
    return Result("clusters", {table.name: table for table in tables}, values, messages)


def _activity_issues(belt: Belt, scope: Scope) -> list[Issue]:
    years = [int(year) for year in belt.activity[YEAR].values]
    variables = [str(name) for name in belt.activity[VARIABLE].values]
    issues = []
    if scope.base_year not in years:
        params = {"year": str(scope.base_year), "years": first_labels(years, _SHOWN)}
        issues.append(Issue("clusters_no_year", Place(label="scope.base_year"), params))
    if scope.activity not in variables:
        params = {"variable": scope.activity, "there": first_labels(variables, _SHOWN)}
        issues.append(Issue("clusters_no_variable", Place(label="scope.activity"), params))
    if issues:
        return issues
    values = _slice(belt, scope)
    params = {"year": str(scope.base_year), "variable": scope.activity}
    if not bool(np.any(values > 0.0)):
        return [Issue("clusters_no_activity", Place(label=scope.activity), params)]
    # A single cell may be negative (value added that subsidies make up for), a whole may not.
    below = np.flatnonzero(_reference(belt, values, scope) < 0.0)
    if below.size:
        industries = first_labels(belt.industries.index[below], _SHOWN)
        params = params | {"industries": industries}
        return [Issue("clusters_negative", Place(label=scope.activity), params)]
    return []


def _neighbour_issues(belt: Belt) -> list[Issue]:
    if not belt.belt_regions:
        return [Issue("clusters_no_belt", Place(column="in_belt"))]
    table = belt.neighbours
    if table is None:
        return [Issue("clusters_no_neighbours")]
    place = Place(label="neighbours")
    known = {str(code) for code in table.index} & {str(code) for code in table.columns}
    absent = [code for code in belt.belt_regions if code not in known]
    if absent:
        params = {"regions": first_labels(absent, _SHOWN)}
        return [Issue("clusters_neighbours_incomplete", place, params)]
    touching = _adjacency(belt)
    one_way = np.argwhere(touching & ~touching.T)
    if len(one_way):
        codes = belt.belt_regions
        params = {"pairs": first_labels(f"{codes[a]} → {codes[b]}" for a, b in one_way)}
        return [Issue("clusters_neighbours_one_way", place, params)]
    return []


def _weight_issues(belt: Belt, section: ClustersSection) -> list[Issue]:
    """Say what the table of distances or travel times lacks, if the study asks for it."""
    if section.weights == "contiguity":
        return []
    place = Place(label="clusters.weights")
    table = belt.distance_km if section.weights == "distance" else belt.travel_minutes
    if table is None:
        return [Issue("clusters_no_weights", place, {"role": section.weights})]
    codes = [code for code in belt.belt_regions if code in table.index]
    apart = table.loc[codes, codes].to_numpy(float, copy=True)
    np.fill_diagonal(apart, np.nan)
    same = [f"{codes[a]} - {codes[b]}" for a, b in np.argwhere(apart <= 0.0)]
    if same:
        params = {"role": section.weights, "pairs": first_labels(same)}
        return [Issue("clusters_weights_zero", place, params)]
    return []


def _industry_issues(belt: Belt, section: ClustersSection) -> list[Issue]:
    place = Place(label="clusters.industries")
    if section.industries is None:
        return [] if _industries(belt, section) else [Issue("clusters_no_industry", place)]
    known = {str(code) for code in belt.industries.index}
    absent = [code for code in section.industries if code not in known]
    if absent:
        params = {
            "industries": first_labels(absent, _SHOWN),
            "there": first_labels(belt.industries.index, _SHOWN),
        }
        return [Issue("clusters_unknown_industry", place, params)]
    return [] if section.industries else [Issue("clusters_no_industry", place)]


def _industries(belt: Belt, section: ClustersSection) -> list[str]:
    """Return the industries to delineate, in table order."""
    codes = [str(code) for code in belt.industries.index]
    if section.industries is not None:
        return [code for code in codes if code in section.industries]
    marked = belt.industries["advanced"].to_numpy(bool) | belt.industries["materials"].to_numpy(
        bool
    )
    return [codes[place] for place in np.flatnonzero(marked)]


def _slice(belt: Belt, scope: Scope) -> Array:
    """Return activity of the base year, shape (region, industry), in table order."""
    cube = belt.activity.sel({YEAR: scope.base_year, VARIABLE: scope.activity})
    where = {REGION: belt.regions.index.to_numpy(), INDUSTRY: belt.industries.index.to_numpy()}
    values: Array = cube.sel(where).transpose(REGION, INDUSTRY).to_numpy().astype(np.float64)
    return values


def _reference(belt: Belt, everywhere: Array, scope: Scope) -> Array:
    """Return the reference area's activity per industry: the sum of what is known of it."""
    counted = belt.regions["in_belt"].to_numpy(bool) | (scope.reference == "all")
    summed: Array = np.nansum(everywhere[counted], axis=0)
    return summed


def _adjacency(belt: Belt) -> NDArray[np.bool_]:
    """Return which belt regions touch, shape (R, R); the table's own order does not matter."""
    assert belt.neighbours is not None
    codes = belt.belt_regions
    touching = belt.neighbours.loc[codes, codes].to_numpy(dtype=np.bool_, copy=True)
    np.fill_diagonal(touching, False)
    return touching


def _read_map(belt: Belt, section: ClustersSection, scope: Scope) -> _Map:
    everywhere = _slice(belt, scope)
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    inside = everywhere[in_belt]
    above = excess(inside, _reference(belt, everywhere, scope), missing="skip")
    codes = [str(code) for code in belt.industries.index]
    industries = _industries(belt, section)
    columns = [codes.index(code) for code in industries]
    return _Map(
        regions=belt.belt_regions,
        reaches=[str(reach) for reach in belt.regions["reach"].to_numpy()[in_belt]],
        industries=industries,
        activity=inside[:, columns],
        excess=above[:, columns],
        cost=section.area_cost_share * np.nansum(inside[:, columns], axis=0),
        adjacency=_adjacency(belt),
    )


def _find_areas(data: _Map, column: int, section: ClustersSection) -> list[Area]:
    """Return the areas of one industry; members are positions among the belt's regions."""
    weights = data.excess[:, column] - data.cost[column]
    known = np.flatnonzero(np.isfinite(weights))
    if known.size == 0:
        return []
    found = best_areas(
        weights[known], data.adjacency[np.ix_(known, known)], section.areas_per_industry
    )
    areas = []
    for area in found:
        members = np.zeros(len(data.regions), dtype=np.bool_)
        members[known[area.members]] = True
        if int(members.sum()) >= section.minimum_regions:
            areas.append(Area(members, area.objective, area.bound, area.proven))
    return areas


def _tables(data: _Map, found: Sequence[Sequence[Area]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    areas: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    for column, industry in enumerate(data.industries):
        for rank, area in enumerate(found[column], start=1):
            name = f"{industry}-{rank}"
            areas.append({"area": name, "industry": industry, "rank": rank})
            areas[-1].update(_describe(data, column, area))
            members.extend(_member_rows(data, column, area, name, areas[-1]["core_region"]))
    return (
        pd.DataFrame(areas, columns=list(_AREA_COLUMNS)).astype(
            {"cross_border": bool, "proven_optimal": bool}
        ),
        pd.DataFrame(members, columns=list(_MEMBER_COLUMNS)),
    )


def _describe(data: _Map, column: int, area: Area) -> dict[str, Any]:
    inside = np.flatnonzero(area.members)
    activity = data.activity[inside, column]
    core = int(np.argmax(activity))  # the first of equals
    within = float((data.excess[inside, column] - data.cost[column]).max())
    belt_total = float(np.nansum(data.activity[:, column]))
    size = float(activity.sum())
    return {
        "weight": area.objective,
        "regions": inside.size,
        "members": ";".join(data.regions[place] for place in inside),
        "core_region": data.regions[inside[core]],
        "activity": size,
        "belt_share": float(ratio(size, belt_total)),
        "cross_border": inside.size > 1,
        "cross_border_share": float(ratio(size - activity[core], size)),
        "objective_bound": area.bound,
        "proven_optimal": area.proven,
        "weight_within_borders": within,
        "border_cost_share": 1.0 - within / area.objective,
        "grade": "C",
    }


def _member_rows(data: _Map, column: int, area: Area, name: str, core: str) -> list[dict[str, Any]]:
    return [
        {
            "area": name,
            "industry": data.industries[column],
            "region": data.regions[place],
            "reach": data.reaches[place],
            "activity": float(data.activity[place, column]),
            "excess": float(data.excess[place, column]),
            "weight": float(data.excess[place, column] - data.cost[column]),
            "role": "core" if data.regions[place] == core else "member",
            "grade": "C",
        }
        for place in np.flatnonzero(area.members)
    ]


def _border_table(areas: pd.DataFrame) -> pd.DataFrame:
    """Return, per industry, the weight of its areas and of the best single region of each."""
    rows = []
    for industry, own in areas.groupby("industry", sort=False):
        weight, within = float(own["weight"].sum()), float(own["weight_within_borders"].sum())
        rows.append(
            {
                "industry": industry,
                "areas": len(own),
                "weight": weight,
                "weight_within_borders": within,
                "border_cost_share": 1.0 - within / weight,
                "grade": "C",
            }
        )
    return pd.DataFrame(rows, columns=list(_BORDER_COLUMNS))


def _evidence_values(
    evidence: Mapping[str, pd.DataFrame], section: ClustersSection
) -> dict[str, ResultValue]:
    chance, scores = evidence["significance"], evidence["group_scores"]
    chosen = scores[(scores["level"] == "industry") & scores["chosen"].astype(bool)]
    return {
        "permutations": ResultValue(section.permutations, "D"),
        "false_discovery": ResultValue(section.false_discovery, "D"),
        "significant_areas": ResultValue(int(chance["significant"].sum()), "C"),
        "groups": ResultValue(None if chosen.empty else int(chosen["groups"].iloc[0]), "C"),
    }


def _evidence_messages(
    evidence: Mapping[str, pd.DataFrame], section: ClustersSection
) -> list[Message]:
    """Say how much the tests can find at all, with the number."""
    messages = []
    local, power = evidence["local_statistics"], evidence["power"]
    for scope, own in power[power["test"] == "moran"].groupby("scope", sort=False):
        middle = own[own["contrast"] == 2.0].iloc[0]
        known = local[(local["scope"] == scope) & (local["neighbours"] > 0)]
        if known.empty:
            continue
        params: dict[str, str | float | int] = {
            "regions": int(middle["regions"]),
            "power": f"{100 * middle['power']:.0f}",
            "planted": int(middle["planted"]),
            "smallest": f"{known['smallest_p'].max():.3f}",
            "level": f"{100 * section.false_discovery:g}",
        }
        messages.append(Message("clusters.message.power", params))
    areas = power[power["test"] == "areas"]
    if len(areas):
        middle = areas[areas["contrast"] == 2.0].iloc[0]
        params = {
            "regions": int(middle["regions"]),
            "power": f"{100 * middle['power']:.0f}",
            "planted": int(middle["planted"]),
            "level": f"{100 * section.false_discovery:g}",
        }
        messages.append(Message("clusters.message.power_areas", params))
    return messages


def _messages(data: _Map, areas: pd.DataFrame) -> tuple[Message, ...]:
    messages: list[Message] = []
    unknown = np.argwhere(np.isnan(data.activity))
    if len(unknown):
        cells = first_labels(f"{data.regions[r]} × {data.industries[i]}" for r, i in unknown)
        messages.append(
            Message("clusters.message.unknown", {"count": len(unknown), "cells": cells})
        )
    alone = [data.regions[place] for place in np.flatnonzero(~data.adjacency.any(axis=1))]
    if alone:
        params: dict[str, str | float | int] = {"regions": first_labels(alone, _SHOWN)}
        messages.append(Message("clusters.message.islands", params))
    there = set(areas["industry"])
    without = [code for code in data.industries if code not in there]
    if without:
        params = {"count": len(without), "industries": first_labels(without, _SHOWN)}
        messages.append(Message("clusters.message.no_area", params))
    unproven = areas.loc[~areas["proven_optimal"], "area"]
    if len(unproven):
        params = {"areas": first_labels(unproven, _SHOWN)}
        messages.append(Message("clusters.message.unproven", params))
    return tuple(messages)
