"""One sheet of an Excel workbook as a grid of cells; merged cells and formulas are refused."""

from __future__ import annotations

import datetime
import io
import warnings
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from clusterbelt.config.belt_file import TableSpec
from clusterbelt.core.errors import Place, first_labels
from clusterbelt.io.findings import Findings, nearest

__all__ = ["read_excel"]


def read_excel(spec: TableSpec, data: bytes, findings: Findings) -> tuple[str, pd.DataFrame] | None:
    """Return the sheet's name and its cells from the header down; None when it is unusable.

    Numbers become the text a code needs (110000, not 110000.0); times and error values become
    text that the later checks recognise.
    """
    book = _open(spec, data, findings, values=True)
    if book is None:
        return None
    sheet = _choose(spec, book, findings)
    if sheet is None or not _check_merged(spec, sheet, findings):
        return None
    grid = [list(row) for row in sheet.iter_rows(min_row=spec.header_row, values_only=True)]
    place = Place(file=spec.file, sheet=sheet.title)
    if not grid or all(cell is None for cell in grid[0]):
        findings.add("header_missing", place, row=spec.header_row)
        return None
    _check_formulas(spec, data, sheet.title, grid, findings)
    return str(sheet.title), pd.DataFrame(
        [[_text(cell) for cell in row] for row in grid], dtype=str
    )


def _open(spec: TableSpec, data: bytes, findings: Findings, *, values: bool) -> Any:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # the container of old or locked files
        findings.add("excel_locked", Place(file=spec.file))
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of the workbook that hold no cells
            return openpyxl.load_workbook(io.BytesIO(data), data_only=values)
    except Exception as error:  # a damaged workbook raises whatever its damage hits first
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        findings.add("file_corrupt", Place(file=spec.file), kind="Excel", reason=reason)
    return None


def _choose(spec: TableSpec, book: Any, findings: Findings) -> Any:
    names = [str(name) for name in book.sheetnames]
    if spec.sheet is None:
        if len(names) > 1:
            place = Place(file=spec.file, sheet=names[0])
            findings.add("sheet_first_taken", place, "note", sheets=first_labels(names))
        return book[names[0]]
    if spec.sheet in names:
        return book[spec.sheet]
    findings.add(
        "sheet_missing",
        Place(file=spec.file),
        sheet=spec.sheet,
        sheets=first_labels(names),
        nearest=nearest(spec.sheet, names) or names[0],
    )
    return None


def _check_merged(spec: TableSpec, sheet: Any, findings: Findings) -> bool:
    merged = [one for one in sheet.merged_cells.ranges if one.max_row >= spec.header_row]
    merged.sort(key=lambda one: (one.min_row, one.min_col))
    header = [one for one in merged if one.min_row <= spec.header_row]
    below = [one for one in merged if one.min_row > spec.header_row]
    for code, cells in (("excel_merged_header", header), ("excel_merged_cells", below)):
        if cells:
            row = max(cells[0].min_row, spec.header_row)
            place = Place(file=spec.file, sheet=sheet.title, row=row)
            findings.add(code, place, cells=first_labels(cells), row=row)
    return not merged


def _check_formulas(
    spec: TableSpec, data: bytes, title: str, grid: list[list[Any]], findings: Findings
) -> None:
    """A workbook written by a program may hold formulas that no one has calculated yet."""
    if all(cell is not None for row in grid for cell in row):
        return
    book = _open(spec, data, findings, values=False)
    if book is None:
        return
    empty = [
        (spec.header_row + k, j + 1)
        for k, row in enumerate(book[title].iter_rows(min_row=spec.header_row, values_only=True))
        for j, cell in enumerate(row)
        if isinstance(cell, str) and cell.startswith("=") and grid[k][j] is None
    ]
    if empty:
        names = [f"{get_column_letter(column)}{row}" for row, column in empty]
        place = Place(file=spec.file, sheet=title, row=empty[0][0])
        findings.add("excel_formula", place, cells=first_labels(names), count=len(empty))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
