"""Readiness: how likely a region is to be specialised in an industry, given where it stands.

Where the stage ``readiness`` ran, its model is taken, which was validated out of sample. Without
it there is a thin model: logistic regression of *being specialised* (LQ > 1) in one year on the
log location quotient of an earlier year, over region x industry cells. Its fit is applied to the
quotients of the base year, so it looks one observed interval ahead, not to the end of the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from clusterbelt.model.result import Grade, Result
from clusterbelt.plan.problem import FloatArray

__all__ = [
    "LOG_FLOOR",
    "LogisticFit",
    "Readiness",
    "fit_logistic",
    "log_quotient",
    "readiness_draws",
    "readiness_from_history",
    "readiness_from_results",
    "readiness_without_history",
]

# Quotients below this count as this: the logarithm of zero would swamp every other cell.
LOG_FLOOR = 0.01


@dataclass(frozen=True)
class LogisticFit:
    """``P(specialised) = 1 / (1 + exp(-(intercept + slope * log LQ)))``."""

    intercept: float
    slope: float
    cells: int
    auc: float  # within the sample; NaN where only one outcome occurs


@dataclass(frozen=True)
class Readiness:
    """Readiness phi (R, I) in (0, 1), NaN where the quotient is unknown; its grade and its fit."""

    phi: FloatArray
    grade: Grade
    fit: LogisticFit | None
    error: FloatArray | None = None  # (R, I) standard error of the log odds, where it is known
    loadings: FloatArray | None = None  # (R, I, K) of the log odds on K independent errors


def log_quotient(quotient: FloatArray) -> FloatArray:
    """Return log(max(LQ, floor)); NaN stays NaN, zero becomes the floor's logarithm."""
    return np.asarray(np.log(np.maximum(quotient, LOG_FLOOR)), dtype=np.float64)


def _area_under_curve(score: FloatArray, outcome: FloatArray) -> float:
    """Chance that a random success scores above a random failure; ties count one half."""
    success, failure = score[outcome > 0], score[outcome <= 0]
    if not success.size or not failure.size:
        return float("nan")
    failure = np.sort(failure)
    below = np.searchsorted(failure, success, side="left")
    not_above = np.searchsorted(failure, success, side="right")
    return float(np.mean(below + not_above) / (2.0 * failure.size))


def fit_logistic(earlier: FloatArray, later: FloatArray, ridge: float) -> LogisticFit:
    """Fit being specialised later on the earlier log location quotient.

    Minimises ``-log likelihood + ridge / 2 * b^2`` over intercept a and slope b, with
    ``z = (log LQ - mean) / deviation`` and ``P = 1 / (1 + exp(-(a + b z)))``; a is not penalised.
    ``earlier`` and ``later`` are quotients of equal shape; cells unknown in either are left out.

    Raises
    ------
    ValueError
        If no cell is known in both, or all earlier quotients are equal, or only one outcome occurs.
    """
    known = np.isfinite(earlier) & np.isfinite(later)
    x = log_quotient(earlier[known])
    y = (later[known] > 1.0).astype(np.float64)
    if x.size == 0 or float(np.std(x)) == 0.0 or not 0.0 < float(y.mean()) < 1.0:
        raise ValueError("no cells from which a relation could be learnt")
    mean, deviation = float(x.mean()), float(x.std())
    z = (x - mean) / deviation

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        intercept, slope = float(parameters[0]), float(parameters[1])
        linear = intercept + slope * z
        error = expit(linear) - y
        value = float(np.sum(np.logaddexp(0.0, linear) - y * linear)) + 0.5 * ridge * slope**2
        return value, np.array([error.sum(), error @ z + ridge * slope])

    found = minimize(loss, np.zeros(2), jac=True, method="BFGS", options={"gtol": 1e-8})
    intercept, slope = (float(value) for value in found.x)
    return LogisticFit(
        intercept=intercept - slope * mean / deviation,
        slope=slope / deviation,
        cells=int(x.size),
        auc=_area_under_curve(x, y),
    )


def readiness_from_history(
    earlier: FloatArray, base: FloatArray, target: FloatArray, ridge: float
) -> Readiness:
    """Learn on quotients of two years (same shape), apply to ``target`` (R, I). Grade C."""
    fit = fit_logistic(earlier, base, ridge)
    linear = fit.intercept + fit.slope * log_quotient(target)
    return Readiness(np.asarray(expit(linear), dtype=np.float64), "C", fit)


def readiness_without_history(target: FloatArray) -> Readiness:
    """``phi = LQ / (1 + LQ)``: an assumption (grade D) for a belt with one year of data."""
    quotient = np.exp(log_quotient(target))
    return Readiness(quotient / (1.0 + quotient), "D", None)


# Half the width of a 5-95 % interval in standard errors.
_HALF_WIDTH = 1.6448536269514722


def readiness_from_results(
    results: Mapping[str, Result], regions: Sequence[str], industries: Sequence[str]
) -> Readiness | None:
    """Take phi (R, I) from the table of the stage ``readiness``. Grade C.

    None where the stage did not run, had nothing to learn from, or does not know every region and
    industry asked for: then readiness has to come from elsewhere.
    """
    if "readiness" not in results or "readiness" not in results["readiness"].tables:
        return None
    frame = results["readiness"].frame("readiness")
    where = {"index": "region", "columns": "industry"}
    tables = {
        name: frame.pivot(**where, values=name)
        for name in ("readiness", "readiness_low", "readiness_high")
    }
    known = tables["readiness"]
    if not (set(regions) <= set(known.index) and set(industries) <= set(known.columns)):
        return None
    phi, low, high = (
        table.loc[list(regions), list(industries)].to_numpy(np.float64) for table in tables.values()
    )
    error = (logit(high) - logit(low)) / (2.0 * _HALF_WIDTH)
    loadings = _loadings(results["readiness"], regions, industries)
    return Readiness(phi, "C", None, np.asarray(error, dtype=np.float64), loadings)


def _loadings(
    result: Result, regions: Sequence[str], industries: Sequence[str]
) -> FloatArray | None:
    if "loadings" not in result.tables:
        return None
    frame = result.frame("loadings")
    tables = [
        frame.pivot(index="region", columns="industry", values=name)
        .loc[list(regions), list(industries)]
        .to_numpy(np.float64)
        for name in frame.columns
        if str(name).startswith("loading_")
    ]
    return np.stack(tables, axis=2)


def readiness_draws(readiness: Readiness, count: int, rng: np.random.Generator) -> FloatArray:
    """Draw phi ``count`` times: shape (count, R, I), in (0, 1); NaN where phi is.

    ``logit(phi_d) = logit(phi) + loadings . z_d`` with K standard normal z per draw: the error is
    that of the coefficients, which all cells share, so they move together. It is not the chance
    that a single cell turns out otherwise; phi itself is that chance. Without loadings the error of
    each cell takes their place, with one z for all.

    Raises
    ------
    ValueError
        If the readiness carries no error (an assumption, or the thin model).
    """
    loadings = readiness.loadings
    if loadings is None:
        if readiness.error is None:
            raise ValueError("this readiness has no error to draw from")
        loadings = readiness.error[:, :, None]
    z = rng.standard_normal((count, loadings.shape[2]))
    shifted = logit(readiness.phi)[None] + np.moveaxis(loadings @ z.T, 2, 0)
    return np.asarray(expit(shifted), dtype=np.float64)
