"""Bars split into parts that stand one behind the other, with their shares written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.plot.heat import ink_colour
from clusterbelt.plot.labels import number
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import ink_on

__all__ = ["StackStyle", "stacked_shares"]

_LEAST = 0.045  # of the width: smaller parts bear no figure


@dataclass(frozen=True)
class StackStyle:
    """Names and colours of the parts, the title of the axis, and that of the rows."""

    names: Mapping[str, str]  # part -> word, in the order of the bar
    colours: Sequence[str]
    axis: str
    row: str
    columns: int = 4  # of the legend


def stacked_shares(
    rows: Sequence[tuple[str, Mapping[str, float]]], style: StackStyle, language: Language
) -> alt.TopLevelMixin:
    """Draw one bar a row: its name, and the share of each part; parts below zero are left out."""
    bars: list[dict[str, Any]] = []
    widest = 1.0
    for name, shares in rows:
        start = 0.0
        for place, (part, word) in enumerate(style.names.items()):
            share = max(float(shares.get(part, 0.0)), 0.0)
            bars.append(
                {"row": name, "part": word, "from": start, "to": start + share,
                 "middle": start + share / 2, "ink": ink_on(style.colours[place]),
                 "label": f"{number(100 * share, 0)}%" if share >= _LEAST else "",
                 "shown": f"{number(100 * float(shares.get(part, 0.0)), 1)}%"}
            )  # fmt: skip
            start += share
        widest = max(widest, start)
    order = [name for name, _ in rows]
    base = alt.Chart(data_of(bars)).encode(
        y=alt.Y("row:N", sort=order, axis=alt.Axis(title=None, labelFontSize=11)),
        tooltip=[
            alt.Tooltip("row:N", title=style.row),
            alt.Tooltip("part:N", title=text("plot.part", language)),
            alt.Tooltip("shown:N", title=style.axis),
        ],
    )
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=list(style.names.values()), range=list(style.colours)),
        legend=alt.Legend(title=None, orient="top", columns=style.columns),
    )
    stacked = base.mark_bar(size=19).encode(
        x=alt.X(
            "from:Q",
            axis=alt.Axis(title=style.axis, format=".0%", grid=True),
            scale=alt.Scale(domain=[0, widest], nice=False),
        ),
        x2="to:Q",
        color=colour,
    )
    words = base.mark_text(fontSize=11).encode(x="middle:Q", text="label:N", color=ink_colour())
    chart: alt.TopLevelMixin = alt.layer(stacked, words).properties(width=470, height=alt.Step(27))
    return chart
