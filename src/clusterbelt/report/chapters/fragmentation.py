"""Chapter 7: what it costs when every region plans alone."""

from __future__ import annotations

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, money_scale, records
from clusterbelt.report.chapters.summary import PARTS
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    grade_cell,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Cell, Chapter, Paragraph, TableBlock

__all__ = ["fragmentation_chapter"]


# Tables of the plan by who plans alone: every region, every reach.
_PLANNERS = {"region": "plan.fragmentation", "reach": "plan.fragmentation_reach"}


def _parts_table(run: RunView, language: Language) -> TableBlock | Callout:
    tables = {who: table_of(run, need) for who, need in _PLANNERS.items()}
    first = tables["region"]
    if first is None:
        title = say("table.fragmentation.title", language)
        return absent(title, ("plan.fragmentation",), language)
    money = money_scale(run, language)
    extra = [name for name in ("price_without_rules",) if name in first.frame.columns]
    rows = [
        (
            Cell(say(f"fragmentation.planner.{who}", language)),
            Cell(text(f"plot.belief.{row['belief']}", language)),
            Cell(money.show(finite(row["joint_value"])), "number"),
            Cell(money.show(finite(row["alone_value"])), "number"),
            *(Cell(money.show(finite(row[part])), "number") for part in PARTS),
            Cell(percent(row["price"], 1), "number"),
            *(Cell(percent(row[name], 1), "number") for name in extra),
            grade_cell(row, table),
        )
        for who, table in tables.items()
        if table is not None
        for row in records(table.frame)
    ]
    columns = (
        column("planner", language),
        column("belief", language),
        column("joint_value", language, money.unit, numeric=True),
        column("alone_value", language, money.unit, numeric=True),
        *(column(part, language, money.unit, numeric=True) for part in PARTS),
        column("price", language, numeric=True),
        *(column(name, language, numeric=True) for name in extra),
        column("grade", language),
    )
    return table_block("fragmentation", language, columns, rows, merge_grades(*tables.values()))


def _reach_reading(run: RunView, language: Language) -> tuple[Block, ...]:
    """Say how much of the price remains when reaches plan instead of regions."""
    regions, reaches = (table_of(run, need) for need in _PLANNERS.values())
    if regions is None or reaches is None:
        return ()
    prices = {row["belief"]: row["price"] for row in records(regions.frame)}
    return tuple(
        Paragraph(
            say(
                "fragmentation.reach_reading", language,
                belief=text(f"plot.belief.{row['belief']}", language),
                reach=percent(row["price"], 1), region=percent(prices.get(row["belief"]), 1),
            ),
            merge_grades(regions, reaches),
        )
        for row in records(reaches.frame)
    )  # fmt: skip


def _alone_table(run: RunView, language: Language) -> tuple[Block, ...]:
    alone, clusters = table_of(run, "plan.alone"), table_of(run, "plan.clusters")
    if alone is None:
        return (absent(say("table.alone.title", language), ("plan.alone",), language),)
    frame = alone.frame[alone.frame["added_output"] > 0]
    counts = (
        frame.groupby(["industry", "belief"])["region"].nunique().unstack("belief", fill_value=0)
    )
    joint = {} if clusters is None else dict(clusters.frame.groupby("industry").size())
    rows = [
        (
            industry_cell(run, industry, language),
            number_cell(joint.get(industry, 0)),
            *(
                number_cell(counts.at[industry, belief] if belief in counts.columns else None)
                for belief in ("own_share", "whole_market")
            ),
        )
        for industry in sorted(counts.index)
    ]
    columns = (
        column("industry", language),
        column("clusters_joint", language, numeric=True),
        column("regions_own_share", language, numeric=True),
        column("regions_whole_market", language, numeric=True),
    )
    grades = merge_grades(alone, clusters)
    return (table_block("alone", language, columns, rows, grades),)


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "plan.fragmentation")
    if table is None:
        return ()
    found: list[Block] = []
    for row in records(table.frame):
        largest = max(PARTS, key=lambda part: abs(finite(row[part]) or 0.0))
        sentence = say(
            "fragmentation.reading", language,
            belief=text(f"plot.belief.{row['belief']}", language),
            price=percent(row["price"], 1), largest=text(f"report.part.{largest}", language),
            share=percent(row[f"{largest}_share"], 1),
            synergy=percent(row["synergy_share"], 1),
        )  # fmt: skip
        found.append(Paragraph(sentence, merge_grades(table)))
    return tuple(found)


def fragmentation_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on the price of fragmentation."""
    warning = Callout(
        "assumption",
        say("fragmentation.assumption.title", language),
        (say("fragmentation.assumption.text", language),),
    )
    return Chapter(
        id="fragmentation",
        title=say("chapter.fragmentation.title", language),
        lead=say("chapter.fragmentation.lead", language),
        blocks=(
            *_reading(run, language),
            figure_block(run, "fragmentation", language),
            _parts_table(run, language),
            *_reach_reading(run, language),
            warning,
            *_alone_table(run, language),
        ),
    )
