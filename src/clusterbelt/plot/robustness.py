"""Figures of robustness: how often choices survive, how sure the price is, the two frontiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map
from clusterbelt.plot.labels import (
    finite,
    money_scale,
    number,
    reach_order,
    records,
    shortened,
    unique_names,
    wrapped,
)
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, MUTED, SEQUENTIAL

__all__ = ["draw_frontier", "draw_price_interval", "draw_robust_heat"]

_PARTS = ("price", "allocation", "overcapacity", "synergy")
_COLOURS = ("#1d2b36", "#0072b2", "#d55e00", "#cc79a7")
_WIDTH, _HEIGHT = 300, 240


def draw_robust_heat(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the share of draws that make each industry core in each region."""
    frame = run.results["robustness"].frame("selection")
    style = HeatStyle(
        SEQUENTIAL, 0.0, 1.0, text("plot.robustness.frequency", language), legend_format=".0%"
    )
    codes = sorted(set(frame["industry"]))
    rows = unique_names(
        {code: shortened(run.industry_name(code, language), language, 26) for code in codes}
    )
    regions = reach_order(run, set(frame["region"]))
    columns = {code: wrapped(run.region_name(code, language), language, 10) for code in regions}
    cells = []
    for row in records(frame):
        share, inside = finite(row["frequency"]), bool(row["in_plan"])
        label = "" if share is None else f"{number(100.0 * share)}{' ●' if inside else ''}"
        standing = row["standing"]
        cells.append(
            cell(
                style, columns[row["region"]], rows[row["industry"]], share, label,
                chosen=text(f"plot.robustness.{'in_plan' if inside else 'outside'}", language),
                standing=text(f"plot.standing.{standing}", language)
                if isinstance(standing, str) else "",
            )
        )  # fmt: skip
    tooltips = [
        ("row", text("plot.industry", language)),
        ("column", text("plot.region", language)),
        ("label", text("plot.robustness.frequency", language)),
        ("chosen", text("plot.robustness.chosen", language)),
        ("standing", text("plot.robustness.standing", language)),
    ]
    lines = max(name.count("\n") + 1 for name in columns.values())
    layers = heat_layers(
        cells, style, list(columns.values()), list(rows.values()), tooltips, header_lines=lines
    )
    return heat_map(layers, (53, 27))


def _interval_rows(rows: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        low, middle, high = (100.0 * float(row[name]) for name in ("p05", "p50", "p95"))
        point = finite(row["point"])
        found.append(
            {
                "part": text(f"plot.robustness.{row['part']}", language),
                "kind": row["part"],
                "low": low,
                "middle": middle,
                "high": high,
                "point": None if point is None else 100.0 * point,
                "label": f"{number(low, 1)} … {number(high, 1)}%",
                "own": number(None if point is None else 100.0 * point, 1) + "%",
            }
        )
    return found


def _interval_panel(
    rows: list[dict[str, Any]], title: str, domain: tuple[float, float], first: bool, axis: str
) -> alt.TopLevelMixin:
    order = [row["part"] for row in rows]
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=list(domain), nice=False, zero=False),
        axis=alt.Axis(title=axis, grid=True, format="~f", tickCount=6),
    )
    base = alt.Chart(data_of(rows)).encode(
        y=alt.Y("part:N", sort=order, axis=alt.Axis(title=None, labels=first)),
        tooltip=[alt.Tooltip("part:N"), alt.Tooltip("label:N"), alt.Tooltip("own:N")],
    )
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(_PARTS), range=list(_COLOURS)), legend=None
    )
    zero = alt.Chart(data_of([{"at": 0.0}])).mark_rule(stroke=MUTED).encode(x="at:Q")
    bars = base.mark_bar(size=14, opacity=0.45).encode(x=x, x2="high:Q", color=colour)
    middles = base.mark_tick(thickness=2, size=22, color=INK).encode(x="middle:Q")
    points = base.mark_point(filled=True, size=70, opacity=1, color=INK).encode(x="point:Q")
    words = base.mark_text(align="left", dx=6, fontSize=11, color=INK).encode(
        x="high:Q", text="label:N"
    )
    chart: alt.TopLevelMixin = alt.layer(zero, bars, middles, points, words).properties(
        width=_WIDTH, height=alt.Step(38), title=title
    )
    return chart


def draw_price_interval(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the price of fragmentation and its parts with their intervals, per belief."""
    frame = run.results["robustness"].frame("price_interval")
    beliefs = list(dict.fromkeys(frame["belief"]))
    rows = {
        belief: _interval_rows(records(frame[frame["belief"] == belief]), language)
        for belief in beliefs
    }
    every = [row for mine in rows.values() for row in mine]
    edges = [
        row[name] for row in every for name in ("low", "high", "point") if row[name] is not None
    ]
    span = max(max(edges) - min(edges), 1.0)
    # Room on the right for the words behind the longest bar.
    domain = (min(*edges, 0.0) - 0.04 * span, max(edges) + 0.42 * span)
    axis = text("plot.robustness.axis", language)
    panels: list[Any] = [
        _interval_panel(mine, text(f"plot.belief.{belief}", language), domain, place == 0, axis)
        for place, (belief, mine) in enumerate(rows.items())
    ]
    chart: alt.TopLevelMixin = alt.hconcat(*panels, spacing=18)
    return chart


def _scaled(kind: str, language: Language) -> tuple[float, str]:
    """Return the factor and the unit in which a frontier's axis is shown."""
    return (1e-6, text("plot.robustness.co2_unit", language)) if kind == "co2" else (100.0, "%")


def _frontier_points(
    run: RunView, kind: str, language: Language
) -> tuple[list[dict[str, Any]], str]:
    frame = run.results["robustness"].frame("frontier")
    factor, unit = _scaled(kind, language)
    money = money_scale(run, language)
    rows = []
    for row in records(frame[frame["frontier"].isin([kind, "joint"])]):
        reached, share = finite(row[kind]), finite(row["share"])
        if reached is None or share is None:
            continue
        rows.append(
            {
                "level": reached * factor,
                "share": 100.0 * share,
                "joint": row["frontier"] == "joint",
                "value": money.say(finite(row["value"])),
                "shown": f"{number(reached * factor, 1)} {unit}",
                "gini": number(finite(row["gini"]), 2),
            }
        )
    return rows, unit


def _frontier_panel(run: RunView, kind: str, language: Language) -> alt.TopLevelMixin:
    rows, unit = _frontier_points(run, kind, language)
    x = alt.X(
        "level:Q",
        scale=alt.Scale(zero=False, padding=14),
        axis=alt.Axis(
            title=text(f"plot.robustness.{kind}_axis", language, unit=unit),
            grid=True, format="~f", tickCount=5,
        ),
    )  # fmt: skip
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(zero=False, padding=14),
        axis=alt.Axis(
            title=text("plot.robustness.value_share", language), grid=True, tickCount=6, format="~f"
        ),
    )
    tooltip = [
        alt.Tooltip("shown:N", title=text(f"plot.robustness.{kind}", language)),
        alt.Tooltip("value:N", title=text("plot.robustness.value", language)),
        alt.Tooltip("gini:N", title=text("plot.robustness.gini", language)),
    ]
    frontier = [row for row in rows if not (row["joint"] and kind == "co2")]
    line = alt.Chart(data_of(frontier)).mark_line(color="#277896", strokeWidth=2).encode(x=x, y=y)
    dots = (
        alt.Chart(data_of(frontier))
        .mark_point(filled=True, size=55, opacity=1, color="#277896")
        .encode(x=x, y=y, tooltip=tooltip)
    )
    here = alt.Chart(data_of([row for row in rows if row["joint"]])).encode(
        x=x, y=y, tooltip=tooltip
    )
    ring = here.mark_point(size=150, strokeWidth=2, color="#d55e00")
    words = here.mark_text(dy=-15, fontSize=11, color=INK).encode(
        text=alt.value(text("plot.robustness.here", language))
    )
    chart: alt.TopLevelMixin = alt.layer(line, dots, ring, words).properties(
        width=_WIDTH, height=_HEIGHT
    )
    return chart


def draw_frontier(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw value against equity, and value against CO2; only those that were computed."""
    found = set(run.results["robustness"].frame("frontier")["frontier"])
    panels: list[Any] = [
        _frontier_panel(run, kind, language) for kind in ("equity", "co2") if kind in found
    ]
    chart: alt.TopLevelMixin = alt.hconcat(*panels, spacing=28)
    return chart
