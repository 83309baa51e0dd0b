"""The carriers of planned clusters: lead, partner and gateway zones, and pairs across borders.

In each region of a cluster the zones oriented to its industry are put in order: zones of the first
level (national) whose oriented area is at least a set share of the region's largest, then all
others; each by oriented area, largest first, then by code. The first zone of the leading region
leads; the next ones of every region are partners; zones in a place that touches another region of
the cluster, or that make a pair across that border, are gateways. The order is a rule of the
study (D); what it orders is what zones declare (B).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.carriers import CarriersSection
from clusterbelt.measures.zones import distances_km

__all__ = [
    "CARRIER_COLUMNS",
    "COVERAGE_COLUMNS",
    "PAIR_COLUMNS",
    "Cluster",
    "carrier_rows",
    "coverage_rows",
    "order_candidates",
    "pair_rows",
]

Array = NDArray[np.float64]

CARRIER_COLUMNS: Final = (
    "cluster", "industry", "region", "zone", "name_zh", "name_en", "level", "place", "place_zh",
    "place_en", "role", "oriented_area", "region_share", "gateway_to", "industries", "lon", "lat",
    "point", "grade",
)  # fmt: skip
PAIR_COLUMNS: Final = (
    "cluster", "industry", "border", "region_from", "region_to", "zone_from", "zone_to",
    "name_zh_from", "name_en_from", "name_zh_to", "name_en_to", "distance_km", "within",
    "shared_industries", "oriented_area_from", "oriented_area_to", "grade",
)  # fmt: skip
COVERAGE_COLUMNS: Final = (
    "cluster", "industry", "region", "zones", "first_level_zones", "oriented_area", "belt_share",
    "carriers", "carriers_share", "grade",
)  # fmt: skip


@dataclass(frozen=True)
class Cluster:
    """A planned cluster: its industry, its regions with the leading one first."""

    name: str
    industry: str
    regions: tuple[str, ...]


def order_candidates(
    zones: pd.DataFrame, oriented: pd.DataFrame, cluster: Cluster, section: CarriersSection
) -> pd.DataFrame:
    """Return the zones that could carry a cluster, region by region, in order of preference.

    ``zones`` as from ``zone_frame``; ``oriented`` as from ``orient_zones``. Columns of the zones,
    ``oriented_area``, ``first`` and ``region_share`` (of the region's oriented area).
    """
    own = oriented[oriented["industry"] == cluster.industry].set_index("zone")["oriented"]
    found = zones[zones["region"].isin(cluster.regions) & zones.index.isin(own.index)].copy()
    found["oriented_area"] = own.reindex(found.index).to_numpy(np.float64)
    total = found.groupby("region")["oriented_area"].transform("sum")
    found["region_share"] = found["oriented_area"] / total.where(total > 0.0)
    found = found[found["oriented_area"] >= section.minimum_oriented_area]
    largest = found.groupby("region")["oriented_area"].transform("max")
    found["first"] = (found["level"] == section.first_level) & (
        found["oriented_area"] >= section.first_level_share * largest
    )
    place = {region: number for number, region in enumerate(cluster.regions)}
    found["order"] = found["region"].map(place)
    found["code"] = found.index
    return found.sort_values(
        ["order", "first", "oriented_area", "code"], ascending=[True, False, False, True]
    ).drop(columns=["order", "code"])


def _borders(cluster: Cluster, neighbours: pd.DataFrame | None) -> Iterator[tuple[str, str]]:
    """Yield the pairs of the cluster's regions that touch; all pairs where that is not known."""
    for number, one in enumerate(cluster.regions):
        for other in cluster.regions[number + 1 :]:
            if neighbours is None or bool(neighbours.at[one, other]):
                yield (one, other)


def _match(distance: Array, smaller: Array, section: CarriersSection) -> list[tuple[int, int]]:
    """Pairs within the distance by smaller area over distance, each zone at most once."""
    rows, columns = np.nonzero(distance <= section.pair_distance_km)
    weight = smaller[rows, columns] / np.maximum(distance[rows, columns], 1.0)
    order = np.lexsort((columns, rows, -weight))
    used: tuple[set[int], set[int]] = (set(), set())
    found: list[tuple[int, int]] = []
    for k in order:
        i, j = int(rows[k]), int(columns[k])
        if i in used[0] or j in used[1]:
            continue
        found.append((i, j))
        used[0].add(i)
        used[1].add(j)
        if len(found) == section.pairs_per_border:
            break
    if not found and distance.size:
        nearest = divmod(int(np.argmin(distance)), distance.shape[1])
        found.append(nearest)
    return found


def pair_rows(
    cluster: Cluster,
    candidates: pd.DataFrame,
    declared: Mapping[str, Sequence[str]],
    neighbours: pd.DataFrame | None,
    section: CarriersSection,
) -> list[dict[str, Any]]:
    """Return the pairs of zones at each border inside a cluster.

    Pairs up to the set distance, by the oriented area of the smaller side over the distance (at
    least 1 km), each zone once a border; where none is that near, the nearest pair, with ``within``
    false.
    """
    rows: list[dict[str, Any]] = []
    located = candidates[candidates["lon"].notna()]
    for one, other in _borders(cluster, neighbours):
        first, second = (located[located["region"] == region] for region in (one, other))
        distance = distances_km(
            first[["lon", "lat"]].to_numpy(np.float64), second[["lon", "lat"]].to_numpy(np.float64)
        )
        area = [side["oriented_area"].to_numpy(np.float64) for side in (first, second)]
        smaller = np.minimum(area[0][:, None], area[1][None, :])
        for i, j in _match(distance, smaller, section):
            left, right = str(first.index[i]), str(second.index[j])
            shared = sorted(set(declared.get(left, ())) & set(declared.get(right, ())))
            rows.append(
                {
                    "cluster": cluster.name,
                    "industry": cluster.industry,
                    "border": "|".join(sorted((one, other))),
                    "region_from": one,
                    "region_to": other,
                    "zone_from": left,
                    "zone_to": right,
                    "name_zh_from": first["name_zh"].iloc[i],
                    "name_en_from": first["name_en"].iloc[i],
                    "name_zh_to": second["name_zh"].iloc[j],
                    "name_en_to": second["name_en"].iloc[j],
                    "distance_km": float(distance[i, j]),
                    "within": bool(distance[i, j] <= section.pair_distance_km),
                    "shared_industries": ";".join(shared),
                    "oriented_area_from": float(area[0][i]),
                    "oriented_area_to": float(area[1][j]),
                    "grade": "D",
                }
            )
    return rows


def _touching(
    cluster: Cluster, candidates: pd.DataFrame, borders: Mapping[str, Sequence[str]]
) -> pd.Series:
    """Return, by zone, the other regions of the cluster that its place touches, ``;``-joined."""
    members = set(cluster.regions)
    return pd.Series(
        [
            ";".join(r for r in borders.get(place, ()) if r in members and r != region)
            for place, region in zip(candidates["place"], candidates["region"], strict=True)
        ],
        index=candidates.index,
        dtype=object,
    )


def _roles(
    cluster: Cluster,
    candidates: pd.DataFrame,
    touching: pd.Series,
    pairs: Sequence[Mapping[str, Any]],
    section: CarriersSection,
) -> dict[str, str]:
    roles: dict[str, str] = {}
    for region in cluster.regions:
        own = [str(zone) for zone in candidates.index[candidates["region"] == region]]
        if own and not roles:
            roles[own[0]] = "lead"
        partners = [zone for zone in own if zone not in roles][: section.partner_zones]
        roles |= dict.fromkeys(partners, "partner")
        for other in cluster.regions:
            near = [
                zone
                for zone in own
                if zone not in roles and other in str(touching[zone]).split(";")
            ]
            roles |= dict.fromkeys(near[: section.gateway_zones], "gateway")
    for pair in pairs:
        if pair["within"]:
            for end in ("zone_from", "zone_to"):
                roles.setdefault(str(pair[end]), "gateway")
    return roles


def carrier_rows(
    cluster: Cluster,
    candidates: pd.DataFrame,
    pairs: Sequence[Mapping[str, Any]],
    borders: Mapping[str, Sequence[str]],
    section: CarriersSection,
) -> list[dict[str, Any]]:
    """Return the zones with a role in a cluster: region by region, in order of preference.

    The lead stands in the leading region; where no zone there is oriented to the industry, in the
    next region that has one.
    """
    touching = _touching(cluster, candidates, borders)
    roles = _roles(cluster, candidates, touching, pairs, section)
    rows: list[dict[str, Any]] = []
    for zone, row in candidates.iterrows():
        if str(zone) not in roles:
            continue
        rows.append(
            {
                "cluster": cluster.name,
                "industry": cluster.industry,
                "zone": str(zone),
                "role": roles[str(zone)],
                "gateway_to": touching[str(zone)],
                "grade": "D",
                **{
                    name: row[name]
                    for name in (
                        "region", "name_zh", "name_en", "level", "place", "place_zh", "place_en",
                        "oriented_area", "region_share", "industries", "lon", "lat", "point",
                    )
                },
            }
        )  # fmt: skip
    rank = {"lead": 0, "partner": 1, "gateway": 2}
    order = {region: number for number, region in enumerate(cluster.regions)}
    return sorted(rows, key=lambda row: (order[row["region"]], rank[row["role"]]))


def coverage_rows(
    cluster: Cluster,
    zones: pd.DataFrame,
    oriented: pd.DataFrame,
    carriers: Sequence[Mapping[str, Any]],
    section: CarriersSection,
) -> list[dict[str, Any]]:
    """Return, for each region of a cluster, what its zones declare for the industry."""
    own = oriented[oriented["industry"] == cluster.industry].set_index("zone")["oriented"]
    inside = zones[zones.index.isin(own.index)]
    area = own.reindex(inside.index)
    total = float(area.sum())
    rows: list[dict[str, Any]] = []
    for region in cluster.regions:
        here = (inside["region"] == region).to_numpy(bool)
        size = float(area[here].sum())
        mine = [row for row in carriers if row["region"] == region]
        carried = float(sum(row["oriented_area"] for row in mine))
        rows.append(
            {
                "cluster": cluster.name,
                "industry": cluster.industry,
                "region": region,
                "zones": int(here.sum()),
                "first_level_zones": int((inside["level"][here] == section.first_level).sum()),
                "oriented_area": size,
                "belt_share": size / total if total > 0.0 else np.nan,
                "carriers": len(mine),
                "carriers_share": carried / size if size > 0.0 else np.nan,
                "grade": "B",
            }
        )
    return rows
