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
    percent,
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


def _place(run: RunView, row: dict[str, Any], before: str, language: Language) -> Cell:
    """Return the reach or region of a line; nothing where it is that of the line before."""
    region = str(row.get("region") or "")
    if (region or row["reach"]) == before:
        return Cell("")
    if region:
        return region_cell(run, region, language)
    return reach_cell(run, row["reach"], language)


def _place_name(run: RunView, code: str, language: Language) -> str:
    if code in run.regions.index:
        return run.region_name(code, language)
    return run.reaches[code].get(language) if code in run.reaches else code


def _more(run: RunView, row: dict[str, Any], language: Language) -> tuple[str, ...]:
    """Return the sentences on duplication, feasibility and a better line."""
    found = []
    others = [_place_name(run, code, language) for code in codes(row.get("also_claimed_by") or "")]
    if others:
        found.append(say("audit.duplication", language, places=join(others, language)))
    feasible, ready = finite(row.get("feasible_regions")), finite(row.get("best_readiness"))
    if feasible is not None and ready is not None and row["verdict"] != "not_testable":
        key = "audit.feasible" if feasible > 0 else "audit.infeasible"
        found.append(
            say(key, language, count=number(feasible), regions=number(row["regions"]),
                ready=percent(ready))
        )  # fmt: skip
    if row["verdict"] == "supported":
        return tuple(found)
    better = str(row.get("better_industry") or "")
    if better in run.industries.index:
        found.append(
            say("audit.better_industry", language,
                industry=run.industry_name(better, language),
                region=_place_name(run, str(row["better_industry_region"]), language),
                ready=percent(row["better_industry_readiness"]))
        )  # fmt: skip
    elsewhere = str(row.get("better_region") or "")
    if elsewhere in run.regions.index and row["verdict"] != "not_testable":
        found.append(
            say("audit.better_region", language,
                region=run.region_name(elsewhere, language),
                quotient=number(finite(row["better_region_quotient"]), 2))
        )  # fmt: skip
    return tuple(found)


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
                    _place(run, row, reach, language),
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
        remark = (" " if language == "en" else "").join((remark, *_more(run, row, language)))
        rows.append(Row((Cell(remark),), remark=True))
        reach = str(row.get("region") or row["reach"])
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
