"""Figure of readiness: what was predicted against what came true."""

from __future__ import annotations

from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import number, records
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, LIGHT

__all__ = ["draw_readiness_calibration"]

_SIDE = 270
_COLOURS = ("#0072b2", "#d55e00")
_MODELS = ("log_lq", "full")


def draw_readiness_calibration(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the share that came true by predicted readiness, one panel per model."""
    frame = run.results["readiness"].frame("calibration")
    panels: list[Any] = []
    for model, colour in zip(_MODELS, _COLOURS, strict=True):
        rows = [
            {
                "predicted": row["predicted"],
                "observed": row["observed"],
                "low": row["observed_low"],
                "high": row["observed_high"],
                "cells": number(row["cells"]),
            }
            for row in records(frame[frame["model"] == model])
        ]
        if rows:
            panels.append(
                _panel(rows, colour, text(f"readiness.model.{model}", language), language)
            )
    chart: alt.TopLevelMixin = alt.hconcat(*panels, spacing=40)
    return chart


def _panel(rows: list[dict[str, Any]], colour: str, title: str, language: Language) -> Any:
    scale = alt.Scale(domain=[0, 1])
    axis: dict[str, Any] = {"format": ".0%", "tickCount": 5, "grid": True}
    x = alt.X(
        "predicted:Q",
        scale=scale,
        axis=alt.Axis(title=text("plot.readiness.predicted", language), **axis),
    )
    y = alt.Y(
        "observed:Q",
        scale=scale,
        axis=alt.Axis(title=text("plot.readiness.observed", language), **axis),
    )
    tooltip = [
        alt.Tooltip("predicted:Q", title=text("plot.readiness.predicted", language), format=".0%"),
        alt.Tooltip("observed:Q", title=text("plot.readiness.observed", language), format=".0%"),
        alt.Tooltip("cells:N", title=text("plot.readiness.cells", language)),
    ]
    ends = data_of([{"predicted": 0, "observed": 0}, {"predicted": 1, "observed": 1}])
    diagonal: Any = alt.Chart(ends).mark_line(color=INK, strokeDash=[4, 4], opacity=0.6)
    base: Any = alt.Chart(data_of(rows))
    bars = base.mark_rule(color=colour, opacity=0.6).encode(
        x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=60, color=colour, opacity=1, stroke=LIGHT)
    return alt.layer(
        diagonal.encode(x=x, y=y), bars, points.encode(x=x, y=y, tooltip=tooltip)
    ).properties(width=_SIDE, height=_SIDE, title=title)
