"""The belt: data only. Verbs live in ``io`` (read, write), ``model.checks`` and the measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import xarray as xr

from clusterbelt.core.strings import Language

__all__ = ["ActivityHistory", "Belt", "Bilingual", "NationalTable"]


@dataclass(frozen=True)
class Bilingual:
    """A text in both languages."""

    zh: str
    en: str

    def get(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class ActivityHistory:
    """Activity of the same regions in another classification, which may reach further back."""

    classification: str
    industries: pd.DataFrame  # index industry: name_zh, name_en, manufacturing, ...
    activity: xr.DataArray  # (year, region, industry, variable)


@dataclass(frozen=True)
class NationalTable:
    """One national input-output table, in the belt's money unit.

    ``intermediate`` is sector_from x sector_to (total, domestic and imported, unless
    ``imports_separate``); ``final_demand`` sector x category; ``value_added`` part x sector.
    """

    year: int
    classification: str
    sectors: pd.DataFrame  # index sector: name_zh, name_en, industry (parent in the belt's classes)
    intermediate: xr.DataArray  # (sector_from, sector_to)
    final_demand: xr.DataArray  # (sector, category), includes exports
    imports: xr.DataArray  # (sector,)
    output: xr.DataArray  # (sector,)
    value_added: xr.DataArray  # (variable, sector)


@dataclass(frozen=True)
class Belt:
    """Everything known about the belt and its reference area. Absent is NaN, zero is zero.

    ``regions`` holds the whole reference area (the nation); its column ``in_belt`` says which
    belong to the belt and ``reach`` to which reach. Region and industry codes are strings.
    """

    name: str
    title: Bilingual
    classification: str
    money_unit: str
    regions: pd.DataFrame  # index region: name_zh, name_en, in_belt (bool), reach ("" outside)
    industries: pd.DataFrame  # index industry: name_zh, name_en, manufacturing, advanced, materials
    activity: xr.DataArray  # (year, region, industry, variable)
    indicators: xr.DataArray | None = None  # (year, region, indicator)
    indicator_specs: pd.DataFrame | None = None  # index indicator: the rows of variables.csv
    indicator_years: xr.DataArray | None = None  # year each indicator value was really observed
    intermediate: xr.DataArray | None = None  # (year, region, industry_from, industry_to)
    # flows the user brings: year, region_from, industry_from, region_to, industry_to, value
    interregional_flows: pd.DataFrame | None = None
    national: Mapping[str, NationalTable] = field(default_factory=dict)  # key "2017_42"
    neighbours: pd.DataFrame | None = None  # region x region, bool, symmetric
    distance_km: pd.DataFrame | None = None  # region x region
    travel_minutes: pd.DataFrame | None = None  # region_from x region_to, of the user's table
    boundaries: Mapping[str, Mapping[str, Any]] | None = None  # region -> GeoJSON geometry
    roadmap: pd.DataFrame | None = None  # a published roadmap to compare the plan with
    roadmap_claims: pd.DataFrame | None = None  # its claims about factor intensity, by reach
    reaches: Mapping[str, Bilingual] = field(default_factory=dict)  # reach -> name, in order
    places: pd.DataFrame | None = None  # index place: names, region, group, lon, lat, area_km2
    place_groups: pd.DataFrame | None = None  # index place: the groups (cities) of places
    place_neighbours: pd.DataFrame | None = None  # place_from, place_to: pairs that touch, once
    zones: pd.DataFrame | None = None  # index zone: names, region, place, area, industries
    zone_terms: pd.DataFrame | None = None  # term, industry, weight, ...: what the words mean
    sources: pd.DataFrame | None = None  # variable, publication, year, unit, conversion
    histories: Mapping[str, ActivityHistory] = field(default_factory=dict)  # by classification
    fingerprint: str = ""

    @property
    def belt_regions(self) -> list[str]:
        """Codes of the regions that belong to the belt, in table order."""
        return [str(code) for code in self.regions.index[self.regions["in_belt"].to_numpy(bool)]]

    def region_name(self, region: str, language: Language) -> str:
        """Return the name of a region."""
        return str(self.regions.at[region, f"name_{language}"])

    def industry_name(self, industry: str, language: Language) -> str:
        """Return the name of an industry."""
        return str(self.industries.at[industry, f"name_{language}"])
