"""What the constraints share: rows from triplets, sums over starts, labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from clusterbelt.plan.problem import FloatArray, IntArray, ramp_table
from clusterbelt.plan.programme import Columns, Rows

__all__ = [
    "Triplets",
    "all_starts",
    "cell_labels",
    "joined",
    "make_rows",
    "phase_steps",
    "ramped_starts",
    "with_phases",
]

Triplets = tuple[IntArray, IntArray, FloatArray]  # row, column, coefficient


def make_rows(
    group: str,
    labels: Sequence[str],
    triplets: Triplets,
    lower: float | FloatArray,
    upper: float | FloatArray,
) -> Rows:
    """Rows of ``group``, one per label, from triplets and bounds (one for all, or one each)."""
    row, column, coefficient = triplets
    count = len(labels)
    return Rows(
        group,
        tuple(f"{group}({label})" for label in labels),
        np.asarray(row, dtype=np.int64),
        np.asarray(column, dtype=np.int64),
        np.asarray(coefficient, dtype=np.float64),
        np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)).copy(),
        np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)).copy(),
    )


def all_starts(columns: Columns, incidence: sparse.csr_array) -> Triplets:
    """Triplets of ``sum_{k in row} sum_q y[k,q]``."""
    entries = incidence.tocoo()
    phases = np.arange(columns.phases)
    column = (entries.col[:, None] * columns.phases + phases[None, :]).ravel()
    return np.repeat(entries.row, columns.phases), column, np.ones(column.size)


def ramped_starts(columns: Columns, incidence: sparse.csr_array, scale: FloatArray) -> Triplets:
    """Triplets of ``-scale[j,p] sum_{k in j} sum_q ramp[q,p] y[k,q]`` in rows j * P + p."""
    entries = incidence.tocoo()
    ramp = ramp_table(columns.problem)
    start, phase = np.nonzero(ramp)
    row = (entries.row[:, None] * columns.phases + phase[None, :]).ravel()
    column = (entries.col[:, None] * columns.phases + start[None, :]).ravel()
    value = (-scale[entries.row][:, phase] * ramp[start, phase][None, :]).ravel()
    return row, column, value


def joined(
    *triplets: Triplets,
) -> Triplets:
    """Put triplets one after the other."""
    rows, columns, values = zip(*triplets, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


def cell_labels(columns: Columns) -> list[str]:
    """Region and industry of every cell."""
    problem = columns.problem
    return [f"{problem.regions[r]},{problem.industries[i]}" for r, i in columns.cells]


def with_phases(columns: Columns, labels: Sequence[str]) -> list[str]:
    """Every label with every phase, phases running fastest."""
    return [f"{label},{phase}" for label in labels for phase in columns.problem.phases]


def phase_steps(columns: Columns) -> tuple[IntArray, IntArray]:
    """Return the columns a[., p] and a[., p-1] for every cell and every phase after the first."""
    grid = columns.first_added + np.arange(len(columns.cells) * columns.phases).reshape(
        -1, columns.phases
    )
    return grid[:, 1:].ravel(), grid[:, :-1].ravel()
