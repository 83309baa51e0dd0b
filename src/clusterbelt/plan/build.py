"""From the belt and the results of earlier stages to one :class:`Problem`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from clusterbelt.config.plan import PlanSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, REGION, VARIABLE, YEAR
from clusterbelt.model.result import Message, Result
from clusterbelt.plan.caps import Frame, build_attainable, build_resources, build_supply
from clusterbelt.plan.problem import (
    BoolArray,
    FloatArray,
    Problem,
    capital_output,
    discount_weights,
)
from clusterbelt.plan.readiness import (
    Readiness,
    readiness_from_history,
    readiness_from_results,
    readiness_without_history,
)

__all__ = ["Evidence", "build_problem", "check_section"]


@dataclass(frozen=True)
class Evidence:
    """Location quotient and readiness of belt regions in every manufacturing industry."""

    regions: tuple[str, ...]  # sorted by code
    industries: tuple[str, ...]  # manufacturing and planned, sorted by code
    location_quotient: FloatArray  # (R, J)
    readiness: Readiness  # phi (R, J)


def _issue(code: str, label: str, **figures: object) -> Issue:
    return Issue(code, Place(label=label), {name: str(value) for name, value in figures.items()})


def _planned_industries(belt: Belt, section: PlanSection) -> list[str]:
    if section.industries is not None:
        return sorted(dict.fromkeys(section.industries))
    marked = belt.industries["advanced"].astype(bool) | belt.industries["materials"].astype(bool)
    return sorted(str(code) for code in belt.industries.index[marked])


def check_section(
    belt: Belt, results: Mapping[str, Result], section: PlanSection, scope: Scope
) -> list[Issue]:
    """Return what the study asks of the plan that the data cannot give."""
    issues = []
    known = {str(code) for code in belt.industries.index}
    unknown = [code for code in _planned_industries(belt, section) if code not in known]
    if unknown:
        there = first_labels(sorted(known), 10)
        listed = first_labels(unknown)
        issues.append(
            _issue("plan_industry_unknown", "plan.industries", industries=listed, known=there)
        )
    if not _planned_industries(belt, section):
        issues.append(_issue("plan_no_industries", "plan.industries"))
    if not belt.belt_regions:
        issues.append(_issue("plan_no_regions", "regions"))
    ends = [phase.end_year for phase in section.phases]
    names = [phase.name for phase in section.phases]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        issues.append(_issue("plan_phases_order", "plan.phases", years=first_labels(ends, 10)))
    if len(set(names)) < len(names):
        issues.append(_issue("plan_phase_names", "plan.phases", names=first_labels(names, 10)))
    if not scope.base_year <= section.start_year < ends[0]:
        issues.append(
            _issue(
                "plan_start_year",
                "plan.start_year",
                start=section.start_year,
                base=scope.base_year,
                first=ends[0],
            )
        )
    return [*issues, *_check_demand(results, ends)]


def _check_demand(results: Mapping[str, Result], ends: Sequence[int]) -> list[Issue]:
    years = {int(year) for year in results["demand"].frame("ceilings")["year"]}
    missing = [year for year in ends if year not in years]
    if not missing:
        return []
    there = first_labels(sorted(years), 10)
    return [_issue("plan_phase_year", "plan.phases", years=first_labels(missing), known=there)]


def _cube(belt: Belt, year: int, variable: str, industries: Sequence[str]) -> FloatArray:
    """All regions of the table by the industries given."""
    values = belt.activity.sel({YEAR: year, VARIABLE: variable})
    where = {REGION: belt.regions.index.to_numpy(), INDUSTRY: np.asarray(industries, dtype=object)}
    return values.sel(where).transpose(REGION, INDUSTRY).to_numpy().astype(np.float64)


def _earlier_quotient(
    belt: Belt, scope: Scope, all_industries: Sequence[str], rows: BoolArray
) -> FloatArray | None:
    """Quotients of the earlier year against the same reference area; None without that year."""
    year = scope.earlier_year
    if year is None or year not in belt.activity[YEAR].values:
        return None
    activity = _cube(belt, year, scope.activity, all_industries)[rows]
    activity = np.where(activity < 0.0, np.nan, activity)
    if not np.isfinite(activity).any():
        return None
    return location_quotient(activity, missing="skip")


def _quotient_table(results: Mapping[str, Result], column: str) -> pd.DataFrame:
    frame = results["advantage"].frame("advantage")
    return frame.pivot(index="region", columns="industry", values=column)


def _build_evidence(
    belt: Belt, results: Mapping[str, Result], section: PlanSection, scope: Scope
) -> tuple[Evidence, list[Message]]:
    """Return location quotients and readiness, and what had to be said about them."""
    column = f"location_quotient_{scope.reference}"
    table = _quotient_table(results, column)
    every = [str(code) for code in belt.industries.index]
    made = belt.industries["manufacturing"].to_numpy(dtype=bool)
    planned = set(_planned_industries(belt, section))
    industries = sorted(
        code for code, yes in zip(every, made, strict=True) if yes or code in planned
    )
    regions = sorted(belt.belt_regions)
    target = table.reindex(index=regions, columns=industries).to_numpy(np.float64)
    learnt = readiness_from_results(results, regions, industries)
    if learnt is not None:
        return Evidence(tuple(regions), tuple(industries), target, learnt), []
    rows = np.ones(len(belt.regions), dtype=np.bool_)
    if scope.reference == "belt":
        rows = belt.regions["in_belt"].to_numpy(dtype=np.bool_)
    earlier = _earlier_quotient(belt, scope, every, rows)
    messages: list[Message] = []
    if earlier is None:
        readiness = readiness_without_history(target)
        messages.append(Message("plan.message.no_earlier_year"))
    else:
        pick = [every.index(code) for code in industries]
        codes = [str(code) for code in belt.regions.index[rows]]
        base = table.reindex(index=codes, columns=industries).to_numpy(np.float64)
        try:
            readiness = readiness_from_history(earlier[:, pick], base, target, section.ridge)
        except ValueError:
            readiness = readiness_without_history(target)
            messages.append(Message("plan.message.nothing_learnt"))
    return Evidence(tuple(regions), tuple(industries), target, readiness), messages


def _pivot(
    frame: pd.DataFrame, rows: Sequence[str], columns: Sequence[str], name: str
) -> FloatArray:
    table = frame.pivot(index="region", columns="industry", values=name)
    return table.reindex(index=list(rows), columns=list(columns)).to_numpy(np.float64)


def _ratio(own_output: FloatArray, own_value: FloatArray, weight: float) -> FloatArray:
    """Value added per output: ``weight`` of the region's own ratio, the rest of the belt's."""
    both = np.isfinite(own_output) & np.isfinite(own_value) & (own_output > 0.0)
    own = np.divide(own_value, own_output, out=np.full(own_output.shape, np.nan), where=both)
    total_output = np.where(both, own_output, 0.0).sum(axis=0)
    total_value = np.where(both, own_value, 0.0).sum(axis=0)
    belt = np.divide(
        total_value, total_output, out=np.full(total_output.shape, np.nan), where=total_output > 0
    )
    return np.asarray(weight * own + (1.0 - weight) * belt[None, :], dtype=np.float64)


def _formation(belt: Belt, scope: Scope, regions: Sequence[str]) -> FloatArray | None:
    """Gross fixed capital formation a year (R); None where the belt has none, NaN where unknown."""
    if "fixed_capital_formation" not in belt.activity[VARIABLE].values:
        return None
    cube = belt.activity.sel({YEAR: scope.base_year, VARIABLE: "fixed_capital_formation"})
    formation = cube.sum(INDUSTRY, skipna=True, min_count=1).sel({REGION: list(regions)})
    values = formation.to_numpy().astype(np.float64)
    known = np.isfinite(values) & (values > 0.0)
    return np.where(known, values, np.nan) if known.any() else None


def _investment(
    formation: FloatArray | None, section: PlanSection, regions: Sequence[str], years: FloatArray
) -> tuple[FloatArray, list[Message]]:
    """Most capital a region may build in each phase (R, P); infinite where nothing is known."""
    if formation is None:
        unlimited = np.full((len(regions), years.size), np.inf)
        return unlimited, [Message("plan.message.no_investment")]
    known = np.isfinite(formation)
    yearly = section.investment_share * np.where(known, formation, 0.0)
    messages = []
    if not known.all():
        absent = [code for code, yes in zip(regions, known, strict=True) if not yes]
        messages.append(
            Message("plan.message.investment_partly", {"regions": first_labels(absent)})
        )
    return np.where(known[:, None], yearly[:, None] * years, np.inf), messages


def _neighbours(belt: Belt, regions: Sequence[str]) -> tuple[BoolArray, list[Message]]:
    if belt.neighbours is None:
        size = len(regions)
        return np.zeros((size, size), dtype=np.bool_), [Message("plan.message.no_neighbours")]
    table = belt.neighbours.loc[list(regions), list(regions)].to_numpy(dtype=np.bool_)
    return table & ~np.eye(len(regions), dtype=np.bool_), []


def _ceilings(
    results: Mapping[str, Result], industries: Sequence[str], ends: Sequence[int]
) -> tuple[FloatArray, list[Message]]:
    frame = results["demand"].frame("ceilings")
    table = frame.pivot(index="industry", columns="year", values="ceiling")
    values = table.reindex(index=list(industries), columns=list(ends)).to_numpy(np.float64)
    absent = np.isnan(values).any(axis=1)
    if absent.any():
        codes = [code for code, yes in zip(industries, absent, strict=True) if yes]
        raise InputError([_issue("plan_no_ceiling", "demand", industries=first_labels(codes))])
    if not (values < 0.0).any():
        return values, []
    codes = [code for code, row in zip(industries, values, strict=True) if (row < 0.0).any()]
    # Demand below the baseline leaves no room: a ceiling of zero, said aloud.
    message = Message("plan.message.shrinking", {"industries": first_labels(codes)})
    return np.maximum(values, 0.0), [message]


def build_problem(
    belt: Belt, results: Mapping[str, Result], section: PlanSection, scope: Scope
) -> tuple[Problem, Evidence, tuple[Message, ...]]:
    """Build the planning problem, the evidence behind it, and what had to be said on the way.

    Raises
    ------
    InputError
        With every conflict between the study and the data.
    """
    issues = check_section(belt, results, section, scope)
    if issues:
        raise InputError(issues)
    evidence, messages = _build_evidence(belt, results, section, scope)
    industries = _planned_industries(belt, section)
    regions = list(evidence.regions)
    ends = [phase.end_year for phase in section.phases]
    years = np.diff(np.array([section.start_year, *ends], dtype=np.float64))
    baseline = results["demand"].frame("baseline")
    by_year = {int(year): baseline[baseline["year"] == year] for year in baseline["year"].unique()}
    base = by_year.get(scope.base_year)
    absent = [year for year in (scope.base_year, *ends) if year not in by_year]
    if base is None or absent:
        raise InputError([_issue("plan_no_baseline", "demand", years=first_labels(absent))])
    output = _pivot(base, regions, industries, "output")
    value_added = _pivot(base, regions, industries, "value_added")
    ceilings, said = _ceilings(results, industries, ends)
    formation = _formation(belt, scope, regions)
    investment, more = _investment(formation, section, regions, years)
    neighbours, most = _neighbours(belt, regions)
    pick = [evidence.industries.index(code) for code in industries]
    loadings = evidence.readiness.loadings
    problem = Problem(
        regions=tuple(regions),
        reaches=tuple(str(belt.regions.at[code, "reach"]) for code in regions),
        industries=tuple(industries),
        phases=tuple(phase.name for phase in section.phases),
        end_years=tuple(ends),
        years=years,
        weights=discount_weights(section.start_year, tuple(ends), section.discount_rate),
        output=output,
        baseline=np.stack(
            [_pivot(by_year[y], regions, industries, "output") for y in ends], axis=2
        ),
        readiness=evidence.readiness.phi[:, pick],
        loadings=None if loadings is None else loadings[:, pick],
        location_quotient=evidence.location_quotient[:, pick],
        ratio=_ratio(output, value_added, section.own_ratio_weight),
        ceilings=ceilings,
        investment=investment,
        neighbours=neighbours,
        section=section,
    )
    limited, last = _with_limits(problem, belt, results, scope, formation, by_year)
    return limited, evidence, (*messages, *said, *more, *most, *last)


def _with_limits(
    problem: Problem,
    belt: Belt,
    results: Mapping[str, Result],
    scope: Scope,
    formation: FloatArray | None,
    by_year: Mapping[int, pd.DataFrame],
) -> tuple[Problem, list[Message]]:
    """Add caps, intensities, supply of inputs and attainable demand."""
    section = problem.section
    frame = Frame(
        list(problem.regions),
        list(problem.reaches),
        list(problem.industries),
        list(problem.end_years),
        problem.years,
    )
    resources = build_resources(belt, section, scope, frame, formation, capital_output(problem))
    every = [str(code) for code in belt.industries.index]
    baseline = {y: _pivot(by_year[y], frame.regions, every, "output") for y in frame.end_years}
    supply, said = build_supply(belt, section, scope, frame, baseline)
    attainable, more = build_attainable(results, frame)
    limited = replace(
        problem,
        caps=resources.caps,
        intensities=resources.intensities,
        supply=supply,
        attainable=attainable,
    )
    return limited, [*resources.messages, *said, *more]
