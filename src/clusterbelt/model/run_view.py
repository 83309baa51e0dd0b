"""A finished run, read back from its folder: what report, figures and summary are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from clusterbelt.core.errors import Issue
from clusterbelt.core.strings import Language
from clusterbelt.model.belt import Bilingual
from clusterbelt.model.result import Result

__all__ = ["RunView"]


@dataclass(frozen=True)
class RunView:
    """One run folder, read."""

    folder: Path
    manifest: Mapping[str, Any]
    study: Mapping[str, Any]  # the study file with every default, as plain data
    title: Bilingual
    money_unit: str
    reaches: Mapping[str, Bilingual]
    regions: pd.DataFrame  # index region: name_zh, name_en, in_belt, reach
    industries: pd.DataFrame  # index industry: name_zh, name_en, manufacturing, advanced, materials
    results: Mapping[str, Result]  # by stage, in the order they ran
    indicator_specs: pd.DataFrame | None = None
    boundaries: Mapping[str, Mapping[str, Any]] | None = None
    roadmap: pd.DataFrame | None = None
    sources: pd.DataFrame | None = None
    issues: tuple[Issue, ...] = field(default_factory=tuple)  # warnings and notes about the data

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
