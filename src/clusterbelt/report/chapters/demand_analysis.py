"""Sections of the chapter on demand that rest on the inter-regional model."""

from __future__ import annotations

from typing import Any

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.demand_analysis import (
    CHANGE_FACTORS,
    belt_multipliers,
    change_by_region,
    planned_industries,
    value_added_users,
)
from clusterbelt.plot.interregional import group_name
from clusterbelt.plot.labels import finite, money_scale, number, phases, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    industry_cell,
    merge_grades,
    percent,
    region_cell,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Cell, Paragraph, Section, TableBlock

__all__ = ["analysis_sections"]

_NEEDS = ("demand.multipliers", "demand.attainable")


def _multiplier_table(run: RunView, language: Language) -> TableBlock | Callout:
    table, links = table_of(run, "demand.multipliers"), table_of(run, "demand.linkages")
    if table is None or links is None:
        title = say("table.multipliers.title", language)
        return absent(title, ("demand.multipliers", "demand.linkages"), language)
    wanted = set(planned_industries(run))
    key = links.frame.groupby("industry")["key"].sum()
    has_co2 = "co2" in table.frame.columns
    rows = []
    for row in belt_multipliers(run):
        if row["industry"] not in wanted:
            continue
        cells = [
            industry_cell(run, row["industry"], language),
            Cell(number(row["output"], 2), "number"),
            Cell(number(row["output_own"], 2), "number"),
            Cell(number(row["output_belt"], 2), "number"),
            Cell(percent(row["value_added_own"]), "number", share=row["value_added_own"]),
            Cell(percent(row["value_added_belt"]), "number", share=row["value_added_belt"]),
            Cell(percent(row["imports"]), "number", share=row["imports"]),
            Cell(percent(row["income"]) if "income" in row else number(None), "number"),
        ]
        if has_co2:
            cells.append(Cell(number(row["co2"]), "number"))
        cells.append(Cell(number(float(key[row["industry"]])), "number"))
        rows.append(tuple(cells))
    columns = [
        column("industry", language),
        column("multiplier_output", language, numeric=True),
        column("multiplier_own", language, numeric=True),
        column("multiplier_belt", language, numeric=True),
        column("value_added_own", language, numeric=True),
        column("value_added_belt", language, numeric=True),
        column("imports_share", language, numeric=True),
        column("income_share", language, numeric=True),
    ]
    if has_co2:
        columns.append(column("co2_multiplier", language, table.units.get("co2", ""), numeric=True))
    columns.append(column("key_regions", language, numeric=True))
    return table_block("multipliers", language, columns, rows, merge_grades(table))


def _reading_users(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "demand.value_added_trade")
    if table is None:
        return ()
    rows = value_added_users(run)
    most = max(rows, key=lambda row: float(row["abroad"]))
    least = min(rows, key=lambda row: float(row["own"]))
    sentence = say(
        "demand.users", language,
        least=run.region_name(str(least["region"]), language), own=percent(least["own"]),
        most=run.region_name(str(most["region"]), language), abroad=percent(most["abroad"]),
        belt=percent(sum(float(row["belt"]) for row in rows) / len(rows), 1),
        rest=percent(sum(float(row["rest"]) for row in rows) / len(rows), 1),
    )  # fmt: skip
    return (Paragraph(sentence, merge_grades(table)),)


def _reaches(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "demand.value_added_reaches")
    if table is None:
        title = say("table.value_added_reaches.title", language)
        return absent(title, ("demand.value_added_reaches",), language)
    frame, money = table.frame, money_scale(run, language)
    users = [str(user) for user in dict.fromkeys(frame["group_to"])]
    rows = []
    for group, part in frame.groupby("group_from", sort=False):
        by_user = {str(row["group_to"]): row for row in records(part)}
        total = sum(float(row["value_added"]) for row in by_user.values())
        rows.append(
            (
                Cell(group_name(run, str(group), language)),
                Cell(money.show(total), "number"),
                *(
                    Cell(percent(by_user[user]["share"], 1), "number",
                         share=max(float(by_user[user]["share"]), 0.0))
                    for user in users
                ),
            )
        )  # fmt: skip
    columns = (
        column("producer", language),
        column("value_added", language, money.unit, numeric=True),
        *(_named_column(run, user, language) for user in users),
    )
    return table_block("value_added_reaches", language, columns, rows, merge_grades(table))


def _named_column(run: RunView, code: str, language: Language) -> Any:
    made = column("user_of", language, numeric=True)
    return type(made)(group_name(run, code, language), made.unit, made.numeric)


def _effects(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "demand.reach_effects")
    if table is None:
        title = say("table.reach_effects.title", language)
        return absent(title, ("demand.reach_effects",), language)
    rows = []
    for group, part in table.frame.groupby("group", sort=False):
        found = {str(row["receiver"]): row for row in records(part[part["effect"] == "spillover"])}
        own = {str(row["effect"]): float(row["per_demand"]) for row in records(part)}
        inside = [name for name in found if name != "rest"]
        rows.append(
            (
                Cell(group_name(run, str(group), language)),
                Cell(number(own["own"], 3), "number"),
                Cell(number(own["feedback"], 3), "number"),
                Cell(number(sum(float(found[name]["per_demand"]) for name in inside), 3), "number"),
                Cell(number(finite(found["rest"]["per_demand"]) if "rest" in found else None, 3),
                     "number"),
            )
        )  # fmt: skip
    names = ("own_effect", "feedback", "spillover_belt", "spillover_rest")
    columns = (
        column("demand_for", language),
        *(column(name, language, numeric=True) for name in names),
    )
    return table_block("reach_effects", language, columns, rows, merge_grades(table))


def _extraction(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "demand.extraction")
    if table is None:
        title = say("table.extraction.title", language)
        return absent(title, ("demand.extraction",), language)
    money = money_scale(run, language)
    rows = []
    ordered = table.frame.sort_values(
        ["kind", "loss_per_output"], ascending=[False, False], kind="stable"
    )
    for row in records(ordered):
        is_region = row["kind"] == "region"
        rows.append(
            (
                region_cell(run, row["subject"], language)
                if is_region
                else industry_cell(run, row["subject"], language),
                *(
                    Cell(money.show(finite(row[name])), "number")
                    for name in ("output", "output_lost_belt", "output_lost_rest",
                                 "value_added_lost")
                ),
                Cell(number(row["loss_per_output"], 2), "number"),
            )
        )  # fmt: skip
    money_columns = ("own_output", "lost_belt", "lost_rest", "value_added_lost")
    columns = (
        column("stops", language),
        *(column(name, language, money.unit, numeric=True) for name in money_columns),
        column("loss_per_output", language, numeric=True),
    )
    return table_block("extraction", language, columns, rows, merge_grades(table), collapsed=True)


def _change(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "demand.decomposition")
    if table is None:
        title = say("table.decomposition.plain_title", language)
        return absent(title, ("demand.decomposition",), language)
    rows = [
        (
            region_cell(run, region, language),
            Cell(percent(row["growth"]), "number"),
            *(Cell(percent(row[f"{factor}_share"], 1), "number") for factor in CHANGE_FACTORS),
        )
        for region, row in change_by_region(run).iterrows()
    ]
    columns = (
        column("region", language),
        column("growth", language, numeric=True),
        *(column(f"change_{factor}", language, numeric=True) for factor in CHANGE_FACTORS),
    )
    first = records(table.frame)[0]
    years = {"year_from": int(first["year_from"]), "year_to": int(first["year_to"])}
    return table_block("decomposition", language, columns, rows, merge_grades(table), figures=years)


def analysis_sections(run: RunView, language: Language) -> tuple[Section, ...]:
    """Return attainable demand by region, multipliers, value added in trade and what changed."""
    if any(table_of(run, need) is None for need in _NEEDS):
        title = say("section.attainable", language)
        return (Section(title, (absent(title, _NEEDS, language),)),)
    year = phases(run)[-1].end_year
    lead = Paragraph(
        say("demand.attainable", language, year=year),
        merge_grades(table_of(run, "demand.attainable")),
    )
    return (
        Section(
            say("section.attainable", language),
            (lead, figure_block(run, "attainable", language)),
        ),
        Section(
            say("section.multipliers", language),
            (
                figure_block(run, "value_added_ends", language),
                _multiplier_table(run, language),
                _effects(run, language),
                _extraction(run, language),
            ),
        ),
        Section(
            say("section.value_added", language),
            (
                *_reading_users(run, language),
                figure_block(run, "value_added_users", language),
                _reaches(run, language),
            ),
        ),
        Section(
            say("section.change", language),
            (figure_block(run, "output_change", language), _change(run, language)),
        ),
    )
