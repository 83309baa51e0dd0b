"""One score for every region and manufacturing industry: readiness times the size of the benefit.

``benefit[r,i] = sum_p w[p] max(v[r,i] - c kappa[i], 0) min(uplift phi[r,i] B[r,i,p], D[i,p])``
``score[r,i]   = benefit[r,i] / max over all pairs of benefit``, in [0, 1]

what a designation from the first year on would earn at full ramp: the more, the readier the region,
the larger its industry and the higher its margin; never more than demand for the industry absorbs.
It knows nothing of the other choices, which is what the plan is for: the plan's view stands beside
it as the selection frequency. NaN where anything in it is unknown; all NaN where nothing is
positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from clusterbelt.config.plan import PlanSection
from clusterbelt.config.scope import Scope
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Result, ResultTable
from clusterbelt.plan.build import build_problem
from clusterbelt.plan.problem import FloatArray, Problem, capacity, margin
from clusterbelt.plan.robustness import Outcome, chosen_starts

__all__ = ["priority_score", "priority_table"]


def priority_score(problem: Problem) -> FloatArray:
    """Score of every region and industry of the problem, shape (R, I)."""
    most = np.minimum(capacity(problem), problem.ceilings[None, :, :])
    benefit = np.maximum(margin(problem), 0.0) * (most @ problem.weights)
    known = benefit[np.isfinite(benefit)]
    largest = float(known.max()) if known.size else 0.0
    if not largest > 0.0:
        return np.full(benefit.shape, np.nan)
    return np.asarray(benefit / largest, dtype=np.float64)


def priority_table(
    belt: Belt,
    results: Mapping[str, Result],
    section: PlanSection,
    scope: Scope,
    outcomes: Sequence[Outcome],
    problem: Problem,
) -> ResultTable:
    """Score and selection frequency for all belt regions and all manufacturing industries.

    The frequency is NaN for industries that may not become core, and without draws. Grade C where
    readiness was learnt, but D throughout, since uplift and costs are assumptions.
    """
    made = belt.industries["manufacturing"].astype(bool)
    codes = tuple(str(code) for code in belt.industries.index[made])
    wide, _, _ = build_problem(
        belt,
        results,
        section.model_copy(update={"industries": codes, "required": (), "forbidden": (),
                                   "precedence": ()}),
        scope,
    )  # fmt: skip
    score = priority_score(wide)
    plans = [outcome.clusters for outcome in outcomes if outcome.clusters]
    chosen = (chosen_starts(problem, plans) >= 0).mean(axis=0) if plans else None
    place = {code: i for i, code in enumerate(problem.industries)}
    rows = [
        {
            "region": region,
            "industry": code,
            "score": score[r, i],
            "selection_frequency": chosen[r, place[code]]
            if chosen is not None and code in place
            else float("nan"),
            "grade": "D",
        }
        for r, region in enumerate(wide.regions)
        for i, code in enumerate(wide.industries)
    ]
    columns = ["region", "industry", "score", "selection_frequency", "grade"]
    units = {"score": "1", "selection_frequency": "1"}
    return ResultTable("priority", pd.DataFrame(rows, columns=columns), "D", units)
