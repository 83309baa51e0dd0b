"""Label columns: cells to positions in a list of known codes, and what is wrong with the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clusterbelt.core.errors import first_labels
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.table import Table

__all__ = [
    "Known",
    "as_codes",
    "find_doubles",
    "is_total",
    "read_codes",
    "read_flags",
    "read_words",
]

_TOTALS: Final = {
    "合计", "总计", "小计", "全国", "全国合计", "总和", "共计",
    "total", "totals", "sum", "subtotal", "grand total", "all", "nation", "national",
}  # fmt: skip
_DATE: Final = re.compile(r"^\d{4}-\d{2}-\d{2}(T.*)?$")
_DECIMAL: Final = re.compile(r"^\d+\.0+$")
_YES: Final = {"1", "true", "yes", "y", "是", "1.0"}
_NO: Final = {"0", "false", "no", "n", "否", "0.0"}


@dataclass(frozen=True)
class Known:
    """The codes that one dimension has, and their names, for messages that help.

    ``kind`` is the dimension's word in issue codes: region, industry, indicator, sector, reach.
    """

    kind: str
    codes: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)  # name -> code


def is_total(word: str) -> bool:
    """Say whether a label is a total and not a member of a dimension."""
    return re.sub(r"\s+", " ", word).strip().casefold() in _TOTALS


def read_words(table: Table, column: str) -> pd.Series:
    """Return a column as stripped text; an empty cell is ""."""
    cells = table.frame[column]
    if pd.api.types.is_float_dtype(cells.dtype):
        whole = cells.notna() & (cells == np.floor(cells))
        as_text = cells.astype(object).where(
            ~whole, cells.where(whole, 0).astype("int64").astype(object)
        )
        return as_text.where(cells.notna(), "").astype(str)
    return cells.astype(object).where(cells.notna(), "").astype(str).str.strip()


def as_codes(table: Table, column: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return for every row the position of its word among the different words, and those."""
    cells = table.frame[column]
    if isinstance(cells.dtype, pd.CategoricalDtype):
        words = [str(item).strip() for item in cells.cat.categories]
        codes = cells.cat.codes.to_numpy(np.int64)
        if (codes < 0).any():
            words.append("")
            codes = np.where(codes < 0, len(words) - 1, codes)
        return np.asarray(codes, dtype=np.int64), words
    factors, different = pd.factorize(read_words(table, column))
    return np.asarray(factors, dtype=np.int64), [str(item) for item in different]


def read_codes(
    table: Table, column: str, known: Known | None, findings: Findings
) -> npt.NDArray[np.int64]:
    """Return for every row the position of its code among ``known.codes``; -1 where unknown.

    Every kind of unknown code is reported once. With ``known`` None (its own table could not be
    read) nothing can be judged and every row is -1.
    """
    rows, words = as_codes(table, column)
    if known is None:
        return np.full(len(rows), -1, dtype=np.int64)
    where = {code: k for k, code in enumerate(known.codes)}
    positions = np.array([where.get(word, -1) for word in words], dtype=np.int64)
    used = np.zeros(len(words), dtype=bool)
    used[rows] = True
    problems: dict[tuple[str, str], list[int]] = {}
    for k in np.flatnonzero((positions < 0) & used):
        problems.setdefault(_what_is_wrong(words[k], known), []).append(int(k))
    for (code, hint), wrong in problems.items():
        at = np.isin(rows, wrong)
        findings.in_rows(
            code,
            table,
            at,
            column=column,
            values=[words[k] for k in rows[at]],
            hint=hint,
            known=first_labels(known.codes, 8),
        )
    return positions[rows]


def _what_is_wrong(word: str, known: Known) -> tuple[str, str]:
    """Return the issue's code and the hint that goes with it."""
    if not word:
        return f"{known.kind}_empty", ""
    if word in known.names:
        return "code_is_name", known.names[word]
    if is_total(word):
        return "row_is_total", ""
    if _DATE.match(word):
        return "code_is_date", ""
    if _DECIMAL.match(word) and word.split(".")[0] in known.codes:
        return "code_decimal", word.split(".")[0]
    bare = word.lstrip("0")
    for code in known.codes:
        if bare and code.lstrip("0") == bare:
            return "code_zeros", code
    return f"{known.kind}_unknown", nearest(word, known.codes) or "-"


def read_flags(table: Table, column: str, findings: Findings) -> npt.NDArray[np.bool_]:
    """Return a yes/no column; a word that is neither is reported and counts as no."""
    words = read_words(table, column).str.casefold()
    yes = words.isin(_YES).to_numpy(bool)
    odd = ~yes & ~words.isin(_NO).to_numpy(bool)
    findings.in_rows("flag_odd", table, odd, column=column, values=words[odd])
    return yes


def find_doubles(keys: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.bool_]:
    """Mark every row whose combination of keys stood in an earlier row."""
    frame = pd.DataFrame(dict(enumerate(keys)))
    return frame.duplicated().to_numpy(bool)
