"""The constraints of the joint programme: one free function each, returning named rows.

The formulas stand in ``programme.py``. To add a constraint: write ``define_<name>`` here, add it
to :func:`define_all`, its formula there, an LP golden and a line in the strings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from clusterbelt.plan.limits import (
    define_attainable,
    define_caps,
    define_precedence,
    define_supply,
)
from clusterbelt.plan.problem import (
    FloatArray,
    capacity,
    capital_output,
    core_limits,
    new_per_phase,
)
from clusterbelt.plan.programme import Columns, Rows
from clusterbelt.plan.rows import (
    Triplets,
    all_starts,
    cell_labels,
    joined,
    make_rows,
    phase_steps,
    ramped_starts,
    with_phases,
)

__all__ = [
    "define_all",
    "define_capacity",
    "define_clusters_industry",
    "define_clusters_reach",
    "define_core_maximum",
    "define_core_minimum",
    "define_demand",
    "define_forbidden",
    "define_investment",
    "define_keep",
    "define_new_per_phase",
    "define_one_cluster",
    "define_pair_ends",
    "define_pair_together",
    "define_required",
]


def _region_candidate(columns: Columns) -> sparse.csr_array:
    regions = len(columns.problem.regions)
    cells = len(columns.cells)
    region_cell = sparse.csr_array(
        (np.ones(cells), (columns.cells[:, 0], np.arange(cells))), shape=(regions, cells)
    )
    return sparse.csr_array(region_cell @ columns.cell_candidate)


def _pair_labels(columns: Columns) -> list[str]:
    problem = columns.problem
    return [
        f"{problem.regions[r]},{problem.regions[t]},{problem.industries[i]}"
        for r, t, i in columns.pairs
    ]


def define_one_cluster(columns: Columns) -> Rows:
    """Each region takes part in an industry through one cluster at most."""
    triplets = all_starts(columns, columns.cell_candidate)
    return make_rows("one_cluster", cell_labels(columns), triplets, -np.inf, 1.0)


def define_core_minimum(columns: Columns) -> Rows:
    """Each region has at least its least number of core industries."""
    triplets = all_starts(columns, _region_candidate(columns))
    limit = core_limits(columns.problem)[0]
    return make_rows("core_minimum", columns.problem.regions, triplets, limit, np.inf)


def define_core_maximum(columns: Columns) -> Rows:
    """Each region has at most its largest number of core industries."""
    triplets = all_starts(columns, _region_candidate(columns))
    limit = core_limits(columns.problem)[1]
    return make_rows("core_maximum", columns.problem.regions, triplets, -np.inf, limit)


def define_new_per_phase(columns: Columns) -> Rows:
    """Each region starts at most ``maximum_new_per_phase[q]`` core industries in phase q."""
    entries = _region_candidate(columns).tocoo()
    phases = np.arange(columns.phases)
    row = (entries.row[:, None] * columns.phases + phases[None, :]).ravel()
    column = (entries.col[:, None] * columns.phases + phases[None, :]).ravel()
    labels = with_phases(columns, columns.problem.regions)
    limit = np.tile(new_per_phase(columns.problem), len(columns.problem.regions))
    return make_rows("new_per_phase", labels, (row, column, np.ones(row.size)), -np.inf, limit)


def define_clusters_industry(columns: Columns) -> Rows:
    """No duplication: at most ``clusters_per_industry`` clusters of an industry in the belt."""
    candidates, problem = columns.candidates, columns.problem
    incidence = sparse.csr_array(
        (np.ones(len(candidates)), (candidates.industry, np.arange(len(candidates)))),
        shape=(len(problem.industries), len(candidates)),
    )
    limit = float(problem.section.clusters_per_industry)
    triplets = all_starts(columns, incidence)
    return make_rows("clusters_industry", problem.industries, triplets, -np.inf, limit)


def define_clusters_reach(columns: Columns) -> Rows:
    """No duplication: at most ``clusters_per_industry_reach`` that touch a reach."""
    candidates, problem = columns.candidates, columns.problem
    reaches = sorted({reach for reach in problem.reaches if reach})
    position = {reach: number for number, reach in enumerate(reaches)}
    row, column = [], []
    for k, members in enumerate(candidates.members):
        touched = {position[problem.reaches[r]] for r in members if problem.reaches[r]}
        for reach in sorted(touched):
            row.append(int(candidates.industry[k]) * len(reaches) + reach)
            column.append(k)
    labels = [f"{industry},{reach}" for industry in problem.industries for reach in reaches]
    incidence = sparse.csr_array(
        (np.ones(len(row)), (row, column)), shape=(len(labels), len(candidates))
    )
    limit = float(problem.section.clusters_per_industry_reach)
    return make_rows("clusters_reach", labels, all_starts(columns, incidence), -np.inf, limit)


def _pair_rows(columns: Columns, pairs: Sequence[tuple[str, str]]) -> tuple[list[str], Triplets]:
    problem = columns.problem
    cell_of = {(int(r), int(i)): c for c, (r, i) in enumerate(columns.cells)}
    labels, found = [], []
    for region, industry in dict.fromkeys(pairs):
        if region in problem.regions and industry in problem.industries:
            key = (problem.regions.index(region), problem.industries.index(industry))
            labels.append(f"{region},{industry}")
            found.append(cell_of.get(key, -1))
    pick = [(row, cell) for row, cell in enumerate(found) if cell >= 0]
    select = sparse.csr_array(
        (np.ones(len(pick)), ([row for row, _ in pick], [cell for _, cell in pick])),
        shape=(len(labels), len(columns.cells)),
    )
    return labels, all_starts(columns, sparse.csr_array(select @ columns.cell_candidate))


def define_required(columns: Columns) -> Rows:
    """Pairs that the study requires are core."""
    labels, triplets = _pair_rows(columns, columns.problem.section.required)
    return make_rows("required", labels, triplets, 1.0, np.inf)


def define_forbidden(columns: Columns) -> Rows:
    """Pairs that the study forbids are not core."""
    labels, triplets = _pair_rows(columns, columns.problem.section.forbidden)
    return make_rows("forbidden", labels, triplets, -np.inf, 0.0)


def define_capacity(columns: Columns) -> Rows:
    """A region adds output only in a core industry, up to its ramped capacity."""
    limit = capacity(columns.problem)[columns.cells[:, 0], columns.cells[:, 1]]
    count = len(columns.cells) * columns.phases
    own = np.arange(count)
    triplets = joined(
        (own, columns.first_added + own, np.ones(count)),
        ramped_starts(columns, columns.cell_candidate, limit),
    )
    labels = with_phases(columns, cell_labels(columns))
    return make_rows("capacity", labels, triplets, -np.inf, 0.0)


def define_keep(columns: Columns) -> Rows:
    """Capacity once built stays."""
    now, before = phase_steps(columns)
    row = np.arange(now.size)
    triplets = joined((row, now, np.ones(now.size)), (row, before, -np.ones(now.size)))
    later = columns.problem.phases[1:]
    labels = [f"{label},{phase}" for label in cell_labels(columns) for phase in later]
    return make_rows("keep", labels, triplets, 0.0, np.inf)


def define_demand(columns: Columns) -> Rows:
    """The belt adds no more of an industry than demand absorbs."""
    problem = columns.problem
    phases = np.arange(columns.phases)
    row = (columns.cells[:, 1][:, None] * columns.phases + phases[None, :]).ravel()
    column = columns.first_added + np.arange(row.size)
    labels = with_phases(columns, problem.industries)
    triplets = (row, column, np.ones(row.size))
    return make_rows("demand", labels, triplets, -np.inf, problem.ceilings.ravel())


def define_investment(columns: Columns) -> Rows:
    """A region's new capital in a phase stays within its investment cap; none where no data."""
    problem = columns.problem
    capital = capital_output(problem)[columns.cells[:, 1]]
    capped = np.asarray(np.isfinite(problem.investment).all(axis=1), dtype=np.bool_)
    position = np.cumsum(capped) - 1
    keep = np.nonzero(capped[columns.cells[:, 0]])[0]
    phases = np.arange(columns.phases)
    row = (position[columns.cells[keep, 0]][:, None] * columns.phases + phases).ravel()
    column = (columns.first_added + keep[:, None] * columns.phases + phases).ravel()
    value = np.repeat(capital[keep], columns.phases)
    later = np.tile(phases > 0, keep.size)
    triplets = joined((row, column, value), (row[later], column[later] - 1, -value[later]))
    named = [region for region, has in zip(problem.regions, capped, strict=True) if has]
    labels = with_phases(columns, named)
    return make_rows("investment", labels, triplets, -np.inf, problem.investment[capped].ravel())


def _pair_value(columns: Columns, end: int) -> FloatArray:
    """``sigma max(v, 0)`` at one end of every pair."""
    ratio = np.maximum(columns.problem.ratio[columns.pairs[:, end], columns.pairs[:, 2]], 0.0)
    return np.asarray(columns.problem.section.synergy * ratio, dtype=np.float64)


def define_pair_ends(columns: Columns, end: int) -> Rows:
    """Synergy is at most a share of what one end of the pair adds; ``end`` 0 or 1."""
    problem = columns.problem
    cell_key = columns.cells[:, 0] * len(problem.industries) + columns.cells[:, 1]
    wanted = columns.pairs[:, end] * len(problem.industries) + columns.pairs[:, 2]
    cell = np.searchsorted(cell_key, wanted)
    phases = np.arange(columns.phases)
    own = np.arange(len(columns.pairs) * columns.phases)
    added = (columns.first_added + cell[:, None] * columns.phases + phases).ravel()
    triplets = joined(
        (own, columns.first_synergy + own, np.ones(own.size)),
        (own, added, -np.repeat(_pair_value(columns, end), columns.phases)),
    )
    labels = with_phases(columns, _pair_labels(columns))
    return make_rows(("pair_from", "pair_to")[end], labels, triplets, -np.inf, 0.0)


def define_pair_together(columns: Columns) -> Rows:
    """Synergy arises only where both ends are in one cluster."""
    limit = capacity(columns.problem)
    ends = [
        _pair_value(columns, end)[:, None] * limit[columns.pairs[:, end], columns.pairs[:, 2]]
        for end in (0, 1)
    ]
    own = np.arange(len(columns.pairs) * columns.phases)
    triplets = joined(
        (own, columns.first_synergy + own, np.ones(own.size)),
        ramped_starts(columns, columns.pair_candidate, np.minimum(ends[0], ends[1])),
    )
    labels = with_phases(columns, _pair_labels(columns))
    return make_rows("pair_together", labels, triplets, -np.inf, 0.0)


def define_all(columns: Columns, *, no_duplication: bool = True) -> list[Rows]:
    """Every constraint, in the order of the programme; without the no-duplication rules on wish.

    Constraints that have no row in a problem (no caps, no precedence) are left out.
    """
    parts = [
        define_one_cluster(columns),
        define_core_minimum(columns),
        define_core_maximum(columns),
        define_new_per_phase(columns),
    ]
    if no_duplication:
        parts += [define_clusters_industry(columns), define_clusters_reach(columns)]
    parts += [
        define_required(columns),
        define_forbidden(columns),
        define_precedence(columns),
        define_capacity(columns),
        define_keep(columns),
        define_demand(columns),
        define_attainable(columns),
        define_investment(columns),
        *define_caps(columns),
        define_supply(columns),
        define_pair_ends(columns, 0),
        define_pair_ends(columns, 1),
        define_pair_together(columns),
    ]
    return [part for part in parts if part.names]
