"""Sections of the advantage chapter: growth, structure and complexity, claims by national table."""

from __future__ import annotations

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, manufacturing, number, reach_order, records
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
    table_block,
    table_of,
    verdict_cell,
)
from clusterbelt.report.document import Callout, Cell, Section, TableBlock

__all__ = ["claims_by_table_block", "more_sections"]

_STRUCTURE = ("equivalent_number", "krugman_total", "krugman_others")
_COMPLEXITY = ("eci", "fitness", "outlook")
_CONCENTRATION = ("gini_unweighted", "gini_lorenz", "hoover")


def claims_by_table_block(run: RunView, language: Language) -> TableBlock | Callout:
    """Return the claims tested with every national table."""
    table = table_of(run, "advantage.reach_factor_tables")
    if table is None:
        title = say("table.reach_factor_tables.title", language)
        return absent(title, ("advantage.reach_factor_tables",), language)
    rows = [
        (
            reach_cell(run, row["reach"], language),
            Cell(text(f"plot.factor.{row['factor']}", language)),
            Cell(str(row["table"]).partition("_")[0], "number"),
            number_cell(row["sectors"]),
            Cell(text(f"plot.claim.{int(row['claim'])}", language)),
            number_cell(row["difference"], 2),
            verdict_cell(row["verdict"], language),
        )
        for row in records(table.frame.sort_values(["reach", "factor", "table"], kind="stable"))
    ]
    columns = (
        column("reach", language),
        column("factor", language),
        column("table_year", language, numeric=True),
        column("sectors", language, numeric=True),
        column("claim", language),
        column("difference", language, say("unit.deviations", language), numeric=True),
        column("verdict", language),
    )
    grades = merge_grades(table)
    return table_block("reach_factor_tables", language, columns, rows, grades, collapsed=True)


def _growth(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "advantage.shift_share")
    if table is None:
        title = say("table.shift_share.title", language)
        return absent(title, ("advantage.shift_share",), language)
    summed = table.frame.groupby("region").sum(numeric_only=True, min_count=1)
    rows = []
    for region in reach_order(run, summed.index):
        row = summed.loc[region]
        start = finite(row["start"])
        shares = [
            percent(row[name] / start if start else None, 1)
            for name in ("change", "national", "mix", "regional")
        ]
        rows.append(
            (region_cell(run, region, language), *(Cell(share, "number") for share in shares))
        )
    columns = (
        column("region", language),
        *(column(f"growth_{name}", language, numeric=True)
          for name in ("change", "national", "mix", "regional")),
    )  # fmt: skip
    return table_block("shift_share", language, columns, rows, merge_grades(table))


def _structure(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "advantage.region_structure")
    complexity = table_of(run, "advantage.region_complexity")
    if table is None or complexity is None:
        title = say("table.region_structure.title", language)
        needs = ("advantage.region_structure", "advantage.region_complexity")
        return absent(title, needs, language)
    frame = table.frame.merge(complexity.frame, on="region", how="left").set_index("region")
    rows = [
        (
            region_cell(run, region, language),
            number_cell(frame.at[region, "equivalent_number"], 1),
            *(number_cell(frame.at[region, name], 2) for name in _STRUCTURE[1:]),
            number_cell(frame.at[region, "diversity"]),
            *(number_cell(frame.at[region, name], 2) for name in _COMPLEXITY),
        )
        for region in reach_order(run, frame.index)
    ]
    columns = (
        column("region", language),
        *(column(name, language, numeric=True)
          for name in (*_STRUCTURE, "diversity", *_COMPLEXITY)),
    )  # fmt: skip
    grades = merge_grades(table, complexity)
    return table_block("region_structure", language, columns, rows, grades)


def _concentration(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "advantage.concentration")
    if table is None:
        title = say("table.concentration.title", language)
        return absent(title, ("advantage.concentration",), language)
    making = table.frame[table.frame["industry"].isin(manufacturing(run))]
    rows = [
        (
            industry_cell(run, row["industry"], language),
            *(number_cell(row[name], 2) for name in _CONCENTRATION),
            Cell(
                f"{number(finite(row['ellison_glaeser_lower']), 2)} … "
                f"{number(finite(row['ellison_glaeser_upper']), 2)}",
                "number",
            ),
        )
        for row in records(making.sort_values("gini_lorenz", ascending=False, kind="stable"))
    ]
    columns = (
        column("industry", language),
        *(column(name, language, numeric=True) for name in _CONCENTRATION),
        column("ellison_glaeser_bounds", language, numeric=True),
    )
    grades = merge_grades(table)
    return table_block("concentration", language, columns, rows, grades, collapsed=True)


def more_sections(run: RunView, language: Language) -> tuple[Section, ...]:
    """Return the sections on growth and on structure, with what they lack named."""
    return (
        Section(
            say("section.growth", language),
            (figure_block(run, "shift_share", language), _growth(run, language)),
        ),
        Section(
            say("section.structure", language),
            (_structure(run, language), _concentration(run, language)),
        ),
    )
