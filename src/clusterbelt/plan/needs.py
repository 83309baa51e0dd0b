"""What a plan needs and whom it deals with: factors of the added output, inputs, customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY_FROM, INDUSTRY_TO, REGION, YEAR
from clusterbelt.model.result import ResultTable
from clusterbelt.plan.evaluate import Evaluation
from clusterbelt.plan.problem import FloatArray, Problem, ResourceName, capital_output
from clusterbelt.plan.tables import NamedCluster

__all__ = ["chain_table", "needs_table"]

_RESOURCES: Final[tuple[ResourceName, ...]] = ("labour", "water", "co2")
_LISTED: Final = 3  # inputs and customers named per cluster


def needs_table(
    problem: Problem, named: Sequence[NamedCluster], plan: Evaluation, money: str
) -> ResultTable:
    """Capital, labour, water and CO2 of the added output, by cluster, member and phase.

    ``capital`` is what is built in the phase; labour (persons), water (m3) and CO2 (t) are a year's
    at its end: intensity times added output. NaN where the intensity is not known.
    """
    capital = capital_output(problem)
    steps = np.diff(plan.built, axis=2, prepend=0.0)
    unknown = np.full(plan.built.shape, np.nan)
    rows = []
    for item in named:
        i = item.cluster.industry
        for region in item.cluster.members:
            for phase, name in enumerate(problem.phases):
                cell = (region, i, phase)
                row: dict[str, object] = {
                    "cluster": item.name,
                    "region": problem.regions[region],
                    "reach": problem.reaches[region],
                    "industry": problem.industries[i],
                    "phase": name,
                    "end_year": problem.end_years[phase],
                    "added_output": plan.absorbed[cell],
                    "capital": capital[i] * steps[cell],
                }
                for resource in _RESOURCES:
                    intensity = problem.intensities.get(resource, unknown)
                    row[resource] = float(intensity[cell] * plan.built[cell])
                rows.append({**row, "grade": "D"})
    columns = (
        "cluster region reach industry phase end_year added_output capital labour water co2 grade"
    )
    units = {
        "added_output": f"{money} / year",
        "capital": money,
        "labour": "persons",
        "water": "m3 / year",
        "co2": "t / year",
    }
    return ResultTable("needs", pd.DataFrame(rows, columns=columns.split()), "D", units)


def _largest(codes: Sequence[str], shares: FloatArray) -> list[tuple[str, float]]:
    order = np.argsort(-shares, kind="stable")[:_LISTED]
    return [(codes[at], float(shares[at])) for at in order if shares[at] > 0.0]


def chain_table(
    belt: Belt, problem: Problem, named: Sequence[NamedCluster], year: int
) -> ResultTable | None:
    """Largest inputs and customers of every cluster among the industries of the belt's tables.

    ``input``: share of an industry in what the members' industry buys from all others, in the
    members' own tables. ``customer``: share of an industry in what all other industries of the
    belt's regions buy of the cluster's industry, wherever it was made. ``in_plan``: the industry
    is core in some cluster. Measured for industries, not for firms of the cluster: grade B. None
    without intermediate flows of the year.
    """
    flows = belt.intermediate
    if flows is None or year not in flows[YEAR].values:
        return None
    codes = [str(code) for code in belt.industries.index]
    where = {YEAR: year, REGION: list(problem.regions), INDUSTRY_FROM: codes, INDUSTRY_TO: codes}
    table = flows.sel(where).transpose(REGION, INDUSTRY_FROM, INDUSTRY_TO).to_numpy()
    table = np.nan_to_num(np.asarray(table, dtype=np.float64))
    core = {problem.industries[item.cluster.industry] for item in named}
    rows = []
    for item in named:
        code = problem.industries[item.cluster.industry]
        own = codes.index(code)
        bought = table[list(item.cluster.members), :, own].sum(axis=0)
        sold = table[:, own, :].sum(axis=0)
        for kind, values in (("input", bought), ("customer", sold)):
            others = np.where(np.arange(len(codes)) == own, 0.0, values)
            total = float(others.sum())
            if total <= 0.0:
                continue
            for partner, share in _largest(codes, others / total):
                rows.append(
                    {
                        "cluster": item.name,
                        "industry": code,
                        "kind": kind,
                        "partner": partner,
                        "share": share,
                        "in_plan": partner in core,
                        "grade": "B",
                    }
                )
    columns = ["cluster", "industry", "kind", "partner", "share", "in_plan", "grade"]
    return ResultTable("chains", pd.DataFrame(rows, columns=columns), "B", {"share": "1"})
