"""Long tables to cubes: activity, intermediate use, indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from clusterbelt.core.errors import Place
from clusterbelt.core.units import convert_factor, is_unit, parse_unit
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known, as_codes, find_doubles, read_codes
from clusterbelt.io.numbers import read_numbers, read_years
from clusterbelt.io.table import Table
from clusterbelt.model.dims import (
    ACTIVITY_VARIABLES,
    INDICATOR,
    INDUSTRY,
    INDUSTRY_FROM,
    INDUSTRY_TO,
    REGION,
    VALUE,
    VARIABLE,
    YEAR,
)

__all__ = ["Indicators", "read_activity", "read_indicators", "read_intermediate", "unit_factor"]

Codes = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
UNIT = "unit"
_UNITS = ("1e8 CNY", "1e4 CNY", "CNY", "persons", "1e4 persons", "t", "1e4 t", "Mt", "km", "%", "1")
_NEVER_NEGATIVE = ("output", "employment", "co2")
_HARDLY_NEGATIVE = (
    "compensation", "rural_consumption", "urban_consumption", "government_consumption",
    "fixed_capital_formation", "exports", "imports", "outflow", "inflow",
)  # fmt: skip
_ROUNDING = 1e-6  # money units: what rounding in a source may leave below zero
_BASE_UNIT = {"employment": "persons", "co2": "t"}


@dataclass(frozen=True)
class Indicators:
    """Indicator values (year, region, indicator) and the year each was really observed."""

    values: xr.DataArray
    years: xr.DataArray


def _cube(
    keys: Sequence[Codes],
    coords: Sequence[tuple[str, Sequence[object]]],
    values: Values,
    fill: float,
) -> xr.DataArray:
    shape = tuple(len(labels) for _, labels in coords)
    cube = np.full(shape, fill)
    good = np.logical_and.reduce([key >= 0 for key in keys]) if keys else np.zeros(0, bool)
    if good.any():
        flat = np.ravel_multi_index([key[good] for key in keys], shape)
        cube.reshape(-1)[flat] = values[good]
    labelled = {
        name: np.asarray(labels, dtype=np.int64 if name == YEAR else object)
        for name, labels in coords
    }
    return xr.DataArray(cube, coords=labelled, dims=[name for name, _ in coords])


def _years(table: Table, findings: Findings) -> tuple[Codes, list[int]]:
    years = read_years(table, YEAR, findings)
    different = np.unique(years[years >= 0])
    codes = np.searchsorted(different, years)
    return np.where(years >= 0, codes, -1), [int(year) for year in different]


def _refuse_doubles(
    table: Table, keys: Sequence[Codes], labels: Sequence[Sequence[object]], findings: Findings
) -> None:
    good = np.flatnonzero(np.logical_and.reduce([key >= 0 for key in keys]))
    double = good[find_doubles([key[good] for key in keys])]
    shown = [
        " / ".join(str(names[key[at]]) for key, names in zip(keys, labels, strict=True))
        for at in double[:5]
    ]
    findings.in_rows("rows_double", table, double, values=shown)


def _fill(table: Table) -> float:
    return 0.0 if table.spec.absent_is == "zero" else np.nan


def _values(table: Table, findings: Findings) -> Values:
    values = read_numbers(table, VALUE, findings)
    return np.where(np.isnan(values), _fill(table), values)


def unit_factor(table: Table, unit: str, base: str, name: str, findings: Findings) -> float:
    """Return what turns values in ``unit`` into ``base``; 1 after saying why that cannot be."""
    place = Place(file=table.file, sheet=table.sheet, column=UNIT, label=name)
    if not is_unit(unit):
        findings.add("unit_unknown", place, unit=unit, nearest=nearest(unit, _UNITS) or base)
        return 1.0
    found, wanted = parse_unit(unit).dimension, parse_unit(base).dimension
    if found == wanted:
        return convert_factor(unit, base)
    both_money = found.startswith("money:") and wanted.startswith("money:")
    code = "unit_currency" if both_money else "unit_wrong_kind"
    findings.add(code, place, unit=unit, base=base, name=name)
    return 1.0


def _scale(
    table: Table, names: Sequence[str], codes: Codes, money: str, findings: Findings
) -> Values:
    """Return the factor of every row: by the declared units, or by a column ``unit``."""
    spec = table.spec
    bases = [_BASE_UNIT.get(name, money) for name in names]
    if UNIT not in table.frame.columns:
        factors = [
            unit_factor(table, unit, base, name, findings)
            for name, base in zip(names, bases, strict=True)
            for unit in [spec.units.get(name) or _default_unit(table, base, money)]
        ]
        return np.asarray(factors, dtype=float)[codes] if factors else np.ones(len(codes))
    rows, words = as_codes(table, UNIT)
    scale = np.ones(len(codes))
    for code, (name, base) in enumerate(zip(names, bases, strict=True)):
        mine = codes == code
        units = pd.unique(pd.Series(rows[mine]))
        if len(units) > 1:
            findings.in_rows(
                "units_mixed", table, mine, column=UNIT, values=[words[k] for k in units], name=name
            )
            continue
        for k in units:
            scale[mine] = unit_factor(table, words[k], base, name, findings)
    return scale


def _default_unit(table: Table, base: str, money: str) -> str:
    # The table's unit is one of money; people and mass have their own unless listed in ``units``.
    return (table.spec.unit or base) if base == money else base


def _variables(table: Table, findings: Findings) -> tuple[Codes, list[str]]:
    known = Known("variable", ACTIVITY_VARIABLES)
    codes = read_codes(table, VARIABLE, known, findings)
    used = np.unique(codes[codes >= 0])
    return np.where(codes >= 0, np.searchsorted(used, codes), -1), [
        ACTIVITY_VARIABLES[k] for k in used
    ]


def _check_signs(
    table: Table, names: Sequence[str], codes: Codes, values: Values, findings: Findings
) -> None:
    for code, name in enumerate(names):
        if name in _NEVER_NEGATIVE or name in _HARDLY_NEGATIVE:
            with np.errstate(invalid="ignore"):
                negative = (codes == code) & (values < -_ROUNDING)
            severe = name in _NEVER_NEGATIVE
            findings.in_rows(
                "value_negative" if severe else "value_negative_odd", table, negative,
                column=VALUE, values=[f"{value:g}" for value in values[negative][:6]],
                severity="error" if severe else "warning", name=name,
            )  # fmt: skip


def read_activity(
    table: Table, regions: Known | None, industries: Known | None, money: str, findings: Findings
) -> xr.DataArray | None:
    """Return the cube (year, region, industry, variable), or None without known labels."""
    years, year_labels = _years(table, findings)
    region = read_codes(table, REGION, regions, findings)
    industry = read_codes(table, INDUSTRY, industries, findings)
    variables, names = _variables(table, findings)
    for name in table.spec.units:
        if name not in names:
            place = Place(file=table.file, sheet=table.sheet, column="units", label=name)
            findings.add(
                "units_unused", place, "warning", name=name, nearest=nearest(name, names) or "-"
            )
    values = _values(table, findings) * _scale(table, names, variables, money, findings)
    _check_signs(table, names, variables, values, findings)
    if regions is None or industries is None:
        return None
    keys = (years, region, industry, variables)
    labels = (year_labels, regions.codes, industries.codes, names)
    _refuse_doubles(table, keys, labels, findings)
    dims = (YEAR, REGION, INDUSTRY, VARIABLE)
    return _cube(keys, list(zip(dims, labels, strict=True)), values, _fill(table))


def read_intermediate(
    table: Table, regions: Known | None, industries: Known | None, money: str, findings: Findings
) -> xr.DataArray | None:
    """Return the cube (year, region, industry_from, industry_to)."""
    years, year_labels = _years(table, findings)
    region = read_codes(table, REGION, regions, findings)
    sellers = read_codes(table, INDUSTRY_FROM, industries, findings)
    buyers = read_codes(table, INDUSTRY_TO, industries, findings)
    values = _values(table, findings)
    values = values * unit_factor(table, table.spec.unit or money, money, VALUE, findings)
    with np.errstate(invalid="ignore"):
        negative = values < 0
    findings.in_rows("intermediate_negative", table, negative, column=VALUE, severity="warning")
    if regions is None or industries is None:
        return None
    keys = (years, region, sellers, buyers)
    labels = (year_labels, regions.codes, industries.codes, industries.codes)
    _refuse_doubles(table, keys, labels, findings)
    dims = (YEAR, REGION, INDUSTRY_FROM, INDUSTRY_TO)
    return _cube(keys, list(zip(dims, labels, strict=True)), values, _fill(table))


def read_indicators(
    table: Table, regions: Known | None, specs: Known | None, findings: Findings
) -> Indicators | None:
    """Return indicator values and the years they were observed in (the table's year if unsaid)."""
    years, year_labels = _years(table, findings)
    region = read_codes(table, REGION, regions, findings)
    indicator = read_codes(table, INDICATOR, specs, findings)
    values = _values(table, findings)
    observed = np.array([*year_labels, -1], dtype=float)[years]
    if "observed_year" in table.frame.columns:
        said = read_numbers(table, "observed_year", findings)
        observed = np.where(np.isnan(said), observed, said)
    observed = np.where(np.isnan(values), np.nan, observed)
    if regions is None or specs is None:
        return None
    keys = (years, region, indicator)
    labels = (year_labels, regions.codes, specs.codes)
    _refuse_doubles(table, keys, labels, findings)
    coords = list(zip((YEAR, REGION, INDICATOR), labels, strict=True))
    return Indicators(
        _cube(keys, coords, values, _fill(table)), _cube(keys, coords, observed, np.nan)
    )
