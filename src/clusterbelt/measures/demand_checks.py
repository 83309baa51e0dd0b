"""What a demand scenario needs of the study and of the belt's tables: checks, before any figure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import numpy as np

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.measures.national_model import NationalModel, reproduction_gap
from clusterbelt.model.belt import Belt, NationalTable

__all__ = [
    "CONSTANT",
    "activity_issues",
    "national_table_keys",
    "require_reproduced",
    "section_issues",
    "table_issues",
]

CONSTANT: Final = "inventory_change"  # can be of either sign: growth would mean nothing
_TOLERANCE: Final = 1e-8  # of output: how well the model must give back its own base year


def national_table_keys(belt: Belt, section: DemandSection) -> list[str]:
    """Keys of the base table and the measured tables, in the order of their years."""
    base = section.national_table
    if section.measured_tables is not None:
        return [base, *section.measured_tables]
    if base not in belt.national:
        return [base]
    first = belt.national[base]
    later = {
        table.year: key
        for key, table in sorted(belt.national.items())
        if table.classification == first.classification
        and table.year > first.year
        and table.year in section.years
        and len(table.sectors) == len(first.sectors)
    }
    return [base, *(later[year] for year in sorted(later))]


def section_issues(section: DemandSection, scope: Scope) -> list[Issue]:
    """Return what is wrong with years and rates."""
    issues = []
    years = [scope.base_year, *section.years]
    if len(years) < 2 or any(second <= first for first, second in pairwise(years)):
        listed = ", ".join(str(year) for year in section.years)
        params = {"years": listed, "base_year": str(scope.base_year)}
        issues.append(Issue("demand_years", Place(label="demand.years"), params))
    for category, rates in section.growth.items():
        place = Place(label=f"demand.growth.{category}")
        if len(rates) != len(section.years):
            params = {
                "category": category,
                "rates": str(len(rates)),
                "years": str(len(section.years)),
            }
            issues.append(Issue("demand_growth_length", place, params))
        if any(rate <= -1 for rate in rates):
            issues.append(Issue("demand_growth_rate", place, {"category": category}))
    return issues


def table_issues(
    belt: Belt, section: DemandSection, scope: Scope, keys: Iterable[str]
) -> list[Issue]:
    """Return what is wrong with the national tables named."""
    issues = []
    for key in keys:
        if key not in belt.national:
            params = {"table": key, "known": first_labels(sorted(belt.national)) or "-"}
            issues.append(Issue("demand_table", Place(label=key), params))
            continue
        table = belt.national[key]
        base = key == section.national_table
        wanted = (scope.base_year,) if base else section.years
        if table.year not in wanted or (not base and table.year <= scope.base_year):
            params = {
                "table": key,
                "year": str(table.year),
                "wanted": ", ".join(str(year) for year in wanted),
            }
            issues.append(Issue("demand_table_year", Place(label=key), params))
        issues += _sector_issues(belt, section, table, key)
    return issues


def _sector_issues(
    belt: Belt, section: DemandSection, table: NationalTable, key: str
) -> list[Issue]:
    place = Place(label=key)
    parents = table.sectors["industry"].astype(str)
    sectors = set(table.sectors.index.astype(str))
    categories = {str(one) for one in table.final_demand["category"].values}
    grows = categories - {CONSTANT}
    blocks = (
        table.intermediate,
        table.final_demand,
        table.imports,
        table.output,
        table.value_added,
    )
    unknown = {
        "demand_sector_industry": sorted(set(parents) - set(belt.industries.index)),
        "demand_industry_sector": sorted(set(belt.industries.index) - set(parents)),
        "demand_growth_missing": sorted(grows - set(section.growth)),
        "demand_growth_unknown": sorted(set(section.growth) - grows),
        "demand_premium": sorted(set(section.growth_premium) - sectors - set(parents)),
    }
    issues = [
        Issue(code, place, {"table": key, "labels": first_labels(labels)})
        for code, labels in unknown.items()
        if labels
    ]
    if any(bool(block.isnull().any()) for block in blocks):
        issues.append(Issue("demand_table_gaps", place, {"table": key}))
    idle = table.output.sel(sector=list(table.sectors.index)).to_numpy() == 0
    bought = table.intermediate.sel(sector_to=list(table.sectors.index)).sum("sector_from")
    wrong = table.sectors.index[idle & (bought.to_numpy() != 0)]
    if len(wrong):
        params = {"table": key, "labels": first_labels(wrong)}
        issues.append(Issue("demand_inputs", place, params))
    return issues


def activity_issues(belt: Belt, scope: Scope) -> list[Issue]:
    """Return what the activity table lacks for a baseline."""
    issues = []
    if scope.base_year not in belt.activity["year"].values:
        known = ", ".join(str(year) for year in belt.activity["year"].values)
        params = {"year": str(scope.base_year), "known": known}
        issues.append(Issue("demand_base_year", Place(label="activity"), params))
    missing = {"output", "value_added"} - set(belt.activity["variable"].values.tolist())
    if missing:
        params = {"labels": first_labels(sorted(missing))}
        issues.append(Issue("demand_variables", Place(label="activity"), params))
    return issues


def require_reproduced(models: Iterable[NationalModel]) -> None:
    """Raise unless the model gives back the output of each table it starts from."""
    issues = []
    for model in models:
        if bool((model.import_share > 1).any()):
            over = np.flatnonzero(model.import_share > 1)
            labels = first_labels(model.sectors[one] for one in over)
            params = {"table": model.key, "labels": labels}
            issues.append(Issue("demand_imports", Place(label=model.key), params))
            continue
        gap = reproduction_gap(model)
        worst = str(gap.idxmax())
        if gap[worst] > _TOLERANCE:
            params = {"table": model.key, "sector": worst, "gap": f"{gap[worst]:.3g}"}
            issues.append(Issue("demand_unbalanced", Place(label=model.key), params))
    if issues:
        raise InputError(issues)
