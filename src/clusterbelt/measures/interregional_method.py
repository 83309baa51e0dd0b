"""Which road leads to the inter-regional table, and the table again from a stage's results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.core.errors import InternalError
from clusterbelt.measures.interregional_accounts import Accounts, join_table, read_accounts
from clusterbelt.measures.interregional_estimate import (
    Estimate,
    estimate_accounts,
)
from clusterbelt.measures.interregional_regionalised import regionalised_accounts
from clusterbelt.measures.interregional_user import known_flows, read_user_accounts, user_estimate
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import FINAL_DEMAND
from clusterbelt.model.interregional import InterregionalTable
from clusterbelt.model.result import Result

__all__ = [
    "earlier_estimate",
    "estimate_by_method",
    "interregional_from_result",
    "lacking_tables",
]

Array = NDArray[np.float64]


_TRADE: Final = ("exports", "imports", "outflow", "inflow")


def lacking_tables(belt: Belt, section: InterregionalSection) -> list[str]:
    """Return which whole tables or variables the belt lacks for the study's method."""
    names = {str(name) for name in belt.activity["variable"].values}
    needs_distance = section.method != "user_table" and belt.distance_km is None
    lacking = ["distance"] if needs_distance else []
    if section.method == "provincial_tables":
        lacking += [] if belt.intermediate is not None else ["intermediate"]
        lacking += [name for name in (*FINAL_DEMAND, *_TRADE) if name not in names]
    return lacking


def earlier_estimate(
    belt: Belt, year: int | None, section: InterregionalSection
) -> Estimate | None:
    """Return the estimate of an earlier year, or None where the belt has no tables of it.

    Raises
    ------
    InputError
        If there are tables and they cannot be joined.
    """
    if year is None or section.method != "provincial_tables" or belt.intermediate is None:
        return None
    if year not in belt.intermediate["year"].values or year not in belt.activity["year"].values:
        return None
    trade = belt.activity.sel(year=year, variable=list(_TRADE))
    if bool(trade.isnull().all()):
        return None
    accounts = read_accounts(belt, year)
    known = known_flows(belt, year, accounts.regions, accounts.industries)
    return estimate_accounts(accounts, section, known)


def estimate_by_method(
    belt: Belt, year: int, section: InterregionalSection
) -> tuple[Estimate, Array | None]:
    """Return the estimate by the study's method, and the known flows (N, R, R) it rests on.

    Raises
    ------
    InputError
        With everything the method lacks.
    """
    if section.method == "user_table":
        return user_estimate(belt, year), None
    if section.method == "regionalised":
        accounts = regionalised_accounts(belt, year, section)
        # Location quotients leave little cross-hauling on purpose: nothing is put back.
        plain = section.model_copy(update={"restore_cross_hauling": False})
        return estimate_accounts(accounts, plain), None
    accounts = read_accounts(belt, year)
    known = known_flows(belt, year, accounts.regions, accounts.industries)
    return estimate_accounts(accounts, section, known), known


def interregional_from_result(
    belt: Belt,
    result: Result,
    section: InterregionalSection | None = None,
    *,
    earlier: bool = False,
) -> InterregionalTable | None:
    """Return the table of a finished stage ``interregional`` without a second estimation.

    Flows and trade abroad come from the stage's tables, use and value added from the belt.

    Parameters
    ----------
    belt
        The belt of the run.
    result
        The stage's result.
    section
        The study's section; needed only for the method ``regionalised``.
    earlier
        Whether the table of the study's earlier year is wanted.

    Returns
    -------
    InterregionalTable or None
        None where the stage has no such table, which its messages say.

    Raises
    ------
    InternalError
        If the stage's tables do not cover the belt's regions and industries.
    """
    suffix = "_earlier" if earlier else ""
    if f"flows{suffix}" not in result.tables:
        return None
    year = result.values["earlier_year" if earlier else "year"].value
    accounts = _accounts(belt, int(str(year)), str(result.values["method"].value), section)
    frame, cells = result.frame(f"flows{suffix}"), result.frame(f"margins{suffix}")
    n, r = len(accounts.industries), len(accounts.regions)
    if len(frame) != n * r * r or len(cells) != n * r:
        raise InternalError("the stage interregional does not cover the belt's regions")
    regions = {code: at for at, code in enumerate(accounts.regions)}
    industries = {code: at for at, code in enumerate(accounts.industries)}
    flows = np.full((n, r, r), np.nan)
    seller, buyer = _places(frame["region_from"], regions), _places(frame["region_to"], regions)
    flows[_places(frame["industry"], industries), seller, buyer] = frame["value"].to_numpy()
    region, industry = _places(cells["region"], regions), _places(cells["industry"], industries)
    trade = {name: np.full((r, n), np.nan) for name in ("imports", "exports", "discrepancy")}
    for name, values in trade.items():
        values[region, industry] = cells[name].to_numpy()
    return join_table(accounts, flows, **trade, rules={"from": "result"})


def _places(codes: pd.Series, order: Mapping[str, int]) -> NDArray[np.int64]:
    found = codes.map(order)
    if found.isna().any():
        raise InternalError("the stage interregional names codes that the belt does not have")
    return np.asarray(found, dtype=np.int64)


def _accounts(belt: Belt, year: int, method: str, section: InterregionalSection | None) -> Accounts:
    if method == "user_table":
        return read_user_accounts(belt, year)[0]
    if method == "regionalised":
        if section is None:
            raise InternalError("a regionalised table needs the study's section interregional")
        return regionalised_accounts(belt, year, section)
    return read_accounts(belt, year)
