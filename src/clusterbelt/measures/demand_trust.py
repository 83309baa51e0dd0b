"""How far a demand scenario can be trusted: its own method tried on what is measured."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.measures.demand_checks import CONSTANT
from clusterbelt.measures.demand_path import NationalPath
from clusterbelt.measures.national_model import (
    NationalModel,
    solve_national_model,
    sum_by_industry,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Grade, Message, ResultTable, ResultValue

__all__ = [
    "growth_values",
    "hindcast_messages",
    "hindcast_table",
    "hindcast_values",
    "known_value",
    "measured_message",
    "totals_message",
]


def hindcast_table(
    first: NationalModel, last: NationalModel, path: NationalPath, belt: Belt
) -> ResultTable:
    """The scenario's own method from the base table to the last measured one.

    Category totals of the later table are given; the pattern over industries is what is tested.
    """
    industries = list(path.output.index)
    totals = last.final_demand.sum() / first.final_demand.sum()
    ones = np.ones(len(first.sectors))
    factors = {
        str(name): ones * (1.0 if name == CONSTANT else totals[name])
        for name in map(str, first.final_demand)
    }
    made, _ = solve_national_model(first, factors)
    base = sum_by_industry(first, first.output, industries).to_numpy()
    modelled = sum_by_industry(first, made, industries).to_numpy()
    measured = sum_by_industry(last, last.output, industries).to_numpy()
    frame = pd.DataFrame(
        {
            "industry": industries,
            "manufacturing": belt.industries.loc[industries, "manufacturing"].to_numpy(bool),
            "year_from": first.year,
            "year_to": last.year,
            "output": base,
            "index_modelled": ratio(modelled, base),
            "index_measured": ratio(measured, base),
        }
    )
    units = {"output": belt.money_unit, "index_modelled": "1", "index_measured": "1"}
    return ResultTable("hindcast", frame, "C", units)


def hindcast_values(hindcast: pd.DataFrame) -> dict[str, ResultValue]:
    """Return rank correlation and growth of manufacturing industries, modelled and measured."""
    made = hindcast[hindcast["manufacturing"]]
    ranks = made[["index_modelled", "index_measured"]].rank().to_numpy()
    ranks = ranks - ranks.mean(axis=0)
    spread = float(np.sqrt((ranks**2).sum(axis=0).prod()))
    correlation = float((ranks[:, 0] * ranks[:, 1]).sum()) / spread if spread else float("nan")
    growth = {
        kind: float((made["output"] * made[f"index_{kind}"]).sum() / made["output"].sum() - 1)
        for kind in ("modelled", "measured")
    }
    return {
        "hindcast_rank_correlation": known_value(correlation, "C"),
        "hindcast_manufacturing_growth_modelled": known_value(growth["modelled"], "C"),
        "hindcast_manufacturing_growth_measured": known_value(growth["measured"], "A"),
    }


def known_value(value: float, grade: Grade) -> ResultValue:
    """A single figure; None where it is not known."""
    return ResultValue(value if np.isfinite(value) else None, grade)


def measured_message(models: list[NationalModel], section: DemandSection) -> Message:
    """Say which years are measured and how they were deflated."""
    years = ", ".join(str(model.year) for model in models[1:])
    params = {"years": years, "price_change": f"{section.price_change:.1%}"}
    return Message("demand.measured_years", params)


def hindcast_messages(
    values: Mapping[str, ResultValue], models: list[NationalModel]
) -> list[Message]:
    """Say how well the method foretold the last measured table."""
    figures = [
        values[f"hindcast_{name}"].value
        for name in (
            "rank_correlation",
            "manufacturing_growth_modelled",
            "manufacturing_growth_measured",
        )
    ]
    if None in figures:
        return []
    correlation, modelled, measured = figures
    params: dict[str, str | float | int] = {
        "year_from": models[0].year,
        "year_to": models[-1].year,
        "correlation": f"{correlation:.2f}",
        "modelled": f"{modelled:.1%}",
        "measured": f"{measured:.1%}",
    }
    return [Message("demand.hindcast", params)]


def growth_values(path: NationalPath) -> dict[str, ResultValue]:
    """Yearly growth of national value added up to each scenario year: what the rates imply."""
    years = list(path.value_added.index)
    return {
        f"value_added_growth_{end}": known_value(
            float((path.value_added[end] / path.value_added[start]) ** (1 / (end - start)) - 1),
            "C" if end in path.measured else "D",
        )
        for start, end in pairwise(years)
    }


def totals_message(path: NationalPath, output: pd.DataFrame, belt: Belt, scope: Scope) -> Message:
    """Say how far the regions' sum is from the national table."""
    table = path.output[scope.base_year]
    gap = (output[list(table.index)].sum(skipna=False) / table.where(table != 0)).dropna()
    furthest = str((gap - 1).abs().idxmax())
    total = float(output.to_numpy().sum() / table.sum())
    return Message(
        "demand.regional_totals",
        {
            "year": scope.base_year,
            "total": f"{total:.3f}",
            "industry": furthest,
            "ratio": f"{float(gap.loc[furthest]):.2f}",
        },
    )
