"""What more equity between reaches, or less CO2, would cost: two frontiers.

Both by epsilon constraints on the joint programme, with p the last phase and a the added output.

Equity: added value added per head of the reach that gets least, against that of the belt,
``equity = min over reaches l of (sum_{r in l, i} v[r,i] a[r,i,p] / people[l]) / (sum_{r, i} v a /
people)``, 1 when all reaches get the same; a point asks for at least epsilon of it, for every l
``equity(l): sum_{r in l, i} v a - epsilon people[l] / people sum_{r, i} v a >= 0``.
Regions of no reach count in the belt only.

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

from clusterbelt.plan.again import Question
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
    """``equity(l)``: every reach adds ``least`` of the belt's value added per head; people (R)."""
    problem, reaches = columns.problem, reach_names(columns.problem)
    region, industry = columns.cells.T
    value = problem.ratio[region, industry]
    share = _by_reach(problem, people) / float(people.sum())
    own = np.array([[problem.reaches[r] == reach for r in region] for reach in reaches])
    entry = (own.astype(np.float64) - least * share[:, None]) * value[None, :]
    row, cell = np.nonzero(entry)
    triplets = (row, _last(columns)[cell], entry[row, cell])
    return [make_rows("equity", reaches, triplets, 0.0, np.inf)]


def _by_reach(problem: Problem, figures: FloatArray) -> FloatArray:
    member = np.array([[r == reach for r in problem.reaches] for reach in reach_names(problem)])
    return np.asarray(member.astype(np.float64) @ figures)


def added_per_head(problem: Problem, plan: Evaluation, people: FloatArray) -> FloatArray:
    """Added value added per head in the last phase, by region (R)."""
    last = plan.absorbed[:, :, -1]
    used = np.where(last == 0.0, 0.0, problem.ratio)
    return np.asarray((used * last).sum(axis=1) / people)


def equity_levels(problem: Problem, plan: Evaluation, people: FloatArray) -> FloatArray:
    """Added value added per head against the belt's, by reach in the order of their names.

    NaN when the plan adds nothing.
    """
    added = added_per_head(problem, plan, people) * people
    belt = float(added.sum() / people.sum())
    each = _by_reach(problem, added) / _by_reach(problem, people)
    return np.asarray(each / belt if belt > 0.0 else np.full(each.shape, np.nan))


def equity_question(problem: Problem, people: FloatArray, least: float) -> Question:
    """Return the question that asks for at least this much equity."""
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
