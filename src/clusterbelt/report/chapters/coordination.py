"""Chapter 8: who duplicates whom, and who could supply whom."""

from __future__ import annotations

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, money_scale, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    grade_cell,
    industry_cell,
    merge_grades,
    number_cell,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import (
    Block,
    Callout,
    Cell,
    Chapter,
    Paragraph,
    Section,
    TableBlock,
)

__all__ = ["coordination_chapter"]

SHOWN_MATCHES = 20


def _similarity_reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "coordination.similarity")
    if table is None:
        return ()
    frame = table.frame.dropna(subset=["before", "after"])
    without = frame["without_plan" if "without_plan" in frame.columns else "before"]
    if frame.empty:
        return ()
    ordered = frame.sort_values(["before", "region_a", "region_b"], ascending=[False, True, True])
    most = records(ordered)[0]
    sentence = say(
        "coordination.reading", language,
        a=run.region_name(str(most["region_a"]), language),
        b=run.region_name(str(most["region_b"]), language), most=number(most["before"], 3),
        before=number(float(frame["before"].mean()), 3),
        without=number(float(without.mean()), 3),
        after=number(float(frame["after"].mean()), 3), pairs=len(frame),
        less=int((frame["after"] < without).sum()),
    )  # fmt: skip
    return (Paragraph(sentence, merge_grades(table)),)


def _duplication(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "coordination.duplication")
    if table is None:
        title = say("table.duplication.title", language)
        return absent(title, ("coordination.duplication",), language)
    rows = [
        (
            industry_cell(run, row["industry"], language),
            number_cell(row["specialised_regions_before"]),
            number_cell(row["core_regions_after"]),
            number_cell(row["clusters_after"]),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("industry", language),
        column("specialised_before", language, numeric=True),
        column("core_after", language, numeric=True),
        column("clusters_after", language, numeric=True),
    )
    return table_block("duplication", language, columns, rows, merge_grades(table))


def _matches(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "coordination.matches")
    if table is None:
        title = say("table.matches.title", language)
        return absent(title, ("coordination.matches",), language)
    money = money_scale(run, language)
    ordered = table.frame.sort_values("value", ascending=False, kind="stable")
    rows = [
        (
            industry_cell(run, row["industry"], language),
            region_cell(run, row["region_from"], language),
            region_cell(run, row["region_to"], language),
            Cell(money.show(finite(row["bought_outside"])), "number"),
            number_cell(row["supplier_location_quotient"], 2),
            Cell(money.show(finite(row["value"])), "number"),
            number_cell(row["distance_km"]),
            grade_cell(row, table),
        )
        for row in records(ordered.head(SHOWN_MATCHES))
    ]
    columns = (
        column("industry", language),
        column("supplier", language),
        column("buyer", language),
        column("bought_outside", language, money.unit, numeric=True),
        column("supplier_quotient", language, numeric=True),
        column("match_value", language, money.unit, numeric=True),
        column("distance", language, "km", numeric=True),
        column("grade", language),
    )
    figures = {"shown": len(rows), "listed": len(ordered)}
    return table_block("matches", language, columns, rows, merge_grades(table), figures=figures)


def coordination_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on coordination."""
    return Chapter(
        id="coordination",
        title=say("chapter.coordination.title", language),
        lead=say("chapter.coordination.lead", language),
        blocks=(
            *_similarity_reading(run, language),
            figure_block(run, "similarity", language),
            _duplication(run, language),
        ),
        sections=(
            Section(
                say("section.matches", language),
                (
                    figure_block(run, "matches", language),
                    _matches(run, language),
                    *stage_notes(run, "coordination", language),
                ),
            ),
        ),
    )
