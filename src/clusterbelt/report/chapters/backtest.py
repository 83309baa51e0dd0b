"""The chapter on the backtest: plans of the past, held against what followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    frame_of,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Cell, Chapter, Paragraph, Row, Section

__all__ = ["backtest_chapter"]


def _shown(row: Mapping[str, Any], name: str) -> str:
    """Return a figure with its interval: shares in per cent, correlations as they are."""
    low, high = (f"{name}_low", f"{name}_high") if name == "ahead" else ("low", "high")
    figures = [finite(row[key]) for key in (name, low, high)]
    if figures[0] is None:
        return number(None)
    share = row["kind"] == "precision"
    made = [percent(one) if share else number(one, 2) for one in figures]
    return made[0] if None in figures else f"{made[0]} ({made[1]} – {made[2]})"


def _decided(row: Mapping[str, Any], language: Language) -> str:
    low, high = finite(row["ahead_low"]), finite(row["ahead_high"])
    if row["method"] == "plan" or low is None or high is None:
        return ""
    word = "ahead" if low > 0 else "behind" if high < 0 else "undecided"
    return text(f"backtest.{word}", language)


def _summary(run: RunView, language: Language) -> tuple[Block, ...]:
    frame = frame_of(run, "backtest.scores")
    if frame is None:
        return ()
    values = run.results["backtest"].values
    names = ("comparisons", "plan_ahead", "plan_behind", "undecided")
    blocks: list[Block] = []
    if values.keys() >= set(names):
        counts = {name: number(finite(values[name].value)) for name in names}
        blocks.append(Paragraph(say("backtest.found", language, **counts), ("C",)))
    change = frame[
        (frame["kind"] == "correlation")
        & (frame["against"] == "change")
        & (frame["method"] == "plan")
    ]
    listed = [
        say("backtest.one", language, year=row["year"], until=row["until"],
            value=number(row["value"], 2), low=number(finite(row["low"]), 2),
            high=number(finite(row["high"]), 2))
        for row in records(change)
    ]  # fmt: skip
    # No skill at telling who gains is the main thing a reader has to know.
    skill = all((finite(row["low"]) or 0.0) > 0.0 for row in records(change))
    joint = ("；" if language == "zh" else "; ").join(listed)
    key = "backtest.skill" if skill else "backtest.no_skill"
    blocks.append(Callout("note" if skill else "warning", say("backtest.skill_title", language),
                          (say(key, language, figures=joint),)))  # fmt: skip
    return tuple(blocks)


def _scores(run: RunView, kind: str, language: Language) -> Block:
    table = table_of(run, "backtest.scores")
    key = f"backtest_{kind}"
    if table is None:
        return absent(say(f"table.{key}.title", language), ("backtest.scores",), language)
    part = "hit" if kind == "precision" else "truth"
    rows: list[Row] = []
    group = ""
    for row in records(table.frame[table.frame["kind"] == kind]):
        title = say(
            f"backtest.{kind}_group", language,
            year=row["year"], until=row["until"], count=number(row["count"]),
            against=text(f"backtest.{part}.{row['against']}", language),
        )  # fmt: skip
        if title != group:
            rows.append(Row((Cell(title),), heading=True))
            group = title
        own = row["method"] == "plan"
        rows.append(
            Row(
                (
                    Cell(text(f"backtest.method.{row['method']}", language)),
                    Cell(_shown(row, "value"), "number"),
                    Cell("" if own else _shown(row, "ahead"), "number"),
                    Cell(_decided(row, language)),
                )
            )
        )
    columns = (
        column("method", language),
        column(kind, language, numeric=True),
        column("plan_ahead", language, numeric=True),
        column("surely", language),
    )
    return table_block(key, language, columns, rows, merge_grades(table))


def _pairs(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "backtest.pairs")
    if table is None:
        return ()
    industries = set(run.industries.index)
    rows = [
        (
            Cell(f"{row['year']}–{row['until']}"),
            region_cell(run, row["region"], language),
            industry_cell(run, row["industry"], language)
            if row["industry"] in industries
            else Cell(str(row["industry"])),
            number_cell(row["location_quotient"], 2),
            number_cell(row["location_quotient_later"], 2),
            number_cell(1000 * row["excess_change"], 2),
        )
        for row in records(table.frame[table.frame["planned"]])
    ]
    columns = (
        column("period", language),
        column("region", language),
        column("industry", language),
        column("lq_then", language, numeric=True),
        column("lq_later", language, numeric=True),
        column("excess_change", language, "‰", numeric=True),
    )
    grades = merge_grades(table)
    return (table_block("backtest_pairs", language, columns, rows, grades, collapsed=True),)


def backtest_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on plans of the past."""
    sections = tuple(
        Section(say(f"backtest.{key}", language), blocks)
        for key, blocks in (
            ("correlation", (_scores(run, "correlation", language),)),
            ("pairs", _pairs(run, language)),
        )
        if blocks
    )
    return Chapter(
        id="backtest",
        title=say("chapter.backtest.title", language),
        lead=say("chapter.backtest.lead", language),
        blocks=(
            *_summary(run, language),
            figure_block(run, "backtest", language),
            _scores(run, "precision", language),
            *stage_notes(run, "backtest", language),
        ),
        sections=sections,
    )
