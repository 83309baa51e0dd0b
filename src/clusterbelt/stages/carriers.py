"""Carriers: the development zones that each planned cluster is built on, below the province.

Reads the plan's tables ``clusters`` and ``assignments``. What a zone declares is orientation (B);
which zone leads follows from a rule of the study (D, see ``measures/zone_carriers.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from clusterbelt.config.carriers import CarriersSection
from clusterbelt.config.scope import Scope
from clusterbelt.measures.zone_carriers import (
    CARRIER_COLUMNS,
    COVERAGE_COLUMNS,
    PAIR_COLUMNS,
    Cluster,
    carrier_rows,
    coverage_rows,
    order_candidates,
    pair_rows,
)
from clusterbelt.measures.zones import border_places, has_zones, orient_zones, zone_frame
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

_ROLE_COLUMNS: Final = (
    "zone", "name_zh", "name_en", "region", "level", "place_zh", "place_en", "industries", "area",
    "declared", "supported_share", "role", "clusters", "status", "grade",
)  # fmt: skip
_RANK: Final = ("lead", "partner", "gateway")
_NONE: Final = 1e-9  # a share of a zone's area that counts as nothing


def run(
    belt: Belt, results: Mapping[str, Result], section: CarriersSection, scope: Scope
) -> Result:
    """Name the carriers of every planned cluster, and the zones that the plan leaves out.

    Tables: ``carriers`` (clusters in the plan's order; regions with the leading one first; then
    lead, partners, gateways), ``pairs`` (zones that face each other over a border inside a
    cluster), ``coverage`` (per cluster and region) and ``roles`` (every zone of the belt's
    regions: ``status`` is ``carrier``, ``reserve`` when it declares a core industry of its region
    without a role, ``unsupported`` when it declares manufacturing of which none is core there, or
    ``no_industry``; ``supported_share`` is the part of its manufacturing orientation that the plan
    supports). A belt without zones gets a message and no table.
    """
    del scope
    values = {name: ResultValue(getattr(section, name), "D") for name in type(section).model_fields}
    if not has_zones(belt):
        return Result("carriers", {}, values, (Message("carriers.message.no_zones"),))
    plan = results["plan"]
    assigned = plan.frame("assignments")
    zones, oriented = zone_frame(belt), orient_zones(belt)
    made = belt.industries.index[belt.industries["manufacturing"].to_numpy(bool)]
    oriented = oriented[oriented["industry"].isin(made) & oriented["zone"].isin(zones.index)]
    clusters = _clusters(plan.frame("clusters"), assigned)
    frames = _cluster_tables(belt, clusters, zones, oriented, section)
    frames["roles"] = _roles(zones, oriented, frames["carriers"], assigned)
    tables = {
        "carriers": ResultTable("carriers", frames["carriers"], "D", {"region_share": "1"}),
        "pairs": ResultTable("pairs", frames["pairs"], "D", {"distance_km": "km"}),
        "coverage": ResultTable("coverage", frames["coverage"], "B", {"belt_share": "1"}),
        "roles": ResultTable("roles", frames["roles"], "D", {"supported_share": "1"}),
    }
    values |= _values(frames, section)
    return Result("carriers", tables, values, _messages(clusters, frames, zones))


def _clusters(planned: pd.DataFrame, assigned: pd.DataFrame) -> list[Cluster]:
    found = []
    for name, industry, lead in zip(
        planned["cluster"], planned["industry"], planned["lead"], strict=True
    ):
        own = assigned[(assigned["cluster"] == name) & assigned["role"].isin(["lead", "partner"])]
        regions = [str(code) for code in own["region"]]
        others = tuple(code for code in regions if code != str(lead))
        found.append(Cluster(str(name), str(industry), (str(lead), *others)))
    return found


def _cluster_tables(
    belt: Belt,
    clusters: list[Cluster],
    zones: pd.DataFrame,
    oriented: pd.DataFrame,
    section: CarriersSection,
) -> dict[str, pd.DataFrame]:
    declared = {
        str(zone): [str(code) for code in own] for zone, own in oriented.groupby("zone")["industry"]
    }
    borders = border_places(belt)
    carriers: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    coverage: list[dict[str, Any]] = []
    for cluster in clusters:
        candidates = order_candidates(zones, oriented, cluster, section)
        across = pair_rows(cluster, candidates, declared, belt.neighbours, section)
        mine = carrier_rows(cluster, candidates, across, borders, section)
        pairs.extend(across)
        carriers.extend(mine)
        coverage.extend(coverage_rows(cluster, zones, oriented, mine, section))
    return {
        "carriers": pd.DataFrame(carriers, columns=list(CARRIER_COLUMNS)),
        "pairs": pd.DataFrame(pairs, columns=list(PAIR_COLUMNS)).astype({"within": bool}),
        "coverage": pd.DataFrame(coverage, columns=list(COVERAGE_COLUMNS)),
    }


def _roles(
    zones: pd.DataFrame, oriented: pd.DataFrame, carriers: pd.DataFrame, assigned: pd.DataFrame
) -> pd.DataFrame:
    """Return every zone of the belt with its best role, its clusters and what the plan supports."""
    region = oriented["zone"].map(zones["region"])
    core = set(zip(assigned["region"], assigned["industry"], strict=True))
    backed = [pair in core for pair in zip(region, oriented["industry"], strict=True)]
    share = oriented["share"].groupby(oriented["zone"]).sum().reindex(zones.index, fill_value=0.0)
    support = (
        oriented["share"].where(np.array(backed, dtype=bool), 0.0).groupby(oriented["zone"]).sum()
    ).reindex(zones.index, fill_value=0.0)
    best = {str(zone): min(own["role"], key=_RANK.index) for zone, own in carriers.groupby("zone")}
    joined = carriers.groupby("zone")["cluster"].agg(";".join)
    frame = zones.assign(
        zone=zones.index,
        declared=oriented.groupby("zone")["industry"].agg(";".join),
        supported_share=support / share.where(share > _NONE),
        role=[best.get(str(zone), "") for zone in zones.index],
        clusters=joined,
        grade="D",
    )
    frame[["declared", "clusters"]] = frame[["declared", "clusters"]].fillna("")
    frame["status"] = np.select(
        [frame["role"] != "", share <= _NONE, support <= _NONE],
        ["carrier", "no_industry", "unsupported"],
        "reserve",
    )
    return frame[list(_ROLE_COLUMNS)].reset_index(drop=True)


def _values(frames: Mapping[str, pd.DataFrame], section: CarriersSection) -> dict[str, ResultValue]:
    roles, pairs = frames["roles"], frames["pairs"]
    first = roles[roles["level"] == section.first_level]
    return {
        "zones": ResultValue(len(roles), "A"),
        "first_level_zones": ResultValue(len(first), "A"),
        "carriers": ResultValue(int((roles["status"] == "carrier").sum()), "D"),
        "first_level_without_role": ResultValue(int((first["status"] != "carrier").sum()), "D"),
        "unsupported": ResultValue(int((roles["status"] == "unsupported").sum()), "D"),
        "pairs": ResultValue(int(pairs["within"].sum()), "D"),
    }


def _messages(
    clusters: list[Cluster], frames: Mapping[str, pd.DataFrame], zones: pd.DataFrame
) -> tuple[Message, ...]:
    messages = []
    there = set(frames["carriers"]["cluster"])
    without = [cluster.name for cluster in clusters if cluster.name not in there]
    if without:
        messages.append(Message("carriers.message.no_carrier", {"clusters": ", ".join(without)}))
    unplaced = int((zones["place"] == "").sum())
    if unplaced:
        messages.append(
            Message("carriers.message.unplaced", {"count": unplaced, "zones": len(zones)})
        )
    no_area = int(zones["area"].isna().sum())
    if no_area:
        messages.append(Message("carriers.message.no_area", {"count": no_area}))
    return tuple(messages)
