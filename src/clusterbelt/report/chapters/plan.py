"""Chapter 5: the joint plan: per reach, on the map, over time, cluster by cluster."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.result import ResultTable
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import (
    codes,
    finite,
    money_scale,
    number,
    phase_label,
    phases,
    records,
    region_names,
)
from clusterbelt.report.chapters.plan_needs import binding_blocks, cluster_remarks, reach_needs
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    frame_of,
    grade_cell,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
    phase_cell,
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

__all__ = ["plan_chapter"]

PROVEN = 1e-5  # a smaller relative gap is the solver's rounding


def _core_table(run: RunView, language: Language) -> TableBlock | Callout:
    """Return the core industries of each reach: lead, partners, start, added output."""
    needs = ("plan.reach_core", "plan.clusters")
    table, clusters = table_of(run, needs[0]), frame_of(run, needs[1])
    if table is None or clusters is None:
        lacking = [need for need in needs if table_of(run, need) is None]
        return absent(say("table.reach_core.title", language), lacking, language)
    money = money_scale(run, language)
    added = dict(zip(clusters["cluster"], clusters["added_output"], strict=True))
    place = {phase.name: phase.place for phase in phases(run)}
    rows = []
    for reach in run.reaches:
        mine = [row for row in records(table.frame) if row["reach"] == reach]
        mine.sort(key=lambda row: (place.get(str(row["phase"]), 9), str(row["cluster"])))
        for number_, row in enumerate(mine):
            rows.append(
                (
                    reach_cell(run, reach, language) if number_ == 0 else Cell(""),
                    industry_cell(run, row["industry"], language),
                    region_cell(run, row["lead"], language),
                    Cell(region_names(run, row["partners"], language) or number(None)),
                    phase_cell(run, row["phase"], language),
                    Cell(money.show(finite(added.get(row["cluster"]))), "number"),
                    grade_cell(row, table),
                )
            )
    columns = (
        column("reach", language),
        column("core_industry", language),
        column("lead", language),
        column("partners", language),
        column("start", language),
        column("added_output", language, money.unit, numeric=True),
        column("grade", language),
    )
    figures = {"year": phases(run)[-1].end_year}
    grades = merge_grades(table)
    return table_block("reach_core", language, columns, rows, grades, figures=figures)


def _cluster_heading(run: RunView, row: dict[str, Any], language: Language) -> Row:
    money = money_scale(run, language)
    words = say(
        "plan.cluster_heading", language,
        cluster=row["cluster"], industry=run.industry_name(str(row["industry"]), language),
        phase=phase_label(run, str(row["phase"]), language),
        value=money.say(finite(row["value"])),
    )  # fmt: skip
    return Row((Cell(words),), heading=True)


def _members(
    run: RunView, assigned: pd.DataFrame, table: ResultTable, language: Language
) -> list[Row]:
    money = money_scale(run, language)
    order = {"lead": 0, "partner": 1, "supplier": 2}
    rows = sorted(records(assigned), key=lambda row: (order.get(row["role"], 9), row["region"]))
    return [
        Row(
            (
                region_cell(run, row["region"], language),
                Cell(text(f"plot.role.{row['role']}", language)),
                number_cell(row["readiness"], 2, share=finite(row["readiness"])),
                number_cell(row["location_quotient"], 2),
                Cell(money.show(finite(row["baseline_output"])), "number"),
                Cell(money.show(finite(row["added_output"])), "number"),
                grade_cell(row, table),
            )
        )
        for row in rows
    ]


def _suppliers(run: RunView, cluster: str, language: Language) -> list[Row]:
    """Return one line that names the regions that supply a cluster without being in it."""
    suppliers = frame_of(run, "plan.suppliers")
    if suppliers is None:
        return []
    mine = suppliers[suppliers["cluster"] == cluster]
    if mine.empty:
        return []
    names = region_names(run, ";".join(str(code) for code in mine["region"]), language)
    return [Row((Cell(say("plan.suppliers", language, regions=names)),), remark=True)]


def _detail(run: RunView, language: Language) -> TableBlock | Callout:
    clusters, assigned = table_of(run, "plan.clusters"), table_of(run, "plan.assignments")
    if clusters is None or assigned is None:
        needs = ("plan.clusters", "plan.assignments")
        lacking = [need for need in needs if table_of(run, need) is None]
        return absent(say("table.cluster_detail.title", language), lacking, language)
    money = money_scale(run, language)
    rows: list[Row] = []
    for row in records(clusters.frame.sort_values(["start_phase", "cluster"], kind="stable")):
        mine = assigned.frame[assigned.frame["cluster"] == row["cluster"]]
        rows += [
            _cluster_heading(run, row, language),
            *_members(run, mine, assigned, language),
            *_suppliers(run, str(row["cluster"]), language),
            *cluster_remarks(
                run, str(row["cluster"]), str(row["industry"]), codes(row["members"]), language
            ),
        ]
    columns = (
        column("region", language),
        column("role", language),
        column("readiness", language, "0–1", numeric=True),
        column("location_quotient", language, numeric=True),
        column("baseline_output", language, money.unit, numeric=True),
        column("added_output", language, money.unit, numeric=True),
        column("grade", language),
    )
    grades = merge_grades(clusters, assigned)
    figures = {"year": phases(run)[-1].end_year}
    return table_block("cluster_detail", language, columns, rows, grades, figures=figures)


def _figure_of(run: RunView, name: str) -> float | None:
    result = run.results.get("plan")
    if result is None or name not in result.values:
        return None
    return finite(result.values[name].value)


def _learnt(run: RunView, language: Language) -> tuple[Block, ...]:
    cells, auc = (_figure_of(run, name) for name in ("readiness_cells", "readiness_auc_in_sample"))
    scope = run.study.get("scope", {})
    if cells is None or auc is None:
        return ()
    sentence = say(
        "plan.readiness", language,
        cells=number(cells), auc=number(auc, 2),
        earlier=scope.get("earlier_year", ""), year=scope.get("base_year", ""),
    )  # fmt: skip
    return (Paragraph(sentence, ("C",)),)


def _rules(run: RunView, language: Language) -> tuple[Block, ...]:
    cost, free = (_figure_of(run, name) for name in ("cost_of_rules", "joint_value_unrestricted"))
    if cost is None or free is None:
        return ()
    money = money_scale(run, language)
    sentence = say("plan.rules", language, cost=money.say(cost), free=money.say(free))
    return (Paragraph(sentence, ("D",)),)


def _solver(run: RunView, language: Language) -> tuple[Block, ...]:
    result = run.results.get("plan")
    if result is None or "candidates" not in result.values or "gap" not in result.values:
        return ()
    candidates, gap = result.values["candidates"], result.values["gap"]
    if candidates.value is None or gap.value is None:
        return ()
    count, share = number(float(candidates.value)), float(gap.value)
    sentence = (
        say("plan.optimal", language, candidates=count)
        if share <= PROVEN
        else say("plan.solver", language, candidates=count, gap=percent(share, 3))
    )
    return (Paragraph(sentence, (candidates.grade,)),)


def plan_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on the joint plan."""
    return Chapter(
        id="plan",
        title=say("chapter.plan.title", language),
        lead=say("chapter.plan.lead", language),
        blocks=(
            _core_table(run, language),
            *reach_needs(run, language),
            figure_block(run, "plan_map", language),
            figure_block(run, "phases", language),
        ),
        sections=(
            Section(
                say("section.cluster_detail", language),
                (figure_block(run, "plan_clusters", language), _detail(run, language)),
            ),
            Section(
                say("section.limits", language),
                (
                    *_solver(run, language),
                    *_rules(run, language),
                    *_learnt(run, language),
                    *binding_blocks(run, language),
                    *stage_notes(run, "plan", language),
                ),
            ),
        ),
    )
