"""Checks that need the finished belt: of its data, and of a study against it.

A check returns issues and never stops at the first. What one row of a file can tell is checked
while reading; what needs several tables or the whole cube is checked here, with labels as place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from clusterbelt.core.errors import Issue, Place, Severity, first_labels
from clusterbelt.model.belt import Belt
from clusterbelt.model.checks_accounts import cell_names, check_accounts, check_national
from clusterbelt.model.checks_study import check_study_against_belt
from clusterbelt.model.dims import INDICATOR, INDUSTRY, REGION, VALUE, YEAR

__all__ = ["check_belt_data", "check_study_against_belt"]

_JUMP = 50.0  # times: more than any economy grows between two tables
_OUT_OF_LINE = 500.0  # times the median region
_OLD = 5  # years between the year of a table and that of an observation
_SHARE_ROUNDING = 1e-9


def check_belt_data(belt: Belt, files: Mapping[str, str]) -> list[Issue]:
    """Return what is wrong or odd with the belt's data; ``files`` says which file a role has."""
    return [
        *_check_activity(belt, files.get("activity", "")),
        *check_accounts(belt, files),
        *check_national(belt, files),
        *_check_indicators(belt, files),
        *_check_geography(belt, files),
    ]


def _issue(
    code: str,
    file: str,
    labels: Iterable[object],
    severity: Severity,
    column: str = "",
    **params: object,
) -> Iterator[Issue]:
    """Yield one issue for all labels, or none when there are no labels."""
    items = [str(label) for label in labels]
    if items:
        texts = {key: str(value) for key, value in params.items()}
        texts |= {"labels": first_labels(items), "count": str(len(items))}
        yield Issue(code, Place(file=file, column=column, label=items[0]), texts, severity)


def _check_activity(belt: Belt, file: str) -> Iterator[Issue]:
    variables = [str(name) for name in belt.activity["variable"].to_numpy()]
    if not variables:
        return
    main = "output" if "output" in variables else variables[0]
    values = belt.activity.sel(variable=main, drop=True).transpose(YEAR, REGION, INDUSTRY)
    filled = np.nan_to_num(values.to_numpy())
    totals = filled.sum(axis=2)
    alive = totals.sum(axis=1) > 0
    if not alive.any():
        yield Issue("activity_all_zero", Place(file=file, column=main), {"name": main})
        return
    years = values[YEAR].to_numpy()
    yield from _issue("activity_year_empty", file, years[~alive], "warning", VALUE, name=main)
    sums = values.sum(INDUSTRY)
    silent = (totals == 0) & alive[:, None]
    yield from _issue(
        "activity_region_empty", file, cell_names(sums, silent), "warning", VALUE, name=main
    )
    nobody = filled.sum(axis=(0, 1)) == 0
    industries = values[INDUSTRY].to_numpy()
    yield from _issue("industry_nobody", file, industries[nobody], "warning", VALUE, name=main)
    gaps = np.isnan(values.to_numpy()) & ~silent[:, :, None] & alive[:, None, None]
    yield from _issue(
        "activity_gaps", file, cell_names(values, gaps & ~nobody), "note", VALUE, name=main
    )
    yield from _check_scale(sums, totals, file, main)


def _check_scale(
    sums: xr.DataArray, totals: npt.NDArray[np.float64], file: str, name: str
) -> Iterator[Issue]:
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = totals[1:] / totals[:-1]
        jump = (totals[1:] > 0) & (totals[:-1] > 0) & ((growth > _JUMP) | (growth < 1 / _JUMP))
    mask = np.vstack([np.zeros((1, totals.shape[1]), dtype=bool), jump])
    yield from _issue("activity_jump", file, cell_names(sums, mask), "warning", VALUE, name=name)
    middle = np.array([np.median(row[row > 0]) if (row > 0).any() else np.inf for row in totals])
    large = totals > _OUT_OF_LINE * middle[:, None]
    yield from _issue(
        "activity_out_of_line", file, cell_names(sums, large & ~mask), "warning", VALUE, name=name
    )


def _check_indicators(belt: Belt, files: Mapping[str, str]) -> Iterator[Issue]:
    if belt.indicators is None or belt.indicator_specs is None:
        return
    file = files.get("indicators", "")
    values = belt.indicators.transpose(YEAR, REGION, INDICATOR)
    numbers = values.to_numpy()
    known = ~np.isnan(numbers)
    names = values[INDICATOR].to_numpy()
    empty = ~known.any(axis=(0, 1))
    specs = files.get("indicator_specs", "")
    yield from _issue("indicator_without_values", specs, names[empty], "warning", INDICATOR)
    present = known.any(axis=1, keepdims=True) & ~known
    yield from _issue("indicator_gaps", file, cell_names(values, present), "note", VALUE)
    with np.errstate(invalid="ignore"):
        high = np.where(known, numbers, -np.inf).max(axis=1)
        low = np.where(known, numbers, np.inf).min(axis=1)
        constant = (known.sum(axis=1) > 1) & (high == low)
    flat = cell_names(values.isel(region=0, drop=True), constant)
    yield from _issue("indicator_constant", file, flat, "warning", VALUE)
    unit = belt.indicator_specs["unit"].reindex(names).to_numpy()
    with np.errstate(invalid="ignore"):
        beyond = (numbers < -_SHARE_ROUNDING) | (numbers > 1 + _SHARE_ROUNDING)
    outside = beyond & (unit == "1")
    yield from _issue("share_outside", file, cell_names(values, outside), "warning", VALUE)
    if belt.indicator_years is not None:
        observed = belt.indicator_years.transpose(YEAR, REGION, INDICATOR).to_numpy()
        years = values[YEAR].to_numpy()[:, None, None]
        with np.errstate(invalid="ignore"):
            old = np.abs(observed - years) > _OLD
        yield from _issue(
            "indicator_old", file, cell_names(values, old), "warning", "observed_year", years=_OLD
        )


def _check_geography(belt: Belt, files: Mapping[str, str]) -> Iterator[Issue]:
    members = belt.belt_regions
    if belt.neighbours is None:
        yield Issue("neighbours_none", Place(file="belt.yaml", label="tables"), severity="warning")
    elif len(members) > 1:
        inside = belt.neighbours.loc[members, members].to_numpy(bool)
        alone = [code for code, row in zip(members, inside, strict=True) if not row.any()]
        file = files.get("neighbours", files.get("boundaries", ""))
        yield from _issue("region_isolated", file, alone, "warning", "region_from")
    if belt.distance_km is not None and len(members) > 1:
        km = belt.distance_km.loc[members, members].to_numpy(float)
        missing = np.argwhere(np.triu(np.isnan(km), 1))
        pairs = [f"{members[a]} - {members[b]}" for a, b in missing]
        file = files.get("distance", files.get("regions", ""))
        yield from _issue("distance_missing", file, pairs, "warning", "km")
