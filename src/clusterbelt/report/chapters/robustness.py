"""The chapter on how sure the plan is: survival, flips, price, borders, why not, frontiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, money_scale, number, records, region_names
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
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
from clusterbelt.report.document import Block, Cell, Chapter, Paragraph, Section

__all__ = ["robustness_chapter"]

_FLIPS_PER_CHOICE = 2
_FLIPS_SHOWN, _REGRETS_SHOWN, _PRIORITIES_SHOWN = 20, 20, 20
_PARTS = ("price", "allocation", "overcapacity", "synergy")
_TINY = 1e-9  # of the joint value: rounding


def _pair(run: RunView, row: Mapping[str, Any], language: Language) -> str:
    return say(
        "robustness.pair_names", language,
        region=run.region_name(str(row["region"]), language),
        industry=run.industry_name(str(row["industry"]), language),
    )  # fmt: skip


def _setting(run: RunView, name: str) -> float:
    return float(run.study.get("robustness", {}).get(name, 0.0))


def _value(run: RunView, name: str) -> float | None:
    result = run.results.get("robustness")
    found = None if result is None else result.values.get(name)
    return None if found is None else finite(found.value)


def _summary(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.selection")
    if table is None or not _value(run, "draws"):
        return (absent(say("chapter.robustness.title", language),
                       ("robustness.selection",), language),)  # fmt: skip
    frame, money = table.frame, money_scale(run, language)
    inside = frame[frame["in_plan"].astype(bool)]
    counts = inside["standing"].value_counts()
    sentence = say(
        "robustness.summary", language,
        draws=number(_value(run, "draws_with_plan")), choices=len(inside),
        limit=percent(_setting(run, "no_regret_share")),
        no_regret=int(counts.get("no_regret", 0)), contingent=int(counts.get("contingent", 0)),
        fragile=int(counts.get("fragile", 0)),
        low=money.say(_value(run, "joint_value_p05")),
        high=money.say(_value(run, "joint_value_p95")),
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(sentence, merge_grades(table))]
    outside = frame[~frame["in_plan"].astype(bool) & (frame["standing"] == "no_regret")]
    if len(outside):
        pairs = join((_pair(run, row, language) for row in records(outside)), language)
        limit = percent(_setting(run, "no_regret_share"))
        line = say("robustness.overlooked", language, limit=limit, pairs=pairs)
        blocks.append(Paragraph(line, merge_grades(table)))
    return tuple(blocks)


def _standing(row: Mapping[str, Any], language: Language) -> Cell:
    standing = row["standing"]
    known = isinstance(standing, str)
    return Cell(text(f"plot.standing.{standing}", language) if known else number(None))


def _survival(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.cluster_survival")
    if table is None:
        return ()
    rows = [
        (
            Cell(str(row["cluster"]), "code"),
            industry_cell(run, row["industry"], language),
            Cell(region_names(run, row["members"], language)),
            number_cell(_percent(row["exact"])),
            number_cell(_percent(row["together"]), share=finite(row["together"])),
            number_cell(_percent(row["weakest"])),
            _standing(row, language),
        )
        for row in records(table.frame.sort_values("together", ascending=False, kind="stable"))
    ]
    columns = (
        column("planned_cluster", language),
        column("industry", language),
        column("members", language),
        column("exact", language, "%", numeric=True),
        column("together", language, "%", numeric=True),
        column("weakest", language, "%", numeric=True),
        column("standing", language),
    )
    sure = table.frame[table.frame["standing"] == "no_regret"]
    names = join(
        (
            f"{run.industry_name(str(row['industry']), language)} "
            f"({region_names(run, row['members'], language)})"
            for row in records(sure)
        ),
        language,
    )
    line = (
        say("robustness.no_regret_clusters", language, clusters=names)
        if len(sure)
        else say("robustness.no_clusters", language)
    )
    grades = merge_grades(table)
    return (
        Paragraph(line, grades),
        table_block("survival", language, columns, rows, grades),
    )


def _percent(share: object) -> float | None:
    known = finite(share)
    return None if known is None else 100.0 * known


def _flips(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.flips")
    if table is None:
        return (Paragraph(say("robustness.no_flips", language), ()),)
    strong = table.frame[table.frame["significant"].astype(bool)]
    if strong.empty:
        return (Paragraph(say("robustness.no_flips", language), merge_grades(table)),)
    strong = strong.assign(size=strong["rank_correlation"].abs())
    strong = strong.sort_values("size", ascending=False, kind="stable")
    strong = strong.groupby(["region", "industry"], sort=False).head(_FLIPS_PER_CHOICE)
    rows = [
        (
            Cell(_pair(run, row, language)),
            Cell(text(f"plot.assumed.{row['assumption']}", language)),
            number_cell(_percent(row["frequency_low"])),
            number_cell(_percent(row["frequency_high"])),
            number_cell(row["rank_correlation"], 2),
        )
        for row in records(strong.head(_FLIPS_SHOWN))
    ]
    columns = (
        column("choice", language),
        column("moved_by", language),
        column("lower_half", language, "%", numeric=True),
        column("upper_half", language, "%", numeric=True),
        column("rank_correlation", language, numeric=True),
    )
    grades = merge_grades(table)
    rate = percent(_setting(run, "false_discovery"))
    return (
        Paragraph(say("robustness.flips", language, rate=rate), grades),
        table_block("flips", language, columns, rows, grades),
    )


def _price(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.price_interval")
    if table is None:
        return (absent(say("table.price_interval.title", language),
                       ("robustness.price_interval",), language),)  # fmt: skip
    blocks: list[Block] = []
    grades = merge_grades(table)
    for row in records(table.frame[table.frame["part"] == "price"]):
        sentence = say(
            "robustness.price", language,
            belief=text(f"plot.belief.{row['belief']}", language),
            low=percent(row["p05"], 1), high=percent(row["p95"], 1),
            point=percent(row["point"], 1), draws=int(row["draws"]),
        )  # fmt: skip
        blocks.append(Paragraph(sentence, grades))
    rows = [
        (
            Cell(text(f"plot.belief.{row['belief']}", language)),
            Cell(text(f"plot.robustness.{row['part']}", language)),
            *(number_cell(_percent(row[name]), 1) for name in ("point", "p05", "p50", "p95")),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("belief", language),
        column("price_part", language),
        column("own_figure", language, "%", numeric=True),
        *(column(name, language, "%", numeric=True) for name in ("p05", "p50", "p95")),
    )
    return (
        *blocks,
        figure_block(run, "price_interval", language),
        table_block("price_interval", language, columns, rows, grades, collapsed=True),
        *_reach_price(run, language),
    )


def _reach_price(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.reach_price")
    if table is None:
        return ()
    money = money_scale(run, language)
    rows = [
        (
            Cell(text(f"plot.belief.{row['belief']}", language)),
            reach_cell(run, row["reach"], language),
            Cell(money.show(finite(row["joint_value"])), "number"),
            Cell(money.show(finite(row["alone_value"])), "number"),
            number_cell(_percent(row["price"]), 1),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("belief", language),
        column("reach", language),
        column("joint_value", language, money.unit, numeric=True),
        column("alone_value", language, money.unit, numeric=True),
        column("price", language, "%", numeric=True),
    )
    return (table_block("reach_price", language, columns, rows, merge_grades(table)),)


def _difference(run: RunView, row: Mapping[str, Any], name: str, money: Any, joint: float) -> Cell:
    """Return a difference of two optima: a figure, or that it is below what the solver left."""
    found, unsure = finite(row[name]), finite(row[f"{name}_error"])
    if found is None:
        return Cell(number(None), "number")
    if unsure is not None and unsure > _TINY * joint and found < unsure:
        return Cell(f"≤ {money.show(found + unsure)}", "number")
    return Cell(money.show(found), "number")


def _borders(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.borders")
    if table is None:
        return ()
    money, joint = money_scale(run, language), abs(_value(run, "joint_value") or 0.0)
    frame = table.frame.sort_values(["closing", "opening"], ascending=False, kind="stable")
    ends = [f"{row['region_from']};{row['region_to']}" for row in records(frame)]
    rows = [
        (
            Cell(region_names(run, pair, language)),
            number_cell(row["crossed"]),
            _difference(run, row, "closing", money, joint),
            _difference(run, row, "opening", money, joint),
        )
        for pair, row in zip(ends, records(frame), strict=True)
    ]
    columns = (
        column("border", language),
        column("crossed", language, numeric=True),
        column("closing", language, money.unit, numeric=True),
        column("opening", language, money.unit, numeric=True),
    )
    grades = merge_grades(table)
    blocks: list[Block] = []
    most = finite(frame["closing"].iloc[0])
    if most:
        sentence = say("robustness.borders", language,
                       pair=region_names(run, ends[0], language), loss=money.say(most))  # fmt: skip
        blocks.append(Paragraph(sentence, grades))
    unsure = frame["closing_error"].max()
    figures = {"unsure": money.say(finite(unsure) or 0.0)}
    table_shown = table_block("border_values", language, columns, rows, grades, figures=figures)
    return (*blocks, table_shown)


def _why_not(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.regret")
    if table is None:
        return ()
    money = money_scale(run, language)
    possible = table.frame[table.frame["possible"].astype(bool)]
    solved = possible[possible["method"] == "solved"].sort_values("regret_most", kind="stable")
    rows = [
        (
            region_cell(run, row["region"], language),
            industry_cell(run, row["industry"], language),
            number_cell(row["readiness"], 2, share=finite(row["readiness"])),
            Cell(money.show(finite(row["regret_least"])), "number"),
            Cell(money.show(finite(row["regret_most"])), "number"),
        )
        for row in records(solved.head(_REGRETS_SHOWN))
    ]
    columns = (
        column("region", language),
        column("industry", language),
        column("readiness", language, "0–1", numeric=True),
        column("regret_least", language, money.unit, numeric=True),
        column("regret_most", language, money.unit, numeric=True),
    )
    grades = merge_grades(table)
    rest = len(possible) - len(solved)
    more = (Paragraph(say("robustness.why_bound", language, count=rest), grades),) if rest else ()
    return (
        Paragraph(say("robustness.why_not", language), grades),
        table_block("regret", language, columns, rows, grades),
        *more,
    )


def _frontier(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "robustness.frontier")
    if table is None or set(table.frame["frontier"]) <= {"joint"}:
        return ()
    money = money_scale(run, language)
    rows = []
    for row in records(table.frame):
        kind = str(row["frontier"])
        name = (
            text("plot.robustness.here", language)
            if kind == "joint"
            else say(f"frontier.{kind}", language)
        )
        rows.append(
            (
                Cell(name),
                Cell(money.show(finite(row["value"]))
                     if bool(row["possible"]) else say("frontier.none", language), "number"),
                number_cell(_percent(row["share"]), 1),
                number_cell(_percent(row["equity"])),
                number_cell(row["gini"], 2),
                number_cell(_times(row["co2"], 1e-6), 1),
            )
        )  # fmt: skip
    columns = (
        column("frontier", language),
        column("value", language, money.unit, numeric=True),
        column("share_of_joint", language, "%", numeric=True),
        column("equity", language, "%", numeric=True),
        column("gini", language, numeric=True),
        column("co2", language, text("plot.robustness.co2_unit", language), numeric=True),
    )  # fmt: skip
    block = table_block("frontier", language, columns, rows, merge_grades(table), collapsed=True)
    return (figure_block(run, "frontier", language), block)


def _times(value: object, factor: float) -> float | None:
    known = finite(value)
    return None if known is None else known * factor


def _priority(run: RunView, language: Language) -> tuple[Block, ...]:
    table, chosen = table_of(run, "robustness.priority"), table_of(run, "robustness.selection")
    if table is None:
        return ()
    best = table.frame.sort_values("score", ascending=False, kind="stable", na_position="last")
    best = best.head(_PRIORITIES_SHOWN)
    inside = (
        pd.Series(dtype=bool)
        if chosen is None
        else chosen.frame.set_index(["region", "industry"])["in_plan"]
    )
    rows = [
        (
            region_cell(run, row["region"], language),
            industry_cell(run, row["industry"], language),
            number_cell(row["score"], 3, share=finite(row["score"])),
            number_cell(_percent(row["selection_frequency"])),
            Cell("●" if bool(inside.get((row["region"], row["industry"]), False)) else ""),
        )
        for row in records(best)
    ]
    columns = (
        column("region", language),
        column("industry", language),
        column("score", language, "0–1", numeric=True),
        column("frequency", language, "%", numeric=True),
        column("in_plan", language),
    )
    figures = {"count": len(rows)}
    grades = merge_grades(table)
    return (table_block("priority", language, columns, rows, grades, figures=figures),)


def robustness_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on robustness."""
    sections = (
        ("flips", _flips),
        ("price_interval", _price),
        ("borders", _borders),
        ("why_not", _why_not),
        ("frontier", _frontier),
        ("priority", _priority),
    )
    made = ((name, make(run, language)) for name, make in sections)
    return Chapter(
        id="robustness",
        title=say("chapter.robustness.title", language),
        lead=say("chapter.robustness.lead", language),
        blocks=(
            *_summary(run, language),
            figure_block(run, "robust_heat", language),
            *_survival(run, language),
            *stage_notes(run, "robustness", language),
        ),
        sections=tuple(
            Section(say(f"section.{name}", language), blocks) for name, blocks in made if blocks
        ),
    )
