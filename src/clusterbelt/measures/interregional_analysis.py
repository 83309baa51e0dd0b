"""What an inter-regional model says: multipliers, linkages, value added in trade, extraction.

Everything rests on one factorisation of the model; no inverse is formed. Results are grade C: the
accounts are measured, who sells to whom is estimated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.input_output_interregional import (
    extraction_loss,
    ghosh_row_sums,
    group_effects,
    solve_leontief,
)
from clusterbelt.measures.interregional_model import (
    InterregionalModel,
    final_demand_by_buyer,
    output_of,
    per_output,
)

__all__ = [
    "ABROAD",
    "REST",
    "UNBALANCED",
    "Groups",
    "extraction_frame",
    "linkage_frame",
    "multiplier_frame",
    "reach_effect_frame",
    "value_added_frame",
    "value_added_group_frame",
]

Array = NDArray[np.float64]
REST = "rest"  # regions outside the belt
ABROAD = "abroad"
UNBALANCED = "unbalanced"  # what the source does not balance


@dataclass(frozen=True)
class Groups:
    """Which regions of the table are looked at, and the group of each region."""

    belt: tuple[str, ...]
    of: Mapping[str, str]  # region of the table -> reach, or REST

    def places(self, regions: Sequence[str]) -> NDArray[np.intp]:
        """Return the places of the belt's regions in the table."""
        return np.array([regions.index(region) for region in self.belt], dtype=np.intp)

    def names(self, regions: Sequence[str]) -> list[str]:
        """Return the groups in the order of the table's regions, the rest last."""
        found = dict.fromkeys(self.of[region] for region in regions)
        return [*(name for name in found if name != REST), *([REST] if REST in found else [])]


def _sectors(model: InterregionalModel, belt: Sequence[str]) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product(
        [list(belt), list(model.table.industries)], names=["region", "industry"]
    )
    return rows.to_frame(index=False)


def multiplier_frame(
    model: InterregionalModel, groups: Groups, effects: Mapping[str, Array]
) -> pd.DataFrame:
    """Return multipliers by region and industry of the belt.

    Per unit of final demand for the product of that region: ``output`` in the nation, and of it
    ``output_own`` in the region and ``output_belt`` in the belt (with the region);
    ``value_added`` likewise; ``imports``, the inputs bought abroad by all suppliers, which with
    value added makes one; and one column for each of ``effects``, given as totals (R, N).
    Industries without output in a region have NaN.
    """
    table = model.table
    regions, industries = model.size
    places = groups.places(table.regions)
    added = per_output(model, table.value_added.sum(axis=1))
    foreign = np.einsum("is,sij->sj", 1.0 - model.shares.sum(axis=1), model.coefficients)
    where = np.repeat(np.eye(regions), industries, axis=0)  # sector -> its region
    asked = [where, where * added.ravel()[:, None], foreign.ravel()[:, None]]
    asked += [per_output(model, total).ravel()[:, None] for total in effects.values()]
    answers = solve_leontief(model.factors, np.hstack(asked), transposed=True)
    answers = np.where(table.output.ravel()[:, None] > 0, answers, np.nan)
    answers = answers.reshape(regions, industries, -1)[places]
    frame = _sectors(model, groups.belt)
    own = np.arange(len(places))
    for number, name in enumerate(("output", "value_added")):
        part = answers[:, :, number * regions : (number + 1) * regions]
        frame[name] = part.sum(axis=2).ravel()
        frame[f"{name}_own"] = part[own, :, places].ravel()
        frame[f"{name}_belt"] = part[:, :, places].sum(axis=2).ravel()
    for number, name in enumerate(("imports", *effects)):
        frame[name] = answers[:, :, 2 * regions + number].ravel()
    return frame


def linkage_frame(model: InterregionalModel, groups: Groups) -> pd.DataFrame:
    """Return backward and forward linkages of the belt's sectors, as such and with mean one.

    ``backward``: column sums of L (Rasmussen); ``forward``: row sums of the Ghosh inverse;
    ``dispersion`` and ``forward_normalised``: each over its mean over all active sectors of all
    regions; ``direct_backward`` and ``direct_forward``: the first step only (Chenery and
    Watanabe); ``key``: both normalised linkages above one.
    """
    output = model.table.output.ravel()
    active = output > 0
    ones = np.ones(len(output))
    values = {
        "backward": solve_leontief(model.factors, ones, transposed=True),
        "forward": ghosh_row_sums(model.factors, output),
        "direct_backward": model.matrix.sum(axis=0),
        "direct_forward": ratio(model.matrix @ output, output),
    }
    values = {name: np.where(active, part, np.nan) for name, part in values.items()}
    values["dispersion"] = values["backward"] / np.nanmean(values["backward"])
    values["forward_normalised"] = values["forward"] / np.nanmean(values["forward"])
    shape, places = model.size, groups.places(model.table.regions)
    frame = _sectors(model, groups.belt)
    for name, part in values.items():
        frame[name] = part.reshape(shape)[places].ravel()
    frame["key"] = (frame["dispersion"] > 1.0) & (frame["forward_normalised"] > 1.0)
    return frame


def _value_added_by_consumer(model: InterregionalModel) -> Array:
    """Value added of every region in the final demand of each region, abroad, unbalanced."""
    regions, industries = model.size
    added = per_output(model, model.table.value_added.sum(axis=1)).ravel()
    made = output_of(model, final_demand_by_buyer(model)) * added[:, None]
    summed: Array = made.reshape(regions, industries, -1).sum(axis=1)
    return summed


def value_added_frame(model: InterregionalModel, groups: Groups) -> pd.DataFrame:
    """Return whose demand the value added of each region of the belt serves, by consumer.

    Consumers are the belt's regions one by one, the regions outside it together (``rest``),
    abroad and what the source does not balance. Shares are of the producer's value added and add
    to one.
    """
    table = model.table
    places = groups.places(table.regions)
    by_consumer = _value_added_by_consumer(model)[places]
    outside = np.setdiff1d(np.arange(len(table.regions)), places)
    columns = [*groups.belt, REST, ABROAD, UNBALANCED]
    values = np.column_stack(
        [by_consumer[:, places], by_consumer[:, outside].sum(axis=1), by_consumer[:, -2:]]
    )
    rows = pd.MultiIndex.from_product(
        [list(groups.belt), columns], names=["region_from", "consumer"]
    )
    frame = rows.to_frame(index=False)
    frame["value_added"] = values.ravel()
    frame["share"] = ratio(values, values.sum(axis=1, keepdims=True)).ravel()
    return frame


def value_added_group_frame(model: InterregionalModel, groups: Groups) -> pd.DataFrame:
    """Return the same between groups: reaches, the rest of the nation, abroad, unbalanced.

    Rows are producers (groups), with ``balance`` the value added a group sells to another one
    less what it buys from it; NaN for abroad, whose value added the table does not know.
    """
    table = model.table
    names = groups.names(table.regions)
    member = np.array([[groups.of[region] == name for region in table.regions] for name in names])
    by_consumer = _value_added_by_consumer(model)
    inside = member @ by_consumer[:, : len(table.regions)] @ member.T
    values = np.column_stack([inside, member @ by_consumer[:, -2:]])
    balance = np.column_stack([inside - inside.T, np.full((len(names), 2), np.nan)])
    rows = pd.MultiIndex.from_product(
        [names, [*names, ABROAD, UNBALANCED]], names=["group_from", "group_to"]
    )
    frame = rows.to_frame(index=False)
    frame["value_added"] = values.ravel()
    frame["share"] = ratio(values, values.sum(axis=1, keepdims=True)).ravel()
    frame["balance"] = balance.ravel()
    return frame


def extraction_frame(
    model: InterregionalModel, groups: Groups, industries: Sequence[str]
) -> pd.DataFrame:
    """Return what others lose when a region, or an industry in all of the belt, stops.

    ``kind`` region or industry; output of the extracted sectors, output lost in other sectors of
    the belt and outside it, value added lost in other sectors, and ``loss_per_output``: output
    lost elsewhere per unit extracted.
    """
    table = model.table
    regions, count = model.size
    places = groups.places(table.regions)
    added = per_output(model, table.value_added.sum(axis=1)).ravel()
    in_belt = np.repeat(np.isin(np.arange(regions), places), count)
    cells = np.arange(regions * count).reshape(regions, count)
    cuts = [("region", code, cells[place]) for code, place in zip(groups.belt, places, strict=True)]
    cuts += [("industry", code, cells[places, table.industries.index(code)]) for code in industries]
    output = table.output.ravel()
    rows = []
    for kind, subject, cut in cuts:
        made = cut[output[cut] > 0]  # a sector without output has nothing to extract
        loss = extraction_loss(model.factors, output, made)
        own = float(loss[made].sum())
        loss[made] = 0.0
        rows.append(
            {
                "kind": kind,
                "subject": subject,
                "output": own,
                "output_lost_belt": float(loss[in_belt].sum()),
                "output_lost_rest": float(loss[~in_belt].sum()),
                "value_added_lost": float((loss * added).sum()),
                "loss_per_output": float(ratio(loss.sum(), own)),
            }
        )
    return pd.DataFrame(rows)


def reach_effect_frame(model: InterregionalModel, groups: Groups) -> pd.DataFrame:
    """Return what the final demand for each group's products does inside it and elsewhere.

    ``effect``: ``own`` (as if the group stood alone), ``feedback`` (through others and back), and
    ``spillover`` to each other group; ``per_demand`` is per unit of that final demand.
    """
    table = model.table
    names = groups.names(table.regions)
    number = {name: place for place, name in enumerate(names)}
    of = np.repeat([number[groups.of[region]] for region in table.regions], model.size[1])
    demand = final_demand_by_buyer(model).sum(axis=1)
    effects = group_effects(model.matrix, model.factors, demand, of)
    rows = []
    for place, name in enumerate(names):
        base = float(demand[of == place].sum())
        parts = [(name, "own", effects.own[place]), (name, "feedback", effects.feedback[place])]
        parts += [
            (other, "spillover", effects.spillover[place, number[other]])
            for other in names
            if other != name
        ]
        rows += [
            {
                "group": name,
                "receiver": receiver,
                "effect": effect,
                "final_demand": base,
                "output": float(output),
                "per_demand": float(ratio(output, base)),
            }
            for receiver, effect, output in parts
        ]
    return pd.DataFrame(rows)
