"""Section of the advantage chapter: several measures side by side, and the finest sectors."""

from __future__ import annotations

import pandas as pd

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import manufacturing, reach_order, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    industry_cell,
    merge_grades,
    number_cell,
    region_cell,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import Callout, Cell, Section, TableBlock

__all__ = ["fine_block", "several_section"]

_MOST = 3
_OTHERS = (
    ("trade_advantage", "rca", "trade_rca"),
    ("gradient", "gradient", "gradient"),
    ("relatedness", "density", "density"),
)
_FACTORS = ("labour", "capital", "technology")
_KEY = ["region", "industry"]


def _several(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "advantage.advantage")
    if table is None:
        title = say("table.several.title", language)
        return absent(title, ("advantage.advantage",), language)
    frame = table.frame[table.frame["industry"].isin(manufacturing(run))]
    frame = frame[[*_KEY, "location_quotient_all", "fit"]]
    grades, shown = [table], []
    for name, measure, title in _OTHERS:
        other = table_of(run, f"advantage.{name}")
        if other is None:
            continue
        part = other.frame[[*_KEY, measure]].rename(columns={measure: title})
        frame = frame.merge(part, on=_KEY, how="left", validate="one_to_one")
        grades.append(other)
        shown.append(title)
    columns = ("location_quotient_all", *shown, "fit")
    rows = [
        (
            region_cell(run, region, language),
            industry_cell(run, row["industry"], language),
            *(number_cell(row[name], 2) for name in columns),
        )
        for region in reach_order(run)
        for row in records(_strongest(frame, region))
    ]
    heads = (
        column("region", language),
        column("industry", language),
        column("location_quotient", language, numeric=True),
        *(column(name, language, numeric=True) for name in (*shown, "fit")),
    )
    return table_block(
        "several", language, heads, rows, merge_grades(*grades),
        figures={"count": _MOST}, collapsed=True,
    )  # fmt: skip


def _strongest(frame: pd.DataFrame, region: str) -> pd.DataFrame:
    mine = frame[(frame["region"] == region) & frame["location_quotient_all"].notna()]
    ordered = mine.sort_values(["location_quotient_all", "industry"], ascending=[False, True])
    return ordered.head(_MOST)


def fine_block(run: RunView, language: Language) -> tuple[TableBlock, ...]:
    """Return factor intensities of the finest national table; nothing where none is finer."""
    table = table_of(run, "advantage.factor_intensity_fine")
    if table is None or table.frame.empty:
        return ()
    frame = table.frame.sort_values(["technology", "sector"], ascending=[False, True])
    rows = [
        (
            Cell(str(row["sector"]), "number"),
            Cell(str(row[f"name_{language}"])),
            *(number_cell(row[name], 3) for name in _FACTORS),
        )
        for row in records(frame)
    ]
    heads = (
        column("sector", language),
        column("industry", language),
        *(column(name, language, numeric=True) for name in _FACTORS),
    )
    figures = {"count": len(rows), "table": str(frame["table"].iloc[0])}
    return (
        table_block(
            "fine", language, heads, rows, merge_grades(table), figures=figures, collapsed=True
        ),
    )


def several_section(run: RunView, language: Language) -> Section:
    """Return the section that holds measures of advantage side by side."""
    return Section(
        say("section.several", language),
        (figure_block(run, "industry_space", language), _several(run, language)),
    )
