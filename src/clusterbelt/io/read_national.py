"""National input-output tables: one long table of blocks to one :class:`NationalTable` each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from clusterbelt.core.errors import Place, first_labels
from clusterbelt.io.cubes import unit_factor
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known, as_codes, find_doubles, read_codes, read_words
from clusterbelt.io.numbers import read_numbers
from clusterbelt.io.table import Table
from clusterbelt.model.belt import NationalTable
from clusterbelt.model.dims import FINAL_DEMAND, SECTOR, VALUE, VALUE_ADDED_PARTS

__all__ = ["BLOCKS", "NATIONAL_COLUMNS", "SECTOR_COLUMNS", "read_national", "read_sectors"]

NATIONAL_COLUMNS = ("table", "block", "row", "column", "value")
SECTOR_COLUMNS = ("table", "sector", "name_zh", "name_en", "industry")
BLOCKS = ("intermediate", "final_demand", "imports", "output", "value_added")
_CATEGORIES = (*FINAL_DEMAND, "exports")
_NAME = re.compile(r"^(\d{4})_(.+)$")


@dataclass(frozen=True)
class _Cells:
    """The cells of one block of one national table."""

    at: npt.NDArray[np.int64]  # positions in the file's table
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]


def read_sectors(
    table: Table, industries: Known | None, findings: Findings
) -> dict[str, pd.DataFrame]:
    """Return the sectors of every national table, each with its parent industry."""
    frame = pd.DataFrame({name: read_words(table, name) for name in SECTOR_COLUMNS})
    read_codes(table, "industry", industries, findings)
    double = frame.duplicated(["table", "sector"]).to_numpy(bool)
    shown = frame["table"] + " / " + frame["sector"]
    findings.in_rows("code_twice", table, double, column=SECTOR, values=shown[double])
    sectors = {}
    for name, part in frame[~double].groupby("table", sort=False):
        mine = part.drop(columns="table").set_index(SECTOR)
        mine.index = pd.Index([str(code) for code in mine.index], name=SECTOR, dtype=object)
        sectors[str(name)] = mine
    return sectors


def read_national(
    table: Table, sectors: Mapping[str, pd.DataFrame] | None, money: str, findings: Findings
) -> dict[str, NationalTable]:
    """Return every national table by its name, which begins with its year (2017_42)."""
    names, words = as_codes(table, "table")
    blocks = read_codes(table, "block", Known("block", BLOCKS), findings)
    values = read_numbers(table, VALUE, findings)
    factor = unit_factor(table, table.spec.unit or money, money, VALUE, findings)
    values = np.where(np.isnan(values), 0.0, values) * factor
    lookup = {column: as_codes(table, column) for column in ("row", "column")}
    if sectors is None:
        return {}
    found = {}
    for number, name in enumerate(words):
        mine = np.flatnonzero((names == number) & (blocks >= 0))
        if not len(mine):
            continue
        match = _NAME.match(name)
        if match is None:
            findings.in_rows("national_name", table, mine[:1], column="table", values=[name])
        elif name not in sectors:
            findings.in_rows(
                "national_without_sectors", table, mine[:1], column="table", values=[name],
                nearest=nearest(name, sectors) or "-",
            )  # fmt: skip
        else:
            cubes = _blocks(table, mine, blocks, values, lookup, sectors[name], findings)
            found[name] = NationalTable(
                year=int(match[1]), classification=match[2], sectors=sectors[name], **cubes
            )
    return found


def _labels_of(block: str, sectors: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    return {
        "intermediate": (sectors, sectors),
        "final_demand": (sectors, _CATEGORIES),
        "imports": (sectors, ("imports",)),
        "output": (sectors, ("output",)),
        "value_added": (VALUE_ADDED_PARTS, sectors),
    }[block]


_DIMS = {
    "intermediate": ("sector_from", "sector_to"),
    "final_demand": (SECTOR, "category"),
    "imports": (SECTOR, "column"),
    "output": (SECTOR, "column"),
    "value_added": ("variable", SECTOR),
}


def _blocks(
    table: Table,
    mine: npt.NDArray[np.int64],
    blocks: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
    lookup: Mapping[str, tuple[npt.NDArray[np.int64], list[str]]],
    sectors: pd.DataFrame,
    findings: Findings,
) -> dict[str, xr.DataArray]:
    codes = [str(code) for code in sectors.index]
    cubes = {}
    for number, block in enumerate(BLOCKS):
        at = mine[blocks[mine] == number]
        labels = _labels_of(block, codes)
        if not len(at):
            place = Place(file=table.file, sheet=table.sheet, column="block", label=block)
            findings.add("national_block_missing", place, block=block, blocks=", ".join(BLOCKS))
        positions = [
            _positions(table, at, column, lookup[column], known, findings)
            for column, known in zip(("row", "column"), labels, strict=True)
        ]
        cells = _Cells(at, positions[0], positions[1])
        cube = _fill(table, cells, labels, values, findings)
        coords = {
            name: np.asarray(known, dtype=object)
            for name, known in zip(_DIMS[block], labels, strict=True)
        }
        array = xr.DataArray(cube, coords=coords, dims=_DIMS[block])
        cubes[block] = array.isel(column=0, drop=True) if "column" in array.dims else array
    return cubes


def _positions(
    table: Table,
    at: npt.NDArray[np.int64],
    column: str,
    lookup: tuple[npt.NDArray[np.int64], list[str]],
    known: Sequence[str],
    findings: Findings,
) -> npt.NDArray[np.int64]:
    codes, words = lookup
    where = {code: k for k, code in enumerate(known)}
    positions = np.array([where.get(word, -1) for word in words], dtype=np.int64)[codes[at]]
    wrong = at[positions < 0]
    if len(wrong):
        shown = [words[k] for k in codes[wrong]]
        findings.in_rows(
            "national_label_unknown", table, wrong, column=column, values=shown,
            known=first_labels(known, 8), nearest=nearest(shown[0], known) or "-",
        )  # fmt: skip
    return positions


def _fill(
    table: Table,
    cells: _Cells,
    labels: tuple[Sequence[str], Sequence[str]],
    values: npt.NDArray[np.float64],
    findings: Findings,
) -> npt.NDArray[np.float64]:
    good = (cells.rows >= 0) & (cells.columns >= 0)
    rows, columns, at = cells.rows[good], cells.columns[good], cells.at[good]
    double = np.flatnonzero(find_doubles([rows, columns]))
    shown = [f"{labels[0][rows[k]]} / {labels[1][columns[k]]}" for k in double[:5]]
    findings.in_rows("rows_double", table, at[double], values=shown)
    cube = np.zeros((len(labels[0]), len(labels[1])))
    cube[rows, columns] = values[at]
    return cube
