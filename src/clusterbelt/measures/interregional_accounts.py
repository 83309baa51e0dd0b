"""One table per region, aligned and checked: what the inter-regional estimation starts from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import FINAL_DEMAND, VALUE_ADDED_PARTS
from clusterbelt.model.interregional import InterregionalTable

__all__ = [
    "BROKEN",
    "Accounts",
    "cells_issue",
    "check_accounts_values",
    "join_table",
    "read_accounts",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BROKEN: Final = 0.01  # of output: beyond, a row or column is not merely rounded
_SMALL: Final = 0.05  # money units: differences below are rounding whatever the output
_UNIT_FACTOR: Final = 8.0  # a whole region off by this much has another unit
_TRADE: Final = ("exports", "imports", "outflow", "inflow")


@dataclass(frozen=True)
class Accounts:
    """The regions' tables of one year; R regions, N industries, K final categories, P parts."""

    year: int
    classification: str
    money_unit: str
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    categories: tuple[str, ...]
    value_added_parts: tuple[str, ...]
    intermediate: Array  # (R, N, N): region, product, buying industry; all sources
    final: Array  # (R, N, K)
    value_added: Array  # (R, P, N)
    output: Array  # (N, R)
    exports: Array  # (N, R)
    imports: Array  # (N, R)
    outflow: Array  # (N, R)
    inflow: Array  # (N, R)
    distance: Array  # (R, R), kilometres
    materials: Mask  # (N,): industries that are heavy for their price
    fingerprint: str = ""

    @property
    def use(self) -> Array:
        """Intermediate and final use of each product in each region, (N, R)."""
        total: Array = (self.intermediate.sum(axis=2) + self.final.sum(axis=2)).T
        return total

    @property
    def residual(self) -> Array:
        """What the rows leave: output less use and trade, (N, R)."""
        sold = self.use + self.exports + self.outflow
        rest: Array = self.output - sold + self.imports + self.inflow
        return rest


def read_accounts(belt: Belt, year: int) -> Accounts:
    """Read the regions' tables of one year from a belt and check them.

    Raises
    ------
    InputError
        With everything that keeps the tables from being joined: what, where, how large.
    """
    issues = list(_presence(belt, year))
    if issues:
        raise InputError(issues)
    regions = tuple(str(code) for code in belt.regions.index)
    industries = tuple(str(code) for code in belt.industries.index)
    cube = belt.activity.sel(year=year, region=list(regions), industry=list(industries))
    cube = cube.transpose("variable", "industry", "region")
    names = [str(name) for name in cube["variable"].values]
    values = dict(zip(names, np.asarray(cube.values, dtype=np.float64), strict=True))
    parts = VALUE_ADDED_PARTS if set(VALUE_ADDED_PARTS) <= set(names) else ("value_added",)
    needed = ("output", *FINAL_DEMAND, *parts, *_TRADE)
    gaps = list(_gaps(values, needed, industries, regions, year))
    assert belt.intermediate is not None
    assert belt.distance_km is not None
    used = belt.intermediate.sel(
        year=year,
        region=list(regions),
        industry_from=list(industries),
        industry_to=list(industries),
    ).transpose("region", "industry_from", "industry_to")
    intermediate = np.asarray(used.values, dtype=np.float64)
    gaps += list(_intermediate_gaps(intermediate, industries, regions, year))
    if gaps:
        raise InputError(gaps)
    accounts = Accounts(
        year=year,
        classification=belt.classification,
        money_unit=belt.money_unit,
        regions=regions,
        industries=industries,
        categories=FINAL_DEMAND,
        value_added_parts=parts,
        intermediate=intermediate,
        final=np.stack([values[name].T for name in FINAL_DEMAND], axis=2),
        value_added=np.stack([values[name].T for name in parts], axis=1),
        output=values["output"],
        exports=values["exports"],
        imports=values["imports"],
        outflow=values["outflow"],
        inflow=values["inflow"],
        distance=belt.distance_km.loc[list(regions), list(regions)].to_numpy(dtype=np.float64),
        materials=belt.industries["materials"].to_numpy(dtype=bool),
        fingerprint=belt.fingerprint,
    )
    issues = check_accounts_values(accounts, values.get("statistical_error"))
    if issues:
        raise InputError(issues)
    return accounts


def _presence(belt: Belt, year: int) -> Iterator[Issue]:
    place = Place(label=str(year))
    for kind, index in (("region", belt.regions.index), ("industry", belt.industries.index)):
        twice = index[index.duplicated()]
        if len(twice):
            yield _issue("twice", Place(label=str(twice[0])), kind=kind, labels=first_labels(twice))
    known = [int(one) for one in belt.activity["year"].values]
    if year not in known:
        yield _issue("year", place, table="activity", known=first_labels(known))
    if belt.intermediate is None:
        yield _issue("no_table", place, table="intermediate")
    elif year not in belt.intermediate["year"].values:
        years = [int(one) for one in belt.intermediate["year"].values]
        yield _issue("year", place, table="intermediate", known=first_labels(years))
    if belt.distance_km is None:
        yield _issue("no_table", place, table="distance")
    names = {str(name) for name in belt.activity["variable"].values}
    lacking = [name for name in ("output", *FINAL_DEMAND, *_TRADE) if name not in names]
    if not ({"value_added"} <= names or set(VALUE_ADDED_PARTS) <= names):
        lacking.append("value_added")
    if lacking:
        yield _issue("variables", place, labels=first_labels(lacking))


def _issue(code: str, place: Place, **params: str) -> Issue:
    return Issue(f"interregional_{code}", place, params)


def _gaps(
    values: dict[str, Array],
    needed: Sequence[str],
    industries: Sequence[str],
    regions: Sequence[str],
    year: int,
) -> Iterator[Issue]:
    for name in needed:
        absent = np.isnan(values[name])
        if absent.all():
            place = Place(file="activity", label=name)
            yield _issue("variable_absent", place, variable=name, year=str(year))
    checked = [name for name in needed if not np.isnan(values[name]).all()]
    whole = np.all([np.isnan(values[name]).all(axis=0) for name in checked], axis=0)
    if whole.any():
        lost = [regions[int(at)] for at in np.flatnonzero(whole)]
        place = Place(file="activity", label=lost[0])
        yield _issue("region_missing", place, labels=first_labels(lost), year=str(year))
    missing = np.isnan(values["output"]) & ~whole
    if missing.any() and "output" in checked:
        yield cells_issue("classification", missing, industries, regions)
    for name in checked:
        some = np.isnan(values[name]) & ~whole & ~missing
        if some.any():
            yield cells_issue("gaps", some, industries, regions, variable=name)


def _intermediate_gaps(
    used: Array, industries: Sequence[str], regions: Sequence[str], year: int
) -> Iterator[Issue]:
    absent = np.isnan(used)
    whole = absent.all(axis=(1, 2)) | (used == 0.0).all(axis=(1, 2))
    if whole.any():
        lost = [regions[int(at)] for at in np.flatnonzero(whole)]
        place = Place(file="intermediate", label=lost[0])
        yield _issue("region_missing", place, labels=first_labels(lost), year=str(year))
    some = absent.any(axis=1).T & ~whole
    if some.any():
        yield cells_issue("gaps", some, industries, regions, variable="intermediate")


def cells_issue(
    code: str,
    wrong: Mask,
    industries: Sequence[str],
    regions: Sequence[str],
    size: Array | None = None,
    **params: str,
) -> Issue:
    """Return one issue about cells (N, R): how many, the first (or the largest) and how large."""
    at = np.argwhere(wrong)
    if size is not None:
        at = at[np.argsort(-np.abs(size[wrong]), kind="stable")]
        params = {"worst": f"{float(np.abs(size[wrong]).max()):.4g}", **params}
    labels = [f"{regions[r]} / {industries[i]}" for i, r in at]
    params = {"labels": first_labels(labels), "count": str(len(labels)), **params}
    return Issue(f"interregional_{code}", Place(label=labels[0]), params)


def check_accounts_values(accounts: Accounts, error: Array | None = None) -> list[Issue]:
    """Return everything that is wrong with complete accounts.

    Parameters
    ----------
    accounts
        Accounts without gaps.
    error
        The statistical error that the source itself shows, (N, R); absent means none.
    """
    n, r = accounts.industries, accounts.regions
    issues: list[Issue] = []
    negative = np.minimum(accounts.intermediate, 0.0)
    if bool((negative < 0).any()):
        buyers = negative.sum(axis=2).T
        issues.append(cells_issue("negative_use", buyers < 0, n, r, buyers))
    for name in _TRADE:
        values = getattr(accounts, name)
        if bool((values < 0).any()):
            issues.append(cells_issue("negative_trade", values < 0, n, r, values, variable=name))
    use, output = accounts.use, accounts.output
    if bool((output < 0).any()):
        issues.append(cells_issue("negative_output", output < 0, n, r, output))
    if bool((use < -_SMALL).any()) and not bool((negative < 0).any()):
        issues.append(cells_issue("use_below_zero", use < -_SMALL, n, r, use))
    inputs = accounts.intermediate.sum(axis=1).T
    idle = (output == 0.0) & (inputs > _SMALL)
    if idle.any():
        issues.append(cells_issue("inputs_without_output", idle, n, r, inputs))
    return [*issues, *_balance_issues(accounts, error, idle)]


def _balance_issues(accounts: Accounts, error: Array | None, idle: Mask) -> Iterator[Issue]:
    n, r = accounts.industries, accounts.regions
    output = accounts.output
    made = (accounts.intermediate.sum(axis=1) + accounts.value_added.sum(axis=1)).T
    sold = output - accounts.residual
    other_unit = np.zeros(len(r), dtype=bool)
    for kind, side in (("columns", made), ("rows", sold)):
        with np.errstate(divide="ignore", invalid="ignore"):
            off = np.abs(np.log(np.where((side > 0) & (output > 0), side / output, np.nan)))
        known = ~np.isnan(off).all(axis=0)
        middle = np.zeros(len(r))
        middle[known] = np.nanmedian(off[:, known], axis=0)
        for at in np.flatnonzero((middle > np.log(_UNIT_FACTOR)) & ~other_unit):
            other_unit[at] = True
            factor = float(ratio(side[:, at].sum(), output[:, at].sum()))
            params = {"region": r[at], "factor": f"{factor:.4g}", "side": kind}
            yield _issue("units", Place(label=r[at]), **params)
    expected = np.zeros_like(output) if error is None else np.nan_to_num(error)
    gaps = {"columns": made - output, "rows": accounts.residual - expected}
    for kind, gap in gaps.items():
        wrong = np.abs(gap) > np.maximum(BROKEN * np.abs(output), _SMALL)
        wrong &= ~other_unit & ~idle
        if wrong.any():
            yield cells_issue(f"unbalanced_{kind}", wrong, n, r, gap)


def _closed_value_added(accounts: Accounts) -> Array:
    """Return value added (R, P, N) whose last part takes up the rounding of the columns."""
    made = accounts.intermediate.sum(axis=1) + accounts.value_added.sum(axis=1)
    closed: Array = accounts.value_added.copy()
    closed[:, -1, :] += accounts.output.T - made
    return closed


def join_table(
    accounts: Accounts,
    flows: Array,
    *,
    imports: Array,
    exports: Array,
    discrepancy: Array,
    rules: Mapping[str, str],
) -> InterregionalTable:
    """Return the table of known accounts and of flows (N, R, R), with trade abroad (R, N)."""
    return InterregionalTable(
        year=accounts.year,
        classification=accounts.classification,
        money_unit=accounts.money_unit,
        regions=accounts.regions,
        industries=accounts.industries,
        categories=accounts.categories,
        value_added_parts=accounts.value_added_parts,
        flows=flows,
        use_intermediate=accounts.intermediate,
        use_final=accounts.final,
        imports=imports,
        exports=exports,
        value_added=_closed_value_added(accounts),
        output=accounts.output.T,
        discrepancy=discrepancy,
        rules=rules,
        fingerprint=accounts.fingerprint,
    )
