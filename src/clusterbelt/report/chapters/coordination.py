"""Chapter 8: who duplicates whom, and who could supply whom."""

from __future__ import annotations

from typing import Any

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.coordination_more import degree_rows
from clusterbelt.plot.labels import MoneyScale, finite, money_scale, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    grade_cell,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
    reach_cell,
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
    Row,
    Section,
    TableBlock,
)

__all__ = ["coordination_chapter"]

SHOWN_MATCHES = 20
SHOWN_TECHNOLOGY = 15
SUBSYSTEMS = ("foundation", "industry", "environment")


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


def _with_interval(row: dict[str, Any], money: MoneyScale, name: str = "value") -> str:
    """Show an amount and, where it is known, its interval."""
    low, high = finite(row.get("low")), finite(row.get("high"))
    shown = money.show(finite(row[name]))
    return (
        shown if low is None or high is None else f"{shown} ({money.show(low)}–{money.show(high)})"
    )


def _totals(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "coordination.match_totals")
    if table is None:
        title = say("table.match_totals.title", language)
        return absent(title, ("coordination.match_totals",), language)
    money = money_scale(run, language)
    names = ("bought_outside", "bought_abroad", "supplier_room", "matched_at_once")
    rows = [
        (
            industry_cell(run, row["industry"], language),
            *(Cell(money.show(finite(row[name])), "number") for name in names),
            Cell(percent(row["matched_share"]), "number", share=finite(row["matched_share"])),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("industry", language),
        *(column(name, language, money.unit, numeric=True) for name in names),
        column("matched_share", language, numeric=True),
    )
    return table_block("match_totals", language, columns, rows, merge_grades(table))


def _technology(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "coordination.technology_potential")
    if table is None:
        title = say("table.technology.title", language)
        return absent(title, ("coordination.technology_potential",), language)
    money = money_scale(run, language)
    rows = [
        (
            region_cell(run, row["region_from"], language),
            region_cell(run, row["region_to"], language),
            Cell(_with_interval(row, money, "potential"), "number"),
            Cell(percent(row["share_of_bought"], 1), "number"),
            Cell(money.show(finite(row["sold"])), "number"),
            number_cell(row["nearness"], 2),
            number_cell(row["distance_km"]),
        )
        for row in records(table.frame.head(SHOWN_TECHNOLOGY))
    ]
    columns = (
        column("technology_seller", language),
        column("technology_buyer", language),
        column("potential", language, money.unit, numeric=True),
        column("share_of_bought", language, numeric=True),
        column("technology_sold", language, money.unit, numeric=True),
        column("nearness", language, numeric=True),
        column("distance", language, "km", numeric=True),
    )
    figures = {"shown": len(rows), "listed": len(table.frame)}
    return table_block("technology", language, columns, rows, merge_grades(table), figures=figures)


def _degree(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "coordination.coordination_degree")
    if table is None:
        title = say("table.degree.title", language)
        return absent(title, ("coordination.coordination_degree",), language)
    rows = []
    for row in degree_rows(run):
        reach = row["level"] == "reach"
        interval = f"{number(row['low'], 2)}–{number(row['high'], 2)}"
        cell = reach_cell if reach else region_cell
        cells = (
            cell(run, row["place"], language),
            *(number_cell(row[name], 2) for name in SUBSYSTEMS),
            number_cell(row["coupling"], 2),
            Cell(f"{number(row['coordination'], 2)} ({interval})", "number"),
            number_cell(row["coordination_modified"], 2),
        )
        rows.append(Row(cells))
    columns = (
        column("place", language),
        *(column(f"subsystem_{name}", language, numeric=True) for name in SUBSYSTEMS),
        column("coupling", language, numeric=True),
        column("coordination", language, numeric=True),
        column("coordination_modified", language, numeric=True),
    )
    return table_block("degree", language, columns, rows, merge_grades(table))


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
            Cell(_with_interval(row, money), "number"),
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
                    _totals(run, language),
                    *stage_notes(run, "coordination", language),
                ),
            ),
            Section(
                say("section.technology", language),
                (figure_block(run, "technology_potential", language), _technology(run, language)),
            ),
            Section(
                say("section.degree", language),
                (figure_block(run, "coordination_degree", language), _degree(run, language)),
            ),
        ),
    )
