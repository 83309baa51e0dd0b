"""Reading one declared table: CSV, Excel or Parquet into a :class:`Table`.

Nothing is guessed: names, sheet, header row, shape, separators and what an absent value means are
declared in ``belt.yaml``. Cells stay text here; numbers and labels are judged later.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils import get_column_letter

from clusterbelt.config.belt_file import TableSpec
from clusterbelt.core.errors import Place, first_labels
from clusterbelt.io.encoding import decode
from clusterbelt.io.excel import read_excel
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.table import Table

__all__ = ["TEXT_FILES", "read_table"]

TEXT_FILES = (".csv", ".tsv", ".txt")
_EXCEL = (".xlsx", ".xlsm")
_DELIMITERS = {";": ";", "\t": "\\t", "|": "|"}  # sign: how belt.yaml writes it
_LINE = re.compile(r"(?:line|row) (\d+)")


def read_table(
    spec: TableSpec,
    data: bytes,
    findings: Findings,
    *,
    needed: Sequence[str],
    optional: Sequence[str] = (),
) -> Table | None:
    """Read the bytes of a table's file, or return None after saying what is wrong with it.

    ``needed`` are the columns it must have (canonical names, constants included), ``optional``
    those it may have; other columns are kept, or, in a wide table, hold the values.
    """
    sheet, grid = "", None
    suffix = Path(spec.file).suffix.lower()
    if not data.strip():
        findings.add("file_empty", Place(file=spec.file))
        return None
    if suffix in TEXT_FILES:
        grid = _read_text(spec, data, findings)
    elif suffix in _EXCEL:
        found = read_excel(spec, data, findings)
        if found is not None:
            sheet = found[0]
            grid = _with_header(found[1], spec, sheet, findings)
    elif suffix == ".parquet":
        grid = _read_parquet(spec, data, findings)
    elif suffix == ".xls":
        findings.add("excel_old_format", Place(file=spec.file))
    else:
        findings.add("file_kind", Place(file=spec.file), suffix=suffix or spec.file)
    if grid is None:
        return None
    rows = np.arange(len(grid), dtype=np.int64) + spec.header_row + 1
    raw = Table(spec, spec.file, sheet, grid, rows, {})
    return _canonical(_without_empty(raw, findings), findings, needed, optional)


def _read_text(spec: TableSpec, data: bytes, findings: Findings) -> pd.DataFrame | None:
    text = decode(data, spec.encoding, spec.file, findings)
    if text is None:
        return None
    default = "\t" if spec.file.lower().endswith(".tsv") else ","
    delimiter = spec.delimiter or default
    try:
        grid = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            skiprows=spec.header_row - 1,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
        )
    except pd.errors.EmptyDataError:
        place = Place(file=spec.file, row=spec.header_row)
        findings.add("header_missing", place, row=spec.header_row)
        return None
    except pd.errors.ParserError as error:
        _say_what_breaks(spec, str(error), findings)
        return None
    header = [str(name) for name in grid.iloc[0]]
    if len(header) == 1 and spec.delimiter is None:
        for sign, written in _DELIMITERS.items():
            if sign in header[0]:
                place = Place(file=spec.file, row=spec.header_row)
                findings.add("csv_delimiter", place, sign=written)
                return None
    return _with_header(grid, spec, "", findings)


def _say_what_breaks(spec: TableSpec, message: str, findings: Findings) -> None:
    found = _LINE.search(message)
    line = int(found[1]) if found else None
    if "EOF inside string" in message:
        start = spec.header_row + line if line is not None else None
        findings.add("csv_quote", Place(file=spec.file, row=start))
        return
    numbers = re.search(r"Expected (\d+) fields in line \d+, saw (\d+)", message)
    expected, saw = (numbers[1], numbers[2]) if numbers else ("?", "?")
    findings.add("csv_ragged", Place(file=spec.file, row=line), expected=expected, found=saw)


def _read_parquet(spec: TableSpec, data: bytes, findings: Findings) -> pd.DataFrame | None:
    try:
        schema = pq.read_schema(pa.BufferReader(data))
        texts = [field.name for field in schema if _is_text(field.type)]
        table = pq.read_table(pa.BufferReader(data), read_dictionary=texts)
        frame: pd.DataFrame = table.to_pandas().reset_index(drop=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        findings.add("file_corrupt", Place(file=spec.file), kind="Parquet", reason=reason)
        return None
    frame.columns = pd.Index([str(name) for name in frame.columns])
    return frame


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _with_header(
    grid: pd.DataFrame, spec: TableSpec, sheet: str, findings: Findings
) -> pd.DataFrame | None:
    """Take the first row of ``grid`` as header; refuse double names, leave off empty columns."""
    names = [str(name).strip().removeprefix("\ufeff") for name in grid.iloc[0]]
    body = grid.iloc[1:].reset_index(drop=True)
    place = Place(file=spec.file, sheet=sheet, row=spec.header_row)
    if not any(names):
        findings.add("header_missing", place, row=spec.header_row)
        return None
    named = [name for name in names if name]
    double = sorted({name for name in named if named.count(name) > 1})
    if double:
        findings.add("column_duplicate", place, columns=first_labels(double))
        return None
    nameless = [k for k, name in enumerate(names) if not name]
    filled = [
        get_column_letter(k + 1)
        for k in nameless
        if (body.iloc[:, k].astype(str).str.strip() != "").any()
    ]
    if filled:
        findings.add("column_nameless", place, "warning", numbers=first_labels(filled))
    keep = [k for k, name in enumerate(names) if name]
    body = body.iloc[:, keep]
    body.columns = pd.Index([names[k] for k in keep])
    return body


def _without_empty(table: Table, findings: Findings) -> Table:
    """Leave off rows without any content: blank lines between or below the data."""
    frame = table.frame
    filled = np.zeros(len(frame), dtype=bool)
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_numeric_dtype(column):
            filled |= column.notna().to_numpy()
        else:
            filled |= (column.notna() & (column.astype(str).str.strip() != "")).to_numpy(bool)
        if filled.all():
            break
    if not filled.any():
        findings.in_table("table_without_rows", table)
    kept = frame if filled.all() else frame[filled].reset_index(drop=True)
    return Table(table.spec, table.file, table.sheet, kept, table.rows[filled], {})


def _canonical(
    table: Table, findings: Findings, needed: Sequence[str], optional: Sequence[str]
) -> Table | None:
    """Give columns their canonical names, add constants, and melt a wide table."""
    spec = table.spec
    wide = spec.wide_dimension if spec.shape == "wide" else None
    wanted = [name for name in needed if wide is None or name not in {wide, "value"}]
    present = [str(name) for name in table.frame.columns]
    asked = {name: spec.columns.get(name, name) for name in (*needed, *optional, *spec.columns)}
    columns = {name: written for name, written in asked.items() if written in present}
    taken = set(columns.values())
    # A declared name never falls back to its own: the column meant may simply be missing.
    known = {*taken, *columns, *spec.columns}
    columns |= {name: name for name in present if name not in known}
    if not _check_columns(table, findings, wanted, columns, optional):
        return None
    frame = pd.DataFrame({name: table.frame[written] for name, written in columns.items()})
    for name, value in spec.constants.items():
        frame[name] = str(value)
    named = Table(spec, table.file, table.sheet, frame, table.rows, columns)
    return named if wide is None else _melt(named, wide, needed, optional, findings)


def _check_columns(
    table: Table,
    findings: Findings,
    wanted: Sequence[str],
    columns: Mapping[str, str],
    optional: Sequence[str],
) -> bool:
    spec = table.spec
    present = [str(name) for name in table.frame.columns]
    have = {*columns, *spec.constants}
    free = [name for name in columns if name not in wanted and name not in optional]
    missing = [name for name in dict.fromkeys((*wanted, *spec.columns)) if name not in have]
    if len(missing) > 1 and not set(wanted) & have:
        findings.in_table(
            "columns_all_missing", table, names=first_labels(wanted, 12),
            present=first_labels(present, 12), row=spec.header_row,
        )  # fmt: skip
        return False
    for name in missing:
        written = spec.columns.get(name, name)
        findings.in_table(
            "column_missing", table, column=written, name=written, usual=name,
            nearest=nearest(written, free) or "-", present=first_labels(present, 12),
        )  # fmt: skip
    strange = [name for name in spec.columns if name not in {*wanted, *optional}]
    for name in strange:
        close = nearest(name, (*wanted, *optional)) or "-"
        findings.in_table("columns_key_unknown", table, name=name, nearest=close)
    both = [name for name in spec.constants if name in columns]
    if both:
        findings.in_table("constant_is_column", table, columns=first_labels(both))
    for name in optional:
        looks_like = nearest(name, free, 0.85) if name not in have else ""
        if looks_like and spec.shape == "long":
            findings.in_table(
                "column_unused", table, looks_like, "warning", name=looks_like, usual=name
            )
    return not missing and not both and not strange


def _melt(
    table: Table, wide: str, needed: Sequence[str], optional: Sequence[str], findings: Findings
) -> Table | None:
    keep = [name for name in table.frame.columns if name in {*needed, *optional}]
    labels = [name for name in table.frame.columns if name not in keep]
    if not labels or wide in keep:
        findings.in_table("wide_without_values", table, dimension=wide)
        return None
    count = len(table.frame)
    body: dict[str, object] = {
        name: np.tile(table.frame[name].astype(object).to_numpy(), len(labels)) for name in keep
    }
    body[wide] = np.repeat(np.asarray(labels, dtype=object), count)
    body["value"] = pd.concat([table.frame[name] for name in labels], ignore_index=True)
    heads: npt.NDArray[np.object_] = np.repeat(np.asarray(labels, dtype=object), count)
    rows = np.tile(table.rows, len(labels))
    frame = pd.DataFrame(body)
    return Table(table.spec, table.file, table.sheet, frame, rows, table.columns, heads)
