"""The inter-regional table as tables of results, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.measures.interregional import domestic_use
from clusterbelt.measures.interregional_draws import interval
from clusterbelt.measures.interregional_estimate import Estimate
from clusterbelt.model.belt import Belt
from clusterbelt.model.interregional import InterregionalTable

__all__ = [
    "ABROAD",
    "ALL",
    "BELT",
    "MANUFACTURING",
    "REST",
    "SOURCES",
    "Groups",
    "conclusions_frame",
    "discrepancy_frame",
    "flows_frame",
    "groups_of",
    "margins_frame",
    "reach_frame",
    "sourcing_frame",
]

Array = NDArray[np.float64]

BELT: Final = "belt"  # the row of all the belt's regions together
REST: Final = "rest"  # the regions outside the belt
ABROAD: Final = "abroad"
ALL: Final = "all"  # the row of all industries together
MANUFACTURING: Final = "manufacturing"  # the row of all manufacturing together
SOURCES: Final = ("own", "belt", "nation", "abroad")


@dataclass(frozen=True)
class Groups:
    """Which region belongs to which reach (or the rest), as positions."""

    names: tuple[str, ...]  # reaches in order, then the rest
    member: Array  # (G, R), 0 or 1
    belt: NDArray[np.bool_]  # (R,)


def groups_of(belt: Belt, regions: Sequence[str]) -> Groups:
    """Return the belt's reaches and the rest as groups of regions."""
    inside = belt.regions.loc[list(regions), "in_belt"].to_numpy(dtype=bool)
    reach = belt.regions.loc[list(regions), "reach"].to_numpy(dtype=object)
    named = [name for name in belt.reaches if bool(((reach == name) & inside).any())]
    rows = [(reach == name) & inside for name in named] + [~inside]
    names = (*named, REST)
    kept = [at for at, row in enumerate(rows) if row.any()]
    member = np.array([rows[at] for at in kept], dtype=np.float64)
    return Groups(tuple(names[at] for at in kept), member, inside)


def flows_frame(table: InterregionalTable, draws: Array) -> pd.DataFrame:
    """Return every flow with its interval: industry, region_from, region_to, value, low, high."""
    low, high = interval(draws)
    n, r = len(table.industries), len(table.regions)
    regions = np.array(table.regions, dtype=object)
    return pd.DataFrame(
        {
            "industry": np.repeat(np.array(table.industries, dtype=object), r * r),
            "region_from": np.tile(np.repeat(regions, r), n),
            "region_to": np.tile(regions, n * r),
            "value": table.flows.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )


def margins_frame(estimate: Estimate, draws: Array) -> pd.DataFrame:
    """Return trade of each region and industry, used beside published, by region."""
    table, accounts = estimate.table, estimate.accounts
    n, r = len(table.industries), len(table.regions)
    own = np.einsum("irr->ri", table.flows)
    sold, bought = table.flows.sum(axis=2).T - own, table.flows.sum(axis=1).T - own
    columns = {
        "output": table.output,
        "use": domestic_use(table),
        "own": own,
        "outflow": sold,
        "inflow": bought,
        "exports": table.exports,
        "imports": table.imports,
        "discrepancy": table.discrepancy,
        "published_outflow": accounts.outflow.T,
        "published_inflow": accounts.inflow.T,
        "published_exports": accounts.exports.T,
        "published_imports": accounts.imports.T,
        "published_discrepancy": accounts.residual.T,
    }
    low, high = interval(np.einsum("dirr->dri", draws))
    columns |= {"own_low": low, "own_high": high}
    frame = pd.DataFrame(
        {
            "region": np.repeat(np.array(table.regions, dtype=object), n),
            "industry": np.tile(np.array(table.industries, dtype=object), r),
        }
    )
    return frame.assign(**{name: values.ravel() for name, values in columns.items()})


def discrepancy_frame(estimate: Estimate) -> pd.DataFrame:
    """Return, by industry, how far the published margins miss each other and what is left over."""
    table, accounts, through = estimate.table, estimate.accounts, estimate.cleaned.through
    own = np.einsum("irr->i", table.flows)
    taken = through.domestic + through.imported + through.exported + through.entrepot
    outflow, inflow = accounts.outflow.sum(axis=1), accounts.inflow.sum(axis=1)
    output, discrepancy = table.output.sum(axis=0), table.discrepancy.sum(axis=0)
    before = np.minimum(accounts.outflow, accounts.inflow)
    lacking = (before <= 0.0) & (accounts.output > 0.0) & (accounts.use > 0.0)
    return pd.DataFrame(
        {
            "industry": list(table.industries),
            "output": output,
            "outflow": outflow,
            "inflow": inflow,
            "outflow_to_inflow": ratio(outflow, inflow),
            "transit": taken.sum(axis=1),
            "transit_cells": estimate.cleaned.passing.sum(axis=1),
            "zero_cells": lacking.sum(axis=1),
            "restored_cells": (estimate.margins.restored > 0.0).sum(axis=1),
            "traded": table.flows.sum(axis=(1, 2)) - own,
            "discrepancy": discrepancy,
            "discrepancy_share": ratio(discrepancy, output),
            "largest_cell_share": _largest(table),
        }
    )


def _largest(table: InterregionalTable) -> Array:
    """Largest discrepancy of a region, relative to the nation's output of the industry."""
    found: Array = ratio(np.abs(table.discrepancy).max(axis=0), table.output.sum(axis=0))
    return found


def _sources(flows: Array, imports: Array, belt: NDArray[np.bool_]) -> Array:
    """Amounts by source (..., 4, N, R) of what each region uses."""
    own = np.einsum("...irr->...ir", flows)
    inside = flows[..., belt, :].sum(axis=-2) - np.where(belt, own, 0.0)
    outside = flows[..., ~belt, :].sum(axis=-2) - np.where(belt, 0.0, own)
    abroad = np.broadcast_to(imports.T, own.shape)
    parts: Array = np.stack([own, inside, outside, abroad], axis=-3)
    return parts


def sourcing_frame(table: InterregionalTable, draws: Array, belt: Belt) -> pd.DataFrame:
    """Return where the belt's regions, and the belt as a whole, buy each product.

    Columns: region (``belt`` for all together), industry, use, and for each source (own province,
    the other provinces of the belt, the rest of the nation, abroad) its share, low and high.
    """
    inside = groups_of(belt, table.regions).belt
    parts = _with_belt(_sources(table.flows, table.imports, inside), inside)
    drawn = _with_belt(_sources(draws, table.imports, inside), inside)
    total = parts.sum(axis=0)  # (N, B + 1)
    shares = ratio(parts, total[None])
    low, high = interval(ratio(drawn, drawn.sum(axis=1, keepdims=True)))
    regions = [code for code, flag in zip(table.regions, inside, strict=True) if flag] + [BELT]
    n = len(table.industries)
    frame = pd.DataFrame(
        {
            "region": np.repeat(np.array(regions, dtype=object), n),
            "industry": np.tile(np.array(table.industries, dtype=object), len(regions)),
            "use": total.T.ravel(),
        }
    )
    for place, source in enumerate(SOURCES):
        frame[source] = shares[place].T.ravel()
        frame[f"{source}_low"] = low[place].T.ravel()
        frame[f"{source}_high"] = high[place].T.ravel()
    return frame


def _with_belt(parts: Array, inside: NDArray[np.bool_]) -> Array:
    kept = parts[..., inside]
    joined: Array = np.concatenate([kept, kept.sum(axis=-1, keepdims=True)], axis=-1)
    return joined


def reach_frame(table: InterregionalTable, draws: Array, belt: Belt) -> pd.DataFrame:
    """Return flows between reaches, the rest of the nation and abroad.

    By industry, for all manufacturing and for all industries together. What a reach sells to
    itself holds the own supply of its regions.
    """
    groups = groups_of(belt, table.regions)
    member = groups.member
    making = belt.industries.loc[list(table.industries), "manufacturing"].to_numpy(dtype=bool)
    value = _summed(_between(table.flows, member), making)
    low, high = interval(_summed(_between(draws, member), making))
    industries = [*table.industries, MANUFACTURING, ALL]
    frames = [
        _reach_rows(industries, groups.names, groups.names, value, low, high),
        *_abroad_rows(table, groups, industries, making),
    ]
    frame = pd.concat(frames, ignore_index=True)
    order = {name: at for at, name in enumerate(industries)}
    frame["order"] = frame["industry"].map(order)
    return frame.sort_values("order", kind="stable", ignore_index=True).drop(columns="order")


def _between(flows: Array, member: Array) -> Array:
    """Flows between groups of regions (..., N, G, G)."""
    found: Array = member @ flows @ member.T
    return found


def _summed(values: Array, making: NDArray[np.bool_]) -> Array:
    """Add the sums over manufacturing and over all industries to (..., N, G, H)."""
    made = values[..., making, :, :].sum(axis=-3, keepdims=True)
    joined: Array = np.concatenate([values, made, values.sum(axis=-3, keepdims=True)], axis=-3)
    return joined


def _reach_rows(
    industries: Sequence[str],
    sellers: Sequence[str],
    buyers: Sequence[str],
    value: Array,
    low: Array,
    high: Array,
) -> pd.DataFrame:
    s, b = len(sellers), len(buyers)
    return pd.DataFrame(
        {
            "industry": np.repeat(np.array(industries, dtype=object), s * b),
            "reach_from": np.tile(np.repeat(np.array(sellers, dtype=object), b), len(industries)),
            "reach_to": np.tile(np.array(buyers, dtype=object), s * len(industries)),
            "value": value.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )


def _abroad_rows(
    table: InterregionalTable,
    groups: Groups,
    industries: Sequence[str],
    making: NDArray[np.bool_],
) -> list[pd.DataFrame]:
    rows = []
    for values, outward in ((table.exports, True), (table.imports, False)):
        amount = _summed((groups.member @ values).T[:, None, :], making)
        sellers = groups.names if outward else (ABROAD,)
        buyers = (ABROAD,) if outward else groups.names
        rows.append(_reach_rows(industries, sellers, buyers, amount, amount, amount))
    return rows


def conclusions_frame(
    table: InterregionalTable, draws: Array, belt: Belt, industries: Sequence[str]
) -> pd.DataFrame:
    """Return what can be concluded, and the share of draws in which it holds.

    For each industry: ``largest_source`` of the belt's demand, and whether the belt sells more to
    the rest of the nation than it buys (``net_seller``: yes or no). For each pair of reaches, over
    the industries named together: which of them sells more to the other (``net_sender``).
    """
    groups = groups_of(belt, table.regions)
    places = [table.industries.index(code) for code in industries]
    rows: list[Mapping[str, object]] = []
    parts = _with_belt(_sources(table.flows, table.imports, groups.belt), groups.belt)[
        :, places, -1
    ]
    drawn = _with_belt(_sources(draws, table.imports, groups.belt), groups.belt)[:, :, places, -1]
    largest, held = parts.argmax(axis=0), drawn.argmax(axis=1)
    net = _net_with_rest(table.flows[places], groups.belt)
    nets = _net_with_rest(draws[:, places], groups.belt)
    for at, code in enumerate(industries):
        rows += [
            _row("largest_source", code, "", SOURCES[largest[at]], held[:, at] == largest[at]),
            _row("net_seller", code, "", "yes" if net[at] > 0 else "no", nets[:, at] * net[at] > 0),
        ]
    value = _between(table.flows[places], groups.member).sum(axis=0)
    values = _between(draws[:, places], groups.member).sum(axis=1)
    for one in range(len(groups.names)):
        for other in range(one + 1, len(groups.names)):
            ahead = value[one, other] > value[other, one]
            sender = groups.names[one if ahead else other]
            kept = (values[:, one, other] > values[:, other, one]) == ahead
            pair = f"{groups.names[one]};{groups.names[other]}"
            rows.append(_row("net_sender", ALL, pair, sender, kept))
    return pd.DataFrame(rows, columns=["conclusion", "industry", "reaches", "finding", "survives"])


def _net_with_rest(flows: Array, belt: NDArray[np.bool_]) -> Array:
    sold = flows[..., belt, :][..., ~belt].sum(axis=(-2, -1))
    bought = flows[..., ~belt, :][..., belt].sum(axis=(-2, -1))
    net: Array = sold - bought
    return net


def _row(
    conclusion: str, industry: str, reaches: str, finding: str, kept: NDArray[np.bool_]
) -> Mapping[str, object]:
    survives = float(kept.mean()) if kept.size else float("nan")
    names = ("conclusion", "industry", "reaches", "finding", "survives")
    return dict(zip(names, (conclusion, industry, reaches, finding, survives), strict=True))
