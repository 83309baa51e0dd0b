"""Chapter 9: the published roadmap, line by line, against evidence and plan."""

from __future__ import annotations

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
from clusterbelt.report.document import Callout, Cell, Chapter, TableBlock

__all__ = ["audit_chapter"]


def _reason(reason: object, language: Language) -> str:
    for prefix in ("audit.reason", "audit"):
        if has_text(f"{prefix}.{reason}", language):
            return text(f"{prefix}.{reason}", language)
    return str(reason)


def _in_plan(state: object, language: Language) -> str:
    key = f"report.in_plan.{state}"
    return text(key, language) if has_text(key, language) else str(state)


def _lines(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "audit.audit")
    if table is None:
        return absent(say("table.audit.title", language), ("audit.audit",), language)
    rows = []
    for row in records(table.frame):
        parents = [code for code in codes(row["industries"]) if code in run.industries.index]
        named = join((run.industry_name(code, language) for code in parents), language)
        rows.append(
            (
                reach_cell(run, row["reach"], language),
                Cell(str(row[f"name_{language}"])),
                Cell(named or number(None)),
                region_cell(run, row["best_region"], language),
                number_cell(finite(row["best_location_quotient"]), 2),
                number_cell(row["specialised_regions"]),
                Cell(_in_plan(row["in_plan"], language)),
                verdict_cell(row["verdict"], language),
                Cell(_reason(row["reason"], language)),
                grade_cell(row, table),
            )
        )
    columns = (
        column("reach", language),
        column("claim_line", language),
        column("measured_by", language),
        column("best_region", language),
        column("best_quotient", language, numeric=True),
        column("specialised", language, numeric=True),
        column("in_plan", language),
        column("verdict", language),
        column("reason", language),
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
