"""Collecting what is found wrong, and grouping what is wrong in the same way."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from clusterbelt.core.errors import Issue, Place, Severity, first_labels
from clusterbelt.io.table import Table

__all__ = ["Findings", "nearest", "unique_values"]


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the known word that looks most like ``word``, or "" when none does."""
    words = [str(item) for item in known]
    folded = {item.casefold(): item for item in reversed(words)}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else ""


def unique_values(values: Iterable[object]) -> list[str]:
    """Return the different values as text, in the order in which they first stand."""
    return [str(value) for value in pd.unique(pd.Series(list(values), dtype=object))]


class Findings:
    """The issues found so far."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    @property
    def errors(self) -> list[Issue]:
        """Those that make the input unusable."""
        return [issue for issue in self.issues if issue.severity == "error"]

    def add(self, code: str, place: Place, severity: Severity = "error", **params: object) -> None:
        """Add one issue."""
        texts = {key: str(value) for key, value in params.items()}
        self.issues.append(Issue(code, place, texts, severity))

    def in_table(
        self,
        code: str,
        table: Table,
        column: str = "",
        severity: Severity = "error",
        **params: object,
    ) -> None:
        """Add one issue about a table, or one of its columns, as a whole."""
        shown = table.columns.get(column, column)
        place = Place(file=table.file, sheet=table.sheet, column=shown)
        self.add(code, place, severity, **params)

    def in_rows(
        self,
        code: str,
        table: Table,
        at: np.ndarray | Sequence[int],
        *,
        column: str = "",
        values: Iterable[object] = (),
        severity: Severity = "error",
        **params: object,
    ) -> None:
        """Add one issue for all rows ``at`` (a mask or positions) that are wrong in one way.

        The text may use ``count``, ``rows`` (the first five) and ``values`` (the first five
        different ones).
        """
        positions = np.asarray(at)
        if positions.dtype == bool:
            positions = np.flatnonzero(positions)
        if not len(positions):
            return
        shown = table.columns.get(column, column)
        if column == "value" and table.value_columns is not None:
            shown = str(table.value_columns[positions[0]])
        rows = table.rows[positions]
        texts = unique_values(values)
        self.add(
            code,
            Place(
                file=table.file,
                sheet=table.sheet,
                row=int(rows[0]),
                column=shown,
                label=texts[0] if texts else "",
            ),
            severity,
            count=len(positions),
            rows=first_labels(pd.unique(pd.Series(rows))),
            values=first_labels(texts),
            **params,
        )
