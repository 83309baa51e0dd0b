"""Every table of a run with its title, its columns' names in both languages, units and grades."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.model.result import Grade
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.figures import table_grades
from clusterbelt.plot.labels import codes

__all__ = ["ExportColumn", "ExportTable", "all_tables", "named"]

_REGIONS: Final = {
    "region", "region_a", "region_b", "region_from", "region_to", "lead", "core_region",
    "best_region", "partners", "members", "members_outside", "supplier", "buyer", "other",
}  # fmt: skip
_INDUSTRIES: Final = {"industry", "industries", "industry_from", "industry_to"}


@dataclass(frozen=True)
class ExportColumn:
    """A column: its name in the table, its labels (empty where none is known) and its unit."""

    name: str
    zh: str
    en: str
    unit: str


@dataclass(frozen=True)
class ExportTable:
    """A table of results as it leaves the house."""

    stage: str
    name: str
    zh: str
    en: str
    frame: pd.DataFrame
    columns: tuple[ExportColumn, ...]
    grades: tuple[Grade, ...]

    @property
    def key(self) -> str:
        """Return ``stage.table``."""
        return f"{self.stage}.{self.name}"


def _label(key: str, language: Language) -> str:
    return text(key, language) if has_text(key, language) else ""


def _column_label(name: str, language: Language) -> str:
    return _label(f"table_column.{name}", language) or _label(f"report.column.{name}", language)


def _title(stage: str, name: str, language: Language) -> str:
    key = f"table_title.{stage}.{name}"
    return _label(key, language) or f"{text(f'cli.stage.{stage}', language)}: {name}"


def all_tables(run: RunView) -> Iterator[ExportTable]:
    """Yield every table of the run that has a column, in the order in which the stages ran."""
    for stage, result in run.results.items():
        for name, table in result.tables.items():
            if not len(table.frame.columns):
                continue
            columns = tuple(
                ExportColumn(
                    str(column),
                    _column_label(str(column), "zh"),
                    _column_label(str(column), "en"),
                    str(table.units.get(str(column), "")),
                )
                for column in table.frame.columns
            )
            chinese, english = _title(stage, name, "zh"), _title(stage, name, "en")
            grades = table_grades(table)
            yield ExportTable(stage, name, chinese, english, table.frame, columns, grades)


def _names_of(run: RunView, column: str) -> pd.DataFrame | None:
    """Return the table that names the codes of a column."""
    if column in _REGIONS:
        return run.regions
    if column in _INDUSTRIES:
        return run.industries
    return run.indicator_specs if column == "indicator" else None


def named(run: RunView, column: str) -> Callable[[object], str] | None:
    """Return what puts names in both languages for the codes of a column; ``None`` for others."""
    frame = _names_of(run, column)
    if frame is None:
        return None
    known = {
        str(code): (str(chinese), str(english))
        for code, chinese, english in zip(
            frame.index, frame["name_zh"], frame["name_en"], strict=True
        )
    }

    def names(value: object) -> str:
        found = [known[code] for code in codes(value) if code in known]
        shown = ("、".join(pair[0] for pair in found), ", ".join(pair[1] for pair in found))
        return " / ".join(dict.fromkeys(one for one in shown if one))

    return names
