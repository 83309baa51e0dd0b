"""Chapter 9: the published roadmap, line by line, against evidence and plan."""

from __future__ import annotations

from typing import Any

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import codes, finite, join, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    grade_cell,
    merge_grades,
    number_cell,
    reach_cell,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
    verdict_cell,
)
from clusterbelt.report.document import Callout, Cell, Chapter, Row, TableBlock

__all__ = ["audit_chapter"]


def _reason(reason: object, language: Language) -> str:
    for prefix in ("audit.reason", "audit"):
        if has_text(f"{prefix}.{reason}", language):
            return text(f"{prefix}.{reason}", language)
    return str(reason)


def _in_plan(state: object, language: Language) -> str:
    key = f"report.in_plan.{state}"
    return text(key, language) if has_text(key, language) else str(state or number(None))


def _count(row: dict[str, Any]) -> Cell:
    """Return how many regions of the reach are specialised, and of how many."""
    shown = number(finite(row["specialised_regions"]))
    regions = finite(row.get("regions"))
    return Cell(shown if regions is None else f"{shown} / {number(regions)}", "number")


def _lines(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "audit.audit")
    if table is None:
        return absent(say("table.audit.title", language), ("audit.audit",), language)
    rows: list[Row] = []
    reach = ""
    for row in records(table.frame):
        parents = [code for code in codes(row["industries"]) if code in run.industries.index]
        named = join((run.industry_name(code, language) for code in parents), language)
        rows.append(
            Row(
                (
                    Cell("") if row["reach"] == reach else reach_cell(run, row["reach"], language),
                    Cell(str(row[f"name_{language}"])),
                    verdict_cell(row["verdict"], language),
                    region_cell(run, row["best_region"], language),
                    number_cell(finite(row["best_location_quotient"]), 2),
                    _count(row),
                    Cell(_in_plan(row["in_plan"], language)),
                    grade_cell(row, table),
                )
            )
        )
        reason = _reason(row["reason"], language)
        key = "audit.measured" if named else "audit.unmeasured"
        remark = say(key, language, industries=named, reason=reason)
        rows.append(Row((Cell(remark),), remark=True))
        reach = str(row["reach"])
    columns = (
        column("reach", language),
        column("claim_line", language),
        column("verdict", language),
        column("best_region", language),
        column("best_quotient", language, numeric=True),
        column("specialised", language, numeric=True),
        column("in_plan", language),
        column("grade", language),
    )
    return table_block("audit", language, columns, rows, merge_grades(table))


def audit_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter that compares the plan with the published roadmap."""
    return Chapter(
        id="audit",
        title=say("chapter.audit.title", language),
        lead=say("chapter.audit.lead", language),
        blocks=(
            figure_block(run, "audit", language),
            _lines(run, language),
            *stage_notes(run, "audit", language),
        ),
    )
