"""Chapter 6: what demand admits, and how much of it the plan takes."""

from __future__ import annotations

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.demand import ceiling_use
from clusterbelt.plot.labels import finite, money_scale, number, phases, records
from clusterbelt.report.chapters.demand_analysis import analysis_sections
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    frame_of,
    grade_cell,
    industry_cell,
    merge_grades,
    percent,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Cell, Chapter, Paragraph, TableBlock

__all__ = ["demand_chapter"]

_ORIGINS = ("from_imports", "from_market")


def _growth(run: RunView) -> dict[str, float]:
    """Return each industry's required output of the last phase relative to the base year."""
    required = frame_of(run, "demand.required_output")
    if required is None:
        return {}
    rows = required[required["year"] == phases(run)[-1].end_year]
    return {str(row["industry"]): float(row["index"]) for row in records(rows)}


def _ceilings(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "demand.ceilings")
    if table is None:
        return absent(say("table.ceilings.title", language), ("demand.ceilings",), language)
    money = money_scale(run, language)
    last = phases(run)[-1].end_year
    growth = _growth(run)
    origins = [name for name in _ORIGINS if name in table.frame.columns]
    used = (
        {str(row["industry"]): float(row["used"]) for row in ceiling_use(run)}
        if table_of(run, "plan.trajectory") is not None
        else {}
    )
    rows = []
    for row in records(table.frame[table.frame["year"] == last]):
        industry, ceiling = str(row["industry"]), finite(row["ceiling"])
        if used and industry not in used:
            continue
        share = used[industry] / ceiling if industry in used and ceiling else None
        rows.append(
            (
                industry_cell(run, industry, language),
                Cell(number(growth.get(industry), 2), "number"),
                Cell(percent(row["belt_share"], 1), "number"),
                Cell(money.show(finite(row["baseline_output"])), "number"),
                *(Cell(money.show(finite(row[name])), "number") for name in origins),
                Cell(money.show(ceiling), "number"),
                Cell(money.show(used.get(industry)), "number"),
                Cell(percent(share), "number", share=share),
                grade_cell(row, table),
            )
        )
    columns = (
        column("industry", language),
        column("required_index", language, say("unit.base", language), numeric=True),
        column("belt_share", language, numeric=True),
        column("baseline_output", language, money.unit, numeric=True),
        *(column(name, language, money.unit, numeric=True) for name in origins),
        column("ceiling", language, money.unit, numeric=True),
        column("plan_use", language, money.unit, numeric=True),
        column("share_used", language, numeric=True),
        column("grade", language),
    )
    figures = {"year": last}
    return table_block("ceilings", language, columns, rows, merge_grades(table), figures=figures)


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "demand.ceilings")
    if table is None or table_of(run, "plan.trajectory") is None:
        return ()
    rows = ceiling_use(run)
    if not rows:
        return ()
    money = money_scale(run, language)
    ceiling = sum(float(row["ceiling"]) for row in rows)
    used = sum(float(row["used"]) for row in rows)
    sentence = say(
        "demand.reading", language,
        industries=len(rows), ceiling=money.say(ceiling),
        used=money.say(used),
        share=percent(used / ceiling if ceiling > 0 else None), year=phases(run)[-1].end_year,
    )  # fmt: skip
    return (Paragraph(sentence, merge_grades(table, table_of(run, "plan.trajectory"))),)


def demand_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on demand."""
    return Chapter(
        id="demand",
        title=say("chapter.demand.title", language),
        lead=say("chapter.demand.lead", language),
        blocks=(
            *_reading(run, language),
            figure_block(run, "demand_use", language),
            _ceilings(run, language),
            *stage_notes(run, "demand", language),
        ),
        sections=analysis_sections(run, language),
    )
