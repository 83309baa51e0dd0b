"""Chapter 4: connected areas of excess activity, whatever province they lie in."""

from __future__ import annotations

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, money_scale, records, region_names
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    grade_cell,
    industry_cell,
    merge_grades,
    percent,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Cell, Chapter, Paragraph, TableBlock

__all__ = ["clusters_chapter"]


def _areas(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "clusters.areas")
    if table is None:
        return absent(say("table.areas.title", language), ("clusters.areas",), language)
    money = money_scale(run, language)
    extra = [name for name in ("border_cost_share",) if name in table.frame.columns]
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
            *stage_notes(run, "clusters", language),
        ),
    )
