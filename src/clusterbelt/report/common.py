"""What chapters share: texts, figures and tables as blocks, and what is left out, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.model.result import GRADES, Grade, ResultTable
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.figures import figure_grades, figure_spec, missing_for, table_grades
from clusterbelt.plot.labels import finite, number, phase_label, phases
from clusterbelt.report.document import (
    Callout,
    Cell,
    Column,
    FigureBlock,
    Row,
    TableBlock,
)

__all__ = [
    "absent",
    "code_reach",
    "column",
    "figure_block",
    "frame_of",
    "grade_cell",
    "industry_cell",
    "merge_grades",
    "number_cell",
    "percent",
    "phase_cell",
    "reach_cell",
    "region_cell",
    "say",
    "stage_notes",
    "table_block",
    "table_of",
    "verdict_cell",
]


def say(key: str, language: Language, **figures: object) -> str:
    """Return the report's text ``report.key`` with figures put in."""
    return text(f"report.{key}", language, **figures)


def table_of(run: RunView, need: str) -> ResultTable | None:
    """Return the table ``stage.table``; ``None`` when it is lacking or has no row."""
    stage, _, name = need.partition(".")
    result = run.results.get(stage)
    table = None if result is None else result.tables.get(name)
    return None if table is None or table.frame.empty else table


def frame_of(run: RunView, need: str) -> pd.DataFrame | None:
    """Return the frame of the table ``stage.table``, ``None`` as above."""
    table = table_of(run, need)
    return None if table is None else table.frame


def merge_grades(*tables: ResultTable | None) -> tuple[Grade, ...]:
    """Return the grades that occur in the tables, best first."""
    found = {grade for table in tables if table is not None for grade in table_grades(table)}
    return tuple(grade for grade in GRADES if grade in found)


def absent(title: str, lacking: Sequence[str], language: Language) -> Callout:
    """Say what is left out, and which tables the run lacks for it."""
    line = say("absent.line", language, what=title, tables=", ".join(lacking))
    return Callout("absent", say("absent.title", language), (line,))


def figure_block(run: RunView, name: str, language: Language) -> FigureBlock | Callout:
    """Return the figure ``name`` as a block, or the remark that it is left out."""
    title = text(f"figure.{name}.title", language)
    spec = figure_spec(name, run, language)
    if spec is None:
        return absent(title, missing_for(name, run), language)
    return FigureBlock(
        name=name,
        title=title,
        caption=text(f"figure.{name}.caption", language),
        alt=text(f"figure.{name}.alt", language),
        grades=figure_grades(name, run),
        spec=spec,
    )


def column(name: str, language: Language, unit: str = "", *, numeric: bool = False) -> Column:
    """Return a column with the header ``report.column.name``."""
    return Column(say(f"column.{name}", language), unit, numeric)


def table_block(
    key: str,
    language: Language,
    columns: Sequence[Column],
    rows: Sequence[Row | Sequence[Cell]],
    grades: tuple[Grade, ...],
    *,
    collapsed: bool = False,
    figures: Mapping[str, object] | None = None,
) -> TableBlock:
    """Return a table titled ``report.table.key.title`` with the caption beside it."""
    made = tuple(row if isinstance(row, Row) else Row(tuple(row)) for row in rows)
    columns, made = _without_plain_grades(tuple(columns), made, grades)
    return TableBlock(
        key=key,
        title=say(f"table.{key}.title", language, **(figures or {})),
        caption=say(f"table.{key}.caption", language, **(figures or {})),
        columns=columns,
        rows=made,
        grades=grades,
        collapsed=collapsed,
    )


def _without_plain_grades(
    columns: tuple[Column, ...], rows: tuple[Row, ...], grades: tuple[Grade, ...]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Drop a last column of grades that only repeats the one grade at the table's title."""
    last = [row.cells[-1] for row in rows if not (row.heading or row.remark)]
    if len(grades) != 1 or not all(cell == Cell(grades[0], "grade") for cell in last):
        return columns, rows
    kept = tuple(row if row.heading or row.remark else Row(row.cells[:-1]) for row in rows)
    return columns[:-1], kept


def number_cell(value: object, digits: int = 0, *, share: float | None = None) -> Cell:
    """Return a number as a cell; ``share`` (0-1) draws a bar behind it."""
    return Cell(number(finite(value), digits), "number", share=share)


def percent(value: object, digits: int = 0) -> str:
    """Return a share (0-1) in per cent."""
    share = finite(value)
    return number(None) if share is None else f"{number(100 * share, digits)}%"


def grade_cell(row: Mapping[str, Any], table: ResultTable) -> Cell:
    """Return the grade of a row: its own, or its table's."""
    grade = row.get("grade")
    return Cell(str(grade if isinstance(grade, str) else table.grade), "grade")


def region_cell(run: RunView, region: object, language: Language) -> Cell:
    """Return a region's name in the tone of its reach; a dash when there is none."""
    code = str(region)
    if code not in run.regions.index:
        return Cell(number(None))
    return Cell(run.region_name(code, language), "reach", _reach_tone(run, code_reach(run, code)))


def code_reach(run: RunView, region: str) -> str:
    """Return the reach of a region, empty outside the belt."""
    return str(run.regions.at[region, "reach"])


def _reach_tone(run: RunView, reach: str) -> str:
    order = list(run.reaches)
    return str(order.index(reach) % 7) if reach in order else ""


def reach_cell(run: RunView, reach: object, language: Language) -> Cell:
    """Return the name of a reach in its colour."""
    key = str(reach)
    name = run.reaches[key].get(language) if key in run.reaches else key
    return Cell(name, "reach", _reach_tone(run, key))


def industry_cell(run: RunView, industry: object, language: Language) -> Cell:
    """Return an industry's code and name."""
    code = str(industry)
    return Cell(f"{code} {run.industry_name(code, language)}")


def phase_cell(run: RunView, phase: object, language: Language) -> Cell:
    """Return a phase with its last year, in the tone of its place."""
    places = {item.name: item.place for item in phases(run)}
    tone = str(min(places.get(str(phase), 4), 4))
    return Cell(phase_label(run, str(phase), language), "phase", tone)


def verdict_cell(verdict: object, language: Language) -> Cell:
    """Return a verdict as a coloured word."""
    key = f"plot.verdict.{verdict}"
    shown = text(key, language) if has_text(key, language) else str(verdict)
    return Cell(shown, "verdict", str(verdict))


def stage_notes(run: RunView, stage: str, language: Language) -> tuple[Callout, ...]:
    """Return the remarks of a stage as a note; nothing when it made none."""
    result = run.results.get(stage)
    if result is None or not result.messages:
        return ()
    lines = tuple(
        text(item.key, language, **_named(run, item.params, language)) for item in result.messages
    )
    kind: Literal["note"] = "note"
    return (Callout(kind, say("notes_title", language), lines, collapsed=len(lines) > 3),)


def _named(
    run: RunView, params: Mapping[str, str | float | int], language: Language
) -> dict[str, str | float | int]:
    """Put names for the codes in the lists of a remark: stages know codes only."""
    regions = {str(code): run.region_name(str(code), language) for code in run.regions.index}
    industries = {str(c): run.industry_name(str(c), language) for c in run.industries.index}
    specs = run.indicator_specs
    indicators = (
        {str(code): str(name) for code, name in specs[f"name_{language}"].items()}
        if specs is not None
        else {}
    )
    names = {
        "regions": regions,
        "region": regions,
        "industries": industries,
        "industry": industries,
        "indicators": indicators,
    }
    shown = dict(params)
    for key, value in params.items():
        if isinstance(value, str) and key in names:
            shown[key] = _reword(value, names[key], language)
        elif isinstance(value, str) and key == "pairs":
            pairs = {
                f"{region}-{industry}": f"{named} × {made}"
                for region, named in regions.items()
                for industry, made in industries.items()
            }
            shown[key] = _reword(value, pairs, language)
    return shown


def _reword(listed: str, names: Mapping[str, str], language: Language) -> str:
    """Put names for the codes of a list such as ``a, b … (+3)``; other words stay."""
    words = re.sub(r"[^\s,]+", lambda found: names.get(found[0], found[0]), listed)
    return words.replace(", ", "、") if language == "zh" else words
