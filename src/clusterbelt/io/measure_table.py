"""A long table for a measure: CSV, Excel or Parquet with declared or recognised columns.

Every problem is collected: columns, labels, numbers, rows that stand twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from clusterbelt.config.belt_file import TableSpec
from clusterbelt.core.errors import Place, first_labels
from clusterbelt.io.encoding import read_bytes
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import as_codes, find_doubles, is_total, read_words
from clusterbelt.io.numbers import read_numbers, read_years
from clusterbelt.io.table import Table
from clusterbelt.io.tables import read_table
from clusterbelt.model.dims import VALUE, YEAR

__all__ = ["NAMES", "MeasureTable", "TableChoice", "read_measure_table"]

# Names of columns that are recognised, in lower case; a name outside has to be given.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "region": ("region", "region_code", "province", "county", "city", "location", "loc", "geo",
               "地区", "地区代码", "省份", "省", "省市", "区域", "城市", "县"),
    "region_from": ("region_from", "origin", "from", "来源地", "起点"),
    "region_to": ("region_to", "destination", "to", "目的地", "终点"),
    "industry": ("industry", "industry_code", "sector", "product", "activity", "prod", "act",
                 "行业", "行业代码", "产业", "部门", "产品"),
    "industry_from": ("industry_from", "seller", "投入部门"),
    "industry_to": ("industry_to", "buyer", "使用部门"),
    "indicator": ("indicator", "指标"),
    "sector": ("sector", "部门"),
    YEAR: (YEAR, "time", "period", "年份", "年"),
    VALUE: (VALUE, "val", "amount", "数值", "值", "金额", "产值", "增加值"),
}  # fmt: skip


@dataclass(frozen=True)
class TableChoice:
    """What of a table is taken.

    ``columns``: dimension or "value" -> name in the file. ``where``: rows taken, column -> labels.
    ``only``: of these, the rows that are measured; the others may still be part of the reference.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    years: Sequence[int] = ()
    absent: Literal["missing", "zero"] = "missing"
    sheet: str | None = None


@dataclass(frozen=True)
class MeasureTable:
    """The values measured, the values of all rows taken, and how to point to a row again."""

    measured: xr.DataArray
    whole: xr.DataArray
    table: Table
    absent_cells: int


def _recognise(
    table: Table, dims: Sequence[str], given: Mapping[str, str], findings: Findings, option: str
) -> dict[str, str]:
    present = [str(name) for name in table.frame.columns]
    found: dict[str, str] = {}
    taken = set(given.values())
    for dim in dims:
        if dim in given:
            if given[dim] in present:
                found[dim] = given[dim]
            else:
                findings.in_table(
                    "measure_column_absent", table, given[dim], name=given[dim],
                    present=first_labels(present, 12), nearest=nearest(given[dim], present) or "-",
                )  # fmt: skip
            continue
        names = NAMES.get(dim, (dim,))
        fits = [name for name in present if name.casefold() in names and name not in taken]
        exact = [name for name in fits if name == dim]
        fits = exact or fits
        if len(fits) == 1:
            found[dim] = fits[0]
            taken.add(fits[0])
        elif fits or dim != YEAR:
            code = "measure_column_ambiguous" if fits else "measure_column_unknown"
            shown = first_labels(fits or present, 12)
            findings.in_table(code, table, dim=dim, candidates=shown, option=option)
    return found


def _chosen(
    table: Table, choice: Mapping[str, Sequence[str]], findings: Findings
) -> npt.NDArray[np.bool_]:
    keep = np.ones(len(table.frame), dtype=bool)
    for column, labels in choice.items():
        if column not in table.frame.columns:
            present = [str(name) for name in table.frame.columns]
            findings.in_table(
                "measure_column_absent", table, column, name=column,
                present=first_labels(present, 12), nearest=nearest(column, present) or "-",
            )  # fmt: skip
            continue
        words = read_words(table, column)
        have = set(words.unique())
        lost = [label for label in labels if label not in have]
        if lost:
            findings.in_table(
                "measure_label_absent", table, column, labels=first_labels(lost),
                known=first_labels(sorted(have), 8), nearest=nearest(lost[0], have) or "-",
            )  # fmt: skip
        keep &= words.isin(list(labels)).to_numpy(bool)
    return keep


def _labels(
    table: Table, dim: str, findings: Findings
) -> tuple[npt.NDArray[np.int64], list[object]]:
    if dim == YEAR:
        years = read_years(table, dim, findings)
        different = np.unique(years)
        return np.searchsorted(different, years), [int(year) for year in different]
    codes, words = as_codes(table, dim)
    used = np.unique(codes)
    empty = [k for k in used if not words[k]]
    findings.in_rows("measure_label_empty", table, np.isin(codes, empty), column=dim, dim=dim)
    totals = [k for k in used if is_total(words[k])]
    findings.in_rows(
        "measure_row_total", table, np.isin(codes, totals), column=dim,
        values=[words[k] for k in totals],
    )  # fmt: skip
    order = sorted(used, key=lambda k: words[k])
    place = np.full(len(words), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[codes], [words[k] for k in order]


def _part(table: Table, keep: npt.NDArray[np.bool_]) -> Table:
    frame = table.frame[keep].reset_index(drop=True)
    return Table(table.spec, table.file, table.sheet, frame, table.rows[keep], table.columns)


def _array(
    table: Table, dims: Sequence[str], absent: str, findings: Findings
) -> tuple[xr.DataArray | None, int]:
    values = read_numbers(table, VALUE, findings)
    found = {dim: _labels(table, dim, findings) for dim in dims}
    codes = [codes for codes, _ in found.values()]
    double = find_doubles(codes) if codes else np.arange(len(values)) > 0
    at = np.flatnonzero(double)
    shown = [" / ".join(str(labels[codes[k]]) for codes, labels in found.values()) for k in at[:5]]
    findings.in_rows("measure_rows_double", table, double, values=shown)
    if findings.errors:
        return None, 0
    shape = [len(labels) for _, labels in found.values()]
    cube = np.full(shape, 0.0 if absent == "zero" else np.nan)
    cube[tuple(codes)] = values
    lacking = int(np.isnan(cube).sum())
    coords = {
        dim: pd.Index(labels, dtype=np.int64 if dim == YEAR else object)
        for dim, (_, labels) in found.items()
    }
    return xr.DataArray(cube, dims=list(found), coords=coords), lacking


def _dimensions(table: Table, choice: TableChoice, among: Sequence[str]) -> list[str]:
    present = {str(name).casefold() for name in table.frame.columns}
    return [dim for dim in among if dim in choice.columns or present & set(NAMES.get(dim, (dim,)))]


def read_measure_table(
    path: Path,
    needs: Sequence[str] | None,
    choice: TableChoice,
    findings: Findings,
    *,
    among: Sequence[str] = (),
    option: str = "--column",
) -> MeasureTable | None:
    """Read a long table, or return None after saying everything that is wrong with it.

    ``needs`` are the dimensions it must have; None takes those of ``among`` that it has. A column
    of years leads where there is one.
    """
    data = read_bytes(path, path.name, findings) if path.exists() else None
    if data is None:
        if not path.exists():
            findings.add("measure_file_missing", Place(file=str(path)))
        return None
    spec = TableSpec(role="activity", file=path.name, sheet=choice.sheet)
    raw = read_table(spec, data, findings, needed=())
    if raw is None or findings.errors:
        return None
    dims = list(needs) if needs is not None else _dimensions(raw, choice, among)
    dims = [YEAR, *(dim for dim in dims if dim != YEAR)]
    columns = _recognise(raw, [*dims, VALUE], choice.columns, findings, option)
    taken = _chosen(raw, choice.where, findings)
    measured = taken & _chosen(raw, choice.only, findings)
    if findings.errors:
        return None
    frame = pd.DataFrame({dim: raw.frame[name] for dim, name in columns.items()})
    table = Table(spec, raw.file, raw.sheet, frame, raw.rows, columns)
    if YEAR in columns and choice.years:
        years = read_years(table, YEAR, findings)
        there = {int(year) for year in np.unique(years) if year >= 0}
        lost = [str(year) for year in choice.years if year not in there]
        if lost:
            findings.in_table(
                "measure_year_absent", table, YEAR, labels=", ".join(lost),
                known=first_labels(sorted(there), 30),
            )  # fmt: skip
        in_years = np.isin(years, list(choice.years))
        taken, measured = taken & in_years, measured & in_years
    if not measured.any() and not findings.errors:
        findings.in_table("measure_no_rows", table)
    if findings.errors:
        return None
    dims = [dim for dim in dims if dim in columns]
    return _both(table, dims, choice, findings, taken, measured)


def _both(
    table: Table,
    dims: Sequence[str],
    choice: TableChoice,
    findings: Findings,
    taken: npt.NDArray[np.bool_],
    measured: npt.NDArray[np.bool_],
) -> MeasureTable | None:
    whole, lacking = _array(_part(table, taken), dims, choice.absent, findings)
    if whole is None:
        return None
    if (taken == measured).all():
        return MeasureTable(whole, whole, _part(table, taken), lacking)
    inner = _part(table, measured)
    part, lacking = _array(inner, dims, choice.absent, findings)
    return None if part is None else MeasureTable(part, whole, inner, lacking)
