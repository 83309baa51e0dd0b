"""The plan as tables. Rows stand in the order of the belt's tables; codes are strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY_FROM, INDUSTRY_TO, REGION, VARIABLE, YEAR
from clusterbelt.model.result import ResultTable
from clusterbelt.plan.alone import AlonePlans, Belief
from clusterbelt.plan.build import Evidence
from clusterbelt.plan.candidates import Eligibility
from clusterbelt.plan.evaluate import Evaluation
from clusterbelt.plan.fragmentation import Fragmentation
from clusterbelt.plan.problem import FloatArray, PlannedCluster, Problem, capital_output
from clusterbelt.plan.programme import Programme
from clusterbelt.plan.roles import find_lead, find_suppliers

__all__ = [
    "NamedCluster",
    "alone_table",
    "assignment_table",
    "binding_table",
    "cluster_table",
    "fragmentation_table",
    "name_clusters",
    "reach_core_table",
    "readiness_table",
    "supplier_table",
    "trajectory_table",
]

_TIGHT = 1e-6  # a limit binds when at most this share of it is left
# Rows of the programme that a planner set or the data set; the others are bookkeeping.
_LIMITS = (
    "core_minimum",
    "core_maximum",
    "new_per_phase",
    "clusters_industry",
    "clusters_reach",
    "required",
    "forbidden",
    "precedence",
    "demand",
    "investment",
    "attainable",
    "investment_cap",
    "labour",
    "water",
    "co2",
    "supply",
)
# Limits with a price, and their unit; None: the belt's money.
_PRICED: dict[str, str | None] = {
    "demand": None,
    "investment": None,
    "attainable": None,
    "investment_cap": None,
    "supply": None,
    "labour": "persons",
    "water": "m3",
    "co2": "t",
}


@dataclass(frozen=True)
class NamedCluster:
    """A chosen cluster with its name, its lead and its reaches in the belt's order."""

    name: str
    cluster: PlannedCluster
    lead: int
    reaches: tuple[str, ...]


def _letters(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"z{number}"


def name_clusters(
    problem: Problem, clusters: Sequence[PlannedCluster], reaches: Sequence[str]
) -> list[NamedCluster]:
    """Name clusters ``<industry><letter>``, letters by start phase and members."""
    named: list[NamedCluster] = []
    counts: dict[int, int] = {}
    for cluster in clusters:
        number = counts.get(cluster.industry, 0)
        counts[cluster.industry] = number + 1
        touched = {problem.reaches[region] for region in cluster.members}
        named.append(
            NamedCluster(
                f"{problem.industries[cluster.industry]}{_letters(number)}",
                cluster,
                find_lead(problem, cluster),
                tuple(reach for reach in reaches if reach in touched),
            )
        )
    return named


def _codes(problem: Problem, regions: Sequence[int]) -> str:
    return ";".join(problem.regions[region] for region in regions)


def readiness_table(
    belt: Belt, problem: Problem, evidence: Evidence, eligibility: Eligibility
) -> ResultTable:
    """Readiness of every belt region in every manufacturing industry."""
    rows = []
    for region in belt.belt_regions:
        r = evidence.regions.index(region)
        for industry in (str(code) for code in belt.industries.index):
            if industry not in evidence.industries:
                continue
            j = evidence.industries.index(industry)
            planned = industry in problem.industries
            i = problem.industries.index(industry) if planned else 0
            rows.append(
                {
                    "region": region,
                    "industry": industry,
                    "readiness": evidence.readiness.phi[r, j],
                    "location_quotient": evidence.location_quotient[r, j],
                    "eligible": planned and bool(eligibility.eligible[r, i]),
                    "waived": planned and bool(eligibility.waived[r, i]),
                    "grade": evidence.readiness.grade,
                }
            )
    frame = pd.DataFrame(rows)
    units = {"readiness": "1", "location_quotient": "1"}
    return ResultTable("readiness", frame, evidence.readiness.grade, units)


def cluster_table(
    problem: Problem, named: Sequence[NamedCluster], plan: Evaluation, money: str
) -> ResultTable:
    """One row per cluster; ``value`` is discounted, outputs are per year in the last phase."""
    rows = []
    for item, value in zip(named, plan.cluster_values, strict=True):
        cluster, members = item.cluster, list(item.cluster.members)
        last = plan.absorbed[members, cluster.industry, -1]
        rows.append(
            {
                "cluster": item.name,
                "industry": problem.industries[cluster.industry],
                "phase": problem.phases[cluster.start],
                "start_phase": cluster.start,
                "reaches": ";".join(item.reaches),
                "members": _codes(problem, members),
                "lead": problem.regions[item.lead],
                "regions": len(members),
                "cross_border": len(members) > 1,
                "cross_reach": len(item.reaches) > 1,
                "value": value,
                "added_output": float(last.sum()),
                "added_value_added": float(problem.ratio[members, cluster.industry] @ last),
                "grade": "D",
            }
        )
    columns = (
        "cluster industry phase start_phase reaches members lead regions cross_border cross_reach "
        "value added_output added_value_added grade"
    )
    yearly = f"{money} / year"
    units = {"value": money, "added_output": yearly, "added_value_added": yearly, "regions": "1"}
    return ResultTable("clusters", pd.DataFrame(rows, columns=columns.split()), "D", units)


def assignment_table(
    problem: Problem, named: Sequence[NamedCluster], plan: Evaluation, money: str
) -> ResultTable:
    """One row per cluster and member, the lead first."""
    rows = []
    for item in named:
        industry = item.cluster.industry
        members = sorted(item.cluster.members, key=lambda region: (region != item.lead, region))
        rows += [
            {
                "cluster": item.name,
                "region": problem.regions[region],
                "reach": problem.reaches[region],
                "industry": problem.industries[industry],
                "role": "lead" if region == item.lead else "partner",
                "phase": problem.phases[item.cluster.start],
                "start_phase": item.cluster.start,
                "readiness": problem.readiness[region, industry],
                "location_quotient": problem.location_quotient[region, industry],
                "baseline_output": problem.baseline[region, industry, -1],
                "added_output": plan.absorbed[region, industry, -1],
                "grade": "D",
            }
            for region in members
        ]
    columns = (
        "cluster region reach industry role phase start_phase readiness location_quotient "
        "baseline_output added_output grade"
    )
    yearly = f"{money} / year"
    units = {
        "readiness": "1",
        "location_quotient": "1",
        "baseline_output": yearly,
        "added_output": yearly,
    }
    return ResultTable("assignments", pd.DataFrame(rows, columns=columns.split()), "D", units)


def trajectory_table(
    problem: Problem, named: Sequence[NamedCluster], plan: Evaluation, money: str
) -> ResultTable:
    """One row per cluster, member and phase, before the start too (zero is zero).

    ``investment`` is the capital built in the whole phase.
    """
    capital = capital_output(problem)
    steps = np.diff(plan.built, axis=2, prepend=0.0)
    rows = [
        {
            "cluster": item.name,
            "region": problem.regions[region],
            "industry": problem.industries[item.cluster.industry],
            "phase": problem.phases[phase],
            "end_year": problem.end_years[phase],
            "added_output": plan.absorbed[region, item.cluster.industry, phase],
            "added_value_added": problem.ratio[region, item.cluster.industry]
            * plan.absorbed[region, item.cluster.industry, phase],
            "investment": capital[item.cluster.industry]
            * steps[region, item.cluster.industry, phase],
            "grade": "D",
        }
        for item in named
        for region in item.cluster.members
        for phase in range(len(problem.phases))
    ]
    columns = (
        "cluster region industry phase end_year added_output added_value_added investment grade"
    )
    yearly = f"{money} / year"
    units = {"added_output": yearly, "added_value_added": yearly, "investment": money}
    return ResultTable("trajectory", pd.DataFrame(rows, columns=columns.split()), "D", units)


def reach_core_table(
    problem: Problem, named: Sequence[NamedCluster], reaches: Sequence[str]
) -> ResultTable:
    """Core industries by reach; a cluster across reaches stands in each it touches.

    ``lead`` and ``partners`` are the whole cluster's, wherever they lie.
    """
    rows = [
        {
            "reach": reach,
            "industry": problem.industries[item.cluster.industry],
            "cluster": item.name,
            "phase": problem.phases[item.cluster.start],
            "lead": problem.regions[item.lead],
            "partners": _codes(problem, [r for r in item.cluster.members if r != item.lead]),
            "grade": "D",
        }
        for reach in reaches
        for item in sorted(named, key=lambda item: (item.cluster.start, item.name))
        if reach in item.reaches
    ]
    columns = ["reach", "industry", "cluster", "phase", "lead", "partners", "grade"]
    return ResultTable("reach_core", pd.DataFrame(rows, columns=columns), "D")


def alone_table(problem: Problem, plans: Sequence[AlonePlans], money: str) -> ResultTable:
    """What every region builds when it plans alone; only its core industries."""
    rows = [
        {
            "belief": plan.belief,
            "region": problem.regions[cluster.members[0]],
            "industry": problem.industries[cluster.industry],
            "phase": problem.phases[phase],
            "end_year": problem.end_years[phase],
            "added_output": plan.added[cluster.members[0], cluster.industry, phase],
            "grade": "D",
        }
        for plan in plans
        for cluster in sorted(plan.clusters, key=lambda c: (c.members, c.industry))
        for phase in range(len(problem.phases))
    ]
    columns = ["belief", "region", "industry", "phase", "end_year", "added_output", "grade"]
    units = {"added_output": f"{money} / year"}
    return ResultTable("alone", pd.DataFrame(rows, columns=columns), "D", units)


def fragmentation_table(
    prices: Mapping[Belief, Fragmentation], money: str, name: str = "fragmentation"
) -> ResultTable:
    """The price of fragmentation under each belief, and its parts in money and as shares."""
    rows = []
    for belief, price in prices.items():
        scale = price.joint_value if price.joint_value > 0 else float("nan")
        rows.append(
            {
                "belief": belief,
                "joint_value": price.joint_value,
                "alone_value": price.alone_value,
                "difference": price.difference,
                "price": price.price,
                "allocation": price.allocation,
                "overcapacity": price.overcapacity,
                "synergy": price.synergy,
                "allocation_share": price.allocation / scale,
                "overcapacity_share": price.overcapacity / scale,
                "synergy_share": price.synergy / scale,
                "price_without_rules": price.price_without_rules,
                "grade": "D",
            }
        )
    names = ("joint_value", "alone_value", "difference", "allocation", "overcapacity", "synergy")
    shares = (
        "price",
        "allocation_share",
        "overcapacity_share",
        "synergy_share",
        "price_without_rules",
    )
    units = dict.fromkeys(names, money) | dict.fromkeys(shares, "1")
    return ResultTable(name, pd.DataFrame(rows), "D", units)


def binding_table(
    programme: Programme, values: FloatArray, shadow: FloatArray, money: str
) -> ResultTable:
    """Limits that the plan exhausts, in the order of the programme.

    ``shadow`` is the value (discounted) of one more unit of the limit with the clusters held as
    chosen, so it is zero for limits on numbers of clusters and not unique where limits coincide.
    """
    used = programme.matrix @ values
    rows = []
    for row, group in enumerate(programme.groups):
        if group not in _LIMITS:
            continue
        lower, upper = float(programme.row_lower[row]), float(programme.row_upper[row])
        limit = upper if np.isfinite(upper) else lower
        if not np.isfinite(limit) or abs(used[row] - limit) > _TIGHT * max(1.0, abs(limit)):
            continue
        rows.append(
            {
                "constraint": group,
                "subject": programme.row_names[row][len(group) + 1 : -1].replace(",", ";"),
                "limit": limit,
                "used": float(used[row]),
                "shadow": float(shadow[row]) if group in _PRICED else float("nan"),
                "unit": (_PRICED[group] or money) if group in _PRICED else "1",
                "grade": "D",
            }
        )
    columns = ["constraint", "subject", "limit", "used", "shadow", "unit", "grade"]
    return ResultTable("binding", pd.DataFrame(rows, columns=columns), "D", {"shadow": "1"})


def supplier_table(
    belt: Belt, problem: Problem, named: Sequence[NamedCluster], year: int
) -> ResultTable | None:
    """Regions beside each cluster that could supply its inputs; None without intermediate flows."""
    flows = belt.intermediate
    if flows is None or year not in flows[YEAR].values:
        return None
    codes = [str(code) for code in belt.industries.index]
    regions = list(problem.regions)
    where = {YEAR: year, REGION: regions, INDUSTRY_FROM: codes, INDUSTRY_TO: codes}
    bought = flows.sel(where).transpose(REGION, INDUSTRY_FROM, INDUSTRY_TO).to_numpy()
    cube = belt.activity.sel({YEAR: year, VARIABLE: "output", REGION: regions})
    output = cube.sel(industry=codes).transpose(REGION, "industry").to_numpy()
    tradable = belt.industries["manufacturing"].to_numpy(dtype=np.bool_)
    rows = []
    for item in named:
        industry = problem.industries[item.cluster.industry]
        found = find_suppliers(
            item.cluster.members,
            codes.index(industry),
            np.asarray(bought, dtype=np.float64),
            np.asarray(output, dtype=np.float64),
            tradable,
            problem.neighbours,
        )
        rows += [
            {
                "cluster": item.name,
                "industry": industry,
                "region": problem.regions[supplier.region],
                "reach": problem.reaches[supplier.region],
                "input_share": supplier.input_share,
                "grade": "C",
            }
            for supplier in found
        ]
    columns = ["cluster", "industry", "region", "reach", "input_share", "grade"]
    frame = pd.DataFrame(rows, columns=columns)
    return ResultTable("suppliers", frame, "C", {"input_share": "1"})
