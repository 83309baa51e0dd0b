"""Estimation of the inter-regional table from one table per region.

In turn: goods that only pass through are netted out, cross-hauling is put where a table shows net
trade only, outflow and inflow of each product are reconciled over the nation, a gravity prior with
distance decay is balanced to them. Own supply is what use leaves after imports and inflow. Every
change of a published figure is a row of ``Estimate.repairs``. Output, use and value added are
never changed; what the reconciled sales leave of output is the discrepancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.balance import gras
from clusterbelt.kernels.gravity import balance_flows, fit_decay, gravity_prior
from clusterbelt.kernels.trade_margins import (
    ThroughTrade,
    cap_dominant,
    cross_hauling_share,
    net_through_trade,
    reconcile_margins,
)
from clusterbelt.measures.interregional_accounts import (
    Accounts,
    cells_issue,
    join_table,
    read_accounts,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.interregional import InterregionalTable

__all__ = [
    "RULES",
    "Cleaned",
    "Estimate",
    "Margins",
    "balance_signed",
    "balance_table",
    "clean_trade",
    "decay_of",
    "estimate_accounts",
    "estimate_interregional",
    "estimate_with_report",
    "known_prior",
    "reconcile",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Every rule that may change a published figure, in the order of work.
RULES: Final = (
    "transit",
    "transit_imports",
    "transit_exports",
    "entrepot",
    "cross_hauling_restored",
    "cross_hauling_limited",
    "reconciled",
    "own_trade_limited",
    "value_added_rounding",
)
_LEAST: Final = 1e-9  # of a cell's output and use: smaller changes are arithmetic
_REPAIR_COLUMNS: Final = ("region", "industry", "variable", "rule", "before", "after", "change")


@dataclass(frozen=True)
class Cleaned:
    """Trade without transit, before cross-hauling is judged; all (N, R)."""

    through: ThroughTrade
    supply: Array  # output less the source's own discrepancy, less exports: what could leave
    demand: Array  # use less imports: what could come
    passing: Mask  # cells where goods pass through
    net_only: Mask  # cells that show no outflow or no inflow and could have both


@dataclass(frozen=True)
class Margins:
    """What regions sell to and buy from each other, reconciled; shape (..., N, R)."""

    crossed_outflow: Array  # after the rules on cross-hauling
    crossed_inflow: Array
    limited: Array  # the change by the limit on cross-hauling, zero or less
    restored: Array  # the change by restored cross-hauling, zero or more
    reconciled_outflow: Array
    reconciled_inflow: Array
    own_trade: Array  # by how much both were lowered, lest a region trades with itself
    outflow: Array
    inflow: Array


@dataclass(frozen=True)
class Estimate:
    """An estimated table and how it came about."""

    table: InterregionalTable
    repairs: pd.DataFrame  # region, industry, variable, rule, before, after, change
    accounts: Accounts
    cleaned: Cleaned
    margins: Margins
    iterations: int


def estimate_interregional(
    belt: Belt, year: int, section: InterregionalSection
) -> InterregionalTable:
    """Return the inter-regional table of one year, estimated from the regions' own tables.

    Raises
    ------
    InputError
        With everything that keeps the tables from being joined, or that does not converge.
    """
    return estimate_with_report(belt, year, section).table


def estimate_with_report(belt: Belt, year: int, section: InterregionalSection) -> Estimate:
    """Return the table of :func:`estimate_interregional` with every repair and the margins."""
    return estimate_accounts(read_accounts(belt, year), section)


def estimate_accounts(
    accounts: Accounts, section: InterregionalSection, prior: Array | None = None
) -> Estimate:
    """Join checked accounts to one table.

    Parameters
    ----------
    accounts
        The regions' tables.
    section
        The study's choices.
    prior
        Flows (N, R, R) known from elsewhere; a product whose flows are NaN takes the gravity
        prior.
    """
    decay = decay_of(accounts, section, prior)
    cleaned = clean_trade(accounts, section)
    margins = reconcile(
        cleaned,
        np.asarray(section.typical_share),
        np.asarray(section.transit_share),
        np.asarray(section.outflow_weight),
        section,
    )
    flows, rounds = balance_table(accounts, margins, decay, section, prior)
    table = _table(accounts, cleaned, flows, section, prior is not None)
    repairs = _repairs(accounts, cleaned, margins, table)
    return Estimate(table, repairs, accounts, cleaned, margins, rounds)


def decay_of(
    accounts: Accounts, section: InterregionalSection, prior: Array | None = None
) -> Array:
    """Return the exponent of distance by product, (N,).

    The section's own figure of an industry; else what its known flows say; else, where other
    products' flows are known, their median; else the section's general figure.

    Raises
    ------
    InputError
        If the section names an industry that the accounts do not have.
    """
    unknown = sorted(set(section.decay_by_industry) - set(accounts.industries))
    if unknown:
        params = {"labels": first_labels(unknown), "known": first_labels(accounts.industries)}
        place = Place(label="interregional.decay_by_industry")
        raise InputError([Issue("interregional_decay", place, params)])
    found = np.where(accounts.materials, section.decay_materials, section.decay)
    if prior is not None:
        known = ~np.isnan(prior).any(axis=(1, 2))
        fitted = fit_decay(np.maximum(prior[known], 0.0), accounts.distance)
        found[:] = np.nanmedian(fitted) if np.isfinite(fitted).any() else found
        found[known] = np.where(np.isnan(fitted), found[known], fitted)
    for code, value in section.decay_by_industry.items():
        found[accounts.industries.index(code)] = value
    return found


def clean_trade(accounts: Accounts, section: InterregionalSection) -> Cleaned:
    """Net out what passes through, and say which cells show no cross-hauling."""
    use = np.maximum(accounts.use, 0.0)
    available = np.maximum(accounts.output - accounts.residual, 0.0)
    through = net_through_trade(
        use, available, accounts.exports, accounts.imports, accounts.outflow, accounts.inflow
    )
    least = _LEAST * (accounts.output + use)
    taken = through.domestic + through.imported + through.exported + through.entrepot
    passing = taken > least
    if passing.any() and not section.net_transit:
        issue = cells_issue("transit", passing, accounts.industries, accounts.regions, taken)
        raise InputError([issue])
    demand = np.maximum(use - through.imports, 0.0)
    supply = np.maximum(available - through.exports, 0.0)
    one_sided = np.minimum(through.outflow, through.inflow) <= least
    net_only = one_sided & (np.minimum(supply, demand) > least) & ~passing
    return Cleaned(through, supply, demand, passing, net_only)


def reconcile(
    cleaned: Cleaned,
    typical: Array,
    transit: Array,
    outflow_weight: Array,
    section: InterregionalSection,
    noise: tuple[Array, Array] | None = None,
) -> Margins:
    """Judge cross-hauling and make outflow and inflow of each product equal over the nation.

    Parameters
    ----------
    cleaned
        Trade without transit.
    typical, transit, outflow_weight
        The two quantiles and the reliability of outflow against inflow, shape (...): one each
        draw.
    section
        The study's choices.
    noise
        Factors of outflow and inflow, (..., N, R); none means one.
    """
    out, inn = cleaned.through.outflow, cleaned.through.inflow
    room = np.minimum(cleaned.supply, cleaned.demand)
    sound = ~cleaned.passing & (np.minimum(out, inn) > 0.0)
    common = np.minimum(out, inn)
    most = cross_hauling_share(out, inn, room, sound, transit)[..., None] * room
    usual = cross_hauling_share(out, inn, room, sound, typical)[..., None] * room
    limited = np.where(cleaned.passing & (most > 0.0), np.minimum(most - common, 0.0), 0.0)
    add = cleaned.net_only & section.restore_cross_hauling
    restored = np.where(add, usual, 0.0)
    o, i = out + limited + restored, inn + limited + restored
    crossed = o, i
    if noise is not None:
        o, i = o * noise[0], i * noise[1]
    free = np.where((limited != 0.0) | (restored != 0.0), section.repaired_freedom, 1.0)
    weight = np.asarray(outflow_weight)[..., None, None]
    # A region supplies its own use, and other regions, with no more than it has: more only as far
    # as the nation's use exceeds what the nation has, which no region can be blamed for.
    short = ratio(cleaned.demand.sum(axis=1), cleaned.supply.sum(axis=1))
    most = cleaned.supply * np.fmax(np.nan_to_num(short, posinf=1.0), 1.0)[:, None]
    floor = np.minimum(np.maximum(cleaned.demand - most, 0.0), inn)
    o, i = reconcile_margins(
        o, i, 2.0 * (1.0 - weight) * free, 2.0 * weight * free, most, cleaned.demand, floor
    )
    lowered_o, lowered_i, own = cap_dominant(o, i)
    return Margins(*crossed, limited, restored, o, i, own, lowered_o, lowered_i)


def balance_table(
    accounts: Accounts,
    margins: Margins,
    decay: Array,
    section: InterregionalSection,
    prior: Array | None = None,
) -> tuple[Array, int]:
    """Balance the prior to the margins (N, R) and return flows between regions and the rounds.

    Raises
    ------
    InputError
        If balancing does not converge: which product, which region, how far off.
    """
    start = gravity_prior(margins.outflow, margins.inflow, accounts.distance, decay)
    if prior is not None:
        start = known_prior(start, prior)
    return balance_signed(start, margins.outflow, margins.inflow, section)


def balance_signed(
    start: Array, supply: Array, demand: Array, section: InterregionalSection
) -> tuple[Array, int]:
    """Balance a prior (N, R, R) by RAS; products with negative flows by GRAS.

    Returns
    -------
    tuple
        The flows and the rounds that RAS needed.

    Raises
    ------
    InputError
        If a product does not converge, or its signs do not admit its margins.
    """
    place = Place(label="interregional.max_iterations")
    signed = (start < 0.0).any(axis=(1, 2))
    flows, limits = np.zeros_like(start), (section.tolerance, section.max_iterations)
    try:
        flows[~signed], rounds = balance_flows(
            start[~signed], supply[~signed], demand[~signed], *limits
        )
        for product in np.flatnonzero(signed):
            sold, bought = supply[product], demand[product]
            trading = (sold != 0.0)[:, None] & (bought != 0.0)[None, :]
            flows[product] = gras(start[product] * trading, sold, bought, *limits)
    except (ArithmeticError, ValueError) as problem:
        params = {"detail": str(problem), "rounds": str(section.max_iterations)}
        raise InputError([Issue("interregional_no_balance", place, params)]) from problem
    return flows, rounds


def known_prior(gravity: Array, prior: Array) -> Array:
    """Put known flows (N, R, R) in place of gravity's; a product with NaN keeps gravity's.

    Known flows have no trade of a region with itself here; own supply is what use leaves.
    """
    known = ~np.isnan(prior).any(axis=(1, 2))
    start = gravity.copy()
    start[known] = prior[known]
    start[:, np.eye(gravity.shape[1], dtype=bool)] = 0.0
    return start


def _table(
    accounts: Accounts,
    cleaned: Cleaned,
    between: Array,
    section: InterregionalSection,
    known: bool,
) -> InterregionalTable:
    imports, exports = cleaned.through.imports, cleaned.through.exports
    bought = between.sum(axis=1)
    # Balancing leaves its tolerance; no region buys more than it uses, own supply is the rest.
    over = bought > cleaned.demand
    shrink = np.divide(cleaned.demand, bought, out=np.ones_like(bought), where=over)
    flows = between * shrink[:, None, :]
    own = np.arange(len(accounts.regions))
    flows[:, own, own] = np.maximum(accounts.use - imports - flows.sum(axis=1), 0.0)
    discrepancy = accounts.output - flows.sum(axis=2) - exports
    rules = {
        "net_transit": str(section.net_transit),
        "transit_share": str(section.transit_share),
        "restore_cross_hauling": str(section.restore_cross_hauling),
        "typical_share": str(section.typical_share),
        "outflow_weight": str(section.outflow_weight),
        "prior": "flows" if known else "gravity",
        "sourcing": "proportional",
    }
    return join_table(
        accounts,
        flows,
        imports=imports.T,
        exports=exports.T,
        discrepancy=discrepancy.T,
        rules=rules,
    )


def _repairs(
    accounts: Accounts, cleaned: Cleaned, margins: Margins, table: InterregionalTable
) -> pd.DataFrame:
    """List every changed figure, rule by rule in the order of work."""
    t = cleaned.through
    o, i, m, e = accounts.outflow, accounts.inflow, accounts.imports, accounts.exports
    steps: list[tuple[str, str, Array, Array]] = []

    def step(rule: str, variable: str, before: Array, after: Array) -> Array:
        steps.append((rule, variable, before, after))
        return after

    o1 = step("transit", "outflow", o, o - t.domestic)
    i1 = step("transit", "inflow", i, i - t.domestic)
    o2 = step("transit_imports", "outflow", o1, o1 - t.imported)
    m2 = step("transit_imports", "imports", m, t.imports + t.entrepot)
    i2 = step("transit_imports", "inflow", i1, t.inflow + t.exported)
    step("transit_exports", "inflow", i2, t.inflow)
    e3 = step("transit_exports", "exports", e, t.exports + t.entrepot)
    step("transit_exports", "outflow", o2, t.outflow)
    step("entrepot", "imports", m2, t.imports)
    step("entrepot", "exports", e3, t.exports)
    o4 = step("cross_hauling_limited", "outflow", t.outflow, t.outflow + margins.limited)
    i4 = step("cross_hauling_limited", "inflow", t.inflow, t.inflow + margins.limited)
    step("cross_hauling_restored", "outflow", o4, margins.crossed_outflow)
    step("cross_hauling_restored", "inflow", i4, margins.crossed_inflow)
    step("reconciled", "outflow", margins.crossed_outflow, margins.reconciled_outflow)
    step("reconciled", "inflow", margins.crossed_inflow, margins.reconciled_inflow)
    step("own_trade_limited", "outflow", margins.reconciled_outflow, margins.outflow)
    step("own_trade_limited", "inflow", margins.reconciled_inflow, margins.inflow)
    last = table.value_added_parts[-1]
    rest = accounts.value_added[:, -1, :].T
    step("value_added_rounding", last, rest, table.value_added[:, -1, :].T)
    size = accounts.output + np.abs(accounts.use)
    frames = [_changed(accounts, size, *one) for one in steps]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame(columns=list(_REPAIR_COLUMNS))
    return pd.concat(frames, ignore_index=True)


def _changed(
    accounts: Accounts, size: Array, rule: str, variable: str, before: Array, after: Array
) -> pd.DataFrame:
    at = np.argwhere(np.abs(after - before) > _LEAST * size)
    industry, region = at[:, 0], at[:, 1]
    old, new = before[industry, region], after[industry, region]
    columns = (
        np.array(accounts.regions, dtype=object)[region],
        np.array(accounts.industries, dtype=object)[industry],
        variable,
        rule,
        old,
        new,
        new - old,
    )
    return pd.DataFrame(dict(zip(_REPAIR_COLUMNS, columns, strict=True)))
