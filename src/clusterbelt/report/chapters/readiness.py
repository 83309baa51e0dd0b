"""The chapter on readiness: what the past teaches, tested where nothing was fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    merge_grades,
    percent,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Cell, Chapter, Paragraph, Row, Section

__all__ = ["readiness_chapter"]


def _triple(row: Mapping[str, Any], name: str, digits: int, *, sign: bool = False) -> Cell:
    """Return a figure with its interval; a sign where it is a difference."""
    value, low, high = (finite(row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    if value is None:
        return Cell(number(None), "number")
    plus = "+" if sign and value > 0 else ""
    shown = f"{plus}{number(value, digits)}"
    if low is None or high is None or low == high:
        return Cell(shown, "number")
    return Cell(f"{shown} ({number(low, digits)} – {number(high, digits)})", "number")


def _found(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "readiness.validation")
    values = run.results["readiness"].values if "readiness" in run.results else {}
    if table is None or "cells" not in values:
        return ()
    rows = [
        row
        for row in records(table.frame)
        if (row["left_out"], row["held_out"], row["model"], row["cells"])
        == ("period", "all", "log_lq", "entry")
    ]
    blocks: list[Block] = []
    if rows:
        sentence = say(
            "readiness.found", language,
            cells=number(finite(values["cells"].value)),
            entries=number(finite(values["entries"].value)),
            periods=str(values["periods"].value).replace("; ", "、" if language == "zh" else ", "),
            auc=number(rows[0]["auc"], 2), low=number(finite(rows[0]["auc_low"]), 2),
            high=number(finite(rows[0]["auc_high"]), 2),
        )  # fmt: skip
        blocks.append(Paragraph(sentence, ("C",)))
    if values["model"].value == "log_lq":
        a, b = (float(str(values[name].value)) for name in ("intercept", "slope_log_lq"))
        even, below, above = (1 / (1 + np.exp(-(a + b * np.log(lq)))) for lq in (1.0, 0.75, 1.25))
        sentence = say(
            "readiness.says", language,
            even=percent(even), below=percent(below), above=percent(above),
        )  # fmt: skip
        blocks.append(Paragraph(sentence, ("C",)))
    return tuple(blocks)


def _by_group(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows over all periods, together by what was left out and the kind of cell."""
    rows = records(frame[frame["held_out"] == "all"])
    order = {key: place for place, key in enumerate(("entry", "persistence", "all"))}
    return sorted(rows, key=lambda row: (str(row["left_out"]), order.get(row["cells"], 9)))


def _validation(run: RunView, language: Language) -> Block:
    table = table_of(run, "readiness.validation")
    if table is None:
        title = say("table.readiness_validation.title", language)
        return absent(title, ("readiness.validation",), language)
    rows: list[Row] = []
    group = ""
    for row in _by_group(table.frame):
        title = say(
            "readiness.group", language,
            left_out=text(f"readiness.left_out.{row['left_out']}", language),
            cells=text(f"readiness.cells.{row['cells']}", language),
            count=number(row["count"]), successes=number(row["successes"]),
        )  # fmt: skip
        if title != group:
            rows.append(Row((Cell(title),), heading=True))
            group = title
        is_base = row["model"] == "log_lq"
        rows.append(
            Row(
                (
                    Cell(text(f"readiness.model.{row['model']}", language)),
                    _triple(row, "auc", 3),
                    _triple(row, "brier", 3),
                    Cell("", "number") if is_base else _triple(row, "auc_gain", 3, sign=True),
                )
            )
        )
    columns = (
        column("model", language),
        column("auc", language, numeric=True),
        column("brier", language, numeric=True),
        column("auc_gain", language, numeric=True),
    )
    return table_block("readiness_validation", language, columns, rows, merge_grades(table))


def _periods(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "readiness.validation")
    if table is None:
        return ()
    frame = table.frame
    rows = [
        (
            Cell(str(row["held_out"])),
            Cell(number(row["successes"]), "number"),
            Cell(text(f"readiness.model.{row['model']}", language)),
            _triple(row, "auc", 3),
            _triple(row, "brier", 3),
        )
        for row in records(frame[(frame["held_out"] != "all") & (frame["cells"] == "entry")])
    ]
    columns = (
        column("left_out", language),
        column("entries_count", language, numeric=True),
        column("model", language),
        column("auc", language, numeric=True),
        column("brier", language, numeric=True),
    )
    return (table_block("readiness_periods", language, columns, rows, merge_grades(table)),)


def _coefficients(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "readiness.coefficients")
    if table is None:
        return ()
    rows = [
        (
            Cell(text(f"readiness.model.{row['model']}", language)),
            Cell(text(f"readiness.feature.{row['feature']}", language)),
            Cell(number(row["coefficient"], 2), "number"),
            Cell(number(row["standard_error"], 2), "number"),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("model", language),
        column("feature", language),
        column("coefficient", language, numeric=True),
        column("standard_error", language, numeric=True),
    )
    grades = merge_grades(table)
    return (table_block("readiness_coefficients", language, columns, rows, grades, collapsed=True),)


def readiness_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on readiness and its validation."""
    notes: tuple[Callout, ...] = stage_notes(run, "readiness", language)
    return Chapter(
        id="readiness",
        title=say("chapter.readiness.title", language),
        lead=say("chapter.readiness.lead", language),
        blocks=(
            *_found(run, language),
            *notes,
            figure_block(run, "readiness_calibration", language),
            _validation(run, language),
        ),
        sections=tuple(
            Section(say(f"readiness.{key}", language), blocks)
            for key, blocks in (
                ("single", _periods(run, language)),
                ("weights", _coefficients(run, language)),
            )
            if blocks
        ),
    )
