"""Why not: what it would cost to force a rejected choice into the plan.

With V the value of the joint plan and V(r,i) that of the best plan in which region r has industry
i as a core industry,

``regret[r,i] = V - V(r,i) >= 0``

The solver knows V(r,i) between the value of the plan it found and a bound, so the regret lies
between ``V - bound`` (not below 0) and ``V - value``. Where the programme is not solved, only the
lower end is given, from the linear programme that lets clusters be built in fractions; it is weak
where clusters would be split.

A pair that is not eligible is let in for its own question; the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from clusterbelt.plan.again import MoreRows, Question, build_programme
from clusterbelt.plan.candidates import usable_cells
from clusterbelt.plan.problem import BoolArray, PlannedCluster, Problem
from clusterbelt.plan.programme import Columns, Programme, Rows
from clusterbelt.plan.rows import all_starts, make_rows

__all__ = [
    "bound_question",
    "define_forced",
    "force_question",
    "rejected_pairs",
    "relaxed_bound",
]

_INFEASIBLE: Final = 2  # status of linprog


def rejected_pairs(
    problem: Problem, clusters: Sequence[PlannedCluster]
) -> tuple[tuple[int, int], ...]:
    """Pairs that could be forced in and are not in the plan, the readiest first.

    Pairs without known output, readiness or ratio, and forbidden ones, cannot be forced.
    """
    chosen = {(region, c.industry) for c in clusters for region in c.members}
    barred = set(problem.section.forbidden)
    pairs = [
        (int(r), int(i))
        for r, i in np.argwhere(usable_cells(problem))
        if (r, i) not in chosen and (problem.regions[r], problem.industries[i]) not in barred
    ]
    return tuple(sorted(pairs, key=lambda pair: (-problem.readiness[pair], pair)))


def define_forced(columns: Columns, pair: tuple[int, int]) -> list[Rows]:
    """``forced(r,i): sum over k with i(k)=i, r in S(k), over q, of y[k,q] >= 1``."""
    problem = columns.problem
    match = (columns.cells[:, 0] == pair[0]) & (columns.cells[:, 1] == pair[1])
    triplets = all_starts(columns, columns.cell_candidate[np.nonzero(match)[0]])
    label = f"{problem.regions[pair[0]]},{problem.industries[pair[1]]}"
    return [make_rows("forced", [label], triplets, 1.0, np.inf)]


def force_question(problem: Problem, eligible: BoolArray, pair: tuple[int, int]) -> Question:
    """Return the question that forces the pair in."""
    allowed = eligible.copy()
    allowed[pair] = True
    more: MoreRows = partial(define_forced, pair=pair)
    return Question(problem, allowed, more, exact=True)


def relaxed_bound(programme: Programme) -> float:
    """Value of the programme with whole clusters relaxed to fractions; NaN where infeasible."""
    upper, lower = np.isfinite(programme.row_upper), np.isfinite(programme.row_lower)
    matrix = programme.matrix
    rows: Any = sparse.vstack([matrix[upper], -matrix[lower]], format="csr")
    bounds: Any = np.column_stack([programme.lower, programme.upper])
    found = linprog(
        -programme.objective,
        A_ub=rows,
        b_ub=np.concatenate([programme.row_upper[upper], -programme.row_lower[lower]]),
        bounds=bounds,
        method="highs",
    )
    return float("nan") if found.status == _INFEASIBLE or found.fun is None else -float(found.fun)


def bound_question(question: Question) -> float:
    """Return :func:`relaxed_bound` of the programme of a question."""
    return relaxed_bound(build_programme(question))
