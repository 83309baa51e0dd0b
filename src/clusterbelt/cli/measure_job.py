"""What ``clusterbelt measure`` does: read the tables, call the measure, write what it gives."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pandas as pd
import vl_convert
import xarray as xr
from altair.utils.schemapi import debug_mode

from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.core.registry import Measure
from clusterbelt.core.strings import Language
from clusterbelt.io.atomic import write_bytes_atomic
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import read_words
from clusterbelt.io.measure_table import NAMES, MeasureTable, TableChoice, read_measure_table
from clusterbelt.io.table import Table
from clusterbelt.measures.index import load_measure, measure_index
from clusterbelt.measures.pipeline import Absent
from clusterbelt.measures.pipeline_call import (
    call_measure,
    inputs_of,
    read_options,
    result_frame,
)
from clusterbelt.model.dims import INDUSTRY, REGION, VALUE
from clusterbelt.plot.measure_chart import MOST_CELLS, can_draw, draw_measure
from clusterbelt.plot.render import spec_of

__all__ = ["MeasureDone", "MeasureJob", "run_measure", "write_measure"]

_REFERENCE = "reference"
_ALL = "all"
_TABLES = (".csv", ".parquet", ".xlsx")
_CHARTS = (".svg", ".png", ".html")


@dataclass(frozen=True)
class MeasureJob:
    """One measure of one table, as asked for on the command line."""

    name: str
    table: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    years: Sequence[int] = ()
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reference: str | None = None
    inputs: Mapping[str, Path] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    absent: str = "missing"
    sheet: str | None = None
    unit: str = ""


@dataclass(frozen=True)
class MeasureDone:
    """The result, its unit, which reference area it has ("" for none), what was remarked."""

    measure: Measure
    result: xr.DataArray | xr.Dataset
    frame: pd.DataFrame
    value_columns: tuple[str, ...]
    unit: str
    reference: str
    figures: Mapping[str, object]
    issues: tuple[Issue, ...]


def _find(name: str) -> Measure:
    known = list(measure_index())
    if name not in known:
        params = {"name": name, "nearest": nearest(name, known) or "-"}
        raise InputError([Issue("measure_unknown", Place(), params)])
    return load_measure(name)


def _check_absent(word: str) -> Absent:
    if word not in ("missing", "zero"):
        raise InputError([Issue("measure_absent_word", Place(label="--absent"), {"given": word})])
    return cast(Absent, word)


def _read_input(
    name: str, path: Path, years: Sequence[int], findings: Findings
) -> MeasureTable | None:
    dims = [dim for dim in NAMES if dim not in {VALUE, "year"}]
    choice = TableChoice(years=years)
    return read_measure_table(path, None, choice, findings, among=dims, option=f"--with {name}")


def _settled(array: xr.DataArray, years: Sequence[int]) -> xr.DataArray:
    """Drop the dimension of years where there is one year only."""
    return array.isel(year=0, drop=True) if array.sizes.get("year") == 1 else array


def _check_labels(extra: MeasureTable, main: xr.DataArray, name: str, findings: Findings) -> None:
    """Name the rows whose labels the main table lacks, and the labels that have no row."""
    for dim in extra.measured.dims:
        if dim not in main.dims or dim == "year":
            continue
        here = {str(label) for label in main.get_index(dim)}
        words = read_words(extra.table, str(dim))
        unknown = ~words.isin(here).to_numpy(bool)
        findings.in_rows(
            "measure_label_foreign", extra.table, unknown, column=str(dim),
            values=words[unknown], dim=dim, name=name,
        )  # fmt: skip
        lacking = sorted(here - set(words))
        if lacking:
            findings.in_table(
                "measure_label_lacking", extra.table, str(dim), dim=dim, name=name,
                labels=", ".join(lacking[:5]), count=len(lacking),
            )  # fmt: skip


def _reference(
    job: MeasureJob, measure: Measure, main: MeasureTable, findings: Findings
) -> tuple[dict[str, Path], dict[str, xr.DataArray], str]:
    """Return the tables still to be read, the reference if it is known, and its word."""
    tables = dict(job.inputs)
    takes = _REFERENCE in inputs_of(measure)
    if job.reference is None:
        word = "table" if _REFERENCE in tables else "own" if takes else ""
        return tables, {}, word
    place = Place(label=f"--reference {job.reference}")
    if not takes:
        findings.add("measure_reference_none", place, measure=measure.spec.name)
        return tables, {}, ""
    if job.reference != _ALL:
        return tables | {_REFERENCE: Path(job.reference)}, {}, "table"
    if not {REGION, INDUSTRY} <= set(measure.spec.gives):
        findings.add("measure_reference_all", place, measure=measure.spec.name)
        return tables, {}, ""
    total = _settled(main.whole, job.years).sum(REGION, skipna=False)
    return tables, {_REFERENCE: total}, "all"


def run_measure(job: MeasureJob) -> MeasureDone:
    """Read the tables, call the measure.

    Raises
    ------
    InputError
        With every problem of the command line and the tables.
    """
    measure = _find(job.name)
    absent = _check_absent(job.absent)
    findings = Findings()
    try:
        options = read_options(measure, job.options)
    except InputError as error:
        findings.issues += error.issues
        options = {}
    choice = TableChoice(job.columns, job.where, job.only, job.years, absent, job.sheet)
    main = read_measure_table(job.table, measure.spec.needs, choice, findings)
    if main is None:
        raise InputError(findings.errors)
    array = _settled(main.measured, job.years).assign_attrs(unit=job.unit)
    tables, inputs, word = _reference(job, measure, main, findings)
    for name, path in tables.items():
        extra = _read_input(name, path, job.years, findings)
        if extra is not None:
            _check_labels(extra, main.measured, name, findings)
            inputs[name] = _settled(extra.measured, job.years)
    if findings.errors:
        raise InputError(findings.errors)
    if main.absent_cells:
        findings.in_table(
            "measure_cells_absent", main.table, severity="warning", count=main.absent_cells
        )
    result = _call(measure, array, inputs, options, main.table)
    frame = result_frame(result)
    names = [str(name) for name in result.data_vars] if isinstance(result, xr.Dataset) else []
    values = tuple(names) or (str(frame.columns[-1]),)
    figures = {"regions": main.whole.sizes.get(REGION, 0)}
    unit = str(result.attrs.get("unit", measure.spec.unit)) or measure.spec.unit or job.unit
    return MeasureDone(
        measure, result, frame, values, unit, word, figures, tuple(findings.issues)
    )  # fmt: skip


def _call(
    measure: Measure,
    array: xr.DataArray,
    inputs: Mapping[str, xr.DataArray],
    options: Mapping[str, Any],
    table: Table,
) -> xr.DataArray | xr.Dataset:
    try:
        return call_measure(measure, array, inputs, options)
    except InputError as error:
        findings = Findings()
        written = pd.to_numeric(table.frame[VALUE], errors="coerce").to_numpy(float)
        negative = written < 0
        if "negative" in str(error) and negative.any():
            findings.in_rows(
                "measure_negative", table, negative, column=VALUE,
                values=[f"{one:g}" for one in written[negative][:6]], measure=measure.spec.name,
            )  # fmt: skip
            raise InputError(findings.issues) from error
        raise


def _spread(done: MeasureDone) -> xr.DataArray | None:
    if isinstance(done.result, xr.Dataset) or not can_draw(done.result):
        return None
    return done.result


def _table_bytes(frame: pd.DataFrame, suffix: str) -> bytes:
    if suffix == ".csv":
        return frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    stream = io.BytesIO()
    if suffix == ".parquet":
        frame.to_parquet(stream, index=False)
    else:
        frame.to_excel(stream, index=False, engine="xlsxwriter")
    return stream.getvalue()


def _chart_bytes(values: xr.DataArray, done: MeasureDone, suffix: str, language: Language) -> bytes:
    title = done.measure.spec.title(language)
    with debug_mode(False):
        spec = spec_of(draw_measure(values, title, done.unit), language)
    spec["background"] = "white"
    if suffix == ".svg":
        return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])).encode()
    if suffix == ".png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
    page = vl_convert.vegalite_to_html(spec, bundle=True)
    return str(page).encode()


def write_measure(done: MeasureDone, path: Path, language: Language) -> None:
    """Write the result as a table or a chart, by the name's ending.

    Raises
    ------
    InputError
        If the ending is none of those known, or the result has no chart.
    """
    suffix = path.suffix.lower()
    place = Place(file=str(path))
    if suffix in _TABLES:
        write_bytes_atomic(path, _table_bytes(done.frame, suffix))
        return
    if suffix not in _CHARTS:
        params = {"known": ", ".join((*_TABLES, *_CHARTS)), "suffix": suffix or "-"}
        raise InputError([Issue("measure_out_kind", place, params)])
    values = _spread(done)
    if values is None:
        dims = ", ".join(str(dim) for dim in done.result.dims) or "-"
        params = {"dims": dims, "most": str(MOST_CELLS)}
        raise InputError([Issue("measure_no_chart", place, params)])
    write_bytes_atomic(path, _chart_bytes(values, done, suffix, language))
