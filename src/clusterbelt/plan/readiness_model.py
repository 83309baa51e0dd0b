"""Readiness learnt from the belt's own past, and whether it is any better than log LQ alone.

A *transition* is the step from one year of the tables to the next; a cell is one region in one
industry of one transition. The model says how likely a cell is to be specialised (LQ > 1) at the
end, from what is known at the beginning. Two models are compared where they were not fitted:

* ``log_lq``: ridge logistic regression on the log location quotient alone;
* ``full``: the same on all features of :func:`clusterbelt.kernels.transition.transition_features`
  named in ``FULL``.

Each is validated with one period left out and with one region left out. ``full`` is kept only if it
beats ``log_lq`` in both: the interval of its gain in the area under the curve for entry lies above
zero and its Brier score is lower. Two yardsticks stand beside them: ``persistence`` (two rates: for
cells specialised at the beginning, and for the others) and ``base_rate`` (one rate for all).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from clusterbelt.kernels.logistic import LogisticModel, fit_logistic_ridge, predict_logistic
from clusterbelt.kernels.prediction import area_under_curve, brier_score, group_bootstrap
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.kernels.transition import transition_features
from clusterbelt.plan.problem import BoolArray, FloatArray

__all__ = [
    "CELLS",
    "FULL",
    "LEARNT",
    "MODELS",
    "Panel",
    "Score",
    "Validation",
    "build_panel",
    "choose_model",
    "error_loadings",
    "fit_model",
    "model_features",
    "score_models",
    "validate_models",
]

FULL: Final = (
    "log_lq",
    "density",
    "colocation",
    "similar_regions",
    "neighbours",
    "size",
    "diversity",
    "concentration",
)
LEARNT: Final[Mapping[str, tuple[str, ...]]] = {"log_lq": ("log_lq",), "full": FULL}
MODELS: Final = ("log_lq", "full", "persistence", "base_rate")
CELLS: Final = ("entry", "persistence", "all")
# Provinces have few industries and few neighbours in profile: the nearest five, not twenty.
_NEAREST: Final = 5
_INTERVAL: Final = (0.05, 0.95)


@dataclass(frozen=True)
class Panel:
    """All cells of all transitions, one row each."""

    features: FloatArray  # (N, K) in the order of FULL
    outcome: FloatArray  # (N) 1: specialised at the end
    started: BoolArray  # (N) specialised at the beginning
    period: FloatArray  # (N) year of the beginning
    region: FloatArray  # (N) position of the region

    def columns(self, model: str) -> FloatArray:
        """Return the features that a model looks at."""
        return self.features[:, [FULL.index(name) for name in LEARNT[model]]]


def model_features(
    activity: FloatArray, made: BoolArray, neighbours: FloatArray | None
) -> FloatArray:
    """Features (R, J, K) of one year for the industries ``made``, in the order of ``FULL``.

    Activity (R, I) of all industries; a region with an unknown value has NaN features. Without
    neighbours that feature is zero everywhere, and the model makes nothing of it.
    """
    known = np.isfinite(activity).all(axis=1)
    near = None if neighbours is None else neighbours[np.ix_(known, known)]
    found = transition_features(np.maximum(activity[known], 0.0), neighbours=near, nearest=_NEAREST)
    nothing = np.zeros_like(found["log_lq"])
    cube = np.full((activity.shape[0], int(made.sum()), len(FULL)), np.nan)
    for place, name in enumerate(FULL):
        cube[known, :, place] = found.get(name, nothing)[:, made]
    return cube


def build_panel(
    activity: Mapping[int, FloatArray], made: BoolArray, neighbours: FloatArray | None
) -> Panel:
    """Line up all transitions between consecutive years of ``activity`` (year -> (R, I)).

    Cells whose features or outcome are unknown are left out.

    Raises
    ------
    ValueError
        If there are fewer than two years.
    """
    years = sorted(activity)
    if len(years) < 2:
        raise ValueError("a transition needs two years")
    parts: list[tuple[FloatArray, ...]] = []
    for start, end in pairwise(years):
        features = model_features(activity[start], made, neighbours)
        begin = location_quotient(np.maximum(activity[start], 0.0), missing="skip")[:, made]
        finish = location_quotient(np.maximum(activity[end], 0.0), missing="skip")[:, made]
        usable = np.isfinite(features).all(axis=2) & np.isfinite(begin) & np.isfinite(finish)
        rows = np.broadcast_to(np.arange(usable.shape[0])[:, None], usable.shape)
        parts.append(
            (
                features[usable],
                (finish[usable] > 1.0).astype(np.float64),
                (begin[usable] > 1.0).astype(np.float64),
                np.full(int(usable.sum()), float(start)),
                rows[usable].astype(np.float64),
            )
        )
    features, outcome, started, period, region = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    return Panel(features, outcome, started.astype(np.bool_), period, region)


def fit_model(
    panel: Panel, model: str, ridge: float, rows: BoolArray | None = None
) -> LogisticModel:
    """Fit ``log_lq`` or ``full`` on the panel, or on some of its rows; groups are regions."""
    use = np.ones(panel.outcome.size, dtype=np.bool_) if rows is None else rows
    return fit_logistic_ridge(
        panel.columns(model)[use], panel.outcome[use], ridge=ridge, groups=panel.region[use]
    )


def _predict(panel: Panel, model: str, train: BoolArray, ridge: float) -> FloatArray:
    """Predict every cell by a model that has seen the cells of ``train`` only."""
    if model in LEARNT:
        return predict_logistic(fit_model(panel, model, ridge, train), panel.columns(model))
    outcome = panel.outcome[train]
    if model == "base_rate":
        return np.full(panel.outcome.size, outcome.mean())
    kept, gained = panel.started[train], ~panel.started[train]
    rates = [float(outcome[side].mean()) if side.any() else np.nan for side in (gained, kept)]
    return np.where(panel.started, rates[1], rates[0])


@dataclass(frozen=True)
class Validation:
    """Predictions of every model for cells it was not fitted on, by what was left out."""

    panel: Panel
    predictions: Mapping[str, Mapping[str, FloatArray]]  # "period" or "region" -> model -> (N)


def validate_models(panel: Panel, ridge: float) -> Validation:
    """Predict every cell with its period, and with its region, left out.

    Raises
    ------
    ValueError
        If a part that is left out leaves only one outcome to learn from, or there is only one
        period: then nothing can be validated.
    """
    found: dict[str, dict[str, FloatArray]] = {}
    for kind, labels in (("period", panel.period), ("region", panel.region)):
        parts = np.unique(labels)
        if parts.size < 2:
            continue
        found[kind] = {}
        for model in MODELS:
            held = np.full(panel.outcome.size, np.nan)
            for part in parts:
                out = labels == part
                held[out] = _predict(panel, model, ~out, ridge)[out]
            found[kind][model] = held
    return Validation(panel, found)


@dataclass(frozen=True)
class Score:
    """How one model did on some cells; the gain is over ``log_lq`` on the same cells."""

    left_out: str
    held_out: str  # "all", or the first year of a period
    model: str
    cells: str
    count: int
    successes: int
    auc: tuple[float, float, float]  # value, low, high
    brier: tuple[float, float, float]
    auc_gain: tuple[float, float, float]
    brier_gain: tuple[float, float, float]  # positive: lower score, better


def _interval(value: float, drawn: Sequence[float]) -> tuple[float, float, float]:
    known = np.asarray(drawn)[np.isfinite(drawn)]
    if not known.size:
        return value, float("nan"), float("nan")
    low, high = np.quantile(known, _INTERVAL)
    return value, float(low), float(high)


def _score(
    validation: Validation,
    kind: str,
    held: str,
    model: str,
    cells: str,
    draws: int,
    seed: int,
) -> Score:
    panel = validation.panel
    use = {
        "entry": ~panel.started,
        "persistence": panel.started,
        "all": np.ones(panel.started.size, dtype=np.bool_),
    }[cells]
    if held != "all":
        use = use & (panel.period == float(held))
    y, p = panel.outcome[use], validation.predictions[kind][model][use]
    base = validation.predictions[kind]["log_lq"][use]
    # The same draws for every model, so that their differences are compared on the same regions.
    rows = group_bootstrap(panel.region[use], draws, np.random.default_rng(seed)) if y.size else []
    # Rates differ a little between parts left out, which is no ranking of cells: these two rank by
    # where a cell began, and not at all.
    rank = {"persistence": panel.started[use].astype(np.float64), "base_rate": np.zeros(y.size)}
    s = rank.get(model, p)
    auc = area_under_curve(s, y)
    brier = brier_score(p, y)
    aucs = np.array([area_under_curve(s[r], y[r]) for r in rows])
    briers = np.array([brier_score(p[r], y[r]) for r in rows])
    base_aucs = np.array([area_under_curve(base[r], y[r]) for r in rows])
    base_briers = np.array([brier_score(base[r], y[r]) for r in rows])
    return Score(
        kind,
        held,
        model,
        cells,
        int(y.size),
        int(y.sum()),
        _interval(auc, list(aucs)),
        _interval(brier, list(briers)),
        _interval(auc - area_under_curve(base, y), list(aucs - base_aucs)),
        _interval(brier_score(base, y) - brier, list(base_briers - briers)),
    )


def score_models(validation: Validation, draws: int, seed: int) -> tuple[Score, ...]:
    """Score every model on entry, persistence and all cells, pooled and by period left out.

    Intervals (5-95 %) come from drawing regions anew with all their cells.
    """
    scores = []
    for kind in validation.predictions:
        periods = [str(int(year)) for year in np.unique(validation.panel.period)]
        for held in ("all", *(periods if kind == "period" else ())):
            for model in MODELS if held == "all" else tuple(LEARNT):
                scores += [
                    _score(validation, kind, held, model, cells, draws, seed) for cells in CELLS
                ]
    return tuple(scores)


def choose_model(scores: Sequence[Score]) -> str:
    """Return ``full`` if it beats ``log_lq`` in every validation there is, else ``log_lq``.

    To beat means: the low end of the gain in area under the curve for entry is above zero, and the
    Brier score over all cells is lower. Without both validations nothing was shown: ``log_lq``.
    """
    of_full = [one for one in scores if one.model == "full" and one.held_out == "all"]
    entry = {one.left_out: one.auc_gain[1] for one in of_full if one.cells == "entry"}
    brier = {one.left_out: one.brier_gain[0] for one in of_full if one.cells == "all"}
    if set(entry) != {"period", "region"}:
        return "log_lq"
    better = all(low > 0.0 for low in entry.values()) and all(g > 0.0 for g in brier.values())
    return "full" if better else "log_lq"


def error_loadings(model: LogisticModel, features: FloatArray) -> FloatArray:
    """Loadings of the log odds on K independent errors of the coefficients, shape (..., K).

    With the covariance of the coefficients ``C = V diag(w) V'`` and ``x`` (..., K) the features
    after a one, ``loadings = x V sqrt(w)``: ``loadings . z`` with standard normal z is distributed
    as ``x (c - mean c)``. The largest error comes first, its heaviest coefficient moving upwards,
    so that the signs are no chance of the solver's. NaN where a feature is.
    """
    values, vectors = np.linalg.eigh(model.covariance)
    order = np.argsort(-values, kind="stable")
    vectors = vectors[:, order]
    heaviest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0)
    vectors = vectors * np.where(heaviest < 0.0, -1.0, 1.0)
    root = vectors * np.sqrt(np.maximum(values[order], 0.0))
    design = np.concatenate([np.ones((*features.shape[:-1], 1)), features], axis=-1)
    return np.asarray(design @ root, dtype=np.float64)
