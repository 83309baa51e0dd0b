"""A list of a belt's zones, filtered: for people who look for a place to build on."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
import pandas as pd

from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.measures.zones import (
    distances_km,
    has_zones,
    oriented_by,
    place_words,
    zone_parts,
)
from clusterbelt.model.belt import Belt

__all__ = ["LIST_COLUMNS", "list_zones"]

LIST_COLUMNS: Final = (
    "zone", "name_zh", "name_en", "level", "region", "place_zh", "place_en", "area",
    "oriented_area", "share", "orientation", "industries", "role", "clusters", "status",
    "distance_km", "lon", "lat", "location_grade",
)  # fmt: skip
_SHOWN: Final = 8


def _resolve(word: str, names: pd.DataFrame, code: str) -> str:
    """Return the code of a region or industry given by code or by name in either language."""
    if word in names.index:
        return word
    for column in ("name_zh", "name_en"):
        hit = names.index[names[column].str.casefold() == word.casefold()]
        if len(hit) == 1:
            return str(hit[0])
    known = [*map(str, names.index), *names["name_en"], *names["name_zh"]]
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    params = {"word": word, "hint": ", ".join(near) or ", ".join(known[:_SHOWN])}
    raise InputError([Issue(code, Place(label=word), params)])


def _centre(belt: Belt, near: str) -> np.ndarray:
    """Return the point of a zone, a place, a city, or of ``lon,lat``, shape (1, 2)."""
    assert belt.zones is not None
    parts = near.split(",")
    if len(parts) == 2:
        try:
            lon, lat = (float(part) for part in parts)
        except ValueError:
            lon, lat = np.nan, np.nan
        if abs(lat) <= 90.0 and abs(lon) <= 180.0:
            return np.array([[lon, lat]])
    for table in (belt.place_groups, belt.places, belt.zones):
        if table is None:
            continue
        same = (table.index == near) | (table["name_zh"] == near)
        same |= table["name_en"].str.casefold() == near.casefold()
        hits = table[same & table["lon"].notna()]
        if len(hits):
            return np.asarray(hits[["lon", "lat"]].to_numpy(np.float64)[:1])
    names = [
        str(name)
        for table in (belt.place_groups, belt.places)
        if table is not None
        for column in ("name_zh", "name_en")
        for name in table[column]
    ]
    hint = ", ".join(get_close_matches(near, names, n=3, cutoff=0.4)) or "-"
    raise InputError([Issue("zones_near_unknown", Place(label=near), {"word": near, "hint": hint})])


def _with_orientation(belt: Belt, zones: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    parts = zone_parts(belt)
    oriented = oriented_by(parts, "industry", belt)
    ordered = oriented.sort_values(["share", "industry"], ascending=[False, True], kind="stable")
    words = ordered["industry"] + ":" + ordered["share"].map("{:.2f}".format)
    joined = words.groupby(ordered["zone"]).agg(" ".join)
    return zones.assign(orientation=joined.reindex(zones.index).fillna("")), oriented


def list_zones(
    belt: Belt,
    *,
    industry: str | None = None,
    region: Sequence[str] = (),
    level: str | None = None,
    near: str | None = None,
    radius_km: float = 100.0,
    roles: pd.DataFrame | None = None,
    only_roles: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the zones that pass every filter, with columns ``LIST_COLUMNS``.

    ``industry`` and ``region`` by code or name; ``near`` a zone, place or city by code or name, or
    ``lon,lat``, keeps what lies within ``radius_km``. ``orientation`` lists industry:share of the
    zone's area. ``roles`` is the table of that name of a run's carriers; ``only_roles`` keeps the
    zones with one of these roles or states. In order of distance where ``near`` is given, else of
    the area oriented to ``industry``, else of area; largest first.

    Raises
    ------
    InputError
        If the belt has no zones, or a filter names what does not exist (the nearest names said).
    """
    if not has_zones(belt):
        raise InputError([Issue("zones_none", Place(label=belt.name))])
    assert belt.zones is not None
    zones, oriented = _with_orientation(belt, belt.zones)
    frame = zones.assign(oriented_area=np.nan, share=np.nan, distance_km=np.nan)
    frame["place_zh"] = place_words(belt, zones, "zh")
    frame["place_en"] = place_words(belt, zones, "en")
    keep = pd.Series(True, index=frame.index)
    if region:
        codes = [_resolve(word, belt.regions, "zones_region_unknown") for word in region]
        keep &= frame["region"].isin(codes)
    if level is not None:
        known = sorted(set(frame["level"]) - {""})
        if level not in known:
            params = {"word": level, "hint": ", ".join(known) or "-"}
            raise InputError([Issue("zones_level_unknown", Place(label=level), params)])
        keep &= frame["level"] == level
    if industry is not None:
        code = _resolve(industry, belt.industries, "zones_industry_unknown")
        own = oriented[oriented["industry"] == code].set_index("zone")
        frame["oriented_area"] = own["oriented"].reindex(frame.index)
        frame["share"] = own["share"].reindex(frame.index)
        keep &= frame["share"].notna()
    if near is not None:
        centre = _centre(belt, near)
        there = frame["lon"].notna()
        points = frame.loc[there, ["lon", "lat"]].to_numpy(np.float64)
        frame.loc[there, "distance_km"] = distances_km(points, centre)[:, 0]
        keep &= frame["distance_km"] <= radius_km
    return _sorted(_joined(frame[keep], roles, only_roles), industry, near)


def _joined(frame: pd.DataFrame, roles: pd.DataFrame | None, only: Sequence[str]) -> pd.DataFrame:
    columns = ["role", "clusters", "status"]
    frame = frame.assign(zone=frame.index).rename_axis(None)
    if roles is None:
        return frame.assign(**dict.fromkeys(columns, ""))
    known = roles.set_index("zone")[columns].reindex(frame.index).fillna("")
    frame[columns] = known
    if only:
        wanted = set(only)
        frame = frame[frame["role"].isin(wanted) | frame["status"].isin(wanted)]
    return frame


def _sorted(frame: pd.DataFrame, industry: str | None, near: str | None) -> pd.DataFrame:
    by: Any = "area"
    if near is not None:
        by = "distance_km"
    elif industry is not None:
        by = "oriented_area"
    ordered = frame.sort_values([by, "zone"], ascending=[near is not None, True])
    return ordered.reset_index(drop=True)[list(LIST_COLUMNS)]
