"""Drawing everything uncertain about a planning problem.

One draw multiplies or replaces figures of the problem, independently:

``output[r,i], baseline[r,i,p]``  times ``exp(s_o e1[r,i])``
``ratio[r,i]``                    times ``exp(s_v e2[r,i])``
``phi[r,i]``                      ``expit(logit(phi[r,i]) + sum_k a[r,i,k] e3[k])``
``D[i,p], attainable[r,i,p]``     times ``exp(s_d / sqrt(2) * (e4 + e5[i]))``
``uplift, synergy, c``            even in their ranges
``kappa[i]``                      times a factor, even in its logarithm
``g, h``                          times another factor, even in its logarithm

with standard normal e. The loadings a are those of the readiness stage on the errors of its
coefficients, which all cells share; without them, or on wish, the log odds of each cell move by
``s_f e3[r,i]`` instead. Draw number n comes from the generator of ``[seed, n]``, so a draw is the
same in whatever order, chunk or process it is made. Unknown figures (NaN) stay unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import expit, logit

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.plan.problem import FloatArray, Problem

__all__ = ["SCALARS", "Draw", "apply_draw", "draw_assumptions", "readiness_is_learnt"]

# Assumptions that are one figure for the whole belt.
SCALARS: Final = ("uplift", "demand", "cost", "capital_charge", "capital_output", "synergy")


@dataclass(frozen=True)
class Draw:
    """One draw. ``scalars`` by name; demand, cost and capital_output are factors."""

    number: int
    scalars: dict[str, float]
    output: FloatArray  # (R, I) factor
    ratio: FloatArray  # (R, I) factor
    readiness: FloatArray  # (R, I) added to the log odds
    demand: FloatArray  # (I) factor, the common one included


def _even(random: np.random.Generator, span: tuple[float, float]) -> float:
    return float(random.uniform(*span))


def _log_even(random: np.random.Generator, span: tuple[float, float]) -> float:
    return float(np.exp(random.uniform(np.log(span[0]), np.log(span[1]))))


def draw_assumptions(problem: Problem, settings: RobustnessSection, seed: int, number: int) -> Draw:
    """Make draw ``number``."""
    random = np.random.default_rng([seed, number])
    shape = problem.output.shape
    half = settings.draw_demand / np.sqrt(2.0)
    common = float(np.exp(half * random.standard_normal()))
    scalars = {
        "uplift": _even(random, settings.draw_uplift),
        "demand": common,
        "cost": _log_even(random, settings.draw_cost),
        "capital_charge": _even(random, settings.draw_capital_charge),
        "capital_output": _log_even(random, settings.draw_capital_output),
        "synergy": _even(random, settings.draw_synergy),
    }
    output = np.exp(settings.draw_output_error * random.standard_normal(shape))
    ratio = np.exp(settings.draw_ratio_error * random.standard_normal(shape))
    readiness = settings.draw_readiness_error * random.standard_normal(shape)
    demand = common * np.exp(half * random.standard_normal(shape[1]))
    if readiness_is_learnt(problem, settings) and problem.loadings is not None:
        # A generator of their own: all else is the same, whichever way readiness is drawn.
        errors = np.random.default_rng([seed, number, 1])
        readiness = problem.loadings @ errors.standard_normal(problem.loadings.shape[2])
    return Draw(number, scalars, output, ratio, readiness, demand)


def readiness_is_learnt(problem: Problem, settings: RobustnessSection) -> bool:
    """Whether draws of readiness are those of the learnt relation, not of an assumed width."""
    return settings.draw_readiness_learnt and problem.loadings is not None


def apply_draw(problem: Problem, draw: Draw) -> Problem:
    """Return the problem as it would be under the draw."""
    section, scalars = problem.section, draw.scalars
    capital = scalars["capital_output"]
    special = section.capital_output_by_industry
    drawn = section.model_copy(
        update={
            "uplift": scalars["uplift"],
            "synergy": scalars["synergy"],
            "capital_charge": scalars["capital_charge"],
            "capital_output": section.capital_output * capital,
            "capital_output_by_industry": {code: k * capital for code, k in special.items()},
            "coordination_cost": section.coordination_cost * scalars["cost"],
            "programme_cost": section.programme_cost * scalars["cost"],
        }
    )
    attainable = problem.attainable
    if attainable is not None:
        attainable = attainable * draw.demand[None, :, None]
    caps = tuple(
        replace(cap, intensity=cap.intensity * capital) if cap.resource == "investment" else cap
        for cap in problem.caps
    )
    return replace(
        problem,
        section=drawn,
        output=problem.output * draw.output,
        baseline=problem.baseline * draw.output[:, :, None],
        ratio=problem.ratio * draw.ratio,
        readiness=np.asarray(expit(logit(problem.readiness) + draw.readiness)),
        ceilings=problem.ceilings * draw.demand[:, None],
        attainable=attainable,
        caps=caps,
    )
