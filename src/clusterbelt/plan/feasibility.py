"""Why there is no plan: cheap necessary conditions before the solve, relaxed rows after it.

Both speak in issues whose codes begin with ``plan_`` and whose figures are those that conflict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
from scipy import sparse

from clusterbelt.core.errors import Issue, Place
from clusterbelt.kernels.graph import connected_components
from clusterbelt.plan.candidates import Eligibility, usable_cells
from clusterbelt.plan.conflict import SETTINGS, find_conflict, say_rows
from clusterbelt.plan.problem import Problem, core_limits, new_per_phase
from clusterbelt.plan.programme import Programme
from clusterbelt.plan.solve import solve_programme

__all__ = ["RELAXABLE", "check_before_solve", "explain_infeasible"]

# Rows that come from a setting of the study; all others hold for any plan that adds nothing.
RELAXABLE: Final = tuple(SETTINGS)


def _issue(code: str, key: str, **figures: object) -> Issue:
    params = {name: str(value) for name, value in figures.items()}
    return Issue(code=code, place=Place(label=f"plan.{key}"), params=params)


def _check_pairs(problem: Problem) -> list[Issue]:
    section = problem.section
    issues = []
    usable = usable_cells(problem)
    for key, pairs in (("required", section.required), ("forbidden", section.forbidden)):
        for region, industry in pairs:
            if region not in problem.regions or industry not in problem.industries:
                issues.append(_issue("plan_pair_unknown", key, region=region, industry=industry))
    for region, industry in section.required:
        if (region, industry) in section.forbidden:
            issues.append(
                _issue("plan_required_and_forbidden", "required", region=region, industry=industry)
            )
        if region in problem.regions and industry in problem.industries:
            cell = (problem.regions.index(region), problem.industries.index(industry))
            if not usable[cell]:
                issues.append(
                    _issue("plan_required_no_base", "required", region=region, industry=industry)
                )
    return issues


def _check_limits(problem: Problem) -> list[Issue]:
    """Limits of single regions that name nobody or cross, and orders of unknown industries."""
    section = problem.section
    issues = []
    for region, (least, most) in section.core_limits.items():
        if region not in problem.regions:
            issues.append(_issue("plan_limits_region", "core_limits", region=region))
        elif least > most:
            issues.append(
                _issue(
                    "plan_region_limits", "core_limits", region=region, minimum=least, maximum=most
                )
            )
    for before, later in section.precedence:
        unknown = [code for code in (before, later) if code not in problem.industries]
        if unknown:
            listed = ", ".join(unknown)
            issues.append(_issue("plan_precedence_unknown", "precedence", industries=listed))
    if section.minimum_core > section.maximum_core:
        limits = {"minimum": section.minimum_core, "maximum": section.maximum_core}
        issues.append(_issue("plan_core_limits", "minimum_core", **limits))
    return issues


def _check_region(
    problem: Problem, eligibility: Eligibility, r: int, required: int, starts: int
) -> list[Issue]:
    region, section = problem.regions[r], problem.section
    least, most = (int(limit[r]) for limit in core_limits(problem))
    barred = {industry for code, industry in section.forbidden if code == region}
    available = sum(
        bool(eligibility.eligible[r, i]) and industry not in barred
        for i, industry in enumerate(problem.industries)
    )
    issues = []
    if available < least:
        figures = {"region": region, "available": available, "minimum": least}
        issues.append(_issue("plan_too_few_industries", "minimum_core", **figures))
    if required > most:
        figures = {"region": region, "required": required, "maximum": most}
        issues.append(_issue("plan_required_over_maximum", "required", **figures))
    wanted = max(least, required)
    if wanted > starts and available >= least:
        figures = {"region": region, "wanted": wanted, "starts": starts}
        issues.append(_issue("plan_starts_short", "maximum_new_per_phase", **figures))
    return issues


def _check_counts(problem: Problem, eligibility: Eligibility) -> list[Issue]:
    starts = int(new_per_phase(problem).sum())
    required = Counter(region for region, _ in dict.fromkeys(problem.section.required))
    return [
        issue
        for r, region in enumerate(problem.regions)
        for issue in _check_region(problem, eligibility, r, required[region], starts)
    ]


def _check_order(problem: Problem) -> list[Issue]:
    """A required later industry needs the one before it, which must be possible and allowed."""
    section, usable = problem.section, usable_cells(problem)
    issues = []
    for before, later in section.precedence:
        if before not in problem.industries:
            continue
        for region, industry in dict.fromkeys(section.required):
            if industry != later or region not in problem.regions:
                continue
            r, i = problem.regions.index(region), problem.industries.index(before)
            if (region, before) in section.forbidden or not usable[r, i]:
                figures = {"region": region, "before": before, "later": later}
                issues.append(_issue("plan_order_broken", "precedence", **figures))
    return issues


def _check_places(problem: Problem) -> list[Issue]:
    section = problem.section
    regions, industries = len(problem.regions), len(problem.industries)
    wanted = int(core_limits(problem)[0].sum())
    places = industries * section.clusters_per_industry * min(section.maximum_regions, regions)
    if wanted <= places:
        return []
    return [
        _issue(
            "plan_places_short",
            "clusters_per_industry",
            wanted=wanted,
            regions=regions,
            minimum=section.minimum_core,
            places=places,
            industries=industries,
            clusters=section.clusters_per_industry,
            largest=section.maximum_regions,
        )
    ]


def _clusters_needed(problem: Problem, eligibility: Eligibility, industry: int) -> tuple[int, int]:
    """Required regions of an industry, and the least number of clusters that can hold them."""
    code = problem.industries[industry]
    wanted = [
        problem.regions.index(r)
        for r, i in dict.fromkeys(problem.section.required)
        if i == code and r in problem.regions
    ]
    if not wanted:
        return 0, 0
    able = np.nonzero(eligibility.eligible[:, industry])[0]
    label = connected_components(problem.neighbours[np.ix_(able, able)])
    position = {int(region): int(part) for region, part in zip(able, label, strict=True)}
    parts = Counter(position[region] for region in wanted if region in position)
    largest = problem.section.maximum_regions
    return len(wanted), sum(-(-count // largest) for count in parts.values())


def _check_required_clusters(problem: Problem, eligibility: Eligibility) -> list[Issue]:
    issues = []
    limit = problem.section.clusters_per_industry
    for i, industry in enumerate(problem.industries):
        required, needed = _clusters_needed(problem, eligibility, i)
        if needed > limit:
            issues.append(
                _issue(
                    "plan_required_clusters",
                    "required",
                    industry=industry,
                    required=required,
                    needed=needed,
                    limit=limit,
                )
            )
    return issues


def check_before_solve(problem: Problem, eligibility: Eligibility) -> list[Issue]:
    """Return every necessary condition that the study breaks; empty when none is."""
    pairs = [*_check_pairs(problem), *_check_limits(problem), *_check_order(problem)]
    rest = [*_check_counts(problem, eligibility), *_check_places(problem)]
    return [*pairs, *rest, *_check_required_clusters(problem, eligibility)]


def _elastic(programme: Programme) -> tuple[Programme, list[int]]:
    """Add a slack of cost one to each relaxable row and drop the old objective."""
    soft = [row for row, group in enumerate(programme.groups) if group in RELAXABLE]
    sign = [1.0 if np.isfinite(programme.row_lower[row]) else -1.0 for row in soft]
    rows, columns = programme.matrix.shape
    slack = sparse.csr_array((sign, (soft, np.arange(len(soft)))), shape=(rows, len(soft)))
    count = len(soft)
    # Without the continuous part: adding nothing is always allowed, so it cannot conflict.
    upper = programme.upper.copy()
    upper[~programme.integral] = 0.0
    relaxed = replace(
        programme,
        objective=np.concatenate([np.zeros(columns), -np.ones(count)]),
        lower=np.concatenate([programme.lower, np.zeros(count)]),
        upper=np.concatenate([upper, np.full(count, np.inf)]),
        integral=np.concatenate([programme.integral, np.ones(count, dtype=np.bool_)]),
        matrix=sparse.csr_array(sparse.hstack([programme.matrix, slack])),
    )
    return relaxed, soft


def explain_infeasible(
    programme: Programme, *, seed: int = 0, time_limit: float = 60.0
) -> list[Issue]:
    """Return which settings conflict, then the rows that must give, and by how much.

    First an irreducible conflict, then the smallest total relaxation. There may be other conflicts
    and other relaxations of the same size; these are one of each. Demand ceilings and
    investment caps never conflict, because a plan may add nothing.
    """
    relaxed, soft = _elastic(programme)
    solution = solve_programme(relaxed, seed=seed, time_limit=time_limit, gap=0.0)
    if not solution.has_plan:
        return [_issue("plan_infeasible", "minimum_core")]
    slack = solution.values[-len(soft) :] if soft else np.zeros(0)
    rows = find_conflict(programme, seed=seed, time_limit=time_limit / 2.0)
    issues = []
    if rows:
        params = {"rows": say_rows(programme, rows)}
        issues.append(Issue("plan_conflict", Place(label="plan"), params))
    for row, amount in zip(soft, slack, strict=True):
        if amount < 0.5:
            continue
        group, name = programme.groups[row], programme.row_names[row]
        bounds = (programme.row_lower[row], programme.row_upper[row])
        limit = bounds[0] if np.isfinite(bounds[0]) else bounds[1]
        issues.append(
            Issue(
                code=f"plan_infeasible_{group}",
                place=Place(label=name),
                params={
                    "subject": name[len(group) + 1 : -1].replace(",", ", "),
                    "limit": f"{limit:.0f}",
                    "amount": f"{amount:.0f}",
                },
            )
        )
    return issues or [_issue("plan_infeasible", "minimum_core")]
