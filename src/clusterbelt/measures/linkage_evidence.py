"""What the clusters stage says beyond its areas: chance, sensitivity, space, linkages, groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.clusters import ClustersSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import first_labels
from clusterbelt.kernels.arithmetic import Array, ratio
from clusterbelt.kernels.significance import dispersion
from clusterbelt.kernels.spatial import distance_weights
from clusterbelt.measures import linkage_tables as linkages
from clusterbelt.measures import spatial_tables as spatial
from clusterbelt.measures.spatial_tables import ShareMap
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message

__all__ = ["EVIDENCE_TABLES", "evidence_tables", "nearness_weights", "weight_messages"]

Members = NDArray[np.bool_]
GROUP_AREA_COLUMNS: Final = (
    "area", "group", "members", "regions", "core_region", "weight_share", "belt_share",
    "cross_border_share", "p_dispersed", "q_dispersed", "p_arrangement", "q_arrangement",
    "significant", "grade",
)  # fmt: skip
EVIDENCE_TABLES: Final = (
    *spatial.SPATIAL_COLUMNS, *linkages.LINKAGE_COLUMNS, "group_areas",
)  # fmt: skip


def _concentration(belt: Belt, everywhere: Array, counted: Members) -> float:
    """Return k of the dispersed null from the manufacturing industries (all, if none is)."""
    made = belt.industries["manufacturing"].to_numpy(bool)
    columns = made if made.any() else np.ones_like(made)
    rows = everywhere[counted]
    shares = ratio(rows, np.nansum(rows, axis=0))[:, columns]
    size = np.nansum(rows, axis=1)
    return dispersion(shares, ratio(size, size.sum()))


def nearness_weights(belt: Belt, section: ClustersSection, regions: list[str]) -> Array | None:
    """Return inverse-distance or travel-time weights of regions, (R, R); None: contiguity.

    A pair without a figure, or beyond the threshold, has weight 0.
    """
    if section.weights == "contiguity":
        return None
    table = belt.distance_km if section.weights == "distance" else belt.travel_minutes
    assert table is not None  # the stage has checked it
    apart = table.reindex(index=regions, columns=regions).to_numpy(float)
    limit = np.inf if section.weights_threshold is None else section.weights_threshold
    return distance_weights(apart, kind="inverse", threshold=limit, power=section.weights_power)


def weight_messages(belt: Belt, section: ClustersSection) -> list[Message]:
    """Say which weights the statistics use if not contiguity, and who has no neighbour by them."""
    found = nearness_weights(belt, section, belt.belt_regions)
    if found is None:
        return []
    messages = [Message(f"clusters.message.weights_{section.weights}")]
    alone = [belt.belt_regions[place] for place in np.flatnonzero(~(found > 0.0).any(axis=1))]
    if alone:
        params: dict[str, str | float | int] = {"regions": first_labels(alone, 10)}
        messages.append(Message("clusters.message.weights_islands", params))
    return messages


def _maps(
    belt: Belt,
    everywhere: Array,
    scope: Scope,
    industries: list[str],
    section: ClustersSection,
) -> tuple[ShareMap, ShareMap | None]:
    """Return the belt's map and, where neighbours are known for all, the reference area's."""
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    counted = in_belt | (scope.reference == "all")
    codes = [str(code) for code in belt.industries.index]
    columns = [codes.index(code) for code in industries]
    whole = float(np.nansum(everywhere[counted]))
    totals = np.nansum(everywhere[counted], axis=0)[columns]
    k = _concentration(belt, everywhere, counted)
    regions = np.asarray([str(code) for code in belt.regions.index], dtype=object)

    def build(rows: Members) -> ShareMap | None:
        assert belt.neighbours is not None
        chosen = [str(code) for code in regions[rows]]
        if not set(chosen) <= {str(code) for code in belt.neighbours.index}:
            return None
        touching = belt.neighbours.loc[chosen, chosen].to_numpy(dtype=np.bool_, copy=True)
        np.fill_diagonal(touching, False)
        size = np.nansum(everywhere[rows], axis=1)
        activity = everywhere[rows][:, columns]
        return spatial.build_share_map(
            chosen, industries, activity, size, (totals, whole), touching | touching.T,
            in_belt[rows], k, nearness_weights(belt, section, chosen),
        )  # fmt: skip

    inside = build(in_belt)
    assert inside is not None
    return inside, build(counted) if int(counted.sum()) > int(in_belt.sum()) else None


def _grouped(data: ShareMap, belt: Belt, everywhere: Array, scope: Scope, groups: pd.DataFrame
             ) -> ShareMap | None:  # fmt: skip
    """Return the belt's map with groups of industries in place of industries."""
    own = groups[groups["level"] == "industry"]
    if own.empty:
        return None
    codes = [str(code) for code in belt.industries.index]
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    counted = in_belt | (scope.reference == "all")
    names = list(dict.fromkeys(own["group"].astype(str)))
    shares = np.empty((len(data.regions), len(names)))
    for place, name in enumerate(names):
        columns = [codes.index(code) for code in own.loc[own["group"] == name, "code"]]
        shares[:, place] = ratio(
            everywhere[in_belt][:, columns].sum(axis=1), np.nansum(everywhere[counted][:, columns])
        )
    return ShareMap(
        data.regions, names, shares, data.expected, data.adjacency, data.in_belt, data.sets,
        data.concentration,
    )  # fmt: skip


def _group_areas(data: ShareMap | None, section: ClustersSection, seed: int) -> pd.DataFrame:
    rows = []
    for column, name in enumerate(() if data is None else data.industries):
        assert data is not None
        members, weight, _ = spatial.heaviest_area(
            data, data.weights(column, section.area_cost_share)
        )
        if not members.any():
            continue
        inside = np.flatnonzero(members)
        s = data.shares[inside, column]
        size, core = float(s.sum()), int(np.argmax(s))
        rows.append(
            {
                "area": f"{name}-1",
                "industry": name,
                "group": name,
                "members": ";".join(data.regions[place] for place in inside),
                "regions": inside.size,
                "core_region": data.regions[inside[core]],
                "weight_share": weight,
                "belt_share": float(ratio(size, np.nansum(data.shares[:, column]))),
                "cross_border_share": float(ratio(size - s[core], size)),
                "grade": "C",
            }
        )
    if data is None or not rows:
        return pd.DataFrame(columns=list(GROUP_AREA_COLUMNS))
    frame = pd.DataFrame(rows)
    chance = spatial.significance_table(
        frame, data, cost_share=section.area_cost_share, permutations=section.permutations,
        level=section.false_discovery, seed=seed,
    )  # fmt: skip
    kept = ["p_dispersed", "q_dispersed", "p_arrangement", "q_arrangement", "significant"]
    return pd.concat([frame, chance[kept]], axis=1)[list(GROUP_AREA_COLUMNS)]


def _space(
    inside: ShareMap, whole: ShareMap | None, section: ClustersSection, seed: int
) -> dict[str, pd.DataFrame]:
    maps = {"belt": inside} | ({} if whole is None else {"all": whole})
    drawn = {"permutations": section.permutations, "seed": seed}
    overall = [spatial.spatial_statistics(data, name, **drawn) for name, data in maps.items()]
    local = [spatial.local_statistics(data, name, **drawn) for name, data in maps.items()]
    wider = spatial.wider_areas(whole, section.area_cost_share) if whole is not None else None
    return {
        "spatial_statistics": pd.concat(overall, ignore_index=True),
        "local_statistics": pd.concat(local, ignore_index=True),
        "wider_areas": pd.DataFrame(columns=list(spatial.SPATIAL_COLUMNS["wider_areas"]))
        if wider is None
        else wider,
        "power": spatial.power_table(
            maps,
            cost_share=section.area_cost_share,
            draws=section.permutations,
            level=section.false_discovery,
            seed=seed,
        ),
    }


def evidence_tables(
    belt: Belt, everywhere: Array, scope: Scope, section: ClustersSection,
    areas: pd.DataFrame, industries: list[str],
) -> Mapping[str, pd.DataFrame]:  # fmt: skip
    """Return the tables named in ``EVIDENCE_TABLES`` for the areas the stage has found.

    ``everywhere`` is activity of the base year, (regions, industries) in table order. Tables that
    need what the belt lacks (a national table, neighbours of all regions) have no rows.
    """
    inside, whole = _maps(belt, everywhere, scope, industries, section)
    sizes = np.nansum(everywhere, axis=1, keepdims=True)
    totals = np.nansum(everywhere, axis=0)
    quotients = ratio(ratio(everywhere, sizes), ratio(totals, totals.sum()))
    levels = [
        found
        for found in (
            linkages.build_layers(belt, scope.base_year, quotients),
            linkages.sector_layers(belt, scope.base_year),
        )
        if found is not None
    ]
    groups, scores = linkages.group_tables(
        levels, count=section.groups, most=section.most_groups, method=section.group_method,
        draws=section.group_draws, seed=scope.seed,
    )  # fmt: skip
    grouped = _grouped(inside, belt, everywhere, scope, groups)
    cost, grid = section.area_cost_share, section.area_cost_grid
    return {
        "significance": spatial.significance_table(
            areas, inside, cost_share=cost, permutations=section.permutations,
            level=section.false_discovery, seed=scope.seed,
        ),
        "area_cost_sensitivity": spatial.area_cost_sensitivity(inside, grid, cost),
        "nested_areas": spatial.nested_areas(inside, grid),
        **_space(inside, whole, section, scope.seed),
        "linkages": linkages.linkages_table(levels),
        "groups": groups,
        "group_scores": scores,
        "roadmap_groups": linkages.roadmap_groups(belt.roadmap, groups),
        "group_areas": _group_areas(grouped, section, scope.seed),
    }  # fmt: skip
