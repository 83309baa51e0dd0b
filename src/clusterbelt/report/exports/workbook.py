"""Every table of a run in one Excel workbook: contents, units, grades, sources, both languages."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import xlsxwriter

from clusterbelt.core.strings import LANGUAGES, Language, text
from clusterbelt.model.result import GRADES
from clusterbelt.model.run_view import RunView
from clusterbelt.report.chapters.assumptions import assumptions_chapter
from clusterbelt.report.common import say
from clusterbelt.report.document import TableBlock
from clusterbelt.report.exports.run_tables import ExportTable, all_tables, named
from clusterbelt.report.exports.word_xml import GRADE_COLOURS

__all__ = ["HEADER_ROWS", "render_workbook", "sheet_names"]

HEADER_ROWS: Final = 7  # title, stage and grade, way back, Chinese, English, unit, name of column
_LONGEST_NAME: Final = 31
_MADE: Final = datetime.datetime(2000, 1, 1)
_MOST_WIDE: Final = 46
_YEARS: Final = ("year", "observed_year", "end_year", "year_from", "year_to")

Writer = Callable[[int, int, Any], None]


def sheet_names(tables: Sequence[ExportTable]) -> dict[str, str]:
    """Return a name for the sheet of every table: at most 31 letters, no two alike."""
    names: dict[str, str] = {}
    used: set[str] = set()
    for table in tables:
        short = table.key[:_LONGEST_NAME]
        number = 2
        while short.lower() in used:
            end = f"~{number}"
            short = table.key[: _LONGEST_NAME - len(end)] + end
            number += 1
        used.add(short.lower())
        names[table.key] = short
    return names


def _both(key: str, **figures: Mapping[Language, object]) -> str:
    """Return a text in Chinese and English; figures come by language."""
    shown = [
        say(f"workbook.{key}", language, **{k: v[language] for k, v in figures.items()})
        for language in LANGUAGES
    ]
    return " / ".join(shown)


def _wide(value: str) -> int:
    return max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in value.split("\n"))


class _Book:
    """A workbook and its formats."""

    def __init__(self, run: RunView) -> None:
        self.run = run
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.buffer, {"in_memory": True, "nan_inf_to_errors": False}
        )
        self.book.set_properties(
            {
                "title": " / ".join((run.title.zh, run.title.en)),
                "author": "clusterbelt",
                "created": _MADE,
            }
        )
        looks: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 14, "font_color": "#0D4F6B"},
            "lead": {"font_color": "#52616B"},
            "wrapped": {"text_wrap": True, "valign": "top"},
            "head": {"bold": True, "bg_color": "#E9F0F3", "text_wrap": True, "valign": "top"},
            "unit": {"bg_color": "#E9F0F3", "font_color": "#52616B", "valign": "top"},
            "code": {
                "bg_color": "#E9F0F3", "font_color": "#52616B", "italic": True,
                "bottom": 2, "bottom_color": "#277896",
            },
            "link": {"font_color": "#0D4F6B", "underline": 1},
            "text": {},
            "whole": {"num_format": "#,##0"},
            "year": {"num_format": "0"},
            "share": {"num_format": "0.0%"},
            "fine": {"num_format": "0.0000"},
            "middle": {"num_format": "#,##0.000"},
            "large": {"num_format": "#,##0.0"},
        }  # fmt: skip
        self.formats: dict[str, Any] = {
            name: self.book.add_format({"font_name": "Arial", "font_size": 10, **look})
            for name, look in looks.items()
        }
        for grade, (ink, ground) in GRADE_COLOURS.items():
            self.formats[grade] = self.book.add_format(
                {
                    "font_name": "Arial", "font_size": 10, "bold": True, "align": "center",
                    "font_color": f"#{ink}", "bg_color": f"#{ground}",
                }
            )  # fmt: skip

    def sheet(self, name: str, title: str, lead: str) -> Any:
        """Add a sheet with title and lead."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.formats["title"])
        sheet.write_string(1, 0, lead, self.formats["lead"])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def number_format(self, column: str, unit: str, values: pd.Series) -> str:
        """Return the name of the format of a column of numbers."""
        if column in _YEARS:
            return "year"
        if pd.api.types.is_integer_dtype(values):
            return "whole"
        known = values.abs()[values.notna()]
        most = float(known.max()) if len(known) else 0.0
        if unit in {"1", ""} and column.endswith("share") and most <= 10:
            return "share"
        if most >= 1000:
            return "large"
        return "fine" if most < 1 else "middle"

    def contents(self, tables: Sequence[ExportTable], names: Mapping[str, str]) -> None:
        """Fill the first sheet: every table with its stage, size, grades and a link."""
        run = self.run
        sheet = self.sheet(
            "contents", f"{run.title.zh} / {run.title.en}",
            _both("contents_lead", study={one: run.manifest.get("study", "") for one in LANGUAGES},
                  seed={one: run.manifest.get("seed", "") for one in LANGUAGES}),
        )  # fmt: skip
        header = ("sheet", "title_zh", "title_en", "stage", "rows", "grades")
        for place, key in enumerate(header):
            sheet.write_string(3, place, _both(f"head.{key}"), self.formats["head"])
        extra = [(key, *(say(f"workbook.sheet.{key}", one) for one in LANGUAGES))
                 for key in ("grades", "assumptions", "sources", "indicators")
                 if key in self.extra]  # fmt: skip
        row = 4
        for key, chinese, english in extra:
            sheet.write_url(row, 0, f"internal:'{key}'!A1", self.formats["link"], key)
            sheet.write_string(row, 1, chinese, self.formats["text"])
            sheet.write_string(row, 2, english, self.formats["text"])
            row += 1
        for table in tables:
            name = names[table.key]
            stage = " / ".join(text(f"cli.stage.{table.stage}", one) for one in LANGUAGES)
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self.formats["link"], name)
            sheet.write_string(row, 1, table.zh, self.formats["text"])
            sheet.write_string(row, 2, table.en, self.formats["text"])
            sheet.write_string(row, 3, stage, self.formats["text"])
            sheet.write_number(row, 4, len(table.frame), self.formats["whole"])
            sheet.write_string(row, 5, " ".join(table.grades), self.formats["text"])
            row += 1
        for place, width in enumerate((33, 40, 52, 30, 12, 14)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(4, 1)

    @property
    def extra(self) -> tuple[str, ...]:
        """Return the sheets beside the tables of results that this run has content for."""
        found = ["grades", "assumptions"]
        if self.run.sources is not None and len(self.run.sources):
            found.append("sources")
        if self.run.indicator_specs is not None and len(self.run.indicator_specs):
            found.append("indicators")
        return tuple(found)

    def grades(self) -> None:
        """Fill the sheet on grades."""
        sheet = self.sheet("grades", _both("sheet.grades"), _both("grades_lead"))
        for place, key in enumerate(("grade", "name", "meaning")):
            sheet.write_string(3, place, _both(f"head.{key}"), self.formats["head"])
        for row, grade in enumerate(GRADES, start=4):
            sheet.set_row(row, 32)
            sheet.write_string(row, 0, grade, self.formats[grade])
            for place, key in enumerate(("name", "meaning"), start=1):
                shown = "\n".join(say(f"grade.{grade}.{key}", one) for one in LANGUAGES)
                sheet.write_string(row, place, shown, self.formats["wrapped"])
        sheet.write_string(9, 0, _both("absent"), self.formats["text"])
        for place, width in enumerate((14, 40, 90)):
            sheet.set_column(place, place, width)

    def assumptions(self) -> None:
        """Fill the sheet of assumptions: the report's two tables, in both languages."""
        sheet = self.sheet("assumptions", _both("sheet.assumptions"), _both("assumptions_lead"))
        heads = ("label_zh", "value_zh", "label_en", "value_en", "field", "grade")
        for place, key in enumerate(heads):
            sheet.write_string(3, place, _both(f"head.{key}"), self.formats["head"])
        both = [assumptions_chapter(self.run, language).blocks for language in LANGUAGES]
        row = 4
        for chinese, english in zip(*both, strict=True):
            if not (isinstance(chinese, TableBlock) and isinstance(english, TableBlock)):
                continue
            for one, other in zip(chinese.rows, english.rows, strict=True):
                if one.heading or one.remark:
                    continue
                grade = chinese.grades[0] if len(chinese.grades) == 1 else one.cells[-1].text
                shown = (one.cells[0].text, one.cells[1].text, other.cells[0].text,
                         other.cells[1].text, one.cells[2].text)  # fmt: skip
                for place, value in enumerate(shown):
                    sheet.write_string(row, place, value, self.formats["wrapped"])
                sheet.write_string(row, 5, grade, self.formats.get(grade, self.formats["text"]))
                row += 1
        for place, width in enumerate((44, 44, 52, 52, 34, 12)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(4, 0)

    def plain(self, name: str, frame: pd.DataFrame) -> None:
        """Fill a sheet with a table of the belt as it is."""
        sheet = self.sheet(name, _both(f"sheet.{name}"), _both(f"{name}_lead"))
        for place, column in enumerate(frame.columns):
            values = [str(value) for value in frame[column]]
            sheet.write_string(3, place, str(column), self.formats["code"])
            for row, value in enumerate(values, start=4):
                sheet.write_string(row, place, value, self.formats["wrapped"])
            width = min(max(map(_wide, [str(column), *values])) + 2, _MOST_WIDE)
            sheet.set_column(place, place, width)
        sheet.freeze_panes(4, 1)

    def table(self, table: ExportTable, name: str) -> None:
        """Fill the sheet of one table of results."""
        grades = ", ".join(
            f"{grade} {' / '.join(say(f'grade.{grade}.name', one) for one in LANGUAGES)}"
            for grade in table.grades
        )
        sheet = self.sheet(name, f"{table.zh} / {table.en}", f"{table.key} · {grades}")
        sheet.write_url(2, 0, "internal:'contents'!A1", self.formats["link"], _both("back"))
        place = 0
        for column in table.columns:
            values = table.frame[column.name]
            heads = (column.zh or column.name, column.en or column.name, column.unit, column.name)
            self.column(sheet, place, heads, values, column.unit)
            place += 1
            names = named(self.run, column.name)
            if names is not None:
                heads = (say("workbook.name", "zh", what=heads[0]),
                         say("workbook.name", "en", what=heads[1]), "", "")  # fmt: skip
                self.column(sheet, place, heads, values.map(names), "")
                place += 1
        sheet.freeze_panes(HEADER_ROWS, 1)
        sheet.autofilter(HEADER_ROWS - 1, 0, HEADER_ROWS - 1 + len(table.frame), place - 1)
        sheet.repeat_rows(3, HEADER_ROWS - 1)

    def column(
        self, sheet: Any, place: int, heads: Sequence[str], values: pd.Series, unit: str
    ) -> None:
        """Write one column: its four header cells, then its values."""
        for row, (head, look) in enumerate(
            zip(heads, ("head", "head", "unit", "code"), strict=True), start=3
        ):
            sheet.write_string(row, place, head, self.formats[look])
        numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        look = self.number_format(heads[3], unit, values) if numeric else "text"
        widest = max(_wide(heads[3]), _wide(heads[2]), min(_wide(heads[0]), 18), 9)
        for row, value in enumerate(values.tolist(), start=HEADER_ROWS):
            widest = max(widest, self.cell(sheet, row, place, value, look))
        sheet.set_column(place, place, min(widest + 2, _MOST_WIDE))

    def cell(self, sheet: Any, row: int, place: int, value: Any, look: str) -> int:
        """Write one cell and return how wide its text is; an absent value stays empty."""
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value, self.formats["text"])
            return 6
        if isinstance(value, int | float):
            if math.isfinite(value):
                sheet.write_number(row, place, value, self.formats[look])
            return 9
        if value is None or value is pd.NA or value is pd.NaT:
            return 0
        shown = str(value)
        sheet.write_string(row, place, shown, self.formats.get(shown, self.formats["text"]))
        return _wide(shown) if shown else 0


def render_workbook(run: RunView) -> bytes:
    """Return the workbook of a run; the same run gives the same bytes.

    Sheets: contents, grades, assumptions, sources, indicators, then one per table of results with
    seven header rows (title, key and grades, way back, label in Chinese, label in English, unit,
    name of the column). Names in both languages stand beside codes. Absent values are empty.
    """
    book = _Book(run)
    tables = list(all_tables(run))
    names = sheet_names(tables)
    book.contents(tables, names)
    book.grades()
    book.assumptions()
    if run.sources is not None and len(run.sources):
        book.plain("sources", run.sources)
    if run.indicator_specs is not None and len(run.indicator_specs):
        book.plain("indicators", run.indicator_specs.reset_index())
    for table in tables:
        book.table(table, names[table.key])
    book.book.close()
    return book.buffer.getvalue()
