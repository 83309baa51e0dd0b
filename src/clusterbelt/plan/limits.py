"""Limits of resources, of supply, of attainable demand, and the order of industries.

One free function per constraint, like those of ``constraints.py``; a problem that lacks the data
of one of them has no row of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from clusterbelt.plan.problem import Cap, FloatArray, IntArray, ResourceName, capacity
from clusterbelt.plan.programme import Columns, Rows
from clusterbelt.plan.rows import Triplets, cell_labels, joined, make_rows, with_phases

__all__ = [
    "RESOURCE_GROUPS",
    "cap_use",
    "define_attainable",
    "define_caps",
    "define_precedence",
    "define_supply",
]

# Investment of single regions has a constraint of its own; this is what is set beside it.
RESOURCE_GROUPS: dict[ResourceName, str] = {
    "investment": "investment_cap",
    "labour": "labour",
    "water": "water",
    "co2": "co2",
}


def define_attainable(columns: Columns) -> Rows:
    """A region adds no more of an industry than demand lets it attain.

    Only where that is less than the region could ever add: all other rows would never bind.
    """
    problem = columns.problem
    if problem.attainable is None:
        return make_rows("attainable", [], _nothing(), -np.inf, 0.0)
    region, industry = columns.cells[:, 0], columns.cells[:, 1]
    limit = problem.attainable[region, industry].ravel()
    most = capacity(problem)[region, industry].ravel()
    kept = np.nonzero(limit < most)[0]
    labels = with_phases(columns, cell_labels(columns))
    triplets = (np.arange(kept.size), columns.first_added + kept, np.ones(kept.size))
    return make_rows("attainable", [labels[at] for at in kept], triplets, -np.inf, limit[kept])


def _nothing() -> Triplets:
    empty = np.zeros(0, dtype=np.int64)
    return empty, empty, np.zeros(0)


def cap_use(columns: Columns, cap: Cap) -> Triplets:
    """Triplets of what a cap counts, one row per phase.

    ``sum_{r in place, i} e[r,i,p] a[r,i,p]``, for investment
    ``sum e[r,i,p] (a[r,i,p] - a[r,i,p-1])``.
    """
    inside = np.nonzero(cap.members[columns.cells[:, 0]])[0]
    region, industry = columns.cells[inside].T
    intensity = np.nan_to_num(cap.intensity[region, industry])
    phases = np.arange(columns.phases)
    column = (columns.first_added + inside[:, None] * columns.phases + phases).ravel()
    row = np.tile(phases, inside.size)
    value = intensity.ravel()
    if cap.resource != "investment":
        return row, column, value
    later = row > 0
    return joined((row, column, value), (row[later], column[later] - 1, -value[later]))


def define_caps(columns: Columns) -> Iterator[Rows]:
    """A place uses no more of a resource than its cap, in every phase."""
    for cap in columns.problem.caps:
        bounded = np.isfinite(cap.amount)
        position = np.cumsum(bounded) - 1
        row, column, value = cap_use(columns, cap)
        kept = bounded[row]
        labels = [
            f"{cap.place},{phase}"
            for phase, has in zip(columns.problem.phases, bounded, strict=True)
            if has
        ]
        triplets = (position[row[kept]], column[kept], value[kept])
        group = RESOURCE_GROUPS[cap.resource]
        yield make_rows(group, labels, triplets, -np.inf, cap.amount[bounded])


def define_supply(columns: Columns) -> Rows:
    """What the added output buys of a product is added by the plan itself or can be had."""
    supply = columns.problem.supply
    if supply is None:
        return make_rows("supply", [], _nothing(), -np.inf, 0.0)
    phases = np.arange(columns.phases)
    region, industry = columns.cells.T
    net = supply.coefficients[region, :, industry].copy()  # (C, J)
    place = {code: at for at, code in enumerate(supply.products)}
    for cell, code in enumerate(columns.problem.industries[i] for i in industry):
        if code in place:
            net[cell, place[code]] -= 1.0
    cell_at, product = np.nonzero(net)
    row: IntArray = (product[:, None] * columns.phases + phases).ravel()
    column = (columns.first_added + cell_at[:, None] * columns.phases + phases).ravel()
    value = np.repeat(net[cell_at, product], columns.phases)
    labels = with_phases(columns, supply.products)
    limit: FloatArray = supply.amount.sum(axis=0)
    return make_rows("supply", labels, (row, column, value), -np.inf, limit.ravel())


def define_precedence(columns: Columns) -> Rows:
    """A region starts a later industry only once it has started the one before it."""
    problem, phases = columns.problem, columns.phases
    cell_of = {(int(r), int(i)): c for c, (r, i) in enumerate(columns.cells)}
    labels: list[str] = []
    parts: list[Triplets] = [_nothing()]
    for before, later in problem.section.precedence:
        if later not in problem.industries:
            continue
        second = problem.industries.index(later)
        first = problem.industries.index(before) if before in problem.industries else -1
        for r, region in enumerate(problem.regions):
            if (r, second) not in cell_of:
                continue
            for phase in range(phases):
                number = len(labels)
                labels.append(f"{region},{before},{later},{problem.phases[phase]}")
                parts.append(_started(columns, cell_of[r, second], phase, number, 1.0))
                if (r, first) in cell_of:
                    parts.append(_started(columns, cell_of[r, first], phase, number, -1.0))
    return make_rows("precedence", labels, joined(*parts), -np.inf, 0.0)


def _started(columns: Columns, cell: int, phase: int, row: int, sign: float) -> Triplets:
    """Triplets of ``sign * sum_{k holds cell} sum_{q <= phase} y[k,q]`` in one row."""
    incidence: sparse.csr_array = columns.cell_candidate
    span = slice(int(incidence.indptr[cell]), int(incidence.indptr[cell + 1]))
    candidate = incidence.indices[span].astype(np.int64)
    column = (candidate[:, None] * columns.phases + np.arange(phase + 1)).ravel()
    return np.full(column.size, row), column, np.full(column.size, sign)
