"""The demand scenario of a belt with an inter-regional table: settings and tables of results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.measures.demand_checks import CONSTANT
from clusterbelt.measures.demand_path import (
    NationalPath,
    category_growth,
    path_index,
    year_grades,
)
from clusterbelt.measures.demand_scenario import (
    Attainable,
    ScenarioSetting,
    draw_attainable,
    frame_of_years,
)
from clusterbelt.measures.interregional_analysis import REST, Groups
from clusterbelt.measures.interregional_model import InterregionalModel
from clusterbelt.measures.national_model import EXPORTS
from clusterbelt.model.belt import Belt
from clusterbelt.model.interregional import InterregionalTable
from clusterbelt.model.result import ResultTable

__all__ = [
    "attainable_table",
    "groups_of",
    "regional_baseline_table",
    "regional_ceilings_table",
    "regional_issues",
    "scenario_setting",
]

Array = NDArray[np.float64]


def groups_of(belt: Belt, table: InterregionalTable) -> Groups:
    """Return the belt's regions of the table and the reach of every region."""
    inside = belt.regions["in_belt"].to_dict()
    reach = belt.regions["reach"].to_dict()
    return Groups(
        tuple(region for region in table.regions if inside[region]),
        {region: str(reach[region]) if inside[region] else REST for region in table.regions},
    )


def regional_issues(section: DemandSection, table: InterregionalTable) -> list[Issue]:
    """Return what the study says about regions, industries or categories the table lacks."""
    categories = {*table.categories, EXPORTS}
    wrong = {
        "regions": [one.region for one in section.adjustments if one.region is not None],
        "industries": [one.industry for one in section.adjustments if one.industry is not None],
        "categories": [one.category for one in section.adjustments if one.category is not None],
    }
    wrong["industries"] += list(section.technology_change)
    known = {"regions": table.regions, "industries": table.industries, "categories": categories}
    issues = []
    for kind, labels in wrong.items():
        absent = sorted(set(labels) - set(known[kind]))
        if absent:
            params = {"labels": first_labels(absent), "known": first_labels(sorted(known[kind]))}
            place = Place(label="demand.adjustments")
            issues.append(Issue(f"demand_unknown_{kind}", place, params))
    absent = sorted(categories - set(section.growth) - {CONSTANT})
    if absent:
        params = {"table": str(table.year), "labels": first_labels(absent)}
        issues.append(Issue("demand_growth_missing", Place(label="demand.growth"), params))
    return issues


def scenario_setting(
    belt: Belt, table: InterregionalTable, path: NationalPath, section: DemandSection, scope: Scope
) -> ScenarioSetting:
    """Align study, belt and national path with the table."""
    industries, years = list(table.industries), list(section.years)
    last = max(path.measured)
    return ScenarioSetting(
        section=section,
        base_year=scope.base_year,
        growth=category_growth(section, scope),
        index=path_index(path).loc[industries, years].to_numpy(),
        measured=np.maximum(np.array(years, dtype=np.float64) - last, 0.0),
        belt=belt.regions.loc[list(table.regions), "in_belt"].to_numpy(bool),
        goods=belt.industries.loc[industries, "manufacturing"].to_numpy(bool),
    )


def attainable_table(
    model: InterregionalModel,
    found: Attainable,
    setting: ScenarioSetting,
    rng: np.random.Generator,
) -> ResultTable:
    """Return attainable demand of the belt's regions with intervals over the draws."""
    table, section, belt = model.table, setting.section, setting.belt
    values: dict[str, Array] = {
        "baseline": found.baseline[belt],
        "from_imports": found.from_imports[belt],
        "from_market": found.from_market[belt],
        "attainable": (found.baseline + found.ceiling)[belt],
        "ceiling": found.ceiling[belt],
    }
    drawn = draw_attainable(found, setting, rng) if section.draws else {}
    unknown = np.full_like(values["baseline"], np.nan)
    for name in ("attainable", "baseline", "ceiling"):
        for end in ("low", "high"):
            column = end if name == "attainable" else f"{name}_{end}"
            values[column] = drawn.get(f"{name}_{end}", unknown)
    regions = [r for r, yes in zip(table.regions, setting.belt, strict=True) if yes]
    frame = frame_of_years(values, regions, list(table.industries), section.years)
    frame["grade"] = "D"
    units = dict.fromkeys(values, table.money_unit)
    return ResultTable("attainable", frame, "D", units)


def regional_baseline_table(
    model: InterregionalModel,
    found: Attainable,
    setting: ScenarioSetting,
    path: NationalPath,
    regional: Mapping[str, pd.DataFrame],
) -> ResultTable:
    """Return output and value added of the belt's regions, base year first, in the old columns."""
    table, belt = model.table, setting.belt
    regions = [r for r, yes in zip(table.regions, belt, strict=True) if yes]
    industries = list(table.industries)
    base = table.output[:, :, None]
    index = ratio(found.baseline, base)
    index = np.where(base == 0.0, 1.0, index)[belt]
    index = np.concatenate([np.ones_like(index[:, :, :1]), index], axis=2)
    values = {
        name: frame.loc[regions, industries].to_numpy()[:, :, None] * index
        for name, frame in regional.items()
    }
    years = (setting.base_year, *setting.section.years)
    frame = frame_of_years(values, regions, industries, years)
    frame["grade"] = year_grades(frame["year"], path, "A")
    return ResultTable("baseline", frame, "D", dict.fromkeys(values, table.money_unit))


def regional_ceilings_table(
    model: InterregionalModel, found: Attainable, setting: ScenarioSetting, path: NationalPath
) -> ResultTable:
    """Return what the belt as a whole can attain of every industry, in the columns of old."""
    table, belt, years = model.table, setting.belt, list(setting.section.years)
    national = found.baseline.sum(axis=0)
    baseline = found.baseline[belt].sum(axis=0)
    share = ratio(table.output[belt].sum(axis=0), table.output.sum(axis=0))[:, None]
    imports = found.from_imports[belt].sum(axis=0)
    market = found.from_market[belt].sum(axis=0)
    columns = {
        "national_output": national,
        "belt_share": share + 0.0 * national,
        "baseline_output": baseline,
        "from_imports": imports,
        "from_market": market,
        "attainable_output": baseline + imports + market,
        "ceiling": imports + market,
    }
    industries = list(table.industries)
    rows = pd.MultiIndex.from_product([industries, years], names=["industry", "year"])
    frame = rows.to_frame(index=False)
    for name, values in columns.items():
        frame[name] = values.ravel()
    base = path.imports.loc[industries, setting.base_year].to_numpy()
    frame["imports_base_year"] = np.repeat(base, len(years))
    frame["grade"] = "D"
    units = dict.fromkeys([*columns, "imports_base_year"], table.money_unit) | {"belt_share": "1"}
    return ResultTable("ceilings", frame, "D", units)
