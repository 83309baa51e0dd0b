"""Clusters of zones across borders: connected places, and groups by density, held together.

A place (county) weighs ``o[p,i] - t[p] O[i] / T - c O[i] / n[i]`` in industry i: the area that its
zones orient to the industry, less what the belt's mix would give its zones, less what a place
costs; o oriented area, t the place's area oriented to any manufacturing, O and T their sums over
the belt, n the number of places that have any, so that the cost is c of their means.
An area is a connected set of places of large weight, whatever province they lie in, with a bound
on the best (``kernels/areas_permutation.large_areas``). Independently, zones are grouped by how
near they stand (weighted DBSCAN on a plane in km). Both agree on the zones that lie in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from clusterbelt.config.zones import ZonesSection
from clusterbelt.kernels.areas_permutation import large_areas
from clusterbelt.kernels.points_groups import density_groups
from clusterbelt.measures.zones import border_places, plane_km
from clusterbelt.model.belt import Belt

__all__ = ["AREA_COLUMNS", "AREA_ZONE_COLUMNS", "PlaceMap", "find_zone_areas", "read_place_map"]

Array = NDArray[np.float64]
AREA_COLUMNS: Final = (
    "area", "kind", "code", "rank", "weight", "bound", "proven", "places", "members", "regions",
    "cross_border", "outside_share", "oriented_area", "belt_share", "weight_within_borders",
    "missed_share", "zones", "first_level_zones", "gateway_zones", "core_place", "core_zh",
    "core_en", "group", "group_share", "agreed_zones", "agreed_share", "score", "grade",
)  # fmt: skip
AREA_ZONE_COLUMNS: Final = (
    "area", "kind", "code", "zone", "name_zh", "name_en", "place_zh", "place_en", "region", "level",
    "oriented_area", "agreed", "gateway_to", "lon", "lat", "grade",
)  # fmt: skip


@dataclass(frozen=True)
class PlaceMap:
    """The belt's places as a graph, and its zones."""

    places: pd.DataFrame  # of the belt's regions, in table order
    graph: sparse.csr_array  # (P, P)
    zones: pd.DataFrame  # as from zone_frame
    borders: Mapping[str, Sequence[str]]
    total: Array  # (P,) area oriented to any manufacturing


def read_place_map(belt: Belt, zones: pd.DataFrame, oriented: pd.DataFrame) -> PlaceMap | None:
    """Return the belt's places and what their zones declare; None without places or their pairs."""
    if belt.places is None or belt.place_neighbours is None:
        return None
    places = belt.places[belt.places["region"].isin(belt.belt_regions)]
    position = {code: number for number, code in enumerate(places.index)}
    pairs = belt.place_neighbours
    kept = pairs["place_from"].isin(position) & pairs["place_to"].isin(position)
    one = pairs.loc[kept, "place_from"].map(position).to_numpy(np.int64)
    other = pairs.loc[kept, "place_to"].map(position).to_numpy(np.int64)
    size = len(places)
    values = np.ones(2 * one.size, dtype=np.bool_)
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    graph = sparse.csr_array((values, ends), shape=(size, size))
    total = _by_place(places, zones, oriented)
    return PlaceMap(places, graph, zones, border_places(belt), total)


def _by_place(places: pd.DataFrame, zones: pd.DataFrame, oriented: pd.DataFrame) -> Array:
    """Return the oriented area of the zones in each place, (P,)."""
    place = oriented["zone"].map(zones["place"])
    summed = oriented["oriented"].groupby(place).sum()
    return np.asarray(summed.reindex(places.index, fill_value=0.0), dtype=np.float64)


def find_zone_areas(
    data: PlaceMap,
    oriented: pd.DataFrame,
    kind: str,
    code: str,
    section: ZonesSection,
    *,
    first_level: str,
    seed: int,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the areas of one industry and the zones in them, as rows.

    ``oriented`` holds the zones oriented to this industry (columns zone, oriented). ``score`` puts
    areas in order as clusters across borders: share of the belt's oriented area, times the part
    of it outside the largest region, times the agreement of the two methods (oriented area of the
    zones that both hold over that of all zones that either holds).
    """
    own = _by_place(data.places, data.zones, oriented)
    size, everything = float(own.sum()), float(data.total.sum())
    if not size > 0.0 or not everything > 0.0:
        return [], []
    cost = section.area_cost * size / int((own > 0.0).sum())
    weight = own - data.total * (size / everything) - cost
    found = large_areas(weight, data.graph, section.areas_per_industry, rounds=6, seed=seed)
    zones = _zones_of(data, oriented, section)
    areas: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for rank, area in enumerate(found, start=1):
        name = f"{code}-{rank}"
        inside = zones[zones["place"].isin(data.places.index[area.members])]
        row: dict[str, Any] = {
            "area": name,
            "kind": kind,
            "code": code,
            "rank": rank,
            "weight": area.objective,
            "bound": area.bound,
            "proven": area.proven,
            **_borders(data, area.members, own, weight, seed),
            **_group(zones, inside, size),
            "first_level_zones": int((inside["level"] == first_level).sum()),
            "grade": "C",
        }
        row["score"] = row["belt_share"] * row["outside_share"] * row["agreed_share"]
        areas.append(row)
        rows.extend(_zone_rows(inside, name, kind, code, row["group"]))
    return areas, rows


def _borders(
    data: PlaceMap, members: NDArray[np.bool_], own: Array, weight: Array, seed: int
) -> dict[str, Any]:
    """Describe an area: its places and regions, and what is left of it inside one region."""
    inside = np.flatnonzero(members)
    region = data.places["region"].to_numpy(str)
    size = float(own[inside].sum())
    by_region = pd.Series(own[inside]).groupby(region[inside]).sum().sort_values(ascending=False)
    regions = [str(code) for code in by_region.index]
    alone = 0.0
    for code in regions:
        here = inside[region[inside] == code]
        part = large_areas(weight[here], data.graph[here][:, here], 1, rounds=4, seed=seed)
        alone = max([alone, *(one.objective for one in part)])
    core = int(inside[np.argmax(own[inside])])
    total = float(weight[inside].sum())
    return {
        "places": int(inside.size),
        "members": ";".join(str(code) for code in data.places.index[inside]),
        "regions": ";".join(regions),
        "cross_border": len(regions) > 1,
        "outside_share": 1.0 - float(by_region.iloc[0]) / size if size > 0.0 else np.nan,
        "oriented_area": size,
        "belt_share": size / float(own.sum()),
        "weight_within_borders": alone,
        "missed_share": 1.0 - alone / total if total > 0.0 else np.nan,
        "core_place": str(data.places.index[core]),
        "core_zh": str(data.places["name_zh"].iloc[core]),
        "core_en": str(data.places["name_en"].iloc[core]),
    }


def _zones_of(data: PlaceMap, oriented: pd.DataFrame, section: ZonesSection) -> pd.DataFrame:
    """Return the zones oriented to an industry with their density-based group (-1: none)."""
    area = oriented.set_index("zone")["oriented"]
    zones = data.zones[data.zones.index.isin(area.index)].copy()
    zones["oriented_area"] = area.reindex(zones.index).to_numpy(np.float64)
    zones["group_number"] = -1
    there = zones["lon"].notna() & (zones["oriented_area"] > 0.0)
    known = zones[there]
    if len(known):
        plane = plane_km(known[["lon", "lat"]].to_numpy(np.float64))
        weight = known["oriented_area"].to_numpy(np.float64)
        least = section.group_share * float(weight.sum())
        groups = density_groups(plane, weight, radius=section.group_radius_km, least=least)
        zones.loc[there, "group_number"] = groups
    zones["touches"] = [
        ";".join(other for other in data.borders.get(place, ()) if other != region)
        for place, region in zip(zones["place"], zones["region"], strict=True)
    ]
    return zones


def _group(zones: pd.DataFrame, inside: pd.DataFrame, size: float) -> dict[str, Any]:
    """Find the group that shares most oriented area with an area, and how far they agree."""
    members = set(inside["region"])
    gate = [bool(set(words.split(";")) & members) for words in inside["touches"]]
    dense = inside[inside["group_number"] >= 0]
    plain: dict[str, Any] = {
        "zones": len(inside),
        "gateway_zones": int(np.sum(gate)),
        "group": -1,
        "group_share": np.nan,
        "agreed_zones": 0,
        "agreed_share": 0.0,
    }
    if dense.empty:
        return plain
    common = dense.groupby("group_number")["oriented_area"].sum()
    best = int(common.index[int(np.argmax(common.to_numpy()))])
    whole = float(zones.loc[zones["group_number"] == best, "oriented_area"].sum())
    both = float(common.max())
    union = whole + float(inside["oriented_area"].sum()) - both
    return plain | {
        "group": best,
        "group_share": whole / size,
        "agreed_zones": int((dense["group_number"] == best).sum()),
        "agreed_share": both / union if union > 0.0 else np.nan,
    }


def _zone_rows(
    inside: pd.DataFrame, name: str, kind: str, code: str, group: int
) -> list[dict[str, Any]]:
    members = set(inside["region"])
    ordered = inside.sort_values("oriented_area", ascending=False, kind="stable")
    return [
        {
            "area": name,
            "kind": kind,
            "code": code,
            "zone": str(zone),
            **{
                key: row[key]
                for key in (
                    "name_zh", "name_en", "place_zh", "place_en", "region", "level",
                    "oriented_area", "lon", "lat",
                )
            },
            "agreed": group >= 0 and int(row["group_number"]) == group,
            "gateway_to": ";".join(r for r in row["touches"].split(";") if r in members),
            "grade": "C",
        }
        for zone, row in ordered.iterrows()
    ]  # fmt: skip
