"""The analysis of the inter-regional model as tables of results, and what it cannot say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.core.errors import first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.measures.demand_regional import groups_of
from clusterbelt.measures.interregional_analysis import (
    Groups,
    extraction_frame,
    linkage_frame,
    multiplier_frame,
    reach_effect_frame,
    value_added_frame,
    value_added_group_frame,
)
from clusterbelt.measures.interregional_change import FACTORS, change_frame
from clusterbelt.measures.interregional_model import InterregionalModel, model_gaps, output_of
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["analyse_model", "change_result"]

Array = NDArray[np.float64]
_INCOME = "compensation"
_CO2 = "co2"
_EMPLOYMENT = "employment"
_NOT_IN_MONEY = {_CO2: "t", _EMPLOYMENT: "persons"}


def analyse_model(belt: Belt, model: InterregionalModel) -> Result:
    """Return multipliers, linkages, value added in trade, extraction and effects of reaches.

    Employment multipliers need employment by region and industry; where the belt has none, a
    message says so.
    """
    table = model.table
    groups = groups_of(belt, table)
    effects, messages = _effects(belt, model)
    gaps = model_gaps(model)
    advanced = belt.industries["advanced"] | belt.industries["materials"]
    compared = [one for one in table.industries if bool(advanced.at[one])]
    money = table.money_unit
    multiplier = multiplier_frame(model, groups, effects)
    per_unit = {
        name: f"{_NOT_IN_MONEY[name]} / {money}" if name in _NOT_IN_MONEY else "1"
        for name in multiplier.columns[2:]
    }
    traded = {"value_added": money, "share": "1"}
    lost = ("output", "output_lost_belt", "output_lost_rest", "value_added_lost")
    tables = [
        ResultTable("multipliers", multiplier, "C", per_unit),
        ResultTable("linkages", linkage_frame(model, groups), "C"),
        ResultTable("value_added_trade", value_added_frame(model, groups), "C", traded),
        ResultTable(
            "value_added_reaches",
            value_added_group_frame(model, groups),
            "C",
            traded | {"balance": money},
        ),
        ResultTable(
            "extraction",
            extraction_frame(model, groups, compared),
            "C",
            dict.fromkeys(lost, money) | {"loss_per_output": "1"},
        ),
        ResultTable(
            "reach_effects",
            reach_effect_frame(model, groups),
            "C",
            {"final_demand": money, "output": money, "per_demand": "1"},
        ),
    ]
    messages.append(_unbalanced_message(model, groups, belt))
    values = {f"identity_{name}": ResultValue(gap, "C") for name, gap in gaps.items()}
    return Result("demand", {one.name: one for one in tables}, values, tuple(messages))


def _effects(belt: Belt, model: InterregionalModel) -> tuple[dict[str, Array], list[Message]]:
    """Totals (R, N) of what can be multiplied beside output and value added; what cannot, said."""
    table, messages = model.table, []
    effects: dict[str, Array] = {}
    if _INCOME in table.value_added_parts:
        place = table.value_added_parts.index(_INCOME)
        effects["income"] = table.value_added[:, place]
    for name in (_CO2, _EMPLOYMENT):
        found = _activity(belt, model, name)
        if found is None:
            messages.append(Message(f"demand.no_{name}"))
            continue
        unknown = np.isnan(found)
        idle = (table.output == 0.0) & ~unknown & (found != 0.0)
        if unknown.any() or idle.any():
            messages.append(_partly(name, found, unknown, idle, model))
        effects[name] = np.where(unknown | idle, 0.0, found)
    return effects, messages


def _activity(belt: Belt, model: InterregionalModel, variable: str) -> Array | None:
    table = model.table
    if variable not in belt.activity["variable"].values:
        return None
    cube = belt.activity.sel(year=table.year, variable=variable)
    cube = cube.sel(region=list(table.regions), industry=list(table.industries))
    values = np.asarray(cube.transpose("region", "industry").to_numpy(), dtype=np.float64)
    return None if bool(np.isnan(values).all()) else values


def _partly(
    name: str, found: Array, unknown: NDArray[np.bool_], idle: NDArray[np.bool_],
    model: InterregionalModel,
) -> Message:  # fmt: skip
    output = model.table.output
    absent = np.asarray(unknown.all(axis=0))
    regions = [r for r, row in zip(model.table.regions, unknown, strict=True) if row[~absent].any()]
    industries = [i for i, no in zip(model.table.industries, absent, strict=True) if no]
    params: dict[str, str | float | int] = {
        "regions": first_labels(regions) or "-",
        "industries": first_labels(industries) or "-",
        "share": f"{float(ratio(output[unknown].sum(), output.sum())):.2%}",
        "idle": f"{float(ratio(found[idle].sum(), np.nansum(found))):.2%}",
    }
    return Message(f"demand.{name}_partly", params)


def _unbalanced_message(model: InterregionalModel, groups: Groups, belt: Belt) -> Message:
    """Say how much output the accounts leave without a buyer, or the reverse."""
    table = model.table
    places = groups.places(table.regions)
    off = np.abs(table.discrepancy)
    worst = np.unravel_index(int(off[places].argmax()), off[places].shape)
    return Message(
        "demand.unbalanced",
        {
            "share": f"{float(ratio(off.sum(), table.output.sum())):.1%}",
            "belt_share": f"{float(ratio(off[places].sum(), table.output[places].sum())):.1%}",
            "region": groups.belt[int(worst[0])],
            "industry": table.industries[int(worst[1])],
        },
    )


def change_result(belt: Belt, before: InterregionalModel, after: InterregionalModel) -> Result:
    """Return the decomposition of output change, and how the earlier model foretold it.

    The test of the past: sourcing, technology and each region's demand of the earlier table, with
    every category of final demand growing as it did in the nation. Compared is growth of a
    region's industry beyond that of the industry in the nation, in manufacturing of the belt.
    """
    table = after.table
    groups = groups_of(belt, table)
    frame = change_frame(before, after, list(groups.belt))
    units = dict.fromkeys(("output_from", "output_to", *FACTORS), table.money_unit)
    years = {"year_from": before.table.year, "year_to": table.year}
    values, messages = {}, [Message("demand.current_prices", dict(years))]
    skill = _skill(belt, before, after, groups)
    if np.isfinite(skill):
        values["hindcast_regions_rank_correlation"] = ResultValue(skill, "C")
        params: dict[str, str | float | int] = {**years, "correlation": f"{skill:.2f}"}
        messages.append(Message("demand.hindcast_regions", params))
    return Result(
        "demand",
        {"decomposition": ResultTable("decomposition", frame, "C", units)},
        values,
        tuple(messages),
    )


def _skill(
    belt: Belt, before: InterregionalModel, after: InterregionalModel, groups: Groups
) -> float:
    """Rank correlation of foretold and true growth of regions relative to their industry."""
    old, new = before.table, after.table
    if old.categories != new.categories:
        return float("nan")
    totals = ratio(new.use_final.sum(axis=(0, 1)), old.use_final.sum(axis=(0, 1)))
    use = old.use_final * np.where(np.isfinite(totals) & (totals > 0), totals, 1.0)
    grown = _output_for(before, use.sum(axis=2), float(new.exports.sum() / old.exports.sum()))
    places = groups.places(old.regions)
    goods = belt.industries.loc[list(old.industries), "manufacturing"].to_numpy(bool)
    relative = [
        ratio(ratio(made, old.output), ratio(made.sum(axis=0), old.output.sum(axis=0)))
        for made in (grown, new.output)
    ]
    pairs = np.stack([part[np.ix_(places, np.flatnonzero(goods))].ravel() for part in relative])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    ranks = pd.DataFrame(pairs.T).rank().to_numpy()
    return float(np.corrcoef(ranks.T)[0, 1])


def _output_for(model: InterregionalModel, use: Array, exports: float) -> Array:
    """Return output (R, N) for another final demand (R, N) and exports multiplied."""
    from_use = np.einsum("irs,si->ri", model.shares, use)
    demand = from_use + exports * model.table.exports + model.table.discrepancy
    return output_of(model, demand.ravel()).reshape(model.size)
