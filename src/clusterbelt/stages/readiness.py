"""Readiness: what the belt's past says of who will be specialised, validated and with intervals.

Transitions between consecutive years of the tables are pooled (see ``plan/readiness_model.py``);
the model that holds out of sample is applied to the base year. Only years up to the base year are
used. Where the belt has a classification that reaches further back than the study's, the relation
is learnt there and applied to the study's own: a location quotient means the same in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.config.readiness import ReadinessSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.kernels.logistic import LogisticModel, logistic_draws, predict_logistic
from clusterbelt.kernels.prediction import calibration
from clusterbelt.measures.history import known_classifications, longest_history
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, REGION, VARIABLE, YEAR
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.plan.problem import BoolArray, FloatArray
from clusterbelt.plan.readiness_model import (
    FULL,
    LEARNT,
    Score,
    Validation,
    build_panel,
    choose_model,
    error_loadings,
    fit_model,
    model_features,
    score_models,
    validate_models,
)

__all__ = ["run"]

_BINS = 10


def run(
    belt: Belt, results: Mapping[str, Result], section: ReadinessSection, scope: Scope
) -> Result:
    """Learn readiness from the past, validate it, and apply it to the base year.

    Tables: ``validation`` (one row per what was left out, model and kind of cell), ``calibration``,
    ``coefficients``, ``readiness`` (belt regions x manufacturing industries of the study). Values
    name the model that was kept. With fewer than two years up to the base year there is no table,
    and a message says so.

    Raises
    ------
    InputError
        If the classification to learn from is not one of the belt's.
    """
    history = longest_history(belt, section.classification, scope)
    if history is None:
        params = {
            "classification": str(section.classification),
            "known": ", ".join(known_classifications(belt)),
        }
        place = Place(label="readiness.classification")
        raise InputError([Issue("readiness_classification", place, params)])
    name, activity, years = history.classification, history.activity, history.years
    values: dict[str, ResultValue] = {"classification": ResultValue(name, "A")}
    if len(years) < 2:
        return Result("readiness", {}, values, (Message("readiness.message.one_year"),))
    made = history.industries["manufacturing"].to_numpy(dtype=bool)
    rows = _rows(belt, scope)
    near = _neighbours(belt, rows)
    try:
        panel = build_panel(
            {year: _matrix(activity, year, scope.activity)[rows] for year in years}, made, near
        )
        validation = validate_models(panel, section.ridge)
        scores = score_models(validation, section.draws, scope.seed)
        chosen = choose_model(scores)
        fitted = {model: fit_model(panel, model, section.ridge) for model in LEARNT}
    except ValueError:
        return Result("readiness", {}, values, (Message("readiness.message.nothing_learnt"),))
    kept = fitted[chosen]
    pooled = [one for one in scores if one.held_out == "all" and one.model == chosen]
    values |= {
        "model": ResultValue(chosen, "C"),
        "cells": ResultValue(panel.outcome.size, "C"),
        "entries": ResultValue(int((panel.outcome * ~panel.started).sum()), "C"),
        "periods": ResultValue("; ".join(_spans(years)), "A"),
        "intercept": ResultValue(float(kept.coefficients[0]), "C"),
        "slope_log_lq": ResultValue(float(kept.coefficients[1]), "C"),
    }
    for one in pooled:
        if np.isfinite(one.auc[0]):
            key = f"auc_{one.cells}_{one.left_out}_left_out"
            values[key] = ResultValue(one.auc[0], "C")
    tables = [
        _validation_table(scores, years),
        _calibration_table(validation),
        _coefficient_table(fitted, chosen),
        *_readiness_tables(belt, kept, chosen, section, scope),
    ]
    return Result(
        "readiness",
        {table.name: table for table in tables},
        values,
        _messages(scores, chosen, len(years)),
    )


def _matrix(activity: xr.DataArray, year: int, variable: str) -> FloatArray:
    values = activity.sel({YEAR: year, VARIABLE: variable}).transpose(REGION, INDUSTRY)
    return values.to_numpy().astype(np.float64)


def _rows(belt: Belt, scope: Scope) -> BoolArray:
    if scope.reference == "belt":
        return belt.regions["in_belt"].to_numpy(dtype=np.bool_)
    return np.ones(len(belt.regions), dtype=np.bool_)


def _neighbours(belt: Belt, rows: BoolArray) -> FloatArray | None:
    if belt.neighbours is None:
        return None
    codes = belt.regions.index
    near = belt.neighbours.loc[codes, codes].to_numpy(dtype=np.float64)[np.ix_(rows, rows)]
    np.fill_diagonal(near, 0.0)
    return near


def _spans(years: Sequence[int]) -> list[str]:
    return [f"{start}-{end}" for start, end in pairwise(years)]


def _validation_table(scores: Sequence[Score], years: Sequence[int]) -> ResultTable:
    spans = {span.split("-")[0]: span for span in _spans(years)}
    frame = pd.DataFrame(
        [
            {
                "left_out": one.left_out,
                "held_out": spans.get(one.held_out, one.held_out),
                "model": one.model,
                "cells": one.cells,
                "count": one.count,
                "successes": one.successes,
                **_three("auc", one.auc),
                **_three("brier", one.brier),
                **_three("auc_gain", one.auc_gain),
                **_three("brier_gain", one.brier_gain),
            }
            for one in scores
        ]
    )
    units = {name: "1" for name in frame.columns[6:]}
    return ResultTable("validation", frame, "C", units)


def _three(name: str, figures: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), figures, strict=True))


def _calibration_table(validation: Validation) -> ResultTable:
    """Predicted against observed, with each period left out; Wilson intervals (90 %)."""
    rows = []
    kind = "period" if "period" in validation.predictions else "region"
    for model in LEARNT:
        predicted = validation.predictions[kind][model]
        found = calibration(predicted, validation.panel.outcome, bins=_BINS)
        low, high = _wilson(found.observed, found.count)
        rows += [
            {
                "model": model,
                "predicted": found.predicted[place],
                "observed": found.observed[place],
                "observed_low": low[place],
                "observed_high": high[place],
                "cells": int(found.count[place]),
            }
            for place in range(found.count.size)
        ]
    frame = pd.DataFrame(rows)
    return ResultTable("calibration", frame, "C", {name: "1" for name in frame.columns[1:5]})


def _wilson(share: FloatArray, count: FloatArray, z: float = 1.6449) -> tuple[FloatArray, ...]:
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return centre - half, centre + half


def _coefficient_table(fitted: Mapping[str, LogisticModel], chosen: str) -> ResultTable:
    frame = pd.DataFrame(
        [
            {
                "model": model,
                "kept": model == chosen,
                "feature": feature,
                "coefficient": float(fit.coefficients[place]),
                "standard_error": float(np.sqrt(fit.covariance[place, place])),
            }
            for model, fit in fitted.items()
            for place, feature in enumerate(("intercept", *LEARNT[model]))
        ]
    )
    return ResultTable("coefficients", frame, "C", {"coefficient": "1", "standard_error": "1"})


def _readiness_tables(
    belt: Belt, fit: LogisticModel, chosen: str, section: ReadinessSection, scope: Scope
) -> list[ResultTable]:
    """Apply the fit to the base year; the interval is that of the coefficients alone.

    ``loadings`` are those of the log odds on independent standard errors, for whoever draws.
    """
    rows = _rows(belt, scope)
    made = belt.industries["manufacturing"].to_numpy(dtype=bool)
    near = _neighbours(belt, rows)
    cube = model_features(_matrix(belt.activity, scope.base_year, scope.activity)[rows], made, near)
    cube = cube[:, :, [FULL.index(name) for name in LEARNT[chosen]]]
    phi = predict_logistic(fit, cube)
    rng = np.random.default_rng(scope.seed)
    drawn = logistic_draws(fit, cube, section.interval_draws, rng)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    codes = [str(code) for code in belt.regions.index[rows]]
    industries = [str(code) for code in belt.industries.index[made]]
    frame = pd.DataFrame(
        [
            {
                "region": region,
                "industry": industry,
                "readiness": phi[codes.index(region), j],
                "readiness_low": low[codes.index(region), j],
                "readiness_high": high[codes.index(region), j],
            }
            for region in sorted(belt.belt_regions)
            for j, industry in enumerate(industries)
        ]
    )
    units = {name: "1" for name in ("readiness", "readiness_low", "readiness_high")}
    loadings = error_loadings(fit, cube)
    places = [codes.index(region) for region in sorted(belt.belt_regions)]
    moved = frame[["region", "industry"]].copy()
    for k in range(loadings.shape[2]):
        moved[f"loading_{k + 1}"] = loadings[places, :, k].ravel()
    return [
        ResultTable("readiness", frame, "C", units),
        ResultTable("loadings", moved, "C", {str(name): "1" for name in moved.columns[2:]}),
    ]


def _messages(scores: Sequence[Score], chosen: str, years: int) -> tuple[Message, ...]:
    if years < 3:
        return (Message("readiness.message.one_period"),)
    full = {
        one.left_out: one
        for one in scores
        if one.model == "full" and one.cells == "entry" and one.held_out == "all"
    }
    params: dict[str, str | float | int] = {}
    for kind in ("period", "region"):
        gain, low, high = full[kind].auc_gain
        params |= {kind: f"{gain:+.3f}", f"{kind}_low": f"{low:+.3f}"}
        params[f"{kind}_high"] = f"{high:+.3f}"
    return (Message(f"readiness.message.{chosen}", params),)
