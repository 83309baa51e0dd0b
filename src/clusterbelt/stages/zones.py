"""Zones: what development zones show below the province, before anything is planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from clusterbelt.config.scope import Scope
from clusterbelt.config.zones import ZonesSection
from clusterbelt.measures.zone_areas import (
    AREA_COLUMNS,
    AREA_ZONE_COLUMNS,
    PlaceMap,
    find_zone_areas,
    read_place_map,
)
from clusterbelt.measures.zone_concentration import concentration_tables, orientation_correlations
from clusterbelt.measures.zone_downscaling import place_output
from clusterbelt.measures.zones import has_zones, oriented_by, zone_frame, zone_parts
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

_FIRST_LEVEL = "national"


def run(belt: Belt, results: Mapping[str, Result], section: ZonesSection, scope: Scope) -> Result:
    """Find clusters of zones across borders, how concentrated zones are, what their words say.

    Tables: ``correlations`` (per industry: oriented area against activity over the regions),
    ``areas`` and ``area_zones`` (connected places of oriented area, by industry and by the
    roadmap's named industries where the table of terms has them, and the zones in them),
    ``concentration`` and ``curves``, and ``cities`` and ``placing_errors`` (activity of the base
    year shared out over cities by what their zones declare, with intervals: grade C). A belt
    without zones gets a message and no table.
    """
    del results
    values = {
        name: ResultValue(getattr(section, name), "D")
        for name in type(section).model_fields
        if name != "industries"
    }
    if not has_zones(belt):
        return Result("zones", {}, values, (Message("zones.message.no_zones"),))
    parts = zone_parts(belt)
    made = [str(c) for c in belt.industries.index[belt.industries["manufacturing"].to_numpy(bool)]]
    every = oriented_by(parts[parts["industry"].isin(made)], "industry", belt)
    chosen = _industries(belt, section)
    zones = zone_frame(belt)
    areas, members = _areas(belt, parts, every, zones, chosen, section, scope.seed)
    summary, curves = concentration_tables(belt, every, chosen, section, scope.seed)
    related = orientation_correlations(belt, every, made, scope.base_year, scope.activity)
    cities, errors = place_output(
        belt, parts, zones, made, year=scope.base_year, variable=scope.activity,
        draws=section.placing_draws, seed=scope.seed,
    )  # fmt: skip
    units = dict.fromkeys(("output", "low", "high"), belt.money_unit)
    tables = {
        "correlations": ResultTable("correlations", related, "B"),
        "areas": ResultTable("areas", areas, "C", {"belt_share": "1"}),
        "area_zones": ResultTable("area_zones", members, "C"),
        "concentration": ResultTable("concentration", summary, "B", {"bandwidth_km": "km"}),
        "curves": ResultTable("curves", curves, "B", {"km": "km"}),
        "cities": ResultTable("cities", cities, "C", units),
        "placing_errors": ResultTable("placing_errors", errors, "C", {"log_error": "1"}),
    }
    values["cross_border_areas"] = ResultValue(int(areas["cross_border"].sum()), "C")
    return Result("zones", tables, values, _messages(belt, zones))


def _industries(belt: Belt, section: ZonesSection) -> list[str]:
    if section.industries is not None:
        return [code for code in section.industries if code in belt.industries.index]
    wanted = belt.industries["advanced"].to_numpy(bool) | belt.industries["materials"].to_numpy(
        bool
    )
    return [str(code) for code in belt.industries.index[wanted]]


def _named(belt: Belt, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the zones oriented to the roadmap's named industries (columns zone, code, oriented).

    A term that stands for several named industries goes to them in equal parts.
    """
    if "roadmap" not in parts.columns or belt.roadmap is None:
        return pd.DataFrame(columns=["zone", "code", "share", "oriented"])
    lists = parts["roadmap"].str.split(";")
    spread = parts.assign(code=lists, part=parts["part"] / lists.map(len)).explode("code")
    known = spread["code"].isin(set(belt.roadmap["cluster"]))
    return oriented_by(spread[known], "code", belt)


def _areas(
    belt: Belt,
    parts: pd.DataFrame,
    every: pd.DataFrame,
    zones: pd.DataFrame,
    chosen: list[str],
    section: ZonesSection,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    inside = every[every["zone"].isin(zones.index)]
    data: PlaceMap | None = read_place_map(belt, zones, inside)
    areas: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    named = _named(belt, parts)
    jobs = [("industry", code, every[every["industry"] == code]) for code in chosen]
    jobs += [("named", str(code), own) for code, own in named.groupby("code", sort=False)]
    for kind, code, own in jobs if data is not None else ():
        assert data is not None
        here = own[own["zone"].isin(zones.index) & np.isfinite(own["oriented"])]
        found, rows = find_zone_areas(
            data, here, kind, code, section, first_level=_FIRST_LEVEL, seed=seed
        )
        areas.extend(found)
        members.extend(rows)
    frame = pd.DataFrame(areas, columns=list(AREA_COLUMNS))
    return (
        frame.astype({"cross_border": bool, "proven": bool}),
        pd.DataFrame(members, columns=list(AREA_ZONE_COLUMNS)).astype({"agreed": bool}),
    )


def _messages(belt: Belt, zones: pd.DataFrame) -> tuple[Message, ...]:
    messages = []
    if belt.places is None or belt.place_neighbours is None:
        messages.append(Message("zones.message.no_places"))
    unplaced = int((zones["place"] == "").sum())
    if unplaced:
        messages.append(Message("zones.message.unplaced", {"count": unplaced, "zones": len(zones)}))
    return tuple(messages)
