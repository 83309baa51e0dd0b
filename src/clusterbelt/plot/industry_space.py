"""Figure of the space of industries: what a region has, and what lies near to it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, number, reach_order, records, shortened
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK

__all__ = ["draw_industry_space"]

_SIZE = 178
_COLUMNS = 3
_NAMED = 2  # industries named per region: the most related of those it lacks
_LEAST = 0.05  # smaller location quotients are drawn here
_THERE, _LACKING = "#277896", "#e07b39"


def _table(run: RunView) -> pd.DataFrame:
    frame = run.results["advantage"].frame("relatedness")
    return frame.dropna(subset=["density", "rca"])


def _cells(run: RunView, frame: pd.DataFrame, language: Language) -> list[dict[str, object]]:
    lacking = frame[~frame["presence"].astype(bool)]
    nearest = lacking.sort_values(["density", "industry"], ascending=[False, True]).head(_NAMED)
    # The lower of the two is named below its point, so that the names do not meet.
    ordered = nearest.sort_values("rca", ascending=False)["industry"].tolist()
    upper = ordered[:1]
    rows = []
    for row in records(frame):
        industry = run.industry_name(str(row["industry"]), language)
        word = "there" if bool(row["presence"]) else "lacking"
        named = row["industry"] in set(nearest["industry"])
        high = row["industry"] in upper
        short = shortened(industry, language, 18)
        quotient = finite(row["rca"])
        rows.append(
            {
                "industry": industry,
                "density": float(row["density"]),
                "quotient": max(float(row["rca"]), _LEAST),
                "state": text(f"plot.space.{word}", language),
                "above": short if high else "",
                "below": short if named and not high else "",
                "label": f"{number(finite(row['density']), 2)} / {number(quotient, 2)}",
            }
        )
    return rows


def _panel(
    run: RunView, frame: pd.DataFrame, x: alt.X, y: alt.Y, middle: float, language: Language
) -> Any:
    states = [text(f"plot.space.{word}", language) for word in ("there", "lacking")]
    base: Any = alt.Chart(data_of(_cells(run, frame, language))).encode(x=x, y=y)
    points = base.mark_point(size=46, filled=True, opacity=0.9).encode(
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=states, range=[_THERE, _LACKING]),
            legend=alt.Legend(title=None, orient="top", labelLimit=400),
        ),
        shape=alt.Shape(
            "state:N", scale=alt.Scale(domain=states, range=["circle", "triangle-up"]), legend=None
        ),
        tooltip=[
            alt.Tooltip("industry:N", title=text("plot.industry", language)),
            alt.Tooltip("state:N", title=text("plot.space.state", language)),
            alt.Tooltip("label:N", title=text("plot.space.both", language)),
        ],
    )
    write = base.mark_text
    right = float(frame["density"].mean()) > middle  # names run towards the middle of the panel
    place = {"align": "right" if right else "left", "fontSize": 10, "color": INK}
    shift = -7 if right else 7
    above = write(dx=shift, dy=-8, **place).encode(text="above:N")
    below = write(dx=shift, dy=9, **place).encode(text="below:N")
    one: Any = alt.Chart(data_of([{"one": 1}]))
    rule = one.mark_rule(color=INK, strokeDash=[3, 3], opacity=0.5).encode(y="one:Q")
    title = run.region_name(str(frame["region"].iloc[0]), language)
    return alt.layer(rule, points, above, below).properties(width=_SIZE, height=_SIZE, title=title)


def draw_industry_space(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw a panel per belt region: relatedness density across, location quotient up."""
    frame = _table(run)
    order = reach_order(run, frame["region"])
    frame = frame[frame["region"].isin(order)]
    low, high = float(frame["density"].min()), float(frame["density"].max())
    most = max(float(frame["rca"].max()), 1.5)
    x = alt.X(
        "density:Q",
        axis=alt.Axis(title=text("plot.space.density", language), format=".1f", tickCount=4),
        scale=alt.Scale(nice=False, domain=[max(low - 0.05, 0.0), high + 0.05]),
    )
    y = alt.Y(
        "quotient:Q",
        axis=alt.Axis(title=text("plot.space.quotient", language), values=[0.1, 0.3, 1, 3]),
        scale=alt.Scale(type="log", nice=False, domain=[_LEAST * 0.9, most * 1.15]),
    )
    panels = [
        _panel(run, frame[frame["region"] == region], x, y, (low + high) / 2, language)
        for region in order
    ]
    chart: alt.TopLevelMixin = alt.concat(
        *panels, columns=_COLUMNS, bounds="flush", spacing={"row": 62, "column": 56}
    )
    return chart
