"""What zones declare, where they stand, and which of them face each other across a border.

A zone's area goes to its terms in equal parts and from each term to the industries that the table
of terms gives, by weight. That is orientation (grade B), not output: a zone of 100 ha that names
two terms, one of them electronics, has 50 ha oriented to electronics.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.core.strings import Language
from clusterbelt.kernels.points import EARTH_RADIUS_KM, spread
from clusterbelt.model.belt import Belt
from clusterbelt.model.zone_words import split_terms

__all__ = [
    "border_places",
    "distances_km",
    "has_zones",
    "orient_zones",
    "oriented_by",
    "place_words",
    "plane_km",
    "zone_frame",
    "zone_parts",
]

Array = NDArray[np.float64]


def has_zones(belt: Belt) -> bool:
    """Say whether the belt has zones and the terms that their words are read by."""
    zones, terms = belt.zones, belt.zone_terms
    return zones is not None and terms is not None and not zones.empty and not terms.empty


def zone_parts(belt: Belt) -> pd.DataFrame:
    """Return one row per zone, term and industry: ``part`` of the zone's area that goes there.

    Columns zone, term, industry, part and whatever else the table of terms holds. Terms without an
    industry, or that the table lacks, have no row: their part of the area is oriented to nothing.
    """
    assert belt.zones is not None
    assert belt.zone_terms is not None
    lists = split_terms(belt.zones["industries"])
    count = lists.map(len)
    listed = pd.DataFrame({"term": lists, "each": 1.0 / count.where(count > 0)})
    spread_out = listed.explode("term").rename_axis("zone").reset_index()
    known = belt.zone_terms[belt.zone_terms["industry"] != ""]
    joined = spread_out.merge(known, on="term", how="inner")
    joined["part"] = joined["each"] * joined["weight"]
    return joined.drop(columns="each")


def orient_zones(belt: Belt) -> pd.DataFrame:
    """Return zone, industry, ``share`` of the zone's area oriented to it and ``oriented`` area.

    Rows in the order of zones and industries. The area is NaN where the zone's area is unknown.
    """
    return oriented_by(zone_parts(belt), "industry", belt)


def oriented_by(parts: pd.DataFrame, column: str, belt: Belt) -> pd.DataFrame:
    """Return zone, ``column``, ``share`` and ``oriented`` area, summed over the terms."""
    assert belt.zones is not None
    share = parts.groupby(["zone", column], sort=True)["part"].sum().reset_index(name="share")
    area = belt.zones["area"]
    share["oriented"] = share["share"] * share["zone"].map(area).to_numpy(np.float64)
    order = pd.Series(range(len(area)), index=area.index)
    return (
        share.assign(order=share["zone"].map(order))
        .sort_values(["order", column], kind="stable")
        .drop(columns="order")
        .reset_index(drop=True)
    )


def place_words(belt: Belt, zones: pd.DataFrame, language: Language) -> list[str]:
    """Return the names of the zones' places: county with its city, or city alone, or nothing."""
    names: list[list[str]] = []
    for column, table in (("group", belt.place_groups), ("place", belt.places)):
        known = {} if table is None else table[f"name_{language}"].to_dict()
        names.append([str(known.get(code, "")) for code in zones[column]])
    found = []
    for group, place in zip(*names, strict=True):
        parts = [word for word in dict.fromkeys((group, place)) if word]
        found.append("".join(parts) if language == "zh" else ", ".join(reversed(parts)))
    return found


def zone_frame(belt: Belt) -> pd.DataFrame:
    """Return the zones of the belt's regions, in table order, each with a point where it has one.

    The point is the zone's own; where there is none, its place's, then its city's (``point`` says
    which: zone, place, group or an empty text). Columns ``place_zh`` and ``place_en`` name the
    place; an empty ``group`` is filled from the place.
    """
    assert belt.zones is not None
    zones = belt.zones[belt.zones["region"].isin(belt.belt_regions)].copy()
    if belt.places is not None:
        found = zones["place"].map(belt.places["group"]).fillna("")
        zones["group"] = zones["group"].where(zones["group"] != "", found)
    zones["point"] = np.where(zones["lon"].notna(), "zone", "")
    for column, table in (("place", belt.places), ("group", belt.place_groups)):
        if table is None:
            continue
        lacking = zones["lon"].isna() & zones[column].isin(table.index)
        for axis in ("lon", "lat"):
            there = table[axis].reindex(zones[column]).to_numpy(np.float64)
            zones[axis] = np.where(lacking, there, zones[axis])
        zones["point"] = zones["point"].where(~lacking, column)
    zones["place_zh"] = place_words(belt, zones, "zh")
    zones["place_en"] = place_words(belt, zones, "en")
    return zones


def border_places(belt: Belt) -> dict[str, tuple[str, ...]]:
    """Return, by place, the other regions that it touches (sorted); only places that do."""
    if belt.places is None or belt.place_neighbours is None:
        return {}
    region = belt.places["region"]
    pairs = belt.place_neighbours
    both = pd.DataFrame(
        {
            "place": [*pairs["place_from"], *pairs["place_to"]],
            "other": [*pairs["place_to"].map(region), *pairs["place_from"].map(region)],
        }
    )
    across = both[both["place"].map(region).to_numpy() != both["other"].to_numpy()]
    return {
        str(place): tuple(sorted(set(own["other"])))
        for place, own in across.groupby("place", sort=True)
    }


def distances_km(first: Array, second: Array) -> Array:
    """Return great-circle distances between points given as (n, 2) longitude and latitude."""
    one, other = (spread(points, "great_circle") for points in (first, second))
    chord = np.linalg.norm(one[:, None, :] - other[None, :, :], axis=2)
    half = np.minimum(chord / (2.0 * EARTH_RADIUS_KM), 1.0)
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(half), dtype=np.float64)


def plane_km(points: Array) -> Array:
    """Project (n, 2) longitude and latitude onto a plane in km, centred on their middle.

    Lambert's azimuthal equal-area projection on a sphere (Snyder 1987, USGS 1395, p. 185): true in
    area everywhere, in distance at the centre; 1,000 km from it lengths are off by about 0.3 %.
    """
    given = np.asarray(points, dtype=np.float64)
    middle = np.radians((given.min(axis=0) + given.max(axis=0)) / 2.0)
    lon, lat = np.radians(given[:, 0]) - middle[0], np.radians(given[:, 1])
    cosine = np.sin(middle[1]) * np.sin(lat) + np.cos(middle[1]) * np.cos(lat) * np.cos(lon)
    scale = EARTH_RADIUS_KM * np.sqrt(2.0 / (1.0 + cosine))
    x = scale * np.cos(lat) * np.sin(lon)
    y = np.cos(middle[1]) * np.sin(lat) - np.sin(middle[1]) * np.cos(lat) * np.cos(lon)
    return np.column_stack([x, scale * y])
