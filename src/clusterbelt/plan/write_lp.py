"""The programme as LP text, which a person can read and any solver can take.

Names need no change: the letters, digits, ``( ) , _`` of the row and column names are allowed in
LP files. Rows are written one per line, terms in the order of the columns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from clusterbelt.plan.programme import Programme, column_names

__all__ = ["write_lp"]


def _number(value: float) -> str:
    return f"{value:.10g}"


def _terms(positions: Sequence[int], values: Sequence[float], names: Sequence[str]) -> str:
    parts = [
        f"{'-' if value < 0 else '+'} {_number(abs(value))} {names[at]}"
        for at, value in sorted(zip(positions, values, strict=True))
        if value != 0.0
    ]
    return " ".join(parts) or f"0 {names[0]}"


def _row_lines(programme: Programme, row: int, names: Sequence[str]) -> list[str]:
    matrix = programme.matrix
    span = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
    left = _terms(matrix.indices[span].tolist(), matrix.data[span].tolist(), names)
    lower, upper = float(programme.row_lower[row]), float(programme.row_upper[row])
    label = programme.row_names[row]
    lines = []
    if np.isfinite(upper):
        lines.append(f" {label}: {left} <= {_number(upper)}")
    if np.isfinite(lower):
        lines.append(f" {label}: {left} >= {_number(lower)}")
    return lines


def write_lp(
    programme: Programme, *, groups: Collection[str] | None = None, objective: bool = True
) -> str:
    """Return the programme, or only the rows of ``groups``, as LP text.

    With ``objective=False`` only the rows are written: a fragment to read, not a whole programme.
    """
    names = column_names(programme.columns)
    lines = []
    if objective:
        costs = programme.objective.tolist()
        lines += ["Maximize", f" value: {_terms(range(len(costs)), costs, names)}"]
    lines.append("Subject To")
    for row, group in enumerate(programme.groups):
        if groups is None or group in groups:
            lines += _row_lines(programme, row, names)
    if objective:
        binaries = [name for name, whole in zip(names, programme.integral, strict=True) if whole]
        lines += ["Binaries", *(f" {name}" for name in binaries), "End"]
    return "\n".join(lines) + "\n"
