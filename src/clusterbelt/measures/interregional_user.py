"""Inter-regional tables that the user brings, and flows by product as a prior.

A whole table says for every flow which region sells which product to which industry or category
of final demand of which region, with ``abroad`` for imports and exports. Output and value added
come from the belt's activity table and are checked against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.trade_margins import ThroughTrade
from clusterbelt.measures.interregional_accounts import (
    Accounts,
    cells_issue,
    check_accounts_values,
    join_table,
)
from clusterbelt.measures.interregional_estimate import (
    Cleaned,
    Estimate,
    Margins,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import FINAL_DEMAND, VALUE_ADDED_PARTS

__all__ = ["ABROAD", "known_flows", "read_user_accounts", "user_estimate"]

Array = NDArray[np.float64]

ABROAD: Final = "abroad"


def known_flows(
    belt: Belt, year: int, regions: Sequence[str], industries: Sequence[str]
) -> Array | None:
    """Return the belt's own flows by product (N, R, R), summed over buyers; None without any.

    A product without a flow between two regions is NaN: it takes the gravity prior.
    """
    rows = belt.interregional_flows
    if rows is None:
        return None
    rows = rows[rows["year"] == year]
    inside = rows["region_from"].isin(regions) & rows["region_to"].isin(regions)
    rows = rows[inside & (rows["region_from"] != rows["region_to"])]
    if rows.empty:
        return None
    found = np.zeros((len(industries), len(regions), len(regions)))
    np.add.at(found, _at(rows, regions, industries), rows["value"].to_numpy())
    found[~(found != 0.0).any(axis=(1, 2))] = np.nan
    return found


def _at(
    rows: pd.DataFrame, regions: Sequence[str], industries: Sequence[str]
) -> tuple[NDArray[np.int64], ...]:
    place = {code: at for at, code in enumerate(regions)}
    product = {code: at for at, code in enumerate(industries)}
    columns = (("industry_from", product), ("region_from", place), ("region_to", place))
    return tuple(np.asarray(rows[name].map(order), dtype=np.int64) for name, order in columns)


def user_estimate(belt: Belt, year: int) -> Estimate:
    """Return the user's table as an estimate without repairs.

    Raises
    ------
    InputError
        With everything wrong: no table of the year, unknown buyers, a region without flows, a
        table that misses the outputs, mixed units, negative intermediate flows.
    """
    accounts, flows = read_user_accounts(belt, year)
    off = np.zeros_like(accounts.output)
    through = ThroughTrade(
        accounts.exports, accounts.imports, accounts.outflow, accounts.inflow, off, off, off, off
    )
    supply = np.maximum(accounts.output - accounts.residual - accounts.exports, 0.0)
    demand = np.maximum(accounts.use - accounts.imports, 0.0)
    never = np.zeros(off.shape, dtype=bool)
    margins = Margins(
        accounts.outflow, accounts.inflow, off, off, accounts.outflow, accounts.inflow, off,
        accounts.outflow, accounts.inflow,
    )  # fmt: skip
    table = join_table(
        accounts,
        flows,
        imports=accounts.imports.T,
        exports=accounts.exports.T,
        discrepancy=(accounts.output - flows.sum(axis=2) - accounts.exports).T,
        rules={"prior": "user_table", "sourcing": "proportional"},
    )
    columns = ["region", "industry", "variable", "rule", "before", "after", "change"]
    cleaned = Cleaned(through, supply, demand, never, never)
    return Estimate(table, pd.DataFrame(columns=columns), accounts, cleaned, margins, 0)


def read_user_accounts(belt: Belt, year: int) -> tuple[Accounts, Array]:
    """Return the accounts of the user's table and its flows (N, R, R), own region included.

    Raises
    ------
    InputError
        As :func:`user_estimate`.
    """
    rows = belt.interregional_flows
    rows = rows[rows["year"] == year] if rows is not None else None
    if rows is None or rows.empty:
        place = Place(file="interregional_flows", label=str(year))
        raise InputError([Issue("interregional_no_flows", place, {"year": str(year)})])
    regions = tuple(str(code) for code in belt.regions.index)
    industries = tuple(str(code) for code in belt.industries.index)
    issues = _row_issues(rows, regions, industries, year)
    output, added, parts, gaps = _activity(belt, year, regions, industries)
    if issues or gaps:
        raise InputError([*issues, *gaps])
    cube = _cube(rows, regions, industries)  # (R + 1, N, R + 1, N + K + 1), abroad last
    n, r = len(industries), len(regions)
    flows = cube[:r, :, :r].sum(axis=3).transpose(1, 0, 2)
    used = cube[:, :, :r].sum(axis=0).transpose(1, 0, 2)  # buyer, product, use; all sources
    own = np.einsum("irr->ir", flows)
    accounts = Accounts(
        year=year,
        classification=belt.classification,
        money_unit=belt.money_unit,
        regions=regions,
        industries=industries,
        categories=FINAL_DEMAND,
        value_added_parts=parts,
        intermediate=used[:, :, :n],
        final=used[:, :, n : n + len(FINAL_DEMAND)],
        value_added=added,
        output=output,
        exports=cube[:r, :, r].sum(axis=2).T,
        imports=cube[r, :, :r].sum(axis=2),
        outflow=flows.sum(axis=2) - own,
        inflow=flows.sum(axis=1) - own,
        distance=_distance(belt, regions),
        materials=belt.industries["materials"].to_numpy(dtype=bool),
        fingerprint=belt.fingerprint,
    )
    problems = check_accounts_values(accounts)
    below = flows.sum(axis=1) < -1e-9 * np.abs(accounts.use)
    if below.any():  # stocks drawn down by more than all other use
        problems.append(
            cells_issue("use_below_zero", below, industries, regions, flows.sum(axis=1))
        )
    if problems:
        raise InputError(problems)
    return accounts, flows


def _distance(belt: Belt, regions: Sequence[str]) -> Array:
    if belt.distance_km is None:
        return np.full((len(regions), len(regions)), np.nan)
    return belt.distance_km.loc[list(regions), list(regions)].to_numpy(dtype=np.float64)


def _row_issues(
    rows: pd.DataFrame, regions: Sequence[str], industries: Sequence[str], year: int
) -> list[Issue]:
    issues = []
    bought = rows["industry_to"].isin(industries) | (rows["region_to"] == ABROAD)
    negative = rows[bought & (rows["value"] < 0.0)].sort_values("value", kind="stable")
    if len(negative):
        columns = ["region_from", "industry_from", "region_to", "industry_to"]
        labels = [" / ".join(row) for row in negative[columns].head(6).itertuples(index=False)]
        params = {
            "labels": first_labels(labels),
            "count": str(len(negative)),
            "worst": f"{-float(negative['value'].iloc[0]):.4g}",
        }
        issues.append(Issue("interregional_negative_use", Place(label=labels[0]), params))
    unsaid = rows[(rows["industry_to"] == "") & (rows["region_to"] != ABROAD)]
    if len(unsaid):
        first = unsaid.head(5)
        labels = (first["region_from"] + " / " + first["industry_from"]).tolist()
        params = {"count": str(len(unsaid)), "labels": first_labels(labels)}
        issues.append(Issue("interregional_no_buyers", Place(label=labels[0]), params))
    seen = set(rows["region_from"]) & set(rows["region_to"])
    lost = [code for code in regions if code not in seen]
    if lost:
        params = {"labels": first_labels(lost), "year": str(year)}
        place = Place(file="interregional_flows", label=lost[0])
        issues.append(Issue("interregional_region_missing", place, params))
    return issues


def _activity(
    belt: Belt, year: int, regions: Sequence[str], industries: Sequence[str]
) -> tuple[Array, Array, tuple[str, ...], list[Issue]]:
    """Output (N, R), value added (R, P, N), its parts and what is missing of them."""
    names = {str(name) for name in belt.activity["variable"].values}
    parts = VALUE_ADDED_PARTS if set(VALUE_ADDED_PARTS) <= names else ("value_added",)
    lacking = [name for name in ("output", *parts) if name not in names]
    n, r = len(industries), len(regions)
    empty = np.zeros((n, r)), np.zeros((r, len(parts), n)), parts
    place = Place(file="activity", label=str(year))
    if lacking:
        params = {"labels": first_labels(lacking)}
        return *empty, [Issue("interregional_variables", place, params)]
    known = [int(one) for one in belt.activity["year"].values]
    if year not in known:
        params = {"table": "activity", "known": first_labels(known)}
        return *empty, [Issue("interregional_year", place, params)]
    cube = belt.activity.sel(year=year, region=list(regions), industry=list(industries))
    cube = cube.sel(variable=["output", *parts]).transpose("variable", "region", "industry")
    values = np.asarray(cube.values, dtype=np.float64)
    gap = np.isnan(values)
    if gap.any():
        at = np.argwhere(gap)
        labels = [f"{regions[int(k)]} / {industries[int(j)]}" for _, k, j in at]
        params = {
            "labels": first_labels(labels),
            "count": str(len(labels)),
            "variable": "output, value_added",
        }
        return *empty, [Issue("interregional_gaps", Place(label=labels[0]), params)]
    return values[0].T, values[1:].transpose(1, 0, 2), parts, []


def _cube(rows: pd.DataFrame, regions: Sequence[str], industries: Sequence[str]) -> Array:
    uses = (*industries, *FINAL_DEMAND, "")
    places = (*regions, ABROAD)
    cube = np.zeros((len(places), len(industries), len(places), len(uses)))
    use = {code: at for at, code in enumerate(uses)}
    product, seller, buyer = _at(rows, places, industries)
    buying = np.asarray(rows["industry_to"].map(use), dtype=np.int64)
    np.add.at(cube, (seller, product, buyer, buying), rows["value"].to_numpy())
    return cube
