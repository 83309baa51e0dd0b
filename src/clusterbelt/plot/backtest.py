"""Figure of the backtest: how many of the pairs named turned out well, by who named them."""

from __future__ import annotations

from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import records
from clusterbelt.plot.render import data_of

__all__ = ["draw_backtest"]

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_METHODS = ("plan", "highest_lq", "largest_output", "random")
_HITS = ("specialised", "entered", "gained")


def draw_backtest(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the share of hits of every method with its interval, one panel per kind of hit."""
    frame = run.results["backtest"].frame("scores")
    frame = frame[frame["kind"] == "precision"]
    methods = {name: text(f"backtest.method.{name}", language) for name in _METHODS}
    periods = list(dict.fromkeys(f"{row['year']}–{row['until']}" for row in records(frame)))
    panels: list[Any] = []
    for place, hit in enumerate(_HITS):
        rows = [
            {
                "method": methods[row["method"]],
                "period": f"{row['year']}–{row['until']}",
                "value": row["value"],
                "low": row["low"],
                "high": row["high"],
            }
            for row in records(frame[frame["against"] == hit])
            if row["method"] in methods
        ]
        title = text(f"backtest.hit.{hit}", language)
        panels.append(_panel(rows, list(methods.values()), periods, title, language, place == 0))
    chart: alt.TopLevelMixin = alt.hconcat(*panels, spacing=18)
    return chart


def _panel(
    rows: list[dict[str, Any]],
    methods: list[str],
    periods: list[str],
    title: str,
    language: Language,
    first: bool,
) -> Any:
    axis = alt.Axis(title=None) if first else None
    y = alt.Y("method:N", sort=methods, axis=axis)
    offset = alt.YOffset("period:N", sort=periods)
    scale = alt.Scale(domain=[0, 1])
    x_axis = alt.Axis(
        title=text("plot.backtest.share", language), format=".0%", tickCount=3, grid=True
    )
    colour = alt.Color(
        "period:N",
        scale=alt.Scale(domain=periods, range=list(_COLOURS[: len(periods)])),
        legend=alt.Legend(title=None, orient="top"),
    )
    tooltip = [
        alt.Tooltip("method:N", title=text("report.column.method", language)),
        alt.Tooltip("period:N", title=text("report.column.period", language)),
        alt.Tooltip("value:Q", title=text("plot.backtest.share", language), format=".0%"),
    ]
    base: Any = alt.Chart(data_of(rows))
    bar = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        x=alt.X("low:Q", scale=scale, axis=x_axis), x2="high:Q", y=y, yOffset=offset, color=colour
    )
    point = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("value:Q", scale=scale, axis=x_axis), y=y, yOffset=offset, color=colour,
        tooltip=tooltip,
    )  # fmt: skip
    return alt.layer(bar, point).properties(width=170, height=alt.Step(18), title=title)
