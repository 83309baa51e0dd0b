"""Cells to numbers. What is not a number is named by its kind, because the remedy differs."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clusterbelt.io.findings import Findings
from clusterbelt.io.table import Table

__all__ = ["read_numbers", "read_years"]

_FULL_WIDTH: Final = re.compile("[０-９．，－＋]")
# In this order: the first kind that fits names the problem.
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("number_cell_error", re.compile(r"^#(REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!)$")),
    ("number_infinite", re.compile(r"^[+-]?(inf|infinity|∞)$", re.I)),
    (
        "number_absent_word",
        re.compile(r"^(nan|n/?a|null|none|-+|—+|–|…+|\.{2,}|x|暂无|缺失?|无|不详)$", re.I),
    ),
    ("number_full_width", _FULL_WIDTH),
    ("number_with_unit", re.compile(r"^[+-]?[\d.,\s]+\s*[万亿千百元吨人%％]")),
    ("number_date", re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ].*)?$")),
    ("number_brackets", re.compile(r"^[(（][\d.,\s]+[)）]$")),
    ("number_thousands", re.compile(r"^[+-]?\d{1,3}([,'’\s\u00a0\u202f]\d{3})+([.,]\d*)?$")),
    ("number_decimal_comma", re.compile(r"^[+-]?\d+,\d+$")),
)
_EARLIEST, _LATEST = 1900, 2200


def _kind(word: str) -> str:
    for code, pattern in _KINDS:
        if pattern.search(word):
            return code
    return "number_text"


def _plain(words: pd.Series, table: Table) -> pd.Series:
    """Take out what the table declares: markers of absence, thousands sign, decimal sign."""
    spec = table.spec
    if spec.absent_markers:
        words = words.mask(words.isin(spec.absent_markers), "")
    if spec.thousands is not None:
        # Only well-formed groups: "1,5" with a thousands comma stays text and is reported.
        sign = r"[ \u00a0\u202f]" if spec.thousands == " " else re.escape(spec.thousands)
        point = re.escape(spec.decimal)
        grouped = words.str.fullmatch(rf"[+-]?\d{{1,3}}({sign}\d{{3}})+({point}\d*)?")
        words = words.mask(grouped, words.str.replace(sign, "", regex=True))
    if spec.decimal == ",":
        dotted = words.str.contains(".", regex=False)
        words = words.str.replace(",", ".", regex=False).mask(dotted, words + "?")
    return words


def read_numbers(table: Table, column: str, findings: Findings) -> npt.NDArray[np.float64]:
    """Return a column as numbers; an empty cell is NaN, and so is every cell reported as faulty."""
    cells = table.frame[column]
    if pd.api.types.is_bool_dtype(cells.dtype):
        findings.in_rows(
            "number_text", table, np.ones(len(cells), bool), column=column, values=cells
        )
        return np.full(len(cells), np.nan)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan).copy()
    else:
        values = _parse(cells, table, column, findings)
    infinite = np.isinf(values)
    if infinite.any():
        findings.in_rows("number_infinite", table, infinite, column=column, values=["inf"])
        values[infinite] = np.nan
    return values


def _parse(
    cells: pd.Series, table: Table, column: str, findings: Findings
) -> npt.NDArray[np.float64]:
    written = cells.astype(object).where(cells.notna(), "").astype(str).str.strip()
    words = _plain(written, table)
    values = pd.to_numeric(words, errors="coerce").to_numpy(dtype=np.float64).copy()
    faulty = (np.isnan(values) & (words != "").to_numpy(bool)) | np.isinf(values)
    values[faulty] = np.nan
    if faulty.any():
        positions = np.flatnonzero(faulty)
        wrong = written.iloc[positions]
        kinds = wrong.map({word: _kind(word) for word in wrong.unique()}).to_numpy(object)
        for kind in pd.unique(pd.Series(kinds)):
            at = positions[kinds == kind]
            findings.in_rows(str(kind), table, at, column=column, values=written.iloc[at])
    return values


def read_years(table: Table, column: str, findings: Findings) -> npt.NDArray[np.int64]:
    """Return a column of years; -1 where there is none that can be used (reported)."""
    cells = table.frame[column]
    if pd.api.types.is_numeric_dtype(cells.dtype):
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        words = cells.astype(str)
    else:
        words = cells.astype(object).where(cells.notna(), "").astype(str).str.strip()
        codes, different = pd.factorize(words)
        parsed = pd.to_numeric(pd.Series(different, dtype=str), errors="coerce")
        values = parsed.to_numpy(dtype=np.float64)[codes]
    missing = np.isnan(values)
    with np.errstate(invalid="ignore"):
        fraction = ~missing & (values != np.floor(values))
        odd = ~missing & ~fraction & ((values < _EARLIEST) | (values > _LATEST))
    for code, wrong in (("year_text", missing), ("year_fraction", fraction), ("year_odd", odd)):
        findings.in_rows(code, table, wrong, column=column, values=words[wrong])
    bad = missing | fraction | odd
    return np.where(bad, -1, np.where(bad, 0, values)).astype(np.int64)
