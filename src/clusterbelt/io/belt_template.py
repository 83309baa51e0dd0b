"""A belt to start from: the least that is needed, annotated, as CSV files or one Excel workbook.

The example in it is fictional and small enough to be replaced row by row.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import xlsxwriter

from clusterbelt.config.scope import Scope
from clusterbelt.config.study import Study
from clusterbelt.core.strings import LANGUAGES, Language, text

__all__ = ["TABLES", "TEMPLATES", "Template", "template_files", "template_study"]

Template = Literal["csv", "excel"]
TEMPLATES: Final[tuple[Template, ...]] = ("csv", "excel")
WORKBOOK: Final = "tables.xlsx"
_YEAR: Final = 2022
_HEADER_ROW: Final = 4  # title, two rows of notes, then the header
_ROOM: Final = 20_000  # rows that dropdowns and checks reach to
_CODES: Final = 3_000  # rows of codes in the tables of regions and industries
_MADE: Final = datetime.datetime(2000, 1, 1)

Rows = Sequence[Sequence[str | int | float]]

_REGIONS: Final[Rows] = (
    ("R1", "河口", "Estuary", 1, "lower"),
    ("R2", "平原", "Plain", 1, "lower"),
    ("R3", "湖区", "Lakes", 1, "middle"),
    ("R4", "丘陵", "Hills", 1, "middle"),
    ("R5", "峡谷", "Gorge", 1, "upper"),
    ("R6", "高原", "Plateau", 1, "upper"),
    ("R7", "邻区", "Neighbour", 0, ""),
)
_INDUSTRIES: Final[Rows] = (
    ("M1", "食品", "Food", 1, 0, 0),
    ("M2", "化工材料", "Chemicals and materials", 1, 0, 1),
    ("M3", "机械装备", "Machinery", 1, 1, 0),
    ("M4", "电子信息", "Electronics", 1, 1, 0),
    ("M5", "车辆", "Vehicles", 1, 1, 0),
    ("S1", "服务业", "Services", 0, 0, 0),
)
_VALUES: Final = (
    (120, 310, 420, 880, 240, 2900),
    (190, 260, 390, 460, 310, 1700),
    (150, 280, 350, 190, 420, 1300),
    (160, 240, 110, 90, 130, 800),
    (110, 150, 130, 210, 260, 900),
    (140, 190, 60, 50, 40, 600),
    (210, 170, 160, 120, 100, 1100),
)
_TOUCHING: Final = (
    ("R1", "R2"), ("R2", "R3"), ("R3", "R4"), ("R4", "R5"), ("R3", "R5"), ("R5", "R6"),
    ("R2", "R7"),
)  # fmt: skip
TABLES: Final[Mapping[str, tuple[tuple[str, ...], Rows]]] = {
    "regions": (("region", "name_zh", "name_en", "in_belt", "reach"), _REGIONS),
    "industries": (
        ("industry", "name_zh", "name_en", "manufacturing", "advanced", "materials"),
        _INDUSTRIES,
    ),
    "activity": (
        ("region", "industry", "value"),
        tuple(
            (str(region[0]), str(industry[0]), value)
            for region, row in zip(_REGIONS, _VALUES, strict=True)
            for industry, value in zip(_INDUSTRIES, row, strict=True)
        ),
    ),
    "neighbours": (("region_from", "region_to"), _TOUCHING),
}
_REACHES: Final = ("lower", "middle", "upper")
# Sheet and column (from 0) of the list that a column chooses from, or the list itself.
_CHOICES: Final[Mapping[tuple[str, str], str | tuple[str | int, ...]]] = {
    ("regions", "in_belt"): (0, 1),
    ("regions", "reach"): _REACHES,
    ("industries", "manufacturing"): (0, 1),
    ("industries", "advanced"): (0, 1),
    ("industries", "materials"): (0, 1),
    ("activity", "region"): "regions",
    ("activity", "industry"): "industries",
    ("neighbours", "region_from"): "regions",
    ("neighbours", "region_to"): "regions",
}


def _both(key: str, **figures: object) -> str:
    return " / ".join(text(f"template.{key}", language, **figures) for language in LANGUAGES)


def _steps(language: Language) -> str:
    """Return the guide with one step a line."""
    return re.sub(r"\s*(?=[2-9]\. )", "\n", text("template.guide", language))


def template_study(name: str) -> Study:
    """Return the study that goes with the template."""
    scope = Scope(classification="mine", base_year=_YEAR, earlier_year=None, activity="output")
    return Study(belt="./belt", name=name, scope=scope)


def _belt_yaml(kind: Template) -> str:
    lines = [f"# {text('template.belt', language)}" for language in LANGUAGES]
    lines += [
        "format: 1",
        "name: mybelt",
        "title: {zh: 我的经济带, en: My belt}",
        f"# {_both('money')}",
        "money_unit: 1e8 CNY",
        f"# {_both('reaches')}",
        "reaches:",
        "  lower: {zh: 下游, en: Lower reach}",
        "  middle: {zh: 中游, en: Middle reach}",
        "  upper: {zh: 上游, en: Upper reach}",
        "classifications:",
        "  mine: {zh: 行业, en: Industries}",
        "tables:",
    ]
    more = {
        "activity": f"unit: 1e8 CNY, constants: {{year: {_YEAR}, variable: output}}",
        "industries": "classification: mine",
    }
    for name in TABLES:
        parts = [f"role: {name}"]
        if kind == "csv":
            parts.append(f"file: {name}.csv")
        else:
            parts += [f"file: {WORKBOOK}", f"sheet: {name}", f"header_row: {_HEADER_ROW}"]
        if name in more:
            parts.append(more[name])
        lines.append(f"  - {{{', '.join(parts)}}}")
    lines += [f"# {_both('more')}", ""]
    return "\n".join(lines)


def _guide() -> str:
    lines = []
    for language in LANGUAGES:
        lines += [f"# {text('template.guide_title', language)}", ""]
        lines += [_steps(language), ""]
        for name, (columns, _) in TABLES.items():
            lines += [f"## {name}", "", text(f"template.table.{name}", language), ""]
            lines += [
                f"- `{column}`: {text(f'template.column.{name}.{column}', language)}"
                for column in columns
            ]
            lines.append("")
    return "\n".join(lines)


def _csv(columns: Sequence[str], rows: Rows) -> bytes:
    lines = [",".join(map(str, row)) for row in (columns, *rows)]
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


class _Book:
    """The workbook of the template."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        self.book.set_properties({"author": "clusterbelt", "created": _MADE})
        base = {"font_name": "Arial", "font_size": 10}
        self.title = self.book.add_format(
            base | {"bold": True, "font_size": 13, "font_color": "#0D4F6B"}
        )
        self.note = self.book.add_format(
            base | {"font_color": "#52616B", "text_wrap": True, "valign": "top", "font_size": 9}
        )
        self.head = self.book.add_format(
            base | {"bold": True, "bg_color": "#E9F0F3", "bottom": 2, "bottom_color": "#277896"}
        )
        self.cell = self.book.add_format(base)
        self.good = self.book.add_format({"font_color": "#00664E"})
        self.bad = self.book.add_format({"bg_color": "#FDEEE0", "font_color": "#8A3800"})

    def table(self, name: str) -> None:
        """Add the sheet of one table: notes, header, example, dropdowns."""
        columns, rows = TABLES[name]
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, _both(f"table.{name}"), self.title)
        for place, column in enumerate(columns):
            for row, language in enumerate(LANGUAGES, start=1):
                shown = text(f"template.column.{name}.{column}", language)
                sheet.write_string(row, place, shown, self.note)
            sheet.write_string(_HEADER_ROW - 1, place, column, self.head)
            for row, values in enumerate(rows, start=_HEADER_ROW):
                sheet.write(row, place, values[place], self.cell)
            self.choices(sheet, name, column, place)
        sheet.set_row(1, 66)
        sheet.set_row(2, 66)
        sheet.set_column(0, len(columns) - 1, 26)
        sheet.freeze_panes(_HEADER_ROW, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def choices(self, sheet: Any, name: str, column: str, place: int) -> None:
        """Let a column choose from a list, and numbers be numbers of nought or more."""
        cells = (_HEADER_ROW, place, _HEADER_ROW + _ROOM, place)
        wanted = _CHOICES.get((name, column))
        rule: dict[str, Any] | None = None
        if isinstance(wanted, str):
            source = f"={wanted}!$A${_HEADER_ROW + 1}:$A${_HEADER_ROW + _CODES}"
            rule = {"validate": "list", "source": source}
        elif wanted is not None:
            rule = {"validate": "list", "source": list(wanted)}
        elif column == "value":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
        if rule is not None:
            rule |= {
                "error_title": "clusterbelt",
                "error_message": _both("not_allowed")[:250],
                "ignore_blank": True,
            }
            sheet.data_validation(*cells, rule)

    def checks(self) -> None:
        """Add the sheet of checks: formulas that count what is wrong, noughts where all is well."""
        sheet = self.book.add_worksheet("checks")
        sheet.write_string(0, 0, _both("checks"), self.title)

        def cells(name: str, column: str) -> str:
            last = _HEADER_ROW + (_CODES if name in {"regions", "industries"} else _ROOM)
            return f"{name}!${column}${_HEADER_ROW + 1}:${column}${last}"

        def lost(name: str, column: str, known: str) -> str:
            mine = cells(name, column)
            return f'=SUMPRODUCT(({mine}<>"")*(COUNTIF({cells(known, "A")},{mine})=0))'

        def twice(name: str) -> str:
            mine = cells(name, "A")
            return f'=SUMPRODUCT(({mine}<>"")*(COUNTIF({mine},{mine})>1))'

        value = cells("activity", "C")
        rules = {
            "region_twice": twice("regions"),
            "industry_twice": twice("industries"),
            "region_lost": lost("activity", "A", "regions"),
            "industry_lost": lost("activity", "B", "industries"),
            "value_text": f'=SUMPRODUCT(({value}<>"")*(1-ISNUMBER({value})))',
            "value_negative": f'=COUNTIF({value},"<0")',
            "neighbour_lost": lost("neighbours", "A", "regions")
            + "+" + lost("neighbours", "B", "regions")[1:],
            "no_advanced": f'=IF(SUM({cells("industries", "E")},{cells("industries", "F")})=0,1,0)',
        }  # fmt: skip
        for row, (key, formula) in enumerate(rules.items(), start=2):
            sheet.write_string(row, 0, _both(f"check.{key}"), self.cell)
            sheet.write_formula(row, 1, formula, self.cell, 0)
        end = 1 + len(rules)
        sheet.conditional_format(
            2, 1, end, 1, {"type": "cell", "criteria": ">", "value": 0, "format": self.bad}
        )
        sheet.conditional_format(
            2, 1, end, 1, {"type": "cell", "criteria": "=", "value": 0, "format": self.good}
        )
        sheet.set_column(0, 0, 92)
        sheet.set_column(1, 1, 12)

    def guide(self) -> None:
        """Add the first sheet: what to do."""
        sheet = self.book.add_worksheet("start")
        sheet.write_string(0, 0, _both("guide_title"), self.title)
        for row, language in enumerate(LANGUAGES, start=2):
            sheet.write_string(row, 0, _steps(language), self.note)
            sheet.set_row(row, 90)
        sheet.set_column(0, 0, 110)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)


def _workbook() -> bytes:
    book = _Book()
    book.guide()
    for name in TABLES:
        book.table(name)
    book.checks()
    book.book.close()
    return book.buffer.getvalue()


def template_files(kind: Template) -> dict[str, bytes]:
    """Return the files of the belt's folder by name, the same bytes each time.

    ``belt.yaml`` and ``READ_ME.md``; with ``csv`` one file per table, with ``excel`` the workbook
    ``tables.xlsx``: a sheet per table with notes in both languages above the header, dropdowns for
    codes and flags, and a sheet of checks.
    """
    files = {"belt.yaml": _belt_yaml(kind).encode(), "READ_ME.md": _guide().encode()}
    if kind == "excel":
        files[WORKBOOK] = _workbook()
    else:
        files |= {f"{name}.csv": _csv(*table) for name, table in TABLES.items()}
    return files
