"""Checks of a study against the belt it plans: everything it names must exist and agree."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from clusterbelt.core.errors import Issue, Place, Severity, first_labels
from clusterbelt.model.belt import Belt

__all__ = ["check_study_against_belt"]

Pairs = Sequence[tuple[str, str]]


# ``model`` may not import ``config``: these say which settings the checks read.
class _Scope(Protocol):
    @property
    def classification(self) -> str: ...
    @property
    def base_year(self) -> int: ...
    @property
    def earlier_year(self) -> int | None: ...
    @property
    def activity(self) -> str: ...


class _Foundation(Protocol):
    @property
    def dimensions(self) -> tuple[str, ...]: ...


class _Advantage(Protocol):
    @property
    def national_table(self) -> str: ...
    @property
    def technology_sectors(self) -> tuple[str, ...]: ...


class _Clusters(Protocol):
    @property
    def industries(self) -> tuple[str, ...] | None: ...


class _Demand(Protocol):
    @property
    def national_table(self) -> str: ...
    @property
    def years(self) -> tuple[int, ...]: ...
    @property
    def growth(self) -> Mapping[str, tuple[float, ...]]: ...
    @property
    def growth_premium(self) -> Mapping[str, float]: ...


class _Phase(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def end_year(self) -> int: ...


class _Plan(Protocol):
    @property
    def industries(self) -> tuple[str, ...] | None: ...
    @property
    def phases(self) -> Sequence[_Phase]: ...
    @property
    def minimum_core(self) -> int: ...
    @property
    def maximum_core(self) -> int: ...
    @property
    def ramp(self) -> tuple[float, ...]: ...
    @property
    def required(self) -> Pairs: ...
    @property
    def forbidden(self) -> Pairs: ...


class _Study(Protocol):
    @property
    def scope(self) -> _Scope: ...
    @property
    def foundation(self) -> _Foundation: ...
    @property
    def advantage(self) -> _Advantage: ...
    @property
    def clusters(self) -> _Clusters: ...
    @property
    def demand(self) -> _Demand: ...
    @property
    def plan(self) -> _Plan: ...


def check_study_against_belt(study: _Study, belt: Belt) -> list[Issue]:
    """Return what the study asks for that the belt does not have, or that contradicts itself."""
    return [
        *_check_scope(study.scope, belt),
        *_check_dimensions(study.foundation, belt),
        *_check_tables(study, belt),
        *_check_industries(study, belt),
        *(_check_years(study) if belt.national else ()),
        *_check_limits(study.plan, belt),
        *_check_pairs(study.plan, belt),
    ]


def _issue(code: str, key: str, severity: Severity = "error", **params: object) -> Issue:
    texts = {name: str(value) for name, value in params.items()}
    return Issue(code, Place(label=key), texts, severity)


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1)
    return found[0] if found else "-"


def _unknown(code: str, key: str, words: Iterable[str], known: Collection[str]) -> Iterator[Issue]:
    lost = [word for word in dict.fromkeys(words) if word not in known]
    if lost:
        yield _issue(
            code, key, words=first_labels(lost), nearest=_nearest(lost[0], known),
            known=first_labels(known, 12) or "-",
        )  # fmt: skip


def _check_scope(scope: _Scope, belt: Belt) -> Iterator[Issue]:
    if scope.classification != belt.classification:
        yield _issue(
            "study_classification", "scope.classification", given=scope.classification,
            known=belt.classification,
        )  # fmt: skip
    years = [int(year) for year in belt.activity["year"].to_numpy()]
    for key, year in (("base_year", scope.base_year), ("earlier_year", scope.earlier_year)):
        if year is not None and year not in years:
            yield _issue(
                "study_year_missing", f"scope.{key}", year=year, known=first_labels(years, 12)
            )
    if scope.earlier_year is not None and scope.earlier_year >= scope.base_year:
        yield _issue(
            "study_years_order", "scope.earlier_year", earlier=scope.earlier_year,
            base=scope.base_year,
        )  # fmt: skip
    variables = [str(name) for name in belt.activity["variable"].to_numpy()]
    yield from _unknown("study_activity", "scope.activity", [scope.activity], variables)
    if scope.base_year in years and scope.activity in variables:
        values = belt.activity.sel(year=scope.base_year, variable=scope.activity)
        if not bool((values.fillna(0) != 0).any()):
            yield _issue(
                "study_activity_empty", "scope.activity", name=scope.activity, year=scope.base_year
            )


def _check_dimensions(foundation: _Foundation, belt: Belt) -> Iterator[Issue]:
    if belt.indicator_specs is None:
        yield _issue("study_no_indicators", "foundation.dimensions", "note")
        return
    known = list(dict.fromkeys(str(name) for name in belt.indicator_specs["dimension"]))
    yield from _unknown("study_dimension", "foundation.dimensions", foundation.dimensions, known)


def _check_tables(study: _Study, belt: Belt) -> Iterator[Issue]:
    if not belt.national:
        yield _issue("study_no_national", "demand.national_table", "note")
        return
    for key, name in (
        ("advantage.national_table", study.advantage.national_table),
        ("demand.national_table", study.demand.national_table),
    ):
        yield from _unknown("study_national_table", key, [name], list(belt.national))


def _check_industries(study: _Study, belt: Belt) -> Iterator[Issue]:
    known = [str(code) for code in belt.industries.index]
    marked = belt.industries["advanced"] | belt.industries["materials"]
    for key, chosen in (
        ("clusters.industries", study.clusters.industries),
        ("plan.industries", study.plan.industries),
    ):
        if chosen is None and not marked.any():
            yield _issue("study_no_industries", key)
        elif chosen is not None and not chosen:
            yield _issue("study_industries_empty", key)
        yield from _unknown("study_industry", key, chosen or (), known)
    table = belt.national.get(study.demand.national_table)
    if table is not None:
        codes = {*known, *(str(code) for code in table.sectors.index)}
        premium = study.demand.growth_premium
        yield from _unknown("study_industry", "demand.growth_premium", premium, sorted(codes))
    table = belt.national.get(study.advantage.national_table)
    if table is not None:
        codes = {*known, *(str(code) for code in table.sectors.index)}
        chosen = study.advantage.technology_sectors
        yield from _unknown("study_industry", "advantage.technology_sectors", chosen, sorted(codes))


def _check_years(study: _Study) -> Iterator[Issue]:
    yield from _check_demand(study.demand, study.scope)
    yield from _check_phases(study.plan, study.demand, study.scope)


def _check_demand(demand: _Demand, scope: _Scope) -> Iterator[Issue]:
    years = [scope.base_year, *demand.years]
    if len(years) < 2 or any(after <= before for before, after in pairwise(years)):
        listed = ", ".join(str(year) for year in demand.years) or "-"
        yield _issue("study_demand_years", "demand.years", years=listed, base=scope.base_year)
    for category, rates in demand.growth.items():
        if len(rates) != len(demand.years):
            yield _issue(
                "study_growth_length", f"demand.growth.{category}", category=category,
                rates=len(rates), years=len(demand.years),
            )  # fmt: skip


def _check_phases(plan: _Plan, demand: _Demand, scope: _Scope) -> Iterator[Issue]:
    ends = [phase.end_year for phase in plan.phases]
    names = [phase.name for phase in plan.phases]
    listed = ", ".join(f"{name} {end}" for name, end in zip(names, ends, strict=True)) or "-"
    if not ends:
        yield _issue("study_no_phases", "plan.phases")
    if any(after <= before for before, after in pairwise([scope.base_year, *ends])):
        yield _issue("study_phases_order", "plan.phases", phases=listed, base=scope.base_year)
    if len(set(names)) < len(names):
        yield _issue("study_phases_names", "plan.phases", phases=listed)
    lost = [end for end in ends if end not in demand.years]
    if lost:
        yield _issue(
            "study_phase_outside", "plan.phases", years=first_labels(lost),
            known=first_labels(demand.years, 12),
        )  # fmt: skip
    if not plan.ramp or any(after < before for before, after in pairwise(plan.ramp)):
        ramp = ", ".join(f"{share:g}" for share in plan.ramp) or "-"
        yield _issue("study_ramp", "plan.ramp", ramp=ramp)
    elif 0 < len(plan.ramp) < len(ends):
        yield _issue(
            "study_ramp_short", "plan.ramp", "note", steps=len(plan.ramp), phases=len(ends),
            last=f"{plan.ramp[-1]:g}",
        )  # fmt: skip


def _core_industries(plan: _Plan, belt: Belt) -> list[str]:
    if plan.industries is not None:
        return [code for code in plan.industries if code in belt.industries.index]
    marked = belt.industries["advanced"] | belt.industries["materials"]
    return [str(code) for code in belt.industries.index[marked.to_numpy(bool)]]


def _check_limits(plan: _Plan, belt: Belt) -> Iterator[Issue]:
    if plan.minimum_core > plan.maximum_core:
        yield _issue(
            "study_core_limits", "plan.minimum_core", minimum=plan.minimum_core,
            maximum=plan.maximum_core,
        )  # fmt: skip
    industries = _core_industries(plan, belt)
    short = []
    for region in belt.belt_regions:
        barred = {industry for code, industry in plan.forbidden if code == region}
        if len([code for code in industries if code not in barred]) < plan.minimum_core:
            short.append(region)
    if short:
        yield _issue(
            "study_forbidden_too_many", "plan.forbidden", regions=first_labels(short),
            minimum=plan.minimum_core, industries=len(industries),
        )  # fmt: skip
    for region in belt.belt_regions:
        wanted = {industry for code, industry in plan.required if code == region}
        if len(wanted) > plan.maximum_core:
            yield _issue(
                "study_required_too_many", "plan.required", region=region, count=len(wanted),
                maximum=plan.maximum_core,
            )  # fmt: skip


def _check_pairs(plan: _Plan, belt: Belt) -> Iterator[Issue]:
    members, known = belt.belt_regions, [str(code) for code in belt.industries.index]
    core = _core_industries(plan, belt)
    for key, pairs in (("plan.required", plan.required), ("plan.forbidden", plan.forbidden)):
        regions = [str(code) for code in belt.regions.index]
        yield from _unknown("study_region", key, [pair[0] for pair in pairs], regions)
        yield from _unknown("study_industry", key, [pair[1] for pair in pairs], known)
        outside = [code for code, _ in pairs if code in regions and code not in members]
        if outside:
            yield _issue("study_region_outside", key, regions=first_labels(dict.fromkeys(outside)))
        twice = [" / ".join(pair) for pair in dict.fromkeys(pairs) if pairs.count(pair) > 1]
        if twice:
            yield _issue("study_pair_twice", key, "warning", pairs=first_labels(twice))
    idle = [pair for pair in plan.required if pair[1] in known and pair[1] not in core]
    if idle:
        shown = first_labels(" / ".join(pair) for pair in idle)
        yield _issue("study_required_not_core", "plan.required", pairs=shown)
    both = [" / ".join(pair) for pair in dict.fromkeys(plan.required) if pair in plan.forbidden]
    if both:
        yield _issue("study_required_forbidden", "plan.required", pairs=first_labels(both))
