"""What more equity between reaches, or less CO2, would cost: two frontiers.

Both by epsilon constraints on the joint programme, with p the last phase and a the added output.

Equity: added value added per head of the reach that gets least,
``equity = min over reaches l of  sum_{r in l, i} v[r,i] a[r,i,p] / people[l]``;
a point asks for at least epsilon of it: ``equity(l): sum v a >= epsilon people[l]`` for every l.
Its largest level is that of the linear programme with fractions of clusters, so the last points
may turn out to have no plan; they are said to be infeasible.

CO2: ``emissions = sum_{r,i} e[r,i,p] a[r,i,p]``, what the added output emits by itself. A point
allows at most epsilon: ``emissions: sum e a <= epsilon``. The study's own caps on CO2 are lifted,
so that the frontier shows what they cost. Output of unknown intensity counts as emitting nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from clusterbelt.plan.again import Question, build_programme
from clusterbelt.plan.evaluate import Evaluation
from clusterbelt.plan.problem import FloatArray, IntArray, Problem
from clusterbelt.plan.programme import Columns, Rows
from clusterbelt.plan.rows import make_rows

__all__ = [
    "added_per_head",
    "co2_question",
    "define_emissions",
    "define_equity",
    "emissions_of",
    "equity_levels",
    "equity_question",
    "gini",
    "most_equity",
    "reach_names",
    "steps",
    "without_co2_caps",
]

LEAST_CO2: Final = 0.25  # the lowest point of the CO2 frontier, as a share of the free plan's


def reach_names(problem: Problem) -> list[str]:
    """Reaches of the problem, sorted."""
    return sorted({reach for reach in problem.reaches if reach})


def _last(columns: Columns) -> IntArray:
    """Columns of a in the last phase, one per cell."""
    cells = np.arange(len(columns.cells), dtype=np.int64)
    return np.asarray(columns.first_added + cells * columns.phases + columns.phases - 1)


def define_equity(columns: Columns, people: FloatArray, least: float) -> list[Rows]:
    """``equity(l)``: every reach adds at least ``least`` value added per head; people (R)."""
    problem, reaches = columns.problem, reach_names(columns.problem)
    region, industry = columns.cells.T
    place = np.array([reaches.index(r) if r in reaches else -1 for r in problem.reaches])[region]
    inside = place >= 0
    value = problem.ratio[region, industry]
    triplets = (place[inside], _last(columns)[inside], value[inside])
    return [make_rows("equity", reaches, triplets, least * _by_reach(problem, people), np.inf)]


def _by_reach(problem: Problem, figures: FloatArray) -> FloatArray:
    member = np.array([[r == reach for r in problem.reaches] for reach in reach_names(problem)])
    return np.asarray(member.astype(np.float64) @ figures)


def added_per_head(problem: Problem, plan: Evaluation, people: FloatArray) -> FloatArray:
    """Added value added per head in the last phase, by region (R)."""
    last = plan.absorbed[:, :, -1]
    used = np.where(last == 0.0, 0.0, problem.ratio)
    return np.asarray((used * last).sum(axis=1) / people)


def equity_levels(problem: Problem, plan: Evaluation, people: FloatArray) -> FloatArray:
    """Added value added per head in the last phase, by reach in the order of their names."""
    added = added_per_head(problem, plan, people) * people
    return np.asarray(_by_reach(problem, added) / _by_reach(problem, people))


def most_equity(problem: Problem, people: FloatArray) -> float:
    """Largest epsilon of the linear programme: fractions of clusters allowed; NaN if infeasible.

    Maximise t subject to the programme's rows and ``sum v a - people[l] t >= 0`` for every l.
    """
    programme = build_programme(Question(problem, more=partial(define_equity, people=people,
                                                               least=0.0)))  # fmt: skip
    lower, upper = programme.row_lower, programme.row_upper
    rows = np.array([group == "equity" for group in programme.groups])
    each = _by_reach(problem, people)
    scale = float(each.mean())  # money per head is too small a figure for the solver's tolerances
    extra = np.zeros(len(rows))
    extra[rows] = -each / scale
    matrix = sparse.hstack([programme.matrix, sparse.csr_array(extra[:, None])], format="csr")
    has_upper, has_lower = np.isfinite(upper), np.isfinite(lower)
    bounds = np.column_stack([np.append(programme.lower, 0.0), np.append(programme.upper, np.inf)])
    found = linprog(
        np.append(np.zeros(programme.objective.size), -1.0),
        A_ub=sparse.vstack([matrix[has_upper], -matrix[has_lower]], format="csr"),
        b_ub=np.concatenate([upper[has_upper], -lower[has_lower]]),
        bounds=bounds,
        method="highs",
    )
    return -float(found.fun) / scale if found.status == 0 else float("nan")


def equity_question(problem: Problem, people: FloatArray, least: float) -> Question:
    """Return the question that asks for this much added value added per head in every reach."""
    more = partial(define_equity, people=people, least=least)
    return Question(problem, more=more, exact=True)


def gini(values: FloatArray) -> float:
    """Gini coefficient of values of at least 0, each counted once; NaN for a total of 0.

    ``G = sum_j (2 j - n - 1) x[j] / (n sum x)``, x in rising order, j from 1.
    """
    ordered = np.sort(values)
    total, count = float(ordered.sum()), ordered.size
    if not total > 0.0:
        return float("nan")
    return float((2.0 * np.arange(1, count + 1) - count - 1) @ ordered / (count * total))


def without_co2_caps(problem: Problem) -> Problem:
    """Return the problem without the study's caps on CO2."""
    return replace(problem, caps=tuple(cap for cap in problem.caps if cap.resource != "co2"))


def define_emissions(columns: Columns, intensity: FloatArray, most: float) -> list[Rows]:
    """``emissions``: the added output of the last phase emits at most ``most``; (R, I)."""
    region, industry = columns.cells.T
    value = np.nan_to_num(intensity[region, industry])
    row = np.zeros(len(columns.cells), dtype=np.int64)
    return [make_rows("emissions", ["belt"], (row, _last(columns), value), -np.inf, most)]


def emissions_of(plan: Evaluation, intensity: FloatArray) -> float:
    """What the added output of the last phase emits; unknown intensity counts as none."""
    return float((np.nan_to_num(intensity) * plan.absorbed[:, :, -1]).sum())


def co2_question(problem: Problem, intensity: FloatArray, most: float) -> Question:
    """Return the question that allows at most this much CO2, in place of the study's caps."""
    more = partial(define_emissions, intensity=intensity, most=most)
    return Question(without_co2_caps(problem), more=more, exact=True)


def steps(start: float, end: float, count: int) -> Sequence[float]:
    """Levels from ``start`` (left out) to ``end``, evenly."""
    return [float(x) for x in np.linspace(start, end, count + 1)[1:]]
