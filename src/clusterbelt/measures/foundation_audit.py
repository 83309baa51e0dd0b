"""Audit of the foundation index: do its parts hang together, and what does each really count?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clusterbelt.kernels.arithmetic import Array, ratio
from clusterbelt.kernels.composite import kurtosis, skewness
from clusterbelt.kernels.composite_audit import (
    correlations,
    cronbach_alpha,
    effective_weights,
    left_out_changes,
)
from clusterbelt.measures.foundation_panel import Panel, Scores
from clusterbelt.model.result import ResultTable

__all__ = ["audit_tables"]


def audit_tables(
    panel: Panel, normal: Array, scores: Scores, present: Sequence[str], year: int
) -> list[ResultTable]:
    """Return the tables ``index_audit``, ``dimension_audit`` and ``correlations``."""
    return [
        _indicator_table(panel, normal, scores, present, year),
        _dimension_table(panel, normal, scores, present, year),
        _correlation_table(panel, normal, scores, present, year),
    ]


def _shares(main: Array) -> Array:
    """Scale main effects to add to one, so that they can be held against weights."""
    return ratio(main, np.nansum(main))


def _indicator_table(
    panel: Panel, normal: Array, scores: Scores, present: Sequence[str], year: int
) -> ResultTable:
    """One row per indicator: shape, correlation with what it belongs to, weight meant and had."""
    groups = [list(present).index(name) for name in panel.dimensions]
    total = np.array([scores.weights[np.array(groups) == g].sum() for g in range(len(present))])
    changes = np.abs(left_out_changes(normal, groups, total))
    upward = correlations(normal, scores.dimension)[np.arange(len(groups)), groups]
    main = effective_weights(normal, scores.index)
    values = panel.values[panel.base]
    frame = pd.DataFrame(
        {
            "indicator": panel.indicators,
            "dimension": panel.dimensions,
            "year": year,
            "known": (~np.isnan(values)).sum(axis=0),
            "skewness": skewness(values),
            "kurtosis": kurtosis(values),
            "corr_dimension": upward,
            "corr_index": correlations(normal, scores.index[:, None])[:, 0],
            "weight": scores.weights,
            "effective_weight": _shares(main),
            "effective_weight_smooth": _shares(
                effective_weights(normal, scores.index, kind="smooth")
            ),
            "most_rank_change": np.fmax.reduce(changes, axis=1),
            "mean_rank_change": np.nanmean(changes, axis=1),
        }
    )
    texts = ["indicator", "dimension"]
    frame[texts] = frame[texts].astype("str")
    units = {name: "1" for name in frame.columns[4:11]}
    units |= {"most_rank_change": "rank", "mean_rank_change": "rank"}
    return ResultTable("index_audit", frame, grade="C", units=units)


def _dimension_table(
    panel: Panel, normal: Array, scores: Scores, present: Sequence[str], year: int
) -> ResultTable:
    """One row per dimension: Cronbach's alpha, correlation with the index, weights."""
    of = np.array(panel.dimensions)
    alphas = [float(cronbach_alpha(normal[:, of == name])) for name in present]
    matrices = [correlations(normal[:, of == name]) for name in present]
    pairs = [table[np.triu_indices(len(table), 1)] for table in matrices]
    frame = pd.DataFrame(
        {
            "dimension": pd.Series(list(present), dtype="str"),
            "year": year,
            "indicators": [int((of == name).sum()) for name in present],
            "alpha": alphas,
            "least_correlation": [float(part.min()) if len(part) else np.nan for part in pairs],
            "mean_correlation": [float(part.mean()) if len(part) else np.nan for part in pairs],
            "corr_index": correlations(scores.dimension, scores.index[:, None])[:, 0],
            "weight": [float(scores.weights[of == name].sum()) for name in present],
            "effective_weight": _shares(effective_weights(scores.dimension, scores.index)),
        }
    )
    units = {name: "1" for name in frame.columns[3:]}
    return ResultTable("dimension_audit", frame, grade="C", units=units)


def _correlation_table(
    panel: Panel, normal: Array, scores: Scores, present: Sequence[str], year: int
) -> ResultTable:
    """One row per pair: indicators among one another, and dimensions among one another."""
    frames = []
    for level, names, table in (
        ("indicator", panel.indicators, normal),
        ("dimension", list(present), scores.dimension),
    ):
        linear = correlations(table)
        ranked = correlations(table, kind="spearman")
        one, two = np.triu_indices(len(names), 1)
        frames.append(
            pd.DataFrame(
                {
                    "level": pd.Series([level] * len(one), dtype="str"),
                    "one": pd.Series([names[k] for k in one], dtype="str"),
                    "other": pd.Series([names[k] for k in two], dtype="str"),
                    "year": year,
                    "pearson": linear[one, two],
                    "spearman": ranked[one, two],
                }
            )
        )
    frame = pd.concat(frames, ignore_index=True)
    return ResultTable("correlations", frame, grade="C", units={"pearson": "1", "spearman": "1"})
