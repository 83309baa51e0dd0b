"""Chapter 4: connected areas of excess activity, whatever province they lie in."""

from __future__ import annotations

from typing import Any, Final

from clusterbelt.core.strings import Language, text
from clusterbelt.model.result import ResultTable
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, money_scale, number, records, region_names
from clusterbelt.report.chapters.clusters_more import (
    border_blocks,
    group_area_blocks,
    member_blocks,
    nested_blocks,
    statistics_blocks,
    wider_blocks,
)
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    grade_cell,
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
from clusterbelt.report.document import (
    Block,
    Callout,
    Cell,
    Chapter,
    Column,
    Paragraph,
    TableBlock,
)

__all__ = ["clusters_chapter"]


_CHANCE: Final = ("q_dispersed", "q_arrangement")


def _chance(run: RunView) -> dict[str, dict[str, Any]]:
    table = table_of(run, "clusters.significance")
    return {} if table is None else {str(row["area"]): row for row in records(table.frame)}


def _chance_cells(chance: dict[str, dict[str, Any]], area: str) -> list[Cell]:
    if not chance:
        return []
    row = chance.get(area, {})
    return [number_cell(row.get(name), 3) for name in _CHANCE]


def _cost_cell(row: dict[str, Any], language: Language) -> Cell:
    if not int(row["regions"]):
        return Cell(number(None), "number")
    share = percent(row["belt_share"])
    words = say("clusters.cost_cell", language, regions=int(row["regions"]), share=share)
    return Cell(words, "number", share=finite(row["belt_share"]))


def _cost(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return how large each industry's first area is over the grid of area costs."""
    table = table_of(run, "clusters.area_cost_sensitivity")
    if table is None:
        return ()
    costs = sorted(table.frame["area_cost_share"].unique())
    rows = []
    for industry, own in table.frame.groupby("industry", sort=False):
        at = {float(row["area_cost_share"]): row for row in records(own)}
        cells = [_cost_cell(at[float(cost)], language) for cost in costs]
        rows.append([industry_cell(run, industry, language), *cells])
    columns = (
        column("industry", language),
        *(Column(say("clusters.cost_column", language, cost=percent(cost, 1)), "", True)
          for cost in costs),
    )  # fmt: skip
    return (table_block("area_cost", language, columns, rows, merge_grades(table)),)


def _groups(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the groups of linked industries with their members and named industries."""
    table, scores = table_of(run, "clusters.groups"), table_of(run, "clusters.group_scores")
    if table is None or scores is None:
        return ()
    own = table.frame[table.frame["level"] == "industry"]
    found = scores.frame
    chosen = found[(found["level"] == "industry") & found["chosen"].astype(bool)]
    if own.empty or chosen.empty:
        return ()
    row = records(chosen)[-1]
    sentence = say(
        "clusters.groups", language, groups=int(row["groups"]), industries=len(own),
        best=percent(row["best_placed"]), overall=number(finite(row["overall"]), 2),
        stability=number(finite(row["stability"]), 2),
    )  # fmt: skip
    placed = table_of(run, "clusters.roadmap_groups")
    rows = []
    for name, members in own.groupby("group", sort=False):
        industries = [run.industry_name(str(code), language) for code in members["code"]]
        rows.append(
            [
                Cell(text("plot.linkage.group", language, number=str(name)[1:])),
                Cell(join(industries, language)),
                Cell(_named(placed, str(name), language)),
            ]
        )
    columns = tuple(column(key, language) for key in ("group", "industries", "named_industries"))
    return (
        Paragraph(sentence, merge_grades(scores)),
        figure_block(run, "linkage_network", language),
        table_block("groups", language, columns, rows, merge_grades(table)),
    )


def _named(table: ResultTable | None, group: str, language: Language) -> str:
    if table is None:
        return number(None)
    own = table.frame[(table.frame["level"] == "industry") & (table.frame["group"] == group)]
    words = [
        say("clusters.named", language, name=row[f"name_{language}"], share=percent(row["share"]))
        if float(row["share"]) < 0.995
        else str(row[f"name_{language}"])
        for row in records(own)
    ]
    return join(words, language) if words else number(None)


def _areas(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "clusters.areas")
    if table is None:
        return absent(say("table.areas.title", language), ("clusters.areas",), language)
    money = money_scale(run, language)
    extra = [name for name in ("border_cost_share",) if name in table.frame.columns]
    chance = _chance(run)
    rows = [
        (
            Cell(str(row["area"]), "code"),
            industry_cell(run, row["industry"], language),
            region_cell(run, row["core_region"], language),
            Cell(region_names(run, row["members"], language)),
            Cell(money.show(finite(row["activity"])), "number"),
            Cell(percent(row["belt_share"]), "number", share=finite(row["belt_share"])),
            Cell(percent(row["cross_border_share"]), "number",
                 share=finite(row["cross_border_share"])),
            *(Cell(percent(row[name]), "number", share=finite(row[name])) for name in extra),
            *_chance_cells(chance, str(row["area"])),
            grade_cell(row, table),
        )
        for row in records(table.frame)
    ]  # fmt: skip
    columns = (
        column("area", language),
        column("industry", language),
        column("core_region", language),
        column("members", language),
        column("activity", language, money.unit, numeric=True),
        column("belt_share", language, numeric=True),
        column("cross_border_share", language, numeric=True),
        *(column(name, language, numeric=True) for name in extra),
        *(column(name, language, numeric=True) for name in (_CHANCE if chance else ())),
        column("grade", language),
    )
    return table_block("areas", language, columns, rows, merge_grades(table))


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "clusters.areas")
    if table is None:
        return ()
    areas = table.frame
    crossing = areas[areas["cross_border"].astype(bool)]
    sentence = say(
        "clusters.reading", language,
        areas=len(areas), industries=areas["industry"].nunique(), crossing=len(crossing),
        proven=int(areas["proven_optimal"].astype(bool).sum()),
    )  # fmt: skip
    found: list[Block] = [Paragraph(sentence, merge_grades(table))]
    cost = run.results["clusters"].values.get("border_cost_share")
    if cost is not None and finite(cost.value) is not None:
        shown = say("clusters.border_cost", language, share=percent(cost.value))
        found.append(Paragraph(shown, (cost.grade,)))
    if len(crossing):
        row = records(crossing.sort_values("cross_border_share", ascending=False))[0]
        found.append(
            Paragraph(
                say(
                    "clusters.most_crossing", language,
                    industry=run.industry_name(str(row["industry"]), language),
                    core=run.region_name(str(row["core_region"]), language),
                    members=region_names(run, row["members"], language),
                    share=percent(row["cross_border_share"]),
                ),
                merge_grades(table),
            )
        )  # fmt: skip
    return tuple(found)


def _significance_line(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "clusters.significance")
    if table is None:
        return ()
    found = [row for row in records(table.frame) if bool(row["significant"])]
    names = join(
        [run.industry_name(str(row["industry"]), language) for row in found] or [number(None)],
        language,
    )
    sentence = say(
        "clusters.significance", language, significant=len(found), areas=len(table.frame),
        draws=int(table.frame["permutations"].iloc[0]), industries=names,
    )  # fmt: skip
    return (Paragraph(sentence, merge_grades(table)),)


def clusters_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on cluster areas."""
    return Chapter(
        id="clusters",
        title=say("chapter.clusters.title", language),
        lead=say("chapter.clusters.lead", language),
        blocks=(
            *_reading(run, language),
            figure_block(run, "cluster_areas", language),
            _areas(run, language),
            *_significance_line(run, language),
            *member_blocks(run, language),
            *border_blocks(run, language),
            *_cost(run, language),
            *nested_blocks(run, language),
            *wider_blocks(run, language),
            figure_block(run, "local_moran", language),
            *statistics_blocks(run, language),
            *_groups(run, language),
            *group_area_blocks(run, language),
            *stage_notes(run, "clusters", language),
        ),
    )
