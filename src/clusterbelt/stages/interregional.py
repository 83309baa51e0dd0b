"""Inter-regional flows: who sells to whom, how far that can be trusted, and what was repaired.

The table itself is not handed on as one object: ``measures.interregional_result`` builds it again
from the tables of this stage and the belt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.config.scope import Scope
from clusterbelt.measures.interregional import identity_gaps
from clusterbelt.measures.interregional_draws import draw_flows
from clusterbelt.measures.interregional_estimate import Estimate
from clusterbelt.measures.interregional_method import (
    earlier_estimate,
    estimate_by_method,
    lacking_tables,
)
from clusterbelt.measures.interregional_tables import (
    conclusions_frame,
    discrepancy_frame,
    flows_frame,
    margins_frame,
    reach_frame,
    sourcing_frame,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

_SEED: Final = 4  # added to the study's seed: draws of their own


def run(
    belt: Belt, results: Mapping[str, Result], section: InterregionalSection, scope: Scope
) -> Result:
    """Return flows between all regions with intervals, sourcing, discrepancy and every repair.

    Raises
    ------
    InputError
        With everything that keeps the regions' tables from being joined.
    """
    if section.method == "none":
        return Result("interregional", messages=(Message("interregional.none"),))
    lacking = lacking_tables(belt, section)
    if lacking:
        params = {"labels": ", ".join(lacking)}
        return Result("interregional", messages=(Message("interregional.lacking", params),))
    estimate, prior = estimate_by_method(belt, scope.base_year, section)
    rng = np.random.default_rng([scope.seed, _SEED])
    fixed = section.method == "user_table"  # nothing was assumed, so nothing is drawn
    section = section.model_copy(update={"draws": 0}) if fixed else section
    drawn = draw_flows(estimate, section, rng, prior)
    making = [str(code) for code in belt.industries.index[belt.industries["manufacturing"]]]
    tables = _tables(belt, estimate, drawn.flows, making)
    values = _values(estimate, section, drawn.iterations)
    earlier = earlier_estimate(belt, scope.earlier_year, section)
    if earlier is not None:
        tables |= _earlier_tables(earlier)
        values["earlier_year"] = ResultValue(earlier.table.year, "A")
    messages = _messages(estimate, section, tables["conclusions"].frame)
    return Result("interregional", tables, values, messages)


def _tables(
    belt: Belt, estimate: Estimate, draws: NDArray[np.float64], making: list[str]
) -> dict[str, ResultTable]:
    money = estimate.table.money_unit
    table = estimate.table
    frames = {
        "discrepancy": discrepancy_frame(estimate),
        "repairs": estimate.repairs,
        "sourcing": sourcing_frame(table, draws, belt),
        "reach_flows": reach_frame(table, draws, belt),
        "flows": flows_frame(table, draws),
        "margins": margins_frame(estimate, draws),
        "conclusions": conclusions_frame(table, draws, belt, making),
    }
    return {
        name: ResultTable(name, frame, "C", _units(frame, money)) for name, frame in frames.items()
    }


def _earlier_tables(earlier: Estimate) -> dict[str, ResultTable]:
    """Flows and margins of the earlier year, estimated alike, without intervals."""
    n, r = earlier.accounts.output.shape
    none = np.zeros((0, n, r, r))
    money = earlier.table.money_unit
    frames = {
        "flows_earlier": flows_frame(earlier.table, none).drop(columns=["low", "high"]),
        "margins_earlier": margins_frame(earlier, none).drop(columns=["own_low", "own_high"]),
        "discrepancy_earlier": discrepancy_frame(earlier),
        "repairs_earlier": earlier.repairs,
    }
    return {
        name: ResultTable(name, frame, "C", _units(frame, money)) for name, frame in frames.items()
    }


def _units(frame: pd.DataFrame, money: str) -> dict[str, str]:
    """Units of the columns with figures: money, unless a share or a count."""
    units = {}
    for name in frame.select_dtypes("number").columns:
        column = str(name)
        plain = column.endswith(("_share", "_cells", "_to_inflow")) or column == "survives"
        source = column.removesuffix("_low").removesuffix("_high") in (
            "own", "belt", "nation", "abroad",
        ) and "abroad" in frame.columns  # fmt: skip
        units[column] = "1" if plain or source else money
    return units


def _values(
    estimate: Estimate, section: InterregionalSection, iterations: int
) -> dict[str, ResultValue]:
    table = estimate.table
    use = float(table.flows.sum() + table.imports.sum())
    own = float(np.einsum("irr->", table.flows))
    left = np.abs(table.discrepancy.sum(axis=0)).sum()
    values = {
        "year": ResultValue(table.year, "A"),
        "method": ResultValue(section.method, "D"),
        "iterations": ResultValue(estimate.iterations, "C"),
        "iterations_draws": ResultValue(iterations, "C"),
        "draws": ResultValue(section.draws, "D"),
        "own_share": ResultValue(own / use, "C"),
        "abroad_share": ResultValue(float(table.imports.sum()) / use, "C"),
        "discrepancy_share": ResultValue(float(left / table.output.sum()), "C"),
    }
    gaps = identity_gaps(table)
    return values | {f"gap_{name}": ResultValue(gap, "C") for name, gap in gaps.items()}


def _messages(
    estimate: Estimate, section: InterregionalSection, conclusions: pd.DataFrame
) -> tuple[Message, ...]:
    repairs, table = estimate.repairs, estimate.table
    cleaned, margins = estimate.cleaned, estimate.margins
    taken = cleaned.through
    transit = float((taken.domestic + taken.imported + taken.exported + taken.entrepot).sum())
    cells = cleaned.passing.size
    left = float(np.abs(table.discrepancy.sum(axis=0)).sum() / table.output.sum())
    found = [
        Message(
            "interregional.transit",
            {
                "cells": int(cleaned.passing.sum()),
                "of": cells,
                "amount": f"{transit:,.0f}",
                "unit": table.money_unit,
            },
        ),
        Message(
            "interregional.restored",
            {"cells": int((margins.restored > 0).sum()), "of": cells},
        ),
        Message(
            "interregional.discrepancy",
            {"share": f"{100 * left:.1f}", "repairs": len(repairs)},
        ),
    ]
    if section.draws:
        kept = conclusions["survives"]
        params = {"draws": section.draws, "kept": int((kept >= 0.9).sum()), "of": len(kept)}
        found.append(Message("interregional.survives", params))
    return tuple(found)
