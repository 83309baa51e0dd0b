"""Ridge logistic regression with a covariance of its coefficients that knows of groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = ["LogisticModel", "fit_logistic_ridge", "logistic_draws", "predict_logistic"]

_ITERATIONS = 200
# The penalty that stands for none: scikit-learn divides by it.
_LEAST_RIDGE = 1e-6


@dataclass(frozen=True)
class LogisticModel:
    """``P = 1 / (1 + exp(-(coefficients[0] + x @ coefficients[1:])))``, features in own units."""

    coefficients: Array  # (K + 1), intercept first
    covariance: Array  # (K + 1, K + 1)
    observations: int


def fit_logistic_ridge(
    features: ArrayLike,
    outcome: ArrayLike,
    *,
    ridge: float = 1.0,
    groups: ArrayLike | None = None,
) -> LogisticModel:
    """Fit ``P(outcome) = expit(a + x b)`` by penalised maximum likelihood.

    Minimises ``-log likelihood + ridge / 2 * sum_k (s_k b_k)^2`` with s the standard deviation of
    feature k in the sample; the intercept a is not penalised. Features (N, K), outcome (N) of 0
    and 1, groups (N) labels or nothing.

    The covariance is ``H^-1 V H^-1`` with H the Hessian of the penalised loss and V the outer
    product of the scores, summed within each group: rows of one group (one region in several
    industries and periods) may hang together. Without groups every row is its own group. It is
    scaled by ``G / (G - 1)``. A feature that does not vary gets the coefficient zero.

    Raises
    ------
    ValueError
        If shapes differ, a value is not finite, an outcome is not 0 or 1, or only one occurs.

    Source: Cessie and van Houwelingen (1992), Applied Statistics 41, 191-201 (ridge); Liang and
    Zeger (1986), Biometrika 73, 13-22 (grouped covariance).
    """
    x, y = as_array(features, 2), as_array(outcome)
    if x.shape[0] != y.shape[0]:
        raise ValueError(f"features have {x.shape[0]} rows, the outcome {y.shape[0]}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("features and outcome must be finite")
    if set(np.unique(y)) != {0.0, 1.0}:
        raise ValueError("the outcome must hold 0 and 1, both of them")
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    # Rounding leaves a deviation of about 1e-16 on equal values, which must not be divided by.
    moving = deviation > 1e-12 * np.maximum(1.0, np.abs(mean))
    z = np.where(moving, ratio(x - mean, np.where(moving, deviation, 1.0)), 0.0)
    # Few features and many rows: Newton steps with the whole Hessian end after a handful.
    fitted = LogisticRegression(
        C=1.0 / max(ridge, _LEAST_RIDGE), solver="newton-cholesky", max_iter=_ITERATIONS, tol=1e-8
    )
    standard = np.zeros(z.shape[1] + 1)
    if moving.any():
        fitted.fit(z[:, moving], y)
        standard[0], standard[1:][moving] = fitted.intercept_[0], fitted.coef_[0]
    else:
        standard[0] = logit(y.mean())
    covariance = _sandwich(z, y, standard, ridge, groups)
    # From standardised to own units: b_k = c_k / s_k, a = c_0 - sum_k c_k m_k / s_k.
    scale = np.where(moving, ratio(1.0, np.where(moving, deviation, 1.0)), 0.0)
    turn = np.diag(np.concatenate([[1.0], scale]))
    turn[0, 1:] = -mean * scale
    return LogisticModel(turn @ standard, turn @ covariance @ turn.T, x.shape[0])


def _sandwich(z: Array, y: Array, c: Array, ridge: float, groups: ArrayLike | None) -> Array:
    design = np.column_stack([np.ones(z.shape[0]), z])
    p = expit(design @ c)
    penalty = np.diag(np.concatenate([[0.0], np.full(z.shape[1], max(ridge, _LEAST_RIDGE))]))
    hessian = (design * (p * (1.0 - p))[:, None]).T @ design + penalty
    scores = design * (y - p)[:, None]
    if groups is not None:
        labels = np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
        if labels.size != y.size:
            raise ValueError(f"groups have {labels.size} rows, the outcome {y.size}")
        summed = np.zeros((labels.max() + 1, design.shape[1]))
        np.add.at(summed, labels, scores)
        scores = summed
    count = scores.shape[0]
    inverse = np.linalg.pinv(hessian)
    factor = count / (count - 1.0) if count > 1 else np.nan
    return np.asarray(factor * inverse @ (scores.T @ scores) @ inverse, dtype=np.float64)


def predict_logistic(model: LogisticModel, features: ArrayLike) -> Array:
    """Return P for features (..., K), shape (...); NaN where a feature is NaN.

    Raises
    ------
    ValueError
        If the number of features is not that of the model.
    """
    x = as_array(features)
    if x.shape[-1] != model.coefficients.size - 1:
        raise ValueError(f"the model has {model.coefficients.size - 1} features, not {x.shape[-1]}")
    return np.asarray(expit(model.coefficients[0] + x @ model.coefficients[1:]), dtype=np.float64)


def logistic_draws(
    model: LogisticModel, features: ArrayLike, count: int, rng: np.random.Generator
) -> Array:
    """Draw P anew ``count`` times, with coefficients from ``N(coefficients, covariance)``.

    Features (..., K) give (count, ...): one draw of the coefficients moves all cells together.
    NaN where a feature is NaN.

    Raises
    ------
    ValueError
        As :func:`predict_logistic`.
    """
    x = as_array(features)
    if x.shape[-1] != model.coefficients.size - 1:
        raise ValueError(f"the model has {model.coefficients.size - 1} features, not {x.shape[-1]}")
    drawn = rng.multivariate_normal(
        model.coefficients, model.covariance, size=count, method="eigh"
    ).reshape(count, -1)
    linear = np.tensordot(drawn[:, 1:], x, axes=(1, x.ndim - 1))
    base = drawn[:, 0].reshape((count,) + (1,) * (x.ndim - 1))
    return np.asarray(expit(base + linear), dtype=np.float64)
