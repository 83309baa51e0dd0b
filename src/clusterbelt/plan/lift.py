"""The same programme with fewer entries, for belts of many regions.

A region lies in many candidates, and every row about a region repeats them all. With

``z[r,i,q] = sum_{k: i(k)=i, r in S(k)} y[k,q]`` and ``t[r,r',i,q]`` likewise for a pair,

each candidate stands once per member and pair, and the rows ``one_cluster``, ``core_minimum``,
``core_maximum``, ``new_per_phase``, ``capacity`` and ``pair_together`` are written in z and t. The
feasible plans and their values are the same; an interior-point method is several times faster on
it. Columns of the given programme come first, in their order; then z, then t.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import sparse

from clusterbelt.plan.problem import FloatArray, ramp_table
from clusterbelt.plan.programme import Columns, Programme

__all__ = ["lift_programme"]

_TINY: Final = 1e-9  # entries below this are noise of the input coefficients


def _ramped(scale: FloatArray, ramp: FloatArray) -> sparse.csr_array:
    """Rows (j, p), columns (j, q): ``-scale[j,p] ramp[q,p]``."""
    count, phases = scale.shape
    start, phase = np.nonzero(ramp)
    at = np.arange(count)[:, None] * phases
    value = -scale[:, phase] * ramp[start, phase]
    return sparse.csr_array(
        (value.ravel(), ((at + phase).ravel(), (at + start).ravel())),
        shape=(count * phases, count * phases),
    )


def _scale(programme: Programme, group: str, incidence: sparse.csr_array) -> FloatArray:
    """Scale of a ramped group, read back from its entries: any candidate of the row has it."""
    columns = programme.columns
    phases, ramp = columns.phases, ramp_table(columns.problem)
    rows = np.nonzero(np.array(programme.groups) == group)[0]
    some = incidence.indices[incidence.indptr[:-1]].astype(np.int64)  # one candidate of each row
    phase = np.tile(np.arange(phases), len(some))
    # The start that has ramped furthest in each phase.
    start = np.argmax(ramp, axis=0)[phase]
    found = np.zeros(rows.size)
    entries = programme.matrix[rows].tocoo()
    wanted = np.repeat(some, phases) * phases + start
    here = entries.col == wanted[entries.row]
    found[entries.row[here]] = entries.data[here]
    share = ramp[start, phase]
    values = np.divide(-found, share, out=np.zeros(found.size), where=share > 0.0)
    return np.asarray(values.reshape(-1, phases), dtype=np.float64)


def _summed(columns: Columns, per_phase: bool) -> sparse.csr_array:
    """Rows of regions (and phases), columns z: what a region starts."""
    count, phases = len(columns.cells), columns.phases
    owner = sparse.csr_array(
        (np.ones(count), (columns.cells[:, 0], np.arange(count))),
        shape=(len(columns.problem.regions), count),
    )
    inner = sparse.eye_array(phases) if per_phase else sparse.csr_array(np.ones((1, phases)))
    return sparse.csr_array(sparse.kron(owner, inner))


Blocks = dict[str, tuple[sparse.csr_array | None, sparse.csr_array | None]]


def _blocks(programme: Programme) -> tuple[Blocks, FloatArray]:
    """What stands for y in each rewritten group (entries on z, on t), and the most of a and s."""
    columns = programme.columns
    count, phases = len(columns.cells), columns.phases
    ramp = ramp_table(columns.problem)
    ones = sparse.csr_array(np.ones((1, phases)))
    cell_scale = _scale(programme, "capacity", columns.cell_candidate)
    most = ramp.max(axis=0)
    bounds = [cell_scale * most]
    found: Blocks = {
        "one_cluster": (sparse.csr_array(sparse.kron(sparse.eye_array(count), ones)), None),
        "core_minimum": (_summed(columns, per_phase=False), None),
        "core_maximum": (_summed(columns, per_phase=False), None),
        "new_per_phase": (_summed(columns, per_phase=True), None),
        "capacity": (_ramped(cell_scale, ramp), None),
    }
    if len(columns.pairs):
        pair_scale = _scale(programme, "pair_together", columns.pair_candidate)
        found["pair_together"] = (None, _ramped(pair_scale, ramp))
        bounds.append(pair_scale * most)
    return found, np.concatenate([bound.ravel() for bound in bounds])


def lift_programme(programme: Programme) -> Programme:
    """Write the programme with the starts of cells and pairs as columns of their own.

    Names and groups of the given rows stay; the rows that define z and t come last. All columns
    have finite bounds: a and s are at most what their rows allow at full ramp.
    """
    columns = programme.columns
    phases, width = columns.phases, programme.matrix.shape[1]
    cells, pairs = len(columns.cells) * phases, len(columns.pairs) * phases
    blocks, bounds = _blocks(programme)
    group_of = np.array(programme.groups)
    rest = np.arange(columns.first_added, width)
    keep_y = sparse.csr_array((np.ones(rest.size), (rest, rest)), shape=(width, width))
    parts, order = [], []
    for group in dict.fromkeys(programme.groups):
        rows = np.nonzero(group_of == group)[0]
        order.append(rows)
        own = programme.matrix[rows]
        on_z, on_t = blocks.get(group, (None, None))
        if group in blocks:
            own = own @ keep_y
        none_z, none_t = (sparse.csr_array((len(rows), size)) for size in (cells, pairs))
        parts.append(sparse.hstack([own, on_z if on_z is not None else none_z,
                                    on_t if on_t is not None else none_t]))  # fmt: skip
    inner = sparse.eye_array(phases)
    for incidence, size, before in (
        (columns.cell_candidate, cells, 0),
        (columns.pair_candidate, pairs, cells),
    ):
        links = sparse.csr_array(sparse.kron(incidence, inner))
        gap = sparse.csr_array((size, width - columns.first_added + before))
        minus = sparse.csr_array(-sparse.eye_array(size))
        after = sparse.csr_array((size, cells + pairs - before - size))
        parts.append(sparse.hstack([links, gap, minus, after]))
    matrix = sparse.csr_array(sparse.vstack(parts))
    matrix.data[np.abs(matrix.data) < _TINY] = 0.0
    matrix.eliminate_zeros()
    at, more = np.concatenate(order), cells + pairs
    return replace(
        programme,
        objective=np.concatenate([programme.objective, np.zeros(more)]),
        lower=np.concatenate([programme.lower, np.zeros(more)]),
        upper=np.concatenate([programme.upper[: columns.first_added], bounds, np.ones(more)]),
        integral=np.concatenate([programme.integral, np.zeros(more, dtype=np.bool_)]),
        groups=(*(programme.groups[row] for row in at), *("start_of_cell",) * cells,
                *("start_of_pair",) * pairs),
        row_names=(*(programme.row_names[row] for row in at),
                   *(f"start_of_cell({n})" for n in range(cells)),
                   *(f"start_of_pair({n})" for n in range(pairs))),
        matrix=matrix,
        row_lower=np.concatenate([programme.row_lower[at], np.zeros(more)]),
        row_upper=np.concatenate([programme.row_upper[at], np.zeros(more)]),
    )  # fmt: skip
