"""Industries and their linkages as a network: one ring, groups side by side, names outside."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, Final

import altair as alt
import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import records, shortened
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import MUTED, PLOT_WIDTH

__all__ = ["draw_linkage_network", "place_nodes"]

_STEP: Final = 27  # between names, one under the other
_WIDE: Final = 120  # half the width of the ring
_STRONGEST: Final = 2  # links drawn per industry
_COLOURS: Final = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8c6d31",
)  # fmt: skip


def place_nodes(codes: Sequence[str]) -> dict[str, tuple[float, float, bool]]:
    """Place codes on a ring, in order: down the right side, up the left one.

    Returns x, y in pixels and whether the node is on the right. Nodes of a side stand a fixed
    step apart in height, so that names written outside cannot touch.
    """
    right = codes[: (len(codes) + 1) // 2]
    left = list(reversed(codes[len(right) :]))
    tall = max(len(right), len(left), 1)
    found = {}
    for side, sign in ((right, 1), (left, -1)):
        for place, code in enumerate(side):
            height = place + (tall - len(side)) / 2
            share = (2 * height + 1) / tall - 1  # -1 at the top, 1 at the foot
            x = PLOT_WIDTH / 2 + sign * (26 + _WIDE * sqrt(max(0.0, 1 - share**2)))
            found[code] = (x, 16 + _STEP * height, sign > 0)
    return found


def _strongest(links: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the links that are among the strongest of either of their industries."""
    ordered = links.sort_values("combined", ascending=False, kind="stable")
    count: dict[str, int] = {}
    kept = []
    for row in records(ordered):
        ends = (str(row["code_from"]), str(row["code_to"]))
        if any(count.get(code, 0) < _STRONGEST for code in ends):
            kept.append(row)
        for code in ends:
            count[code] = count.get(code, 0) + 1
    return kept


def _edges(run: RunView, places: Any, group_of: Any, language: Language) -> alt.Chart:
    links = run.results["clusters"].frame("linkages")
    rows = [
        {
            "x": places[str(row["code_from"])][0],
            "y": places[str(row["code_from"])][1],
            "x2": places[str(row["code_to"])][0],
            "y2": places[str(row["code_to"])][1],
            "same": group_of[str(row["code_from"])] == group_of[str(row["code_to"])],
            "one": run.industry_name(str(row["code_from"]), language),
            "other": run.industry_name(str(row["code_to"]), language),
            "trade": row["trade"],
            "colocation": row["colocation"],
        }
        for row in _strongest(links[links["level"] == "industry"])
    ]
    channel: alt.Chart = (
        alt.Chart(data_of(rows))
        .mark_rule(strokeWidth=1.6)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            x2="x2:Q",
            y2="y2:Q",
            color=alt.condition("datum.same", alt.value("#5b7a8c"), alt.value("#d3dade")),
            tooltip=[
                alt.Tooltip("one:N", title=text("plot.industry", language)),
                alt.Tooltip("other:N", title=text("plot.industry", language)),
                alt.Tooltip("trade:Q", title=text("plot.linkage.trade", language), format=".2f"),
                alt.Tooltip(
                    "colocation:Q", title=text("plot.linkage.colocation", language), format=".2f"
                ),
            ],
        )
    )
    return channel


def draw_linkage_network(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the belt's industries by groups on a ring with the strongest links of each."""
    groups = run.results["clusters"].frame("groups")
    own = groups[groups["level"] == "industry"]
    group_of = {str(row["code"]): str(row["group"]) for row in records(own)}
    names = list(dict.fromkeys(group_of.values()))
    words = {name: text("plot.linkage.group", language, number=name[1:]) for name in names}
    places = place_nodes(list(group_of))
    rows = []
    for code, (x, y, right) in places.items():
        name = f"{code} {run.industry_name(code, language)}"
        rows.append(
            {
                "x": x,
                "y": y,
                "at": x + (11 if right else -11),
                "right": right,
                "label": shortened(name, language, 34),
                "name": name,
                "group": words[group_of[code]],
            }
        )
    nodes = (
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=150, opacity=1, stroke="#ffffff", strokeWidth=1.2)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            color=alt.Color(
                "group:N",
                scale=alt.Scale(
                    domain=list(words.values()),
                    range=[_COLOURS[place % len(_COLOURS)] for place in range(len(words))],
                ),
                legend=alt.Legend(title=None, symbolType="circle"),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=text("plot.industry", language)),
                alt.Tooltip("group:N", title=text("plot.linkage.groups", language)),
            ],
        )
    )
    labels = [
        alt.Chart(data_of([row for row in rows if row["right"] is right]))
        .mark_text(align="left" if right else "right", baseline="middle", fontSize=11, color=MUTED)
        .encode(
            x=alt.X("at:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            text="label:N",
        )
        for right in (True, False)
    ]
    height = int(max(y for _, y, _ in places.values())) + 20
    chart: alt.TopLevelMixin = (
        alt.layer(_edges(run, places, group_of, language), nodes, *labels)
        .properties(width=PLOT_WIDTH, height=height)
        .resolve_scale(color="independent")
    )
    return chart
