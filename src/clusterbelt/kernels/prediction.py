"""How good a prediction of yes or no was: ranking, calibration, score, precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = [
    "Calibration",
    "area_under_curve",
    "brier_score",
    "calibration",
    "group_bootstrap",
    "precision_at",
    "rank_correlation",
]


@dataclass(frozen=True)
class Calibration:
    """Per bin: mean prediction, share that came true, number of cells; empty bins left out."""

    predicted: Array
    observed: Array
    count: Array


def _pair(one: ArrayLike, other: ArrayLike) -> tuple[Array, Array]:
    """Return both as flat arrays, without the places where either is NaN."""
    a, b = as_array(one).ravel(), as_array(other).ravel()
    if a.shape != b.shape:
        raise ValueError(f"lengths differ: {a.size} and {b.size}")
    known = ~(np.isnan(a) | np.isnan(b))
    return a[known], b[known]


def area_under_curve(score: ArrayLike, outcome: ArrayLike) -> float:
    """Chance that a random success scores above a random failure; ties count one half.

    ``AUC = (sum of the ranks of the successes - n1 (n1 + 1) / 2) / (n1 n0)``

    Outcomes above zero are successes. Places where score or outcome is NaN are left out. NaN where
    there is no success or no failure.

    Raises
    ------
    ValueError
        If lengths differ.

    Source: Hanley and McNeil (1982), Radiology 143, 29-36.

    Examples
    --------
    >>> area_under_curve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    """
    s, y = _pair(score, outcome)
    success = y > 0
    hits = int(success.sum())
    misses = success.size - hits
    if hits == 0 or misses == 0:
        return float("nan")
    ranks = rankdata(s)
    return float((ranks[success].sum() - hits * (hits + 1) / 2) / (hits * misses))


def brier_score(probability: ArrayLike, outcome: ArrayLike) -> float:
    """Mean squared difference of probability and outcome (0 or 1); 0 is perfect, NaN of nothing.

    Source: Brier (1950), Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> brier_score([0.5, 1.0], [0, 1])
    0.125
    """
    p, y = _pair(probability, outcome)
    return float(np.mean((p - y) ** 2)) if p.size else float("nan")


def calibration(probability: ArrayLike, outcome: ArrayLike, *, bins: int = 10) -> Calibration:
    """Mean prediction against what came true, in ``bins`` equal steps of probability.

    A probability on the border of two bins belongs to the upper one, 1 to the last.

    Raises
    ------
    ValueError
        If there is no bin, or a probability lies outside 0 to 1.
    """
    if bins < 1:
        raise ValueError(f"bins must be at least 1, not {bins}")
    p, y = _pair(probability, outcome)
    if p.size and (p.min() < 0.0 or p.max() > 1.0):
        raise ValueError("probabilities must lie between 0 and 1")
    place = np.minimum((p * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins).astype(np.float64)
    seen = count > 0
    predicted = np.bincount(place, weights=p, minlength=bins)[seen] / count[seen]
    observed = np.bincount(place, weights=y, minlength=bins)[seen] / count[seen]
    return Calibration(predicted, observed, count[seen])


def rank_correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Spearman's rank correlation, mean ranks for ties; NaN where either does not vary.

    Places where either is NaN are left out.

    Examples
    --------
    >>> rank_correlation([1, 2, 3], [10, 30, 20])
    0.5
    """
    a, b = _pair(one, other)
    if a.size < 2:
        return float("nan")
    x, y = rankdata(a), rankdata(b)
    x, y = x - x.mean(), y - y.mean()
    return float(ratio(x @ y, np.sqrt((x @ x) * (y @ y))))


def precision_at(score: ArrayLike, outcome: ArrayLike, k: int) -> float:
    """Share of successes among the k highest scores; of ties at the margin, their mean.

    Places where either is NaN are left out; NaN if fewer than k are left.

    Raises
    ------
    ValueError
        If k is below one.

    Examples
    --------
    >>> precision_at([3.0, 2.0, 1.0], [1, 0, 1], 2)
    0.5
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    s, y = _pair(score, outcome)
    if s.size < k:
        return float("nan")
    margin = np.sort(s)[-k]
    above, level = s > margin, s == margin
    open_places = k - int(above.sum())
    success = (y > 0).astype(np.float64)
    return float((success[above].sum() + open_places * success[level].mean()) / k)


def group_bootstrap(groups: ArrayLike, count: int, rng: np.random.Generator) -> list[Array]:
    """Draw whole groups with replacement; each draw is the positions of the rows it holds.

    ``groups`` (N) labels; every draw takes as many groups as there are. Rows of one group stay
    together, because regions, and not their industries, are the independent cases.
    """
    labels = np.unique(np.asarray(groups).ravel(), return_inverse=True)[1].ravel()
    members = [np.flatnonzero(labels == label) for label in range(int(labels.max()) + 1)]
    drawn = rng.integers(0, len(members), size=(count, len(members)))
    return [np.concatenate([members[one] for one in row]) for row in drawn]
